"""Ways through an OpenAPI document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSIONS = ("3.1", "3.0")
PATH = "/v2/{project_id}/apic/instances/{instance_id}/apps/{app_id}/app-codes"


def nodes(node: Any, pointer: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ANN401 - any JSON value
    """Yield each object of a document with its pointer."""
    if isinstance(node, dict):
        yield pointer, node
        for key, value in node.items():
            yield from nodes(value, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from nodes(value, f"{pointer}/{index}")


def followed(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """Give what a reference leads to, or the node itself."""
    while "$ref" in node:
        reference = node["$ref"]
        node = document
        for step in reference.removeprefix("#/").split("/"):
            node = node[step]
    return node


def operation(document: dict[str, Any], method: str) -> dict[str, Any]:
    found: dict[str, Any] = document["paths"][PATH][method]
    return found


def parameter(document: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["parameters"][name]
    return found


def response(document: dict[str, Any], method: str, status: int) -> dict[str, Any]:
    return followed(document, operation(document, method)["responses"][str(status)])


def ids(node: dict[str, Any]) -> list[str]:
    """Give the ids of the clauses that an object cites."""
    return [entry["id"] for entry in node["x-clauses"]]
