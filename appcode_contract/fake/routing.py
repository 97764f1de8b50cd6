"""Which operation a request names, for which app, with which parameters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote

from appcode_contract.fake.store import AppKey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from appcode_contract.fake.faults import OperationName

OPERATIONS: Final[Mapping[str, OperationName]] = {"GET": "list", "PUT": "generate"}
"""The operations by method."""
# Nearly every path; what is percent-encoded takes the longer way.
_PLAIN: Final = re.compile(r"/v2/([^/%]+)/apic/instances/([^/%]+)/apps/([^/%]+)/app-codes")


def app_of(path: str) -> AppKey | None:
    """Find the app in a path.

    Args:
        path: The path, percent-encoded as sent.

    Returns:
        Where the app lives, percent-decoded; None when the path is not that of the operations.
    """
    plain = _PLAIN.fullmatch(path)
    if plain is not None:
        return AppKey._make(plain.groups())
    match [unquote(segment, errors="replace") for segment in path.split("/")]:
        case ["", "v2", project, "apic", "instances", instance, "apps", app, "app-codes"] if project and instance:
            return AppKey(project, instance, app) if app else None
        case _:
            return None


def parameters(query: str) -> dict[str, list[str]]:
    """Read a query.

    Args:
        query: What follows the question mark, percent-encoded as sent.

    Returns:
        The decoded values by name, in the order sent; a name without a value has an empty one.
    """
    given: dict[str, list[str]] = {}
    encoded = "%" in query or "+" in query
    pairs = parse_qsl(query, keep_blank_values=True) if encoded else map(_split, filter(None, query.split("&")))
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    return given


def _split(pair: str) -> tuple[str, str]:
    name, _, value = pair.partition("=")
    return name, value
