"""The schemas as documents: valid, self-explaining, and true to the tables of the pages."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from appcode_contract.schema_store import NAMES, schema, schema_dir, validator

if TYPE_CHECKING:
    from collections.abc import Iterator

# Typed from the pages: schema, property, type, then every other number that its row gives.
ROWS: list[tuple[str, str, str, dict[str, int]]] = [
    ("path-parameters", "project_id", "string", {}),
    ("path-parameters", "instance_id", "string", {}),
    ("path-parameters", "app_id", "string", {}),
    ("request-headers", "X-Auth-Token", "string", {}),
    ("list-query", "offset", "integer", {"default": 0}),
    ("list-query", "limit", "integer", {"minimum": 1, "maximum": 500, "default": 20}),
    ("app-code-item", "app_code", "string", {"minLength": 64, "maxLength": 180}),
    ("app-code-item", "id", "string", {}),
    ("app-code-item", "app_id", "string", {}),
    ("app-code-item", "create_time", "string", {}),
    ("list-response", "size", "integer", {}),
    ("list-response", "total", "integer", {}),
    ("list-response", "app_codes", "array", {}),
    ("error-body", "error_code", "string", {}),
    ("error-body", "error_msg", "string", {}),
]
MANDATORY = {
    "path-parameters": ["project_id", "instance_id", "app_id"],
    "request-headers": ["X-Auth-Token"],
    "list-query": [],
    "app-code-item": ["app_code", "id", "app_id", "create_time"],
    "list-response": ["size", "total", "app_codes"],
    "error-body": ["error_code", "error_msg"],
}
WIDTHS = {"Long": (-(2**63), 2**63 - 1), "Integer": (-(2**31), 2**31 - 1)}

_HEX = "fdc8d90a30174460a91ddacfa54d6f04c92e523a85cc4a1894f87cb13b6f572a"
_BASE64 = (
    "GjOD3g80AABuuFeEJpVQADBlAjBh3UzC7W+gr4VJBB5BtJ4fdVOQoSvoji3gFxUDb5pWBz9wUcw9+8/bFZ1B/4pq29wCMQC0"
    "pQWX6zTndljDEl99As1pw+WntAU9xcq+ffagoH6zDpKUvdxV6Ezj8LcCcPZN6BU="
)
_APP = "9ed8b7fe84224de681e7d7a5587e76dc"
_ID = "b3d34f746d0847fb95138670e10207ed"
_OLDER = {"app_code": _HEX, "app_id": _APP, "id": _ID, "create_time": "2020-07-24T02:31:45Z"}
_NEWER = {
    "app_code": _BASE64,
    "app_id": _APP,
    "id": "32dc8ca22d1b4b9cb94022186880576b",
    "create_time": "2020-07-24T02:37:24Z",
}
_GENERATED = _OLDER | {"create_time": "2020-07-24T02:31:45.790909295Z"}
ERRORS = {
    "APIG.2012": "Invalid parameter value,parameterName:app_id. Please refer to the support documentation",
    "APIG.1002": "Incorrect token or token resolution failed",
    "APIG.1005": "No permissions to request this method",
    "APIG.3004": "App 9ed8b7fe84224de681e7d7a5587e76dc does not exist",
    "APIG.9999": "System error",
}
# The bodies of the pages' examples, typed from them.
EXAMPLES: list[tuple[str, Any]] = [
    ("generate-response", _GENERATED),
    ("list-response", {"total": 2, "size": 2, "app_codes": [_NEWER, _OLDER]}),
    ("app-code-item", _OLDER),
    ("app-code", _HEX),
    ("app-code", _BASE64),
    ("create-time", "2020-07-24T02:31:45.790909295Z"),
    ("create-time", "2020-07-24T02:31:45Z"),
    *(("error-body", {"error_code": code, "error_msg": text}) for code, text in ERRORS.items()),
]


def _schemas_below(node: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ANN401 - any JSON value
    for name, inner in node.get("properties", {}).items():
        yield f"{place}/{name}", inner
        yield from _schemas_below(inner, f"{place}/{name}")
    if isinstance(node.get("items"), dict):
        yield from _schemas_below(node["items"], f"{place}/items")


PROPERTIES = [place for name in NAMES for place in _schemas_below(schema(name), name)]


def _resolved(node: dict[str, Any]) -> dict[str, Any]:
    reference = str(node.get("$ref", ""))
    return node | schema(reference.rpartition(":")[2]) if reference else node


@pytest.mark.parametrize("name", NAMES)
def test_every_schema_is_valid_by_its_metaschema(name: str) -> None:
    dialect = "https://json-schema.org/draft/2020-12/schema"

    Draft202012Validator.check_schema(schema(name))

    assert dialect == schema(name)["$schema"]


@pytest.mark.parametrize("name", NAMES)
def test_every_schema_has_a_urn_of_its_file_name(name: str) -> None:
    assert f"urn:appcode-contract:{name}" == schema(name)["$id"]


@pytest.mark.parametrize("name", NAMES)
def test_no_key_of_a_schema_file_is_written_twice(name: str) -> None:
    repeated: list[str] = []

    def look(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        repeated.extend(key for key in set(keys) if keys.count(key) > 1)
        return dict(pairs)

    json.loads((schema_dir() / f"{name}.json").read_text(encoding="utf-8"), object_pairs_hook=look)

    assert not repeated


@pytest.mark.parametrize("name", NAMES)
def test_every_schema_names_its_page_and_table(name: str) -> None:
    comment = schema(name)["$comment"]

    assert re.search("Generating an AppCode|Querying AppCodes of an App|Both pages", comment)
    assert re.search(r"Tables? \d", comment)


@pytest.mark.parametrize(("place", "node"), PROPERTIES, ids=[place for place, _ in PROPERTIES])
def test_every_property_names_page_table_and_row(place: str, node: dict[str, Any]) -> None:
    row = place.rpartition("/")[2]

    assert re.search("Generating|Querying|Both pages", node["$comment"])
    assert re.search(rf"Tables? \d.*, row {row}\b", node["$comment"])


def test_no_property_is_without_a_row_and_no_row_without_a_property() -> None:
    rows = sorted(f"{name}/{field}" for name, field, _, _ in ROWS)

    assert rows == sorted(place for place, _ in PROPERTIES)


@pytest.mark.parametrize(("name", "field", "kind", "numbers"), ROWS, ids=[f"{row[0]}/{row[1]}" for row in ROWS])
def test_every_documented_type_and_number_is_in_the_schema(
    name: str, field: str, kind: str, numbers: dict[str, int]
) -> None:
    node = _resolved(schema(name)["properties"][field])

    assert kind == node["type"]
    assert numbers == {keyword: node[keyword] for keyword in numbers}


@pytest.mark.parametrize(("name", "fields"), MANDATORY.items())
def test_every_mandatory_field_is_required_and_no_other(name: str, fields: list[str]) -> None:
    assert fields == schema(name).get("required", [])


@pytest.mark.parametrize(
    ("name", "field", "width"),
    [
        ("list-query", "offset", "Long"),
        ("list-query", "limit", "Integer"),
        ("list-response", "size", "Integer"),
        ("list-response", "total", "Long"),
    ],
)
def test_the_bounds_of_a_number_lie_within_its_documented_width(name: str, field: str, width: str) -> None:
    node = schema(name)["properties"][field]
    lowest, highest = WIDTHS[width]

    assert lowest <= node["minimum"] <= node["maximum"] <= highest
    assert {"Long": "int64", "Integer": "int32"}[width] == node["format"]


def test_only_documented_defaults_are_given() -> None:
    documented = {f"{name}/{field}": numbers["default"] for name, field, _, numbers in ROWS if "default" in numbers}

    assert documented == {place: node["default"] for place, node in PROPERTIES if "default" in node}


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_an_example_of_the_pages_is_valid_and_among_the_examples(name: str, example: Any) -> None:  # noqa: ANN401 - any JSON value
    assert example in schema(name)["examples"]
    assert validator(name).is_valid(example)
    assert validator(name, strict=True).is_valid(example)


@pytest.mark.parametrize("name", NAMES)
def test_every_example_in_a_schema_is_valid(name: str) -> None:
    examples = schema(name).get("examples", [])

    assert all(validator(name, strict=True).is_valid(example) for example in examples)
