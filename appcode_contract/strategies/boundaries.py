"""Both sides of every documented bound, the same every time: for ``pytest.mark.parametrize``.

Each ``boundary_*`` tuple holds what is valid, each ``boundary_invalid_*`` tuple what is not, as ``Valid`` and
``Invalid``; ``ids=str`` names the tests. AppCodes and times are strings, limits and offsets decoded strings of the
wire, pages dicts: a new one whenever ``value`` is read, so that a test may change it.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from appcode_contract.strategies.invalid import Invalid
from appcode_contract.strategies.valid import (
    FIRST_CHARACTERS,
    LARGEST_LIMIT,
    LARGEST_LONG,
    LONGEST,
    SHORTEST,
    SMALLEST_LIMIT,
    SMALLEST_LONG,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.vendor.pretty import RepresentationPrinter

T_co = TypeVar("T_co", covariant=True)

_SPECIALS: Final = "+_!@#$%/="
_BEGIN: Final = "+/"
_SECOND: Final = "2020-07-24T02:31:45"
_MOST_DIGITS: Final = 9
_LENGTH: Final = "generate/app-code/length"
_FIRST: Final = "generate/app-code/first-character"
_ALPHABET: Final = "generate/app-code/alphabet"
_FORMAT: Final = "generate/create-time/format"


@dataclass(frozen=True, slots=True, repr=False)
class Valid(Generic[T_co]):
    """A value on the right side of a bound.

    Attributes:
        value: The value. Neither ``repr`` nor Hypothesis shows it: it may be an AppCode, or hold one.
        kind: What it is, in a few words; also what ``str`` gives.
    """

    value: T_co
    kind: str

    def __str__(self) -> str:
        """Give the kind."""
        return self.kind

    def __repr__(self) -> str:
        """Show the kind alone."""
        return f"Valid({self.kind!r})"

    def _repr_pretty_(self, printer: RepresentationPrinter, cycle: bool) -> None:  # noqa: FBT001 - Hypothesis calls it so
        """Show the same when Hypothesis prints it."""
        del cycle
        printer.text(repr(self))


class _Fresh:
    """What gives a copy of its value, which is mutable, to each who asks."""

    __slots__ = ()

    def __getattribute__(self, name: str) -> Any:  # noqa: ANN401 - as attributes are
        """Give an attribute, the value as a copy."""
        found = super().__getattribute__(name)
        return deepcopy(found) if name == "value" else found


class _ValidPage(_Fresh, Valid[dict[str, Any]]):
    __slots__ = ()


class _InvalidPage(_Fresh, Invalid[Any]):
    __slots__ = ()


def _code(length: int, first: str = "A", last: str = "z") -> str:
    return first + "b" * (length - 2) + last


def _app_codes() -> Iterator[Valid[str]]:
    for length in (SHORTEST, SHORTEST + 1, LONGEST - 1, LONGEST):
        yield Valid(_code(length), f"{length} characters")
    for first in ("A", "Z", "a", "z", *_BEGIN):
        yield Valid(_code(SHORTEST, first=first), f"begins with {first}")
    for last in ("0", "9", *_SPECIALS):
        yield Valid(_code(SHORTEST, last=last), f"ends with {last}")


def _invalid_app_codes() -> Iterator[Invalid[object]]:
    yield Invalid("", _LENGTH, "empty", also=(_FIRST,))
    for length in (SHORTEST - 1, LONGEST + 1):
        yield Invalid(_code(length), _LENGTH, f"{length} characters")
    for first in ("0", "9", *(each for each in _SPECIALS if each not in FIRST_CHARACTERS)):
        yield Invalid(_code(SHORTEST, first=first), _FIRST, f"begins with {first}")
    # The neighbours in ASCII of what is allowed, and what validators are known to let pass.
    for last in "\n -\"&'().,:;<>?[]^`{|}~*\\\0\r\t\x7f\xe9\u212a\u0664\uff10":
        yield Invalid(_code(SHORTEST, last=last), _ALPHABET, f"ends with {last!a}")
    yield Invalid(_code(SHORTEST) + "\n", _ALPHABET, "64 characters and a newline")
    yield Invalid(_code(LONGEST - 1) + "\n", _ALPHABET, "179 characters and a newline")
    yield Invalid(None, "generate/app-code", "null")


def _limits() -> Iterator[Valid[str]]:
    for limit in (SMALLEST_LIMIT, SMALLEST_LIMIT + 1, 19, 20, 21, LARGEST_LIMIT - 1, LARGEST_LIMIT):
        yield Valid(str(limit), f"limit={limit}")


def _invalid_limits() -> Iterator[Invalid[str]]:
    for limit in (SMALLEST_LIMIT - 1, -1, -(2**31), SMALLEST_LONG, SMALLEST_LONG - 1):
        yield Invalid(str(limit), "list/limit/minimum", f"limit={limit}")
    for limit in (LARGEST_LIMIT + 1, 2**31 - 1, 2**31, LARGEST_LONG, LARGEST_LONG + 1):
        yield Invalid(str(limit), "list/limit/maximum", f"limit={limit}")
    for text in ("", "1.0", "1e2", "true"):
        yield Invalid(text, "list/limit/type", f"limit={text}")


def _offsets() -> Iterator[Valid[str]]:
    signed = (SMALLEST_LONG, SMALLEST_LONG + 1, -(2**31) - 1, -(2**31), -1, 0, 1)
    for offset in (*signed, 2**31 - 1, 2**31, LARGEST_LONG - 1, LARGEST_LONG):
        yield Valid(str(offset), f"offset={offset}")


def _invalid_offsets() -> Iterator[Invalid[str]]:
    for offset in (str(SMALLEST_LONG - 1), str(LARGEST_LONG + 1), str(2**64), "", "1.0", "1e2", "true"):
        yield Invalid(offset, "list/offset/long", f"offset={offset}")


def _create_times() -> Iterator[Valid[str]]:
    for digits in range(_MOST_DIGITS + 1):
        fraction = "." + "790909295"[:digits] if digits else ""
        yield Valid(f"{_SECOND}{fraction}Z", f"{digits} fractional digits")
    for zone in ("+08:00", "-03:30", "+00:00", "+23:59", "-23:59"):
        yield Valid(_SECOND + zone, f"zone {zone}")
    for second in ("1970-01-01T00:00:00", "2020-02-29T00:00:00", "2020-12-31T23:59:59", "2038-01-19T03:14:08"):
        yield Valid(second + "Z", f"at {second}")


def _invalid_create_times() -> Iterator[Invalid[object]]:
    yield Invalid(f"{_SECOND}.{'1' * (_MOST_DIGITS + 1)}Z", _FORMAT, "10 fractional digits")
    yield Invalid(f"{_SECOND}.Z", _FORMAT, "a point and no digit")
    for zone in ("", "+24:00", "+00:60", "+0800", "Z\n"):
        yield Invalid(_SECOND + zone, _FORMAT, f"zone {zone!a}")
    for part in ("2020-00-24", "2020-13-24", "2020-07-00", "2020-07-32"):
        yield Invalid(f"{part}T02:31:45Z", _FORMAT, f"on {part}")
    for time in ("24:00:00", "02:60:45", "02:31:61"):
        yield Invalid(f"2020-07-24T{time}Z", _FORMAT, f"at {time}")
    yield Invalid(None, "generate/create-time", "null")


def _page(size: int, total: int | None = None) -> dict[str, Any]:
    items = [
        {"app_code": f"{'A' * 60}{index:04d}", "id": f"{index:032x}", "app_id": "a" * 32, "create_time": _SECOND + "Z"}
        for index in range(size)
    ]
    return {"total": size if total is None else total, "size": size, "app_codes": items}


def _pages() -> Iterator[Valid[dict[str, Any]]]:
    for size in (0, 1, 19, 20, 21, LARGEST_LIMIT - 1, LARGEST_LIMIT):
        yield _ValidPage(_page(size), f"{size} items with limit={LARGEST_LIMIT}")
    for total in (2**31 - 1, 2**31, LARGEST_LONG):
        yield _ValidPage(_page(1, total), f"total {total} with limit=1")


def _invalid_pages() -> Iterator[Invalid[Any]]:
    yield _InvalidPage(_page(LARGEST_LIMIT + 1), "list/limit/cap", "501 items")
    yield _InvalidPage(_page(0) | {"size": -1}, "list/size", "size -1")
    yield _InvalidPage(_page(0) | {"total": -1}, "list/total", "total -1")
    yield _InvalidPage(_page(1, LARGEST_LONG + 1), "list/total", f"total {LARGEST_LONG + 1}")
    yield _InvalidPage(_page(0) | {"app_codes": None}, "list/app-codes", "app_codes null")


boundary_app_codes: Final[tuple[Valid[str], ...]] = tuple(_app_codes())
"""AppCodes at both ends of the length and with each special character at both ends (G T3)."""
boundary_invalid_app_codes: Final[tuple[Invalid[object], ...]] = tuple(_invalid_app_codes())
"""AppCodes just beyond (G T3)."""
boundary_limits: Final[tuple[Valid[str], ...]] = tuple(_limits())
"""Limits at both ends and around the default (L T2)."""
boundary_invalid_limits: Final[tuple[Invalid[str], ...]] = tuple(_invalid_limits())
"""Limits just beyond, beyond 32 and 64 bits, and no integers (L T2)."""
boundary_offsets: Final[tuple[Valid[str], ...]] = tuple(_offsets())
"""Offsets at both ends of 64 bits, around 32 bits and around 0 (L T2)."""
boundary_invalid_offsets: Final[tuple[Invalid[str], ...]] = tuple(_invalid_offsets())
"""Offsets just beyond, and no integers (L T2)."""
boundary_create_times: Final[tuple[Valid[str], ...]] = tuple(_create_times())
"""Times of every precision, and in zones up to both ends (G ex, L ex)."""
boundary_invalid_create_times: Final[tuple[Invalid[object], ...]] = tuple(_invalid_create_times())
"""Times just beyond (G ex, L ex)."""
boundary_pages: Final[tuple[Valid[dict[str, Any]], ...]] = tuple(_pages())
"""Pages of every size of note, as answers to ``limit=500`` without offset, where 21 and more items are few enough; and
the largest totals, as answers to ``limit=1`` (L T2, L T4). ``kind`` names the limit."""
boundary_invalid_pages: Final[tuple[Invalid[Any], ...]] = tuple(_invalid_pages())
"""Bodies just beyond, whatever the query (L T4)."""
