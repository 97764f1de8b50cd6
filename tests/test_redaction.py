"""Redaction: no form of a secret leaves, and everything else stays readable."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appcode_contract.redaction import (
    SECRET_HEADERS,
    Redactor,
    credentials_in,
    fingerprint,
    redact_headers,
    redact_path,
)

if TYPE_CHECKING:
    from collections.abc import Callable

APP_CODE = "qVx7+Lw0Zr/T_2nE!9yK@d5M#u3H$f8B%c6P=aGjS1oNkQeXiRtYvWzAbCdDhJlU"
TOKEN = "tok&<en>'\"\\/+ %=\u00e9"
MARK = re.compile(r"\[redacted: \d+ characters #[0-9a-f]{8}\]")
BOUNDED = settings(max_examples=200, deadline=None, derandomize=True, database=None)
FORMS: dict[str, Callable[[str], str]] = {
    "plain": lambda secret: secret,
    "JSON": lambda secret: json.dumps({"k": secret}),
    "JSON in UTF-8": lambda secret: json.dumps({"k": secret}, ensure_ascii=False),
    "JSON with escaped slashes": lambda secret: json.dumps(secret).replace("/", "\\/"),
    "URL path": lambda secret: "/" + quote(secret, safe=""),
    "URL path with slashes": lambda secret: "/" + quote(secret),
    "form": lambda secret: urlencode({"k": secret}),
    "form value": quote_plus,
    "HTML": html.escape,
    "HTML without quotes": lambda secret: html.escape(secret, quote=False),
    "repr": repr,
    "repr in a dict": lambda secret: repr({"k": secret}),
    "repr of an exception": lambda secret: repr(ValueError(secret)),
    "ascii": ascii,
}
FORMS_OF_OTHERS: dict[str, Callable[[str], str]] = {
    "percent-encoded in lower case": lambda secret: re.sub(
        "%[0-9A-F]{2}", lambda m: m[0].lower(), quote(secret, safe="")
    ),
    "JSON as Gson writes it": lambda secret: re.sub("[<>&='+]", lambda m: f"\\u{ord(m[0]):04x}", json.dumps(secret)),
    "JSON as .NET writes it": lambda secret: re.sub("[<>&'+]", lambda m: f"\\u{ord(m[0]):04X}", json.dumps(secret)),
    "JSON in JSON": lambda secret: json.dumps(json.dumps(secret)),
    "repr of bytes": lambda secret: repr(secret.encode()),
    "URL as requests leaves it": lambda secret: quote(secret, safe="!#$%&'()*+,/:;=?@[]~"),
}
READABLE = [
    "",
    "App 9ed8b7fe84224de681e7d7a5587e76dc does not exist",
    "b3d34f74-6d08-47fb-9513-8670e10207ed",
    "Invalid parameter value,parameterName:app_id. Please refer to the support documentation",
    "https://roma.example/v2/9ed8b7fe84224de681e7d7a5587e76dc/apic/instances/5f918d10/apps/9ed8b7fe/app-codes?limit=500",
    "/usr/lib/python3.11/site-packages/appcode_contract/conformance/test_generating_request.py:131: AssertionError",
    "generate/app-code/first-character (documented, G T3)",
    "2020-07-24T02:31:45.790909295Z",
    "\u65e0\u6548 \U0001f600 \x1b[31mred\x1b[0m \ud800",
]


def pieces(secret: str) -> set[str]:
    """Give what is too long to be shown of a secret."""
    return {secret[start : start + 8] for start in range(len(secret) - 7)}


def test_equal_secrets_have_equal_fingerprints() -> None:
    assert fingerprint(APP_CODE) == fingerprint(str(APP_CODE))


def test_different_secrets_have_different_fingerprints() -> None:
    texts = {fingerprint(f"{APP_CODE}{number}") for number in range(1000, 2000)}

    assert len(texts) == 1000


@pytest.mark.parametrize("secret", ["", "a", APP_CODE, TOKEN, "\ud800", "\U0001f600", "x" * 2**20], ids=range(7))
def test_a_fingerprint_tells_the_length_and_nothing_else(secret: str) -> None:
    shown = fingerprint(secret)

    assert MARK.fullmatch(shown)
    assert f" {len(secret)} characters" in shown


@BOUNDED
@given(st.text(min_size=9))
def test_a_fingerprint_never_holds_the_secret(secret: str) -> None:
    assert secret not in fingerprint(secret).removeprefix("[redacted: ").replace(" characters #", "")


@pytest.mark.parametrize("name", sorted(SECRET_HEADERS))
@pytest.mark.parametrize("spell", [str.lower, str.upper, str.title])
def test_a_credential_in_a_header_is_replaced_in_any_letter_case(name: str, spell: Callable[[str], str]) -> None:
    headers = [("Accept", "*/*"), (spell(name), TOKEN)]

    expected = [("Accept", "*/*"), (spell(name), fingerprint(TOKEN))]

    assert expected == redact_headers(headers)
    assert {TOKEN} == credentials_in(headers)


@pytest.mark.parametrize(
    "name", ["X-Auth-Token", "Authorization", "Cookie", "Set-Cookie", "X-Subject-Token", "X-Apig-AppCode"]
)
def test_the_headers_that_carry_credentials_are_known(name: str) -> None:
    assert name.lower() in SECRET_HEADERS


@pytest.mark.parametrize("name", ["Content-Type", "X-Auth-Tokens", "Host", "X-Request-Id", "Retry-After"])
def test_another_header_stays(name: str) -> None:
    headers = [(name, "value")]

    assert headers == redact_headers(headers)
    assert not credentials_in(headers)


def test_every_credential_of_repeated_headers_is_found() -> None:
    assert {"one", "two"} == credentials_in([("X-Auth-Token", "one"), ("x-auth-token", "two")])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "secret", [APP_CODE, TOKEN, "a+b/c=d%e#f", ".*(?P<x>[", "\\\\\\\\", "$1\\1\\g<0>"], ids=range(6)
)
def test_a_known_secret_is_removed_in_every_form(form: str, secret: str) -> None:
    text = f"before {FORMS[form](secret)} after"

    shown = Redactor([secret])(text)

    assert MARK.search(shown)
    assert not [piece for piece in pieces(secret) if piece in shown]
    assert shown.startswith("before ")
    assert shown.endswith(" after")


@pytest.mark.parametrize("form", FORMS_OF_OTHERS)
def test_an_app_code_is_removed_in_the_forms_of_other_programs(form: str) -> None:
    shown = Redactor([APP_CODE])(f"before {FORMS_OF_OTHERS[form](APP_CODE)} after")

    assert not [piece for piece in pieces(APP_CODE) if piece in shown]


@BOUNDED
@given(st.sets(st.text(min_size=4, max_size=30), max_size=8), st.text(max_size=30))
def test_no_set_of_secrets_survives(known: set[str], between: str) -> None:
    text = between.join(sorted(known))

    shown = MARK.sub("", Redactor(known)(text))

    assert not [secret for secret in known if secret in shown and secret not in between]


@pytest.mark.parametrize("more", [0, 300])
def test_a_secret_is_found_at_every_place_however_many_are_known(more: int) -> None:
    secret = "S3cr-et!"
    redact = Redactor([secret, *(f"{number:04d}-other" for number in range(more))])

    for before in range(10):
        text = "S3c" * before + secret + "S3cr" + secret[1:]
        assert redact(text) == "S3c" * before + fingerprint(secret) + "S3cr" + secret[1:]


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/v2/p/apic/instances/i/apps/a/app-codes", "/v2/p/apic/instances/i/apps/a/app-codes"),
        (f"/v2/{'0a' * 16}/{'0b' * 16}/app-codes", f"/v2/{'0a' * 16}/{'0b' * 16}/app-codes"),
        ("", ""),
        ("/", "/"),
        ("*", "*"),
        (f"/apps/{'A' * 40}/app-codes", f"/apps/{fingerprint('A' * 40)}/app-codes"),
        (f"/apps/{'A+/' * 14}/app-codes", f"/apps/{fingerprint('A+/' * 14)}/app-codes"),
        (f"/gw/v2/{'A' * 39}", f"/gw/v2/{'A' * 39}"),
    ],
    ids=["whole", "ids side by side", "empty", "root", "no path", "a code", "a code in pieces", "a short text"],
)
def test_a_path_keeps_its_words_and_ids_but_no_app_code(path: str, shown: str) -> None:
    assert redact_path(path) == shown


def test_a_long_secret_goes_before_one_that_it_begins_with() -> None:
    shown = Redactor(["abcd", "abcdefgh"])("abcdefgh abcd")

    assert f"{fingerprint('abcdefgh')} {fingerprint('abcd')}" == shown


def test_nothing_remains_of_secrets_that_overlap() -> None:
    shown = Redactor(["abcdefgh", "efghijkl"])("xx abcdefghijkl yy")

    assert "ijkl" not in shown
    assert shown.startswith("xx [")
    assert shown.endswith("] yy")


def test_secrets_are_learned_later() -> None:
    redactor = Redactor()
    before = redactor("my secret")

    redactor.learn(["secret"])

    assert before == "my secret"
    assert f"my {fingerprint('secret')}" == redactor("my secret")


@pytest.mark.parametrize("secret", ["", "a", "abc"])
def test_what_is_too_short_to_be_a_secret_removes_nothing(secret: str) -> None:
    text = "a, b and abc"

    assert text == Redactor([secret])(text)


def test_a_redactor_shows_none_of_its_secrets() -> None:
    shown = repr(Redactor([APP_CODE, TOKEN]))

    assert "2 secrets" in shown
    assert APP_CODE[:8] not in shown


@pytest.mark.parametrize("text", READABLE, ids=range(len(READABLE)))
def test_an_ordinary_text_is_left_as_it_is(text: str) -> None:
    assert text == Redactor([APP_CODE, TOKEN, "\ud800\ud801\ud802\ud803"])(text)


@pytest.mark.parametrize("secret", ["\ud800" * 4, "ab\udfffcd", "????"])
def test_a_lone_surrogate_is_no_obstacle(secret: str) -> None:
    shown = Redactor([secret])(f"a {secret} b")

    assert f"a {fingerprint(secret)} b" == shown


def test_a_secret_of_surrogates_leaves_question_marks_alone() -> None:
    text = "really????"

    assert text == Redactor(["\ud800" * 4])(text)
