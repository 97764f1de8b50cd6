"""ASGI: a handler as a plain ASGI application."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from appcode_contract.messages import Request, Response

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from appcode_contract.messages import Handler

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]

MAXIMUM_BODY: Final = 1_048_576
"""How many bytes of a request's body are read; a longer one is answered with 413."""
_TOO_LARGE: Final = Response(413, (("Content-Length", "0"), ("Connection", "close")))


# Nothing in this header may become a part of the path.
_HOST: Final = re.compile(r"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?", re.ASCII)


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
        """
        if scope["type"] != "http":
            return
        try:
            body = await _read(receive)
        except _BrokenOffError:
            return
        response = _TOO_LARGE if body is None else self._handler.handle(_request(scope, body))
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in response.headers]
        await send(
            {
                "type": "http.response.start",
                "status": response.status,
                "headers": headers,
            }
        )
        await send({"type": "http.response.body", "body": response.body})


def _request(scope: Message, body: bytes) -> Request:
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    told = next((value for name, value in headers if name.lower() == "host"), "")
    host = told if _HOST.fullmatch(told) else "localhost"
    raw: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    target = raw.partition(b"?")[0].decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    url = f"{scope.get('scheme', 'http')}://{host}{target}" + ("?" + query if query else "")
    return Request(scope["method"], url, headers, body)


async def _read(receive: Receive) -> bytes | None:
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _BrokenOffError
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAXIMUM_BODY:
            return None
    return bytes(body)
