"""Reads an app's list from its beginning to its end, whatever limits the server keeps to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from appcode_contract.conformance.listing import Listing, Page, Rest, page_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from appcode_contract.messages import Exchange

    Ask = Callable[[Mapping[str, str]], Exchange]

_PAGES: Final = 12
_STEADY_ATTEMPTS: Final = 3
_WAYS: Final[tuple[dict[str, str], ...]] = ({"offset": "0", "limit": "500"}, {"offset": "0", "limit": "100"}, {})


def read_list(ask: Ask) -> Listing | None:
    """Read an app's list, in the largest pages that the server gives.

    Args:
        ask: Sends a query.

    Returns:
        The list, as far as thirteen pages reach; None when no page could be read. When its total changes while it is
        read, it is read again, three times at most; a total that changes while the list does not is the server's.
    """
    read: list[Listing] = []
    for _ in range(_STEADY_ATTEMPTS):
        listing = _read_once(ask)
        if listing is None or len(set(listing.totals)) <= 1:
            return listing
        read.append(listing)
    same = len({each.keys for each in read}) == 1 and not read[-1].repeats
    # Otherwise others are at work, and the list may have grown behind what was read.
    return replace(read[-1], complete=read[-1].complete and same)


def _read_once(ask: Ask) -> Listing | None:
    for way in _WAYS:
        first = page_of(ask(way))
        if first is not None:
            return _read_on(ask, way, first)
    return None


def _read_on(ask: Ask, way: Mapping[str, str], page: Page) -> Listing:
    pages, seen = [page], set(page.keys)
    asked, repeats, goes_on = int(way.get("limit", "20")), False, False
    for _ in range(_PAGES):
        if not _another_follows(page, asked, len(seen)):
            break
        following = page_of(ask({**way, "offset": str(len(seen))}))
        if following is None or (repeats := not seen.isdisjoint(following.keys)):
            break
        page = following
        pages.append(page)
        seen.update(page.keys)
    else:
        goes_on = _another_follows(page, asked, len(seen))
    ends_full = bool(pages[:-1]) and len(pages[-2].keys) >= asked and not page.keys
    return Listing(
        keys=tuple(key for each in pages for key in each.keys),
        items=tuple(item for each in pages for item in each.items),
        totals=tuple(each.total for each in pages),
        complete=not repeats and (len(seen) >= (page.total or 0) or (not page.keys and not ends_full)),
        repeats=repeats,
        ends_full=ends_full,
        goes_on=goes_on,
        exchange=page.exchange,
    )


def _another_follows(page: Page, asked: int, seen: int) -> bool:
    """Say whether another page may follow: behind a full page, whatever the total says."""
    return bool(page.keys) and (len(page.keys) >= asked or seen < (page.total or 0))


def read_rest(ask: Ask, listing: Listing, may_go_on: Callable[[], bool]) -> Rest | None:
    """Read a long list on from where ``read_list`` stopped, to its end.

    Args:
        ask: Sends a query.
        listing: What was read.
        may_go_on: Whether there is time for another page.

    Returns:
        What the whole list has; None when its end was not reached.
    """
    # Of a hundred thousand AppCodes the hashes alone take little memory.
    seen = set(map(hash, listing.keys))
    count, twice, pages, totals = len(listing.keys), 0, len(listing.totals), set(listing.totals)
    for way in _WAYS:
        asked = int(way.get("limit", "20"))
        while may_go_on():
            page = page_of(ask({**way, "offset": str(count)}))
            if page is None:
                break
            keys = [*map(hash, page.keys)]
            twice += sum(key in seen for key in keys)
            seen.update(keys)
            count, pages = count + len(keys), pages + 1
            totals.add(page.total)
            if not _another_follows(page, asked, count):
                return Rest(count, twice, pages, frozenset(totals), page.exchange)
    return None
