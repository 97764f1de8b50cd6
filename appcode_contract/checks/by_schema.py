"""Turns what a schema finds into violations: which clause, and what was seen, without a credential."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from appcode_contract.checks.shown import shown
from appcode_contract.clauses import BY_ID, clauses_of_keyword
from appcode_contract.messages import Violation
from appcode_contract.schema_store import locate, validator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema.exceptions import ValidationError

    from appcode_contract.messages import Exchange

_JSON_TYPES: Final = {
    dict: "an object",
    list: "an array",
    str: "a string",
    bool: "a boolean",
    type(None): "null",
}
_SHOWN: Final = 5
_FIRST_CHARACTER: Final = "^[A-Za-z+/]"


def breaches(name: str, value: Any, exchange: Exchange, clauses: tuple[str, ...]) -> Iterator[Violation]:  # noqa: ANN401 - any JSON value
    """Validate a value and yield one violation for each clause it breaks.

    Args:
        name: The schema.
        value: The value.
        exchange: Where it was seen.
        clauses: The ids of the clauses in question; a keyword may stand for clauses of both operations.

    Yields:
        A violation for each clause, which describes the first place and counts the others.
    """
    found: dict[str, list[str]] = {}
    for error in validator(name).iter_errors(value):
        for step, seen in _steps(error, exchange):
            keyword = locate(name, (*error.absolute_schema_path, *step))
            for clause in clauses_of_keyword(keyword):
                if clause.id in clauses:
                    found.setdefault(clause.id, []).append(_place(error) + seen)
    for clause_id, seen_all in found.items():
        distinct = list(dict.fromkeys(seen_all))
        more = f" (and {len(distinct) - 1} more)" if len(distinct) > 1 else ""
        yield Violation(clause_id, BY_ID[clause_id].statement, distinct[0] + more, exchange)


def _steps(error: ValidationError, exchange: Exchange) -> Iterator[tuple[tuple[int, ...], str]]:
    instance: Any = error.instance
    if error.validator == "required":
        required: Any = error.validator_value
        for index, field in enumerate(required):
            if field not in instance:
                yield (index,), f"{field} is missing"
    else:
        yield (), describe(str(error.validator), error.validator_value, instance, exchange)


def _place(error: ValidationError) -> str:
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
    return f"{steps.removeprefix('.')}: " if steps else ""


def describe(keyword: str, restriction: Any, value: Any, exchange: Exchange) -> str:  # noqa: ANN401 - any JSON values
    """Say what was seen, without repeating a credential.

    Args:
        keyword: The schema keyword that refused the value.
        restriction: The keyword's value.
        value: What was seen.
        exchange: Where it was seen.

    Returns:
        A few words.
    """
    match keyword:
        case "type":
            seen = json_type(value)
        case "minLength" | "maxLength":
            seen = f"{len(value)} characters"
        case "maxItems":
            seen = f"{len(value)} items"
        case "pattern" if restriction == _FIRST_CHARACTER:
            seen = f"begins with {value[0]!a}" if value else "empty"
        case "not":
            strange = sorted(set(re.findall(restriction["pattern"], value)))
            seen = "holds " + ", ".join(map(ascii, strange[:_SHOWN])) + (", …" if len(strange) > _SHOWN else "")
        case _:
            seen = shown(value, exchange) if isinstance(value, str) else json_type(value)
    return seen


def json_type(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Name a value's JSON type, with its article."""
    return _JSON_TYPES.get(type(value)) or f"the number {value}"[:60]
