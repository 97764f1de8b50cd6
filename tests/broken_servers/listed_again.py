"""Defects of generated AppCodes in the list: they are listed otherwise."""

from __future__ import annotations

import hashlib
import html
from urllib.parse import quote, unquote, unquote_plus

from tests.broken_servers.generating import AFTERNOON, at
from tests.broken_servers.planting import Defect, each_item, lists_code, plant
from tests.broken_servers.service import Service
from tests.broken_servers.values import Choices, Record, rfc3339

LISTED = frozenset({"generate/listed"})
ITEM = frozenset({"list/app-codes/item"})


def with_escapes(self: Service) -> str:
    """Make AppCodes that hold what looks like percent-encoding, as one in six does anyway."""
    return Service.new_app_code(self)[:60] + "%4a%2B/+%41=%3d=="


def other_code_of(self: Service, record: Record) -> dict[str, object]:
    return {**Service.item(self, record), "id": hashlib.md5(record.id.encode(), usedforsecurity=False).hexdigest()}


SAME = (
    Defect("the list shows AppCodes in lower case", "generate/listed", lists_code(str.lower)),
    Defect("the list shows AppCodes in upper case", "generate/listed", lists_code(str.upper)),
    Defect("the list shows AppCodes reversed in case", "generate/listed", lists_code(str.swapcase)),
    Defect(
        "the list shows AppCodes without the padding",
        "generate/listed",
        plant(
            new_app_code=lambda self: Service.new_app_code(self)[:-2].ljust(64, "A") + "==",
            item=lambda self, record: {
                **Service.item(self, record),
                "app_code": record.app_code.rstrip("=").ljust(64, "A"),
            },
        ),
    ),
    Defect(
        "the list shows AppCodes cut to 128",
        "generate/listed",
        plant(
            defaults=Choices(app_code_length="longest"),
            item=lambda self, record: {**Service.item(self, record), "app_code": record.app_code[:128]},
        ),
    ),
    Defect(
        "the list shows AppCodes with a blank for plus",
        "generate/listed",
        plant(
            new_app_code=with_escapes,
            item=lambda self, record: {**Service.item(self, record), "app_code": unquote_plus(record.app_code)},
        ),
        ITEM,
    ),
    Defect(
        "the list shows AppCodes percent-decoded",
        "generate/listed",
        plant(
            new_app_code=with_escapes,
            item=lambda self, record: {**Service.item(self, record), "app_code": unquote(record.app_code)},
        ),
    ),
    Defect(
        "the list shows AppCodes percent-encoded",
        "generate/listed",
        plant(
            defaults=Choices(app_code_length="shortest"),
            item=lambda self, record: {**Service.item(self, record), "app_code": quote(record.app_code, "/+")[:180]},
        ),
    ),
    Defect(
        "the list shows AppCodes as HTML",
        "list/app-codes/item",
        lists_code(lambda code: html.escape(code).replace("+", "&#43;").replace("=", "&#61;")),
        LISTED,
    ),
    Defect(
        "the list shows AppCodes as base64 for URLs",
        "generate/listed",
        lists_code(lambda c: c.replace("/", "_").replace("+", "_")),
    ),
    Defect(
        "the list shows AppCodes masked",
        "list/app-codes/item",
        lists_code(lambda c: c[:4] + "*" * (len(c) - 8) + c[-4:]),
        LISTED,
    ),
    Defect("the list shows AppCodes as stars", "list/app-codes/item", lists_code(lambda _: "******"), LISTED),
    Defect(
        "the list shows hashes of AppCodes",
        "generate/listed",
        lists_code(lambda c: "h" + hashlib.sha256(c.encode()).hexdigest()),
    ),
    Defect("the list shows other ids", "generate/listed", plant(item=other_code_of)),
    Defect(
        "the list shows ids in upper case",
        "generate/listed",
        each_item(lambda item: {**item, "id": item["id"].upper()}),
    ),
    Defect(
        "the list shows ids with hyphens",
        "generate/listed",
        each_item(lambda i: {**i, "id": f"{i['id'][:8]}-{i['id'][8:]}"}),
    ),
)
SAME_TIME = (
    Defect(
        "the list shows local time as UTC",
        "generate/listed",
        plant(time_on_list=lambda _, created: rfc3339(created + 8 * 3600 * 10**9)),
    ),
    Defect(
        "the list drops the zone that generate names",
        "generate/listed",
        plant(
            defaults=Choices(create_time_zone=480), time_on_list=lambda _, created: rfc3339(created, 0, 480)[:19] + "Z"
        ),
    ),
    Defect(
        "the list shows a clock of twelve hours",
        "generate/listed",
        plant(
            now=at(AFTERNOON),
            time_on_list=lambda _, created: rfc3339(created - (created // 10**9 // 43_200 % 2) * 43_200 * 10**9),
        ),
    ),
    Defect(
        "the list swaps month and day",
        "generate/listed",
        plant(
            now=at(AFTERNOON),
            time_on_list=lambda _, c: rfc3339(c)[:5] + rfc3339(c)[8:10] + "-" + rfc3339(c)[5:7] + rfc3339(c)[10:],
        ),
    ),
    Defect(
        "the list rounds the second up",
        "generate/listed",
        plant(now=at(AFTERNOON), time_on_list=lambda _, created: rfc3339(created + 500_000_000)),
    ),
    Defect(
        "the list shows the day of creation at midnight",
        "generate/listed",
        plant(time_on_list=lambda _, created: rfc3339(created)[:11] + "00:00:00Z"),
    ),
    Defect(
        "generate shows when the server began",
        "generate/listed",
        plant(time_on_generate=lambda _, __: rfc3339(AFTERNOON, 9)),
    ),
    Defect("the list shows the epoch", "generate/listed", plant(time_on_list=lambda _, __: rfc3339(0))),
    Defect(
        "the list is a minute behind",
        "generate/listed",
        plant(time_on_list=lambda _, created: rfc3339(created - 60 * 10**9)),
    ),
)
DEFECTS = (*SAME, *SAME_TIME)
