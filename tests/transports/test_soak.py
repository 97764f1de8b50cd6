"""Random and mutated raw requests: a documented error or a closed connection, and nothing else.

``APPCODE_SOAK`` sets how many are sent; 3,000 when it is not set. For the long run::

    APPCODE_SOAK=100000 python -m pytest tests/transports/test_soak.py
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import random
import socket
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from appcode_contract import AppCodeServer, app_code_server

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNT = int(os.environ.get("APPCODE_SOAK", "3000"))
SECONDS = 10.0
MIB = 1_048_576
ANSWERED = {b"100", b"200", b"201", b"400", b"401", b"403", b"404", b"405", b"413"}
"""Statuses that a request may get; 100, 405 and 413 are no answers of the two operations."""
STRANGE = (
    *(b"\r\n", b"\n", b"\0", b" ", b"\t", b":", b"%", b"%00", b"%2F", b"%zz", b"..", b"/../", b"//", b"?", b"#", b"&"),
    *(b"=", b"\xff", b"\xc3\xa9", b"HTTP/1.1", b"HTTP/9.9", b"GET ", b"PUT ", b"Host: x\r\n", b"Content-Length: 5\r\n"),
    *(b"Transfer-Encoding: chunked\r\n", b"0\r\n\r\n", b"ffffffffffffffff\r\n", b"limit=", b"offset=-1", b"X" * 70_000),
    *(b"Content-Length: -1\r\n", b"Expect: 100-continue\r\n", b"Connection: close\r\n", b"Upgrade: websocket\r\n"),
)


@pytest.fixture(scope="module")
def server() -> Iterator[AppCodeServer]:
    with app_code_server(seed=1) as running:
        running.fake.seed(45)
        yield running


def requests_of(server: AppCodeServer) -> list[bytes]:
    """Valid requests, which the mutations begin with."""
    parts = urlsplit(server.fake.url())
    head = f"Host: {parts.netloc}\r\nX-Auth-Token: {server.fake.token}\r\n"
    return [
        f"GET {parts.path}?offset=0&limit=20 HTTP/1.1\r\n{head}\r\n".encode(),
        f"PUT {parts.path} HTTP/1.1\r\n{head}\r\n".encode(),
        f"PUT {parts.path} HTTP/1.1\r\n{head}Content-Length: 4\r\n\r\nbody".encode(),
        f"PUT {parts.path} HTTP/1.1\r\n{head}Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n".encode(),
        f"GET /__admin/state HTTP/1.1\r\n{head}\r\n".encode(),
    ]


def mutated(source: random.Random, valid: bytes) -> bytes:
    """Change a request in one to four places, or make one of random bytes."""
    if source.random() < 0.05:
        return source.randbytes(source.randint(1, 400))
    made = bytearray(valid)
    for _ in range(source.randint(1, 4)):
        at = source.randrange(len(made) + 1)
        match source.randrange(4):
            case 0:
                made[at:at] = source.choice(STRANGE)
            case 1:
                del made[at : at + source.randint(1, 20)]
            case 2:
                made[at : at + 1] = source.randbytes(1)
            case _:
                made[at : at + source.randint(0, 8)] = source.choice(STRANGE)
    return bytes(made)


def talk(server: AppCodeServer, sent: bytes) -> bytes:
    """Send bytes, end the sending side, and read to the end."""
    parts = urlsplit(server.url)
    received = b""
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=SECONDS) as connection:
        with contextlib.suppress(OSError):  # the server may have closed already; reading tells
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionError):
            while part := connection.recv(65_536):
                received += part
    return received


def statuses(received: bytes) -> list[bytes]:
    return [line.split(b" ")[1] for line in received.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]


def resident() -> int:
    """How many bytes of memory this process, the server's too, has now."""
    fields = Path("/proc/self/statm").read_text(encoding="ascii").split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")


def soak(server: AppCodeServer, count: int, seed: int) -> Counter[bytes]:
    source, valid = random.Random(seed), requests_of(server)  # noqa: S311 - repeatable on purpose
    seen: Counter[bytes] = Counter()
    for _ in range(count):
        found = statuses(talk(server, mutated(source, source.choice(valid))))
        seen.update(found or [b"closed"])
        if not server.fake.app_codes():  # a mutation may have hit nothing but the admin API's reset
            server.fake.seed(45)
    return seen


def test_whatever_is_sent_gets_a_documented_error_or_a_closed_connection(
    server: AppCodeServer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        seen = soak(server, COUNT, seed=1)

    assert set(seen) - ANSWERED == {b"closed"}
    assert {b"200", b"201", b"400", b"404"} <= set(seen)
    assert [
        record.getMessage() for record in caplog.records if record.exc_info or "Traceback" in record.getMessage()
    ] == []
    answer = talk(server, requests_of(server)[0].replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    assert statuses(answer) == [b"200"]


@pytest.mark.skipif(sys.platform != "linux", reason="reads the memory of the process from /proc")
def test_memory_is_the_same_afterwards(server: AppCodeServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "uvicorn.error")  # what is captured stays in memory, too

    def afterwards(count: int, seed: int) -> int:
        soak(server, count, seed)
        server.renew()  # with what it remembers, which is bounded
        gc.collect()
        return resident()

    warm = afterwards(COUNT // 3, seed=2)

    assert afterwards(COUNT, seed=3) - warm < 32 * MIB


LONG: dict[str, tuple[bytes, bytes, bytes, bytes]] = {
    "a header of 64 KiB": (b"GET", b"\r\n\r\n", b"\r\nX: " + b"x" * 65_536 + b"\r\n\r\n", b"200"),
    "many headers": (b"GET", b"\r\n\r\n", b"\r\n" + b"X: x\r\n" * 2000 + b"\r\n", b"200"),
    "a header of 4 MiB": (b"GET", b"\r\n\r\n", b"\r\nX: " + b"x" * 4 * MIB + b"\r\n\r\n", b"400"),
    "headers of 4 MiB": (b"GET", b"\r\n\r\n", b"\r\n" + b"X: x\r\n" * (4 * MIB // 6), b"400"),
    "a path of 4 MiB": (b"GET", b"offset=0", b"offset=" + b"0" * 4 * MIB, b"400"),
    "chunks without an end": (b"chunked", b"0\r\n\r\n", (b"ffff\r\n" + b"x" * 65_535 + b"\r\n") * 40, b"413"),
}
"""Which valid request is changed, what of it into what, and the status that it gets."""


@pytest.mark.parametrize("name", LONG)
def test_what_is_far_too_long_is_refused(server: AppCodeServer, name: str) -> None:
    which, old, new, status = LONG[name]
    valid = next(each for each in requests_of(server) if which in each)

    found = statuses(talk(server, valid.replace(old, new)))

    # A client that is still sending may miss a refusal.
    assert found[:1] == [status] or (status != b"200" and found == [])
    assert statuses(talk(server, requests_of(server)[0])) == [b"200"]
