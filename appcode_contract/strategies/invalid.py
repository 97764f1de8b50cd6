"""What the contract refuses: values broken in exactly one way, each with the clause that it breaks."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Generic, TypeAlias, TypeVar

from hypothesis import strategies as st

from appcode_contract.strategies.valid import (
    ALPHABETS,
    FIRST_CHARACTERS,
    LARGEST_LIMIT,
    LARGEST_LONG,
    LONGEST,
    SHORTEST,
    SMALLEST_LIMIT,
    SMALLEST_LONG,
    app_codes,
    characters_begun_with,
    limit_texts,
    offset_texts,
)
from appcode_contract.strategies.variety import every_kind

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy
    from hypothesis.vendor.pretty import RepresentationPrinter

T_co = TypeVar("T_co", covariant=True)
Query: TypeAlias = tuple[tuple[str, str], ...]
"""A query as pairs of name and decoded value, in order; a name may come twice."""

_FAR_TOO_LONG: Final = 1000
_RUN: Final = re.compile(rf"[{re.escape(ALPHABETS['with_digits'])}]{{20,}}")
_ID: Final = re.compile(r"[0-9a-f]{32}")
_MOST_SHOWN: Final = 5
_BEYOND_ASCII: Final = 0x80
_TYPE: Final = "generate/app-code"
_LENGTH: Final = "generate/app-code/length"
_FIRST: Final = "generate/app-code/first-character"
_ALPHABET: Final = "generate/app-code/alphabet"
_LIMIT: Final = "list/limit/type"
_OFFSET: Final = "list/offset/long"


@dataclass(frozen=True, slots=True, repr=False)
class Invalid(Generic[T_co]):
    """A value that breaks the contract in one way.

    Attributes:
        value: The value. Of the AppCodes in it ``repr`` and Hypothesis show how long they are, and where they hold what
            belongs in none; of a long array the first items; of a message neither token nor body.
        clause: The id of the clause that it breaks.
        kind: What is wrong with it, in a few words; also what ``str`` gives, for the ids of parametrized tests.
        also: The ids of clauses that a validator reports for the same defect besides; empty but for the empty AppCode
            (``generate/app-code/first-character``), alone or in an answer, and for 501 items on a page of 500
            (``list/limit/cap``).
    """

    value: T_co
    clause: str
    kind: str
    also: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        """Give the kind: what tests that are run once for each value show of it."""
        return self.kind

    def __repr__(self) -> str:
        """Show all but long texts."""
        also = f", also={self.also!r}" if self.also else ""
        return f"Invalid({_shown(self.value)}, clause={self.clause!r}, kind={self.kind!r}{also})"

    def _repr_pretty_(self, printer: RepresentationPrinter, cycle: bool) -> None:  # noqa: FBT001 - Hypothesis calls it so
        """Show the same when Hypothesis prints a failing example, which would otherwise show every field."""
        del cycle
        printer.text(repr(self))


def _shown(value: object) -> str:
    match value:
        case str():
            return repr(_RUN.sub(_hidden, value))
        case dict():
            return "{" + ", ".join(f"{_shown(name)}: {_shown(inner)}" for name, inner in value.items()) + "}"
        case list():
            left_out = [f"… {len(value) - _MOST_SHOWN} more"] if len(value) > _MOST_SHOWN else []
            return "[" + ", ".join([*map(_shown, value[:_MOST_SHOWN]), *left_out]) + "]"
        case _:
            return repr(value)


def _hidden(run: re.Match[str]) -> str:
    return run[0] if _ID.fullmatch(run[0]) else f"<{len(run[0])} characters>"


def invalid_app_codes() -> SearchStrategy[Invalid[object]]:
    """Generate what is no AppCode: JSON values broken in exactly one way (G T3).

    The clause is the one whose repair makes the value valid. The empty string is tagged with the length: it has no
    first character because it has no characters, and filling it up to 64 is what it lacks. A validator that reads
    the two clauses one by one, as the schema does, reports the first character too; ``also`` says so.

    Returns:
        A strategy of values with the clause each of them breaks: ``generate/app-code`` (null or another type),
        ``…/length``, ``…/first-character`` or ``…/alphabet``.
    """
    every = [strategy for strategies in app_code_breaches().values() for strategy in strategies]
    return every_kind(dict(enumerate(every)))


def app_code_breaches() -> dict[str, list[SearchStrategy[Invalid[object]]]]:
    """Give the strategies that ``invalid_app_codes`` is made of, by clause."""
    return {
        _LENGTH: _wrong_lengths(),
        _FIRST: _wrong_first_characters(),
        _ALPHABET: _wrong_characters(),
        _TYPE: _wrong_types(),
    }


def _tagged(values: SearchStrategy[object], clause: str, kind: str) -> SearchStrategy[Invalid[object]]:
    return values.map(lambda value: Invalid(value, clause, kind))


def _wrong_lengths() -> list[SearchStrategy[Invalid[object]]]:
    def of_length(kind: str, least: int, most: int) -> SearchStrategy[Invalid[object]]:
        return _tagged(characters_begun_with(FIRST_CHARACTERS, min_size=least, max_size=most), _LENGTH, kind)

    empty: Invalid[object] = Invalid("", _LENGTH, "empty", also=(_FIRST,))
    one_too_few = of_length("one character too few", SHORTEST - 1, SHORTEST - 1)
    one_too_many = of_length("one character too many", LONGEST + 1, LONGEST + 1)
    return [
        st.just(empty),
        one_too_few | of_length("too few characters", 1, SHORTEST - 2),
        one_too_many | of_length("too many characters", LONGEST + 2, _FAR_TOO_LONG),
    ]


def _wrong_first_characters() -> list[SearchStrategy[Invalid[object]]]:
    choices = {"begins with a digit": string.digits, "begins with a special character": "_!@#$%="}
    return [
        _tagged(characters_begun_with(first, min_size=SHORTEST, max_size=LONGEST), _FIRST, kind)
        for kind, first in choices.items()
    ]


def _wrong_characters() -> list[SearchStrategy[Invalid[object]]]:
    def inside(kind: str, strangers: SearchStrategy[str]) -> SearchStrategy[Invalid[object]]:
        return _tagged(_with_inside(strangers), _ALPHABET, kind)

    def at_the_end(kind: str, stranger: str) -> SearchStrategy[Invalid[object]]:
        return _tagged(_with_last(stranger), _ALPHABET, kind)

    others = st.sampled_from("\r\t\v\f\x1b\x7f")
    return [
        at_the_end("ends with a newline", "\n"),
        inside("holds a newline", st.just("\n")),
        at_the_end("ends with a blank", " ") | inside("holds a blank", st.just(" ")),
        at_the_end("ends with NUL", "\0") | inside("holds NUL", st.just("\0")),
        inside("holds a hyphen", st.just("-")),
        inside("holds another control character", others)
        | inside("holds another ASCII character", st.sampled_from(".,:;&?*~^'\"`\\|<>()[]{}")),
        # Sharp s, Cyrillic a, Kelvin sign, long s, full-width A: lookalikes, and letters whose case folds to ASCII.
        inside("holds a letter beyond ASCII", _beyond_ascii("L", "\xe9\xdf\u0430\u212a\u017f\uff21\u4e2d")),
        inside("holds a digit beyond ASCII", _beyond_ascii("N", "\uff10\uff14\u0664\xb2")),
        inside("holds an invisible character beyond ASCII", st.sampled_from("\xa0\x85\xad\u200b\u2028\u3000\ufeff")),
    ]


def _beyond_ascii(category: str, of_note: str) -> SearchStrategy[str]:
    anything = st.characters(categories=[category], min_codepoint=_BEYOND_ASCII)  # type: ignore[list-item] # "L" and "N" are such names
    return st.one_of(st.sampled_from(of_note), anything)


def _with_inside(stranger: SearchStrategy[str]) -> SearchStrategy[str]:
    def replace(code: str, character: str, position: int) -> str:
        position = min(position, len(code) - 2)
        return code[:position] + character + code[position + 1 :]

    return st.builds(replace, app_codes(), stranger, st.integers(1, LONGEST - 2))


def _with_last(character: str) -> SearchStrategy[str]:
    return app_codes().map(lambda code: code[:-1] + character)


def _wrong_types() -> list[SearchStrategy[Invalid[object]]]:
    values: dict[str, SearchStrategy[object]] = {
        "a boolean": st.booleans(),
        "an integer": st.integers(),
        "a fraction": st.floats(allow_nan=False, allow_infinity=False),
        "an array": st.lists(app_codes(), max_size=2),
        "an object": st.dictionaries(st.just("app_code"), app_codes()),
    }
    others = (_tagged(strategy, _TYPE, kind) for kind, strategy in values.items())
    return [_tagged(st.none(), _TYPE, "null"), st.one_of(*others)]


# What no reader of the pages takes for an integer, by what is wrong with it.
_NO_INTEGERS: Final[dict[str, tuple[str, ...]]] = {
    "is empty": ("",),
    "has a blank": (" 1", "1 ", "1\n", "\t1", " "),
    "has a plus sign": ("+1", "+0"),
    "is a fraction": ("1.0", "4.5", "1.", ".5"),
    "has an exponent": ("1e2", "1E2"),
    "has another base": ("0x1", "0b1", "0o1", "1f"),
    "has digits beyond ASCII": ("٤", "４", "१", "²"),  # noqa: RUF001 - lookalikes on purpose
    "is a word": ("true", "null", "None", "NaN", "Infinity", "abc"),
    "is more than a number": ("1,2", "1_0", "1;2", "[1]", '"1"', "1-1", "--1", "-"),
}


def invalid_list_queries() -> SearchStrategy[Invalid[Query]]:
    """Generate queries of the list operation that the contract does not allow (L T2), broken in exactly one way.

    One parameter is wrong or given more than once; the other one is absent or valid. The clauses are those that the
    checks of a request report: an integer below 1 or above 500 breaks ``list/limit/minimum`` or
    ``list/limit/maximum``, also beyond 32 and 64 bits; a limit that is no integer, or is repeated, breaks
    ``list/limit/type``; whatever is wrong with an offset breaks ``list/offset/long``.

    Left out, because the pages leave them open: leading zeros, ``-0``, and parameters that they do not name.

    Returns:
        A strategy of queries with the clause each of them breaks.
    """
    limits, offsets = _unreadable("limit", limit_texts(), _LIMIT), _unreadable("offset", offset_texts(), _OFFSET)
    unreadable = [limit | offset for limit, offset in zip(limits, offsets, strict=True)]
    return every_kind(dict(enumerate([*_limits_out_of_range(), *unreadable, st.one_of(*_offsets_out_of_range())])))


def list_query_breaches() -> dict[str, list[SearchStrategy[Invalid[Query]]]]:
    """Give the strategies that ``invalid_list_queries`` is made of, by clause."""
    below, above = _limits_out_of_range()
    return {
        "list/limit/minimum": [below],
        "list/limit/maximum": [above],
        _LIMIT: _unreadable("limit", limit_texts(), _LIMIT),
        _OFFSET: [*_offsets_out_of_range(), *_unreadable("offset", offset_texts(), _OFFSET)],
    }


def _limits_out_of_range() -> list[SearchStrategy[Invalid[Query]]]:
    least, most = SMALLEST_LIMIT - 1, LARGEST_LIMIT + 1
    below = st.one_of(
        st.sampled_from((0, -1, -(2**31), -(2**63))), st.integers(least - 9, least), st.integers(SMALLEST_LONG, least)
    )
    above = st.one_of(
        st.sampled_from((501, 2**31, 2**63)), st.integers(most, most + 9), st.integers(most, LARGEST_LONG)
    )
    return [
        _wrong_query("limit", _once(below.map(str)), "list/limit/minimum", "limit is below 1"),
        _wrong_query("limit", _once(above.map(str)), "list/limit/maximum", "limit is above 500"),
    ]


def _offsets_out_of_range() -> list[SearchStrategy[Invalid[Query]]]:
    below = st.one_of(st.just(SMALLEST_LONG - 1), st.integers(-(10**30), SMALLEST_LONG - 1))
    above = st.one_of(st.just(LARGEST_LONG + 1), st.integers(LARGEST_LONG + 1, 10**30))
    endless = st.sampled_from((10**40, -(10**40)))
    return [
        _wrong_query("offset", _once(below.map(str)), _OFFSET, "offset is below 64 bits"),
        _wrong_query("offset", _once(above.map(str)), _OFFSET, "offset is above 64 bits"),
        _wrong_query("offset", _once(endless.map(str)), _OFFSET, "offset has 41 digits"),
    ]


def _unreadable(name: str, valid: SearchStrategy[str], clause: str) -> list[SearchStrategy[Invalid[Query]]]:
    repeated = st.lists(valid, min_size=2, max_size=3).map(tuple)
    return [
        *(
            _wrong_query(name, _once(st.sampled_from(texts)), clause, f"{name} {kind}")
            for kind, texts in _NO_INTEGERS.items()
        ),
        _wrong_query(name, repeated, clause, f"{name} is repeated"),
    ]


def _once(texts: SearchStrategy[str]) -> SearchStrategy[tuple[str, ...]]:
    return texts.map(lambda text: (text,))


def _wrong_query(
    name: str, values: SearchStrategy[tuple[str, ...]], clause: str, kind: str
) -> SearchStrategy[Invalid[Query]]:
    other_name, other_texts = ("offset", offset_texts()) if name == "limit" else ("limit", limit_texts())
    others = st.one_of(st.just(()), _once(other_texts))

    def build(wrong: tuple[str, ...], other: tuple[str, ...], other_first: bool) -> Invalid[Query]:  # noqa: FBT001 - drawn
        own = tuple((name, value) for value in wrong)
        rest = tuple((other_name, value) for value in other)
        return Invalid(rest + own if other_first else own + rest, clause, kind)

    return st.builds(build, values, others, st.booleans())
