"""No violation repeats a credential, whole or in part."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from appcode_contract.checks import judge_request, judge_response
from appcode_contract.messages import Exchange, Request, Response
from appcode_contract.redaction import credentials_in
from appcode_contract.reporting.text import describe_violations
from tests.checks.broken_answers import BROKEN_GENERATED, BROKEN_LISTED
from tests.checks.broken_refusals import BROKEN_REFUSALS
from tests.checks.broken_requests import BROKEN_REQUESTS
from tests.checks.exchanges import APP_CODE, GENERATED, JSON, TOKEN, URL, error, generated, items, listed, page

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECE = 12
"""So many characters in a row are too many to show of a credential."""
SAFE = APP_CODE.translate(str.maketrans("%#+/=", "vwxyz"))
"""A value of the same kind that a URL leaves as it is."""
TABLES = BROKEN_REQUESTS | BROKEN_GENERATED | BROKEN_LISTED | BROKEN_REFUSALS
NAMED = [pytest.param(exchange, id=f"{number} {name}") for number, (name, (_, exchange)) in enumerate(TABLES.items())]
AT_EVERY_PLACE = range(0, 130, 3)


def _pieces(secret: str) -> Iterator[str]:
    return (secret[start : start + PIECE] for start in range(len(secret) - PIECE + 1))


def _told(exchange: Exchange) -> str:
    violations = [*judge_request(exchange).violations, *judge_response(exchange).violations]
    plain = "\n".join(f"{violation!r} {violation.expected} {violation.actual}" for violation in violations)
    return plain + describe_violations(violations, secrets={*credentials_in(exchange.request.headers), APP_CODE, SAFE})


def _assert_no_secret(exchange: Exchange) -> None:
    told = _told(exchange)

    assert told
    assert not [piece for secret in (APP_CODE, SAFE, TOKEN) for piece in _pieces(secret) if piece in told]


@pytest.mark.parametrize("slashes", range(0, 64, 5))
def test_an_app_code_that_its_own_slashes_cut_in_pieces_is_not_told(slashes: int) -> None:
    code = "".join("/" if slashes and not place % slashes else letter for place, letter in enumerate(SAFE, 1))
    request = Request("GET", URL.replace("/app-codes", f"/{code}/app-codes"), {"X-Auth-Token": TOKEN})

    told = _told(Exchange(request, None)) + repr(request)

    assert "path/uri" in told
    assert not [piece for piece in _pieces(code) if piece in told]


@pytest.mark.parametrize("exchange", NAMED)
def test_no_violation_of_the_tables_holds_a_secret(exchange: Exchange) -> None:
    _assert_no_secret(exchange)


@pytest.mark.parametrize("secret", [APP_CODE, TOKEN], ids=["AppCode", "token"])
@pytest.mark.parametrize("name", ["app_id", "create_time", "app_code"])
def test_no_violation_of_a_body_holds_a_secret_at_any_place(name: str, secret: str) -> None:
    for before in AT_EVERY_PLACE:
        text = "ab " * (before // 3) + secret + "-*"

        _assert_no_secret(generated(GENERATED | {name: text}))
        _assert_no_secret(listed(page(app_codes=[*items(1), GENERATED | {name: text}])))


@pytest.mark.parametrize("secret", [APP_CODE, TOKEN], ids=["AppCode", "token"])
@pytest.mark.parametrize("name", ["error_code", "error_msg"])
def test_no_violation_of_a_refusal_holds_a_secret_at_any_place(name: str, secret: str) -> None:
    request = Request("GET", URL + "?limit=0", (("X-Auth-Token", TOKEN),))
    for before in AT_EVERY_PLACE:
        document = error(400, "no name") | {name: "ab " * (before // 3) + secret + "-*"}

        _assert_no_secret(Exchange(request, Response(400, tuple(JSON.items()), json.dumps(document).encode())))


@pytest.mark.parametrize("secret", [SAFE, TOKEN], ids=["AppCode", "token"])
@pytest.mark.parametrize(
    "url",
    [
        URL + "?limit={}",
        URL + "?offset={}&limit=1",
        URL + "?limit=1&limit={}",
        URL + "?{}",
        URL + "?{}=1",
        URL + "?limit={}%20",
        "https://{}@roma.example/v2",
        "https://roma.example/v2#{}",
    ],
)
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_no_violation_of_a_request_holds_a_secret(method: str, url: str, secret: str) -> None:
    _assert_no_secret(Exchange(Request(method, url.format(secret), (("X-Auth-Token", TOKEN), ("A", "b")), b"x"), None))


def test_no_violation_of_a_content_type_holds_a_secret_at_any_place() -> None:
    for before in AT_EVERY_PLACE:
        for secret in (APP_CODE, TOKEN):
            _assert_no_secret(listed(page(), headers={"Content-Type": "ab " * (before // 3) + secret}))
