"""Every check fires for each of its clauses, on exactly those clauses, and on nothing that is legal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from appcode_contract.checks import REQUEST_CHECKS, RESPONSE_CHECKS, judge_request, judge_response
from appcode_contract.checks.view import View
from appcode_contract.clauses import BY_ID
from tests.checks.broken_answers import BROKEN_GENERATED, BROKEN_LISTED, LEGAL_SUCCESSES
from tests.checks.broken_refusals import BROKEN_REFUSALS, LEGAL_REFUSALS
from tests.checks.broken_requests import BROKEN_REQUESTS, LEGAL_REQUESTS
from tests.checks.exchanges import PATH, asked, generated, listed, page, refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from appcode_contract.checks import Check, Judgement
    from appcode_contract.messages import Exchange, Violation
    from tests.checks.exchanges import Case

BROKEN_RESPONSES: dict[str, Case] = {
    **{f"generate: {name}": case for name, case in BROKEN_GENERATED.items()},
    **{f"list: {name}": case for name, case in BROKEN_LISTED.items()},
    **{f"refusal: {name}": case for name, case in BROKEN_REFUSALS.items()},
}
LEGAL_RESPONSES = LEGAL_SUCCESSES | LEGAL_REFUSALS
NEVER_ALONE = {"list/limit/maximum": "list/limit/cap"}
"""Clauses that cannot be broken without another: 501 items are too many for limit 500 and for any limit."""


def _clauses(violations: Iterable[Violation]) -> list[str]:
    return sorted(violation.clause for violation in violations)


def _not_alone(checks: tuple[Check, ...], table: dict[str, Case]) -> set[str]:
    alone = {clause for clauses, _ in table.values() if len(clauses) == 1 for clause in clauses}
    return {clause for check in checks for clause in check.clauses} - alone


@pytest.mark.parametrize(("clauses", "exchange"), BROKEN_REQUESTS.values(), ids=BROKEN_REQUESTS.keys())
def test_a_broken_request_breaks_exactly_its_clause(clauses: frozenset[str], exchange: Exchange) -> None:
    judgement = judge_request(exchange)

    assert sorted(clauses) == _clauses(judgement.violations)
    assert clauses <= judgement.judged


@pytest.mark.parametrize(("clauses", "exchange"), BROKEN_RESPONSES.values(), ids=BROKEN_RESPONSES.keys())
def test_a_broken_response_breaks_exactly_its_clause(clauses: frozenset[str], exchange: Exchange) -> None:
    judgement = judge_response(exchange)

    assert clauses == set(_clauses(judgement.violations))
    assert clauses <= judgement.judged


@pytest.mark.parametrize("exchange", LEGAL_REQUESTS.values(), ids=LEGAL_REQUESTS.keys())
def test_a_legal_request_breaks_nothing(exchange: Exchange) -> None:
    assert not judge_request(exchange).violations


@pytest.mark.parametrize("exchange", LEGAL_RESPONSES.values(), ids=LEGAL_RESPONSES.keys())
def test_a_legal_response_breaks_nothing(exchange: Exchange) -> None:
    assert not judge_response(exchange).violations


def test_every_clause_of_a_request_check_is_broken_alone_by_some_request() -> None:
    assert not _not_alone(REQUEST_CHECKS, BROKEN_REQUESTS)


def test_every_clause_of_a_response_check_is_broken_alone_by_some_response() -> None:
    assert NEVER_ALONE.keys() == _not_alone(RESPONSE_CHECKS, BROKEN_RESPONSES)


def test_a_clause_that_is_never_broken_alone_is_broken_with_one_other() -> None:
    expected = {frozenset(pair) for pair in NEVER_ALONE.items()}

    assert expected <= {clauses for clauses, _ in BROKEN_RESPONSES.values()}


@pytest.mark.parametrize(
    ("checks", "table"),
    [(REQUEST_CHECKS, BROKEN_REQUESTS), (RESPONSE_CHECKS, BROKEN_RESPONSES)],
    ids=["requests", "responses"],
)
def test_a_check_reports_only_clauses_that_it_lists(checks: tuple[Check, ...], table: dict[str, Case]) -> None:
    views = [View(exchange) for _, exchange in table.values()]

    strange = {
        (check.clauses, violation.clause)
        for seen in views
        for check in checks
        if check.applies(seen)
        for violation in check.judge(seen)
        if violation.clause not in check.clauses
    }

    assert not strange


# A size may break list/size twice over: it is no count, and it is not this page's.
@pytest.mark.parametrize(
    "exchange",
    [exchange for clauses, exchange in BROKEN_RESPONSES.values() if "list/size" not in clauses],
    ids=[name for name, (clauses, _) in BROKEN_RESPONSES.items() if "list/size" not in clauses],
)
def test_a_clause_is_reported_once_for_one_response(exchange: Exchange) -> None:
    clauses = _clauses(judge_response(exchange).violations)

    assert sorted(set(clauses)) == clauses


@pytest.mark.parametrize(
    ("table", "judge"),
    [(BROKEN_REQUESTS, judge_request), (BROKEN_RESPONSES, judge_response)],
    ids=["requests", "responses"],
)
def test_a_violation_tells_what_its_clause_asks_for_and_where_it_was_broken(
    table: dict[str, Case], judge: Callable[[Exchange], Judgement]
) -> None:
    for _, exchange in table.values():
        for violation in judge(exchange).violations:
            assert BY_ID[violation.clause].statement == violation.expected
            assert violation.actual
            assert exchange is violation.exchange


def test_the_response_does_not_count_when_a_request_is_judged() -> None:
    for _, exchange in BROKEN_RESPONSES.values():
        alone = asked(exchange.request.method, exchange.request.url)

        assert _clauses(judge_request(alone).violations) == _clauses(judge_request(exchange).violations)


def test_nothing_is_judged_without_a_response() -> None:
    judgement = judge_response(asked())

    assert not judgement.violations
    assert not judgement.judged


def test_a_base_path_precedes_the_path() -> None:
    exchange = asked(url="https://roma.example/gateway" + PATH)

    assert not judge_request(exchange, base_path="/gateway").violations
    assert judge_request(exchange, base_path="/gate").violations


@pytest.mark.parametrize(
    ("limit", "judged"),
    [("", "list/limit/default"), ("?limit=1", "list/limit/minimum"), ("?limit=500", "list/limit/maximum")],
)
def test_only_the_limit_that_was_asked_for_counts_as_judged(limit: str, judged: str) -> None:
    limits = {"list/limit/default", "list/limit/minimum", "list/limit/maximum"}

    assert {judged} == limits & judge_response(listed(page(1), limit)).judged


def test_a_body_that_cannot_be_read_leaves_its_fields_unjudged() -> None:
    judged = judge_response(generated(body=b"{")).judged

    assert {"generate/status", "body/json", "status/documented"} == judged


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [(204, b"", set()), (205, b"", set()), (206, b"x", {"body/json"}), (299, b"x", {"body/json"})],
)
def test_a_success_that_is_not_documented_has_a_body_of_json_unless_it_has_none(
    status: int, body: bytes, told: set[str]
) -> None:
    found = set(_clauses(judge_response(listed(None, status=status, headers={}, body=body)).violations))

    assert {"list/status", "status/documented"} | told == found


@pytest.mark.parametrize(("status", "headers"), [(503, {}), (502, {"Retry-After": "1"})])
def test_only_an_unavailable_server_that_says_when_to_come_back_has_not_answered(
    status: int, headers: dict[str, str]
) -> None:
    assert ["status/documented"] == _clauses(judge_response(refused(status, {}, headers=headers)).violations)


@pytest.mark.parametrize(
    ("query", "judged"),
    [
        ("", False),
        ("?limit=500", False),
        ("?limit=501", True),
        (f"?offset={2**63 - 1}", False),
        (f"?offset={2**63}", True),
        ("?limit=1&limit=1", True),
    ],
)
def test_the_code_of_a_400_is_judged_when_a_parameter_is_wrong(query: str, judged: bool) -> None:  # noqa: FBT001 - a table
    assert judged == ("error/400/code" in judge_response(refused(400, query=query)).judged)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500])
def test_only_the_code_of_the_status_answered_is_judged(status: int) -> None:
    codes = {f"error/{each}/code" for each in (400, 401, 403, 404, 500)}

    assert {f"error/{status}/code"} == codes & judge_response(refused(status, query="?limit=0")).judged


def test_the_code_of_a_refusal_that_is_no_object_is_not_judged() -> None:
    assert "error/401/code" not in judge_response(refused(401, ["x"])).judged


def test_a_request_is_judged_by_the_clauses_of_its_operation() -> None:
    path = {"path/uri", "path/project-id", "path/instance-id", "path/app-id", "header/x-auth-token"}

    assert path | {"generate/no-body", "generate/no-query"} == judge_request(asked()).judged
    assert (
        path
        | {
            "list/no-body",
            "list/query",
            "list/limit/type",
            "list/limit/minimum",
            "list/limit/maximum",
            "list/offset/long",
        }
        == judge_request(asked("GET")).judged
    )
    assert path - {"header/x-auth-token"} == judge_request(asked("POST")).judged
    assert {"path/uri"} == judge_request(asked(url="https://roma.example/other")).judged
