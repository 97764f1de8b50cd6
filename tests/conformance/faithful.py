"""Servers that conform and differ only where the pages are silent."""

from __future__ import annotations

import gzip
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from appcode_contract import Behavior, FakeAppCodes, Request, Response
from appcode_contract.behavior import choices_by_field
from tests.conformance.broken import with_body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conformance.broken import Handle


def gzipped(fake: FakeAppCodes, request: Request) -> Response:
    response = fake.handle(request)
    packed = with_body(response, gzip.compress(response.body))
    return Response(packed.status, (*packed.headers, ("Content-Encoding", "gzip")), packed.body)


def may_only_list(fake: FakeAppCodes, request: Request) -> Response:
    if request.method == "PUT" and request.header("X-Auth-Token") == fake.token:
        fake.fail("generate", status=403)
    return fake.handle(request)


@contextmanager
def others_at_work(fake: FakeAppCodes, seconds: float) -> Iterator[None]:
    """Somebody else generates, too, again and again."""
    ended = threading.Event()

    def work() -> None:
        while not ended.wait(seconds):
            fake.seed(1)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def slow_down_always(_: FakeAppCodes, __: Request) -> Response:
    return Response(429, {"Retry-After": "600", "Content-Length": "0"})


HANDLES: dict[str, Handle] = {
    "gzip": gzipped,
    "a token that may only list": may_only_list,
}
BEHAVIORS: dict[str, Behavior] = (
    {
        f"{field}={choice}": Behavior(**{field: choice})  # type: ignore[arg-type] # a choice of its field
        for field, choices in choices_by_field().items()
        for choice in choices[1:]
    }
    | {
        "a quota of 1": Behavior(quota=1),
        "a quota of 3": Behavior(quota=3),
        "429 every third time": Behavior(rate_limit=3),
        "429 every second time": Behavior(rate_limit=2),
    }
)
