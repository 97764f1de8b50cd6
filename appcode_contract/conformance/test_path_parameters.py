"""Both pages, path parameters: the documented path is served, and the app in it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from appcode_contract.conformance.outcomes import describe_answer
from appcode_contract.conformance.test_generating_request import made_up_token

if TYPE_CHECKING:
    from appcode_contract.conformance.probe import Probe


@pytest.mark.clause("path/uri")
def test_the_documented_path_is_served(probe: Probe) -> None:
    """A query on the documented path is answered with 200."""
    probe.status(200, probe.query())
    probe.saw("200 on the documented path")


@pytest.mark.clause("error/404/code")
def test_an_unknown_app_is_not_found(probe: Probe) -> None:
    """A query for an app that does not exist is answered with 404."""
    probe.status(404, probe.query(app_id=probe.random.randbytes(16).hex()))
    probe.saw("404 for an app that does not exist")


@pytest.mark.clause("error/404/generate")
def test_a_generate_for_an_unknown_app_is_not_found(probe: Probe) -> None:
    """A generate for an app that does not exist is answered with 404."""
    probe.status(404, probe.generate(app_id=probe.random.randbytes(16).hex()))
    probe.saw("404 for an app that does not exist")


@pytest.mark.clause("path/app-id")
def test_a_malformed_app_id_is_refused(probe: Probe) -> None:
    """A query for an app whose id cannot be one is refused with 400 or 404."""
    # The pages do not say where such an id is found out, so the code of a 404 is not judged.
    exchange = probe.query(app_id="no~app~id", ignoring={"error/404/code"})
    probe.unless_slowed_down(exchange)
    status = exchange.response.status if exchange.response is not None else 0
    if status not in {400, 404}:
        probe.violated("status 400 or 404", describe_answer(exchange), exchange)
    probe.saw(f"{status} for a malformed id")


@pytest.mark.clause("error/no-effect")
def test_refused_queries_change_nothing(probe: Probe) -> None:
    """The list is the same after queries that are refused."""
    change = probe.each_time(lambda: _change_by_refused_queries(probe))
    if change:
        probe.violated("the same list after refused queries", f"{change:+d} AppCodes", None)


def _change_by_refused_queries(probe: Probe) -> int:
    probe.refresh()
    before = probe.listing
    for query in ({"limit": "nonsense"}, {"limit": "0"}, {"offset": "nonsense"}):
        probe.query(query)
    probe.query(token=None)
    probe.query(token=made_up_token(probe))
    probe.query(app_id=probe.random.randbytes(16).hex())
    if not probe.refresh():
        return 0
    change = len(probe.listing.keys) - len(before.keys)
    if not change or not probe.quiet():
        probe.not_exercised("the app's list changes all the time")
    return change
