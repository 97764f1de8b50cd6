"""How conformance tests end, and what became of them; how an answer is told. Without pytest, slow to import."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from appcode_contract.redaction import READ, Redactor, begin_of, credentials_in, redact_text

if TYPE_CHECKING:
    from appcode_contract.messages import Exchange, Violation

_SHOWN: Final = 120


class Violated(AssertionError):  # noqa: N818 - a verdict on the server, not an error of the program
    """A clause that does not hold; carries the violation."""

    def __init__(self, violation: Violation) -> None:
        """Keep the violation."""
        super().__init__(f"{violation.clause}: expected {violation.expected}; actual {violation.actual}")
        self.violation = violation


class Untried(BaseException):
    """A clause that was not tried; the message says why.

    Not an ``Exception``, as pytest's own outcomes are none: Hypothesis would take it for a failure, and try it again.
    """


class NotExercised(Untried):
    """A clause that this run could not try; the message says what it needs."""


class Unwanted(Untried):
    """A clause that the caller did not want to be tried; the message says by which option."""


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


@dataclass(slots=True)
class Tests:
    """The tests of a run.

    Attributes:
        selected: Pairs of clause and name, in the order of the run.
        results: What became of each that is over, in their order.
        problems: What could not be collected.
    """

    selected: list[tuple[str, str]] = field(default_factory=list)
    results: list[TestResult] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def status_of(exchange: Exchange) -> int:
    """Give the status of an answer; 0 when there was none."""
    return exchange.response.status if exchange.response is not None else 0


def describe_answer(exchange: Exchange) -> str:
    """Say what was answered.

    Args:
        exchange: The exchange.

    Returns:
        Its status and the begin of an error's body, without credentials; or why there was no answer.
    """
    response = exchange.response
    if response is None:
        return exchange.problem
    if response.status < 400:  # noqa: PLR2004 - success and redirection
        return f"status {response.status}, {len(response.body)} bytes"
    hidden = Redactor(credentials_in(exchange.request.headers))(begin_of(response.body))
    return f"status {response.status}, {_begin(hidden, len(response.body))}"


def _begin(text: str, size: int) -> str:
    words = " ".join(redact_text(text).split())
    return words if len(words) <= _SHOWN and size <= READ else words[:_SHOWN] + "…"


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
