"""Defects of what generate answers: its status, its body and its fields."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.broken_servers.planting import Defect, drops, generated, plant, renames, sets
from tests.broken_servers.service import Service
from tests.broken_servers.values import Record, RefusedError, rfc3339

if TYPE_CHECKING:
    from appcode_contract.messages import Request, Response

FIELDS = frozenset({"generate/id", "generate/app-id", "generate/create-time"})
UNDOCUMENTED = frozenset({"status/documented"})
ECHOED = frozenset({"generate/listed"})  # the list shows the right app_id, so the two differ
AFTERNOON = int(datetime(2025, 7, 5, 21, 40, 8, tzinfo=UTC).timestamp()) * 10**9 + 700_000_000


def every_second_fails(self: Service, record: Record) -> None:
    if self.count["PUT"] % 2 == 0:
        raise OSError
    Service.keep(self, record)


def only_one_per_app(self: Service, record: Record) -> None:
    if self.apps[record.app_id]:
        raise RefusedError(409, "APIG.3003", "The app has an AppCode already")
    Service.keep(self, record)


def demands_json(self: Service, app_id: str, request: Request) -> Response:
    if not request.body:
        raise RefusedError(415, "APIG.2000", "Content type 'null' is not supported")
    return Service.generate(self, app_id, request)


def demands_a_body(self: Service, app_id: str, request: Request) -> Response:
    if not request.body:
        raise self.refused(400, "body")
    return Service.generate(self, app_id, request)


def without_a_body(self: Service, app_id: str, request: Request) -> Response:
    Service.generate(self, app_id, request)
    return self.respond(204, None)


def at(moment: int) -> object:
    """Give a clock that stands at a moment and goes on by a second with each AppCode."""
    return lambda self: moment + self.count["PUT"] * 10**9


def written(form: str) -> type[Service]:
    """Write the time of generate in another form."""
    return plant(time_on_generate=lambda _, created: datetime.fromtimestamp(created // 10**9, UTC).strftime(form))


STATUS = (
    Defect("generate answers 200", "generate/status", plant(generated_status=200)),
    Defect("generate answers 202", "generate/status", plant(generated_status=202), UNDOCUMENTED),
    Defect(
        "generate answers 204 without a body",
        "generate/status",
        plant(
            generate=without_a_body,
            encode=lambda self, status, body: b"" if status == 204 else Service.encode(self, status, body),
        ),
        UNDOCUMENTED,
    ),
    Defect("generate redirects to the list with 303", "generate/status", plant(generated_status=303), UNDOCUMENTED),
    Defect("every second generate is a 500", "generate/status", plant(keep=every_second_fails)),
    Defect("generate is a 409 when the app has one", "generate/status", plant(keep=only_one_per_app), UNDOCUMENTED),
    Defect(
        "generate demands a Content-Type with 415",
        "generate/no-body",
        plant(generate=demands_json),
        UNDOCUMENTED | {"generate/status"},
    ),
    Defect(
        "generate demands a body with 400",
        "generate/no-body",
        plant(generate=demands_a_body),
        frozenset({"generate/status"}),
    ),
)
BODY = (
    Defect("generate answers an array of one", "generate/body", generated(lambda body: [body])),
    Defect("generate answers null", "generate/body", generated(lambda _: None)),
    Defect("generate answers JSON within a string", "generate/body", generated(json.dumps)),
    Defect("generate answers only the AppCode", "generate/body", generated(lambda body: body["app_code"])),
    Defect(
        "generate answers an envelope", "generate/app-code", generated(lambda body: {"code": 0, "data": body}), FIELDS
    ),
    Defect(
        "generate answers a page of one",
        "generate/app-code",
        generated(lambda body: {"size": 1, "total": 1, "app_codes": [body]}),
        FIELDS,
    ),
    Defect("generate answers an empty object", "generate/app-code", generated(lambda _: {}), FIELDS),
    Defect(
        "generate answers in camel case",
        "generate/app-code",
        generated(renames(app_code="appCode", app_id="appId", create_time="createTime")),
        FIELDS - {"generate/id"},
    ),
)
FIELD = (
    Defect("app_code is renamed to appcode", "generate/app-code", generated(renames(app_code="appcode"))),
    Defect("app_code is null on generate", "generate/app-code", generated(sets(app_code=None))),
    Defect("app_code is missing on generate", "generate/app-code", generated(drops("app_code"))),
    Defect(
        "app_code is an object on generate",
        "generate/app-code",
        generated(lambda b: {**b, "app_code": {"value": b["app_code"]}}),
    ),
    Defect(
        "app_code is an array on generate", "generate/app-code", generated(lambda b: {**b, "app_code": [b["app_code"]]})
    ),
    Defect("id is a number on generate", "generate/id", generated(lambda b: {**b, "id": int(b["id"][:12], 16)})),
    Defect("id is missing on generate", "generate/id", generated(drops("id"))),
    Defect("id is null on generate", "generate/id", generated(sets(id=None))),
    Defect("id is named app_code_id", "generate/id", generated(renames(id="app_code_id"))),
    Defect("app_id is missing on generate", "generate/app-id", generated(drops("app_id"))),
    Defect("app_id is null on generate", "generate/app-id", generated(sets(app_id=None))),
    Defect("app_id is a number on generate", "generate/app-id", generated(sets(app_id=42))),
    Defect(
        "app_id is in upper case on generate",
        "generate/app-id/echo",
        generated(lambda b: {**b, "app_id": b["app_id"].upper()}),
        ECHOED,
    ),
    Defect("app_id is empty on generate", "generate/app-id/echo", generated(sets(app_id="")), ECHOED),
    Defect(
        "app_id is the instance's id on generate",
        "generate/app-id/echo",
        plant(generated=lambda self, record: {**Service.generated(self, record), "app_id": self.instance_id}),
        ECHOED,
    ),
    Defect(
        "app_id is the other app's from the third generate on",
        "generate/app-id/echo",
        plant(
            generated=lambda self, record: {
                **Service.generated(self, record),
                "app_id": self.other_app_id if self.count["PUT"] > 2 else record.app_id,
            }
        ),
        ECHOED,
    ),
    Defect("create_time is missing on generate", "generate/create-time", generated(drops("create_time"))),
    Defect("create_time is null on generate", "generate/create-time", generated(sets(create_time=None))),
    Defect(
        "create_time is milliseconds on generate",
        "generate/create-time",
        plant(time_on_generate=lambda _, created: created // 10**6),
    ),
    Defect(
        "create_time is an array of numbers",
        "generate/create-time",
        generated(sets(create_time=[2025, 7, 24, 2, 31, 45])),
    ),
)
FORMAT = "generate/create-time/format"
TIME = (
    Defect("the time of generate has no zone", FORMAT, written("%Y-%m-%dT%H:%M:%S")),
    Defect("the time of generate has a blank for T and no zone", FORMAT, written("%Y-%m-%d %H:%M:%S")),
    Defect("the time of generate is a date", FORMAT, written("%Y-%m-%d")),
    Defect("the time of generate is an HTTP date", FORMAT, written("%a, %d %b %Y %H:%M:%S GMT")),
    Defect("the time of generate has a zone without colon", FORMAT, written("%Y-%m-%dT%H:%M:%S+0000")),
    Defect("the time of generate has a zone of hours only", FORMAT, written("%Y-%m-%dT%H:%M:%S+00")),
    Defect("the time of generate names its zone", FORMAT, written("%Y-%m-%dT%H:%M:%S GMT+08:00")),
    Defect("the time of generate has no separators", FORMAT, written("%Y%m%dT%H%M%SZ")),
    Defect("the time of generate has slashes", FORMAT, written("%Y/%m/%dT%H:%M:%SZ")),
    Defect("the time of generate has no seconds", FORMAT, written("%Y-%m-%dT%H:%MZ")),
    Defect("the time of generate has two digits of the year", FORMAT, written("%y-%m-%dT%H:%M:%SZ")),
    Defect("the time of generate ends with a newline", FORMAT, written("%Y-%m-%dT%H:%M:%SZ\n")),
    Defect(
        "the time of generate is seconds in a string",
        FORMAT,
        plant(time_on_generate=lambda _, created: str(created // 10**9)),
    ),
    Defect(
        "the time of generate has a comma for the fraction",
        FORMAT,
        plant(time_on_generate=lambda _, created: rfc3339(created, 9).replace(".", ",")),
    ),
    Defect(
        "the time of generate has twelve fractional digits",
        FORMAT,
        plant(time_on_generate=lambda _, created: rfc3339(created, 9).replace("Z", "000Z")),
    ),
    Defect("the time of generate has a dot and no digits", FORMAT, written("%Y-%m-%dT%H:%M:%S.Z")),
    Defect("the time of generate has minutes where months belong", FORMAT, written("%Y-00-%dT%H:%M:%SZ")),
    Defect("the time of generate has the day of the year", FORMAT, written("%Y-%jT%H:%M:%SZ")),
    Defect("the time of generate has hour 24", FORMAT, written("%Y-%m-%dT24:%M:%SZ")),
    Defect("the time of generate is 30 February", FORMAT, written("%Y-02-30T%H:%M:%SZ")),
)
DEFECTS = (*STATUS, *BODY, *FIELD, *TIME)
