"""Whatever a server does to a connection, a request ends in time and is sent once."""

from __future__ import annotations

import contextlib
import gzip
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

import pytest

from appcode_contract import Exchange, Request
from appcode_contract.conformance.wire import MAXIMUM_BODY, Unreachable, send

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
TIMEOUT = 0.5


class RawServer:
    """Reads a request's head and lets a test write to the connection; ends everything when told."""

    def __init__(self, answer: Callable[[socket.socket, threading.Event], None]) -> None:
        self.requests: list[bytes] = []
        self.ended = threading.Event()
        self._answer = answer
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}/v2"
        self._threads = [threading.Thread(target=self._accept)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join(10)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while not self.ended.is_set():
                connection, _ = self._listening.accept()
                thread = threading.Thread(target=self._serve, args=[connection])
                self._threads.append(thread)
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(10)
            head = b""
            while b"\r\n\r\n" not in head:
                received = connection.recv(65_536)
                if not received:
                    return
                head += received
            self.requests.append(head)
            self._answer(connection, self.ended)


@contextmanager
def answering(*parts: bytes) -> Iterator[RawServer]:
    def answer(connection: socket.socket, _: threading.Event) -> None:
        for part in parts:
            connection.sendall(part)

    with RawServer(answer) as server:
        yield server


def get(server: RawServer, **headers: str) -> Exchange:
    return send(Request("GET", server.url, headers), TIMEOUT)


def test_an_answer_is_read_with_status_headers_and_body() -> None:
    with answering(HEAD + b"Content-Length: 2\r\nX-A: b\r\n\r\n{}") as server:
        exchange = get(server)

    assert exchange.response is not None
    assert (200, "b", b"{}") == (exchange.response.status, exchange.response.header("X-A"), exchange.response.body)


def hang(_: socket.socket, ended: threading.Event) -> None:
    ended.wait(10)


def dribble_a_header(connection: socket.socket, ended: threading.Event) -> None:
    connection.sendall(HEAD + b"X-Slow: ")
    while not ended.wait(0.05):
        connection.sendall(b"a")


def dribble_a_body(connection: socket.socket, ended: threading.Event) -> None:
    connection.sendall(HEAD + b"Content-Length: 1000000\r\n\r\n")
    while not ended.wait(0.05):
        connection.sendall(b"a")


def never_end(connection: socket.socket, ended: threading.Event) -> None:
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    chunk = b"10000\r\n" + b"a" * 65_536 + b"\r\n"
    while not ended.is_set():
        connection.sendall(chunk)


@pytest.mark.parametrize("answer", [hang, dribble_a_header, dribble_a_body, never_end])
def test_an_answer_that_does_not_end_is_a_problem_and_no_hang(
    answer: Callable[[socket.socket, threading.Event], None],
) -> None:
    with RawServer(answer) as server:
        exchange = get(server)

    assert exchange.response is None
    assert "no complete answer" in exchange.problem


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        HEAD + b"Content-Length: 100\r\n\r\n{}",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}",
        HEAD + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x00\xff" * 100,
    ],
)
def test_an_answer_that_is_none_is_a_problem(answer: bytes) -> None:
    with answering(answer) as server:
        exchange = get(server)

    assert exchange.response is None
    assert "no complete answer" in exchange.problem


def test_a_packed_body_is_unpacked() -> None:
    packed = gzip.compress(b"{}")
    with answering(HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed), packed) as server:
        exchange = get(server)

    assert exchange.response is not None
    assert b"{}" == exchange.response.body


def test_a_body_that_unpacks_to_too_much_is_a_problem() -> None:
    packed = gzip.compress(b" " * (MAXIMUM_BODY + 1))
    with answering(HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed), packed) as server:
        exchange = get(server)

    assert exchange.response is None
    assert "longer than" in exchange.problem


def test_a_redirect_is_not_followed() -> None:
    with answering(HEAD + b"Content-Length: 2\r\n\r\n{}") as other:
        moved = b"HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % other.url.encode()
        with answering(moved) as server:
            exchange = get(server, **{"X-Auth-Token": "secret-token"})

    assert exchange.response is not None
    assert 302 == exchange.response.status
    assert [] == other.requests


def test_a_request_without_an_answer_is_sent_once() -> None:
    with answering(b"") as server:
        send(Request("PUT", server.url), TIMEOUT)

    assert 1 == len(server.requests)


def test_nothing_of_netrc_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password of-netrc\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with answering(HEAD + b"Content-Length: 2\r\n\r\n{}") as server:
        get(server)

    assert b"authorization" not in server.requests[0].lower()


def test_no_connection_is_told_apart_from_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    with pytest.raises(Unreachable):
        send(Request("GET", f"http://127.0.0.1:{port}/v2"), TIMEOUT)
