"""How to break a valid document in exactly one way: functions of it, tagged with clause and kind.

A breaker is an ``Invalid`` whose value is a function from the valid document to the broken one. The same breakers make
records, items of pages and whole answers.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from hypothesis import strategies as st

from appcode_contract.strategies.invalid import Invalid, app_code_breaches
from appcode_contract.strategies.valid import LARGEST_LONG
from appcode_contract.strategies.variety import any_kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hypothesis.strategies import SearchStrategy

Breaker: TypeAlias = "Invalid[Callable[[Any], Any]]"
"""What breaks a document."""
Breakers: TypeAlias = "dict[str, list[SearchStrategy[Breaker]]]"
"""Strategies of breakers by clause."""

_FIELDS: Final[Mapping[str, str]] = {
    "app_code": "generate/app-code",
    "id": "generate/id",
    "app_id": "generate/app-id",
    "create_time": "generate/create-time",
}
_FORMAT: Final = "generate/create-time/format"
_LONGEST_TEXT: Final = 3

_NO_TEXTS: Final[Mapping[str, SearchStrategy[Any]]] = {
    "is null": st.none(),
    "is a boolean": st.booleans(),
    "is an integer": st.integers(-(2**53), 2**53),
    "is a fraction": st.integers(-(10**6), 10**6).map(lambda number: number + 0.5),
    "is an array": st.lists(st.text(max_size=_LONGEST_TEXT), max_size=2),
    "is an object": st.dictionaries(st.just("value"), st.text(max_size=_LONGEST_TEXT)),
}
_NO_COUNTS: Final[Mapping[str, SearchStrategy[Any]]] = {
    **{kind: _NO_TEXTS[kind] for kind in ("is null", "is a boolean", "is an array", "is an object")},
    # Above 500 a size would break another clause as well.
    "is a fraction": st.integers(-500, 499).map(lambda number: number + 0.5),
    "is a text": st.integers(0, 500).map(str),
    "is negative": st.integers(-(2**63), -1),
}

# How to break a time, given a valid date and a valid time of day.
_TIMES: Final[Mapping[str, Callable[[str, str], str]]] = {
    "is empty": lambda _day, _time: "",
    "has no zone": lambda day, time: f"{day}T{time}",
    "has a blank for T": lambda day, time: f"{day} {time}Z",
    "has ten fractional digits": lambda day, time: f"{day}T{time}.0123456789Z",
    "has no digit after the point": lambda day, time: f"{day}T{time}.Z",
    "has a comma for the point": lambda day, time: f"{day}T{time},5Z",
    "has a zone without a colon": lambda day, time: f"{day}T{time}+0800",
    "has a zone of 24 hours": lambda day, time: f"{day}T{time}+24:00",
    "has a zone of 60 minutes": lambda day, time: f"{day}T{time}+00:60",
    "has the name of a zone": lambda day, time: f"{day}T{time} UTC",
    "ends with a newline": lambda day, time: f"{day}T{time}Z\n",
    "begins with a blank": lambda day, time: f" {day}T{time}Z",
    "is a date alone": lambda day, _time: day,
    "is a time alone": lambda _day, time: f"{time}Z",
    "has month 0": lambda day, time: f"{day[:5]}00{day[7:]}T{time}Z",
    "has month 13": lambda day, time: f"{day[:5]}13{day[7:]}T{time}Z",
    "has day 0": lambda day, time: f"{day[:8]}00T{time}Z",
    "has day 32": lambda day, time: f"{day[:8]}32T{time}Z",
    "has hour 24": lambda day, time: f"{day}T24{time[2:]}Z",
    "has minute 60": lambda day, time: f"{day}T{time[:3]}60{time[5:]}Z",
    "has second 61": lambda day, time: f"{day}T{time[:6]}61Z",
    "has digits beyond ASCII": lambda day, time: f"{_full_width(day)}T{time}Z",
    "has no separators": lambda day, time: f"{day}T{time}Z".replace("-", "").replace(":", ""),
}
# Of these clauses the simplest kind needs no choice, either, as with all others.
_CODES: Final[Mapping[str, Mapping[str, Callable[[Any], Any]]]] = {
    "generate/app-code/first-character": {
        "app_code: begins with a digit": lambda record: record | {"app_code": "0" + record["app_code"][1:]}
    },
    "generate/app-code/alphabet": {
        "app_code: ends with a newline": lambda record: record | {"app_code": record["app_code"][:-1] + "\n"}
    },
}
_TO_FULL_WIDTH: Final = 0xFEE0


def _full_width(text: str) -> str:
    return "".join(chr(ord(each) + _TO_FULL_WIDTH) if each.isdigit() else each for each in text)


def of_kinds(
    clause: str, kinds: Mapping[str, SearchStrategy[Any]], use: Callable[[Any, Any], Any], prefix: str = ""
) -> list[SearchStrategy[Breaker]]:
    """Make breakers out of values.

    Args:
        clause: What they break.
        kinds: The values by kind.
        use: Breaks a document with a value.
        prefix: What to put before each kind.

    Returns:
        A strategy for each kind.
    """

    def breakers(kind: str, values: SearchStrategy[Any]) -> SearchStrategy[Breaker]:
        return values.map(lambda value: Invalid(lambda document: use(document, value), clause, prefix + kind))

    return [breakers(kind, values) for kind, values in kinds.items()]


def by_rule(clause: str, rules: Mapping[str, Callable[[Any], Any]]) -> list[SearchStrategy[Breaker]]:
    """Make breakers out of functions of the valid document.

    Args:
        clause: What they break.
        rules: The functions by kind.

    Returns:
        A strategy for each kind.
    """
    return [st.just(Invalid(rule, clause, kind)) for kind, rule in rules.items()]


def applied(documents: SearchStrategy[Any], breakers: Breakers) -> SearchStrategy[Invalid[Any]]:
    """Break valid documents, each clause as often as any other.

    Args:
        documents: The valid documents.
        breakers: What breaks them.

    Returns:
        A strategy of broken documents.
    """
    chosen = any_kind({clause: any_kind(dict(enumerate(strategies))) for clause, strategies in breakers.items()})
    return st.builds(lambda breaker, document: replace(breaker, value=breaker.value(document)), chosen, documents)


def without(document: dict[str, Any], name: str) -> dict[str, Any]:
    """Leave a field out."""
    return {key: value for key, value in document.items() if key != name}


def no_objects(clause: str) -> list[SearchStrategy[Breaker]]:
    """Break an object by putting something else in its place."""
    return by_rule(
        clause,
        {
            "null": lambda _: None,
            "an array": lambda document: [document],
            "a string": lambda _: "text",
            "a number": lambda _: 7,
            "a boolean": lambda _: True,
        },
    )


def _field(name: str, clause: str, kinds: Mapping[str, SearchStrategy[Any]]) -> list[SearchStrategy[Breaker]]:
    gone = {
        f"{name} is missing": lambda document: without(document, name),
        f"{name} is misspelt": lambda document: without(document, name) | {name.upper(): document[name]},
    }
    wrong = of_kinds(clause, kinds, lambda document, value: document | {name: value}, f"{name} ")
    return [*by_rule(clause, gone), *wrong]


def time_breakers() -> Breakers:
    """Break a valid time of creation (G T3, G ex).

    Returns:
        Breakers of strings.
    """

    def rule(breach: Callable[[str, str], str]) -> Callable[[str], str]:
        return lambda text: breach(text[:10], text[11:19])

    rules = {kind: rule(breach) for kind, breach in _TIMES.items()}
    return {
        _FIELDS["create_time"]: of_kinds(_FIELDS["create_time"], _NO_TEXTS, lambda _, value: value),
        _FORMAT: by_rule(_FORMAT, rules),
    }


def record_breakers() -> Breakers:
    """Break a record in every way that a schema sees (G T3).

    Returns:
        Breakers of dicts, with the clauses of generate.
    """

    def with_time(breaker: Breaker) -> Breaker:
        changed = lambda record: record | {"create_time": breaker.value(record["create_time"])}  # noqa: E731 - closes over one
        return replace(breaker, value=changed, kind=f"create_time {breaker.kind}")

    def with_code(code: Invalid[object]) -> Breaker:
        return Invalid(
            lambda record: record | {"app_code": code.value}, code.clause, f"app_code: {code.kind}", code.also
        )

    breakers: Breakers = {"generate/body": no_objects("generate/body")}
    for name, clause in _FIELDS.items():
        breakers[clause] = _field(name, clause, _NO_TEXTS)
    breakers[_FORMAT] = [times.map(with_time) for times in time_breakers()[_FORMAT]]
    breakers |= {clause: by_rule(clause, rules) for clause, rules in _CODES.items()}
    for clause, codes in app_code_breaches().items():
        breakers.setdefault(clause, []).extend(strategy.map(with_code) for strategy in codes)
    return breakers


def page_breakers() -> Breakers:
    """Break a page with at least one item in every way that a schema sees (L T4, L T5).

    Returns:
        Breakers of dicts.
    """
    counts = _NO_COUNTS
    beyond = st.one_of(st.just(LARGEST_LONG + 1), st.integers(LARGEST_LONG + 1, 10**30))
    no_arrays = {kind: values for kind, values in _NO_TEXTS.items() if kind != "is an array"}
    of_records = record_breakers()
    times = of_records.pop(_FORMAT)
    items = [strategy.map(_in_an_item) for strategies in of_records.values() for strategy in strategies]
    return {
        "list/body": no_objects("list/body"),
        "list/size": _field("size", "list/size", counts),
        "list/total": _field("total", "list/total", {**counts, "is beyond 64 bits": beyond}),
        "list/app-codes": _field("app_codes", "list/app-codes", no_arrays),
        "list/app-codes/item": items,
        "list/create-time/format": [strategy.map(_in_an_item) for strategy in times],
    }


def _in_an_item(breaker: Breaker) -> Breaker:
    def change(page: dict[str, Any]) -> dict[str, Any]:
        *others, last = page["app_codes"]
        return page | {"app_codes": [*others, breaker.value(last)]}

    listed = "list/create-time/format" if breaker.clause == _FORMAT else "list/app-codes/item"
    return Invalid(change, listed, f"an item: {breaker.kind}")


def error_breakers() -> Breakers:
    """Break the body of a refusal (G T4-T8, L T6-T10).

    Returns:
        Breakers of dicts, all of ``error/body``.
    """
    clause = "error/body"
    enveloped = by_rule(clause, {"is in an envelope": lambda document: {"error": document}})
    fields = [*_field("error_code", clause, _NO_TEXTS), *_field("error_msg", clause, _NO_TEXTS)]
    return {clause: [*no_objects(clause), *enveloped, *fields]}
