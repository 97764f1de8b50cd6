"""Times, records, pages, messages and boundaries: what holds beyond the verdicts."""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from datetime import datetime
from http.client import parse_headers
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.vendor.pretty import pretty

from appcode_contract import AppCodeRecord, Exchange, FakeAppCodes, Request, Response
from appcode_contract.behavior import choices_by_field
from appcode_contract.schema_store import validator
from appcode_contract.strategies import (
    Invalid,
    Valid,
    app_code_pages,
    app_code_records,
    app_codes,
    behaviors,
    boundary_app_codes,
    boundary_create_times,
    boundary_invalid_app_codes,
    boundary_invalid_create_times,
    boundary_invalid_limits,
    boundary_invalid_offsets,
    boundary_invalid_pages,
    boundary_limits,
    boundary_offsets,
    boundary_pages,
    create_times,
    error_bodies,
    exchanges,
    generate_responses,
    ids,
    invalid_requests,
    invalid_responses,
    list_responses,
    requests,
    tokens,
)
from tests.strategies import oracle
from tests.strategies.survey import draw

bounded = settings(derandomize=True, max_examples=100, database=None, deadline=None)
searching = settings(derandomize=True, max_examples=500, database=None, deadline=None)
LONG = 2**63 - 1


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


@bounded
@given(ids())
def test_an_id_is_32_hexadecimal_digits(identifier: str) -> None:
    assert len(identifier) == 32
    assert set(identifier) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    ("precision", "zone", "lengths"),
    [
        ("as_documented", "utc", {20, 30}),
        ("seconds", "utc", {20}),
        ("milliseconds", "utc", {24}),
        ("seconds", "offset", {25}),
        ("as_documented", "offset", {25, 35}),
    ],
)
def test_a_time_has_the_precision_and_zone_asked_for(precision: Any, zone: Any, lengths: set[int]) -> None:  # noqa: ANN401 - choices
    drawn: set[str] = set()

    @bounded
    @given(create_times(precision=precision, zone=zone))
    def collect(time: str) -> None:
        drawn.add(time)

    collect()
    assert lengths == set(map(len, drawn))
    assert all(time.endswith("Z" if zone == "utc" else "+08:00") for time in drawn)


@bounded
@given(create_times())
def test_python_reads_every_time(time: str) -> None:
    assert instant(time).tzinfo is not None


@bounded
@given(app_code_records())
def test_a_record_has_its_time_in_utc_with_nine_digits(record: AppCodeRecord) -> None:
    assert len(record.create_time) == 30
    assert record.create_time.endswith("Z")


@bounded
@given(st.data(), st.one_of(st.none(), st.integers(-3, 60), st.just(LONG)), st.one_of(st.none(), st.integers(1, 500)))
def test_a_page_fits_what_was_asked_for(data: st.DataObject, offset: int | None, limit: int | None) -> None:
    page = data.draw(app_code_pages(offset=offset, limit=limit))
    begin, most = max(offset or 0, 0), 20 if limit is None else limit
    items = page["app_codes"]

    assert page["size"] == len(items) == min(most, max(0, page["total"] - begin))
    assert len({item["id"] for item in items}) == len({item["app_code"] for item in items}) == len(items)
    assert len({item["app_id"] for item in items}) <= 1


@bounded
@given(app_code_pages(limit=500))
def test_the_items_of_a_page_are_in_order_of_creation_or_against_it(page: dict[str, Any]) -> None:
    times = [instant(item["create_time"]) for item in page["app_codes"]]

    assert times in (sorted(times), sorted(times, reverse=True))


def test_a_page_of_every_size_can_be_had() -> None:
    drawn: list[dict[str, Any]] = []

    draw(app_code_pages(limit=500, total=500, app_id="a"), 5, 0, drawn.append)

    assert [page["size"] for page in drawn] == [500] * 5
    assert [oracle.broken_by_page(page) for page in drawn] == [set()] * 5


def test_pages_shrink_to_the_empty_page_of_an_app_without_app_codes() -> None:
    assert find(app_code_pages(), lambda _: True, settings=searching) == {"total": 0, "size": 0, "app_codes": []}


def test_a_page_with_an_item_shrinks_to_one_of_the_simplest_items() -> None:
    page = find(app_code_pages(), lambda page: page["size"] > 0, settings=searching)

    item = {"app_code": "A" * 64, "id": "0" * 32, "app_id": "0" * 32, "create_time": "2020-01-01T00:00:00Z"}
    assert page == {"total": 1, "size": 1, "app_codes": [item]}


def test_a_page_before_another_shrinks_to_one_item_of_two() -> None:
    page = find(app_code_pages(limit=1), lambda page: page["total"] > page["size"] > 0, settings=searching)

    assert page["size"] == 1
    assert page["total"] == 2


@pytest.mark.parametrize(
    ("make", "arguments", "bound"),
    [
        (app_code_pages, {"limit": 0}, "limit=0.*1 to 500.*list/limit/minimum"),
        (app_code_pages, {"limit": 501}, "limit=501.*1 to 500.*list/limit/maximum"),
        (app_code_pages, {"limit": True}, "limit=True.*1 to 500"),
        (app_code_pages, {"limit": "20"}, "limit='20'.*1 to 500"),
        (app_code_pages, {"offset": 2**63}, f"offset={2**63}.*{LONG}.*list/offset/long"),
        (app_code_pages, {"total": -1}, f"total=-1.*0 to {LONG}.*list/total"),
        (list_responses, {"limit": 0}, "limit=0.*1 to 500"),
        (error_bodies, {"status": 418}, "status=418.*400, 401, 403, 404, 500.*error/body"),
        (error_bodies, {"status": True}, "status=True.*400, 401, 403, 404, 500"),
        (create_times, {"precision": "days"}, "precision='days'.*as_documented, seconds, milliseconds"),
        (create_times, {"zone": "local"}, "zone='local'.*utc, offset"),
        (requests, {"operation": "delete"}, "operation='delete'.*generate, list"),
        (invalid_requests, {"operation": "delete"}, "operation='delete'.*generate, list"),
        (invalid_responses, {"operation": ["list"]}, "generate, list"),
        (generate_responses, {"zone": ["utc"]}, "utc, offset"),
    ],
)
def test_arguments_outside_the_documented_ones_are_refused_with_the_bound(
    make: Any,  # noqa: ANN401 - any strategy
    arguments: dict[str, Any],
    bound: str,
) -> None:
    with pytest.raises(InvalidArgument, match=bound):
        make(**arguments)


@bounded
@given(st.data())
def test_requests_for_a_fake_are_answered_with_success_by_it(data: st.DataObject) -> None:
    fake = FakeAppCodes(seed=1)

    request = data.draw(requests(url=fake.url(), token=fake.token))

    assert fake.handle(request).status == oracle.SUCCESS[request.method]
    assert fake.violations == ()


@bounded
@given(st.data())
def test_an_invalid_request_breaks_one_clause_at_a_fake(data: st.DataObject) -> None:
    fake = FakeAppCodes(seed=1)

    invalid = data.draw(invalid_requests(url=fake.url(), token=fake.token))
    fake.handle(invalid.value)

    assert [violation.clause for violation in fake.violations] == [invalid.clause]


@bounded
@given(app_codes(), tokens())
def test_app_codes_and_tokens_survive_a_url_and_a_header(code: str, token: str) -> None:
    for value in (code, token):
        head = parse_headers(io.BytesIO(f"X-Value: {value}\r\n\r\n".encode("latin-1")))

        assert unquote(quote(value, safe="")) == value
        assert parse_qs(urlsplit(f"https://roma.example/?v={quote(value, safe='')}").query) == {"v": [value]}
        assert head["X-Value"] == value


@bounded
@given(generate_responses(), list_responses())
def test_the_length_that_an_answer_declares_is_that_of_its_body(generated: Response, listed: Response) -> None:
    for response in (generated, listed):
        assert response.header("Content-Length") == str(len(response.body))


def test_each_choice_of_a_behavior_comes_up() -> None:
    seen: set[tuple[str, str]] = set()

    @bounded
    @given(behaviors())
    def collect(behavior: Any) -> None:  # noqa: ANN401 - a Behavior
        seen.update((name, getattr(behavior, name)) for name in choices_by_field())

    collect()
    assert seen == {(name, choice) for name, choices in choices_by_field().items() for choice in choices}


@bounded
@given(st.one_of(invalid_requests(), invalid_responses(), app_code_records(), requests(), exchanges()))
def test_hypothesis_prints_no_token_and_no_app_code(value: Any) -> None:  # noqa: ANN401 - any value
    message = value.value if isinstance(value, Invalid) else value
    request = message.request if isinstance(message, Exchange) else message
    secret = request.app_code if isinstance(request, AppCodeRecord) else request.header("X-Auth-Token") or ""

    assert len(secret) < 8 or secret not in pretty(value)


VALID_BOUNDARIES: list[tuple[str, tuple[Valid[Any], ...]]] = [
    ("app-code", boundary_app_codes),
    ("create-time", boundary_create_times),
    ("list-response", boundary_pages),
]
INVALID_BOUNDARIES: list[tuple[str, tuple[Invalid[Any], ...]]] = [
    ("app-code", boundary_invalid_app_codes),
    ("create-time", boundary_invalid_create_times),
    ("list-response", boundary_invalid_pages),
]
ORACLES = {
    "app-code": oracle.broken_by_app_code,
    "create-time": oracle.broken_by_time,
    "list-response": oracle.broken_by_page,
}


@pytest.mark.parametrize(
    ("name", "case"), [pytest.param(name, case, id=str(case)) for name, cases in VALID_BOUNDARIES for case in cases]
)
def test_a_value_on_the_right_side_of_a_bound_is_valid(name: str, case: Valid[Any]) -> None:
    assert ORACLES[name](case.value) == set()
    assert validator(name).is_valid(case.value)


@pytest.mark.parametrize(
    ("name", "case"), [pytest.param(name, case, id=str(case)) for name, cases in INVALID_BOUNDARIES for case in cases]
)
def test_a_value_beyond_a_bound_breaks_its_clause(name: str, case: Invalid[Any]) -> None:
    assert ORACLES[name](case.value) == {case.clause, *case.also}
    assert not validator(name).is_valid(case.value)


@pytest.mark.parametrize("case", boundary_limits, ids=str)
def test_a_limit_on_the_right_side_of_a_bound_is_valid(case: Valid[str]) -> None:
    assert oracle.broken_by_query([("limit", case.value)]) == set()


@pytest.mark.parametrize("case", boundary_invalid_limits, ids=str)
def test_a_limit_beyond_a_bound_breaks_its_clause(case: Invalid[str]) -> None:
    assert oracle.broken_by_query([("limit", case.value)]) == {case.clause}


@pytest.mark.parametrize("case", boundary_offsets, ids=str)
def test_an_offset_on_the_right_side_of_a_bound_is_valid(case: Valid[str]) -> None:
    assert oracle.broken_by_query([("offset", case.value)]) == set()


@pytest.mark.parametrize("case", boundary_invalid_offsets, ids=str)
def test_an_offset_beyond_a_bound_breaks_its_clause(case: Invalid[str]) -> None:
    assert oracle.broken_by_query([("offset", case.value)]) == {case.clause}


@pytest.mark.parametrize(
    ("cases", "least", "most"),
    [
        ((*boundary_app_codes, *boundary_invalid_app_codes), 64, 180),
        ((*boundary_limits, *boundary_invalid_limits), 1, 500),
        ((*boundary_offsets, *boundary_invalid_offsets), -(2**63), LONG),
    ],
    ids=["app codes", "limits", "offsets"],
)
def test_both_sides_of_both_bounds_are_there(cases: Any, least: int, most: int) -> None:  # noqa: ANN401 - cases of any type
    values = {case.value for case in cases}
    reached = values | {len(value) for value in values if value}

    for number in (least - 1, least, most, most + 1):
        assert number in reached or str(number) in reached


@pytest.mark.parametrize("cases", [boundary_app_codes, boundary_invalid_app_codes, boundary_pages, boundary_limits])
def test_a_boundary_has_a_name_of_its_own_and_shows_no_app_code(cases: Any) -> None:  # noqa: ANN401 - cases of any type
    names = [str(case) for case in cases]

    assert sorted(set(names)) == sorted(names)
    assert all("bbbb" not in pretty(case) + str(case) for case in cases)


def test_a_record_goes_through_json_unchanged() -> None:
    record = find(app_code_records(), lambda record: "/" in record.app_code, settings=searching)

    assert AppCodeRecord(**json.loads(json.dumps(asdict(record)))) == record


def test_messages_that_break_the_contract_are_shown_by_their_path_and_size() -> None:
    invalid = Invalid(Request("PUT", "https://roma.example/v2", {"X-Auth-Token": "secret"}), "path/uri", "goes on")

    assert repr(invalid).startswith("Invalid(<Request PUT /v2, 1 headers")
