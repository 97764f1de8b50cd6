"""What several modules of these tests use: a clock in place of the one that a run goes by, and a project."""

from __future__ import annotations

import pytest

from appcode_contract.conformance import pace
from tests.conformance.clock import Clock
from tests.conformance.project import Project


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(pace, "time", made)
    return made


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Project:
    return Project(pytester, monkeypatch)
