"""What a check is: data that says which clauses it judges, when it applies, and what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from appcode_contract.checks.view import View
    from appcode_contract.messages import Violation


@dataclass(frozen=True, slots=True)
class Check:
    """A passive rule.

    Attributes:
        clauses: The ids of the clauses that it judges, and the only ones it may report.
        applies: Whether an exchange says anything about them.
        judge: Yields what the exchange breaks; called only where the check applies.
    """

    clauses: tuple[str, ...]
    applies: Callable[[View], bool]
    judge: Callable[[View], Iterator[Violation]]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a set of checks says about one exchange.

    Attributes:
        violations: What was broken.
        judged: The ids of the clauses that were looked at, broken or not.
    """

    violations: tuple[Violation, ...]
    judged: frozenset[str]


def run(checks: Iterable[Check], seen: View) -> Judgement:
    """Run checks over one exchange.

    Args:
        checks: The checks.
        seen: The exchange, taken apart.

    Returns:
        What they say.
    """
    applying = [check for check in checks if check.applies(seen)]
    return Judgement(
        violations=tuple([violation for check in applying for violation in check.judge(seen)]),
        judged=frozenset(chain.from_iterable([check.clauses for check in applying])),
    )
