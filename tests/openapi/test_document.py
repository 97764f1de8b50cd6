"""The OpenAPI document: valid, complete, and nothing in it that the pages do not say."""

from __future__ import annotations

import json
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from appcode_contract.clauses import CLAUSES
from appcode_contract.openapi import OpenApiVersion, openapi_document
from appcode_contract.schema_store import NAMES, schema, validator
from tests.openapi.walk import PATH, VERSIONS, followed, ids, nodes, operation, parameter, response

BOTH = pytest.mark.parametrize("version", VERSIONS)
ERRORS = {400: "APIG.2012", 401: "APIG.1002", 403: "APIG.1005", 404: "APIG.3004", 500: "APIG.9999"}
SUCCESSES = {"put": 201, "get": 200}
ANNOTATIONS = {"$comment", "x-comment", "x-clauses", "format"}


def restrictions(version: OpenApiVersion, name: str) -> dict[str, Any]:
    own = parameter(openapi_document(version), name)["schema"]
    return {key: value for key, value in own.items() if key not in ANNOTATIONS}


def test_a_document_of_3_1_is_valid() -> None:
    assert [] == list(OpenAPIV31SpecValidator(openapi_document("3.1")).iter_errors())


def test_a_document_of_3_0_is_valid() -> None:
    assert [] == list(OpenAPIV30SpecValidator(openapi_document("3.0")).iter_errors())


def test_the_version_is_3_1_unless_told_otherwise() -> None:
    assert openapi_document("3.1") == openapi_document()


@BOTH
def test_the_document_says_its_version(version: OpenApiVersion) -> None:
    assert openapi_document(version)["openapi"].startswith(version + ".")


def test_another_version_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"^no OpenAPI document of version '2\.0'; the versions are 3\.1, 3\.0$"):
        openapi_document("2.0")  # type: ignore[arg-type] # wrong on purpose


@BOTH
def test_each_call_gives_a_document_of_its_own(version: OpenApiVersion) -> None:
    before = json.dumps(openapi_document(version))
    openapi_document(version)["components"]["schemas"].clear()

    assert before == json.dumps(openapi_document(version))


@BOTH
def test_the_pages_are_named_with_their_revisions(version: OpenApiVersion) -> None:
    info = openapi_document(version)["info"]

    assert "2025-03-26" == info["version"]
    assert "Generating an AppCode (revision 2025-03-26)" in info["description"]
    assert "Querying AppCodes of an App (revision 2023-06-29)" in info["description"]


@BOTH
def test_the_operations_have_the_documented_path_and_the_names_of_the_vendor(version: OpenApiVersion) -> None:
    document = openapi_document(version)
    names = {method: operation(document, method)["operationId"] for method in SUCCESSES}

    assert [PATH] == list(document["paths"])
    assert {"put": "CreateAppCodeAutoV2", "get": "ListAppCodesV2"} == names


@BOTH
def test_no_operation_has_a_body(version: OpenApiVersion) -> None:
    document = openapi_document(version)

    assert [False, False] == ["requestBody" in operation(document, method) for method in SUCCESSES]


@BOTH
def test_every_documented_parameter_is_there_and_no_other(version: OpenApiVersion) -> None:
    document = openapi_document(version)
    item = document["paths"][PATH]
    found = {
        place: [(one["in"], one["name"], one["required"]) for one in (followed(document, each) for each in given)]
        for place, given in {
            "both": item["parameters"],
            "put": item["put"].get("parameters", []),
            "get": item["get"].get("parameters", []),
        }.items()
    }

    assert {
        "both": [("path", name, True) for name in ("project_id", "instance_id", "app_id")],
        "put": [],
        "get": [("query", "offset", False), ("query", "limit", False)],
    } == found


@BOTH
def test_the_token_is_a_security_scheme_of_both_operations(version: OpenApiVersion) -> None:
    document = openapi_document(version)
    scheme = document["components"]["securitySchemes"]["X-Auth-Token"]

    assert [{"X-Auth-Token": []}] == document["security"]
    assert ("apiKey", "header", "X-Auth-Token") == (scheme["type"], scheme["in"], scheme["name"])
    assert ["header/x-auth-token"] == ids(scheme)


@BOTH
@pytest.mark.parametrize("name", ["project_id", "instance_id", "app_id"])
def test_an_id_is_any_string_that_is_not_empty(version: OpenApiVersion, name: str) -> None:
    assert {"type": "string", "minLength": 1} == restrictions(version, name)


@BOTH
def test_offset_is_a_long_that_is_0_by_default(version: OpenApiVersion) -> None:
    expected = {"type": "integer", "minimum": -(2**63), "maximum": 2**63 - 1, "default": 0}

    assert expected == restrictions(version, "offset")


@BOTH
def test_limit_is_1_to_500_and_20_by_default(version: OpenApiVersion) -> None:
    expected = {"type": "integer", "minimum": 1, "maximum": 500, "default": 20}

    assert expected == restrictions(version, "limit")


@BOTH
@pytest.mark.parametrize(("name", "example"), {"app_id": "9ed8b7fe84224de681e7d7a5587e76dc", "limit": 20}.items())
def test_a_parameter_shows_the_example_of_its_schema(version: OpenApiVersion, name: str, example: object) -> None:
    assert example == parameter(openapi_document(version), name)["example"]


@BOTH
@pytest.mark.parametrize(("method", "success"), SUCCESSES.items())
def test_every_documented_status_is_there_and_no_other(version: OpenApiVersion, method: str, success: int) -> None:
    responses = operation(openapi_document(version), method)["responses"]

    assert [str(status) for status in (success, *ERRORS)] == list(responses)


@BOTH
@pytest.mark.parametrize("method", SUCCESSES)
@pytest.mark.parametrize(("status", "code"), ERRORS.items())
def test_every_refusal_has_the_error_body_and_the_example(
    version: OpenApiVersion, method: str, status: int, code: str
) -> None:
    document = openapi_document(version)
    refusal = response(document, method, status)
    content = refusal["content"]["application/json"]
    example = content["examples"]["documented"]["value"]

    assert {"$ref": "#/components/schemas/error-body"} == content["schema"]
    assert example in schema("error-body")["examples"]
    assert code == example["error_code"]
    of_others = [
        clause
        for clause in ids(refusal)
        if not clause.startswith(("error/body", f"error/{status}/", "error/no-effect"))
    ]

    assert {"error/body", f"error/{status}/code", "error/no-effect"} <= set(ids(refusal))
    assert [] == of_others


@BOTH
@pytest.mark.parametrize(("method", "status"), SUCCESSES.items())
def test_a_success_has_its_body_and_the_example(version: OpenApiVersion, method: str, status: int) -> None:
    name = {"put": "generate-response", "get": "list-response"}[method]
    content = response(openapi_document(version), method, status)["content"]["application/json"]
    example = content["examples"]["documented"]["value"]

    assert {"$ref": f"#/components/schemas/{name}"} == content["schema"]
    assert schema(name)["examples"] == [example]
    assert validator(name).is_valid(example)
    assert ["body/json"] == ids(content)


@BOTH
def test_a_link_leads_from_generate_to_list(version: OpenApiVersion) -> None:
    document = openapi_document(version)
    link = response(document, "put", 201)["links"]["ListAppCodesV2"]
    expected = {name: f"$request.path.{name}" for name in ("project_id", "instance_id", "app_id")}

    assert operation(document, "get")["operationId"] == link["operationId"]
    assert expected == link["parameters"]
    assert "links" not in response(document, "get", 200)


@BOTH
def test_every_reference_stays_in_the_document(version: OpenApiVersion) -> None:
    document = openapi_document(version)
    references = [node["$ref"] for _, node in nodes(document) if "$ref" in node]

    assert references
    assert all(followed(document, {"$ref": reference}) for reference in references)


@BOTH
def test_every_component_is_used(version: OpenApiVersion) -> None:
    document = openapi_document(version)
    used = {node["$ref"] for _, node in nodes(document) if "$ref" in node}
    there = {
        f"#/components/{kind}/{name}"
        for kind, components in document["components"].items()
        if kind != "securitySchemes"
        for name in components
    }

    assert there == used


@BOTH
def test_every_clause_is_cited_and_every_cited_clause_exists(version: OpenApiVersion) -> None:
    expected = {
        clause.id: {"id": clause.id, "level": clause.level, "source": clause.source, "statement": clause.statement}
        for clause in CLAUSES
    }
    entries = [entry for _, node in nodes(openapi_document(version)) for entry in node.get("x-clauses", [])]

    assert expected == {entry["id"]: entry for entry in entries}
    assert all(entry in expected.values() for entry in entries)


@BOTH
def test_no_place_cites_a_clause_twice(version: OpenApiVersion) -> None:
    cited = {pointer: ids(node) for pointer, node in nodes(openapi_document(version)) if "x-clauses" in node}

    assert [] == [pointer for pointer, found in cited.items() if len(set(found)) < len(found)]


@pytest.mark.parametrize(
    ("pointer", "expected"),
    {
        "#/components/parameters/limit": [
            f"list/limit/{end}" for end in ("default", "minimum", "maximum", "cap", "page", "type")
        ],
        "#/components/parameters/offset": [f"list/offset/{end}" for end in ("default", "negative", "long")],
        "#/components/parameters/app_id": ["path/app-id"],
        "#/components/schemas/list-response/properties/total": ["list/total"],
        "#/components/schemas/app-code-item/properties/id": ["generate/id", "list/app-codes/item"],
        "#/components/schemas/generate-response": None,
        "#/paths/~1v2~1{project_id}~1apic~1instances~1{instance_id}~1apps~1{app_id}~1app-codes": ["path/uri"],
    }.items(),
)
def test_a_clause_is_cited_where_it_belongs(pointer: str, expected: list[str] | None) -> None:
    node = dict(nodes(openapi_document()))[pointer]

    assert expected == (ids(node) if "x-clauses" in node else None)


def test_an_operation_cites_what_concerns_it_as_a_whole() -> None:
    document = openapi_document()
    ends = ("no-body", "no-query", "app-id/echo", "random", "single", "listed", "concurrent")

    assert [*(f"generate/{end}" for end in ends), "status/documented"] == ids(operation(document, "put"))
    assert [
        *(f"list/{end}" for end in ("no-body", "query", "app-codes/own", "paging", "read-only")),
        "status/documented",
    ] == ids(operation(document, "get"))


def test_the_schemas_of_3_1_are_those_of_the_folder() -> None:
    """Up to references, titles and the clauses, and to $schema, which the document says once."""
    document = openapi_document("3.1")
    told = {"$schema", "$id", "title", "description"}

    def plain(node: Any) -> Any:  # noqa: ANN401 - any JSON value
        if isinstance(node, list):
            return [plain(value) for value in node]
        if not isinstance(node, dict):
            return node
        return {
            key: value.replace("urn:appcode-contract:", "#/components/schemas/") if key == "$ref" else plain(value)
            for key, value in node.items()
            if key != "x-clauses"
        }

    for name in sorted(set(NAMES) & set(document["components"]["schemas"])):
        own = {key: value for key, value in plain(schema(name)).items() if key not in told}
        shown = plain(document["components"]["schemas"][name])

        assert own == {key: value for key, value in shown.items() if key != "description"}
        assert {"https://json-schema.org/draft/2020-12/schema"} == {
            document["jsonSchemaDialect"],
            schema(name)["$schema"],
        }


@BOTH
def test_no_component_has_a_title_since_generators_would_name_classes_by_it(version: OpenApiVersion) -> None:
    schemas = openapi_document(version)["components"]["schemas"]

    assert [] == [name for name, own in schemas.items() if "title" in own]
