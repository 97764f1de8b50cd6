"""Schemas as OpenAPI 3.0 understands them: rewritten, with the same verdicts, or refused."""

from __future__ import annotations

from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator

from appcode_contract.openapi import openapi_document
from appcode_contract.openapi.downgrade import downgraded_schema
from appcode_contract.schema_store import validator
from tests.openapi.walk import nodes

CODE = "A" * 64
RECORD = {"app_code": CODE, "id": "i", "app_id": "a", "create_time": "2020-07-24T02:31:45Z"}
VALUES: dict[str, tuple[str, Any]] = {
    "the shortest AppCode": ("app-code", CODE),
    "the longest AppCode": ("app-code", "A" * 180),
    "one character too few": ("app-code", "A" * 63),
    "one character too many": ("app-code", "A" * 181),
    "a newline at the end": ("app-code", CODE + "\n"),
    "a digit first": ("app-code", "7" + CODE),
    "a hyphen": ("app-code", CODE + "-"),
    "a number for an AppCode": ("app-code", 7),
    "nine fractional digits": ("create-time", "2020-07-24T02:31:45.123456789Z"),
    "ten fractional digits": ("create-time", "2020-07-24T02:31:45.1234567890Z"),
    "no zone": ("create-time", "2020-07-24T02:31:45"),
    "a record": ("app-code-item", RECORD),
    "a generated record": ("generate-response", RECORD),
    "a generated record with another field": ("generate-response", {**RECORD, "another": None}),
    "a generated record without an id": ("generate-response", {k: v for k, v in RECORD.items() if k != "id"}),
    "a generated record with a bad AppCode": ("generate-response", {**RECORD, "app_code": "short"}),
    "an empty page": ("list-response", {"size": 0, "total": 0, "app_codes": []}),
    "a page": ("list-response", {"size": 1, "total": 1, "app_codes": [RECORD]}),
    "a page of null": ("list-response", {"size": 0, "total": 0, "app_codes": None}),
    "a page with a bad item": ("list-response", {"size": 1, "total": 1, "app_codes": [{**RECORD, "id": 7}]}),
    "a negative total": ("list-response", {"size": 0, "total": -1, "app_codes": []}),
    "a total of 64 bits": ("list-response", {"size": 0, "total": 2**63 - 1, "app_codes": []}),
    "a total beyond 64 bits": ("list-response", {"size": 0, "total": 2**63, "app_codes": []}),
    "an error": ("error-body", {"error_code": "APIG.2012", "error_msg": ""}),
    "an error without a text": ("error-body", {"error_code": "APIG.2012"}),
    "an error with a number": ("error-body", {"error_code": 2012, "error_msg": ""}),
}


@pytest.mark.parametrize(("name", "value"), VALUES.values(), ids=VALUES)
def test_the_verdict_is_the_same_as_with_the_schemas_of_the_folder(name: str, value: object) -> None:
    components = openapi_document("3.0")["components"]
    own = OAS30Validator({"$ref": f"#/components/schemas/{name}", "components": components})

    assert validator(name).is_valid(value) is own.is_valid(value)


def test_there_are_valid_and_invalid_values() -> None:
    assert {True, False} == {validator(name).is_valid(value) for name, value in VALUES.values()}


def test_no_reference_has_neighbours_which_tools_would_ignore() -> None:
    references = [node for _, node in nodes(openapi_document("3.0")) if "$ref" in node]

    assert all(1 == len(node) for node in references)


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        ({"$ref": "#/a"}, {"$ref": "#/a"}),
        ({"$ref": "#/a", "description": "d"}, {"description": "d", "allOf": [{"$ref": "#/a"}]}),
        ({"$ref": "#/a", "allOf": [{"const": 1}]}, {"allOf": [{"$ref": "#/a"}, {"enum": [1]}]}),
        ({"examples": ["a", "b"]}, {"example": "a"}),
        ({"examples": []}, {}),
        ({"$comment": "c"}, {"x-comment": "c"}),
        ({"const": None}, {"enum": [None]}),
        ({"type": "string"}, {"type": "string"}),
        ({"type": ["string"]}, {"type": "string"}),
        ({"type": ["string", "null"]}, {"type": "string", "nullable": True}),
        ({"type": ["null", "string"]}, {"type": "string", "nullable": True}),
        ({"unevaluatedProperties": False}, {"additionalProperties": False}),
        ({"additionalProperties": {"const": 1}}, {"additionalProperties": {"enum": [1]}}),
        ({"properties": {"const": {"const": 1}}}, {"properties": {"const": {"enum": [1]}}}),
        ({"items": {"const": 1}}, {"items": {"enum": [1]}}),
        ({"not": {"const": 1}}, {"not": {"enum": [1]}}),
        ({"anyOf": [{"const": 1}]}, {"anyOf": [{"enum": [1]}]}),
        ({"oneOf": [{"const": 1}]}, {"oneOf": [{"enum": [1]}]}),
        ({"x-clauses": [{"const": 1}]}, {"x-clauses": [{"const": 1}]}),
    ],
)
def test_a_keyword_is_rewritten(newer: dict[str, Any], older: dict[str, Any]) -> None:
    assert older == downgraded_schema(newer)


@pytest.mark.parametrize(
    ("newer", "told"),
    [
        ({"prefixItems": []}, "the schema keyword prefixItems"),
        ({"properties": {"a": {"if": {}}}}, "the schema keyword if"),
        ({"type": "null"}, "the type null"),
        ({"type": ["string", "integer"]}, r"the type \['string', 'integer'\]"),
    ],
)
def test_what_3_0_cannot_say_is_an_error(newer: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=f"^OpenAPI 3.0 cannot say {told}$"):
        downgraded_schema(newer)


def test_the_schema_given_is_left_alone() -> None:
    newer = openapi_document("3.1")["components"]["schemas"]["app-code-item"]

    downgraded_schema(newer)

    assert openapi_document("3.1")["components"]["schemas"]["app-code-item"] == newer
