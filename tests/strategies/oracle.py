"""The pages read once more, character by character: no regular expression, no schema, nothing of the package's rules.

Every function gives the ids of the clauses that a value breaks; none when it is valid.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

if TYPE_CHECKING:
    from appcode_contract import Exchange, Request

CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LETTERS = CAPITALS + CAPITALS.lower()
DIGITS = "0123456789"
SPECIALS = "+_!@#$%/="
ALLOWED = set(LETTERS + DIGITS + SPECIALS)
CODES = {400: "APIG.2012", 401: "APIG.1002", 403: "APIG.1005", 404: "APIG.3004", 500: "APIG.9999"}
SUCCESS = {"PUT": 201, "GET": 200}
DOCUMENTED = {*SUCCESS.values(), *CODES}
NAMES = {"PUT": "generate", "GET": "list"}
TIME_FORMAT = "generate/create-time/format"
LONGS = range(-(2**63), 2**63)


def broken_by_app_code(value: object) -> set[str]:
    """Judge an AppCode (G T3)."""
    if not isinstance(value, str):
        return {"generate/app-code"}
    rules = set()
    if len(value) not in range(64, 181):
        rules.add("generate/app-code/length")
    if value[:1] not in [*LETTERS, "+", "/"]:
        rules.add("generate/app-code/first-character")
    if not set(value) <= ALLOWED:
        rules.add("generate/app-code/alphabet")
    return rules


def number(text: str, digits: int, allowed: range) -> bool:
    """Tell whether a text is a number of so many digits of ASCII in a range."""
    return len(text) == digits and all(each in DIGITS for each in text) and int(text) in allowed


def is_zone(text: str) -> bool:
    """Tell whether a text is a zone of RFC 3339."""
    if text in {"Z", "z"}:
        return True
    sign, hours, colon, minutes = text[:1], text[1:3], text[3:4], text[4:]
    return sign in {"+", "-"} and colon == ":" and number(hours, 2, range(24)) and number(minutes, 2, range(60))


def is_time(text: str) -> bool:
    """Tell whether a text is a date-time of RFC 3339 with at most nine fractional digits."""
    parts = (
        number(text[0:4], 4, range(10000)),
        text[4:5] == "-",
        number(text[5:7], 2, range(1, 13)),
        text[7:8] == "-",
        number(text[8:10], 2, range(1, 32)),
        text[10:11] in {"T", "t"},
        number(text[11:13], 2, range(24)),
        text[13:14] == ":",
        number(text[14:16], 2, range(60)),
        text[16:17] == ":",
        number(text[17:19], 2, range(61)),
    )
    rest = text[19:]
    if rest.startswith("."):
        digits = rest[1:].rstrip("Zz") if rest.endswith(("Z", "z")) else rest[1:-6]
        if not 1 <= len(digits) <= 9 or any(each not in DIGITS for each in digits):
            return False
        rest = rest[1 + len(digits) :]
    return all(parts) and is_zone(rest)


def broken_by_time(value: object) -> set[str]:
    """Judge a time of creation (G T3, G ex)."""
    if not isinstance(value, str):
        return {"generate/create-time"}
    return set() if is_time(value) else {TIME_FORMAT}


def broken_by_record(value: object) -> set[str]:
    """Judge the body of a 201 (G T3)."""
    if not isinstance(value, dict):
        return {"generate/body"}
    rules = broken_by_app_code(value.get("app_code")) | broken_by_time(value.get("create_time"))
    for name, clause in (("id", "generate/id"), ("app_id", "generate/app-id")):
        if not isinstance(value.get(name), str):
            rules.add(clause)
    return rules


def is_count(value: object, most: int) -> bool:
    """Tell whether a value is an integer from 0 on."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def broken_by_page(value: object) -> set[str]:
    """Judge the body of a 200, as far as a schema sees (L T4, L T5)."""
    if not isinstance(value, dict):
        return {"list/body"}
    rules = set()
    size, items = value.get("size"), value.get("app_codes")
    if not is_count(size, 2**63):
        rules.add("list/size")
    if not is_count(value.get("total"), 2**63 - 1):
        rules.add("list/total")
    if not isinstance(items, list):
        return rules | {"list/app-codes"}
    if len(items) > 500 or (is_count(size, 2**63) and not is_count(size, 500)):
        rules.add("list/limit/cap")
    for broken in map(broken_by_record, items):
        if TIME_FORMAT in broken:
            rules.add("list/create-time/format")
        if broken - {TIME_FORMAT}:
            rules.add("list/app-codes/item")
    return rules


def broken_by_error(value: object) -> set[str]:
    """Judge the body of a refusal (G T4-T8, L T6-T10)."""
    names = ("error_code", "error_msg")
    held = isinstance(value, dict) and all(isinstance(value.get(name), str) for name in names)
    return set() if held else {"error/body"}


def read_integer(text: str) -> int | None:
    """Read a decimal integer of ASCII digits, digit by digit."""
    digits = text.removeprefix("-")
    if not digits or any(digit not in DIGITS for digit in digits):
        return None
    value = 0
    for digit in digits:
        value = 10 * value + DIGITS.index(digit)
    return -value if text.startswith("-") else value


def broken_by_query(query: list[tuple[str, str]]) -> set[str]:
    """Judge a query of list (L T2)."""
    rules = {"list/query" for name, _ in query if name not in {"offset", "limit"}}
    for name, clause in (("limit", "list/limit/type"), ("offset", "list/offset/long")):
        values = [read_integer(value) for key, value in query if key == name]
        if len(values) > 1 or None in values:
            rules.add(clause)
        for value in values[:1]:
            if value is not None and name == "limit" and value < 1:
                rules.add("list/limit/minimum")
            if value is not None and name == "limit" and value > 500:
                rules.add("list/limit/maximum")
            if value is not None and name == "offset" and value not in LONGS:
                rules.add(clause)
    return rules


def path_parameters(request: Request) -> dict[str, str] | None:
    """Read the path of both operations; None when it is another (G T1, L T1)."""
    match [unquote(segment) for segment in request.url.partition("?")[0].split("/")[3:]]:
        case ["v2", project, "apic", "instances", instance, "apps", app, "app-codes"]:
            return {"project_id": project, "instance_id": instance, "app_id": app}
        case _:
            return None


def broken_by_request(request: Request) -> set[str]:
    """Judge a request (G T1, G T2, L T1 to L T3)."""
    text, path = request.url.partition("?")[2], path_parameters(request)
    if path is None or request.method not in NAMES:
        return {"path/uri"}
    rules = {f"path/{name.replace('_', '-')}" for name, value in path.items() if not value}
    tokens = [value for name, value in request.headers if name.lower() == "x-auth-token"]
    if not any(tokens):
        rules.add("header/x-auth-token")
    if request.body:
        rules.add(f"{NAMES[request.method]}/no-body")
    query = parse_qsl(text, keep_blank_values=True)
    if request.method == "PUT":
        return rules | ({"generate/no-query"} if query else set())
    return rules | broken_by_query(query)


def refuse(name: str) -> None:
    """Refuse NaN and infinities, which JSON does not have."""
    raise ValueError(name)


def no_day(value: object) -> bool:
    """Tell whether a record's time is on a day that no calendar has."""
    text = value.get("create_time") if isinstance(value, dict) else None
    if not isinstance(text, str) or not is_time(text):
        return False
    try:
        date(int(text[:4]), int(text[5:7]), int(text[8:10]))
    except ValueError:
        return True
    return False


def has_no_day(document: object) -> bool:
    """Tell whether a record, or one of a page, has a time on a day that no calendar has."""
    items = document.get("app_codes") if isinstance(document, dict) else None
    return any(map(no_day, [document, *(items if isinstance(items, list) else [])]))


def broken_by_answered_record(document: Any, app_id: str) -> set[str]:  # noqa: ANN401 - any JSON value
    """Judge the body of a 201 beside its request."""
    rules = broken_by_record(document)
    if no_day(document):
        rules.add(TIME_FORMAT)
    if isinstance(document, dict) and isinstance(document.get("app_id"), str) and document["app_id"] != app_id:
        rules.add("generate/app-id/echo")
    return rules


def broken_by_answered_page(document: Any, app_id: str, query: list[tuple[str, str]]) -> set[str]:  # noqa: ANN401 - any JSON value
    """Judge the body of a 200 beside its request."""
    rules = broken_by_page(document)
    if not isinstance(document, dict) or not isinstance(document.get("app_codes"), list):
        return rules
    items = [item for item in document["app_codes"] if isinstance(item, dict)]
    if isinstance(document.get("size"), int) and document["size"] != len(document["app_codes"]):
        rules.add("list/size")
    if any(map(no_day, items)):
        rules.add("list/create-time/format")
    if any(isinstance(item.get("app_id"), str) and item["app_id"] != app_id for item in items):
        rules.add("list/app-codes/own")
    ids = [item["id"] for item in items if isinstance(item.get("id"), str)]
    if len(ids) != len(set(ids)):
        rules.add("list/paging")
    limit = int(dict(query).get("limit", 20))
    if 1 <= limit <= 500 and len(document["app_codes"]) > limit:
        named = {1: "list/limit/minimum", 500: "list/limit/maximum"}.get(limit, "list/limit/page")
        rules.add(named if query else "list/limit/default")
    return rules


def app_of(request: Request) -> str:
    """Read the app's id from the path."""
    return unquote(request.url.partition("?")[0].split("/")[-2])


def broken_by_refusal(status: int, document: Any, exchange: Exchange) -> set[str]:  # noqa: ANN401 - any JSON value
    """Judge the body of a refusal beside its status and its request."""
    rules = broken_by_error(document)
    if not isinstance(document, dict):
        return rules
    code, text = document.get("error_code"), document.get("error_msg")
    at_fault = status != 400 or "limit=" in exchange.request.url
    subject = {404: app_of(exchange.request), 400: "limit"}.get(status, "")
    if at_fault and isinstance(code, str) and code != CODES[status]:
        rules.add(f"error/{status}/code")
    if at_fault and isinstance(text, str) and subject not in text:
        rules.add(f"error/{status}/code")
    return rules


def broken_by_response(exchange: Exchange) -> set[str]:
    """Judge an answer beside its request."""
    request, response = exchange.request, exchange.response
    assert response is not None
    rules = set()
    if response.status not in DOCUMENTED:
        return {"status/documented"}
    if response.status not in {SUCCESS[request.method], *CODES}:
        rules.add(f"{NAMES[request.method]}/status")
    types = [value for name, value in response.headers if name.lower() == "content-type"]
    if [each.partition(";")[0].strip().lower() for each in types] != ["application/json"]:
        rules.add("body/json")
    try:
        document = json.loads(response.body.decode(), parse_constant=refuse)
    except ValueError:
        return rules | {"body/json"}
    app_id = app_of(request)
    if response.status in CODES:
        return rules | broken_by_refusal(response.status, document, exchange)
    if request.method == "PUT":
        return rules | broken_by_answered_record(document, app_id)
    return rules | broken_by_answered_page(document, app_id, parse_qsl(request.url.partition("?")[2]))
