"""Which clause is to blame when a valid query is answered wrongly: the one whose parameter explains it.

A test of one parameter uses others, too: a wrong default limit shows in every query without a limit, and is not a
mistake of offset.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Mapping, Sequence

    from appcode_contract.conformance.listing import Page

    Parameter = tuple[str, str | None]
    Ask = Callable[[Mapping[str, str]], Page | None]

_LARGE: Final = 2**31 - 501
"""From here on offset, or offset and limit together, may be more than 32 bits hold."""
_DEFAULT: Final = 20
_TIMES: Final = 3
_MINIMUM: Final = 1
_MAXIMUM: Final = 500


def parameters(query: Mapping[str, str]) -> tuple[Parameter, Parameter]:
    """Give limit and offset as a query has them.

    Args:
        query: Parameters as they stand on the wire.

    Returns:
        Names and values; None for one that is left out.
    """
    return ("limit", query.get("limit")), ("offset", query.get("offset"))


def clause_of(parameter: Parameter) -> str:
    """Give the clause that says what a parameter does.

    Args:
        parameter: Its name and its value, an integer in digits or None.

    Returns:
        The clause's id.
    """
    name, value = parameter
    if value is None:
        return f"list/{name}/default"
    if name == "limit":
        ends = ("list/limit/minimum", int(value) <= _MINIMUM), ("list/limit/maximum", int(value) >= _MAXIMUM)
        return next((clause for clause, is_end in ends if is_end), "list/limit/page")
    if int(value) < 0:
        return "list/offset/negative"
    return "list/offset/long" if int(value) >= _LARGE else "list/paging"


def of_refusal(query: Mapping[str, str], worked: Collection[Parameter], own: str, size: int, ask: Ask) -> str:
    """Say which clause a valid query that was refused breaks.

    Args:
        query: The query.
        worked: Parameters that other queries were answered with.
        own: The clause that the running test judges.
        size: How long the list is.
        ask: Gives the page of another query, or None when it is refused, too.

    Returns:
        The clause of the parameter that never worked. When each of them did, the test's own clause if it is one of
        theirs, or else ``list/status``.
    """
    limit, offset = parameters(query)
    suspects = [each for each in (limit, offset) if each not in worked]
    if not suspects:
        return own if own in {clause_of(limit), clause_of(offset)} else "list/status"
    suspect = suspects[0]
    if len(suspects) > 1 and offset[1] is not None and ask(_without_offset(query)) is not None:
        suspect = offset
    clause = clause_of(suspect)
    # Whoever refuses every offset past the end has no trouble with large numbers.
    past = clause == "list/offset/long" and ask({**query, "offset": str(size + 1000)}) is None
    return "list/paging" if past else clause


def of_page(query: Mapping[str, str], keys: Sequence[Hashable], known: Sequence[Hashable], start: int, ask: Ask) -> str:
    """Say which clause a page that holds the wrong items breaks.

    Args:
        query: The query.
        keys: What the page holds.
        known: The whole list.
        start: The position that the page should begin at.
        ask: Gives the page of another query, or None when it is refused.

    Returns:
        That of limit when the page begins where it should and its length is wrong, that of offset when it begins
        elsewhere, and ``list/paging`` when it is no part of the list, or another one each time.
    """
    places = {key: place for place, key in reversed(list(enumerate(known)))}
    begins = places.get(keys[0]) if keys else None
    if any(_keys(ask(query)) != list(keys) for _ in range(_TIMES)):
        return "list/paging"
    if keys and (begins is None or list(keys) != list(known[begins : begins + len(keys)])):
        return "list/paging"
    return _of_length(query, keys, known, start, ask) if begins == start else _of_place(query, keys, ask)


def _of_length(
    query: Mapping[str, str], keys: Sequence[Hashable], known: Sequence[Hashable], start: int, ask: Ask
) -> str:
    limit = clause_of(parameters(query)[0])
    asked = int(query.get("limit", _DEFAULT))
    if query.get("offset", "0") == "0" or not _MINIMUM <= asked <= _MAXIMUM:
        return limit
    if _keys(ask(_without_offset(query))) != list(known[:asked]):
        return limit
    # The limit works where the list begins. What is missing is the end of the list, or the two do not go together.
    lost = len(known) - start - len(keys)
    if start + asked >= len(known) and 0 < lost <= 1:
        return "list/paging"
    return limit if "limit" not in query else "list/limit/page"


def _of_place(query: Mapping[str, str], keys: Sequence[Hashable], ask: Ask) -> str:
    limit, offset = map(clause_of, parameters(query))
    if query.get("offset") == "0" or (not keys and not _keys(ask(_without_offset(query)))):
        return "list/paging" if keys else limit
    taken_as_0 = offset in {"list/offset/default", "list/offset/negative"}
    if taken_as_0 and _keys(ask({**query, "offset": "0"})) == list(keys):
        return "list/paging" if keys else limit
    return offset


def _without_offset(query: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in query.items() if name != "offset"}


def _keys(page: Page | None) -> list[Hashable] | None:
    return None if page is None else list(page.keys)
