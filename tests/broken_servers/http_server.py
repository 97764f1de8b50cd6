"""Puts a handler behind a real socket, with the habits of faithful gateways and the faults of broken ones."""

from __future__ import annotations

import gzip
import socket
import struct
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final, Literal

from appcode_contract.messages import Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Handle = Callable[[Request], Response]

_SERVER_SECONDS: Final = 20
_PIECE: Final = 97

Fault = Literal["", "length_too_long", "length_too_short", "cut", "endless", "reset", "reset_in_body", "no_status_line"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transport:
    """How answers travel. All but ``fault`` is faithful.

    Attributes:
        compressed: gzip, with its header.
        chunked: No Content-Length but chunks.
        closes: HTTP/1.0 without Content-Length; the end of the connection ends the body.
        keeps_alive: The connection stays open for more requests.
        delay: Seconds before an answer.
        drips: The body comes in small pieces, with a pause of so many seconds.
        lower_case: Names of headers are in lower case.
        extra_headers: How many headers more there are.
        fault: What goes wrong.
        methods: Which methods the fault befalls.
    """

    compressed: bool = False
    chunked: bool = False
    closes: bool = False
    keeps_alive: bool = True
    delay: float = 0.0
    drips: float = 0.0
    lower_case: bool = False
    extra_headers: int = 0
    fault: Fault = ""
    methods: tuple[str, ...] = ("GET", "PUT")


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True

    def __init__(self, handle: Handle, transport: Transport) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.answer, self.transport = handle, transport
        self.stopping = threading.Event()
        self.open: set[socket.socket] = set()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the signature of socketserver
        """Say nothing: a client that goes away is no news."""

    def stop(self) -> None:
        self.stopping.set()
        self.shutdown()
        for each in list(self.open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self.server_close()


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes
    timeout = _SERVER_SECONDS
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.open.add(self.connection)

    def finish(self) -> None:
        self.server.open.discard(self.connection)
        with suppress(OSError):
            super().finish()

    def handle(self) -> None:
        with suppress(OSError):
            super().handle()

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _any_method(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        url = f"http://{self.headers.get('Host', 'localhost')}{self.path}"
        request = Request(self.command, url, tuple(self.headers.items()), self.rfile.read(size))
        transport = self.server.transport
        self.server.stopping.wait(transport.delay) if transport.delay else None
        response = self.server.answer(request)
        if transport.fault and self.command in transport.methods:
            self._fail(response, transport.fault)
        else:
            self._send(response)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = do_OPTIONS = do_PATCH = do_TRACE = do_QUERY = _any_method  # noqa: N815 - the names that http.server looks for

    # ---- faithful

    def _send(self, response: Response) -> None:
        transport = self.server.transport
        body = gzip.compress(response.body) if transport.compressed else response.body
        unframed = transport.chunked or transport.closes
        pairs = [pair for pair in response.headers if pair[0].lower() != "content-length"]
        pairs += [("Content-Encoding", "gzip")] if transport.compressed else []
        pairs += [("Transfer-Encoding", "chunked")] if transport.chunked else []
        pairs += [] if unframed or response.status == 204 else [("Content-Length", str(len(body)))]
        pairs += [(f"X-Gateway-{number}", "v" * number) for number in range(transport.extra_headers)]
        if transport.closes or not transport.keeps_alive:
            pairs.append(("Connection", "close"))
            self.close_connection = True
        self._head("HTTP/1.0" if transport.closes else "HTTP/1.1", response.status, pairs)
        for piece in self._pieces(body) if self.command != "HEAD" else []:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if transport.chunked else piece)
            self.server.stopping.wait(transport.drips) if transport.drips else None
        if transport.chunked and self.command != "HEAD":
            self.wfile.write(b"0\r\n\r\n")

    def _pieces(self, body: bytes) -> list[bytes]:
        if not (self.server.transport.chunked or self.server.transport.drips):
            return [body]
        size = max(_PIECE, len(body) // 8)
        return [body[start : start + size] for start in range(0, len(body), size)]

    def _head(self, version: str, status: int, pairs: list[tuple[str, str]]) -> None:
        lower = self.server.transport.lower_case
        lines = [
            f"{version} {status} Whatever",
            *(f"{name.lower() if lower else name}: {text}" for name, text in pairs),
        ]
        self.wfile.write("\r\n".join([*lines, "", ""]).encode("latin-1"))

    # ---- broken

    def _fail(self, response: Response, fault: Fault) -> None:
        self.close_connection = True
        if fault == "reset":
            self._reset()
            return
        if fault == "no_status_line":
            self.wfile.write(response.body)
            return
        length = len(response.body) + {"length_too_long": 40, "length_too_short": -40}.get(fault, 0)
        kept = [pair for pair in response.headers if pair[0].lower() != "content-length"]
        framing = [("Connection", "close")] if fault == "endless" else [("Content-Length", str(length))]
        self._head("HTTP/1.1", response.status, kept + framing)
        self.wfile.write(
            response.body[: len(response.body) // 2] if fault in {"cut", "reset_in_body"} else response.body
        )
        if fault == "reset_in_body":
            self._reset()
        while fault == "endless" and not self.server.stopping.is_set():
            self.wfile.write(b" " * 65_536)

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


@contextmanager
def serving(handle: Handle, transport: Transport | None = None) -> Iterator[str]:
    """Serve until the end of the block.

    Yields:
        The URL: scheme, host and port.
    """
    server = _Server(handle, transport or Transport())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.stop()
        thread.join()
