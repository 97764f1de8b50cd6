"""Clients that are right, and carry requests in ways of their own."""

from __future__ import annotations

import http.client
import socket
import string
import time
from threading import RLock
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit

from tests.broken_clients.client import TIMEOUT, Answer, ClientError
from tests.broken_clients.kinds import SyncClient
from tests.broken_clients.over_requests import RequestsClient

if TYPE_CHECKING:
    from appcode_contract.client_contract import Endpoint
    from tests.broken_clients.client import Call

REPEATED: Final = frozenset({429, 502, 503, 504})
LEGAL: Final = frozenset(string.ascii_letters + string.digits + "+_!@#$%/=")


class PlainClient(SyncClient):
    """http.client, and a connection for each request."""

    def send(self, call: Call) -> Answer:
        parts = urlsplit(call.url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=self.timeout)
        target = parts.path + (f"?{urlencode(call.query)}" if call.query else "")
        try:
            connection.request(call.method, target, headers=dict(call.headers))
            answer = connection.getresponse()
            return Answer(answer.status, answer.getheader("Content-Type", ""), answer.read())
        except (OSError, http.client.HTTPException) as error:
            msg = f"no answer to {call.method}: {type(error).__name__}"
            raise ClientError(msg) from error
        finally:
            connection.close()

    def close(self) -> None:
        """There is nothing to close."""


def patient(self: RequestsClient, call: Call) -> Answer:
    """Ask three times, unless it is a generate."""
    for _ in range(2):
        try:
            answer = RequestsClient.send(self, call)
        except ClientError:
            if call.method == "PUT":
                raise
            continue
        if call.method == "PUT" or answer.status not in REPEATED:
            return answer
    return RequestsClient.send(self, call)


class CheckedFirst(RequestsClient):
    """Asks with its token when it is made."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint)
        self.list_page(endpoint.app_id, 0, 1)


class OneAtATime(RequestsClient):
    """Lets one caller in after the other, and looks at each character."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint)
        self.lock = RLock()

    def send(self, call: Call) -> Answer:
        with self.lock:
            return super().send(call)

    def read_page(self, answer: Answer) -> Any:  # noqa: ANN401 - a page
        with self.lock:
            return super().read_page(answer)

    def read_app_code(self, text: str) -> str:
        for character in text:
            if character not in LEGAL:
                msg = "not an AppCode"
                raise ClientError(msg)
        return text


class ByteByByte(PlainClient):
    """Reads the head byte by byte, and gives the whole answer half a second."""

    def send(self, call: Call) -> Answer:
        parts, end = urlsplit(call.url), time.monotonic() + TIMEOUT
        target = parts.path + (f"?{urlencode(call.query)}" if call.query else "")
        headers = {**call.headers, "Host": parts.netloc, "Connection": "close"}
        told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        try:
            with socket.create_connection((parts.hostname or "", parts.port or 80), TIMEOUT) as connection:
                connection.sendall(f"{call.method} {target} HTTP/1.0\r\n{told}\r\n".encode())
                head = b""
                while not head.endswith(b"\r\n\r\n"):
                    head += received(connection, 1, end)
                status, length, content_type, chunked = read_head(head)
                body = b""
                while length is None or len(body) < length:
                    try:
                        body += received(connection, 65536, end)
                    except EOFError:
                        if length is None:
                            break
                        raise
                body = joined_chunks(body) if chunked else body
        except (OSError, EOFError, ValueError) as error:
            msg = f"no answer to {call.method}: {type(error).__name__}"
            raise ClientError(msg) from None
        return Answer(status, content_type, body)


def received(connection: socket.socket, number: int, end: float) -> bytes:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    connection.settimeout(left)
    got = connection.recv(number)
    if not got:
        raise EOFError
    return got


def read_head(head: bytes) -> tuple[int, int | None, str, bool]:
    """Give status, Content-Length, Content-Type, and whether the body comes in chunks."""
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = headers.get("content-length")
    chunked = "transfer-encoding" in headers
    return int(first.split()[1]), None if length is None else int(length), headers.get("content-type", ""), chunked


def joined_chunks(body: bytes) -> bytes:
    found = b""
    while body:
        size, _, rest = body.partition(b"\r\n")
        number = int(size, 16)
        if number == 0:
            return found
        found, body = found + rest[:number], rest[number + 2 :]
    raise EOFError


class Breaker(RequestsClient):
    """Sends nothing for a while after five failures in a row."""

    failures, until = 0, 0.0

    def send(self, call: Call) -> Answer:
        if time.monotonic() < self.until:
            msg = "the circuit is open"
            raise ClientError(msg)
        try:
            answer = super().send(call)
        except ClientError:
            self.note(failed=True)
            raise
        self.note(failed=answer.status >= 500)
        return answer

    def note(self, *, failed: bool) -> None:
        self.failures = self.failures + 1 if failed else 0
        if self.failures >= 5:
            self.failures, self.until = 0, time.monotonic() + 0.3


class StrictBreaker(Breaker):
    """Counts refusals of any kind, whatever comes between them."""

    def note(self, *, failed: bool) -> None:
        """Take no notice of the status alone."""

    def refusal(self, answer: Answer) -> Exception:
        Breaker.note(self, failed=True)
        return super().refusal(answer)


class TwoBreakers(RequestsClient):
    """Has one for each operation."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint)
        self.breakers = {method: Breaker(endpoint) for method in ("PUT", "GET")}

    def send(self, call: Call) -> Answer:
        return self.breakers[call.method].send(call)

    def close(self) -> None:
        for breaker in self.breakers.values():
            breaker.close()
