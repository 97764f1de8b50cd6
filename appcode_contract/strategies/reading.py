"""What a client returned, read without knowing its classes, and judged without showing an AppCode."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, NoReturn

from appcode_contract.clauses import BY_ID
from appcode_contract.strategies.valid import ALPHABETS, FIRST_CHARACTERS, LONGEST, SHORTEST

_CLAUSES: Final = {"generate": "generate/{}", "list": "list/app-codes/item"}


class Seen(NamedTuple):
    """A record as a client gave it.

    Attributes:
        app_code: The credential.
        id: Its identifier.
        app_id: Its app.
        create_time: When it was made, to the second: generate and list may write one time with different precision.
    """

    app_code: str
    id: str
    app_id: str
    create_time: datetime

    def __repr__(self) -> str:
        """Show the id alone."""
        return f"Seen(id={self.id!r})"


class SeenPage(NamedTuple):
    """A page as a client gave it.

    Attributes:
        total: How many AppCodes the app has.
        size: How many the page has, by its own word.
        items: Those on the page.
    """

    total: int
    size: int
    items: list[Seen]


def fail(clause: str, actual: str) -> NoReturn:
    """Say which clause was broken.

    Args:
        clause: Its id.
        actual: What was seen, without credentials.

    Raises:
        AssertionError: Always.
    """
    msg = f"{clause}: {BY_ID[clause].statement} Instead: {actual}"
    raise AssertionError(msg)


def read_page(answer: object) -> SeenPage:
    """Read a page.

    Args:
        answer: What ``list_page`` returned.

    Returns:
        Its parts.

    Raises:
        AssertionError: A part is missing, of another type, or breaks the rule for AppCodes.
    """
    counts = [_field(answer, name, f"list/{name}") for name in ("total", "size")]
    for name, value in zip(("total", "size"), counts, strict=True):
        if isinstance(value, bool) or not isinstance(value, int):
            fail(f"list/{name}", f"{name} is a {type(value).__name__}")
    items = _field(answer, "app_codes", "list/app-codes")
    if isinstance(items, str | Mapping) or not isinstance(items, Iterable):
        fail("list/app-codes", f"app_codes is a {type(items).__name__}")
    return SeenPage(counts[0], counts[1], [read_record(item, "list") for item in items])


def read_record(answer: object, operation: str) -> Seen:
    """Read a record.

    Args:
        answer: What ``generate`` returned, or an item of a page.
        operation: ``generate`` or ``list``, whose clauses count.

    Returns:
        Its parts.

    Raises:
        AssertionError: A part is missing, of another type, or breaks the rule for AppCodes.
    """
    texts = {}
    for name in ("app_code", "id", "app_id"):
        clause = _CLAUSES[operation].format(name.replace("_", "-"))
        texts[name] = _field(answer, name, clause)
        if not isinstance(texts[name], str):
            fail(clause, f"{name} is a {type(texts[name]).__name__}")
    _check_app_code(texts["app_code"], operation)
    return Seen(**texts, create_time=_second(answer, operation))


def read_refusal(described: object) -> tuple[int | None, str | None]:
    """Read what a refusal is said to be.

    Args:
        described: What ``describe_error`` returned.

    Returns:
        Status and error_code, None for what is not told.

    Raises:
        TypeError: It is anything else.
    """
    match described:
        case (int() | None as status, str() | None as code) if not isinstance(status, bool):
            return status, code
    parts = [type(part).__name__ for part in described] if isinstance(described, tuple) else None
    returned = type(described).__name__ if parts is None else f"({', '.join(parts)})"
    msg = (
        "describe_error() must return (status, error_code): an int and a str, None for what the error does not tell; "
        f"it returned {returned}"
    )
    raise TypeError(msg)


def _field(answer: object, name: str, clause: str) -> Any:  # noqa: ANN401 - whatever a client returns
    if isinstance(answer, Mapping) and name in answer:
        return answer[name]
    if isinstance(answer, Mapping) or not hasattr(answer, name):
        fail(clause, f"a {type(answer).__name__} without {name}")
    return getattr(answer, name)


def _check_app_code(code: str, operation: str) -> None:
    clause = _CLAUSES[operation]
    if not SHORTEST <= len(code) <= LONGEST:
        fail(clause.format("app-code/length"), f"{len(code)} characters")
    if code[0] not in FIRST_CHARACTERS:
        fail(clause.format("app-code/first-character"), f"begins with {code[0]!a}")
    strange = sorted(set(code) - set(ALPHABETS["with_digits"]))
    if strange:
        fail(clause.format("app-code/alphabet"), f"holds {', '.join(map(ascii, strange))}")


def _second(answer: object, operation: str) -> datetime:
    clause = f"{operation}/create-time/format"
    value = _field(answer, "create_time", clause)
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        fail(clause, f"create_time is {value!a}" if isinstance(value, str) else f"a {type(value).__name__}")
    if moment.tzinfo is None:
        fail(clause, "create_time has no zone")
    return moment.astimezone(UTC).replace(microsecond=0)
