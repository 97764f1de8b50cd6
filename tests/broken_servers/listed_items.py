"""Defects of the items of a page: their form, whose they are, and their times."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.broken_servers.planting import Defect, drops, each_item, listed, lists_code, plant, renames, sets
from tests.broken_servers.service import Service
from tests.broken_servers.values import Record, rfc3339

if TYPE_CHECKING:
    from collections.abc import Callable

    from appcode_contract.messages import Response

ITEM = "list/app-codes/item"
FORMAT = "list/create-time/format"
LISTED = frozenset({"generate/listed"})


def everything(self: Service, app_id: str) -> list[Record]:
    """Forget the condition on the app."""
    del app_id
    return [record for records in self.apps.values() for record in records]


def of_like_ids(self: Service, app_id: str) -> list[Record]:
    return [record for other, records in self.apps.items() if other[:16] == app_id[:16] for record in records]


def all_when_empty(self: Service, app_id: str) -> list[Record]:
    return Service.records(self, app_id) or everything(self, app_id)


def one_of_another(self: Service, app_id: str) -> list[Record]:
    found = Service.records(self, app_id)
    return [*found[:-1], self.apps[self.other_app_id][0]] if len(found) > 24 else found


def reads_on(self: Service, app_id: str, query: dict[str, list[str]]) -> Response:
    """Cut the page out of all apps' AppCodes, one app after the other."""
    self.require_app(app_id)
    own, offset, limit = self.records(app_id), self.offset_of(query), self.limit_of(query)
    page = [*own, *self.apps[self.other_app_id]][offset : offset + limit]
    return self.respond(200, self.page(page, len(own)))


def written(form: str) -> type[Service]:
    return plant(time_on_list=lambda _, created: datetime.fromtimestamp(created // 10**9, UTC).strftime(form))


def only_old(form: str) -> type[Service]:
    """Write times of the past in another form: rows of before a migration."""

    def time_on_list(self: Service, created: int) -> Any:  # noqa: ANN401 - as the method replaced
        moment = datetime.fromtimestamp(created // 10**9, UTC)
        return moment.strftime(form) if moment.year == 2024 else Service.time_on_list(self, created)

    return plant(time_on_list=time_on_list)


def oldest(change: Callable[[dict[str, Any]], Any]) -> Callable[[Service, Record], Any]:
    """Change the item of the oldest AppCode only."""

    def item(self: Service, record: Record) -> Any:  # noqa: ANN401 - as the method replaced
        shown = Service.item(self, record)
        return change(shown) if record.id == self.apps[record.app_id][0].id else shown

    return item


ARRAY = (
    Defect(
        "app_codes is null when empty",
        "list/app-codes",
        listed(lambda b: {**b, "app_codes": b["app_codes"] or None}),
        existing=0,
    ),
    Defect(
        "app_codes is missing when empty",
        "list/app-codes",
        listed(lambda b: b if b["app_codes"] else drops("app_codes")(b)),
        existing=0,
    ),
    Defect(
        "app_codes is null past the end", "list/app-codes", listed(lambda b: {**b, "app_codes": b["app_codes"] or None})
    ),
    Defect(
        "app_codes is an object by id",
        "list/app-codes",
        listed(lambda b: {**b, "app_codes": {item["id"]: item for item in b["app_codes"]}}),
    ),
    Defect(
        "app_codes is the item when there is one",
        "list/app-codes",
        listed(lambda b: {**b, "app_codes": b["app_codes"][0] if len(b["app_codes"]) == 1 else b["app_codes"]}),
    ),
    Defect("app_codes is a string", "list/app-codes", listed(lambda b: {**b, "app_codes": json.dumps(b["app_codes"])})),
    Defect(
        "app_codes holds an array of items",
        "list/app-codes",
        listed(lambda b: {**b, "app_codes": {"items": b["app_codes"]}}),
    ),
    Defect("app_codes is renamed to items", "list/app-codes", listed(renames(app_codes="items"))),
    Defect("app_codes is in camel case", "list/app-codes", listed(renames(app_codes="appCodes"))),
    Defect("app_codes is missing", "list/app-codes", listed(drops("app_codes"))),
    Defect("items are strings", ITEM, each_item(lambda item: item["app_code"])),
    Defect("items are arrays", ITEM, each_item(lambda item: list(item.values()))),
    Defect("items are in envelopes", ITEM, each_item(lambda item: {"AppCode": item})),
    Defect("items have no id", ITEM, each_item(drops("id"))),
    Defect("items have no app_id", ITEM, each_item(drops("app_id"))),
    Defect("items have no app_code", ITEM, each_item(drops("app_code"))),
    Defect("items have no create_time", ITEM, each_item(drops("create_time"))),
    Defect("items have a null app_code", ITEM, each_item(sets(app_code=None))),
    Defect("items have a null create_time", ITEM, each_item(sets(create_time=None))),
    Defect(
        "items are in camel case",
        ITEM,
        each_item(renames(app_code="appCode", app_id="appId", create_time="createTime")),
    ),
    Defect("items have numbers for ids", ITEM, each_item(lambda item: {**item, "id": int(item["id"][:12], 16)})),
    Defect("items have numbers for times", ITEM, plant(time_on_list=lambda _, created: created // 10**9)),
    Defect("items have an empty AppCode", ITEM, each_item(sets(app_code="")), LISTED),
    Defect("items have the beginning of the AppCode", ITEM, lists_code(lambda code: code[:8]), LISTED),
    Defect("items begin with a digit", ITEM, lists_code(lambda code: "0" + code[1:]), LISTED),
    Defect("the oldest item is null", ITEM, plant(item=oldest(lambda _: None)), existing=25),
    Defect("the oldest item has no AppCode", ITEM, plant(item=oldest(drops("app_code"))), existing=25),
    Defect("the oldest item has another type", ITEM, plant(item=oldest(lambda item: item["id"])), existing=25),
)
OWN = (
    Defect("the list is of all apps", "list/app-codes/own", plant(records=everything)),
    Defect("the list is of all apps that begin alike", "list/app-codes/own", plant(records=of_like_ids)),
    Defect("the list is of all apps when it is empty", "list/app-codes/own", plant(records=all_when_empty), existing=0),
    Defect("the oldest of many is another app's", "list/app-codes/own", plant(records=one_of_another), existing=30),
    Defect("past the end stand another app's", "list/app-codes/own", plant(listing=reads_on)),
    Defect(
        "items tell the instance's id",
        "list/app-codes/own",
        plant(item=lambda self, r: Service.item(self, replace(r, app_id=self.instance_id))),
        LISTED,
    ),
    Defect(
        "items tell the app's id in upper case",
        "list/app-codes/own",
        each_item(lambda i: {**i, "app_id": i["app_id"].upper()}),
        LISTED,
    ),
)
TIME = (
    Defect("times of the list have no zone", FORMAT, written("%Y-%m-%dT%H:%M:%S")),
    Defect("times of the list have a blank and no zone", FORMAT, written("%Y-%m-%d %H:%M:%S")),
    Defect("times of the list have a zone without colon", FORMAT, written("%Y-%m-%dT%H:%M:%S+0000")),
    Defect("times of the list are HTTP dates", FORMAT, written("%a, %d %b %Y %H:%M:%S GMT")),
    Defect("times of the list are dates", FORMAT, written("%d.%m.%Y")),
    Defect(
        "times of the list have ten digits",
        FORMAT,
        plant(time_on_list=lambda _, created: rfc3339(created, 9).replace("Z", "0Z")),
    ),
    Defect("times of the list have months of words", FORMAT, written("%Y-%b-%dT%H:%M:%SZ")),
    Defect(
        "times of the list are in the year 55000",
        FORMAT,
        plant(time_on_list=lambda _, created: f"+{created // 31_557_600_000_000 + 1970}-01-01T00:00:00Z"),
    ),
    Defect("only old times of the list have no zone", FORMAT, only_old("%Y-%m-%dT%H:%M:%S")),
    Defect("only old times of the list are zeros", FORMAT, only_old("0000-00-00 00:00:00")),
)
DEFECTS = (*ARRAY, *OWN, *TIME)
