"""Signed requests as the vendor's SDK sends them, signed here by the SDK's own signer."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest

from appcode_contract import Behavior, FakeAppCodes, Request
from tests.signer import signed as signed_by

if TYPE_CHECKING:
    from collections.abc import Callable

ACCESS_KEY = "made-up-access-key"
SECRET_KEY = "made-up-secret-key-of-the-tests"
SIGNED = Behavior(signed_requests="accepted")


def new_fake() -> FakeAppCodes:
    fake = FakeAppCodes(seed=1, behavior=SIGNED)
    fake.add_access_key(ACCESS_KEY, SECRET_KEY)
    return fake


signed = partial(signed_by, (ACCESS_KEY, SECRET_KEY))


def with_header(request: Request, name: str, change: Callable[[str], str]) -> Request:
    headers = tuple((key, change(value) if key.lower() == name.lower() else value) for key, value in request.headers)
    return replace(request, headers=headers)


@pytest.mark.parametrize("query", ["", "?limit=4", "?offset=0&limit=500", "?offset=-1", "?x=%2B%20%7E%C3%A9", "?x="])
def test_what_the_sdk_signs_is_accepted(query: str) -> None:
    fake = new_fake()

    assert fake.handle(signed(fake.url() + query)).status == 200


def test_more_headers_may_be_signed() -> None:
    fake = new_fake()
    request = signed(fake.url(), "PUT", Content_Type="application/json", X_Project_Id="p")

    assert fake.handle(request).status == 201


@pytest.mark.parametrize("body", [b'{"a": 1}', b"\xff\x00"])
def test_a_body_is_signed_too(body: bytes) -> None:
    fake = new_fake()
    request = signed(fake.url(), "PUT", body=body)

    statuses = [fake.handle(each).status for each in (request, replace(request, body=body + b" "))]

    assert statuses == [201, 401]


@pytest.mark.parametrize(("age", "status"), [(0, 200), (890, 200), (-890, 200), (910, 401), (-910, 401)])
def test_a_clock_may_be_a_quarter_of_an_hour_off(age: float, status: int) -> None:
    fake = new_fake()

    assert fake.handle(signed(fake.url(), age=age)).status == status


CHANGES: dict[str, Callable[[Request], Request]] = {
    "another method": lambda request: replace(request, method="PUT"),
    "another query": lambda request: replace(request, url=request.url.replace("limit=4", "limit=5")),
    "another parameter": lambda request: replace(request, url=request.url + "&offset=1"),
    "another host": lambda request: with_header(request, "Host", lambda _: "other.example"),
    "another date": lambda request: with_header(
        request, "X-Sdk-Date", lambda date: date[:-2] + ("0Z" if date[-2] != "0" else "1Z")
    ),
    "no date": lambda request: with_header(request, "X-Sdk-Date", lambda _: "yesterday"),
    "another signature": lambda request: with_header(request, "Authorization", lambda text: text[:-64] + "0" * 64),
    "a shorter signature": lambda request: with_header(request, "Authorization", lambda text: text[:-1]),
    "another algorithm": lambda request: with_header(
        request, "Authorization", lambda text: text.replace("SHA256", "SM3")
    ),
    "only part of the headers signed": lambda request: with_header(
        request, "Authorization", lambda text: text.replace("host;", "")
    ),
    "no authorization": lambda request: with_header(request, "Authorization", lambda _: ""),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_request_that_was_changed_after_it_was_signed_is_refused(change: Callable[[Request], Request]) -> None:
    fake = new_fake()
    request = signed(fake.url() + "?limit=4")

    response = fake.handle(change(request))

    assert response.status == 401
    assert response.json()["error_code"] == "APIG.1002"


def test_another_path_needs_another_signature() -> None:
    fake = new_fake()
    other = fake.add_app()
    request = signed(fake.url())

    assert fake.handle(replace(request, url=fake.url(other))).status == 401


def test_a_header_beyond_ascii_may_be_signed() -> None:
    fake = new_fake()

    assert fake.handle(signed(fake.url(), X_Note="é")).status == 200


def test_other_bytes_of_a_query_need_another_signature() -> None:
    fake = new_fake()
    request = signed(fake.url() + "?a=%EF%BF%BD")

    statuses = [
        fake.handle(replace(request, url=fake.url() + query)).status
        for query in ("?a=%EF%BF%BD", "?a=%FE", "?a=\ud800")
    ]

    assert statuses == [200, 401, 401]


def test_other_bytes_of_a_path_need_another_signature() -> None:
    fake = new_fake()
    request = signed(fake.url().replace(fake.app_id, "%EF%BF%BD"))

    statuses = [
        fake.handle(replace(request, url=request.url.replace("%EF%BF%BD", other))).status
        for other in ("%EF%BF%BD", "%FE", "\ud800")
    ]

    assert statuses == [400, 401, 401]


def test_a_body_that_is_no_json_is_not_signed() -> None:
    fake = new_fake()
    request = signed(fake.url(), "PUT", body=b"a", Content_Type="text/plain")

    statuses = [fake.handle(replace(request, body=body)).status for body in (b"a", b"b", b"")]

    assert statuses == [201, 201, 401]


def test_a_host_that_no_header_names_is_that_of_the_url() -> None:
    fake = new_fake()
    request = signed(fake.url())
    without = replace(request, headers=tuple(pair for pair in request.headers if pair[0] != "Host"))

    statuses = [
        fake.handle(replace(without, url=without.url.replace("roma.example", host))).status
        for host in ("roma.example", "other.example")
    ]

    assert statuses == [200, 401]


@pytest.mark.parametrize(("sent", "status"), [("a b", 200), (" a b ", 200), ("ab", 401)])
def test_blanks_around_a_signed_header_do_not_count(sent: str, status: int) -> None:
    fake = new_fake()
    request = signed(fake.url(), X_Note="a b")

    assert fake.handle(with_header(request, "X-Note", lambda _: sent)).status == status


@pytest.mark.parametrize("pair", [("", "s"), ("a", ""), ("a,b", "s"), ("a b", "s"), ("a", "\ud800"), ("é", "s")])
def test_an_access_key_that_cannot_be_sent_is_refused(pair: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="an access key is two texts"):
        FakeAppCodes().add_access_key(*pair)


def test_a_secret_key_is_a_secret_and_a_reset_forgets_it() -> None:
    fake = new_fake()
    request = signed(fake.url())
    known = fake.secrets()

    fake.reset()

    assert SECRET_KEY in known
    assert SECRET_KEY not in fake.secrets()
    assert fake.handle(request).status == 401


def test_a_request_is_judged_by_what_was_accepted_then() -> None:
    fake = new_fake()
    fake.handle(signed(fake.url()))

    fake.behavior = Behavior()

    assert fake.violations == ()


def test_a_signed_request_needs_no_token_to_keep_the_contract() -> None:
    fake = new_fake()

    fake.handle(signed(fake.url()))
    fake.handle(Request("GET", fake.url()))

    assert [violation.exchange for violation in fake.violations] == [fake.exchanges[1]]
