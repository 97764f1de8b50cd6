"""Reads a report that somebody wrote, or damaged: what is given back keeps report.schema.json.

Its texts are still somebody else's: whoever prints one makes it printable.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from appcode_contract.json_schema import first_fault
from appcode_contract.redaction import one_line, redact_text
from appcode_contract.reporting.document import FORMAT, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

_LARGEST: Final = 64 * 1024 * 1024
_WRITER: Final = "appcode-contract verify --report"
_LONGEST_STEP: Final = 60
_DEEP: Final = "nested too deeply"


class ReportError(ValueError):
    """A report that cannot be read; the message is one line that names the file, the place, and what would be right."""


class _NoJson:
    """Stands where a text has a number that JSON does not have, or that is too long: no schema allows it."""

    def __init__(self, _: str) -> None:
        """Forget the text."""

    def __repr__(self) -> str:
        """Show nothing of it."""
        return "no JSON number"


def read_report(path: Path) -> dict[str, Any]:
    """Read a report in JSON.

    Args:
        path: The file.

    Returns:
        What report.schema.json describes, with each clause once, and exchanges of violations that are there.

    Raises:
        ReportError: The file cannot be read, is no JSON, no report, damaged, or of a newer version.
    """
    name = one_line(str(path))
    try:
        document = _parsed(_text(path, name), name)
        _check_kind(document, name)
        fault = first_fault(_schema(), document) or next(_contradictions(document), None)
    except RecursionError:
        msg = f"{name}: {_DEEP}, which no report is; {_WRITER} writes reports"
        raise ReportError(msg) from None
    if fault is not None:
        place, right = fault
        msg = f"{name}, at {_pointer(place)}: the report is damaged: {right}"
        raise ReportError(msg)
    report: dict[str, Any] = document
    return report


@cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(Path(__file__).with_name("report.schema.json").read_text(encoding="utf-8"))
    return schema


def _text(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except (OSError, ValueError) as error:  # a name with a null character is a ValueError
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        msg = f"{name} cannot be read: {reason.lower()}"
        raise ReportError(msg) from None
    if len(content) > _LARGEST:
        msg = f"{name}: larger than {_LARGEST >> 20} MiB, which no report is; {_WRITER} writes reports"
        raise ReportError(msg)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        msg = f"{name}, line {line}, byte {column}: not UTF-8, in which {_WRITER} writes reports"
        raise ReportError(msg) from None


def _parsed(text: str, name: str) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return json.loads(text, parse_constant=_NoJson, parse_int=_integer)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        msg = f"{name}, {place}: not JSON: {error.msg.lower().strip(': ')}; {_WRITER} writes reports"
        raise ReportError(msg) from None


def _integer(digits: str) -> int | _NoJson:
    try:
        return int(digits)
    except ValueError:  # more digits than Python converts
        return _NoJson(digits)


def _check_kind(document: object, name: str) -> None:
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        msg = f'{name}, at /format: not a report of appcode-contract; it must be "{FORMAT}"'
        raise ReportError(msg)
    if "version" not in document:
        return  # as any key that is missing is told
    version = document["version"]
    if type(version) is not int:
        msg = f"{name}, at /version: the report is damaged: it must be a whole number"
        raise ReportError(msg)
    if version > VERSION:
        told = version if version < 10**9 else "far above"
        msg = (
            f"{name}, at /version: a report of version {told}, and this appcode-contract reads version {VERSION}; "
            "a newer appcode-contract reads it"
        )
        raise ReportError(msg)


def _pointer(path: list[str | int]) -> str:
    """Write a path as a JSON pointer; its keys are somebody else's."""
    steps = (_shortened(one_line(redact_text(str(step)))) for step in path)
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


def _shortened(step: str) -> str:
    return step if len(step) <= _LONGEST_STEP else step[:_LONGEST_STEP] + "…"


def _contradictions(document: dict[str, Any]) -> Iterator[tuple[list[str | int], str]]:
    """Find what a schema cannot say, each as path and what would be right."""
    seen: set[str] = set()
    for place, clause in enumerate(document["clauses"]):
        if clause["id"] in seen:
            yield ["clauses", place, "id"], "each clause must be there once"
        seen.add(clause["id"])
    number = len(document["exchanges"])
    for place, violation in enumerate(document["violations"]):
        if violation["exchange"] is not None and violation["exchange"] >= number:
            yield ["violations", place, "exchange"], f"it must be the place of one of the {number} exchanges, from 0"
        if violation["clause"] not in seen:
            yield ["violations", place, "clause"], "it must be one of the clauses of the report"
