"""Querying AppCodes of an App, response: status 200, total and items, and that a query changes nothing."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from appcode_contract.conformance.probe import Probe
    from appcode_contract.messages import Violation

_PAUSE = 2.0
_QUERIES: tuple[dict[str, str], ...] = (
    {},
    {"limit": "1"},
    {"offset": "3"},
    {"offset": "9223372036854775807"},
    {"limit": "nonsense"},
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
    # Of a list that was not read to its end, others may have changed a part that was not seen.
    if probe.listing.complete and len(set(probe.listing.totals)) > 1 and not probe.refresh():
        told = ", ".join(map(str, dict.fromkeys(probe.listing.totals)))
        probe.violated("one total on every page", f"totals {told} for the same list", probe.listing.exchange)
    if not probe.listing.complete:
        probe.not_exercised("the app's list could not be read to its end")
    end = {"offset": str(len(probe.listing.keys))}
    far = {"offset": "9223372036854775807"}
    queries: tuple[dict[str, str], ...] = (
        {},
        {"limit": "1"},
        {"offset": "1"},
        {"limit": "500"},
        {"limit": "20"},
        end,
        far,
    )
    for query in queries:

        def same_total(query: dict[str, str] = query) -> Violation | None:
            page, size = probe.page(query), len(probe.listing.keys)
            if not probe.listing.complete:  # it may have outgrown what is read since
                probe.not_exercised("the app's list could not be read to its end")
            if page.total in {size, None}:
                return None
            return probe.violation(f"total {size}, as many as are listed", f"total {page.total}", page.exchange)

        probe.steadily(same_total)
    probe.saw(f"{len(probe.listing.keys)} on {len(queries)} pages")


@pytest.mark.clause("list/read-only")
def test_a_query_changes_nothing(probe: Probe) -> None:
    """The list is the same after queries, valid and refused ones."""
    before = probe.listing
    added = probe.each_time(lambda: _added_by_queries(probe))
    if added:
        told = f"{added:+d} AppCodes after {len(_QUERIES)} queries"
        probe.violated("the same list after queries", told, probe.listing.exchange)
    if probe.refresh():
        probe.not_exercised("the app's list changes all the time")
    if probe.listing.keys != before.keys:
        probe.violated("the same list after queries", "another order", probe.listing.exchange)
    probe.saw("the same list after valid and refused queries")


def _added_by_queries(probe: Probe) -> int:
    begun, first = time.monotonic(), probe.page({"limit": "1"}).total or 0
    for query in _QUERIES:
        probe.query(query)
    second = probe.page({"limit": "1"}).total or 0
    if first == second:
        return 0
    # Somebody else at work changes the list as much in the same time without a query.
    time.sleep(min(time.monotonic() - begun, _PAUSE))
    third = probe.page({"limit": "1"}).total or 0
    by_queries, by_others = abs(second - first), abs(third - second)
    telling = by_queries > 2 * by_others and by_queries >= len(_QUERIES) // 2
    return second - first if telling else 0
