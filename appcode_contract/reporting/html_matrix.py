"""The clauses of a report as a matrix, in the order of the pages: operation, place on its page, clause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from appcode_contract.clauses import GENERATE, LIST, PAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_OPERATIONS: Final = {"G": GENERATE, "L": LIST}
PLACES: Final[Mapping[str, Sequence[str]]] = {
    "G": (
        "Function",
        "URI",
        "Table 1",
        "Request Parameters",
        "Table 2",
        "Status code 201",
        "Table 3",
        "Tables 4 to 8",
        "example",
        "Status Codes",
    ),
    "L": (
        "Function",
        "URI",
        "Table 1",
        "Table 2",
        "Request Parameters",
        "Table 3",
        "Status code 200",
        "Table 4",
        "Table 5",
        "Tables 6 to 10",
        "example",
        "Status Codes",
    ),
}
"""What stands on each page from top to bottom, by the page's letter."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One operation.

    Attributes:
        page: The name of its page.
        method: Its HTTP method.
        revision: The page's revision, as a date.
        rows: Places on the page, each with the clauses that cite it.
    """

    page: str
    method: str
    revision: str
    rows: list[tuple[str, list[Mapping[str, Any]]]]


def matrix_of(document: Mapping[str, Any]) -> list[Panel]:
    """Arrange the clauses of a report.

    Args:
        document: The report's document.

    Returns:
        A panel for each operation that a clause cites. A clause stands in each place that it cites.
    """
    panels = []
    for letter, page in PAGES.items():
        rows: dict[str, list[Mapping[str, Any]]] = {}
        for clause in document["clauses"]:
            for place in _cited(clause["source"], page):
                rows.setdefault(place, []).append(clause)
        if rows:
            ordered = sorted(rows.items(), key=lambda row: _rank(row[0], PLACES[letter]))
            panels.append(Panel(page, _OPERATIONS[letter].method, document["pages"].get(letter, ""), ordered))
    return panels


def _cited(source: str, page: str) -> Iterable[str]:
    """Give the places of a page that a source, written in full, names."""
    for part in source.split("; "):
        name, _, places = part.partition(", ")
        if name == page:
            yield from places.split(", ")


def _rank(place: str, places: Sequence[str]) -> int:
    return places.index(place) if place in places else len(places)
