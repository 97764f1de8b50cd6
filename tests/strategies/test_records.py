"""Times, records, pages and messages: what holds beyond the verdicts."""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from datetime import UTC, datetime
from http.client import parse_headers
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.vendor.pretty import pretty

from appcode_contract import AppCodeRecord, Exchange, FakeAppCodes, Request, Response
from appcode_contract.behavior import choices_by_field
from appcode_contract.strategies import (
    Invalid,
    app_code_pages,
    app_code_records,
    app_codes,
    behaviors,
    create_times,
    error_bodies,
    error_responses,
    exchanges,
    generate_responses,
    ids,
    invalid_error_bodies,
    invalid_requests,
    invalid_responses,
    list_responses,
    requests,
    tokens,
)
from tests.strategies import oracle
from tests.strategies.amounts import amount
from tests.strategies.survey import draw

bounded = settings(derandomize=True, max_examples=amount(40, 100), database=None, deadline=None)
searching = settings(
    derandomize=True, max_examples=500, database=None, deadline=None, phases=[Phase.generate, Phase.shrink]
)
LONG = 2**63 - 1


YEARS = range(1970, 2100)


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


@settings(bounded, max_examples=amount(200, 1_000))
@given(create_times())
def test_no_time_leaves_the_years_1970_to_2099_neither_in_utc_nor_as_it_is_written(time: str) -> None:
    assert int(time[:4]) in YEARS
    assert instant(time).astimezone(UTC).year in YEARS


@settings(bounded, max_examples=amount(10, 200))
@given(app_code_pages(limit=500, total=500))
def test_no_item_of_a_long_page_leaves_the_years_1970_to_2099(page: dict[str, Any]) -> None:
    assert {int(item["create_time"][:4]) for item in page["app_codes"]} <= {*YEARS}


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
        (exchanges, {"operation": "delete"}, "operation='delete'.*generate, list"),
        (error_responses, {"status": 200}, "status=200.*400, 401, 403, 404, 500.*error/body"),
        (invalid_error_bodies, {"status": 200}, "status=200.*400, 401, 403, 404, 500.*error/body"),
    ],
)
def test_arguments_outside_the_documented_ones_are_refused_with_the_bound(
    make: Any,  # noqa: ANN401 - any strategy
    arguments: dict[str, Any],
    bound: str,
) -> None:
    with pytest.raises(InvalidArgument, match=bound) as caught:
        make(**arguments)

    assert str(caught.value).startswith(f"{make.__name__}({next(iter(arguments))}=")


@settings(bounded, max_examples=amount(100, 500))
@given(invalid_requests())
def test_the_url_of_an_invalid_request_is_one_that_can_be_sent(invalid: Invalid[Request]) -> None:
    allowed = set(oracle.LETTERS + oracle.DIGITS + "-._~:/?@!$&'()*+,;=%")

    assert set(invalid.value.url) <= allowed


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


def test_a_record_goes_through_json_unchanged() -> None:
    any_of_these = settings(searching, phases=[Phase.generate])
    record = find(app_code_records(), lambda record: "/" in record.app_code, settings=any_of_these)

    assert AppCodeRecord(**json.loads(json.dumps(asdict(record)))) == record


def test_messages_that_break_the_contract_are_shown_by_their_path_and_size() -> None:
    invalid = Invalid(Request("PUT", "https://roma.example/v2", {"X-Auth-Token": "secret"}), "path/uri", "goes on")

    assert repr(invalid).startswith("Invalid(<Request PUT /v2, 1 headers")
