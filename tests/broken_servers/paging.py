"""Defects of how pages are cut out of the list."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from tests.broken_servers.planting import Defect, cuts, plant
from tests.broken_servers.service import Service

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.broken_servers.values import Record

PAGING = "list/paging"


def shuffles_ties(self: Service, app_id: str) -> list[Record]:
    """Order by the second of creation and nothing else, as a database may do it another way each time."""
    found = Service.records(self, app_id)
    return sorted(found, key=lambda record: (-(record.created // 10**9), random.random()))  # noqa: S311 - the defect


def goes_on(self: Service, query: dict[str, list[str]]) -> int:
    """Go on where the last query ended: a cursor of the session instead of the offset."""
    asked = Service.offset_of(self, query)
    position = int(self.memory.get("position", 0)) if asked else 0
    self.memory["position"] = position + self.limit_of(query)
    return position


def steps(step: int) -> Callable[[list[Record], int, int], list[Record]]:
    """Lose or repeat items where pages meet."""
    return lambda records, offset, limit: records[max(offset + (step if offset else 0), 0) :][:limit]


def sorted_later(records: list[Record], offset: int, limit: int) -> list[Record]:
    ordered = records if offset == 0 else sorted(records, key=lambda record: record.app_code)
    return ordered[offset : offset + limit]


def fills_the_last(records: list[Record], offset: int, limit: int) -> list[Record]:
    first = max(min(offset, len(records) - limit), 0) if offset < len(records) else offset
    return records[first : first + limit]


DEFECTS = (
    Defect("an item is lost where pages meet", PAGING, cuts(steps(1)), existing=25),
    Defect("an item is repeated where pages meet", PAGING, cuts(steps(-1)), existing=25),
    Defect(
        "the last item is never listed with an offset",
        PAGING,
        cuts(lambda r, o, n: (r[:-1] if o else r)[o : o + n]),
        existing=25,
    ),
    Defect(
        "the last page is empty when limit divides the length",
        PAGING,
        cuts(lambda r, o, n: [] if o and len(r) % n == 0 and o + n >= len(r) else r[o : o + n]),
        existing=25,
    ),
    Defect(
        "the last page is empty unless it is full",
        PAGING,
        cuts(lambda r, o, n: [] if o and o + n > len(r) else r[o : o + n]),
        existing=25,
    ),
    Defect("the last page is filled up with items before", PAGING, cuts(fills_the_last), existing=25),
    Defect("each page is reversed", PAGING, cuts(lambda r, o, n: r[o : o + n][::-1]), existing=25),
    Defect("later pages are in another order", PAGING, cuts(sorted_later), existing=25),
    Defect(
        "small pages are in another order",
        PAGING,
        cuts(lambda r, o, n: (r[::-1] if n < 10 else r)[o : o + n]),
        existing=25,
    ),
    Defect(
        "odd limits have another order",
        PAGING,
        cuts(lambda r, o, n: (r[::-1] if n % 2 and n > 1 else r)[o : o + n]),
        existing=25,
    ),
    Defect(
        "every third query has another order",
        PAGING,
        plant(records=lambda self, app: Service.records(self, app)[:: -1 if self.count["GET"] % 3 == 0 else 1]),
    ),
    Defect(
        "the order is another each time",
        PAGING,
        plant(records=lambda self, app: random.sample(self.apps[app], len(self.apps[app]))),
    ),
    Defect("AppCodes of one second change places", PAGING, plant(records=shuffles_ties)),
    Defect("the session's place counts, not the offset", PAGING, plant(offset_of=goes_on), existing=25),
    Defect("an item is lost on deep pages only", PAGING, cuts(lambda r, o, n: r[o + (o > 20) :][:n]), existing=45),
    Defect("offsets of odd numbers are even", PAGING, cuts(lambda r, o, n: r[o - o % 2 :][:n]), existing=25),
    Defect("pages behind 500 are empty", PAGING, cuts(lambda r, o, n: r[o : min(o + n, 500)]), existing=520),
    Defect("pages behind 500 begin anew", PAGING, cuts(lambda r, o, n: r[o % 500 :][:n]), existing=520),
    Defect(
        "an item is listed twice",
        PAGING,
        plant(records=lambda self, app: [*Service.records(self, app), *self.apps[app][:1]]),
    ),
)
