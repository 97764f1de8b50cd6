"""Every byte of an answer, and every word of a refusal of what a test asks for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from appcode_contract import Behavior, FakeAppCodes, Request, Response

APP = "app-1"
TOKEN = "token-1"
FIELDS = ("app_code", "app_id", "id", "create_time")
JSON = "application/json"
BOTH_EXTRA = Behavior(extra_fields="present", content_type="charset")


def made(behavior: Behavior | None = None) -> FakeAppCodes:
    return FakeAppCodes(seed=1, app_id=APP, token=TOKEN, project_id="p", instance_id="i", behavior=behavior)


def ask(fake: FakeAppCodes, method: str = "GET", query: str = "", url: str | None = None) -> Response:
    return fake.handle(Request(method, (url or fake.url()) + query, {"X-Auth-Token": TOKEN}))


def headers(body: bytes, *more: tuple[str, str], media_type: str = JSON) -> tuple[tuple[str, str], ...]:
    return (("Content-Type", media_type), ("Content-Length", str(len(body))), *more)


def compact(document: dict[str, Any]) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()


# ---- answers


def test_a_generated_app_code_is_written_without_blanks_in_the_documented_order() -> None:
    fake = made()

    answer = ask(fake, "PUT")

    (record,) = fake.app_codes()
    body = compact({name: getattr(record, name) for name in FIELDS})
    assert answer == Response(201, headers(body), body)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_page_is_written_without_blanks_total_first(count: int) -> None:
    fake = made()
    fake.seed(count)

    answer = ask(fake)

    items = [
        {name: getattr(record, name) for name in FIELDS} | {"create_time": record.create_time[:19] + "Z"}
        for record in fake.app_codes()
    ]
    body = compact({"total": count, "size": count, "app_codes": items})
    assert answer == Response(200, headers(body), body)


def test_an_unknown_field_comes_last_in_every_object() -> None:
    fake = made(BOTH_EXTRA)
    fake.seed(1)
    unknown = b',"x_unknown":{"note":null}}'

    page, generated, refusal = ask(fake), ask(fake, "PUT"), ask(fake, query="?limit=x")

    assert page.body.endswith(unknown.removesuffix(b"}") + b"}]" + unknown)
    assert page.body.count(b"x_unknown") == 2
    assert generated.body.endswith(unknown)
    assert refusal.body.endswith(unknown)
    assert {each.header("Content-Type") for each in (page, generated, refusal)} == {"application/json;charset=UTF-8"}


@pytest.mark.parametrize(
    ("method", "path", "status", "code", "text", "more"),
    [
        ("GET", "/x", 404, "APIG.0101", "The API does not exist", ()),
        ("POST", "", 405, "APIG.0101", "The API has no method POST", (("Allow", "GET, PUT"),)),
    ],
)
def test_what_is_not_documented_is_refused_in_the_same_form(  # noqa: PLR0913, PLR0917 - columns of a table
    method: str, path: str, status: int, code: str, text: str, more: tuple[tuple[str, str], ...]
) -> None:
    fake = made()

    body = compact({"error_code": code, "error_msg": text})
    assert ask(fake, method, path) == Response(status, headers(body, *more), body)


def test_too_large_a_body_closes_the_connection_and_too_many_requests_may_come_back_at_once() -> None:
    fake = made(Behavior(rate_limit=1))

    large = fake.handle(Request("PUT", fake.url(), {}, b"x" * (2**20 + 1)))
    many = ask(fake)

    assert (large.status, large.json()["error_msg"]) == (413, "The body has more than 1 MiB")
    assert large.headers[2:] == (("Connection", "close"),)
    assert (many.status, many.json()["error_msg"]) == (429, "Too many requests")
    assert many.headers[2:] == (("Retry-After", "0"),)


# ---- faults


@pytest.mark.parametrize(
    ("status", "title", "retry_after", "more"),
    [
        (429, "Too Many Requests", None, (("Retry-After", "0"),)),
        (429, "Too Many Requests", 5, (("Retry-After", "5"),)),
        (502, "Bad Gateway", None, ()),
        (503, "Service Unavailable", 0, (("Retry-After", "0"),)),
        (504, "Gateway Timeout", None, ()),
    ],
)
def test_a_gateway_answers_with_a_page(
    status: int, title: str, retry_after: int | None, more: tuple[tuple[str, str], ...]
) -> None:
    fake = made()
    fake.fail(status=status, retry_after=retry_after)

    body = f"<html><head><title>{status} {title}</title></head><body><h1>{title}</h1></body></html>".encode()
    assert ask(fake) == Response(status, headers(body, *more, media_type="text/html"), body)


@pytest.mark.parametrize("query", ["", "?limit=4"])
def test_a_redirect_leads_elsewhere_and_has_no_body(query: str) -> None:
    fake = made()
    fake.fail(fault="redirect")

    target = "https://elsewhere.example" + Request("GET", fake.url()).path + query
    assert ask(fake, query=query) == Response(307, (("Location", target), ("Content-Length", "0")))


def test_a_spoilt_answer_differs_in_what_the_fault_spoils_only() -> None:
    fake = made()
    whole = ask(fake)
    half, utf_16 = whole.body[: len(whole.body) // 2], whole.body.decode().encode("utf-16")
    spoilt: dict[Any, Response] = {
        "empty_body": Response(200, headers(b""), b""),
        "truncated_json": Response(200, headers(half), half),
        "wrong_content_type": Response(200, headers(whole.body, media_type="text/html"), whole.body),
        "wrong_charset": Response(200, headers(utf_16, media_type="application/json;charset=UTF-8"), utf_16),
    }
    for fault in spoilt:
        fake.fail(fault=fault)

    assert [ask(fake) for _ in spoilt] == list(spoilt.values())


@pytest.mark.parametrize(("every", "met"), [(1, "xxxxxx"), (2, "-x-x-x"), (4, "---x--")])
def test_a_fault_meets_one_of_so_many_calls(every: int, met: str) -> None:
    fake = made()
    fake.fail(status=503, every=every, times=None)

    assert "".join("x" if ask(fake).status == 503 else "-" for _ in met) == met


def test_calls_of_another_operation_do_not_count_for_a_fault() -> None:
    fake = made()
    fake.fail("generate", status=503, every=2)

    assert [ask(fake, method).status for method in ("PUT", "GET", "PUT", "PUT")] == [201, 200, 503, 201]


def test_a_fault_of_an_app_names_the_app_and_of_a_parameter_the_app_id() -> None:
    fake = made()
    fake.fail(status=404)
    fake.fail(status=400)

    texts = [ask(fake).json()["error_msg"] for _ in range(2)]

    assert texts == [
        f"App {APP} does not exist",
        "Invalid parameter value,parameterName:app_id. Please refer to the support documentation",
    ]


@pytest.mark.parametrize(
    "bounds",
    [
        {"status": 500, "times": 1, "every": 1, "probability": 1},
        {"status": 500, "probability": 0.001},
        {"fault": "slow_start", "seconds": 0},
        {"fault": "slow_start", "seconds": 3600},
        {"status": 503, "retry_after": 0},
        {"fault": "redirect", "location": "http://[::1]:8080"},
    ],
    ids=str,
)
def test_a_fault_may_be_at_its_bounds(bounds: dict[str, Any]) -> None:
    made().fail(**bounds)


STATUSES = "it must be one of 400, 401, 403, 404, 500, 429, 502, 503, 504"
NAMES = (
    "it must be one of empty_body, truncated_json, wrong_content_type, wrong_charset, redirect, slow_start, dribble, "
    "stall, hang, close_before_headers, close_in_headers, close_after_headers, reset, lost_response"
)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"operation": "x", "status": 500}, "operation is 'x'; it must be 'generate', 'list' or None for both"),
        ({}, "status is None; give either a status or a fault"),
        ({"status": 500, "fault": "hang"}, "status is 500; give either a status or a fault"),
        ({"status": 200}, f"status is 200; {STATUSES}"),
        ({"status": 503.0}, f"status is 503.0; {STATUSES}"),
        ({"fault": "x"}, f"fault is 'x'; {NAMES}"),
        ({"status": 500, "times": 0}, "times is 0; it must be a whole number, at least 1, or None"),
        ({"status": 500, "times": True}, "times is True; it must be a whole number, at least 1, or None"),
        ({"status": 500, "every": 0}, "every is 0; it must be a whole number, at least 1"),
        ({"status": 500, "every": 1.0}, "every is 1.0; it must be a whole number, at least 1"),
        ({"status": 500, "probability": 0}, "probability is 0; it must be above 0, at most 1"),
        ({"status": 500, "probability": 1.01}, "probability is 1.01; it must be above 0, at most 1"),
        ({"fault": "stall", "seconds": -0.1}, "seconds is -0.1; it must be at least 0, at most 3600"),
        ({"fault": "stall", "seconds": 3600.1}, "seconds is 3600.1; it must be at least 0, at most 3600"),
        ({"status": 503, "retry_after": -1}, "retry_after is -1; it must be at least 0"),
        (
            {"status": 500, "retry_after": 1},
            "retry_after is 1; it goes with a status of 429, 502, 503, 504 only",
        ),
        ({"fault": "redirect", "location": "x"}, "location is 'x'; it must be scheme, host and port"),
    ],
    ids=lambda value: "" if isinstance(value, str) else str(value),
)
def test_what_is_wrong_with_a_fault_is_told(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match="; ") as caught:
        made().fail(**wrong)

    assert str(caught.value) == told
