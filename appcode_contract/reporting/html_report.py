"""A report as one HTML file that needs nothing else: no server, no network, and to be read no script either."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from appcode_contract.clauses import GENERATE
from appcode_contract.redaction import printable
from appcode_contract.report import Outcome
from appcode_contract.reporting.document import verdict_of
from appcode_contract.reporting.html_marks import MarkedExchange, mark
from appcode_contract.reporting.html_matrix import matrix_of
from appcode_contract.reporting.html_plot import duration, plot_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jinja2 import Template

_TEMPLATE: Final = "report.html.j2"
_DETAILED: Final = 20
_LETTERS: Final = {
    Outcome.FAILED: "F",
    Outcome.KNOWN: "K",
    Outcome.PASSED: "P",
    Outcome.SKIPPED: "S",
    Outcome.NOT_EXERCISED: "N",
}
_GROUPS: Final = (
    ("Violated", (Outcome.FAILED,)),
    ("Known deviations, not counted", (Outcome.KNOWN,)),
    ("Not judged", (Outcome.SKIPPED, Outcome.NOT_EXERCISED)),
    ("Held", (Outcome.PASSED,)),
)
_LEVELS: Final = {
    "documented": "a table or a sentence says it",
    "example": "only an example shows it",
    "implied": "the operation makes no sense without it",
}


@dataclass(frozen=True, slots=True)
class _Violation:
    """A violation as it is shown: ``number`` counts requests from 1."""

    expected: str
    actual: str
    found_by: str
    number: int | None
    exchange: MarkedExchange | None
    repeat: str
    generates: bool


def to_html(document: Mapping[str, Any]) -> str:
    """Write a report as HTML.

    Args:
        document: The report's document.

    Returns:
        One file that asks for nothing, and shows what a server sent as text only: what would change the page or the
        order of its characters is escaped.
    """
    return _template().render(_context(_printable(document))).lstrip()


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True,
        loader=FileSystemLoader(Path(__file__).parent),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {"duration": duration, "many": _many, "sha256": _sha256, "words": _words}
    return environment.get_template(_TEMPLATE)


def _context(document: Mapping[str, Any]) -> dict[str, Any]:
    violations = _violations(document)
    outcomes = Counter(each["outcome"] for each in document["clauses"])
    known = {each["id"] for each in document["clauses"]}
    return {
        "base": _base(document["exchanges"]),
        "document": document,
        "groups": [
            (title, [each for each in document["clauses"] if each["outcome"] in chosen]) for title, chosen in _GROUPS
        ],
        "letters": {str(outcome): letter for outcome, letter in _LETTERS.items()},
        "levels": _LEVELS,
        "matrix": matrix_of(document),
        "outcomes": [(str(outcome), outcomes[outcome]) for outcome in _LETTERS],
        "plot": plot_of(document["exchanges"]) if document["started"] else None,
        "problems": [each["problem"] for each in document["deviations"] if each["problem"]],
        "strays": {clause: told for clause, told in violations.items() if clause not in known},
        "verdict": verdict_of(document),
        "violated_by": _violated_by(document),
        "violations": violations,
    }


def _violations(document: Mapping[str, Any]) -> dict[str, list[_Violation]]:
    """Give the violations by clause; of very many of one clause the later ones without their exchanges."""
    found: dict[str, list[_Violation]] = {}
    for each in document["violations"]:
        place = each["exchange"]
        exchange = None if place is None else document["exchanges"][place]
        told = found.setdefault(each["clause"], [])
        shown = exchange is not None and len(told) < _DETAILED
        told.append(
            _Violation(
                expected=each["expected"],
                actual=each["actual"],
                found_by=each["found_by"],
                number=None if place is None else place + 1,
                exchange=mark(exchange, each["clause"], each["actual"]) if exchange is not None and shown else None,
                repeat=each["repeat"],
                generates=exchange is not None and exchange["request"]["method"] == GENERATE.method,
            )
        )
    return found


def _violated_by(document: Mapping[str, Any]) -> dict[int, list[str]]:
    """Give the clauses that each request violates, by its place."""
    found: dict[int, list[str]] = {}
    for each in document["violations"]:
        if each["exchange"] is not None:
            found.setdefault(each["exchange"], []).append(each["clause"])
    return {place: list(dict.fromkeys(clauses)) for place, clauses in found.items()}


def _base(exchanges: Sequence[Mapping[str, Any]]) -> str:
    """Give the URL without query that most requests have, which their table need not repeat."""
    counted = Counter(each["request"]["url"].partition("?")[0] for each in exchanges)
    return counted.most_common(1)[0][0] if counted else ""


def _printable(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    match value:
        case str():
            return printable(value)
        case list():
            return [_printable(each) for each in value]
        case dict():
            return {printable(key): _printable(each) for key, each in value.items()}
        case _:
            return value


def _sha256(text: str) -> str:
    """Name a script or a style for a Content-Security-Policy: what is not named is neither run nor applied."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" + "s" * (number != 1)
