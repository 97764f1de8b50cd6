"""Defects of every answer: undocumented statuses, bodies that are no JSON, and connections that break."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

from tests.broken_servers.http_server import Fault, Transport
from tests.broken_servers.planting import Defect, plant
from tests.broken_servers.service import Service
from tests.broken_servers.values import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from appcode_contract.messages import Request, Response

JSON = "body/json"
DOCUMENTED = "status/documented"
ALL = (200, 201, 400, 401, 403, 404, 500)


def writes(write: Callable[[Any], bytes], *statuses: int) -> type[Service]:
    """Write some bodies another way."""
    chosen = statuses or ALL
    return plant(
        encode=lambda self, status, body: write(body) if status in chosen else Service.encode(self, status, body)
    )


def says(content_type: str, *statuses: int) -> type[Service]:
    """Give some bodies another media type."""
    chosen = statuses or ALL
    return plant(
        content_type=lambda self, status: content_type if status in chosen else Service.content_type(self, status)
    )


def says_nothing(self: Service, status: int, written: bytes) -> dict[str, str]:
    headers = Service.headers(self, status, written)
    return {name: value for name, value in headers.items() if name != "Content-Type"}


def html(body: Any) -> bytes:  # noqa: ANN401 - any body
    del body
    return b"<!DOCTYPE html><title>Error</title><h1>Error</h1>"


def now_and_then(write: Callable[[Any], bytes]) -> type[Service]:
    """Write every third body another way."""
    return plant(
        encode=lambda self, status, body: (
            write(body) if self.count["all"] % 3 == 0 else Service.encode(self, status, body)
        )
    )


def only_when(write: Callable[[Any], bytes], when: Callable[[Any], bool]) -> type[Service]:
    return plant(encode=lambda self, status, body: write(body) if when(body) else Service.encode(self, status, body))


def is_empty(body: Any) -> bool:  # noqa: ANN401 - any body
    return isinstance(body, dict) and body.get("app_codes") == []


def is_long(body: Any) -> bool:  # noqa: ANN401 - any body
    return isinstance(body, dict) and len(body.get("app_codes", ())) > 24


def cut(body: Any) -> bytes:  # noqa: ANN401 - any body
    return json.dumps(body).encode()[:-2]


def noted(body: Any) -> Any:  # noqa: ANN401 - any body
    return {**body, "note": "créé"}


def turns(old: int, new: int) -> type[Service]:
    """Answer one status with another."""
    return plant(respond=lambda self, status, body: Service.respond(self, new if status == old else status, body))


def refuses_every(number: int, status: int, method: str) -> type[Service]:
    """Refuse now and then, and say nothing of when to come again."""

    def answer(self: Service, request: Request) -> Response:
        if request.method == method and self.count[method] % number == 0:
            raise RefusedError(status, "APIG.0201", "The backend is unavailable")
        return Service.answer(self, request)

    return plant(answer=answer)


def breaks(fault: Fault, method: str) -> Transport:
    return Transport(fault=fault, methods=(method,))


STATUS = (
    Defect("400 is a 422", DOCUMENTED, turns(400, 422), frozenset({"list/limit/type"})),
    Defect("400 is a 406", DOCUMENTED, turns(400, 406), frozenset({"list/limit/type"})),
    Defect("401 is a 302", DOCUMENTED, turns(401, 302)),
    Defect("401 is a 419", DOCUMENTED, turns(401, 419)),
    Defect("404 is a 410", DOCUMENTED, turns(404, 410)),
    Defect("every sixth list is a 502", DOCUMENTED, refuses_every(6, 502, "GET"), frozenset({"list/status"})),
    Defect(
        "every sixth list is a 503 and says not when",
        DOCUMENTED,
        refuses_every(6, 503, "GET"),
        frozenset({"list/status"}),
    ),
    Defect("every third generate is a 504", DOCUMENTED, refuses_every(3, 504, "PUT"), frozenset({"generate/status"})),
    Defect(
        "every third generate is a 403 of a firewall",
        "generate/status",
        refuses_every(3, 403, "PUT"),
        frozenset({"error/403/code"}),
    ),
)
FORM = (
    Defect("bodies are text/plain", JSON, says("text/plain")),
    Defect("bodies are text/html", JSON, says("text/html;charset=UTF-8")),
    Defect("bodies are octets", JSON, says("application/octet-stream")),
    Defect("bodies are text/json", JSON, says("text/json")),
    Defect("bodies are of no type", JSON, plant(headers=says_nothing)),
    Defect("bodies have an empty type", JSON, says("")),
    Defect("bodies say another charset", JSON, says("application/json; charset=gbk")),
    Defect("errors are text/plain", JSON, says("text/plain", 400, 401, 403, 404)),
    Defect("only 404 is text/html", JSON, says("text/html", 404)),
    Defect("only generate is text/plain", JSON, says("text/plain", 201)),
    Defect("pages have a BOM", JSON, writes(lambda body: b"\xef\xbb\xbf" + json.dumps(body).encode(), 200)),
    Defect("pages are UTF-16", JSON, writes(lambda body: json.dumps(body).encode("utf-16"), 200)),
    Defect(
        "pages are Latin-1",
        JSON,
        writes(lambda body: json.dumps(noted(body), ensure_ascii=False).encode("latin-1"), 200),
    ),
    Defect("pages are cut", JSON, writes(cut, 200)),
    Defect("generate is cut", JSON, writes(cut, 201)),
    Defect("pages are empty bodies", JSON, writes(lambda _: b"", 200)),
    Defect("generate is an empty body", JSON, writes(lambda _: b"", 201)),
    Defect("pages have single quotes", JSON, writes(lambda body: repr(body).encode(), 200)),
    Defect("generate has single quotes", JSON, writes(lambda body: repr(body).encode(), 201)),
    Defect("pages hold NaN", JSON, writes(lambda body: json.dumps({**body, "took": float("nan")}).encode(), 200)),
    Defect("pages hold Infinity", JSON, writes(lambda body: json.dumps({**body, "took": float("inf")}).encode(), 200)),
    Defect(
        "pages hold True",
        JSON,
        writes(lambda body: json.dumps({**body, "more": True}).replace("true", "True").encode(), 200),
    ),
    Defect("pages end with a comma", JSON, writes(lambda body: (json.dumps(body)[:-1] + ",}").encode(), 200)),
    Defect("pages begin with a comment", JSON, writes(lambda body: b"/* page */" + json.dumps(body).encode(), 200)),
    Defect(
        "pages have names without quotes",
        JSON,
        writes(lambda body: json.dumps(body).replace('"total"', "total").encode(), 200),
    ),
    Defect("pages are calls of a function", JSON, writes(lambda body: f"callback({json.dumps(body)});".encode(), 200)),
    Defect("pages are guarded against scripts", JSON, writes(lambda body: b")]}',\n" + json.dumps(body).encode(), 200)),
    Defect("bodies are written twice", JSON, writes(lambda body: json.dumps(body).encode() * 2)),
    Defect("pages have garbage behind", JSON, writes(lambda body: json.dumps(body).encode() + b"\x00\x00", 200)),
    Defect(
        "pages have a warning before",
        JSON,
        writes(lambda body: b"Warning: slow query\n" + json.dumps(body).encode(), 200),
    ),
    Defect("pages are XML", JSON, writes(lambda body: f"<page><total>{body['total']}</total></page>".encode(), 200)),
    Defect(
        "pages are gzip and do not say so", JSON, writes(lambda body: gzip.compress(json.dumps(body).encode()), 200)
    ),
    Defect("every third body is cut", JSON, now_and_then(cut)),
    Defect("empty pages are empty bodies", JSON, only_when(lambda _: b"", is_empty)),
    Defect("long pages are cut", JSON, only_when(cut, is_long), existing=25),
    Defect("401 is HTML", JSON, writes(html, 401)),
    Defect("403 is HTML", JSON, writes(html, 403)),
    Defect("404 is HTML", JSON, writes(html, 404)),
    Defect("400 is HTML", JSON, writes(html, 400)),
    Defect("errors are empty bodies", JSON, writes(lambda _: b"", 400, 401, 403, 404)),
    Defect("errors are plain words", JSON, writes(lambda body: str(body["error_msg"]).encode(), 400, 401, 403, 404)),
)
CONNECTION = (
    Defect(
        "pages are shorter than Content-Length says", "list/status", Service, transport=breaks("length_too_long", "GET")
    ),
    Defect("pages are longer than Content-Length says", JSON, Service, transport=breaks("length_too_short", "GET")),
    Defect("pages break off", "list/status", Service, transport=breaks("cut", "GET")),
    Defect("pages never end", "list/status", Service, transport=breaks("endless", "GET")),
    Defect("lists are reset", "list/status", Service, transport=breaks("reset", "GET")),
    Defect("pages are reset in their body", "list/status", Service, transport=breaks("reset_in_body", "GET")),
    Defect("generate breaks off", "generate/status", Service, transport=breaks("cut", "PUT")),
    Defect("generate is reset", "generate/status", Service, transport=breaks("reset", "PUT")),
    Defect("generate is longer than Content-Length says", JSON, Service, transport=breaks("length_too_short", "PUT")),
    Defect("generate has no status line", "generate/status", Service, transport=breaks("no_status_line", "PUT")),
)
DEFECTS = (*STATUS, *FORM, *CONNECTION)
