"""Servers with one defect each, made of the fake; tests/broken_servers has many more, made without it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from appcode_contract import FakeAppCodes, Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable

    Handle = Callable[[FakeAppCodes, Request], Response]


FORBIDDEN = "forbidden-token-of-the-tests"
"""A token that every fake of these tests knows and refuses."""


class BrokenServer:
    """Answers like the fake, but for one defect."""

    def __init__(self, fake: FakeAppCodes, handle: Handle) -> None:
        self._fake = fake
        self._handle = handle

    def handle(self, request: Request) -> Response:
        return self._handle(self._fake, request)


def with_body(response: Response, body: object, status: int | None = None) -> Response:
    written = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = [(name, value) for name, value in response.headers if name != "Content-Length"]
    return Response(status or response.status, (*headers, ("Content-Length", str(len(written)))), written)


def changes(status: int, change: Callable[[Any], Any]) -> Handle:
    """Change the parsed body of every answer with a status."""

    def handle(fake: FakeAppCodes, request: Request) -> Response:
        response = fake.handle(request)
        if response.status != status or not response.body:
            return response
        return with_body(response, change(response.json()))

    return handle


def sets(status: int, **fields: object) -> Handle:
    return changes(status, lambda body: {**body, **fields})


def _status(old: int, new: int) -> Handle:
    def handle(fake: FakeAppCodes, request: Request) -> Response:
        response = fake.handle(request)
        return Response(new, response.headers, response.body) if response.status == old else response

    return handle


def _needs_no_token(fake: FakeAppCodes, request: Request) -> Response:
    if request.header("X-Auth-Token") is None:
        return fake.handle(Request(request.method, request.url, {"X-Auth-Token": fake.token}))
    return fake.handle(request)


def _double(fake: FakeAppCodes, request: Request) -> Response:
    response = fake.handle(request)
    if response.status == 201:
        fake.handle(request)
    return response


def _limit_0_is_an_empty_page(fake: FakeAppCodes, request: Request) -> Response:
    if dict(parse_qsl(request.query)).get("limit") != "0":
        return fake.handle(request)
    url = urlsplit(request.url)._replace(query="offset=99").geturl()
    return fake.handle(Request(request.method, url, request.headers))


DEFECTS: dict[str, Handle] = {
    "generate answers 200": _status(201, 200),
    "generate answers 202": _status(201, 202),
    "generate answers 500": _status(201, 500),
    "63 characters": changes(201, lambda body: {**body, "app_code": body["app_code"][:63]}),
    "app_code renamed": changes(201, lambda body: {"appCode": body.pop("app_code"), **body}),
    "two at a time": _double,
    "listed in lower case": changes(
        200,
        lambda body: {
            **body,
            "app_codes": [{**item, "app_code": item["app_code"].lower()} for item in body["app_codes"]],
        },
    ),
    "truncated JSON": changes(200, lambda body: json.dumps(body).encode()[:-5]),
    "limit 0 is an empty page": _limit_0_is_an_empty_page,
    "no token needed": _needs_no_token,
}
