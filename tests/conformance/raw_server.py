"""Servers that write whatever bytes a test wants, and the way to ask them."""

from __future__ import annotations

import contextlib
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from appcode_contract import Exchange, Request
from appcode_contract.conformance.wire import Wire

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

    import pytest

    Answer = Callable[[socket.socket, threading.Event], None]

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
WHOLE = HEAD + b"Content-Length: 2\r\n\r\n{}"
TIMEOUT = 0.5
PATIENCE = 10.0
"""Seconds for what is not to take any time; a slow machine needs some."""


class RawServer:
    """Reads a request's head and lets a test write to the connection; ends everything when told."""

    def __init__(self, answer: Answer, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[bytes] = []
        self.ended = threading.Event()
        self._answer = answer
        self._tls = tls
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}/v2"
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
        connection.settimeout(10)
        with contextlib.suppress(OSError):
            if self._tls is None:
                with connection:
                    self._handle(connection)
            else:
                with connection, self._tls.wrap_socket(connection, server_side=True) as secured:
                    self._handle(secured)

    def _handle(self, connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            received = connection.recv(65_536)
            if not received:
                return
            head += received
        self.requests.append(head)
        self._answer(connection, self.ended)


def writing(*parts: bytes) -> Answer:
    def answer(connection: socket.socket, _: threading.Event) -> None:
        for part in parts:
            connection.sendall(part)

    return answer


@contextmanager
def answering(*parts: bytes, tls: ssl.SSLContext | None = None) -> Iterator[RawServer]:
    with RawServer(writing(*parts), tls) as server:
        yield server


def get(server: RawServer, wire: Wire | None = None, timeout: float = PATIENCE, token: str = "") -> Exchange:
    headers = {"X-Auth-Token": token} if token else {}
    return (wire or Wire()).send(Request("GET", server.url, headers), timeout)


def forget_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take out of the environment what would change the way of a request."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
