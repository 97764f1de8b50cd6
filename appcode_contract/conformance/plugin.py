"""The pytest side of a conformance run: the fixture, the markers, the order, and what became of each test."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pytest

from appcode_contract.clauses import BY_ID
from appcode_contract.conformance.outcomes import (
    NotExercised,
    TestOutcome,
    TestResult,
    Unwanted,
    Violated,
    describe_error,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from appcode_contract.conformance.outcomes import Tests
    from appcode_contract.conformance.probe import Probe
    from appcode_contract.conformance.selection import Selection

MARKERS: Final = (
    "clause(id): the clause of the documentation that a conformance test judges.",
    "generates: a conformance test that needs AppCodes which the run generates.",
    "random: a conformance test of random values, which comes after those of fixed ones.",
    "passive: a conformance test that looks at what the others saw, and comes after them.",
)


class ConformancePlugin:
    """Gives conformance tests their probe, and keeps what became of them.

    Args:
        probe: The run's probe.
        selection: Which clauses are judged.
        tests: Where the tests and what became of them are kept.
        watch: Called after each test.
    """

    def __init__(self, probe: Probe, selection: Selection, tests: Tests, watch: Callable[[], None]) -> None:
        """Keep them."""
        self._probe = probe
        self._selection = selection
        self._tests = tests
        self._watch = watch

    def pytest_configure(self, config: pytest.Config) -> None:
        """Register the markers."""
        for marker in MARKERS:
            config.addinivalue_line("markers", marker)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leave out what is not selected; random tests come late and passive ones last."""
        arrange(config, items, self._selection)
        self._tests.selected = [(clause_of(item), item.name) for item in items]
        self._probe.tried = tried_by(items)

    @pytest.fixture
    def probe(self, request: pytest.FixtureRequest) -> Iterator[Probe]:
        """Give the run's probe, told which clause is judged."""
        with judging(self._probe, request.node) as probe:
            yield probe

    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        """Keep what became of a test."""
        error = call.excinfo.value if call.excinfo is not None else None
        if error is not None:
            self._tests.results.append(_failed(clause_of(item), error))
        elif call.when == "call":
            self._tests.results.append(TestResult(clause_of(item), TestOutcome.PASSED))

    def pytest_runtest_logfinish(self) -> None:
        """Let the caller look."""
        self._watch()

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep what could not be collected."""
        if report.failed:
            self._tests.problems.append(f"the conformance tests of {report.nodeid} could not be loaded")


@contextmanager
def judging(probe: Probe, item: pytest.Item) -> Iterator[Probe]:
    """Tell a probe which test is running, and let it generate when the test needs that.

    Args:
        probe: The probe.
        item: The test.

    Yields:
        The probe.
    """
    probe.clause = clause_of(item)
    if item.get_closest_marker("generates") is not None:
        probe.begin_generating()
    yield probe
    probe.clause = ""


def arrange(config: pytest.Config, items: list[pytest.Item], selection: Selection) -> None:
    """Leave conformance tests out that judge no selected clause; random tests come late and passive ones last.

    Args:
        config: The session's configuration, which is told what is left out.
        items: The tests; changed in place.
        selection: Which clauses are judged.
    """
    kept = [item for item in items if selection.includes(BY_ID[clause_of(item)])]
    left_out = [item for item in items if item not in set(kept)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
    items[:] = sorted(kept, key=_place)


def _place(item: pytest.Item) -> int:
    last = ("random", "passive")
    return max((last.index(marker.name) + 1 for marker in item.iter_markers() if marker.name in last), default=0)


def tried_by(items: Iterable[pytest.Item]) -> set[str]:
    """Give the clauses of the conformance tests that send something.

    Args:
        items: The tests.

    Returns:
        The ids of the clauses.
    """
    return {clause_of(item) for item in items if item.get_closest_marker("passive") is None}


def clause_of(item: pytest.Item) -> str:
    """Give the clause that a conformance test judges.

    Args:
        item: The test.

    Returns:
        The clause's id.

    Raises:
        pytest.UsageError: The test names none.
    """
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
        case Unwanted():
            return TestResult(clause, TestOutcome.SKIPPED, str(error))
        case _:
            return TestResult(clause, TestOutcome.ERRORED, describe_error(error))
