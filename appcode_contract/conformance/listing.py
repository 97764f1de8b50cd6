"""An app's AppCodes as a server lists them, and how positions in that list are told."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from appcode_contract.messages import Exchange


_FIELDS: Final = ("id", "app_code", "app_id", "create_time")


@dataclass(frozen=True, slots=True)
class Page:
    """One answered page.

    Attributes:
        exchange: The exchange that brought it.
        keys: One key for each item, equal for items that are the same AppCode.
        items: The items as answered.
        total: The answered total; None when it is no integer.
    """

    exchange: Exchange
    keys: tuple[Hashable, ...]
    items: tuple[Any, ...]
    total: int | None


def page_of(exchange: Exchange) -> Page | None:
    """Read a page.

    Args:
        exchange: The exchange.

    Returns:
        The page, or None when the answer is no 200 with an array in app_codes.
    """
    if exchange.response is None or exchange.response.status != 200:  # noqa: PLR2004 - the documented status
        return None
    try:
        document = exchange.response.json()
    except ValueError:
        return None
    items = document.get("app_codes") if isinstance(document, dict) else None
    if not isinstance(items, list):
        return None
    total = document.get("total")
    whole = isinstance(total, int | float) and not isinstance(total, bool) and total == total // 1
    counted = int(total) if whole else None
    return Page(exchange, tuple(map(key_of, items)), tuple(items), counted)


def key_of(item: object) -> Hashable:
    """Give a key that is the same for the same AppCode.

    Args:
        item: An item of a page.

    Returns:
        Its documented fields; a credential.
    """
    if not isinstance(item, dict):
        return json.dumps(item, sort_keys=True)
    fields = tuple([item.get(name) for name in _FIELDS])
    texts = [isinstance(field, str) for field in fields]
    if all(texts):
        return fields
    return json.dumps(fields if any(texts) else item, sort_keys=True)


@dataclass(frozen=True, slots=True)
class Listing:
    """An app's AppCodes, as far as they were read.

    Attributes:
        keys: Their keys, in the order listed.
        items: The items.
        totals: Every total that was answered on the way.
        complete: Whether the end was reached.
        repeats: Whether a page began again with what an earlier one held, which ended the reading.
        ends_full: Whether an empty page followed a full one.
        goes_on: Whether it is longer than what is read again and again.
        exchange: The last exchange.
    """

    keys: tuple[Hashable, ...]
    items: tuple[Any, ...]
    totals: tuple[int | None, ...]
    complete: bool
    repeats: bool
    ends_full: bool
    goes_on: bool
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class Rest:
    """What follows the part of a long list that is read again and again; only its numbers are kept.

    Attributes:
        count: How many AppCodes the whole list has.
        twice: How many of them were listed before.
        pages: How many pages it was read in.
        totals: Every total that was answered on the way.
        exchange: The last exchange.
    """

    count: int
    twice: int
    pages: int
    totals: frozenset[int | None]
    exchange: Exchange


def gone_since(before: Listing, after: Listing) -> set[Hashable]:
    """Give what a list held and holds no more.

    Args:
        before: The list.
        after: The same list, read later.

    Returns:
        The keys; none when either was not read to its end.
    """
    return set(before.keys) - set(after.keys) if before.complete and after.complete else set()


def positions(keys: Sequence[Hashable], known: Sequence[Hashable]) -> str:
    """Say where in the known list items stand.

    Args:
        keys: The keys of some items.
        known: The keys of the whole list.

    Returns:
        As ``"no items"`` or ``"5 items: positions 0-3, one unknown"``.
    """
    if not keys:
        return "no items"
    place = {key: index for index, key in reversed(list(enumerate(known)))}
    runs: list[list[int]] = []
    unknown = 0
    for key in keys:
        index = place.get(key)
        if index is None:
            unknown += 1
        elif runs and index == runs[-1][1] + 1:
            runs[-1][1] = index
        else:
            runs.append([index, index])
    told = [f"{first}-{last}" if last > first else str(first) for first, last in runs]
    shown = ", ".join(told[:6]) + (", …" if len(told) > 6 else "")  # noqa: PLR2004 - enough to see the pattern
    parts = ([f"positions {shown}"] if told else []) + ([f"{unknown} not in the list"] if unknown else [])
    return f"{_count(len(keys))}: " + ", ".join(parts)


def _count(number: int) -> str:
    return "1 item" if number == 1 else f"{number} items"


def window(start: int, end: int) -> str:
    """Say which items are expected.

    Args:
        start: The first position.
        end: The position after the last.

    Returns:
        As ``"no items"`` or ``"4 items: positions 0-3"``.
    """
    if end <= start:
        return "no items"
    return f"{_count(end - start)}: positions {start}" + (f"-{end - 1}" if end - start > 1 else "")
