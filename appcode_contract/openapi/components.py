"""The schemas as parts of an OpenAPI 3.1 document: references stay inside it, and each field cites its clauses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from appcode_contract.clauses import CLAUSES, Clause
from appcode_contract.openapi.citations import cited, of_parameter

if TYPE_CHECKING:
    from collections.abc import Iterator

BODIES: Final[tuple[str, ...]] = (
    "generate-response",
    "list-response",
    "app-code-item",
    "app-code",
    "create-time",
    "error-body",
)
"""The schemas of bodies and of what they are made of."""
PLACE: Final = "#/components/schemas/"
"""Where the document keeps them, each by its name."""

_PARAMETERS: Final = {"path": "path-parameters", "query": "list-query", "header": "request-headers"}


def load(name: str) -> dict[str, Any]:
    """Load a schema of schemas/.

    Args:
        name: Its name.

    Returns:
        A copy that may be changed.
    """
    from appcode_contract.schema_store import schema  # noqa: PLC0415 - --help stays quick

    return schema(name)


def body_schemas() -> dict[str, Any]:
    """Give the schemas of all bodies.

    Returns:
        The value of ``components/schemas``.
    """
    return {name: _body_schema(name) for name in BODIES}


def _body_schema(name: str) -> dict[str, Any]:
    root = load(name)
    owners: dict[tuple[str, ...], list[Clause]] = {}
    for clause, path in _places(name, root):
        owners.setdefault(path, []).append(clause)
    for path, clauses in owners.items():
        node = root
        for step in path:
            node = node[step]
        node.update(cited(dict.fromkeys(clauses)))
    for key in ("$schema", "$id"):
        del root[key]
    # Generators name a class by its title and not by its name here, and then find the title of a referenced one twice.
    root["description"] = f"{root.pop('title')}. {root['description']}"
    localized: dict[str, Any] = _localized(root)
    return localized


def _places(name: str, root: dict[str, Any]) -> Iterator[tuple[Clause, tuple[str, ...]]]:
    """Yield each clause that cites this schema, with the path of the subschema whose keyword it cites."""
    for clause in CLAUSES:
        for keyword in clause.schema:
            file, _, pointer = keyword.partition("#/")
            if file != name:
                continue
            match pointer.split("/"):
                case ["required", index]:
                    yield clause, ("properties", root["required"][int(index)])
                case [*path, _]:
                    yield clause, tuple(path)


def _localized(node: Any) -> Any:  # noqa: ANN401 - any JSON value
    from appcode_contract.schema_store import URN  # noqa: PLC0415 - --help stays quick

    if isinstance(node, list):
        return [_localized(value) for value in node]
    if not isinstance(node, dict):
        return node
    return {
        key: PLACE + value.removeprefix(URN) if key == "$ref" else value if key == "examples" else _localized(value)
        for key, value in node.items()
    }


def parameters(kind: Literal["path", "query"]) -> dict[str, Any]:
    """Give the parameters of one kind.

    Args:
        kind: Where they stand.

    Returns:
        Parameter Objects by name, in the order of the pages.
    """
    source = _PARAMETERS[kind]
    whole = load(source)
    return {name: _parameter(kind, name, whole) for name in whole["properties"]}


def _parameter(kind: Literal["path", "query"], name: str, whole: dict[str, Any]) -> dict[str, Any]:
    own = dict(whole["properties"][name])
    clauses = of_parameter(_PARAMETERS[kind], name)
    examples = [*own.pop("examples", []), *(each[name] for each in whole.get("examples", []) if name in each)]
    return {
        "name": name,
        "in": kind,
        "description": described(own.pop("description"), clauses),
        "required": name in whole.get("required", []),
        "schema": own,
        **({"example": examples[0]} if examples else {}),
        **cited(clauses),
    }


def security_schemes() -> dict[str, Any]:
    """Give the headers that every request carries, each a credential, as security schemes.

    A security scheme and not a parameter: generated clients take a credential once and keep it, instead of asking for
    it with each call, documentation hides its value, and testers know to leave it out and expect a 401.

    Returns:
        Security Scheme Objects by the name of the header.
    """
    source = _PARAMETERS["header"]
    whole = load(source)
    return {name: _security_scheme(source, name, whole["properties"][name]) for name in whole["required"]}


def _security_scheme(source: str, name: str, own: dict[str, Any]) -> dict[str, Any]:
    clauses = of_parameter(source, name)
    description = described(own["description"], clauses)
    return {"type": "apiKey", "in": "header", "name": name, "description": description, **cited(clauses)}


def described(text: str, clauses: list[Clause]) -> str:
    """Join a description and what the clauses state.

    Args:
        text: The description.
        clauses: The clauses.

    Returns:
        One paragraph.
    """
    return " ".join([text, *(clause.statement for clause in clauses)])
