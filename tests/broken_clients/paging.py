"""Clients that do not list everything once, in order, with an end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.broken_clients.client import ClientError
from tests.broken_clients.over_requests import RequestsClient
from tests.broken_clients.planting import Defect, also, pages, plant

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from tests.broken_clients.client import Client

    Walk = Generator[tuple[int | None, int | None], Any, Any]


def steps(
    *, start: int = 0, step: int = 500, size: int = 500, more: Callable[[int, Any], bool] | None = None
) -> type[Any]:
    """Go on by fixed steps as long as there is more."""
    goes_on = more or (lambda offset, page: offset < page.total)

    def walk(_: Client) -> Walk:
        found: dict[str, Any] = {}
        offset = start
        while True:
            page = yield offset, size
            found.update((item.id, item) for item in page.app_codes)
            offset += step
            if not goes_on(offset, page) or not page.app_codes:
                return list(found.values())

    return pages(walk)


def joined(*, size: int = 500, until: Callable[[list[Any], int, Any], bool]) -> type[Any]:
    """Join pages until something holds; until gets what was found, the first total and the newest page."""

    def walk(_: Client) -> Walk:
        found: list[Any] = []
        first = None
        while True:
            page = yield len(found), size
            first = page.total if first is None else first
            found += page.app_codes
            if until(found, first, page):
                return found

    return pages(walk)


def first_page(_: Client) -> Walk:
    return (yield None, None).app_codes


def largest_page(_: Client) -> Walk:
    return (yield 0, 500).app_codes


def two_pages(_: Client) -> Walk:
    first = yield 0, 500
    second = yield 500, 500
    return first.app_codes + second.app_codes


def counted_first(_: Client) -> Walk:
    """Ask for the total with a page of one, and forget that one."""
    total = (yield 0, 1).total
    found: list[Any] = []
    for offset in range(1, total, 500):
        found += (yield offset, 500).app_codes
    return found


def whole_pages(_: Client) -> Walk:
    total = (yield 0, 1).total
    found: list[Any] = []
    for number in range(total // 500):
        found += (yield number * 500, 500).app_codes
    return found


def by_number(_: Client) -> Walk:
    """Take offset for the number of a page."""
    found: dict[str, Any] = {}
    number = 0
    while True:
        page = yield number, 500
        found.update((item.id, item) for item in page.app_codes)
        number += 1
        if len(page.app_codes) < 500:
            return list(found.values())


def overlapping(_: Client) -> Walk:
    found: list[Any] = []
    offset = 0
    while True:
        page = yield offset, 500
        found += page.app_codes
        offset += 499
        if len(page.app_codes) < 500:
            return found


def all_of_total(_: Client) -> Walk:
    """Count each once, and wait for as many as total says."""
    found: dict[str, Any] = {}
    while True:
        page = yield len(found), 500
        found.update((item.id, item) for item in page.app_codes)
        if len(found) >= page.total:
            return list(found.values())


def by_time(_: Client) -> Walk:
    """Take AppCodes of one second for the same."""
    found = yield from RequestsClient.walk(_)
    return list({str(item.create_time): item for item in found}.values())


def by_beginning(_: Client) -> Walk:
    found = yield from RequestsClient.walk(_)
    return list({item.app_code[:2]: item for item in found}.values())


def capped(_: Client) -> Walk:
    return (yield from RequestsClient.walk(_))[:1000]


def changed(change: Callable[[list[Any]], Any]) -> type[Any]:
    """Change the whole list at the end."""

    def walk(self: Client) -> Walk:
        return change((yield from RequestsClient.walk(self)))

    return pages(walk)


def partial(self: RequestsClient, app_id: str) -> list[Any]:
    """Take an error for the end of the list."""
    found: list[Any] = []
    try:
        while page := self.list_page(app_id, len(found), 100).app_codes:
            found += page
    except ClientError:
        pass
    return found


def by_recursion(self: RequestsClient, app_id: str, offset: int = 0) -> list[Any]:
    page = self.list_page(app_id, offset, 1)
    return [*page.app_codes, *(by_recursion(self, app_id, offset + 1) if offset + 1 < page.total else [])]


def of_nothing(items: list[Any]) -> Any:  # noqa: ANN401 - None for a list
    return items or None


def three_pages(_: Client) -> Walk:
    found: list[Any] = []
    for offset in (0, 500, 1000):
        found += (yield offset, 500).app_codes
    return found


ALL = "test_list_all_gives_everything_once_and_in_order"
BOUNDED = "test_list_all_sends_a_bounded_number_of_requests"
CHANGES = "test_list_all_ends_while_the_list_changes"
NO_PART = "test_an_error_on_a_later_page_is_no_short_list"

DEFECTS = (
    Defect("the first page only", ALL, pages(first_page), also=also("Reads", "Pages", "DoesNoHarm")),
    Defect("the largest page only", ALL, pages(largest_page), also=also("Pages")),
    Defect("one item left out between pages", ALL, steps(step=501), also=also("Pages")),
    Defect(
        "the last item left out",
        ALL,
        changed(lambda items: items[:-1]),
        also=also("Sends", "Reads", "Pages", "DoesNoHarm"),
    ),
    Defect(
        "the last page left out", ALL, steps(more=lambda offset, page: offset + 500 < page.total), also=also("Pages")
    ),
    Defect("page number for offset in list_all", ALL, pages(by_number), also=also("Pages")),
    Defect("one item of two pages", ALL, pages(overlapping)),
    Defect("ends at 1000", ALL, pages(capped)),
    Defect(
        "size taken for total",
        ALL,
        joined(until=lambda found, _, page: len(found) >= page.size),
        also=also("Reads", "Pages"),
    ),
    Defect("AppCodes of one second taken for one", ALL, pages(by_time), also=also("Reads", "Pages", "DoesNoHarm")),
    Defect(
        "everything turned around", ALL, changed(lambda items: items[::-1]), also=also("Reads", "Pages", "DoesNoHarm")
    ),
    Defect("everything as a set", ALL, changed(set), also=also("Reads", "Pages", "DoesNoHarm")),
    Defect(
        "the first error taken for the end",
        NO_PART,
        plant(list_all=partial),
        also=also("Reads", "Pages", "Fails", "DoesNoHarm", "Recovers"),
    ),
    Defect("a request for each item", BOUNDED, steps(step=1, size=1), also=also("Pages")),
    Defect("until there are as many as at first", CHANGES, joined(until=lambda found, first, _: len(found) >= first)),
    Defect("until there are as many as total says, each once", CHANGES, pages(all_of_total)),
    Defect("three pages at most", ALL, pages(three_pages)),
)
