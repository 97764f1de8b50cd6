"""Servers with one planted defect each: a handler in front of the fake that changes what it answers."""

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


def drops(status: int, field: str) -> Handle:
    return changes(status, lambda body: {key: value for key, value in body.items() if key != field})


def code(change: Callable[[str], str]) -> Handle:
    """Change the AppCode that generate answers."""
    return changes(201, lambda body: {**body, "app_code": change(body["app_code"])})


def items(change: Callable[[list[Any]], list[Any]]) -> Handle:
    """Change the items of every page, and keep size right."""

    def page(body: dict[str, Any]) -> dict[str, Any]:
        changed = change(body["app_codes"])
        return {**body, "app_codes": changed, "size": len(changed)}

    return changes(200, page)


def each_item(**fields: object) -> Handle:
    return items(lambda page: [{**item, **fields} for item in page])


def status(old: int, new: int) -> Handle:
    def handle(fake: FakeAppCodes, request: Request) -> Response:
        response = fake.handle(request)
        return Response(new, response.headers, response.body) if response.status == old else response

    return handle


def asks(rewrite: Callable[[dict[str, str]], dict[str, str] | None]) -> Handle:
    """Take a list's query for another one; None answers 500."""

    def handle(fake: FakeAppCodes, request: Request) -> Response:
        if request.method != "GET":
            return fake.handle(request)
        query = rewrite(dict(parse_qsl(request.query, keep_blank_values=True)))
        if query is None:
            return with_body(fake.handle(request), {"error_code": "APIG.9999", "error_msg": "System error"}, 500)
        parts = urlsplit(request.url)
        rewritten = "&".join(f"{name}={value}" for name, value in query.items())
        url = parts._replace(query=rewritten).geturl()
        return fake.handle(Request(request.method, url, request.headers))

    return handle


def headers(change: Callable[[dict[str, str]], dict[str, str]]) -> Handle:
    def handle(fake: FakeAppCodes, request: Request) -> Response:
        response = fake.handle(request)
        return Response(response.status, tuple(change(dict(response.headers)).items()), response.body)

    return handle


def trusts(when: Callable[[Request], bool]) -> Handle:
    """Let requests through as if they carried the right token."""

    def handle(fake: FakeAppCodes, request: Request) -> Response:
        if not when(request):
            return fake.handle(request)
        return fake.handle(Request(request.method, request.url, {"X-Auth-Token": fake.token}))

    return handle


def integer(text: str | None, default: int) -> int:
    try:
        return int(text) if text is not None else default
    except ValueError:
        return default


def _double(fake: FakeAppCodes, request: Request) -> Response:
    response = fake.handle(request)
    if response.status == 201:
        fake.handle(request)
    return response


def _first_again() -> Handle:
    first: list[Response] = []

    def handle(fake: FakeAppCodes, request: Request) -> Response:
        response = fake.handle(request)
        if response.status == 201:
            first.append(response)
            return with_body(response, {**response.json(), "app_code": first[0].json()["app_code"]})
        return response

    return handle


def _forgets(fake: FakeAppCodes, request: Request) -> Response:
    if request.method == "PUT":
        other = FakeAppCodes(project_id=fake.project_id, instance_id=fake.instance_id, app_id=fake.app_id)
        return other.handle(Request(request.method, request.url, {"X-Auth-Token": other.token}))
    return fake.handle(request)


def _loses_every_other() -> Handle:
    calls = iter(range(10**6))

    def handle(fake: FakeAppCodes, request: Request) -> Response:
        if request.method == "PUT" and next(calls) % 2:
            return _forgets(fake, request)
        return fake.handle(request)

    return handle


def _list_generates(fake: FakeAppCodes, request: Request) -> Response:
    response = fake.handle(request)
    if response.status == 200:
        fake.seed(1)
    return response


def _refused_queries_generate(statuses: set[int]) -> Handle:
    def handle(fake: FakeAppCodes, request: Request) -> Response:
        response = fake.handle(request)
        if request.method == "GET" and response.status in statuses:
            fake.seed(1)
        return response

    return handle


def _refusal_generates(fake: FakeAppCodes, request: Request) -> Response:
    if request.method == "PUT" and request.header("X-Auth-Token") is None:
        fake.seed(1)
    return fake.handle(request)


def _shuffles() -> Handle:
    calls = iter(range(10**6))

    def handle(fake: FakeAppCodes, request: Request) -> Response:
        response = fake.handle(request)
        if response.status == 200 and next(calls) % 2:
            body = response.json()
            return with_body(response, {**body, "app_codes": body["app_codes"][::-1]})
        return response

    return handle


def _total_of_page(fake: FakeAppCodes, request: Request) -> Response:
    response = fake.handle(request)
    if response.status == 200:
        return with_body(response, {**response.json(), "total": response.json()["size"]})
    return response


def _every_app(fake: FakeAppCodes, request: Request) -> Response:
    response = fake.handle(request)
    if response.status == 404:
        return with_body(response, {"total": 0, "size": 0, "app_codes": []}, 200)
    return response


def _wants_a_body(fake: FakeAppCodes, request: Request) -> Response:
    response = fake.handle(request)
    if request.method == "PUT" and not request.body:
        return with_body(response, {"error_code": "APIG.2012", "error_msg": "parameterName:body"}, 415)
    return response


def _error_sets(status_code: int, **fields: object) -> Handle:
    return changes(status_code, lambda body: {**body, **fields})


def _limit(change: Callable[[int], int]) -> Handle:
    def rewrite(query: dict[str, str]) -> dict[str, str]:
        value = query.get("limit")
        if value is not None and value.isascii() and value.isdigit() and 1 <= int(value) <= 500:
            return {**query, "limit": str(change(int(value)))}
        return query

    return asks(rewrite)


def _offset(change: Callable[[int], int | str]) -> Handle:
    return asks(lambda query: {**query, "offset": str(change(integer(query.get("offset"), 0)))})


def _some_fail(status_code: int) -> Handle:
    calls = iter(range(10**6))

    def handle(fake: FakeAppCodes, request: Request) -> Response:
        if request.method == "PUT" and next(calls) % 2:
            fake.fail("generate", status=status_code)
        return fake.handle(request)

    return handle


DEFECTS: dict[str, tuple[str, Handle]] = {
    "generate answers 200": ("generate/status", status(201, 200)),
    "generate answers 202": ("generate/status", status(201, 202)),
    "generate wants a body": ("generate/status", _wants_a_body),
    "generate answers 500": ("generate/status", status(201, 500)),
    "63 characters": ("generate/app-code/length", code(lambda value: value[:63])),
    "181 characters": ("generate/app-code/length", code(lambda value: (value * 3)[:181])),
    "leading digit": ("generate/app-code/first-character", code(lambda value: "7" + value[1:])),
    "leading underscore": ("generate/app-code/first-character", code(lambda value: "_" + value[1:])),
    "hyphen": ("generate/app-code/alphabet", code(lambda value: value[:-1] + "-")),
    "newline at the end": ("generate/app-code/alphabet", code(lambda value: value[:-1] + "\n")),
    "plus decoded to a blank": ("generate/app-code/alphabet", code(lambda value: value[:-1] + " ")),
    "app_code is null": ("generate/app-code", sets(201, app_code=None)),
    "app_code renamed": ("generate/app-code", changes(201, lambda body: {"appCode": body.pop("app_code"), **body})),
    "generate in an envelope": ("generate/app-code", changes(201, lambda body: {"data": body})),
    "generate answers an array": ("generate/body", changes(201, lambda body: [body])),
    "id is a number": ("generate/id", sets(201, id=7)),
    "id missing": ("generate/id", drops(201, "id")),
    "app_id missing": ("generate/app-id", drops(201, "app_id")),
    "app_id of another": ("generate/app-id/echo", sets(201, app_id="another")),
    "create_time missing": ("generate/create-time", drops(201, "create_time")),
    "create_time in milliseconds": ("generate/create-time", sets(201, create_time=1595557905790)),
    "create_time without zone": ("generate/create-time/format", sets(201, create_time="2020-07-24T02:31:45")),
    "create_time of another second": ("generate/listed", sets(201, create_time="2020-07-24T02:31:46.790909295Z")),
    "the same AppCode again": ("generate/random", _first_again()),
    "the same id again": ("generate/random", sets(201, id="one")),
    "two at a time": ("generate/single", _double),
    "every other generate answers 500": ("generate/status", _some_fail(500)),
    "every other generate answers 404": ("generate/concurrent", _some_fail(404)),
    "generate blames a parameter": ("generate/status", _some_fail(400)),
    "total is a wrong fraction": ("list/total", changes(200, lambda body: {**body, "total": body["total"] + 0.5})),
    "total is one more with an offset": (
        "list/total",
        lambda fake, request: (
            changes(200, lambda body: {**body, "total": body["total"] + 1})
            if "offset=1" in request.query
            else FakeAppCodes.handle
        )(fake, request),
    ),
    "an empty token will do": ("header/x-auth-token", trusts(lambda request: request.header("X-Auth-Token") == "")),
    "half a token will do": (
        "error/401/code",
        lambda fake, request: trusts(lambda asked: fake.token.startswith(asked.header("X-Auth-Token") or "-"))(
            fake, request
        ),
    ),
    "a limit of 64 bits is a 500": (
        "list/limit/maximum",
        asks(lambda query: None if integer(query.get("limit"), 0) >= 2**63 - 1 else query),
    ),
    "offset and limit overflow": (
        "list/offset/long",
        asks(
            lambda query: None if integer(query.get("offset"), 0) + integer(query.get("limit"), 0) >= 2**63 else query
        ),
    ),
    "charset is another": ("body/json", headers(lambda old: {**old, "Content-Type": "application/json; charset=gbk"})),
    "30 February": ("generate/create-time/format", sets(201, create_time="2020-02-30T02:31:45.790909295Z")),
    "forgotten at once": ("generate/listed", _forgets),
    "every other lost": ("generate/concurrent", _loses_every_other()),
    "listed in lower case": (
        "generate/listed",
        items(lambda page: [{**item, "app_code": item["app_code"].lower()} for item in page]),
    ),
    "list answers 201": ("list/status", status(200, 201)),
    "list answers 204": ("list/status", status(200, 204)),
    "list answers 500": ("list/status", status(200, 500)),
    "list is a bare array": ("list/body", changes(200, lambda body: body["app_codes"])),
    "size missing": ("list/size", drops(200, "size")),
    "size is a string": ("list/size", changes(200, lambda body: {**body, "size": str(body["size"])})),
    "size is total": ("list/size", changes(200, lambda body: {**body, "size": body["total"]})),
    "total is a string": ("list/total", changes(200, lambda body: {**body, "total": str(body["total"])})),
    "total is size": ("list/total", _total_of_page),
    "total is one more": ("list/total", changes(200, lambda body: {**body, "total": body["total"] + 1})),
    "app_codes null when empty": (
        "list/app-codes",
        changes(200, lambda body: {**body, "app_codes": body["app_codes"] or None}),
    ),
    "app_codes renamed": ("list/app-codes", changes(200, lambda body: {"items": body.pop("app_codes"), **body})),
    "items without id": (
        "list/app-codes/item",
        items(lambda page: [{k: v for k, v in item.items() if k != "id"} for item in page]),
    ),
    "items of 30 February": ("list/create-time/format", each_item(create_time="2020-02-30T02:31:45Z")),
    "items masked": ("list/app-codes/item", each_item(app_code="***")),
    "items of another app": ("list/app-codes/own", each_item(app_id="another")),
    "item times as numbers": ("list/app-codes/item", each_item(create_time=1595557905)),
    "item times of another form": ("list/create-time/format", each_item(create_time="24 Jul 2020 02:31:45")),
    "offset begins at 1": ("list/total", _offset(lambda offset: offset + 1)),
    "offset counts pages": (
        "list/limit/page",
        asks(lambda query: {**query, "offset": str(integer(query.get("offset"), 0) * integer(query.get("limit"), 20))}),
    ),
    "offset ignored": ("list/paging", asks(lambda query: {k: v for k, v in query.items() if k != "offset"})),
    "negative offset refused": (
        "list/offset/negative",
        asks(lambda query: None if query.get("offset", "").startswith("-") else query),
    ),
    "negative offset from the end": ("list/offset/negative", _offset(lambda offset: offset if offset >= 0 else 1)),
    "offset of 32 bits": (
        "list/offset/long",
        asks(lambda query: None if integer(query.get("offset"), 0) >= 2**31 else query),
    ),
    "offset wraps at 32 bits": ("list/offset/long", _offset(lambda offset: offset % 2**32 if offset < 2**62 else 0)),
    "default offset 1": ("list/offset/default", asks(lambda query: {"offset": "1", **query})),
    "default limit 3": ("list/limit/default", asks(lambda query: {"limit": "3", **query})),
    "limit one too many": ("list/limit/minimum", _limit(lambda limit: min(limit + 1, 500))),
    "limit one too few": ("list/limit/page", _limit(lambda limit: max(limit - 1, 1))),
    "limit ignored": (
        "list/limit/minimum",
        asks(lambda query: {k: v for k, v in query.items() if k != "limit" or not v.isdigit() or not 0 < int(v) < 501}),
    ),
    "limit 1 refused": (
        "list/limit/minimum",
        asks(lambda query: {**query, "limit": "0"} if query.get("limit") == "1" else query),
    ),
    "limit 500 refused": (
        "list/limit/maximum",
        asks(lambda query: {**query, "limit": "501"} if query.get("limit") == "500" else query),
    ),
    "limit 0 is an empty page": (
        "list/limit/minimum",
        asks(lambda query: {**query, "limit": "20", "offset": "99"} if query.get("limit") == "0" else query),
    ),
    "limit 0 is a 500": ("list/limit/minimum", asks(lambda query: None if query.get("limit") == "0" else query)),
    "limit abc is 20": ("list/limit/type", asks(lambda query: {k: v for k, v in query.items() if v != "abc"})),
    "limit 4.0 is 4": ("list/limit/type", asks(lambda query: {k: v.removesuffix(".0") for k, v in query.items()})),
    "limit of other digits is 4": (
        "list/limit/type",
        asks(lambda query: {k: v.replace("٤", "4") for k, v in query.items()}),
    ),
    "empty limit is 20": ("list/limit/type", asks(lambda query: {k: v for k, v in query.items() if v})),
    "unstable order": ("list/paging", _shuffles()),
    "a query generates": ("list/read-only", _list_generates),
    "no token needed": ("header/x-auth-token", trusts(lambda request: request.header("X-Auth-Token") is None)),
    "any token will do": ("error/401/code", trusts(lambda request: request.header("X-Auth-Token") is not None)),
    "forbidden token may": ("error/403/code", trusts(lambda request: request.header("X-Auth-Token") == FORBIDDEN)),
    "refused generate generates": ("error/no-effect", _refusal_generates),
    "every refused query generates": ("error/no-effect", _refused_queries_generate({400, 401, 403, 404})),
    "a query with a wrong token generates": ("error/no-effect", _refused_queries_generate({401})),
    "a query for an unknown app generates": ("error/no-effect", _refused_queries_generate({404})),
    "unknown app is empty": ("error/404/code", _every_app),
    "unknown app is 400": ("error/404/code", status(404, 400)),
    "error_code missing": ("error/body", drops(401, "error_code")),
    "error_msg is an object": ("error/body", _error_sets(404, error_msg={"text": "no"})),
    "errors in an envelope": ("error/body", changes(400, lambda body: {"error": body})),
    "another code for 400": ("error/400/code", _error_sets(400, error_code="APIG.0001")),
    "400 without the parameter": ("error/400/code", _error_sets(400, error_msg="wrong")),
    "another code for 401": ("error/401/code", _error_sets(401, error_code="APIG.0301")),
    "another code for 403": ("error/403/code", _error_sets(403, error_code="APIG.0302")),
    "another code for 404": ("error/404/code", _error_sets(404, error_code="APIG.0101")),
    "404 without the app": ("error/404/code", _error_sets(404, error_msg="not found")),
    "422 for 400": ("status/documented", status(400, 422)),
    "302 for 401": ("status/documented", status(401, 302)),
    "errors as HTML": ("body/json", changes(404, lambda _: b"<h1>Not Found</h1>")),
    "text/plain": ("body/json", headers(lambda old: {**old, "Content-Type": "text/plain"})),
    "no Content-Type": ("body/json", headers(lambda old: {k: v for k, v in old.items() if k != "Content-Type"})),
    "truncated JSON": ("body/json", changes(200, lambda body: json.dumps(body).encode()[:-5])),
    "empty body": ("body/json", changes(201, lambda _: b"")),
    "single quotes": ("body/json", changes(201, lambda body: repr(body).encode())),
    "Latin-1": (
        "body/json",
        changes(200, lambda body: json.dumps({**body, "note": "é"}, ensure_ascii=False).encode("latin-1")),
    ),
}
"""Each defect by name, with the clause that it breaks."""
