"""Redaction of texts from elsewhere and of URLs, and how long redaction takes."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appcode_contract.redaction import Redactor, fingerprint, redact_text, redact_url, secrets_in
from tests.test_redaction import APP_CODE, BOUNDED, MARK, READABLE, TOKEN, pieces

if TYPE_CHECKING:
    from collections.abc import Callable

MEBIBYTE = 2**20


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"app_code": APP_CODE}),
        json.dumps({"app_codes": [{"app_code": APP_CODE}]})[:-4],
        f'{{"app_code": "{APP_CODE}',
        f'{{"app_code" : "{APP_CODE}"\n',
        f"{{'app_code': '{APP_CODE}'}}",
        json.dumps({"appCode": APP_CODE}).replace("/", "\\/"),
        json.dumps(APP_CODE).replace("=", "\\u003d"),
        f"<td>{APP_CODE}</td>",
        f"AppCode:{APP_CODE}.",
    ],
    ids=range(9),
)
def test_an_app_code_in_a_foreign_text_is_removed(text: str) -> None:
    shown = redact_text(text)

    assert fingerprint(APP_CODE) in shown
    assert not [piece for piece in pieces(APP_CODE) if piece in shown]
    assert APP_CODE in secrets_in(text)


@pytest.mark.parametrize("name", ["app_code", "appcode", "X-Auth-Token", "token", "access_token", "secret", "App-Code"])
def test_a_short_secret_in_a_field_named_like_one_is_removed(name: str) -> None:
    text = json.dumps({name: 'short "one"', "id": "7"})

    assert fingerprint('short "one"') in redact_text(text)
    assert '"id": "7"' in redact_text(text)
    assert {'short "one"'} == secrets_in(text)


@pytest.mark.parametrize("text", [READABLE[index] for index in (0, 1, 2, 3, 6, 7, 8)], ids=range(7))
def test_an_ordinary_foreign_text_is_left_as_it_is(text: str) -> None:
    assert text == redact_text(text)
    assert not secrets_in(text)


@BOUNDED
@given(st.text(alphabet='"\\:{}app_code token\n', max_size=200))
def test_no_foreign_text_makes_redaction_raise(text: str) -> None:
    assert isinstance(redact_text(text), str)
    assert all(isinstance(secret, str) for secret in secrets_in(text))


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://roma.example/v2/a?offset=0&limit=500", "https://roma.example/v2/a?offset=0&limit=500"),
        ("https://user:pass@roma.example:8443/v2", "https://roma.example:8443/v2"),
        ("https://us@er:p@ss@roma.example/v2", "https://roma.example/v2"),
        ("http://[::1]:80/v2?limit=-9223372036854775808", "http://[::1]:80/v2?limit=-9223372036854775808"),
        ("", ""),
    ],
)
def test_a_url_loses_its_credentials_and_nothing_else(url: str, shown: str) -> None:
    assert shown == redact_url(url)


def test_a_long_value_in_a_query_is_replaced() -> None:
    shown = redact_url(f"https://roma.example/v2?limit=1&token={'x' * 40}&offset=2")

    assert f"https://roma.example/v2?limit=1&token={fingerprint('x' * 40)}&offset=2" == shown


@pytest.mark.parametrize("url", ["http://[", "http://a\u2100b/", "//[x]y/", "http://[v1.]/\ud800", "::", "%"])
def test_no_url_makes_redaction_raise(url: str) -> None:
    assert isinstance(redact_url(url), str)


LARGE, TIMES = MEBIBYTE // 8, 8
GROWING = {
    "run": lambda size: "a" * size,
    "quotes": lambda size: '"' * size,
    "names": lambda size: '"app_code"' * (size // 10),
    "values": lambda size: '"app_code": "' * (size // 13),
    "backslashes": lambda size: '"app_code": "' + "\\" * size,
    "name without end": lambda size: '"' + "app" * (size // 3),
    "blanks": lambda size: '"app_code"' + " " * size,
    "hyphens": lambda size: "- " * (size // 2),
    "short runs": lambda size: ("a" * 39 + " ") * (size // 40),
}


def cost(work: Callable[[], object]) -> float:
    """Give the seconds of a processor that something takes."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def expect_no_more_than_in_proportion(work: Callable[[int], Callable[[], object]], size: int) -> None:
    """Eight times as much takes some eight times as long, and not 64 times; both are measured side by side."""
    part = work(size)
    small, large = min(cost(part) for _ in range(3)), cost(work(TIMES * size))

    assert large < max(4 * TIMES * small, 0.25)


@pytest.mark.parametrize("make", GROWING.values(), ids=GROWING.keys())
def test_a_mebibyte_takes_no_longer_than_its_parts(make: Callable[[int], str]) -> None:
    def work(size: int) -> Callable[[], object]:
        text, redactor = make(size), Redactor([APP_CODE, "a" * 100, TOKEN])
        return lambda: (redact_text(text), secrets_in(text), redactor(text))

    expect_no_more_than_in_proportion(work, LARGE)


def test_thousands_of_secrets_take_no_longer_than_hundreds_of_them() -> None:
    def work(size: int) -> Callable[[], object]:
        known = [f"{number:05}{APP_CODE}" for number in range(size)]
        text = " ".join(known[:20]) + READABLE[4] * 500
        return lambda: Redactor(known)(text)

    expect_no_more_than_in_proportion(work, 1250)


def test_of_thousands_of_secrets_each_is_hidden() -> None:
    known = [f"{number:05}{APP_CODE}" for number in range(10_000)]

    shown = Redactor(known)(" ".join(known[:20]) + READABLE[4] * 500)

    assert len(MARK.findall(shown)) == 20
    assert APP_CODE not in shown
