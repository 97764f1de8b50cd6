"""Refusals, statuses and media types: answers that break one clause each, and some that break none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from appcode_contract.messages import Exchange, Request, Response
from tests.checks.exchanges import (
    APP_CODE,
    APP_ID,
    GENERATED,
    HEADERS,
    TOKEN,
    URL,
    answered,
    asked,
    breaks,
    error,
    generated,
    listed,
    page,
    refused,
    without,
)

if TYPE_CHECKING:
    from tests.checks.exchanges import Case

_STATUSES: Final = (400, 401, 403, 404, 500)
_NO_TEXT: Final[dict[str, Any]] = {"null": None, "a number": 9999, "an object": {}, "a boolean": True}
_BODIES: Final = {
    "empty": b"",
    "blank": b" ",
    "truncated": json.dumps(GENERATED).encode()[:-9],
    "html": b"<html>502</html>",
    "a python literal": repr(GENERATED).encode(),
    "NaN": b'{"size": NaN}',
    "an infinity": b'{"size": -Infinity}',
    "no utf-8": b'{"app_code": "\xff"}',
    "utf-16": json.dumps(GENERATED).encode("utf-16"),
    "two documents": b"{}{}",
    "with a byte order mark": b"\xef\xbb\xbf{}",
    "nested too deeply": b"[" * 100_000,
    "a raw newline in a string": b'{"app_code": "' + APP_CODE.encode() + b'\n"}',
}
_MEDIA_TYPES: Final = {
    "html": "text/html; charset=utf-8",
    "text": "text/plain",
    "nothing": "",
    "problem": "application/problem+json",
    "json lines": "application/jsonl",
    "twice": "application/json, application/json",
    "another charset": "application/json; charset=latin-1",
    "another charset in quotes": 'application/json;charset="utf-16"',
    "an AppCode": APP_CODE,
    "the token": TOKEN,
    "an AppCode at the end": "x " * 30 + APP_CODE,
}

BROKEN_REFUSALS: Final[dict[str, Case]] = {
    **{
        f"status {status}": breaks("status/documented", answered("GET", status, {}))
        for status in (100, 301, 302, 405, 409, 413, 418, 502, 503, 599, 600, -1)
    },
    **{f"a generated body that is {what}": breaks("body/json", generated(body=body)) for what, body in _BODIES.items()},
    **{f"a page that is {what}": breaks("body/json", listed(None, body=body)) for what, body in _BODIES.items()},
    **{f"a refusal that is {what}": breaks("body/json", refused(403, body=body)) for what, body in _BODIES.items()},
    **{
        f"{what} as Content-Type": breaks("body/json", listed(page(), headers={"Content-Type": media_type}))
        for what, media_type in _MEDIA_TYPES.items()
    },
    "no Content-Type": breaks("body/json", generated(headers={})),
    "a refusal as text": breaks("body/json", refused(401, headers={"Content-Type": "text/plain"})),
    **{
        f"{status} with {what}": breaks("error/body", answered("PUT", status, document))
        for status in _STATUSES
        for what, document in {
            "nothing in it": {},
            "null": None,
            "an array": [error(status)],
            "an envelope": {"error": error(status)},
            "no code": without(error(status), "error_code"),
            "no text": without(error(status), "error_msg"),
            "errorCode": {"errorCode": "APIG.9999", "errorMsg": ""},
            **{f"{kind} as error_code": error(status) | {"error_code": value} for kind, value in _NO_TEXT.items()},
            **{f"{kind} as error_msg": error(status) | {"error_msg": value} for kind, value in _NO_TEXT.items()},
        }.items()
    },
    **{
        f"{status} with another code": breaks(
            f"error/{status}/code", refused(status, error(status) | {"error_code": "APIG.0000"}, "?limit=0")
        )
        for status in _STATUSES
    },
    **{
        f"a 400 for {query} with {what}": breaks("error/400/code", refused(400, error(400, text), query))
        for query in ("?limit=abc", "?offset=abc", "?limit=501", "?offset=1&offset=1", f"?offset={2**63}", "?offset=")
        for what, text in {
            "no name": "Invalid parameter",
            "the token": f"Invalid parameter of {TOKEN}",
            "an AppCode": f"Invalid parameter of {APP_CODE}",
            "half an AppCode within reach": "Invalid! " * 11 + APP_CODE,
        }.items()
    },
    "a 404 without the id": breaks("error/404/code", refused(404, error(404, "App does not exist"))),
    "a 404 with the token": breaks("error/404/code", refused(404, error(404, f"No app for {TOKEN}"))),
    "a code that holds the token": breaks("error/401/code", refused(401, error(401) | {"error_code": TOKEN})),
    "a code that holds an AppCode": breaks(
        "error/500/code", refused(500, error(500) | {"error_code": "E" * 5 + " code " * 5 + APP_CODE})
    ),
    "a code with a lone surrogate": breaks("error/403/code", refused(403, error(403) | {"error_code": "\ud800"})),
}
"""By what is wrong with them."""

_TRANSLATED: Final = "\u65e0\u6548\u7684\u53c2\u6570\u503c"
LEGAL_REFUSALS: Final = {
    **{f"{status} of list": refused(status) for status in _STATUSES},
    **{f"{status} of generate": answered("PUT", status, error(status)) for status in _STATUSES},
    **{
        f"{status} with unknown fields and charset": refused(
            status, error(status) | {"request_id": "1"}, headers={"Content-Type": "application/json;charset=UTF-8"}
        )
        for status in _STATUSES
    },
    "a translated 400": refused(400, error(400, f"{_TRANSLATED}: limit"), "?limit=0"),
    "a 400 that names the parameter in capitals": refused(400, error(400, "OFFSET"), "?offset=abc"),
    "a 400 that names one of two": refused(400, error(400, "offset"), "?offset=abc&limit=0"),
    "a translated 401": refused(401, error(401, _TRANSLATED)),
    "a translated 404": refused(404, error(404, f"{_TRANSLATED} {APP_ID}")),
    "a 404 with the id in capitals": refused(404, error(404, APP_ID.upper())),
    "a 400 of a quota, with a code of its own": answered("PUT", 400, error(400) | {"error_code": "APIG.3403"}),
    "a 400 of a malformed id": refused(400, error(400, "app_id is wrong")),
    "429 in plain text": refused(429, {}, headers={"Content-Type": "text/plain", "Retry-After": "1"}, body=b"slow"),
    "503 in plain text that says when to come back": refused(503, {}, headers={"Retry-After": "1"}, body=b"later"),
    **{
        f"a 400 of something else than {query}": refused(400, error(400, "quota") | {"error_code": "APIG.3310"}, query)
        for query in ("?limit=1", "?limit=500", f"?offset={2**63 - 1}", f"?offset={-(2**63)}")
    },
    "no answer": asked(),
    "an answer to another path": Exchange(
        Request("GET", URL + "/other", tuple(HEADERS.items())), Response(200, (), b"hello")
    ),
}
"""Refusals that break nothing."""
