"""Clients that ask for pages in a way that is not documented."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tests.broken_clients.over_requests import RequestsClient
from tests.broken_clients.planting import EVERYTHING, Defect, also, asks, plant, sends, with_query

if TYPE_CHECKING:
    from tests.broken_clients.client import Call, Client


def remembered(self: RequestsClient, app_id: str, offset: int | None = None, limit: int | None = None) -> Any:  # noqa: ANN401 - a page
    """Go on where the last page ended when no offset is given."""
    start = vars(self).get("next", 0) if offset is None else offset
    page = RequestsClient.list_page(self, app_id, start, limit)
    vars(self)["next"] = start + len(page.app_codes)
    return page


def with_time(_: Client, call: Call) -> Call:
    return with_query(call, _=time.time_ns())


def with_sort(_: Client, call: Call) -> Call:
    return with_query(call, sort="create_time")


def with_app(_: Client, call: Call) -> Call:
    return with_query(call, app_id=call.url.split("/")[-2])


def capitalized(_: Client, offset: int | None, limit: int | None) -> dict[str, str]:
    return {name: str(value) for name, value in (("Offset", offset), ("Limit", limit)) if value is not None}


def as_texts(_: Client, offset: int | None, limit: int | None) -> dict[str, str]:
    return {"offset": str(offset), "limit": str(limit)}


def as_empty(_: Client, offset: int | None, limit: int | None) -> dict[str, str]:
    return {name: "" if value is None else str(value) for name, value in (("offset", offset), ("limit", limit))}


NO_QUERY = "test_generate_has_no_query"
QUERY = "test_the_query_holds_nothing_but_offset_and_limit"
LEFT_OUT = "test_offset_and_limit_are_left_out_when_none_is_given"
AS_GIVEN = "test_offset_and_limit_are_sent_as_they_are_given"
LONG = "test_an_offset_of_64_bits_is_sent_unchanged"
ALL = "test_list_all_gives_everything_once_and_in_order"

DEFECTS = (
    Defect("limit=0 when none is given", LEFT_OUT, asks(lambda o, n: {"offset": o, "limit": n or 0}), also=EVERYTHING),
    Defect("limit=501 in list_all", ALL, plant(page_size=501), also=EVERYTHING),
    Defect(
        "limit as a decimal number",
        AS_GIVEN,
        asks(lambda o, n: {"offset": o, "limit": n and float(n)}),
        also=EVERYTHING,
    ),
    Defect(
        "offset with separators",
        LONG,
        asks(lambda o, n: {"offset": o and f"{o:,}", "limit": n}),
        also=also("Reads", "Pages", "Stateful"),
    ),
    Defect("None as a text", LEFT_OUT, plant(query=as_texts), also=EVERYTHING),
    Defect("a parameter sort", QUERY, sends(with_sort, "GET"), also=EVERYTHING),
    Defect("the time as a parameter of PUT", NO_QUERY, sends(with_time, "PUT"), also=EVERYTHING),
    Defect("start and count for offset and limit", QUERY, asks(lambda o, n: {"start": o, "count": n}), also=EVERYTHING),
    Defect(
        "page number for offset",
        AS_GIVEN,
        asks(lambda o, n: {"offset": o and o // (n or 20), "limit": n}),
        also=also("Reads", "Pages", "Stateful", "Recovers"),
    ),
    Defect("offset and limit swapped", AS_GIVEN, asks(lambda o, n: {"offset": n, "limit": o}), also=EVERYTHING),
    Defect(
        "offset is not passed on",
        AS_GIVEN,
        asks(lambda _, n: {"limit": n}),
        also=also("Sends", "Reads", "Pages", "Stateful", "Recovers"),
    ),
    Defect(
        "limit is not passed on",
        AS_GIVEN,
        asks(lambda o, _: {"offset": o}),
        also=also("Reads", "Pages", "Stateful", "Recovers"),
    ),
    Defect(
        "at most 100 items",
        AS_GIVEN,
        asks(lambda o, n: {"offset": o, "limit": n and min(n, 100)}),
        also=also("Pages", "Stateful"),
    ),
    Defect(
        "500 items when no limit is given",
        LEFT_OUT,
        asks(lambda o, n: {"offset": o, "limit": n or 500}),
        also=also("Sends", "Reads", "Pages", "Recovers", "Stateful"),
    ),
    Defect("offset in 32 bits", LONG, asks(lambda o, n: {"offset": o and min(o, 2**31 - 1), "limit": n})),
    Defect("goes on where the last page ended", AS_GIVEN, plant(list_page=remembered), also=EVERYTHING),
)
