"""Redaction of texts from elsewhere and of URLs, and how long redaction takes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appcode_contract.redaction import Redactor, fingerprint, redact_text, redact_url, secrets_in
from tests.test_redaction import APP_CODE, BOUNDED, MARK, READABLE, pieces

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


def test_of_thousands_of_secrets_each_is_hidden() -> None:
    known = [f"{number:05}{APP_CODE}" for number in range(10_000)]

    shown = Redactor(known)(" ".join(known[:20]) + READABLE[4] * 500)

    assert len(MARK.findall(shown)) == 20
    assert APP_CODE not in shown
