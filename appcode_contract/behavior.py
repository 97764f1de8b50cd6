"""Where the documentation is silent: one field per choice that a server may make.

The first choice of each is the default of the fake. Conformance accepts every choice.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from itertools import combinations, product
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, get_args, get_type_hints

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

# Numbers have no list of choices; these stand for them where choices are listed. They are so large that a client test
# that is about something else does not reach them.
_NUMBERS: Final[Mapping[str, tuple[None, int]]] = MappingProxyType({"quota": (None, 1000), "rate_limit": (None, 1000)})
_LEAST: Final[Mapping[str, int]] = MappingProxyType({"quota": 1, "rate_limit": 1})


@dataclass(frozen=True, slots=True, kw_only=True)
class Behavior:
    """One reading of the pages, complete.

    Attributes:
        out_of_range_limit: A limit of 0, -1 or 501 is refused (400, APIG.2012), or taken as 20 below 1 and as 500
            above 500.
        list_order: Which AppCode comes first.
        app_code_alphabet: Whether AppCodes hold digits after the first character. The prose of the pages has no
            digits, their examples have.
        app_code_length: 64 to 180 characters at random, always 64, or always 180.
        create_time_precision: Nine fractional digits on generate and none on list, or the same on both.
        create_time_zone: Written with ``Z``, or with ``+08:00``.
        extra_fields: Whether every object holds a field that the tables do not name.
        error_texts: error_msg as in the examples, or in another language.
        content_type: ``application/json``, or the same with ``;charset=UTF-8``.
        signed_requests: Whether a request may be signed with an access key (``Authorization: SDK-HMAC-SHA256 …``)
            in place of X-Auth-Token, as the vendor's SDK does.
        quota: How many AppCodes an app may have, at least 1; a generate beyond is refused with 400. None is no quota.
        rate_limit: Every so many requests, at least 1, one is refused with 429 and Retry-After. None is no limit.

    Raises:
        ValueError: A value that is none of the choices; the message lists them.
    """

    out_of_range_limit: Literal["reject", "clamp"] = "reject"
    list_order: Literal["newest_first", "oldest_first"] = "newest_first"
    app_code_alphabet: Literal["with_digits", "letters_only"] = "with_digits"
    app_code_length: Literal["random", "shortest", "longest"] = "random"
    create_time_precision: Literal["as_documented", "seconds", "milliseconds"] = "as_documented"
    create_time_zone: Literal["utc", "offset"] = "utc"
    extra_fields: Literal["absent", "present"] = "absent"
    error_texts: Literal["documented", "translated"] = "documented"
    content_type: Literal["plain", "charset"] = "plain"
    signed_requests: Literal["refused", "accepted"] = "refused"
    quota: int | None = None
    rate_limit: int | None = None

    def __post_init__(self) -> None:
        """Refuse what is no choice."""
        for name, choices in choices_by_field().items():
            value = getattr(self, name)
            if not _is_number(name, value) if name in _LEAST else value not in choices:
                msg = f"Behavior {name}={value!r} is unknown; {_allowed(name)}"
                raise ValueError(msg)


def _is_number(name: str, value: object) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= _LEAST[name])


def _allowed(name: str) -> str:
    if name in _LEAST:
        return f"it must be None or a whole number, at least {_LEAST[name]}"
    return f"the choices are {', '.join(map(str, choices_by_field()[name]))}"


@cache
def choices_by_field() -> Mapping[str, tuple[str | int | None, ...]]:
    """List the choices of each field of ``Behavior``.

    Returns:
        The choices by field name, the default first. For a number None and one example.
    """
    hints = get_type_hints(Behavior)
    return MappingProxyType(
        {field.name: _NUMBERS.get(field.name) or get_args(hints[field.name]) for field in fields(Behavior)}
    )


def read_behavior(settings: Iterable[str]) -> Behavior:
    """Read choices as a command line has them.

    Args:
        settings: Texts as ``"out_of_range_limit=clamp"`` or ``"quota=3"``; of one field the last counts.

    Returns:
        The behavior; what is not set has its default.

    Raises:
        ValueError: An unknown field or choice; the message lists what is known.
    """
    chosen: dict[str, Any] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or name not in choices_by_field():
            msg = f"{setting!r} is no behavior; it must be FIELD=CHOICE, the fields are {', '.join(choices_by_field())}"
            raise ValueError(msg)
        chosen[name] = _read_number(value) if name in _LEAST else value
    return Behavior(**chosen)


def _read_number(value: str) -> int | str | None:
    if value == "none":
        return None
    return int(value) if value.isascii() and value.isdigit() else value


def _pairwise() -> Iterator[Behavior]:
    """Cover every pair of choices of two fields with few behaviors, the default first."""
    choices = choices_by_field()
    left = {
        frozenset({(one, first), (other, second)}): None
        for one, other in combinations(choices, 2)
        for first, second in product(choices[one], choices[other])
    }
    row = {name: each[0] for name, each in choices.items()}
    while True:
        for pair in combinations(row.items(), 2):
            left.pop(frozenset(pair), None)
        yield Behavior(**row)  # type: ignore[arg-type] # choices of their fields
        if not left:
            return
        row = dict(next(iter(left)))  # one pair at least is new in every behavior
        for name in sorted(choices, key=lambda name: -len(choices[name])):
            if name not in row:
                row[name] = max(choices[name], key=lambda choice: _new_pairs(name, choice, row, left))


def _new_pairs(name: str, choice: object, row: Mapping[str, object], left: Container[object]) -> int:
    return sum(frozenset({(name, choice), each}) in left for each in row.items())


ALL_BEHAVIORS: Final[tuple[Behavior, ...]] = tuple(_pairwise())
"""Behaviors that cover every pair of choices of two fields, the default first: a test that runs under each of them has
met every choice beside every other."""
