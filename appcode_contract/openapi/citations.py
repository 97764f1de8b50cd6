"""Which clauses stand at which place of the document. It knows the clauses, and how a place is written in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from appcode_contract.clauses import BY_ID, CLAUSES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from appcode_contract.clauses import Clause, Operation

EXTENSION: Final = "x-clauses"
"""The key of an OpenAPI object that holds the clauses it stands for."""

_ERROR: Final = re.compile(r"error/([0-9]{3})/code")


def cited(clauses: Iterable[Clause]) -> dict[str, Any]:
    """Make the extension that names clauses.

    Args:
        clauses: The clauses that an object of the document stands for.

    Returns:
        One key, ``x-clauses``, or none when there is no clause.
    """
    entries = [
        {"id": clause.id, "level": clause.level.value, "source": clause.source, "statement": clause.statement}
        for clause in clauses
    ]
    return {EXTENSION: entries} if entries else {}


def error_statuses() -> dict[int, Clause]:
    """Give the documented statuses of refusal.

    Returns:
        For each the clause that tells its error_code.
    """
    found = ((_ERROR.fullmatch(clause.id), clause) for clause in CLAUSES)
    return {int(match[1]): clause for match, clause in found if match}


def status_clause(operation: Operation) -> Clause:
    """Give the clause about the status of success.

    Args:
        operation: One of the two.

    Returns:
        The clause; the first letter of its source is the page of the operation.
    """
    return BY_ID[f"{operation.name}/status"]


def of_parameter(schema_name: str, name: str) -> list[Clause]:
    """Find what is said about a parameter.

    Args:
        schema_name: The schema that describes all parameters of this kind.
        name: The parameter.

    Returns:
        The clauses that cite its schema, and those whose id names it.
    """
    field = f"{schema_name}#/properties/{name}/"
    return [
        clause
        for clause in CLAUSES
        if clause.id.startswith(f"list/{name}/") or any(keyword.startswith(field) for keyword in clause.schema)
    ]


def of_operation(operation: Operation, parameters: Iterable[str]) -> list[Clause]:
    """Find what is said about an operation as a whole.

    Args:
        operation: One of the two.
        parameters: The names of its query parameters, whose clauses stand there.

    Returns:
        The clauses of the operation that stand neither at its status, nor at a parameter, nor in a schema of a body.
    """
    elsewhere = (status_clause(operation).id, *(f"{operation.name}/{name}/" for name in parameters))
    return [
        clause
        for clause in CLAUSES
        if clause.id == "status/documented"
        or (
            clause.id.startswith(f"{operation.name}/")
            and not clause.id.startswith(elsewhere)
            and all(keyword.startswith(f"{operation.name}-query#/") for keyword in clause.schema)
        )
    ]


def of_error(status: int) -> list[Clause]:
    """Find what is said about a refusal.

    Args:
        status: Its status.

    Returns:
        The clauses about every refusal and about this one.
    """
    beginnings = ("error/body", f"error/{status}/", "error/no-effect")
    return [clause for clause in CLAUSES if clause.id.startswith(beginnings)]
