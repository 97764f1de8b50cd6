"""Somebody else at work on the same app, and a server that never answers; tests/broken_servers has many more."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from appcode_contract import FakeAppCodes, Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterator


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
