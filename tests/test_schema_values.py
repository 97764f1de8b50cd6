"""What the schemas accept and refuse, by two independent engines."""

from __future__ import annotations

import json
import re
import string
from functools import cache
from typing import Any

import jsonschema_rs
import pytest

from appcode_contract.schema_store import NAMES, schema, strict_schema, validator

ENGINES = ("jsonschema", "jsonschema-rs")
SPECIALS = "+_!@#$%/="
LEGAL = set(string.ascii_letters + string.digits + SPECIALS)
GOOD = "f" * 64
TIME = "2020-07-24T02:31:45Z"
ITEM: dict[str, Any] = {"app_code": GOOD, "id": "1", "app_id": "a", "create_time": TIME}
PAGE: dict[str, Any] = {"size": 1, "total": 1, "app_codes": [ITEM]}
ERROR: dict[str, Any] = {"error_code": "APIG.9999", "error_msg": ""}

APP_CODES = {
    "64 characters": GOOD,
    "180 characters": "f" * 180,
    "digits after the first": "f" + "0123456789" * 7,
    "letters only, as the prose reads": "Ab" * 32,
    **{f"first {character}": character + GOOD[1:] for character in "+/aAzZ"},
    **{f"last {character}": GOOD[1:] + character for character in SPECIALS},
}
NO_APP_CODES: dict[str, Any] = {
    "empty": "",
    "63 characters": "f" * 63,
    "181 characters": "f" * 181,
    "63 characters and a newline": "f" * 63 + "\n",
    "64 characters and a newline": GOOD + "\n",
    "newline before": "\n" + GOOD,
    "newline inside": "f" * 32 + "\n" + "f" * 32,
    "carriage return at the end": GOOD + "\r",
    "line separator at the end": GOOD + "\u2028",
    "nul at the end": GOOD + "\0",
    **{f"first {digit}": digit + GOOD[1:] for digit in string.digits},
    **{f"first {character}": character + GOOD[1:] for character in SPECIALS if character not in "+/"},
    **{f"last {character!r}": GOOD[1:] + character for character in sorted(set(string.printable) - LEGAL)},
    "letter beyond ascii": GOOD[1:] + "\u00e9",
    "digit beyond ascii": GOOD[1:] + "\u0664",
    "full-width letter": "\uff21" + GOOD[1:],
    "combining characters": "e\u0301" * 32,
    "null": None,
    "number": 7,
    "boolean": True,
    "array": [GOOD],
    "object": {},
}
TIMES = {
    "whole second": TIME,
    **{f"{digits} fractional digits": f"2020-07-24T02:31:45.{'7' * digits}Z" for digits in range(1, 10)},
    "offset zone": "2020-07-24T10:31:45+08:00",
    "negative zone": "2020-07-23T23:01:45-03:30",
    "lower case, as RFC 3339 allows": "2020-07-24t02:31:45z",
    "leap second": "2016-12-31T23:59:60Z",
    "leap day": "2020-02-29T00:00:00Z",
}
NO_TIMES = {
    "empty": "",
    "final newline": TIME + "\n",
    "final newline after a zone": "2020-07-24T10:31:45+08:00\n",
    "leading blank": " " + TIME,
    "two lines": f"{TIME}\n{TIME}",
    "no zone": "2020-07-24T02:31:45",
    "blank for T": "2020-07-24 02:31:45Z",
    "zone without colon": "2020-07-24T10:31:45+0800",
    "ten fractional digits": "2020-07-24T02:31:45.7909092951Z",
    "no digit after the point": "2020-07-24T02:31:45.Z",
    "comma for the point": "2020-07-24T02:31:45,7Z",
    "month 13": "2020-13-24T02:31:45Z",
    "month 0": "2020-00-24T02:31:45Z",
    "day 32": "2020-07-32T02:31:45Z",
    "hour 24": "2020-07-24T24:31:45Z",
    "minute 60": "2020-07-24T02:60:45Z",
    "second 61": "2020-07-24T02:31:61Z",
    "date only": "2020-07-24",
    "digits beyond ascii": "\u0662020-07-24T02:31:45Z",
    "epoch milliseconds": 1595557905790,
    "null": None,
}
QUERIES: dict[str, Any] = {
    "nothing": {},
    "offset below 0": {"offset": -1},
    "offset beyond 32 bits": {"offset": 2147483648},
    "highest offset": {"offset": 2**63 - 1},
    "lowest offset": {"offset": -(2**63)},
    "lowest limit": {"limit": 1},
    "highest limit": {"limit": 500},
    "unknown parameter": {"page": "2"},
}
NO_QUERIES: dict[str, Any] = {
    "limit 0": {"limit": 0},
    "limit -1": {"limit": -1},
    "limit 501": {"limit": 501},
    "offset beyond 64 bits": {"offset": 2**63},
    "offset below 64 bits": {"offset": -(2**63) - 1},
    "limit as text": {"limit": "20"},
    "limit as a fraction": {"limit": 4.5},
    "limit as a boolean": {"limit": True},
    "offset as a boolean": {"offset": False},
    "limit null": {"limit": None},
}
PAGES: dict[str, Any] = {
    "one item": PAGE,
    "empty": {"size": 0, "total": 0, "app_codes": []},
    "past the end": {"size": 0, "total": 3, "app_codes": []},
    "500 items": {"size": 500, "total": 500, "app_codes": [ITEM] * 500},
    "highest total": PAGE | {"total": 2**63 - 1},
}
NO_PAGES: dict[str, Any] = {
    "null app_codes": PAGE | {"app_codes": None},
    "object for app_codes": PAGE | {"app_codes": {}},
    "501 items": {"size": 500, "total": 501, "app_codes": [ITEM] * 501},
    "boolean size": PAGE | {"size": True},
    "boolean total": PAGE | {"total": True},
    "size as text": PAGE | {"size": "1"},
    "total as text": PAGE | {"total": "1"},
    "negative size": PAGE | {"size": -1},
    "negative total": PAGE | {"total": -1},
    "size 501": PAGE | {"size": 501},
    "total beyond 64 bits": PAGE | {"total": 2**63},
    "null item": PAGE | {"app_codes": [None]},
    "array": [PAGE],
    **{f"no {name}": {key: value for key, value in PAGE.items() if key != name} for name in PAGE},
    **{
        f"an item without {name}": PAGE | {"app_codes": [{key: ITEM[key] for key in ITEM if key != name}]}
        for name in ITEM
    },
    **{f"an item with null {name}": PAGE | {"app_codes": [ITEM | {name: None}]} for name in ITEM},
    **{f"an item with the number {name}": PAGE | {"app_codes": [ITEM | {name: 7}]} for name in ITEM},
}
NO_ERRORS: dict[str, Any] = {
    "no code": {"error_msg": ""},
    "no text": {"error_code": ""},
    "null code": ERROR | {"error_code": None},
    "number for the code": ERROR | {"error_code": 9999},
    "text as an object": ERROR | {"error_msg": {}},
    "array": [ERROR],
    "null": None,
    "enveloped": {"error": ERROR},
}

ACCEPTED: dict[str, dict[str, Any]] = {
    "app-code": APP_CODES,
    "create-time": TIMES,
    "list-query": QUERIES,
    "list-response": PAGES,
    "generate-response": {"an item": ITEM},
    "app-code-item": {"an item": ITEM},
    "error-body": {"an error": ERROR},
    "path-parameters": {"three": {"project_id": "p", "instance_id": "i", "app_id": "a"}},
    "request-headers": {"a token": {"X-Auth-Token": "t"}},
}
REFUSED: dict[str, dict[str, Any]] = {
    "app-code": NO_APP_CODES,
    "create-time": NO_TIMES,
    "list-query": NO_QUERIES,
    "list-response": NO_PAGES,
    "generate-response": {
        "enveloped": {"data": ITEM},
        "array": [ITEM],
        "final newline": ITEM | {"app_code": GOOD + "\n"},
    },
    "app-code-item": {"nothing": {}, "final newline": ITEM | {"create_time": TIME + "\n"}},
    "error-body": NO_ERRORS,
    "path-parameters": {"empty app_id": {"project_id": "p", "instance_id": "i", "app_id": ""}, "nothing": {}},
    "request-headers": {"empty token": {"X-Auth-Token": ""}, "nothing": {}},
}
# Every object that the schemas describe, with a field that the tables do not name.
WITH_UNKNOWN_FIELDS: dict[str, tuple[str, Any]] = {
    "page": ("list-response", PAGE | {"next": None}),
    "item of a page": ("list-response", PAGE | {"app_codes": [ITEM | {"remark": {"any": ["thing"]}}]}),
    "last item of a page": ("list-response", PAGE | {"app_codes": [ITEM, ITEM | {"remark": ""}]}),
    "generated": ("generate-response", ITEM | {"status": 1}),
    "item": ("app-code-item", ITEM | {"status": 1}),
    "error": ("error-body", ERROR | {"request_id": "1"}),
    "query": ("list-query", {"page": "2"}),
    "headers": ("request-headers", {"X-Auth-Token": "t", "Accept": "*/*"}),
    "path": ("path-parameters", {"project_id": "p", "instance_id": "i", "app_id": "a", "more": "m"}),
}


def _cases(table: dict[str, dict[str, Any]]) -> list[Any]:
    return [
        pytest.param(name, value, id=re.sub(r"[^ -~]", "?", f"{name}: {case}"))
        for name, cases in table.items()
        for case, value in cases.items()
    ]


@cache
def _rust(name: str, *, strict: bool = False) -> Any:  # noqa: ANN401 - a class of jsonschema-rs that has no public name
    give = strict_schema if strict else schema
    registry = jsonschema_rs.Registry([(give(each)["$id"], give(each)) for each in NAMES])
    return jsonschema_rs.Draft202012Validator(give(name), registry=registry)


def _accepts(engine: str, name: str, value: Any, *, strict: bool = False) -> bool:  # noqa: ANN401 - any JSON value
    chosen = _rust(name, strict=strict) if engine == "jsonschema-rs" else validator(name, strict=strict)
    return bool(chosen.is_valid(value))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("name", "value"), _cases(ACCEPTED))
def test_a_legal_value_is_accepted(engine: str, name: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
    assert _accepts(engine, name, value)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("name", "value"), _cases(REFUSED))
def test_an_illegal_value_is_refused(engine: str, name: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
    assert not _accepts(engine, name, value)
    assert not _accepts(engine, name, value, strict=True)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("name", "value"), WITH_UNKNOWN_FIELDS.values(), ids=WITH_UNKNOWN_FIELDS.keys())
def test_an_unknown_field_passes_in_the_open_variant_only(engine: str, name: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
    assert _accepts(engine, name, value)
    assert not _accepts(engine, name, value, strict=True)


def test_unknown_fields_are_tried_in_every_object_of_the_schemas() -> None:
    described = {name for name in NAMES if '"type": "object"' in json.dumps(schema(name))}

    assert described <= {name for name, _ in WITH_UNKNOWN_FIELDS.values()}


@pytest.mark.parametrize("table", [ACCEPTED, REFUSED], ids=["accepted", "refused"])
def test_every_schema_is_tried(table: dict[str, dict[str, Any]]) -> None:
    assert set(NAMES) == table.keys()
