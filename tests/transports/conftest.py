"""A server for the tests of a module, as good as new for each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from appcode_contract import app_code_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from appcode_contract import AppCodeServer


@pytest.fixture(scope="module")
def running() -> Iterator[AppCodeServer]:
    with app_code_server(seed=1) as server:
        yield server


@pytest.fixture
def server(running: AppCodeServer) -> AppCodeServer:
    running.fake.reset()
    return running
