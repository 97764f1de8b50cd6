"""Querying AppCodes of an App, response: status 200, total and items, and that a query changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from appcode_contract.conformance.probe import Probe
    from appcode_contract.messages import Violation


@pytest.mark.clause("list/status")
def test_a_query_is_answered_with_200(probe: Probe) -> None:
    """A valid query is answered with 200."""
    probe.status(200, probe.query())
    probe.saw(f"{probe.judged['list/status']} answers with 200")


@pytest.mark.clause("list/total")
def test_total_is_the_same_on_every_page(probe: Probe) -> None:
    """Whatever page is asked for, total is the number of the app's AppCodes."""
    if not probe.listing.complete:
        probe.not_exercised("the app's list could not be read to its end")
    end = {"offset": str(len(probe.listing.keys))}
    queries: tuple[dict[str, str], ...] = (
        {},
        {"limit": "1"},
        {"offset": "1"},
        {"limit": "500"},
        {"offset": "1", "limit": "2"},
    )
    for query in (*queries, end):

        def same_total(query: dict[str, str] = query) -> Violation | None:
            page, size = probe.page(query), len(probe.listing.keys)
            if page.total in {size, None}:
                return None
            return probe.violation(f"total {size}, as many as are listed", f"total {page.total}", page.exchange)

        probe.steadily(same_total)
    probe.saw(f"{len(probe.listing.keys)} on {len(queries) + 1} pages")


@pytest.mark.clause("list/read-only")
def test_a_query_changes_nothing(probe: Probe) -> None:
    """The list is the same after queries, valid and refused ones."""
    before = probe.listing
    for query in ({}, {"limit": "1"}, {"offset": "3"}, {"limit": "nonsense"}):
        probe.query(query)
    # Twice: somebody else may have changed the list once.
    if probe.refresh() and probe.refresh():
        change = len(probe.listing.keys) - len(before.keys)
        probe.violated("the same list after queries", f"{change:+d} AppCodes, and others each time", None)
    probe.saw("the same list after valid and refused queries")
