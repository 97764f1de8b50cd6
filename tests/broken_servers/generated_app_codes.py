"""Defects of generated AppCodes: their form, that they differ, and what becomes of them."""

from __future__ import annotations

import base64
import hashlib
import random
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.broken_servers.planting import Defect, codes, generated, plant
from tests.broken_servers.service import Service
from tests.broken_servers.values import Record, RefusedError

if TYPE_CHECKING:
    from appcode_contract.messages import Request, Response


ITEM = frozenset({"list/app-codes/item"})  # what is generated in a wrong form is listed in it, too
LISTED = frozenset({"generate/listed"})
TWICE = frozenset({"list/paging"})  # two items of a page have one id
LENGTH, ALPHABET, FIRST = (f"generate/app-code/{rule}" for rule in ("length", "alphabet", "first-character"))
CHANGED = frozenset({"list/app-codes/item", "generate/listed"})
LOST = frozenset({"generate/listed", "generate/concurrent"})
SECONDS_OF_A_SLOW_DATABASE = 0.05


def sometimes_too_long(self: Service) -> str:
    code = Service.new_app_code(self)
    return (code * 3)[:181] if self.random.randrange(40) == 0 else code


def of_uuids(self: Service) -> str:
    return self.new_hex() + self.new_hex()


def of_bytes(self: Service) -> str:
    return base64.urlsafe_b64encode(self.random.randbytes(90)).decode().lstrip("-_0123456789").ljust(100, "-")


def of_mime(self: Service) -> str:
    return "A" + base64.encodebytes(self.random.randbytes(90)).decode()


def from_the_minute(self: Service, app_id: str) -> Record:
    made = random.Random(int(time.time()) // 600)  # noqa: S311 - the defect
    return replace(Service.new_record(self, app_id), app_code="k" + f"{made.getrandbits(320):080x}")


def from_the_app(self: Service, app_id: str) -> Record:
    return replace(Service.new_record(self, app_id), app_code="h" + hashlib.sha256(app_id.encode()).hexdigest())


def id_of_the_app(self: Service, app_id: str) -> Record:
    return replace(Service.new_record(self, app_id), id=app_id)


def id_of_another(self: Service, app_id: str) -> Record:
    record = Service.new_record(self, app_id)
    return replace(record, id=self.apps[app_id][0].id) if self.apps[app_id] else record


def counted_with_a_gap(self: Service, app_id: str) -> Record:
    """Read the counter, then write it: simultaneous requests read the same."""
    number = self.memory.get("number", 0)
    time.sleep(SECONDS_OF_A_SLOW_DATABASE)
    self.memory["number"] = number + 1
    return replace(Service.new_record(self, app_id), id=f"{number:032d}")


def the_first_again(self: Service, app_id: str, request: Request) -> Response:
    self.require_app(app_id)
    if not self.apps[app_id]:
        return Service.generate(self, app_id, request)
    return self.respond(201, self.generated(self.apps[app_id][0]))


def keeps_by_second(self: Service, record: Record) -> None:
    """Keep AppCodes by an id made of the clock, so that one of the same ten minutes replaces another."""
    with self.lock:
        others = [each for each in self.apps[record.app_id] if each.id != record.id]
        self.apps[record.app_id] = [*others, record]


def id_of_the_clock(self: Service, app_id: str) -> Record:
    return replace(Service.new_record(self, app_id), id=f"{int(time.time()) // 600:032d}")


def keeps_two(self: Service, record: Record) -> None:
    Service.keep(self, record)
    Service.keep(self, replace(record, id=self.new_id(), app_code=self.new_app_code()))


def keeps_twice(self: Service, record: Record) -> None:
    """Retry an insert that had succeeded."""
    Service.keep(self, record)
    Service.keep(self, replace(record, id=self.new_id()))


def keeps_only_the_newest(self: Service, record: Record) -> None:
    with self.lock:
        self.apps[record.app_id] = [record]


def drops_the_oldest(self: Service, record: Record) -> None:
    with self.lock:
        self.apps[record.app_id] = [*self.apps[record.app_id], record][-10:]


def takes_neighbours_away(self: Service, record: Record) -> None:
    with self.lock:
        self.apps[record.app_id] = [*self.apps[record.app_id][1:], record]


def keeps_with_a_race(self: Service, record: Record) -> None:
    """Read the list, change it and write it back, as simultaneous requests do, too."""
    read = list(self.apps[record.app_id])
    time.sleep(SECONDS_OF_A_SLOW_DATABASE)
    self.apps[record.app_id] = [*read, record]


def keeps_every_other(self: Service, record: Record) -> None:
    if self.count["PUT"] % 2:
        Service.keep(self, record)


def refuses_while_busy(self: Service, app_id: str, request: Request) -> Response:
    lock = self.memory.setdefault(app_id, threading.Lock())
    if not lock.acquire(blocking=False):
        raise RefusedError(409, "APIG.3005", "Another request is under way")
    try:
        time.sleep(SECONDS_OF_A_SLOW_DATABASE)
        return Service.generate(self, app_id, request)
    finally:
        lock.release()


def fails_while_busy(self: Service, app_id: str, request: Request) -> Response:
    try:
        return refuses_while_busy(self, app_id, request)
    except RefusedError as refused:
        raise self.refused(500) from refused


def shares_one(self: Service, app_id: str, request: Request) -> Response:
    """Answer simultaneous requests with one result, as a cache before an expensive function does."""
    with self.lock:
        last = self.memory.get("last")
        if last is None or time.monotonic() - last[0] > SECONDS_OF_A_SLOW_DATABASE:
            last = (time.monotonic(), Service.generate(self, app_id, request))
            self.memory["last"] = last
    return last[1]


def lags(self: Service, app_id: str) -> list[Record]:
    """List what was there before the newest was generated: the cache is emptied too early."""
    with self.lock:
        found = self.apps[app_id][: -1 if self.count["PUT"] else None]
    return found[::-1]


FORM = (
    Defect("AppCodes have 63 characters", LENGTH, codes(lambda code: code[:63]), ITEM),
    Defect("AppCodes have 32 characters", LENGTH, codes(lambda code: code[:32]), ITEM),
    Defect("AppCodes have 181 characters", LENGTH, codes(lambda code: (code * 3)[:181]), ITEM),
    Defect("AppCodes have 256 characters", LENGTH, codes(lambda code: (code * 4)[:256]), ITEM),
    Defect(
        "generate answers the AppCode cut to 60",
        LENGTH,
        generated(lambda b: {**b, "app_code": b["app_code"][:60]}),
        LISTED,
    ),
    Defect(
        "one AppCode in forty has 181 characters",
        "list/app-codes/item",
        plant(new_app_code=sometimes_too_long),
        existing=520,
    ),
    Defect("AppCodes hold a hyphen", ALPHABET, codes(lambda code: code[:40] + "-" + code[41:]), ITEM),
    Defect("AppCodes are base64 for URLs", ALPHABET, plant(new_app_code=of_bytes), ITEM),
    Defect("AppCodes are base64 for MIME", ALPHABET, plant(new_app_code=of_mime), ITEM),
    Defect("AppCodes end with a newline", ALPHABET, codes(lambda code: code[:-1] + "\n"), ITEM),
    Defect("AppCodes begin with a blank", FIRST, codes(lambda code: " " + code[1:]), ITEM | {ALPHABET}),
    Defect("AppCodes end with a blank", ALPHABET, codes(lambda code: code[:-1] + " "), ITEM),
    Defect("AppCodes hold an ampersand", ALPHABET, codes(lambda code: code[:30] + "&" + code[31:]), ITEM),
    Defect("AppCodes hold a tilde", ALPHABET, codes(lambda code: code[:30] + "~" + code[31:]), ITEM),
    Defect("AppCodes hold a quote", ALPHABET, codes(lambda code: code[:30] + '"' + code[31:]), ITEM),
    Defect("AppCodes hold a letter with an accent", ALPHABET, codes(lambda code: code[:30] + "é" + code[31:]), ITEM),
    Defect("AppCodes hold an Arabic digit", ALPHABET, codes(lambda code: code[:30] + "٤" + code[31:]), ITEM),
    Defect("AppCodes hold a zero-width space", ALPHABET, codes(lambda code: code[:-1] + "\u200b"), ITEM),
    Defect("AppCodes hold a NUL", ALPHABET, codes(lambda code: code[:-1] + "\0"), ITEM),
    Defect("AppCodes begin with a digit", FIRST, codes(lambda code: "7" + code[1:]), ITEM),
    Defect("AppCodes begin with an underscore", FIRST, codes(lambda code: "_" + code[1:]), ITEM),
    Defect("AppCodes begin with an equals sign", FIRST, codes(lambda code: "=" + code[1:]), ITEM),
    Defect("AppCodes begin with a percent sign", FIRST, codes(lambda code: "%" + code[1:]), ITEM),
    Defect("AppCodes are two UUIDs", FIRST, plant(new_app_code=of_uuids), ITEM),
)
RANDOM = (
    Defect("AppCodes come from the clock", "generate/random", plant(new_record=from_the_minute)),
    Defect("AppCodes come from the app's id", "generate/random", plant(new_record=from_the_app)),
    Defect("the first id is given again", "generate/random", plant(new_record=id_of_another), TWICE, existing=25),
    Defect("ids are the app's id", "generate/random", plant(new_record=id_of_the_app), TWICE),
    Defect("ids come from a counter with a race", "generate/random", plant(new_record=counted_with_a_gap), TWICE),
    Defect(
        "generate gives the first AppCode again",
        "generate/random",
        plant(generate=the_first_again),
        frozenset({"generate/single"}),
    ),
    Defect(
        "simultaneous generates share one AppCode",
        "generate/random",
        plant(generate=shares_one),
        frozenset({"generate/single"}),
    ),
    Defect(
        "ids come from the clock and replace each other",
        "generate/random",
        plant(new_record=id_of_the_clock, keep=keeps_by_second),
        LOST,
    ),
)
KEPT = (
    Defect("generate makes two", "generate/single", plant(keep=keeps_two)),
    Defect("generate keeps its AppCode under two ids", "generate/single", plant(keep=keeps_twice)),
    Defect("generate takes all others away", "generate/single", plant(keep=keeps_only_the_newest), LOST),
    Defect("generate takes the oldest away from ten on", "generate/single", plant(keep=drops_the_oldest), existing=10),
    Defect("generate replaces the oldest", "generate/single", plant(keep=takes_neighbours_away), existing=12),
    Defect("what is generated is forgotten", "generate/listed", plant(keep=lambda _, __: None), LOST - LISTED),
    Defect("the list lags behind by one", "generate/listed", plant(records=lags), LOST - LISTED),
    Defect("simultaneous generates lose each other", "generate/concurrent", plant(keep=keeps_with_a_race), LISTED),
    Defect("every second one is lost", "generate/listed", plant(keep=keeps_every_other), LOST - LISTED),
    Defect(
        "a generate is a 409 while another is under way",
        "generate/status",
        plant(generate=refuses_while_busy),
        frozenset({"status/documented"}),
    ),
    Defect("a generate is a 500 while another is under way", "generate/status", plant(generate=fails_while_busy)),
)
DEFECTS = (*FORM, *RANDOM, *KEPT)
