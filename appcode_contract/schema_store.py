"""Finds schemas/, loads it once, and gives validators.

The schemas lie beside the package in a checkout (and an editable install) and inside it in a wheel; this module
tries both.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from appcode_contract.json_schema import Validator, schema_problem

NAMES: Final[tuple[str, ...]] = (
    "path-parameters",
    "request-headers",
    "list-query",
    "generate-response",
    "list-response",
    "app-code-item",
    "app-code",
    "create-time",
    "error-body",
)
"""The schemas by name; each is the file ``NAME.json``."""

URN: Final = "urn:appcode-contract:"
_STRICT: Final = "strict:"


class SchemaFileError(Exception):
    """A schema file that is missing or damaged; the message names the file."""


def schema_dir() -> Path:
    """Give the folder that holds the schemas.

    Returns:
        ``appcode_contract/schemas`` of an installed wheel or, failing that, ``schemas`` of the checkout.

    Raises:
        SchemaFileError: Neither exists.
    """
    package = Path(__file__).parent
    candidates = (package / "schemas", package.parent / "schemas")
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    looked = " nor ".join(str(candidate) for candidate in candidates)
    msg = f"the folder of the JSON Schemas is missing: neither {looked} exists; reinstall appcode-contract"
    raise SchemaFileError(msg)


def read_schema(path: Path) -> dict[str, Any]:
    """Read one schema file and check it against the JSON Schema 2020-12 metaschema.

    Args:
        path: The file; its name without ``.json`` must be the last part of its ``$id``.

    Returns:
        The schema.

    Raises:
        SchemaFileError: The file is missing, is no JSON, is no valid schema or has another ``$id``.
    """
    try:
        schema = json.loads(path.read_text(encoding="utf-8"))
        problem = schema_problem(schema)
    except OSError as error:
        msg = f"schema file {path} cannot be read: {error.strerror or error}; reinstall appcode-contract"
        raise SchemaFileError(msg) from error
    except (ValueError, RecursionError) as error:
        msg = f"schema file {path} is damaged, it is not JSON: {error}; reinstall appcode-contract"
        raise SchemaFileError(msg) from error
    if problem:
        msg = f"schema file {path} is damaged, it is no JSON Schema: {problem}; reinstall appcode-contract"
        raise SchemaFileError(msg)
    expected = URN + path.stem
    if not isinstance(schema, dict) or schema.get("$id") != expected:
        msg = f"schema file {path} is damaged: its $id is not {expected}; reinstall appcode-contract"
        raise SchemaFileError(msg)
    return schema


@cache
def _all() -> dict[str, dict[str, Any]]:
    return {name: read_schema(schema_dir() / f"{name}.json") for name in NAMES}


def schema(name: str) -> dict[str, Any]:
    """Give one schema, open to unknown fields, as the pages leave it.

    Args:
        name: One of ``NAMES``.

    Returns:
        A copy that may be changed.

    Raises:
        ValueError: There is no schema of that name.
        SchemaFileError: A schema file is missing or damaged.
    """
    copy: dict[str, Any] = json.loads(json.dumps(_own(name)))
    return copy


def _own(name: str) -> dict[str, Any]:
    if name not in NAMES:
        msg = f"no schema is named {name!r}; the schemas are {', '.join(NAMES)}"
        raise ValueError(msg)
    return _all()[name]


def strict_schema(name: str) -> dict[str, Any]:
    """Derive the strict variant of a schema: the same, but unknown fields are refused.

    Args:
        name: One of ``NAMES``.

    Returns:
        The derived schema; its ``$id`` and its references carry ``strict:`` before the name.

    Raises:
        ValueError: There is no schema of that name.
        SchemaFileError: A schema file is missing or damaged.
    """
    strict: dict[str, Any] = _strict(schema(name))
    return strict


def _strict(node: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(node, list):
        return [_strict(value) for value in node]
    if not isinstance(node, dict):
        return node
    derived = {key: value if key == "examples" else _strict(value) for key, value in node.items()}
    for key in ("$id", "$ref"):
        if isinstance(derived.get(key), str):
            derived[key] = URN + _STRICT + derived[key].removeprefix(URN)
    if derived.get("type") == "object":
        derived["unevaluatedProperties"] = False
    return derived


@cache
def validator(name: str, *, strict: bool = False) -> Validator:
    """Give a validator for one schema.

    Args:
        name: One of ``NAMES``.
        strict: Refuse unknown fields, which the pages do not.

    Returns:
        A validator, made once and shared.

    Raises:
        ValueError: There is no schema of that name.
        SchemaFileError: A schema file is missing or damaged.
    """
    joined = _joined(schema(name))
    return Validator(_strict(joined) if strict else joined)


def _joined(node: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Put what references refer to in their place: an engine spends half of its time on following them.

    Beside a reference our schemas hold nothing that restricts.
    """
    if isinstance(node, list):
        return [_joined(value) for value in node]
    if not isinstance(node, dict):
        return node
    joined = {key: value if key == "examples" else _joined(value) for key, value in node.items() if key != "$ref"}
    if "$ref" in node:
        target = _joined(_referred(node["$ref"]))
        del target["$id"]
        joined = {**target, **joined}
    return joined


def _referred(reference: str) -> dict[str, Any]:
    return schema(reference.removeprefix(URN))


def locate(name: str, path: tuple[str | int, ...]) -> str:
    """Say which keyword of which file a validation error comes from.

    Args:
        name: The schema that was validated against.
        path: The error's ``absolute_schema_path``, which runs through references without naming them.

    Returns:
        ``"FILE#/POINTER"`` as clauses cite it.

    Raises:
        ValueError: There is no schema of that name.
        SchemaFileError: The path does not exist in the schemas.
    """
    node: Any = _own(name)
    pointer: list[str] = []
    for step in path:
        try:
            # Validators know no "$ref": what is not here is in the schema referred to.
            while isinstance(node, dict) and step not in node:
                name, pointer = node["$ref"].removeprefix(URN), []
                node = _own(name)
            node = node[step]
            pointer.append(str(step))
        except (KeyError, IndexError, TypeError) as error:
            msg = f"no keyword at {'/'.join(map(str, path))} of schema {name}"
            raise SchemaFileError(msg) from error
    return f"{name}#/" + "/".join(pointer)
