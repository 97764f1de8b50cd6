"""What several modules of these tests use: a clock in place of the one that a run goes by."""

from __future__ import annotations

import pytest

from appcode_contract.conformance import pace
from tests.conformance.clock import Clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(pace, "time", made)
    return made
