"""Documents that a schema refuses: times, pages and bodies of refusals, each broken in exactly one way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st

from appcode_contract.strategies.breakers import (
    Breakers,
    applied,
    by_rule,
    error_breakers,
    page_breakers,
    time_breakers,
)
from appcode_contract.strategies.errors import check_status, refusals
from appcode_contract.strategies.records import Counts, pages
from appcode_contract.strategies.times import create_times
from appcode_contract.strategies.valid import LARGEST_LIMIT
from appcode_contract.strategies.variety import afresh

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from appcode_contract.strategies.invalid import Invalid

CAP: Final = "list/limit/cap"
"""The clause that a page of more than 500 items breaks, whatever the limit."""
# A page of 501 items costs more than all others together.
_SELDOM: Final = 12


def invalid_create_times() -> SearchStrategy[Invalid[object]]:
    """Generate what is no time of creation: JSON values broken in exactly one way (G T3, G ex).

    Returns:
        A strategy of values with the clause each of them breaks: ``generate/create-time`` (null or another type) or
        ``generate/create-time/format``. Days that no calendar has, as February 30, are among ``invalid_responses``: a
        schema does not see them.
    """
    return afresh(applied(create_times(precision="seconds", zone="utc"), time_breakers()))


def invalid_pages() -> SearchStrategy[Invalid[Any]]:
    """Generate bodies that are no page: JSON values that a schema refuses, broken in exactly one way (L T4, L T5).

    What only shows beside another field or the request - a size that does not fit, an id twice, another app's item, a
    page longer than the limit - is among ``invalid_responses``.

    Returns:
        A strategy of values with the clause each of them breaks: ``list/body``, ``list/size``, ``list/total``,
        ``list/app-codes``, ``list/app-codes/item``, ``list/create-time/format`` or ``list/limit/cap``.
    """
    too_long: Breakers = {CAP: by_rule(CAP, {"501 items": lambda page: page})}
    broken, long = applied(pages_with_items(), page_breakers()), applied(long_pages(), too_long)
    return afresh(st.integers(1, _SELDOM).flatmap(lambda number: long if number == _SELDOM else broken))


def pages_with_items() -> SearchStrategy[dict[str, Any]]:
    """Generate valid pages of at least one item, as answers to a query without parameters."""
    return pages(st.sampled_from((1, 2, 3, 20)).map(lambda size: Counts(size, size)))


def long_pages() -> SearchStrategy[dict[str, Any]]:
    """Generate pages of 501 items, otherwise valid."""
    size = LARGEST_LIMIT + 1
    return pages(st.integers(size, size + size).map(lambda total: Counts(total, size)))


def invalid_error_bodies(status: int | None = None) -> SearchStrategy[Invalid[Any]]:
    """Generate what is no body of a refusal: JSON values broken in exactly one way (G T4-T8, L T6-T10).

    Args:
        status: The status that it comes with; any when left out.

    Returns:
        A strategy of values that break ``error/body``. A code that does not fit the status is among
        ``invalid_responses``.

    Raises:
        InvalidArgument: The status is no documented one of a refusal.
    """
    check_status("invalid_error_bodies", status)
    return afresh(applied(refusals(status), error_breakers()))
