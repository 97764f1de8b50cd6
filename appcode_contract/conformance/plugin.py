"""The pytest side of a conformance run: the fixture, the marker, and what became of each test."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import pytest

from appcode_contract.conformance.outcomes import NotExercised, Violated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from appcode_contract.conformance.probe import Probe
    from appcode_contract.messages import Violation

MARKER = "clause(id): the clause of the documentation that a conformance test judges."


class TestOutcome(StrEnum):
    """What became of one test."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    NOT_EXERCISED = "not_exercised"
    ERRORED = "errored"


@dataclass(frozen=True, slots=True)
class TestResult:
    """One test and what became of it.

    Attributes:
        clause: The clause that it judges.
        outcome: What became of it.
        reason: Why it was skipped, not exercised or errored.
        violation: What it found, when it failed.
    """

    clause: str
    outcome: TestOutcome
    reason: str = ""
    violation: Violation | None = None


class ConformancePlugin:
    """Gives conformance tests their probe, and keeps what became of them.

    Args:
        probe: The run's probe.

    Attributes:
        results: What became of each test, in their order.
    """

    def __init__(self, probe: Probe) -> None:
        """Keep the probe."""
        self._probe = probe
        self.results: list[TestResult] = []
        self.problems: list[str] = []

    def pytest_configure(self, config: pytest.Config) -> None:
        """Register the marker."""
        config.addinivalue_line("markers", MARKER)

    @pytest.fixture
    def probe(self, request: pytest.FixtureRequest) -> Iterator[Probe]:
        """Give the run's probe, told which clause is judged."""
        self._probe.clause = _clause(request.node)
        yield self._probe
        self._probe.clause = ""

    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        """Keep what became of a test."""
        error = call.excinfo.value if call.excinfo is not None else None
        if error is None:
            if call.when == "call":
                self.results.append(TestResult(_clause(item), TestOutcome.PASSED))
            return
        self.results.append(_failed(_clause(item), error))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep what could not be collected."""
        if report.failed:
            self.problems.append(f"the conformance tests of {report.nodeid} could not be loaded")


def _clause(item: pytest.Item) -> str:
    marker = item.get_closest_marker("clause")
    if marker is None:
        msg = f"{item.name} names no clause"
        raise pytest.UsageError(msg)
    return str(marker.args[0])


def _failed(clause: str, error: BaseException) -> TestResult:
    match error:
        case Violated():
            return TestResult(clause, TestOutcome.FAILED, violation=error.violation)
        case NotExercised():
            return TestResult(clause, TestOutcome.NOT_EXERCISED, str(error))
        case pytest.skip.Exception():
            return TestResult(clause, TestOutcome.SKIPPED, str(error))
        case _:
            return TestResult(clause, TestOutcome.ERRORED, describe_error(error))


def describe_error(error: BaseException) -> str:
    """Describe an unforeseen error of the run itself.

    Args:
        error: The error.

    Returns:
        Its type and place. Its words are left out: they may repeat what a server sent.
    """
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f" in {place.tb_frame.f_code.co_name}, line {place.tb_lineno}" if place is not None else ""
    return f"{type(error).__name__}{where}"
