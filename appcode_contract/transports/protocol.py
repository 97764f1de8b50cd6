"""One connection of the live server: uvicorn's protocol, more robust, and with what cuts an answer off."""

from __future__ import annotations

import json
import socket
import struct
import sys
from collections import deque
from typing import TYPE_CHECKING, Any, Final

import httptools
from uvicorn.protocols.http.httptools_impl import (  # noqa: TID253 - only live.py, which owns uvicorn, imports this
    HttpToolsProtocol,
)

from appcode_contract.transports.asgi import CONNECTION

if TYPE_CHECKING:
    import asyncio

    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

_MAXIMUM_FRAMING: Final = 262_144
_GRACE_SECONDS: Final = 0.5
_NO_LINGERING: Final = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class Gathering:
    """A transport that can hold back what is written, to send it in one piece.

    Uvicorn writes the head and the body of an answer one after the other, and to send twice costs nearly twice as much.

    Args:
        transport: Who sends.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        """Hold nothing back yet."""
        self._transport = transport
        self._held: list[bytes] | None = None

    def hold(self) -> None:
        """Keep what is written from now on."""
        self._held = []

    def release(self) -> None:
        """Send what was kept, and keep nothing any more."""
        held, self._held = self._held, None
        if held:
            self._transport.write(b"".join(held))

    def write(self, data: bytes) -> None:
        """Send it, now or with the rest."""
        if self._held is None:
            self._transport.write(data)
        else:
            self._held.append(data)

    def close(self) -> None:
        """Send what was kept, and close."""
        self.release()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - all else is the transport's own
        """Give what else a transport has."""
        return getattr(self._transport, name)


class HttpProtocol(HttpToolsProtocol):
    """HTTP/1.1 that is never upgraded, reads no framing without an end, and ends when it is told to."""

    _framing = 0
    """How many bytes came since a piece of a body, or since a request ended."""
    _ignoring = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Begin with no request."""
        self._cycles: deque[RequestResponseCycle] = deque()
        self._gathering = Gathering(transport)
        super().connection_made(self._gathering)  # type: ignore[arg-type] # it has all that a transport has

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell every request that waits that the client has left."""
        self._give_up()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """End the connection; uvicorn would wait for answers that may never come."""
        self._give_up()
        self.transport.close()
        self.loop.call_later(_GRACE_SECONDS, self.transport.abort)

    def _give_up(self) -> None:
        # Uvicorn tells the newest request only, and another one may be waiting.
        for cycle in self._cycles:
            cycle.disconnected = not cycle.response_complete
            cycle.message_event.set()

    def data_received(self, data: bytes) -> None:
        """Parse what came, unless it is to be ignored or has no end."""
        if self._ignoring:
            return
        self._unset_keepalive_if_required()
        self._framing += len(data)
        try:
            while data:
                data = self._parse(data)
        except httptools.HttpParserError:
            msg = "Invalid HTTP request received."
            self.logger.warning(msg)
            self.send_400_response(msg)
            return
        if self._framing > _MAXIMUM_FRAMING:
            self.send_400_response("What stands around the body of the request is too long.")

    def _parse(self, data: bytes) -> bytes:
        """Parse up to a request to upgrade, and give what follows it."""
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._ignore_upgrade()
            return data[upgrade.args[0] :]
        return b""

    def _ignore_upgrade(self) -> None:
        """Read a head again without its Upgrade: the parser took what follows for another protocol."""
        method, headers = self.parser.get_method(), self.headers
        if method == b"CONNECT":
            msg = "a tunnel"
            raise httptools.HttpParserError(msg)
        lines = [b"%s %s HTTP/%s" % (method, self.url, self.parser.get_http_version().encode())]
        lines += [b"%s: %s" % (name, value) for name, value in headers if name != b"upgrade"]
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self.parser.feed_data(b"\r\n".join([*lines, b"\r\n"]))
        self.scope["headers"] = headers

    def on_message_begin(self) -> None:
        """Give the application its connection."""
        super().on_message_begin()
        self.scope["extensions"] = {CONNECTION: self}  # type: ignore[dict-item] # typed for JSON only

    def on_headers_complete(self) -> None:
        """Begin to answer, unless the head has to be read again."""
        if self.parser.should_upgrade():
            return
        super().on_headers_complete()
        self.headers = []  # trailers come here; nobody looks at them
        while self._cycles and self._cycles[0].response_complete:
            self._cycles.popleft()
        self._cycles.append(self.cycle)

    def on_body(self, body: bytes) -> None:
        """Keep a piece of the body."""
        self._framing = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Tell the application that it has the whole body."""
        self._framing = 0
        if not self.parser.should_upgrade():
            super().on_message_complete()

    def hold(self) -> None:
        """Keep what is written from now on."""
        self._gathering.hold()

    def release(self) -> None:
        """Send what was kept in one piece."""
        self._gathering.release()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP with the body of a documented error, and close the connection."""
        body = json.dumps({"error_code": "APIG.2012", "error_msg": msg}).encode()
        head = f"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        self.end(f"{head}Connection: close\r\n\r\n".encode() + body)

    def end(self, last: bytes) -> None:
        """Close the connection after these bytes."""
        self.transport.write(last)
        self.transport.close()

    def reset(self) -> None:
        """Reset the connection, as the system does with one that is closed without lingering."""
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGERING)
        self.transport.abort()

    def ignore(self) -> None:
        """Forget what comes from now on: parsed, it would pause the reading, and so hide that the client leaves."""
        self._ignoring = True
