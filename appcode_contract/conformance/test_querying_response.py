"""Querying AppCodes of an App, response: status 200, total and items, and that a query changes nothing."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Final

import pytest

from appcode_contract.conformance.reading import read_rest

if TYPE_CHECKING:
    from appcode_contract.conformance.listing import Rest
    from appcode_contract.conformance.probe import Probe
    from appcode_contract.messages import Violation

_ROUNDS: Final = 5
_TELLING: Final = 4
_EACH: Final = 12
_QUIET: Final = 0.3
_READINGS: Final = 3
_MOST_TIME: Final = 0.6
"""So much of the run's time may be over while a long list is read."""
_PAGES: Final[tuple[dict[str, str], ...]] = (
    {},
    {"limit": "1"},
    {"offset": "1"},
    {"limit": "500"},
    {"limit": "20"},
    {"offset": "9223372036854775807"},
)
_QUERIES: Final[tuple[dict[str, str], ...]] = (
    {},
    {"limit": "1"},
    {"offset": "3"},
    {"offset": "9223372036854775807"},
    {"limit": "500"},
)


@pytest.mark.clause("list/status")
def test_a_query_is_answered_with_200(probe: Probe) -> None:
    """A valid query is answered with 200."""
    probe.status(200, probe.query())
    probe.saw(f"{probe.judged['list/status']} answers with 200")


@pytest.mark.clause("list/total")
def test_total_is_the_same_on_every_page(probe: Probe) -> None:
    """Whatever page is asked for, total is the number of the app's AppCodes."""
    if probe.listing.goes_on:
        _of_a_long_list(probe)
        return
    # Of a list that was not read to its end, others may have changed a part that was not seen.
    if not probe.listing.complete:
        probe.not_exercised("the app's list could not be read to its end")
    probe.unless_told("list/app-codes/own")
    if probe.listing.ends_full:
        probe.not_exercised("an empty page follows a full one, which list/paging tells")
    if len(set(probe.listing.totals)) > 1 and not probe.refresh():
        told = ", ".join(map(str, dict.fromkeys(probe.listing.totals)))
        probe.violated("one total on every page", f"totals {told} for the same list", probe.listing.exchange)
    size = len(probe.listing.keys)
    for query in (*_PAGES, {"offset": str(size)}):
        probe.steadily(partial(_total_violation, probe, query))
    probe.saw(f"{len(probe.listing.keys)} on {len(_PAGES) + 1} pages")


def _total_violation(probe: Probe, query: dict[str, str]) -> Violation | None:
    page, size = probe.page(query), len(probe.listing.keys)
    if not probe.listing.complete:  # it may have outgrown what is read since
        probe.not_exercised("the app's list could not be read to its end")
    if page.total in {size, None}:
        return None
    return probe.violation(f"total {size}, as many as are listed", f"total {page.total}", page.exchange)


def _of_a_long_list(probe: Probe) -> None:
    """Read it to its end, and again before the server is blamed: others may be at work."""
    rest = _rest(probe)
    if _is_whole(rest) or (not probe.refresh() and _is_whole(rest := _rest(probe))):
        probe.saw(f"{rest.count} on {rest.pages} pages")
        return
    if len(rest.totals) > 1:
        probe.not_exercised("the app's list changes all the time")
    if rest.twice:
        told = f"{rest.twice} of {rest.count} AppCodes repeat another"
        probe.blame("list/paging", "no AppCode twice in the list", told, rest.exchange)
        probe.not_exercised("the list holds AppCodes twice, which list/paging tells")
    told = ", ".join(map(str, rest.totals))
    probe.violated(f"total {rest.count}, as many as are listed", f"total {told}", rest.exchange)


def _rest(probe: Probe) -> Rest:
    rest = read_rest(probe.query, probe.listing, lambda: probe.pace.used() < _MOST_TIME)
    if rest is None:
        probe.not_exercised(f"the app's list, longer than {len(probe.listing.keys)}, could not be read to its end")
    return rest


def _is_whole(rest: Rest) -> bool:
    return not rest.twice and rest.totals <= {rest.count, None}


@pytest.mark.clause("list/read-only")
def test_a_query_changes_nothing(probe: Probe) -> None:
    """The list is the same after valid queries; error/no-effect judges refused ones."""
    before = probe.listing
    for query in _QUERIES:
        probe.query(query)
    if probe.refresh():
        _compare_with_quiet(probe)
    elif probe.listing.keys != before.keys:
        _unless_unsteady(probe)
        probe.violated("the same list after queries", "another order", probe.listing.exchange)
    if probe.foreign:
        probe.not_exercised("the app's list grew meanwhile by what somebody else made, or a query")
    probe.saw(f"the same list after {len(_QUERIES)} queries")


def _unless_unsteady(probe: Probe) -> None:
    orders = {probe.listing.keys}
    for _ in range(_READINGS):
        probe.refresh()
        orders.add(probe.listing.keys)
    if len(orders) > 1:
        probe.not_exercised("the order is another each time, which list/paging tells")


def _compare_with_quiet(probe: Probe) -> None:
    """Tell what queries do from what others do: these go on while nothing is asked. Only what shows twice counts."""
    probe.unless_told("error/no-effect")
    for _ in range(2):
        busy = [_growth(probe, asking=True) for _ in range(_ROUNDS)]
        quiet = [_growth(probe, asking=False) for _ in range(_ROUNDS)]
        if sum(map(bool, busy)) < _TELLING or sum(busy) <= 3 * sum(quiet):
            probe.not_exercised("the app's list changes all the time")
    told = f"{sum(busy)} AppCodes more in {_ROUNDS} rounds of {_EACH} queries, and {sum(quiet)} in as long without"
    probe.violated("the same list after queries", told, probe.listing.exchange)


def _growth(probe: Probe, *, asking: bool) -> int:
    first = probe.page({"limit": "1"})
    begun = time.monotonic()
    for number in range(_EACH if asking else 0):
        probe.query(_QUERIES[number % len(_QUERIES)])
    # Each round takes as long as the others, so that other users have the same chance.
    probe.pace.rest(max(_QUIET - (time.monotonic() - begun), 0))
    return max((probe.page({"limit": "1"}).total or 0) - (first.total or 0), 0)
