"""Which operation a request names, for which app, with which parameters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import parse_qsl, unquote

from appcode_contract.fake.store import AppKey, well_formed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from appcode_contract.fake.faults import OperationName
    from appcode_contract.messages import Request

OPERATIONS: Final[Mapping[str, OperationName]] = {"GET": "list", "PUT": "generate"}
"""The operations by method."""
DEFAULT_LIMIT: Final = 20
"""The limit of a query without one (L T2)."""
_INTEGER: Final = re.compile(r"-?[0-9]{1,4000}")
_MOST_REMEMBERED: Final = 256
_LONGEST_REMEMBERED: Final = 512


def app_of(path: str) -> AppKey | None:
    """Find the app in a path.

    Args:
        path: The path, percent-encoded as sent.

    Returns:
        Where the app lives, percent-decoded; None when the path is not that of the operations.
    """
    match [unquote(segment, errors="replace") for segment in path.split("/")]:
        case ["", "v2", project, "apic", "instances", instance, "apps", app, "app-codes"] if project and instance:
            return AppKey(project, instance, app) if app else None
        case _:
            return None


def _integer(name: str, given: dict[str, list[str]], *, default: int, bits: int) -> int | None:
    match given.get(name, []):
        case []:
            return default
        case [text] if _INTEGER.fullmatch(text):
            value = int(text)
            return value if -(1 << bits - 1) <= value < 1 << bits - 1 else None
    return None


def _parameters(query: str) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        given.setdefault(name, []).append(value)
    return given


class Target(NamedTuple):
    """What the path and the query of a request name.

    Attributes:
        key: Where the app lives, percent-decoded.
        well_formed: Whether its id is one that the fake takes for an id at all.
        offset: The offset, or None when it is no integer of 64 bits, or given more than once.
        limit: The limit, or None when it is no integer of 32 bits, or given more than once.
    """

    key: AppKey
    well_formed: bool
    offset: int | None
    limit: int | None


class Router:
    """Reads targets, and remembers them: clients ask for the same few again and again."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._read: dict[str, Target | None] = {}

    def read(self, request: Request) -> Target | None:
        """Read path and query of a request.

        Args:
            request: Any request.

        Returns:
            What they name; None when the path is not that of the operations.
        """
        url = request.url
        if url in self._read:
            return self._read[url]
        target = _target_of(request)
        if len(url) <= _LONGEST_REMEMBERED:
            if len(self._read) >= _MOST_REMEMBERED:
                self._read.clear()
            self._read[url] = target
        return target


def _target_of(request: Request) -> Target | None:
    key = app_of(request.path)
    if key is None:
        return None
    given = _parameters(request.query)
    offset = _integer("offset", given, default=0, bits=64)
    return Target(key, well_formed(key.app_id), offset, _integer("limit", given, default=DEFAULT_LIMIT, bits=32))
