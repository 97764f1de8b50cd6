"""Bytes on a socket, as no library of HTTP sends them."""

from __future__ import annotations

import http.client
import socket
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from appcode_contract import Request

if TYPE_CHECKING:
    from types import TracebackType

    from appcode_contract import AppCodeServer

SECONDS = 10.0


def request(server: AppCodeServer, method: str, *headers: str, body: bytes = b"", version: str = "1.1") -> bytes:
    """A valid request of one of the operations, with further headers before a body."""
    lines = (
        f"{method} {Request(method, server.fake.url()).path} HTTP/{version}",
        "Host: roma.example",
        f"X-Auth-Token: {server.fake.token}",
        *headers,
    )
    return "".join(line + "\r\n" for line in (*lines, "")).encode() + body


class Raw:
    """A connection that sends bytes and reads answers."""

    def __init__(self, url: str, receive_buffer: int | None = None) -> None:
        parts = urlsplit(url)
        self.socket = socket.socket()
        self.socket.settimeout(SECONDS)
        if receive_buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.connect((parts.hostname, parts.port))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.close()

    def ask(self, *pieces: bytes) -> tuple[int, bytes]:
        """Send a request, and read the one answer to it."""
        for piece in pieces:
            self.socket.sendall(piece)
        with http.client.HTTPResponse(self.socket) as answer:
            answer.begin()
            return answer.status, answer.read()

    def rest(self) -> bytes:
        """Read until the server closes the connection."""
        received = b""
        while part := self.socket.recv(65_536):
            received += part
        return received
