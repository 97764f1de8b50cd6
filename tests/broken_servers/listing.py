"""Defects of what list answers: its status, its body, its items and their times."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.broken_servers.planting import Defect, drops, listed, plant, renames, sets
from tests.broken_servers.service import Service
from tests.broken_servers.values import Record, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from appcode_contract.messages import Response


UNDOCUMENTED = frozenset({"status/documented"})
THREE = frozenset({"list/size", "list/total"})
LISTED = frozenset({"generate/listed"})
FORMAT = "list/create-time/format"
ITEM = "list/app-codes/item"


def fails(when: Callable[[Service, str, dict[str, list[str]]], bool], status: int) -> type[Service]:
    """Refuse some lists with a status."""

    def listing(self: Service, app_id: str, query: dict[str, list[str]]) -> Response:
        if when(self, app_id, query):
            raise RefusedError(status, f"APIG.{'9999' if status == 500 else '0101'}", "The server failed")
        return Service.listing(self, app_id, query)

    return plant(listing=listing)


def unknown_when_empty(self: Service, app_id: str) -> None:
    Service.require_app(self, app_id)
    if self.count["PUT"] == 0 and not self.apps[app_id]:
        raise self.refused(404, app_id)


def no_content_when_empty(self: Service, status: int, body: Any) -> Response:  # noqa: ANN401 - any body
    empty = status == 200 and isinstance(body, dict) and not body["total"]
    return Service.respond(self, 204 if empty else status, body)


def partial(self: Service, status: int, body: Any) -> Response:  # noqa: ANN401 - any body
    part = status == 200 and isinstance(body, dict) and body["size"] < body["total"]
    return Service.respond(self, 206 if part else status, body)


def not_modified(self: Service, status: int, body: Any) -> Response:  # noqa: ANN401 - any body
    again = status == 200 and self.memory.get("last") == body
    self.memory["last"] = body
    return Service.respond(self, 304 if again else status, body)


def total_is(tell: Callable[[Service, list[Record], list[Record], int, int], Any]) -> type[Service]:
    return plant(total=tell)


def size_is(tell: Callable[[dict[str, Any]], Any]) -> type[Service]:
    return listed(lambda body: {**body, "size": tell(body)})


def always(_: object, __: object, ___: object) -> bool:
    return True


STATUS = (
    Defect("list answers 201", "list/status", plant(listed_status=201)),
    Defect("list answers 206 for a part", "list/status", plant(respond=partial), UNDOCUMENTED, existing=25),
    Defect(
        "list answers 204 when the app has none",
        "list/status",
        plant(respond=no_content_when_empty),
        UNDOCUMENTED,
        existing=0,
    ),
    Defect("list answers 304 when nothing changed", "list/status", plant(respond=not_modified), UNDOCUMENTED),
    Defect("list answers 404 when the app has none", "list/status", plant(require_app=unknown_when_empty), existing=0),
    Defect("list answers 300", "list/status", plant(listed_status=300), UNDOCUMENTED),
    Defect("every list is a 500", "list/status", fails(always, 500)),
    Defect(
        "every list is a 404 of the path", "path/uri", fails(always, 404), frozenset({"list/status", "error/404/code"})
    ),
    Defect("every seventh list is a 500", "list/status", fails(lambda self, *_: self.count["GET"] % 7 == 0, 500)),
    Defect(
        "lists of more than twenty are a 500",
        "list/status",
        fails(lambda self, app, _: len(self.apps.get(app, ())) > 20, 500),
        existing=25,
    ),
)
BODY = (
    Defect("list answers a bare array", "list/body", listed(lambda body: body["app_codes"])),
    Defect("list answers null", "list/body", listed(lambda _: None)),
    Defect("list answers JSON within a string", "list/body", listed(json.dumps)),
    Defect("list answers an envelope", "list/app-codes", listed(lambda body: {"data": body}), THREE),
    Defect("list answers an empty object", "list/app-codes", listed(lambda _: {}), THREE),
    Defect("list answers a page of pages", "list/body", listed(lambda body: [body])),
    Defect("size is missing", "list/size", listed(drops("size"))),
    Defect("size is null", "list/size", listed(sets(size=None))),
    Defect("size is a string", "list/size", size_is(lambda body: str(body["size"]))),
    Defect("size is total", "list/size", size_is(lambda body: body["total"]), existing=25),
    Defect("size is one more", "list/size", size_is(lambda body: body["size"] + 1)),
    Defect("size is the largest limit", "list/size", size_is(lambda _: 500)),
    Defect("size is 0", "list/size", size_is(lambda _: 0)),
    Defect("size is negative", "list/size", size_is(lambda body: -body["size"])),
    Defect("size is a half more", "list/size", size_is(lambda body: body["size"] + 0.5)),
    Defect("size counts pages", "list/size", size_is(lambda body: 1 + body["total"] // 20), existing=25),
    Defect("size is at most 20", "list/size", size_is(lambda body: min(body["size"], 20)), existing=25),
    Defect(
        "size is right only on full pages",
        "list/size",
        size_is(lambda b: 20 if b["size"] > 10 else b["size"]),
        existing=25,
    ),
    Defect("size is renamed to count", "list/size", listed(renames(size="count"))),
    Defect("total is missing", "list/total", listed(drops("total"))),
    Defect("total is null", "list/total", listed(sets(total=None))),
    Defect("total is a string", "list/total", listed(lambda body: {**body, "total": str(body["total"])})),
    Defect("total is a half more", "list/total", listed(lambda body: {**body, "total": body["total"] + 0.5})),
    Defect("total is -1", "list/total", listed(sets(total=-1))),
    Defect("total is an object", "list/total", listed(lambda body: {**body, "total": {"value": body["total"]}})),
    Defect("total is 2**63", "list/total", listed(sets(total=2**63))),
    Defect("total is one more", "list/total", total_is(lambda _, records, *__: len(records) + 1)),
    Defect("total is one less", "list/total", total_is(lambda _, records, *__: len(records) - 1)),
    Defect("total is the page's", "list/total", total_is(lambda _, __, page, *___: len(page)), existing=25),
    Defect("total is of all apps", "list/total", total_is(lambda self, *_: sum(map(len, self.apps.values())))),
    Defect(
        "total is what the offset leaves",
        "list/total",
        total_is(lambda _, records, __, offset, ___: max(len(records) - offset, 0)),
        existing=25,
    ),
    Defect(
        "total is 0 past the end", "list/total", total_is(lambda _, records, page, *__: len(records) if page else 0)
    ),
    Defect(
        "total is one less with an offset",
        "list/total",
        total_is(lambda _, records, __, offset, ___: len(records) - (offset > 0)),
        existing=25,
    ),
    Defect(
        "total counts pages",
        "list/total",
        total_is(lambda _, records, __, ___, limit: -(-len(records) // limit)),
        existing=25,
    ),
    Defect(
        "total is rounded to tens", "list/total", total_is(lambda _, records, *__: len(records) // 10 * 10), existing=25
    ),
    Defect(
        "total is at most 500", "list/total", total_is(lambda _, records, *__: min(len(records), 500)), existing=520
    ),
    Defect("total is at most 20", "list/total", total_is(lambda _, records, *__: min(len(records), 20)), existing=25),
    Defect(
        "total is what is known so far",
        "list/total",
        total_is(lambda _, __, page, offset, ___: offset + len(page)),
        existing=25,
    ),
    Defect(
        "total counts the queries, too",
        "list/total",
        total_is(lambda self, records, *_: len(records) + self.count["GET"]),
    ),
    Defect(
        "total is as when the server began",
        "list/total",
        total_is(lambda self, records, *_: self.memory.setdefault("total", len(records))),
    ),
    Defect(
        "total is wrong on every fifth answer",
        "list/total",
        total_is(lambda self, records, *_: len(records) - (self.count["GET"] % 5 == 0)),
    ),
)
DEFECTS = (*STATUS, *BODY)
