"""Clients that spoil AppCodes, or refuse legal ones."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from string import ascii_letters
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, unquote, unquote_plus, urlsplit

from tests.broken_clients.client import AppCode, ClientError, Page
from tests.broken_clients.planting import EVERYTHING, Defect, also, app_codes, plant

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.broken_clients.client import Answer
    from tests.broken_clients.over_requests import RequestsClient


def accepted(right: Callable[[str], object]) -> type[Any]:
    """Refuse an AppCode that does not look right."""

    def read(text: str) -> str:
        if not right(text):
            msg = "not an AppCode"
            raise ClientError(msg)
        return text

    return app_codes(read)


def matching(pattern: str) -> type[Any]:
    return accepted(re.compile(pattern).fullmatch)


def through_base64(text: str) -> str:
    """Normalize what looks like base64."""
    return base64.b64encode(base64.b64decode(text + "=" * (-len(text) % 4))).decode()


def as_form(text: str) -> str:
    return parse_qs("app_code=" + text, keep_blank_values=True)["app_code"][0]


def in_url(text: str) -> str:
    """Take an AppCode for the end of a URL."""
    return urlsplit("https://roma.example/" + text).path.removeprefix("/")


def unquoted_page(_: RequestsClient, total: int, size: int, items: list[AppCode]) -> Page:
    """Treat what is listed another way than what is generated."""
    return Page(total, size, [replace(item, app_code=unquote_plus(item.app_code)) for item in items])


def decoded_body(answer: Answer) -> Answer:
    return replace(answer, body=unquote_plus(answer.body.decode()).encode())


APP_CODE = "test_every_legal_app_code_arrives_unchanged"

DEFECTS = (
    Defect("unquotes AppCodes", APP_CODE, app_codes(unquote), also=EVERYTHING),
    Defect("decodes + as a blank", APP_CODE, app_codes(lambda text: text.replace("+", " ")), also=EVERYTHING),
    Defect("reads AppCodes as a form", APP_CODE, app_codes(as_form), also=EVERYTHING),
    Defect("quotes AppCodes", APP_CODE, app_codes(quote), also=EVERYTHING),
    Defect("AppCodes in lower case", APP_CODE, app_codes(str.lower), also=EVERYTHING),
    Defect(
        "strips the = at the end",
        APP_CODE,
        app_codes(lambda text: text.rstrip("=")),
        also=also("Reads", "Pages", "Recovers"),
    ),
    Defect("normalizes AppCodes through base64", APP_CODE, app_codes(through_base64), also=EVERYTHING),
    Defect(
        "AppCodes in the alphabet of URLs",
        APP_CODE,
        app_codes(lambda text: text.replace("+", "-").replace("/", "_")),
        also=EVERYTHING,
    ),
    Defect("expands $ in AppCodes", APP_CODE, app_codes(lambda text: re.sub(r"\$\w+", "", text)), also=EVERYTHING),
    Defect("cuts AppCodes at #", APP_CODE, app_codes(lambda text: text.partition("#")[0]), also=EVERYTHING),
    Defect("cuts AppCodes at 128 characters", APP_CODE, app_codes(lambda text: text[:128]), also=EVERYTHING),
    Defect(
        "refuses AppCodes of 180 characters",
        APP_CODE,
        accepted(lambda text: len(text) < 180),
        also=also("Sends", "Reads", "Pages", "Stateful"),
    ),
    Defect("refuses AppCodes of 64 characters", APP_CODE, accepted(lambda text: len(text) > 64), also=EVERYTHING),
    Defect("refuses digits", APP_CODE, matching(r"[A-Za-z+_!@#$%/=]+"), also=EVERYTHING),
    Defect("refuses special characters", APP_CODE, matching(r"\w+"), also=EVERYTHING),
    Defect(
        "refuses a special character at the beginning",
        APP_CODE,
        accepted(lambda text: text[0] in ascii_letters),
        also=EVERYTHING,
    ),
    Defect("spoils AppCodes in lists only", APP_CODE, plant(page=unquoted_page), also=EVERYTHING),
)
