"""The server's side: the bodies of 201 and 200."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from appcode_contract.checks.by_schema import breaches, json_type
from appcode_contract.checks.check import Check
from appcode_contract.checks.shown import shown
from appcode_contract.clauses import BY_ID, GENERATE, LIST, Operation
from appcode_contract.messages import Violation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from appcode_contract.checks.view import View

_DAY: Final = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])[Tt]")
_MAXIMUM_LIMIT: Final = 500
_GENERATE_BODY: Final = (
    "generate/body",
    "generate/app-code",
    "generate/app-code/length",
    "generate/app-code/alphabet",
    "generate/app-code/first-character",
    "generate/id",
    "generate/app-id",
    "generate/create-time",
    "generate/create-time/format",
)

_PAGE_BODY: Final = (
    "list/body",
    "list/size",
    "list/total",
    "list/app-codes",
    "list/limit/cap",
)
_LIMIT_CLAUSES: Final = {1: "list/limit/minimum", 500: "list/limit/maximum"}
_ITEM_BODY: Final = ("list/app-codes/item", "list/create-time/format")


def _violation(seen: View, clause: str, actual: str) -> Violation:
    return Violation(clause, BY_ID[clause].statement, actual, seen.exchange)


def _status(seen: View) -> Iterator[Violation]:
    operation = seen.operation
    if operation is not None and seen.status != operation.success:
        yield _violation(seen, f"{operation.name}/status", f"status {seen.status}")


def _generated(seen: View) -> Iterator[Violation]:
    yield from breaches("generate-response", seen.document, seen.exchange, _GENERATE_BODY)


def _echo(seen: View) -> Iterator[Violation]:
    answered = seen.document["app_id"]
    if answered != seen.path_parameters["app_id"]:
        yield _violation(
            seen,
            "generate/app-id/echo",
            f"app_id is {shown(answered, seen.exchange)}",
        )


def _generated_date(seen: View) -> Iterator[Violation]:
    yield from _dates(seen, "generate/create-time/format", [seen.document])


def _listed_dates(seen: View) -> Iterator[Violation]:
    yield from _dates(seen, "list/create-time/format", seen.items or [])


def _dates(seen: View, clause: str, records: list[Any]) -> Iterator[Violation]:
    """Find days that no calendar has; the form of the text is the schema's."""
    for text in _texts(records, "create_time"):
        if _DAY.match(text) and not _exists(text[:10]):
            yield _violation(seen, clause, f"create_time is {shown(text, seen.exchange)}, a day that does not exist")
            break


def _exists(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _page(seen: View) -> Iterator[Violation]:
    yield from breaches("list-response", _bounded(seen.document), seen.exchange, _PAGE_BODY)


def _page_with_items(seen: View) -> Iterator[Violation]:
    yield from breaches("list-response", _bounded(seen.document), seen.exchange, _PAGE_BODY + _ITEM_BODY)


def _bounded(document: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Cut a page that is far too long: the first item too many tells all."""
    items = document.get("app_codes") if isinstance(document, dict) else None
    if not isinstance(items, list) or len(items) <= _MAXIMUM_LIMIT:
        return document
    return {**document, "app_codes": items[: _MAXIMUM_LIMIT + 1]}


def _size(seen: View) -> Iterator[Violation]:
    size, length = seen.document.get("size"), len(seen.items or [])
    number = isinstance(size, int | float) and not isinstance(size, bool)
    if number and size != length:
        yield _violation(seen, "list/size", f"size is {json_type(size)}, the page has {length} items")


def _own(seen: View) -> Iterator[Violation]:
    own, items = seen.path_parameters["app_id"], seen.items or []
    foreign = [told for told in _texts(items, "app_id") if told != own]
    if foreign:
        text = f"{len(foreign)} of {len(items)} items have another app_id: {shown(foreign[0], seen.exchange)}"
        yield _violation(seen, "list/app-codes/own", text)


def _repeats(seen: View) -> Iterator[Violation]:
    ids = _texts(seen.items or [], "id")
    if len(set(ids)) < len(ids):
        yield _violation(
            seen,
            "list/paging",
            f"{len(ids) - len(set(ids))} items of this page have an id of another",
        )


def _texts(records: list[Any], name: str) -> list[str]:
    """Give a field of each record that has a text there."""
    found = [record.get(name) for record in records if isinstance(record, dict)]
    return [text for text in found if isinstance(text, str)]


def _fits_limit(seen: View) -> Iterator[Violation]:
    length = len(seen.items or [])
    if seen.limit is not None and length > seen.limit:
        yield _violation(seen, _limit_clause(seen), f"{length} items on a page with limit {seen.limit}")


def _limit_clause(seen: View) -> str:
    if not seen.values("limit"):
        return "list/limit/default"
    return _LIMIT_CLAUSES.get(seen.limit or 0, "list/limit/page")


def _asks_for(clause: str) -> Callable[[View], bool]:
    return lambda seen: bool(seen.items) and seen.limit is not None and _limit_clause(seen) == clause


def _answers(operation: Operation) -> Callable[[View], bool]:
    return lambda seen: seen.success and seen.operation is operation


def _has_body(operation: Operation) -> Callable[[View], bool]:
    return lambda seen: seen.success and seen.operation is operation and not seen.json_problem


def _has_app_id(seen: View) -> bool:
    return _has_body(GENERATE)(seen) and bool(_texts([seen.document], "app_id"))


def _has_items(seen: View) -> bool:
    return bool(seen.items)


def _has_no_items(seen: View) -> bool:
    return _has_body(LIST)(seen) and not seen.items


def _has_page(seen: View) -> bool:
    return seen.items is not None


SUCCESS_CHECKS: Final[tuple[Check, ...]] = (
    Check(("generate/status",), _answers(GENERATE), _status),
    Check(("list/status",), _answers(LIST), _status),
    Check(_GENERATE_BODY, _has_body(GENERATE), _generated),
    Check(("generate/create-time/format",), _has_body(GENERATE), _generated_date),
    Check(("list/create-time/format",), _has_items, _listed_dates),
    Check(("generate/app-id/echo",), _has_app_id, _echo),
    Check(_PAGE_BODY, _has_no_items, _page),
    Check(_PAGE_BODY + _ITEM_BODY, _has_items, _page_with_items),
    Check(("list/size",), _has_page, _size),
    Check(("list/app-codes/own",), _has_items, _own),
    Check(("list/paging",), _has_items, _repeats),
    *(
        Check((clause,), _asks_for(clause), _fits_limit)
        for clause in ("list/limit/default", *_LIMIT_CLAUSES.values(), "list/limit/page")
    ),
)
"""Every check of a successful answer."""
