"""Validates with two engines: jsonschema-rs says whether a value is valid, jsonschema says why it is not.

This is the only module that imports either, and the one place that decides between them. Where jsonschema-rs is not
installed (it has no wheel for every platform), or cannot read a value, jsonschema does both. A test holds the two to
the same verdicts.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

_RIGHT: Final = {
    "type": "it must be of type {}",
    "enum": "it must be {}",
    "const": "it must be {}",
    "minimum": "it must be at least {}",
    "minItems": "it must have at least {} items",
    "maxItems": "it must have at most {} items",
}


class Validator:
    """Validates values against one schema.

    Args:
        schema: A JSON Schema 2020-12 whose references stay within it.
    """

    def __init__(self, schema: Mapping[str, Any]) -> None:
        """Keep the schema; an engine is imported when it is first needed."""
        self.schema = schema

    def is_valid(self, value: object) -> bool:
        """Say whether a value is valid.

        Args:
            value: Any JSON value.

        Returns:
            The verdict.
        """
        if self._fast is not None:
            try:
                return self._fast(value)
            except ValueError:  # a lone surrogate, or no JSON value
                pass
        return bool(self._slow.is_valid(value))

    def iter_errors(self, value: object) -> Iterator[ValidationError]:
        """Say what is wrong with a value.

        Args:
            value: Any JSON value.

        Returns:
            jsonschema's errors; none when the value is valid.
        """
        if self._fast is not None and self.is_valid(value):
            return iter(())
        return self._slow.iter_errors(value)

    @cached_property
    def _fast(self) -> Callable[[object], bool] | None:
        return _compiled(self.schema)

    @cached_property
    def _slow(self) -> Draft202012Validator:
        from jsonschema import Draft202012Validator

        return Draft202012Validator(self.schema)


def _compiled(schema: Any) -> Callable[[object], bool] | None:  # noqa: ANN401 - any JSON value
    """Compile a schema with jsonschema-rs.

    Returns:
        Whether a value is valid, as a function; None where jsonschema-rs is not installed.

    Raises:
        ValueError: The schema is no JSON Schema.
    """
    try:
        import jsonschema_rs
    except ImportError:
        return None
    engine = jsonschema_rs.Draft202012Validator(
        schema, retriever=lambda _: {}, pattern_options=jsonschema_rs.RegexOptions()
    )
    return engine.is_valid


def schema_problem(schema: Any) -> str:  # noqa: ANN401 - any JSON value
    """Say what is wrong with a schema by the metaschema of JSON Schema 2020-12.

    Args:
        schema: A parsed file; references are not followed.

    Returns:
        The problem; empty when there is none.
    """
    try:
        if _compiled(schema) is not None:
            return ""
    except ValueError:
        pass  # jsonschema explains
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        return str(error.message)
    return ""


def first_error(schema: Mapping[str, Any], value: object) -> str | None:
    """Say what is wrong with a value by any schema.

    Args:
        schema: A JSON Schema 2020-12 without references.
        value: Any JSON value.

    Returns:
        Where and what, of the first error; None when the value is valid. A value of a wrong type is not repeated.
    """
    errors = [*Validator(schema).iter_errors(value)]
    if not errors:
        return None
    from jsonschema.exceptions import best_match

    error = best_match(errors)
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
    error: Any = next(Validator(schema).iter_errors(value), None)
    if error is None:
        return None
    path = [*error.absolute_path]
    if error.validator == "required":
        missing = next(key for key in error.validator_value if key not in error.instance)
        return [*path, missing], "this key must be there"
    if error.validator == "additionalProperties":
        known = error.schema["properties"]
        return [*path, next(key for key in error.instance if key not in known)], "there is no such key"
    return path, _right(str(error.validator), error.validator_value)


def _right(keyword: str, value: Any) -> str:  # noqa: ANN401 - any value of a keyword
    if keyword in {"type", "enum"} and not isinstance(value, str):
        value = " or ".join(map(str, value))
    return _RIGHT.get(keyword, "it must keep " + keyword + " {}").format(value)
