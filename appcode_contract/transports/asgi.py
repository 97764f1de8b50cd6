"""ASGI: a handler as a plain ASGI application."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import quote

from appcode_contract.messages import MAXIMUM_BODY, DeliveryError, Request, Response

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from appcode_contract.messages import Handler

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]

CONNECTION: Final = "appcode_contract.connection"
"""The extension of an ASGI scope under which our own server gives a ``Connection``."""
_PARTS: Final = 10


# Nothing in this header may become a part of the path.
_HOST: Final = re.compile(r"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?", re.ASCII)


class Connection(Protocol):
    """What can be done to the connection that a request came over."""

    def hold(self) -> None:
        """Keep what is written from now on."""

    def release(self) -> None:
        """Send what was kept in one piece."""

    def end(self, last: bytes) -> None:
        """Close it after these bytes."""

    def reset(self) -> None:
        """Reset it."""

    def ignore(self) -> None:
        """Forget what comes over it from now on."""


class _BrokenOffError(Exception):
    """A request whose body never ended; it is not carried out."""


class AsgiApp:
    """A handler behind ASGI, for any server that speaks it.

    Args:
        handler: Who answers.
    """

    def __init__(self, handler: Handler) -> None:
        """Keep the handler."""
        self._handler = handler

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request.

        Args:
            scope: The connection as ASGI describes it; anything but HTTP is left alone.
            receive: Gives the body.
            send: Takes the answer.

        Raises:
            DeliveryError: The answer is to end the connection, and the server does not give it.
        """
        if scope["type"] != "http":
            return
        try:
            body = await _read(receive) if _has_body(scope) else b""
        except _BrokenOffError:
            return
        response = self._handler.handle(_request(scope, body))
        connection: Connection | None = (scope.get("extensions") or {}).get(CONNECTION)
        if response.delivery.manner in {"whole", "slow_start", "dribble"}:
            await _answer(_sized(response, scope), send, connection)
            return
        if response.delivery.manner == "stall":
            await _begin(_sized(response, scope), send)
        _leave_unanswered(response, connection)
        while (await receive())["type"] != "http.disconnect":
            """Nothing is answered; the client gives up or is cut off."""


def _sized(response: Response, scope: Message) -> Response:
    """Say how long an answer is to a client of HTTP/1.0, which reads no chunks; servers would send it in chunks."""
    if scope.get("http_version") != "1.0" or response.header("Content-Length") is not None:
        return response
    return replace(response, headers=(*response.headers, ("Content-Length", str(len(response.body)))))


async def _answer(response: Response, send: Send, connection: Connection | None) -> None:
    manner, seconds = response.delivery.manner, response.delivery.seconds
    if manner == "slow_start":
        await asyncio.sleep(seconds)
    if manner == "whole" and connection is not None:
        connection.hold()
    await _send_head(response, send)
    body = response.body
    if manner == "dribble":
        size = max(1, len(body) // _PARTS)
        while len(body) > size:
            await send({"type": "http.response.body", "body": body[:size], "more_body": True})
            await asyncio.sleep(seconds / _PARTS)
            body = body[size:]
    await send({"type": "http.response.body", "body": body})
    if connection is not None:
        connection.release()


async def _begin(response: Response, send: Send) -> None:
    """Send the head and half of the body."""
    await _send_head(response, send)
    await send({"type": "http.response.body", "body": response.body[: len(response.body) // 2], "more_body": True})


async def _send_head(response: Response, send: Send) -> None:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in response.headers]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})


def _leave_unanswered(response: Response, connection: Connection | None) -> None:
    manner = response.delivery.manner
    if connection is None:
        if manner in {"hang", "stall"}:  # any server can
            return
        msg = f"an answer in the manner {manner!r} needs the connection, which ASGI does not give; use appcode_server"
        raise DeliveryError(msg)
    if manner in {"hang", "stall"}:
        connection.ignore()
    elif manner == "reset":
        connection.reset()
    else:
        connection.end({"close_in_headers": cut_head, "close_after_headers": _head}.get(manner, _nothing)(response))


def cut_head(response: Response) -> bytes:
    """Give what arrives of a response whose connection ends within the headers."""
    head = _head(response)
    return head[: len(head) // 2]


def _nothing(_: Response) -> bytes:
    return b""


def _head(response: Response) -> bytes:
    phrase = HTTPStatus(response.status).phrase
    lines = (f"HTTP/1.1 {response.status} {phrase}", *(f"{name}: {value}" for name, value in response.headers))
    return "".join(line + "\r\n" for line in (*lines, "")).encode("latin-1")


def _request(scope: Message, body: bytes) -> Request:
    # Blanks around a value are no part of it (RFC 9110, 5.5); not every server cuts them off.
    headers = [(name.decode("latin-1"), value.decode("latin-1").strip(" \t")) for name, value in scope["headers"]]
    told = [value for name, value in headers if name.lower() == "host"]
    host = told[0] if told and _HOST.fullmatch(told[0]) else "localhost"
    raw: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    target = raw.partition(b"?")[0].decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    url = f"{scope.get('scheme', 'http')}://{host}{target}" + ("?" + query if query else "")
    return Request(scope["method"], url, headers, body)


def _has_body(scope: Message) -> bool:
    """Say whether there may be a body: in HTTP/1 a header says so, if there is (RFC 9112, 6.3)."""
    if not scope.get("http_version", "").startswith("1"):
        return True
    return any(name.lower() in {b"content-length", b"transfer-encoding"} for name, _ in scope["headers"])


async def _read(receive: Receive) -> bytes:
    """Give the body, or as much of it as shows that it is too long."""
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _BrokenOffError
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAXIMUM_BODY:
            return bytes(body[: MAXIMUM_BODY + 1])
    return bytes(body)
