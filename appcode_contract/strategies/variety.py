"""How values that are broken in many ways come up in all of them within few examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hypothesis.strategies import SearchStrategy

K = TypeVar("K")
T = TypeVar("T")


def every_kind(by_clause: Mapping[K, SearchStrategy[T]]) -> SearchStrategy[T]:
    """Draw values of each clause as often as of any other, each example afresh.

    Left alone, Hypothesis follows every fresh example with up to five that copy some of its parts over others. These
    are of the same kind, and most kinds would not come up within a hundred examples. It copies nothing inside of a
    collection whose elements are unique, so that the value is the only element of one.

    Args:
        by_clause: A strategy for each clause.

    Returns:
        A strategy of values.
    """
    return afresh(any_kind(by_clause))


def any_kind(by_clause: Mapping[K, SearchStrategy[T]]) -> SearchStrategy[T]:
    """Draw values of each clause as often as of any other; part of a value that is drawn afresh.

    Args:
        by_clause: A strategy for each clause.

    Returns:
        A strategy of values.
    """
    strategies = tuple(by_clause.values())
    if len(strategies) == 1:
        return strategies[0]
    return st.integers(0, len(strategies) - 1).flatmap(strategies.__getitem__)


def grouped(pairs: Iterable[tuple[str, SearchStrategy[T]]]) -> dict[str, SearchStrategy[T]]:
    """Put strategies of one name together, so that they come up as often together as one of another name.

    Args:
        pairs: Names with strategies; a name may come twice.

    Returns:
        One strategy for each name.
    """
    groups: dict[str, list[SearchStrategy[T]]] = {}
    for name, strategy in pairs:
        groups.setdefault(name, []).append(strategy)
    return {name: any_kind(dict(enumerate(strategies))) for name, strategies in groups.items()}


def none_left_out(simplest: SearchStrategy[T], every: SearchStrategy[T]) -> SearchStrategy[T]:
    """Put one value of each clause before all others, so that none is left out however many clauses there are.

    Drawn independently, one of 33 clauses would be missing in every fourteenth run of 200 examples. But Hypothesis
    tries no example twice: a strategy whose values are few gives each of them once and then no more.

    Args:
        simplest: One value of each clause, drawn by a single choice.
        every: Values of each clause.

    Returns:
        A strategy that gives either, until the former are all drawn.
    """
    return st.one_of(simplest, every)


def afresh(values: SearchStrategy[T]) -> SearchStrategy[T]:
    """Draw each example afresh; see ``every_kind``.

    Args:
        values: The values.

    Returns:
        A strategy of the same values.
    """
    return st.lists(values, min_size=1, max_size=1, unique_by=id).map(lambda only: only[0])
