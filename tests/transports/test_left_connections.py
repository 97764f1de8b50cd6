"""Connections that an answer leaves hanging or cuts off: no request waits behind it, and the server ends quietly."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import subprocess
import sys
import threading
import weakref
from typing import TYPE_CHECKING, get_args

import pytest
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from appcode_contract import Request, Response
from appcode_contract.messages import Delivery, Manner
from appcode_contract.transports.live import LiveServer, listen
from tests.transports.raw import SECONDS, Raw

if TYPE_CHECKING:
    from collections.abc import Iterator

MANNERS: tuple[Manner, ...] = get_args(Manner)
CUTS = [manner for manner in MANNERS if manner == "reset" or manner.startswith("close_")]
SLOW = ["hang", "stall", "slow_start", "dribble"]
AN_HOUR = 3600.0
ASKED = b"GET / HTTP/1.1\r\nHost: roma.example\r\n\r\n"
WITH_BODY = b"PUT / HTTP/1.1\r\nHost: roma.example\r\nContent-Length: 200000\r\n\r\n" + b"x" * 200_000
BEHIND = {"nothing": b"", "a request": ASKED, "many requests": ASKED * 100, "a long request": WITH_BODY}


class Watched(Response):
    """An answer of which one can tell when nobody holds it any more."""


class Once:
    """Answers the first request in some manner, and tells of it."""

    def __init__(self, manner: Manner, body: bytes = b"0123456789") -> None:
        self.delivery = Delivery(manner, AN_HOUR)
        self.body = body
        self.asked = threading.Event()
        self.left = threading.Event()
        self.requests = 0

    def handle(self, request: Request) -> Response:
        del request
        self.requests += 1
        length = {"Content-Length": str(len(self.body))}
        if self.requests > 1:
            return Response(200, length, self.body)
        answer = Watched(200, length, self.body, self.delivery)
        weakref.finalize(answer, self.left.set)
        self.asked.set()
        return answer


@pytest.fixture(params=["uvloop", "asyncio"], autouse=True)
def _loop(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run each test over both loops; Windows has asyncio's only."""
    if request.param == "asyncio":
        monkeypatch.setitem(sys.modules, "uvloop", None)
    else:
        pytest.importorskip("uvloop")


@contextlib.contextmanager
def serving(handler: Once) -> Iterator[str]:
    with LiveServer(handler, listen()) as server:
        yield server.url


@pytest.mark.parametrize("behind", BEHIND)
@pytest.mark.parametrize("manner", CUTS)
def test_a_connection_that_is_cut_off_leaves_nothing_behind(
    manner: Manner, behind: str, caplog: pytest.LogCaptureFixture
) -> None:
    handler = Once(manner)
    with serving(handler) as url, Raw(url) as client:
        with contextlib.suppress(ConnectionError):
            client.socket.sendall(ASKED + BEHIND[behind])
            client.rest()

        assert handler.left.wait(SECONDS)

    assert handler.requests == 1
    assert caplog.messages == []


@pytest.mark.parametrize("behind", BEHIND)
@pytest.mark.parametrize("manner", ["hang", "stall"])
def test_a_hanging_answer_ends_as_soon_as_the_client_leaves(
    manner: Manner, behind: str, caplog: pytest.LogCaptureFixture
) -> None:
    handler = Once(manner)
    with serving(handler) as url:
        with Raw(url) as client:
            client.socket.sendall(ASKED + BEHIND[behind])
            assert handler.asked.wait(SECONDS)
            assert not handler.left.is_set()

        assert handler.left.wait(SECONDS)

    assert handler.requests == 1
    assert caplog.messages == []


@pytest.mark.parametrize("behind", BEHIND)
@pytest.mark.parametrize("manner", SLOW)
def test_the_server_ends_quietly_while_a_client_waits(
    manner: Manner, behind: str, caplog: pytest.LogCaptureFixture
) -> None:
    handler = Once(manner)
    with contextlib.ExitStack() as still_open:
        with serving(handler) as url:
            client = still_open.enter_context(Raw(url))
            client.socket.sendall(ASKED + BEHIND[behind])
            assert handler.asked.wait(SECONDS)

        assert handler.left.wait(SECONDS)
        assert handler.requests == 1
        assert caplog.messages == []


def test_the_server_ends_quietly_while_a_client_still_sends(caplog: pytest.LogCaptureFixture) -> None:
    handler = Once("whole")
    with contextlib.ExitStack() as still_open:
        with serving(handler) as url:
            client = still_open.enter_context(Raw(url))
            client.ask(ASKED)
            client.socket.sendall(b"PUT / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n")
            assert client.socket.recv(64).startswith(b"HTTP/1.1 100 ")

        assert client.socket.recv(1) == b""
        assert caplog.messages == []


def test_the_server_ends_quietly_while_a_client_does_not_read(caplog: pytest.LogCaptureFixture) -> None:
    handler = Once("whole", b"x" * 32_000_000)
    with contextlib.ExitStack() as still_open:
        with serving(handler) as url:
            client = still_open.enter_context(Raw(url, receive_buffer=4096))
            client.socket.sendall(ASKED)
            assert client.socket.recv(1) == b"H"

        assert caplog.messages == []


def test_a_connection_does_not_keep_the_requests_that_were_answered() -> None:
    with serving(Once("whole")) as url, Raw(url) as client:
        for _ in range(50):
            client.ask(ASKED)

        gc.collect()
        kept = [each for each in gc.get_objects() if isinstance(each, RequestResponseCycle)]
        assert len(kept) < 10


def test_a_reset_needs_no_second_handle_of_the_socket(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(_: int) -> int:
        raise OSError

    monkeypatch.setattr(os, "dup", refuse)  # as Windows refuses it for a socket
    with serving(Once("reset")) as url, Raw(url) as client:
        client.socket.sendall(ASKED)

        with pytest.raises(ConnectionResetError):
            client.socket.recv(1)

    assert caplog.messages == []


@pytest.mark.skipif(sys.platform == "win32", reason="a process on Windows takes no SIGINT of its own")
def test_the_foreground_ends_quietly_while_a_client_waits() -> None:
    program = """\
from appcode_contract import FakeAppCodes
from appcode_contract.transports.live import listen, serve_forever, url_of

listening, fake = listen(), FakeAppCodes()
fake.fail(fault="hang", times=None)
print(url_of(listening), fake.url().removeprefix(fake.base_url), fake.token, flush=True)
serve_forever(fake, listening)
"""
    with subprocess.Popen(  # noqa: S603 - this Python and the program above
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        url, path, token = process.stdout.readline().split()
        with Raw(url) as client:
            head = f"PUT {path} HTTP/1.1\r\nHost: roma.example\r\nX-Auth-Token: {token}\r\n"
            client.socket.sendall(head.encode() + b"Expect: 100-continue\r\nContent-Length: 0\r\n\r\n")
            assert client.socket.recv(64).startswith(b"HTTP/1.1 100 ")
            process.send_signal(signal.SIGINT)
            output, errors = process.communicate(timeout=SECONDS)

    assert (output, errors, process.returncode) == ("", "", 0)
