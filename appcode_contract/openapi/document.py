"""The OpenAPI document of both operations, made of schemas/ and the clauses."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from appcode_contract.clauses import BY_ID, GENERATE, LIST, PAGES, PATH_TEMPLATE, Level
from appcode_contract.openapi.citations import cited, error_statuses, of_error, of_operation, status_clause
from appcode_contract.openapi.components import (
    PLACE,
    body_schemas,
    described,
    load,
    parameters,
    security_schemes,
)
from appcode_contract.openapi.downgrade import downgraded
from appcode_contract.revisions import REVISIONS

if TYPE_CHECKING:
    from appcode_contract.clauses import Operation

OpenApiVersion = Literal["3.1", "3.0"]
"""The versions of OpenAPI that a document can be had in."""


_TAG: Final = "AppCodes"
_TITLE: Final = "AppCode operations of ROMA Connect"
_ABOUT: Final = """\
Two operations on the AppCodes of an integration app, as two documentation pages describe them:

{pages}

Each part cites the clauses that it stands for under `x-clauses`. The source `G T3` is Table 3 of page G, `ex` is an
example of the page. The level says how firmly the page says it: {levels}.
"""


def openapi_document(version: OpenApiVersion = "3.1") -> dict[str, Any]:
    """Build the OpenAPI document.

    Args:
        version: ``"3.1"``, whose schemas are JSON Schema 2020-12 as in schemas/, or ``"3.0"``, whose schemas are
            rewritten for tools that read no other.

    Returns:
        A new document, the same at every call.

    Raises:
        ValueError: There is no such version here.
        SchemaFileError: A schema file is missing or damaged.
    """
    versions = get_args(OpenApiVersion)
    if version not in versions:
        msg = f"no OpenAPI document of version {version!r}; the versions are {', '.join(versions)}"
        raise ValueError(msg)
    document = _document()
    return downgraded(document) if version == "3.0" else document


def _document() -> dict[str, Any]:
    schemes = security_schemes()
    return {
        "openapi": "3.1.0",
        "info": _info(),
        "jsonSchemaDialect": load("error-body")["$schema"],
        "tags": [{"name": _TAG, "description": "AppCodes of an integration app."}],
        "security": [{name: [] for name in schemes}],
        "paths": {PATH_TEMPLATE: _path_item()},
        "components": {
            "schemas": body_schemas(),
            "parameters": {**parameters("path"), **parameters("query")},
            "responses": {_reason(status): _refusal(status) for status in error_statuses()},
            "securitySchemes": schemes,
        },
    }


def _info() -> dict[str, Any]:
    pages = {letter: f"{PAGES[letter]} (revision {revision})" for letter, revision in REVISIONS.items()}
    about = _ABOUT.format(
        pages="\n".join(f"- {letter}: {page}" for letter, page in pages.items()),
        levels=", ".join(f"`{level}`" for level in Level),
    )
    return {"title": _TITLE, "version": max(REVISIONS.values()), "description": about, "x-pages": pages}


def _path_item() -> dict[str, Any]:
    operations = {operation.method.lower(): _operation(operation) for operation in (GENERATE, LIST)}
    return {
        "parameters": [_reference("parameters", name) for name in parameters("path")],
        **operations,
        **cited([BY_ID["path/uri"]]),
    }


def _operation(operation: Operation) -> dict[str, Any]:
    query = list(parameters("query")) if operation is LIST else []
    clauses = of_operation(operation, query)
    return {
        "operationId": operation.vendor_name,
        "summary": PAGES[status_clause(operation).source[0]],
        "description": "\n".join(f"- {clause.statement}" for clause in clauses),
        "tags": [_TAG],
        **({"parameters": [_reference("parameters", name) for name in query]} if query else {}),
        "responses": {
            str(operation.success): _success(operation),
            **{str(status): _reference("responses", _reason(status)) for status in error_statuses()},
        },
        **cited(clauses),
    }


def _success(operation: Operation) -> dict[str, Any]:
    name = f"{operation.name}-response"
    clause = status_clause(operation)
    return {
        "description": described(HTTPStatus(operation.success).phrase + ".", [clause]),
        "content": _content(name, load(name)["examples"][0]),
        **({"links": _links()} if operation is GENERATE else {}),
        **cited([clause]),
    }


def _refusal(status: int) -> dict[str, Any]:
    name = "error-body"
    clause = error_statuses()[status]
    example = next(each for each in load(name)["examples"] if each["error_code"] in clause.statement)
    return {
        "description": described(HTTPStatus(status).phrase + ".", [clause]),
        "content": _content(name, example),
        **cited(of_error(status)),
    }


def _content(schema_name: str, example: dict[str, Any]) -> dict[str, Any]:
    media_type = {
        "schema": {"$ref": PLACE + schema_name},
        "examples": {"documented": {"summary": "The example of the page", "value": example}},
        **cited([BY_ID["body/json"]]),
    }
    return {"application/json": media_type}


def _links() -> dict[str, Any]:
    clause = BY_ID["generate/listed"]
    link = {
        "operationId": LIST.vendor_name,
        "parameters": {name: f"$request.path.{name}" for name in parameters("path")},
        "description": clause.statement,
        **cited([clause]),
    }
    return {LIST.vendor_name: link}


def _reason(status: int) -> str:
    return HTTPStatus(status).phrase.replace(" ", "")


def _reference(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}
