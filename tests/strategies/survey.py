"""What a strategy draws over fixed seeds, judged as it is drawn.

``APPCODE_EXAMPLES`` sets how many values of each strategy are judged; 2,000 when it is not set. For the long run::

    make examples
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from hypothesis import Phase, given, seed, settings

from appcode_contract.strategies import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

EXAMPLES = int(os.environ.get("APPCODE_EXAMPLES", "2000"))
SEEDS = 20
WITHIN = 200
"""Every kind must come up within so many examples of each seed."""


@dataclass
class Survey:
    """What was drawn.

    Attributes:
        mistakes: What the judges said of values that they should not have.
        kinds: What came up within 200 examples, by seed.
        clauses: Those that invalid values broke.
        judged: How many values were judged.
    """

    mistakes: list[str] = field(default_factory=list)
    kinds: list[set[str]] = field(default_factory=list)
    clauses: set[str] = field(default_factory=set)
    judged: int = 0

    def missing(self) -> dict[int, list[str]]:
        """Tell which kinds did not come up, by seed."""
        every = set().union(*self.kinds)
        return {number: sorted(every - found) for number, found in enumerate(self.kinds) if found != every}


def draw(strategy: SearchStrategy[Any], count: int, number: int, use: Callable[[Any], None]) -> None:
    """Draw so many values with a seed."""

    @seed(number)
    @settings(max_examples=count, database=None, deadline=None, phases=[Phase.generate])
    @given(strategy)
    def run(value: Any) -> None:  # noqa: ANN401 - any value
        use(value)

    run()


def survey(
    make: Callable[[], SearchStrategy[Any]],
    kinds_of: Callable[[Any], set[str]],
    mistakes_of: Callable[[Any], list[str]],
    examples: int = EXAMPLES,
    *,
    redraw: bool = True,
) -> Survey:
    """Draw over all seeds; no more than one value is held at a time.

    Args:
        make: Gives the strategy.
        kinds_of: What of the kinds that must come up is in a value.
        mistakes_of: What judges say of a value that they should not.
        examples: How many values are judged, over all seeds together.
        redraw: Whether every kind must come up for every seed.

    Returns:
        What was found.
    """
    found, strategy = Survey(), make()

    def use(before: int, value: Any) -> None:  # noqa: ANN401 - any value
        if found.judged < before + WITHIN:
            found.kinds[-1].update(kinds_of(value))
        if isinstance(value, Invalid):
            found.clauses.add(value.clause)
        found.mistakes += mistakes_of(value)
        found.judged += 1

    for number in range(SEEDS):
        found.kinds.append(set())
        draw(strategy, examples // SEEDS, number, partial(use, found.judged))
    # Most seeds need fewer than 200 examples; the others are drawn again, with as many.
    for number in found.missing() if redraw else ():
        again: list[Any] = []
        draw(strategy, WITHIN, number, again.append)
        found.kinds[number] = {kind for value in again for kind in kinds_of(value)}
    return found
