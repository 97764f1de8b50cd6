"""Reads a list of known deviations: a file in TOML, of which anything unexpected is told with its place."""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from appcode_contract.clauses import BY_ID
from appcode_contract.conformance.selection import unknown_clause
from appcode_contract.deviations import Deviation
from appcode_contract.redaction import one_line, redact_text

if TYPE_CHECKING:
    from pathlib import Path

_LARGEST: Final = 1024 * 1024
_TABLE: Final = "deviation"
_HEADER: Final = re.compile(r"""[ \t]*\[\[[ \t]*["']?deviation["']?[ \t]*\]\]""")
_KEYS: Final = ("clause", "reason", "expires")
_EXAMPLE: Final = '[[deviation]] with clause = "…", reason = "…" and, if it ends, expires = 2030-12-31'
_SHOWN: Final = 60


class DeviationError(ValueError):
    """A list of known deviations that cannot be used; the message is one line that names the file and the place."""


def read_deviations(path: Path) -> tuple[Deviation, ...]:
    """Read a list of known deviations.

    Args:
        path: A file in TOML.

    Returns:
        The deviations, in their order.

    Raises:
        DeviationError: The file cannot be read, or holds anything else.
    """
    name = one_line(str(path))
    text = _text(path, name)
    try:
        document = tomllib.loads(text)
    except RecursionError:
        msg = f"{name}: not TOML that can be read: nested too deeply"
        raise DeviationError(msg) from None
    except ValueError as error:
        told = str(error).replace("at end of document", f"at line {text.count(chr(10)) + 1}, the end")
        msg = f"{name}: not TOML: {one_line(redact_text(told))}"
        raise DeviationError(msg) from None
    return _deviations(document, text, name)


def _text(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            msg = f"{name}: larger than 1 MiB; {_EXAMPLE}, needs no more"
            raise DeviationError(msg)
        return content.decode("utf-8-sig")
    except OSError as error:
        msg = f"{name} cannot be read: {(error.strerror or str(error)).lower()}"
        raise DeviationError(msg) from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        msg = f"{name}, line {line}: not UTF-8, in which TOML is written"
        raise DeviationError(msg) from None


def _deviations(document: dict[str, Any], text: str, name: str) -> tuple[Deviation, ...]:
    unknown = [key for key in document if key != _TABLE]
    if unknown:
        msg = f"{name}{_line_of_key(text, unknown[0])}: the key {_shown(unknown[0])} is unknown; it must be {_EXAMPLE}"
        raise DeviationError(msg)
    entries = document.get(_TABLE, [])
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        msg = f"{name}{_line_of_key(text, _TABLE)}: {_TABLE} must be tables: {_EXAMPLE}"
        raise DeviationError(msg)
    places = _places(text, name, len(entries))
    deviations = tuple(map(_deviation, entries, places))
    first: dict[str, str] = {}
    for each in deviations:
        if each.clause in first:
            msg = f"{each.place}: {each.clause} is there twice, first at {first[each.clause]}; keep one"
            raise DeviationError(msg)
        first[each.clause] = each.place.removeprefix(f"{name}, ")
    return deviations


def _places(text: str, name: str, count: int) -> list[str]:
    """Give file, line and number of each entry; no line where tables are written in another way."""
    lines = [number for number, line in enumerate(text.split("\n"), 1) if _HEADER.match(line)]
    known = lines if len(lines) == count else [0] * count
    return [f"{name}, " + (f"line {line}" if line else f"entry {number}") for number, line in enumerate(known, 1)]


def _line_of_key(text: str, key: str) -> str:
    written = re.compile(rf"""[ \t]*\[{{0,2}}[ \t]*["']?{re.escape(key)}\b""")
    found = next((number for number, line in enumerate(text.split("\n"), 1) if written.match(line)), 0)
    return f", line {found}" if found else ""


def _deviation(entry: dict[str, Any], place: str) -> Deviation:
    others = [key for key in entry if key not in _KEYS]
    if others:
        msg = f"{place}: the key {_shown(others[0])} is unknown; right are {', '.join(_KEYS)}"
        raise DeviationError(msg)
    clause, reason = _words(entry, "clause", place), _words(entry, "reason", place)
    if clause not in BY_ID or BY_ID[clause].binds_client_only:
        unknown = unknown_clause(clause, exact=True) if len(clause) <= _SHOWN else "no clause has such a long name"
        msg = f"{place}: {one_line(redact_text(unknown))}"
        raise DeviationError(msg)
    return Deviation(clause, one_line(redact_text(" ".join(reason.split()))), _expires(entry, place), place)


def _words(entry: dict[str, Any], key: str, place: str) -> str:
    value = entry.get(key)
    if key not in entry:
        msg = f"{place}: {key} is missing; it must be {_EXAMPLE}"
    elif not isinstance(value, str) or not value.strip():
        msg = f"{place}: {key} must be a text that is not empty"
    else:
        return value
    raise DeviationError(msg)


def _expires(entry: dict[str, Any], place: str) -> date | None:
    value = entry.get("expires")
    if "expires" not in entry:
        return None
    if isinstance(value, datetime) or not isinstance(value, date):
        msg = f"{place}: expires must be a day without quotes, as 2030-12-31"
        raise DeviationError(msg)
    return value


def _shown(key: str) -> str:
    shown = redact_text(key)
    return one_line(repr(shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "…"))
