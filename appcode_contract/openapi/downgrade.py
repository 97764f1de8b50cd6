"""From OpenAPI 3.1 to 3.0: the same contract in the older dialect of schemas.

What the older dialect cannot say is an error here and never left out silently.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_SAME: Final = frozenset(
    (
        *("title", "description", "format", "default", "enum", "required"),
        *("minLength", "maxLength", "pattern", "minimum", "maximum", "multipleOf"),
        *("minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"),
    )
)
"""Keywords that mean the same in both and hold no schema."""


def downgraded(document: dict[str, Any]) -> dict[str, Any]:
    """Rewrite a document.

    Args:
        document: A document of OpenAPI 3.1, as this package builds it.

    Returns:
        A document of OpenAPI 3.0.

    Raises:
        ValueError: A schema says what OpenAPI 3.0 cannot.
    """
    older = {key: value for key, value in document.items() if key != "jsonSchemaDialect"}
    components = document["components"]
    older["openapi"] = "3.0.3"
    older["components"] = {
        **components,
        "schemas": _each(components["schemas"]),
        "parameters": {
            name: {**parameter, "schema": downgraded_schema(parameter["schema"])}
            for name, parameter in components["parameters"].items()
        },
    }
    return older


def downgraded_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """Rewrite a schema of JSON Schema 2020-12 as OpenAPI 3.0 understands it.

    Args:
        schema: The schema; references must be to components already.

    Returns:
        A new schema: a reference with neighbours becomes ``allOf``, examples become one example, a comment becomes
        ``x-comment``, ``const`` an ``enum`` of one, the type ``null`` ``nullable``.

    Raises:
        ValueError: The schema says what OpenAPI 3.0 cannot.
    """
    older: dict[str, Any] = {}
    for keyword, value in schema.items():
        older |= _downgraded_keyword(keyword, value)
    if "$ref" in older and len(older) > 1:
        reference = {"$ref": older.pop("$ref")}
        older["allOf"] = [reference, *older.get("allOf", [])]
    return older


def _downgraded_keyword(keyword: str, value: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    if keyword in _SAME or keyword == "$ref" or keyword.startswith("x-"):
        return {keyword: value}
    if keyword not in _REWRITTEN:
        msg = f"OpenAPI 3.0 cannot say the schema keyword {keyword}"
        raise ValueError(msg)
    return _REWRITTEN[keyword](value)


def _each(schemas: Mapping[str, Any]) -> dict[str, Any]:
    return {name: downgraded_schema(schema) for name, schema in schemas.items()}


def _type(value: str | list[str]) -> dict[str, Any]:
    match value:
        case str() if value != "null":
            return {"type": value}
        case [only, "null"] | ["null", only]:
            return {"type": only, "nullable": True}
        case [str() as only]:
            return _type(only)
        case _:
            msg = f"OpenAPI 3.0 cannot say the type {value}"
            raise ValueError(msg)


def _closed(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {"additionalProperties": downgraded_schema(value)}
    return {"additionalProperties": value}


_REWRITTEN: Final[Mapping[str, Callable[[Any], dict[str, Any]]]] = {
    "$comment": lambda value: {"x-comment": value},
    "additionalProperties": _closed,
    "allOf": lambda value: {"allOf": [downgraded_schema(each) for each in value]},
    "anyOf": lambda value: {"anyOf": [downgraded_schema(each) for each in value]},
    "const": lambda value: {"enum": [value]},
    "examples": lambda value: {"example": value[0]} if value else {},
    "items": lambda value: {"items": downgraded_schema(value)},
    "not": lambda value: {"not": downgraded_schema(value)},
    "oneOf": lambda value: {"oneOf": [downgraded_schema(each) for each in value]},
    "properties": lambda value: {"properties": _each(value)},
    "type": _type,
    "unevaluatedProperties": _closed,
}
"""Keywords that are said otherwise, or hold schemas."""
