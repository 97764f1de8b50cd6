"""Querying AppCodes of an App, query parameters: offset, limit, and the pages they make."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from appcode_contract.conformance.listing import page_of
from appcode_contract.conformance.outcomes import describe_answer, status_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from appcode_contract.conformance.probe import Probe
    from appcode_contract.messages import Violation

_DEFAULT = 20
_MAXIMUM = 500
_NO_INTEGERS = ("abc", "1.5", "4.0", "1.0", "", "٤", "\uff14", "1e2", "0x1", "1_0", "true", "4abc", "4;", "null", "NaN")
_NO_LONGS = ("", "abc", "1.5", "9223372036854775808")
_BEYOND_INTEGER = 2**31
_ABOVE = (501, 1000, _BEYOND_INTEGER - 1, _BEYOND_INTEGER, 2**32 + 1, 2**63)
_JOINS = 4
_TWICE = {"error/400/code"}
_LIMITS = (1, 2, 3, 7, 20, 100, 499)
_DRAWN = 5


@pytest.mark.clause("list/offset/default")
def test_without_offset_the_list_begins_at_0(probe: Probe) -> None:
    """A query without offset gives what offset 0 gives."""
    probe.need(1)
    probe.window({}, 0, _DEFAULT)
    probe.window({"offset": "0"}, 0, _DEFAULT)
    probe.saw("the same page as with offset 0")


@pytest.mark.clause("list/offset/negative")
def test_a_negative_offset_is_taken_as_0(probe: Probe) -> None:
    """Offsets below 0 give what offset 0 gives."""
    probe.need(1)
    for offset in ("-1", "-20", "-2147483649", "-9223372036854775808"):
        probe.window({"offset": offset}, 0, _DEFAULT)
    probe.window({"offset": "-1", "limit": "1"}, 0, 1)
    probe.saw("-1 to -9223372036854775808 give the page at 0")


@pytest.mark.clause("list/offset/long")
def test_offset_is_a_64_bit_integer(probe: Probe) -> None:
    """Offsets beyond 32 bits are valid, and beyond the end of the list."""
    for offset in ("2147483647", "2147483648", "4294967296", "9223372036854775807"):
        _past_the_end(probe, {"offset": offset})
        _past_the_end(probe, {"offset": offset, "limit": "500"})
    for offset in _NO_LONGS:
        exchange = probe.query({"offset": offset})
        if status_of(exchange) != 200 and probe.status_violation(400, exchange) is not None:  # noqa: PLR2004 - documented
            probe.violated(f"400 or 200 for offset {offset!r}", describe_answer(exchange), exchange)
    probe.saw("2147483648 and 9223372036854775807 give an empty page")


@pytest.mark.clause("list/limit/default")
def test_without_limit_a_page_holds_20(probe: Probe) -> None:
    """A query without limit gives 20 AppCodes, or all when there are fewer."""
    lacking = probe.lacks(_DEFAULT + 1)
    for start in (0, 1, len(probe.listing.keys) // 2):
        probe.window({"offset": str(start)}, start, _DEFAULT)
    probe.unless_lacking(lacking)
    probe.saw(f"{_DEFAULT} of {len(probe.listing.keys)} AppCodes")


@pytest.mark.clause("list/limit/minimum")
def test_the_smallest_limit_works(probe: Probe) -> None:
    """Limit 1 gives one AppCode; below 1 is refused, or taken as 20."""
    lacking = probe.lacks(2)
    below = _out_of_range(probe, (0, -1, -5, -_BEYOND_INTEGER, -_BEYOND_INTEGER - 1), _DEFAULT)
    probe.window({"limit": "1"}, 0, 1)
    probe.unless_lacking(lacking)
    probe.saw(f"1 of {len(probe.listing.keys)} AppCodes; below 1: {below}")


@pytest.mark.clause("list/limit/maximum")
def test_the_largest_limit_works(probe: Probe) -> None:
    """Limit 500 gives up to 500 AppCodes; above is refused, or taken as 500."""
    lacking = probe.lacks(1)
    above = _out_of_range(probe, _ABOVE, _MAXIMUM)
    probe.window({"limit": "500"}, 0, _MAXIMUM)
    probe.window({"limit": "499"}, 0, _MAXIMUM - 1)
    probe.window({"offset": "1", "limit": "500"}, 1, _MAXIMUM)
    probe.unless_lacking(lacking)
    shown = min(_MAXIMUM, len(probe.listing.keys))
    probe.saw(f"{shown} AppCodes with limit 500; above 500: {above}")


@pytest.mark.clause("list/limit/cap")
def test_no_page_holds_more_than_500(probe: Probe) -> None:
    """With more than 500 AppCodes no limit gives more than 500."""
    probe.need(_MAXIMUM + 1)
    for query in ({"limit": "500"}, {"limit": "501"}, {"limit": "2147483647"}, {"limit": "501", "offset": "0"}):
        page = page_of(probe.query(query))
        if page is not None and len(page.keys) > _MAXIMUM:
            probe.violated("at most 500 items", f"{len(page.keys)} items with limit {query['limit']}", page.exchange)
    probe.saw(f"at most 500 of {len(probe.listing.keys)} AppCodes on a page")


@pytest.mark.clause("list/limit/page")
def test_a_page_holds_limit_app_codes(probe: Probe) -> None:
    """Limits between the ends are kept to, wherever the page begins."""
    lacking = probe.lacks(3)
    fixed = ((0, 2), (1, 1), (1, 2), (2, 3), (3, 19), (0, 21), (0, 100))
    size = len(probe.listing.keys)
    drawn = [(probe.random.randrange(size + 1), probe.random.randint(2, 499)) for _ in range(_DRAWN)]
    for start, limit in (*fixed, *drawn):
        probe.window({"offset": str(start), "limit": str(limit)}, start, limit)
    probe.unless_lacking(lacking)
    probe.saw(f"pages of a list of {size} are as long as limit says")


@pytest.mark.clause("list/limit/type")
@pytest.mark.parametrize("value", _NO_INTEGERS)
def test_a_limit_that_is_no_integer_is_refused(probe: Probe, value: str) -> None:
    """Anything but an integer is refused with 400."""
    probe.status(400, probe.query({"limit": value}))
    probe.saw(f"{', '.join(map(repr, _NO_INTEGERS))} refused with 400")


@pytest.mark.clause("list/limit/type")
def test_a_limit_given_twice_is_no_failure_of_the_server(probe: Probe) -> None:
    """The pages do not say which of two limits counts, or that they are refused; but a failure is neither."""
    exchange = probe.query(url=probe.target.app_url() + "?limit=1&limit=2", ignoring=_TWICE)
    if status_of(exchange) not in {200, 400}:
        probe.violated("200 or 400 for two limits", describe_answer(exchange), exchange)


@pytest.mark.clause("list/limit/type")
def test_a_limit_that_is_no_integer_is_refused_beside_an_offset(probe: Probe) -> None:
    """What is wrong with limit is no less wrong when offset is given, too."""
    for value in ("abc", "4.0", ""):
        probe.status(400, probe.query({"offset": "1", "limit": value}))


@pytest.mark.clause("list/paging")
def test_pages_joined_are_the_whole_list(probe: Probe) -> None:
    """Pages of several sizes, joined, are the list: no gap, no repeat, the same order."""
    known = probe.need(2)
    size = len(known.keys)
    probe.steadily(lambda: _repeats(probe))
    for limit in _LIMITS:
        pages = range(0, size, limit)
        # Of many pages the first, some in the middle, and the last.
        starts = pages if len(pages) <= _JOINS else [pages[0], *probe.random.sample(pages, 2), pages[-1]]
        for start in starts:
            probe.window({"offset": str(start), "limit": str(limit)}, start, limit)
    probe.saw(f"{size} AppCodes in pages of {', '.join(map(str, _LIMITS))}")


@pytest.mark.clause("list/paging")
def test_past_the_end_a_page_is_empty(probe: Probe) -> None:
    """An offset at or beyond the end gives 200 and no items."""
    if not probe.listing.complete:
        probe.not_exercised("the app's list could not be read to its end")
    size = len(probe.listing.keys)
    for beyond in (0, 1, 1000):
        probe.window({"offset": str(size + beyond)}, size + beyond, _DEFAULT)


@pytest.mark.clause("list/paging")
def test_the_order_is_stable(probe: Probe) -> None:
    """The list read twice has the same order; newest first or oldest first are both right."""
    known = probe.need(2)
    changed = probe.refresh()
    if not changed and probe.listing.keys != known.keys:
        probe.violated("the same order each time", "the same AppCodes in another order", probe.listing.exchange)
    times = [str(item.get("create_time")) for item in known.items if isinstance(item, dict)]
    for order, ordered in (("newest_first", sorted(times, reverse=True)), ("oldest_first", sorted(times))):
        if times == ordered and len(set(times)) > 1:
            probe.observe("list_order", order)


def _repeats(probe: Probe) -> Violation | None:
    listing = probe.listing
    twice = len(listing.keys) - len(set(listing.keys))
    if twice:
        told = f"{twice} of {len(listing.keys)} AppCodes repeat another"
        return probe.violation("no AppCode twice in the list", told, listing.exchange)
    if listing.repeats and len(set(listing.totals)) == 1:
        told = f"a page after {len(listing.keys)} AppCodes begins again with one of them"
        return probe.violation("no AppCode twice in the list", told, listing.exchange)
    if listing.ends_full and len(listing.keys) < (listing.totals[-1] or 0):
        told = f"an empty page after {len(listing.keys)} AppCodes, with total {listing.totals[-1]}"
        return probe.violation("pages up to the end of the list", told, listing.exchange)
    return None


def _past_the_end(probe: Probe, query: dict[str, str]) -> None:
    page = probe.page(query)
    if not page.keys:
        return
    near = probe.page({**query, "offset": str(len(probe.listing.keys) + 1000)})
    # Whoever does not know the end of the list at all has no trouble with large numbers.
    ended = probe.listing.complete or probe.listing.repeats
    clause = "list/paging" if near.keys and ended else probe.clause
    probe.blame(clause, f"no items at offset {query['offset']}", f"{len(page.keys)} items", page.exchange)


def _out_of_range(probe: Probe, values: Iterable[int], taken_as: int) -> str:
    """Expect limits out of range to be refused, or taken as one in range; give what became of them."""
    seen = [_taken(probe, value, taken_as) for value in values]
    return " and ".join(dict.fromkeys(seen))


def _taken(probe: Probe, value: int, taken_as: int) -> str:
    exchange = probe.query({"limit": str(value)})
    if status_of(exchange) == 200:  # noqa: PLR2004 - the documented status
        probe.window({"limit": str(value)}, 0, taken_as)
        probe.observe("out_of_range_limit", "clamp")
        size = len(probe.listing.keys)
        return f"taken as {taken_as}" if size > taken_as else f"answered with all {size}"
    if status_of(exchange) != 400 and probe.status_violation(400, exchange) is not None:  # noqa: PLR2004 - the documented status
        expected = f"400, or 200 with limit {value} taken as {taken_as}"
        probe.violated(expected, describe_answer(exchange), exchange)
    # A value of more than 32 bits is no Integer at all, and may be refused by a server that clamps the others.
    if abs(value) < _BEYOND_INTEGER:
        probe.observe("out_of_range_limit", "reject")
    return "refused"
