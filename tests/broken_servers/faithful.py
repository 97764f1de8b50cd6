"""Servers that keep every clause and differ only where the pages are silent."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from tests.broken_servers.http_server import Transport
from tests.broken_servers.planting import plant
from tests.broken_servers.service import Service
from tests.broken_servers.values import Choices, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from appcode_contract.messages import Request, Response

from tests.broken_servers.faithful_bodies import BODIES
from tests.broken_servers.faithful_refusals import REFUSALS
from tests.broken_servers.faithful_server import Faithful, chosen

CHOICES = (
    Faithful("as in the examples"),
    Faithful("clamps", choices=chosen(out_of_range_limit="clamp"), existing=25),
    Faithful("oldest first", choices=chosen(list_order="oldest_first"), existing=25),
    Faithful("letters only", choices=chosen(app_code_alphabet="letters_only")),
    Faithful("shortest AppCodes", choices=chosen(app_code_length="shortest")),
    Faithful("longest AppCodes", choices=chosen(app_code_length="longest")),
    Faithful("times of whole seconds", choices=chosen(create_time_precision="seconds")),
    Faithful("times of milliseconds", choices=chosen(create_time_precision="milliseconds")),
    Faithful("times of +08:00", choices=chosen(create_time_zone=480)),
    Faithful("times of -05:30", choices=chosen(create_time_zone=-330)),
    Faithful("extra fields", choices=chosen(extra_fields=True)),
    Faithful("translated texts", choices=chosen(translated=True)),
    Faithful("charset", choices=chosen(charset=True)),
    Faithful("a quota of 1", choices=chosen(quota=1), existing=0),
    Faithful("a quota of 5", choices=chosen(quota=5)),
    Faithful("a quota that is used up", choices=chosen(quota=3)),
    Faithful("429 every third time", choices=chosen(rate_limit=3)),
    Faithful("429 every fifth time", choices=chosen(rate_limit=5), existing=25),
    Faithful("signed requests are let in", choices=chosen(signed_requests=True)),
    Faithful(
        "everything chosen another way",
        choices=Choices(
            out_of_range_limit="clamp",
            list_order="oldest_first",
            app_code_alphabet="letters_only",
            app_code_length="shortest",
            create_time_precision="milliseconds",
            create_time_zone=480,
            extra_fields=True,
            translated=True,
            charset=True,
            rate_limit=9,
        ),
        existing=45,
    ),
)


LENGTHS = tuple(
    Faithful(f"an app of {count}", existing=count, choices=choices, options={"max_generate": generates})
    for count, generates, choices in (
        *((count, 5, None) for count in (0, 1, 19, 20, 21, 500, 501, 600)),
        *((count, 0, chosen(list_order="oldest_first")) for count in (0, 1, 2)),
        (497, 5, chosen(out_of_range_limit="clamp")),
        (1203, 1, None),
    )
)


def adds_at(*numbers: int, count: int = 1) -> type[Service]:
    """Somebody else generates just before some requests."""

    def answer(self: Service, request: Request) -> Response:
        if self.count["all"] in numbers and request.method == "GET" and request.header("X-Auth-Token") == self.token:
            for _ in range(count):
                Service.keep(self, Service.new_record(self, self.app_id))
        return Service.answer(self, request)

    return plant(answer=answer)


@contextmanager
def others(service: Service, seconds: float = 0.1) -> Iterator[None]:
    """Somebody else generates all the time."""
    ended = threading.Event()

    def work() -> None:
        while not ended.wait(seconds):
            service.keep(service.new_record(service.app_id))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def slowly_kept(self: Service, record: Record) -> None:
    time.sleep(0.03)
    Service.keep(self, record)


TRANSPORTS = (
    Faithful("over a socket", transport=Transport(keeps_alive=False), existing=25),
    Faithful("gzip", transport=Transport(compressed=True), existing=25),
    Faithful("chunked", transport=Transport(chunked=True), existing=25),
    Faithful("gzip and chunked", transport=Transport(compressed=True, chunked=True), existing=25),
    Faithful("HTTP/1.0 without Content-Length", transport=Transport(closes=True)),
    Faithful("30 ms late", transport=Transport(delay=0.03)),
    Faithful("dripping", transport=Transport(drips=0.002)),
    Faithful("names of headers in lower case", transport=Transport(lower_case=True)),
    Faithful("fifty headers more", transport=Transport(extra_headers=50)),
    Faithful("generate is slow", plant(keep=slowly_kept)),
    Faithful("another user generates once", adds_at(40)),
    Faithful("another user generates twenty at once", adds_at(60, count=20), existing=25),
    Faithful("another user generates now and then", adds_at(*range(7, 1000, 31))),
    Faithful("another user generates all the time", meanwhile=others, existing=25),
)


FAITHFUL: Final = {each.name: each for each in (*CHOICES, *LENGTHS, *REFUSALS, *BODIES, *TRANSPORTS)}


"""Every faithful server by name."""
