"""Finds schemas/, loads it once, and gives validators.

The schemas lie beside the package in a checkout (and an editable install) and inside it in a wheel; this module
tries both. It is the only module that imports jsonschema.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, best_match
from referencing import Registry, Resource
from referencing.exceptions import Unresolvable

if TYPE_CHECKING:
    from collections.abc import Mapping

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
_RIGHT: Final = {
    "type": "it must be of type {}",
    "enum": "it must be {}",
    "const": "it must be {}",
    "minimum": "it must be at least {}",
    "minItems": "it must have at least {} items",
    "maxItems": "it must have at most {} items",
}


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
        Draft202012Validator.check_schema(schema)
    except OSError as error:
        msg = f"schema file {path} cannot be read: {error.strerror or error}; reinstall appcode-contract"
        raise SchemaFileError(msg) from error
    except (ValueError, RecursionError) as error:
        msg = f"schema file {path} is damaged, it is not JSON: {error}; reinstall appcode-contract"
        raise SchemaFileError(msg) from error
    except SchemaError as error:
        msg = f"schema file {path} is damaged, it is no JSON Schema: {error.message}; reinstall appcode-contract"
        raise SchemaFileError(msg) from error
    expected = URN + path.stem
    if not isinstance(schema, dict) or schema.get("$id") != expected:
        msg = f"schema file {path} is damaged: its $id is not {expected}; reinstall appcode-contract"
        raise SchemaFileError(msg)
    return schema


@cache
def _all() -> dict[str, dict[str, Any]]:
    return {name: read_schema(schema_dir() / f"{name}.json") for name in NAMES}


@cache
def registry() -> Registry[Any]:
    """Give the registry of all schemas, open and strict, by their ``$id``.

    Returns:
        A registry that resolves every reference between the schemas without any input or output.

    Raises:
        SchemaFileError: A schema file is missing or damaged.
    """
    every = [*_all().values(), *(strict_schema(name) for name in NAMES)]
    return Registry().with_resources((schema["$id"], Resource.from_contents(schema)) for schema in every)


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
def validator(name: str, *, strict: bool = False) -> Draft202012Validator:
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
    chosen = strict_schema(name) if strict else schema(name)
    return Draft202012Validator(_joined(chosen), registry=registry())


def _joined(node: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Put what references refer to in their place: jsonschema spends half of its time on following them.

    Beside a reference our schemas hold nothing that restricts.
    """
    if isinstance(node, list):
        return [_joined(value) for value in node]
    if not isinstance(node, dict):
        return node
    joined = {key: value if key == "examples" else _joined(value) for key, value in node.items() if key != "$ref"}
    if "$ref" in node:
        target = _joined(registry().contents(node["$ref"]))
        del target["$id"]
        joined = {**target, **joined}
    return joined


def first_error(schema: Mapping[str, Any], value: object) -> str | None:
    """Say what is wrong with a value by any schema.

    Args:
        schema: A JSON Schema 2020-12 without references.
        value: Any JSON value.

    Returns:
        Where and what, of the first error; None when the value is valid. A value of a wrong type is not repeated.
    """
    error = best_match(Draft202012Validator(schema).iter_errors(value))
    if error is None:
        return None
    what = f"it must be of type {error.validator_value}" if error.validator == "type" else error.message
    return f"{error.json_path}: {what}"


def first_fault(schema: Mapping[str, Any], value: object) -> tuple[list[str | int], str] | None:
    """Say where a value breaks a schema, and what would be right; nothing of the value but its keys is repeated.

    Args:
        schema: A JSON Schema 2020-12 whose references stay within it.
        value: Any JSON value.

    Returns:
        The path to the first fault, and what must be there; None when the value is valid.
    """
    error = next(iter(Draft202012Validator(schema).iter_errors(value)), None)
    if error is None:
        return None
    path = [*error.absolute_path]
    if error.validator == "required":
        return [
            *path,
            next(key for key in error.validator_value if key not in error.instance),
        ], "this key must be there"
    if error.validator == "additionalProperties":
        known = error.schema["properties"]
        return [*path, next(key for key in error.instance if key not in known)], "there is no such key"
    return path, _right(str(error.validator), error.validator_value)


def _right(keyword: str, value: Any) -> str:  # noqa: ANN401 - any value of a keyword
    if keyword in {"type", "enum"} and not isinstance(value, str):
        value = " or ".join(map(str, value))
    return _RIGHT.get(keyword, "it must keep " + keyword + " {}").format(value)


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
            # jsonschema leaves "$ref" out of the path: what is not here is in the schema referred to.
            while isinstance(node, dict) and step not in node:
                name, pointer, node = _follow(node["$ref"])
            node = node[step]
            pointer.append(str(step))
        except (KeyError, IndexError, TypeError, Unresolvable) as error:
            msg = f"no keyword at {'/'.join(map(str, path))} of schema {name}"
            raise SchemaFileError(msg) from error
    return f"{name}#/" + "/".join(pointer)


def _follow(reference: str) -> tuple[str, list[str], Any]:
    return reference.removeprefix(URN), [], registry().contents(reference)
