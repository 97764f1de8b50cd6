"""Reads what an adapter returns, without knowing its classes; says what to provide when it cannot."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from appcode_contract.client_contract.calls import MisfitError, WrongValueError, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_RECORD: Final = (
    "an object or a mapping with app_code, id and app_id, which are strings, and create_time, an RFC 3339 string or an "
    "aware datetime"
)
_PAGE: Final = "an object or a mapping with total and size, which are integers, and app_codes, an iterable of records"
_METHODS: Final[Mapping[str, Sequence[Mapping[str, object]]]] = {
    "generate": ({},),
    "list_page": ({}, {"offset": 0, "limit": 1}),
    "list_all": ({},),
}
_WITH: Final = "generate(app_id), list_page(app_id, offset=None, limit=None) and list_all(app_id)"
NEEDED: Final = f"it must return an adapter with {_WITH}"
"""What ``make_client`` is for."""
_MOST: Final = 10_000


class Record(NamedTuple):
    """An AppCode as a client gave it.

    Attributes:
        app_code: The credential.
        id: Its identifier.
        app_id: Its app.
        created: When it was made.
    """

    app_code: str
    id: str
    app_id: str
    created: datetime

    def __repr__(self) -> str:
        """Show the id alone."""
        return f"Record(id={self.id!r})"


class Page(NamedTuple):
    """A page as a client gave it.

    Attributes:
        total: How many AppCodes the app has.
        size: How many this page has, by its own word.
        records: Those on the page.
    """

    total: int
    size: int
    records: list[Record]


def check_adapter(adapter: object, *, has_list_all: bool) -> None:
    """Refuse an adapter whose methods cannot be called as the suite calls them.

    Args:
        adapter: What ``make_client`` returned.
        has_list_all: Whether the client has list_all.

    Raises:
        MisfitError: A method is missing, or takes other arguments.
    """
    if adapter is None:
        msg = f"make_client() returned None; {NEEDED}"
        raise MisfitError(msg)
    kind = type(adapter).__name__
    for name, calls in _METHODS.items():
        if name == "list_all" and not has_list_all:
            continue
        try:
            method = getattr(adapter, name, None)
        except Exception as error:  # noqa: BLE001 - somebody else's code
            msg = f"{name} of the adapter ({kind}) raised {words_of(error)}; it needs {_WITH}"
            raise MisfitError(msg) from None
        if not callable(method):
            msg = f"the adapter ({kind}) has no method {name}; it needs {_WITH}"
            if name == "list_all":
                msg += "; say has_list_all = False in the test class if the client reads single pages only"
            raise MisfitError(msg)
        _check_signature(kind, name, method, calls)


def _check_signature(kind: str, name: str, method: Any, calls: Sequence[Mapping[str, object]]) -> None:  # noqa: ANN401 - any callable
    try:
        signature = inspect.signature(method)
    except (TypeError, ValueError):  # what is not written in Python may tell none
        return
    for keywords in calls:
        try:
            signature.bind("app_id", **keywords)
        except TypeError as error:
            msg = f"{name}{signature} of the adapter ({kind}): {error}; it needs {_WITH}"
            raise MisfitError(msg) from None


def read_record(value: object, source: str) -> Record:
    """Read a record.

    Args:
        value: What ``generate`` returned, or an item of a list.
        source: Where it comes from, for messages.

    Returns:
        The record.

    Raises:
        MisfitError: A part is missing or of another type.
        WrongValueError: create_time is no time, or has no zone.
    """
    texts = [_part(value, name, source, _RECORD) for name in ("app_code", "id", "app_id")]
    for name, text in zip(("app_code", "id", "app_id"), texts, strict=True):
        if not isinstance(text, str):
            msg = f"{source}: {name} is a {type(text).__name__}; needed is {_RECORD}"
            raise MisfitError(msg)
    app_code, identifier, app_id = texts
    return Record(app_code, identifier, app_id, _instant(_part(value, "create_time", source, _RECORD), source))


def read_page(value: object) -> Page:
    """Read a page.

    Args:
        value: What ``list_page`` returned.

    Returns:
        The page.

    Raises:
        MisfitError: A part is missing or of another type.
        WrongValueError: A create_time is no time, or has no zone.
    """
    source = "what list_page() returned"
    total, size = (_part(value, name, source, _PAGE) for name in ("total", "size"))
    for name, number in (("total", total), ("size", size)):
        if isinstance(number, bool) or not isinstance(number, int):
            msg = f"{source}: {name} is a {type(number).__name__}; needed is {_PAGE}"
            raise MisfitError(msg)
    return Page(total, size, read_records(_part(value, "app_codes", source, _PAGE), "app_codes of list_page()"))


def read_records(value: object, source: str) -> list[Record]:
    """Read records.

    Args:
        value: What ``list_all`` returned, or app_codes of a page.
        source: Where they come from, for messages.

    Returns:
        The records.

    Raises:
        MisfitError: It is no iterable of records.
        WrongValueError: A create_time is no time, or has no zone.
    """
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        msg = f"{source} is a {type(value).__name__}; needed is an iterable of records"
        raise MisfitError(msg)
    return [read_record(item, f"an item of {source}") for item in islice(value, _MOST)]


READ: Final[Mapping[str, Callable[[Any], Any]]] = {
    "generate": partial(read_record, source="what generate() returned"),
    "list_page": read_page,
    "list_all": partial(read_records, source="what list_all() returned"),
}
"""How what a method of an adapter returned is read."""


def _part(value: object, name: str, source: str, needed: str) -> Any:  # noqa: ANN401 - whatever a client returns
    try:
        return value[name] if isinstance(value, Mapping) else getattr(value, name)
    except (KeyError, AttributeError):
        msg = f"{source} is a {type(value).__name__} without {name}; needed is {needed}"
        raise MisfitError(msg) from None


def _instant(value: object, source: str) -> datetime:
    clause = "generate/create-time/format" if source.startswith("what generate") else "list/create-time/format"
    if not isinstance(value, str | datetime):
        msg = f"{source}: create_time is a {type(value).__name__}; needed is {_RECORD}"
        raise MisfitError(msg)
    try:
        instant = datetime.fromisoformat(value.upper()) if isinstance(value, str) else value
    except ValueError:
        raise WrongValueError(clause, "create_time is a text that is no RFC 3339 time") from None
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise WrongValueError(clause, f"create_time has no zone: {value}")
    try:
        return instant.astimezone(UTC)
    except OverflowError:  # at the ends of the calendar
        raise WrongValueError(clause, f"create_time is a time that UTC does not have: {value}") from None


def read_error(described: object) -> tuple[int | None, str | None, str | None]:
    """Read what ``describe_error`` returned.

    Args:
        described: What it returned.

    Returns:
        Status, error_code and error_msg; None for what the error does not tell.

    Raises:
        MisfitError: It is anything else.
    """
    match described:
        case (int() | None as status, str() | None as code, str() | None as text) if not isinstance(status, bool):
            return status, code, text
    parts = ", ".join(type(part).__name__ for part in described) if isinstance(described, tuple) else None
    returned = type(described).__name__ if parts is None else f"({parts})"
    msg = (
        "describe_error() must return (status, error_code, error_msg): an int and two strings, None for what the error "
        f"does not tell; it returned {returned}"
    )
    raise MisfitError(msg)
