"""Both pages, path parameters: the documented path is served, and the app in it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from appcode_contract.conformance.generating import made_up_token, refused_without_effect
from appcode_contract.conformance.listing import gone_since, page_of
from appcode_contract.conformance.outcomes import Violated, describe_answer, status_of
from appcode_contract.conformance.sender import EVERY_CLAUSE, OWN_TOKEN
from appcode_contract.conformance.unknown_app import like_an_unknown_app, no_such_app

if TYPE_CHECKING:
    from appcode_contract.conformance.probe import Probe

_NOT_FOUND: Final = 404
_METHOD_NOT_ALLOWED: Final = 405


@pytest.mark.clause("path/uri")
def test_the_documented_path_is_served(probe: Probe) -> None:
    """A query on the documented path is not answered as if there was nothing."""
    exchange = probe.query()
    if status_of(exchange) in {_NOT_FOUND, _METHOD_NOT_ALLOWED} and page_of(probe.query({"limit": "1"})) is None:
        probe.blame("path/uri", "status 200", describe_answer(exchange), exchange)
    probe.saw(f"{describe_answer(exchange)} on the documented path")


@pytest.mark.clause("error/404/code")
def test_an_unknown_app_is_not_found(probe: Probe) -> None:
    """A query for an app that does not exist is answered with 404, also when it is sent again."""
    unknown = probe.target.app_url(probe.random.randbytes(16).hex())
    first, again = probe.query(url=unknown), probe.query(url=unknown)
    probe.status(404, first)
    if 200 <= status_of(again) < 300 and status_of(again) != status_of(first):  # noqa: PLR2004 - success
        probe.blame("error/no-effect", "404 once more for an unknown app", describe_answer(again), again)
    probe.saw("404 for an app that does not exist")


@pytest.mark.generates
@pytest.mark.clause("error/404/generate")
def test_a_generate_for_an_unknown_app_is_not_found(probe: Probe) -> None:
    """A generate for an app that does not exist is answered with 404, and leaves the list as it was."""
    unknown = probe.random.randbytes(16).hex()
    clauses = "error/404/generate", "error/404/generate"
    refused_without_effect(probe, OWN_TOKEN, 404, "for an unknown app", clauses, app_id=unknown)
    probe.saw("404 for an app that does not exist")


@pytest.mark.clause("path/app-id")
@pytest.mark.parametrize("app_id", ["no~app~id", "%", "*"])
def test_a_malformed_app_id_is_refused(probe: Probe, app_id: str) -> None:
    """A query for an app whose id cannot be one is refused with 400 or 404."""
    # The pages do not say where such an id is found out, so the code of a 404 is not judged.
    exchange = probe.query(url=probe.target.app_url(app_id), ignoring={"error/404/code"})
    violation = no_such_app(probe, exchange)
    if violation is not None:
        raise Violated(violation)
    probe.saw(f"{status_of(exchange)} for a malformed id")


@pytest.mark.parametrize(
    ("ids", "clause"),
    [
        pytest.param(ids, clause, marks=pytest.mark.clause(clause), id=clause)
        for ids, clause in (
            (("", "instance_id", "app_id"), "path/project-id"),
            (("project_id", "", "app_id"), "path/instance-id"),
            (("project_id", "instance_id", ""), "path/app-id"),
        )
    ],
)
def test_no_list_is_answered_where_a_mandatory_id_is_missing(
    probe: Probe, ids: tuple[str, str, str], clause: str
) -> None:
    """Each id is mandatory: without one there is no app whose AppCodes could be listed."""
    given = [getattr(probe.target, name) if name else "" for name in ids]
    exchange = probe.query(url=probe.target.url_of(*given), ignoring=EVERY_CLAUSE)
    if page_of(exchange) is not None:
        if like_an_unknown_app(probe, exchange):
            probe.not_exercised("any unknown app is answered with a list, which error/404/code tells")
        probe.violated(f"no list without {clause.removeprefix('path/')}", describe_answer(exchange), exchange)
    probe.saw(f"{describe_answer(exchange).partition(',')[0]} without it")


@pytest.mark.clause("error/no-effect")
def test_refused_queries_change_nothing(probe: Probe) -> None:
    """The list is the same after queries that are refused."""
    change = probe.each_time(lambda: _more_by_refused_queries(probe))
    if change:
        probe.violated("the same list after refused queries", f"{change:+d} AppCodes", None)


def _more_by_refused_queries(probe: Probe) -> int:
    probe.refresh()
    before = probe.listing
    for query in ({"limit": "nonsense"}, {"limit": "0"}, {"offset": "nonsense"}):
        probe.query(query)
    for token in (None, made_up_token(probe), probe.target.forbidden_token):
        probe.query(token=token)
    probe.query(url=probe.target.app_url(probe.random.randbytes(16).hex()))
    if not probe.refresh():
        return 0
    gone = len(gone_since(before, probe.listing))
    if gone:
        probe.unless_told("list/read-only")
        told = f"{gone} of {len(before.keys)} AppCodes are gone, or changed"
        probe.violated("the same list after refused queries", told, None)
    change = len(probe.listing.keys) - len(before.keys)
    if not change or not probe.quiet():
        probe.not_exercised("the app's list changes all the time")
    return change
