"""What every test session of this project needs: pytester, which runs pytest inside a test, and quick ends for that."""

from __future__ import annotations

import gc

import pytest

pytest_plugins = ["pytester"]


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Leave what there is by now out of garbage collections: each session inside a test ends with two.

    They would look through thousands of collected tests, half a second each time.
    """
    gc.collect()
    gc.freeze()
