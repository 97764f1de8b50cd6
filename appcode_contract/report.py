"""What a conformance run found, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from appcode_contract.clauses import Level
    from appcode_contract.deviations import JudgedDeviation
    from appcode_contract.messages import Exchange, Violation


class Outcome(StrEnum):
    """What became of a clause. Only ``passed`` means that it was seen to hold.

    ``known``: it was seen not to hold, and that is a known deviation, which does not count.
    """

    PASSED = "passed"
    FAILED = "failed"
    KNOWN = "known"
    SKIPPED = "skipped"
    NOT_EXERCISED = "not_exercised"

    @property
    def words(self) -> str:
        """The outcome for a person to read."""
        return "known deviation" if self is Outcome.KNOWN else self.replace("_", " ")


class Verdict(StrEnum):
    """What became of the run."""

    CONFORMS = "conforms"
    VIOLATES = "violates"
    INCONCLUSIVE = "inconclusive"


EXIT_CODES: Final[Mapping[Verdict, int]] = {Verdict.CONFORMS: 0, Verdict.VIOLATES: 1, Verdict.INCONCLUSIVE: 3}
"""The exit code of the command for each verdict, while the list of known deviations is right; 2 is a usage error."""


@dataclass(frozen=True, slots=True)
class ClauseResult:
    """A clause and what became of it.

    Attributes:
        id: The clause's id.
        level: How firmly the pages say it.
        outcome: What became of it.
        evidence: What was seen, or why nothing was, without credentials.
    """

    id: str
    level: Level
    outcome: Outcome
    evidence: str


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a conformance run.

    Attributes:
        verdict: What became of the run.
        clauses: Every clause that binds servers and was asked for, in the order of the pages.
        violations: What was broken.
        exchanges: Everything sent, and answered, in order.
        generated: The ids of the AppCodes that the run made and that stay; empty texts where an answer had none.
        unanswered: How many requests to generate had no complete answer; what they made, if anything, stays too.
        behaviors: What the server chose where the pages are silent, by field of ``Behavior``.
        seconds: How long the run took.
        url: The server, as the run was told it.
        seed: What repeats the run's made-up values.
        problem: Why nothing could be judged, or what went wrong with the run itself; empty otherwise.
        secrets: Credentials seen or used, for whoever writes the report to hide.
        repeated: How many queries had no whole answer, and were sent a second time.
        variables: The environment variables that stand for tokens in commands, by token.
        options: The options of curl that repeat how the server was reached.
        deviations: The known deviations that the run was told of, and what it says of them.
        ended: Whether the run came to its end, so that what passed was tried in full.
        listed: How many AppCodes the app had when the run began, as far as they were read; None when none could be.
    """

    verdict: Verdict
    clauses: tuple[ClauseResult, ...]
    violations: tuple[Violation, ...]
    exchanges: tuple[Exchange, ...] = field(repr=False)
    generated: tuple[str, ...]
    unanswered: int
    behaviors: Mapping[str, str]
    seconds: float
    url: str = ""
    seed: int = 0
    problem: str = ""
    repeated: int = 0
    secrets: frozenset[str] = field(default=frozenset(), repr=False)
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    options: tuple[str, ...] = ()
    deviations: tuple[JudgedDeviation, ...] = ()
    ended: bool = True
    listed: int | None = None

    @property
    def deviation_problems(self) -> list[str]:
        """What is wrong with the list of known deviations, each in one line."""
        return [each.problem for each in self.deviations if each.problem]

    @property
    def exit_code(self) -> int:
        """The exit code of the command: 1 also when the list of known deviations is wrong."""
        return 1 if self.deviation_problems else EXIT_CODES[self.verdict]

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return len(self.exchanges)
