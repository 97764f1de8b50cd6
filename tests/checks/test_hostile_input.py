"""Nothing that a client or a server sends makes a check raise, stall, or report a clause that it does not list."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from appcode_contract.checks import REQUEST_CHECKS, RESPONSE_CHECKS, judge_request, judge_response
from appcode_contract.clauses import BY_ID
from appcode_contract.messages import Exchange, Request, Response
from appcode_contract.reporting.text import describe_violations
from tests.checks.exchanges import (
    APP_CODE,
    APP_ID,
    GENERATED,
    ITEM,
    JSON,
    PATH,
    TOKEN,
    URL,
    asked,
    error,
    generated,
    items,
    listed,
    page,
    refused,
)

if TYPE_CHECKING:
    from appcode_contract.checks import Judgement

REQUEST_CLAUSES = {clause for check in REQUEST_CHECKS for clause in check.clauses}
RESPONSE_CLAUSES = {clause for check in RESPONSE_CHECKS for clause in check.clauses}
# Depths on both sides of what json.loads still reads and repr no longer writes.
DEPTHS = [100, 500, *range(sys.getrecursionlimit() - 150, sys.getrecursionlimit() + 10, 2), 100_000]
BOUNDED = settings(
    max_examples=400,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

_URLS = [
    "",
    "/",
    "?",
    "http://[",
    "http://]" + PATH,
    "http://[::1" + PATH,
    "http://[::g]" + PATH,
    "http://a\u2100b" + PATH,
    "http://user:p@ss@[v1.x]:99999999" + PATH,
    "https://roma.example:port" + PATH,
    "//" + PATH,
    "\ud800" + PATH,
    URL + "/..",
    URL + "%",
    URL + "%0A",
    URL + "\n",
    URL + ";a=b",
    URL.replace(APP_ID, "%"),
    URL.replace(APP_ID, "%zz"),
    URL.replace(APP_ID, "%C0%80"),
    URL.replace(APP_ID, "%ED%A0%80"),
    URL.replace(APP_ID, "%2F..%2F"),
    URL.replace(APP_ID, "%1B[2J%0D%0A"),
    URL.replace(APP_ID, "\ud800"),
    URL.replace(APP_ID, "a" * 100_000),
    URL + "?" + "&" * 10_000,
    URL + "?limit=" + "9" * 100_000,
    URL + "?offset=-" + "9" * 100_000,
    URL + "?limit=%",
    URL + "?limit=%ED%A0%80",
    URL + "?limit=\ud800",
    URL + "?offset=\ud800&limit=\ud800",
    URL + "?offset=abc",
    URL + "?offset=",
    URL + "?offset=1e5",
    URL + "?\ud800=1",
    URL + "?%00",
    URL + "?=",
]
_TOKENS = ["", " ", TOKEN, "\ud800", "\0", "a, b", "x" * 100_000, "\u0664"]
_BODIES = [
    b"",
    b"null",
    b"\xff",
    b"\xef\xbb\xbf{}",
    b"9" * 5_001,
    b'{"size": ' + b"9" * 5_001 + b"}",
    b'{"size": 1e400, "total": -1e400, "app_codes": []}',
    b'{"size": 2.0, "total": 2.5, "app_codes": [[], null]}',
    b'{"error_code": "\\ud800", "error_msg": "\\ud800"}',
    b'{"app_code": "\\ud800", "id": "\\ud800", "app_id": "\\ud800", "create_time": "\\ud800"}',
    b'{"size": 1, "total": 1, "app_codes": [{"app_code": "\\udfff", "id": "\\udfff", "app_id": "\\udfff"}]}',
    b'{"app_codes": [{"id": {}}, {"id": []}, {"id": null}], "size": "2", "total": null}',
    b'{"app_codes": {"app_code": 7}, "size": [], "total": {}}',
    *(json.dumps(body).encode() for body in (GENERATED, ITEM, [ITEM], page(), page(501), error(400), error(404))),
]
_FIELDS = st.sampled_from(
    ["size", "total", "app_codes", "app_code", "id", "app_id", "create_time", "error_code", "error_msg"]
)
_TEXTS = st.one_of(st.text(max_size=70), st.sampled_from([APP_CODE, APP_ID, TOKEN, ITEM["create_time"], "\ud800"]))
_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(10**4299),
    st.floats(allow_nan=True),
    _TEXTS,
)
_DOCUMENTS: st.SearchStrategy[Any] = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_FIELDS | _TEXTS, inner, max_size=6)),
    max_leaves=20,
)
_RAW_BODIES = st.one_of(
    st.sampled_from(_BODIES),
    st.binary(max_size=60),
    _DOCUMENTS.map(lambda document: json.dumps(document).encode()),
    st.dictionaries(_FIELDS, _DOCUMENTS).map(lambda document: json.dumps(document).encode()),
    st.tuples(st.sampled_from(_BODIES), st.integers(0, 200)).map(lambda cut: cut[0][: cut[1]]),
)
_RAW_URLS = st.one_of(
    st.sampled_from(_URLS),
    st.just(URL),
    st.text(max_size=40),
    st.text(alphabet="abc%/?&=#[]:@.;+-0129\\\n\x00\u0664\ud800", max_size=40).map(lambda text: URL + "?" + text),
    st.text(alphabet="ab%/?[]:@.;0129\\\n\x00\u0664\ud800", max_size=12).map(lambda text: URL.replace(APP_ID, text)),
    st.tuples(st.sampled_from(["limit", "offset"]), st.integers() | _TEXTS).map(
        lambda pair: f"{URL}?{pair[0]}={pair[1]}"
    ),
    st.tuples(st.sampled_from(["http://", "//", ""]), st.text(max_size=12)).map(lambda ends: ends[0] + ends[1] + PATH),
)
_HEADERS = st.lists(
    st.tuples(
        st.sampled_from(["X-Auth-Token", "x-auth-token", "Content-Type", "content-type", "Host"]) | st.text(max_size=9),
        st.sampled_from(_TOKENS) | st.sampled_from(["application/json", "text/html", ";", "/"]) | st.text(max_size=9),
    ),
    max_size=4,
).map(tuple)
_STATUSES = st.sampled_from([200, 201, 400, 401, 403, 404, 429, 500]) | st.integers(-1, 10**6)


def _sane(judgement: Judgement, clauses: set[str], exchange: Exchange) -> None:
    reported = {violation.clause for violation in judgement.violations}
    text = describe_violations(judgement.violations)

    assert reported <= judgement.judged <= clauses <= BY_ID.keys()
    assert all(exchange is violation.exchange for violation in judgement.violations)
    assert all(clause in text for clause in reported) or len(reported) > 20


def _judge(exchange: Exchange) -> None:
    _sane(judge_request(exchange), REQUEST_CLAUSES, exchange)
    _sane(judge_response(exchange), RESPONSE_CLAUSES, exchange)


@BOUNDED
@given(
    method=st.sampled_from(["GET", "PUT"]) | st.text(max_size=9),
    url=_RAW_URLS,
    headers=_HEADERS,
    sent=st.binary(max_size=9),
    status=_STATUSES,
    answer_headers=_HEADERS,
    body=_RAW_BODIES,
)
@example("GET", "http://[", (), b"", 200, (), b"")
@example("GET", URL + "?offset=abc", (), b"", 400, (), b'{"error_code": "", "error_msg": ""}')
@example("PUT", URL, (), b"", 201, (), b'{"app_code": 7}')
def test_no_input_makes_a_check_raise(  # noqa: PLR0913, PLR0917 - the parts of an exchange
    method: str,
    url: str,
    headers: tuple[tuple[str, str], ...],
    sent: bytes,
    status: int,
    answer_headers: tuple[tuple[str, str], ...],
    body: bytes,
) -> None:
    _judge(Exchange(Request(method, url, headers, sent), Response(status, answer_headers, body)))


@pytest.mark.parametrize("method", ["GET", "PUT"])
@pytest.mark.parametrize("url", _URLS, ids=range(len(_URLS)))
def test_no_url_makes_a_check_raise(method: str, url: str) -> None:
    for status in (200, 201, 400, 404):
        sent = json.dumps(error(400) if status >= 400 else page()).encode()

        _judge(Exchange(Request(method, url), Response(status, tuple(JSON.items()), sent)))


@pytest.mark.parametrize("body", _BODIES, ids=range(len(_BODIES)))
def test_no_body_makes_a_check_raise(body: bytes) -> None:
    for status in (200, 400, 404, 500):
        _judge(refused(status, {}, body=body, query="?limit=0"))
    _judge(generated(body=body))


@pytest.mark.parametrize("token", _TOKENS, ids=range(len(_TOKENS)))
def test_no_token_makes_a_check_raise(token: str) -> None:
    _judge(asked(headers={"X-Auth-Token": token}))


@pytest.mark.parametrize("around", [b"[", b'{"app_codes":'], ids=["arrays", "objects"])
def test_no_depth_makes_a_check_raise(around: bytes) -> None:
    end = b"]" if around == b"[" else b"}"
    for depth in DEPTHS:
        nested = around * depth + b"1" + end * depth

        _judge(listed(None, body=nested))
        _judge(listed(None, body=b'{"size": 0, "total": 0, "app_codes": ' + nested + b"}"))
        _judge(generated(body=nested))
        _judge(generated(body=b'{"app_code": ' + nested + b"}"))
        _judge(refused(500, body=b'{"error_code": ' + nested + b"}"))


@pytest.mark.parametrize("digits", [5_000, 100_000])
def test_an_integer_of_many_digits_is_json(digits: int) -> None:
    body = b'{"size": 0, "total": ' + b"9" * digits + b', "app_codes": []}'
    expected = ["list/total"]

    assert expected == [violation.clause for violation in judge_response(listed(None, body=body)).violations]


def test_what_is_told_of_a_huge_body_is_short() -> None:
    huge = page(2, size=10**4000, total="x" * 100_000, app_codes=items(500) * 2)
    wide = {"app_codes": [{"app_code": "\n" * 10_000, "create_time": " " * 10_000}] * 50}
    long = error(400, " text" * 100_000) | {"error_code": "c " * 100_000}

    for exchange in (
        listed(huge),
        listed(wide),
        generated(ITEM | {"app_id": "z " * 10**5}),
        refused(400, long, "?limit=0"),
    ):
        for violation in judge_response(exchange).violations:
            assert len(violation.actual) < 500, violation.clause


def test_what_is_told_of_a_huge_request_is_short() -> None:
    names = "&".join(f"name{number}" for number in range(10_000))

    for url in (f"{URL}?{names}", f"{URL}?limit={'a ' * 10_000}", URL + "/ x" * 10_000):
        for method in ("GET", "PUT", "x" * 10_000):
            for violation in judge_request(asked(method, url)).violations:
                assert len(violation.actual) < 500, violation.clause


def test_a_request_to_another_path_is_told_by_its_method_and_path() -> None:
    (violation,) = judge_request(asked("POST", URL + "/extra")).violations

    assert "POST" in violation.actual
    assert "app-codes/extra" in violation.actual


@pytest.mark.parametrize("exchange", [asked(url=url) for url in _URLS], ids=range(len(_URLS)))
def test_what_is_told_can_be_written_to_a_terminal(exchange: Exchange) -> None:
    for violation in judge_request(exchange).violations:
        assert violation.actual.isprintable()
        assert violation.actual.encode("utf-8")


def test_what_is_told_of_a_refusal_can_be_written_to_a_terminal() -> None:
    for app in ("%1B[2J%0D%0A", "\ud800"):
        request = Request("GET", URL.replace(APP_ID, app))
        answer = Response(404, tuple(JSON.items()), json.dumps(error(404, "unknown\x1b[2J\ud800")).encode())

        for violation in judge_response(Exchange(request, answer)).violations:
            assert violation.actual.isprintable()
            assert violation.actual.encode("utf-8")
