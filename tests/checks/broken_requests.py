"""Requests, each of which breaks one clause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from tests.checks.exchanges import APP_CODE, APP_ID, HEADERS, PATH, TOKEN, URL, asked, breaks

if TYPE_CHECKING:
    from tests.checks.exchanges import Case

_HOST: Final = "https://roma.example"
_NO_LIMITS: Final = {
    "empty": "",
    "a fraction": "4.0",
    "an exponent": "1e1",
    "a word": "four",
    "an arabic digit": "%D9%A4",
    "a full-width digit": "%EF%BC%94",
    "hexadecimal": "0x10",
    "with a plus": "%2B4",
    "with a blank": "%204",
    "with a newline": "4%0A",
    "with an underscore": "1_0",
    "with a separator of old": "1;offset=2",
    "no utf-8": "%FF",
    "broken percent-encoding": "%zz",
    "a huge number": "9" * 5000,
}


def _path(project: str = "a1b2c3", instance: str = "5f918d10", app: str = APP_ID) -> str:
    return f"{_HOST}/v2/{project}/apic/instances/{instance}/apps/{app}/app-codes"


BROKEN_REQUESTS: Final[dict[str, Case]] = {
    "a method that is not documented": breaks("path/uri", asked("POST")),
    "DELETE, which nobody documents": breaks("path/uri", asked("DELETE")),
    "a method in lower case": breaks("path/uri", asked("put")),
    "HEAD": breaks("path/uri", asked("HEAD")),
    "a slash at the end": breaks("path/uri", asked(url=URL + "/")),
    "another version": breaks("path/uri", asked(url=URL.replace("/v2/", "/v1/"))),
    "another word": breaks("path/uri", asked(url=URL.replace("app-codes", "appcodes"))),
    "upper case": breaks("path/uri", asked(url=URL.replace("app-codes", "App-Codes"))),
    "no path": breaks("path/uri", asked(url=_HOST)),
    "an id with a slash": breaks("path/uri", asked(url=_path(app="a/b"))),
    "an encoded slash between": breaks("path/uri", asked(url=URL.replace("/apps/", "%2Fapps%2F"))),
    "an unexpected base path": breaks("path/uri", asked(url=_HOST + "/gateway" + PATH)),
    "an unbalanced bracket": breaks("path/uri", asked(url="http://[")),
    "no project": breaks("path/project-id", asked(url=_path(project=""))),
    "no instance": breaks("path/instance-id", asked(url=_path(instance=""))),
    "no app": breaks("path/app-id", asked("GET", _path(app=""))),
    "no token": breaks("header/x-auth-token", asked(headers={})),
    "an empty token": breaks("header/x-auth-token", asked(headers={"X-Auth-Token": ""})),
    "a token under another name": breaks("header/x-auth-token", asked("GET", headers={"X-Subject-Token": TOKEN})),
    "a signed request without a token": breaks(
        "header/x-auth-token", asked(headers={"Authorization": "SDK-HMAC-SHA256 Access=a"})
    ),
    "a body": breaks("generate/no-body", asked(body=b"{}")),
    "a body that holds an AppCode": breaks("generate/no-body", asked(body=APP_CODE.encode())),
    "a query": breaks("generate/no-query", asked(url=URL + "?limit=20")),
    "an AppCode in the query": breaks("generate/no-query", asked(url=f"{URL}?{quote(APP_CODE, safe='')}")),
    "a body when listing": breaks("list/no-body", asked("GET", body=b"\0")),
    "an unknown parameter": breaks("list/query", asked("GET", URL + "?page=1")),
    "a parameter in upper case": breaks("list/query", asked("GET", URL + "?Limit=1")),
    "an unknown parameter without a value": breaks("list/query", asked("GET", URL + "?limit[]")),
    "the token as a parameter": breaks("list/query", asked("GET", f"{URL}?X-Auth-Token={TOKEN}")),
    "the token as the name of a parameter": breaks("list/query", asked("GET", f"{URL}?{TOKEN}=1")),
    "limit 0": breaks("list/limit/minimum", asked("GET", URL + "?limit=0")),
    "limit -1": breaks("list/limit/minimum", asked("GET", URL + "?limit=-1")),
    "limit 501": breaks("list/limit/maximum", asked("GET", URL + "?limit=501")),
    "a limit beyond 64 bits": breaks("list/limit/maximum", asked("GET", f"{URL}?limit={2**64}")),
    "the limit twice": breaks("list/limit/type", asked("GET", URL + "?limit=1&limit=2")),
    "the token as the limit": breaks("list/limit/type", asked("GET", f"{URL}?limit={TOKEN}")),
    **{
        f"limit {how}": breaks("list/limit/type", asked("GET", f"{URL}?limit={text}"))
        for how, text in _NO_LIMITS.items()
    },
    "the offset twice": breaks("list/offset/long", asked("GET", URL + "?offset=1&offset=1")),
    "an offset beyond 64 bits": breaks("list/offset/long", asked("GET", f"{URL}?offset={2**63}")),
    "an offset below 64 bits": breaks("list/offset/long", asked("GET", f"{URL}?offset={-(2**63) - 1}")),
    **{
        f"offset {how}": breaks("list/offset/long", asked("GET", f"{URL}?offset={text}"))
        for how, text in _NO_LIMITS.items()
        if ";" not in text
    },
}
"""By what is wrong with them."""

_LOWER: Final = {name.lower(): value for name, value in HEADERS.items()}
LEGAL_REQUESTS: Final = {
    "generate": asked(),
    "list": asked("GET"),
    "header in lower case": asked(headers=_LOWER),
    "header in upper case": asked("GET", headers={"X-AUTH-TOKEN": TOKEN}),
    "more headers": asked(headers=HEADERS | {"Accept": "*/*", "Content-Type": "application/json"}),
    "a signature besides the token": asked(headers=HEADERS | {"Authorization": "SDK-HMAC-SHA256 Access=a"}),
    "a question mark and nothing": asked(url=URL + "?"),
    "a fragment": asked(url=URL + "#limit=0"),
    "an encoded id": asked(url=_path(app="%E4%B8%AD%2F1")),
    "an id in other letters": asked("GET", _path(project="proj_1", instance="inst-2", app="App~3")),
    "an address": asked("GET", "http://[::1]:8080" + PATH),
    "limit 1": asked("GET", URL + "?limit=1"),
    "limit 500": asked("GET", URL + "?limit=500"),
    "an encoded limit": asked("GET", URL + "?%6Cimit=%34"),
    "offset 0": asked("GET", URL + "?offset=0&limit=20"),
    "offset -1": asked("GET", URL + "?limit=20&offset=-1"),
    "offset beyond 32 bits": asked("GET", URL + "?offset=2147483648"),
    "highest offset": asked("GET", f"{URL}?offset={2**63 - 1}"),
    "lowest offset": asked("GET", f"{URL}?offset={-(2**63)}"),
}
"""Requests that break nothing."""
