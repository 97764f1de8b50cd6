"""In process: whatever the requests library sends to one base URL is answered by a handler."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import responses

from appcode_contract.messages import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from requests import PreparedRequest

    from appcode_contract.messages import Handler

_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE")


@contextmanager
def answer_requests(handler: Handler, base_url: str) -> Iterator[None]:
    """Answer every request of the requests library to a base URL, and refuse every other.

    Args:
        handler: Who answers.
        base_url: Scheme, host and port, without a slash at the end.

    Yields:
        Nothing; the answers last as long as the context. A request to another host meanwhile raises
        ``requests.ConnectionError``; nothing reaches the network.
    """

    def answer(prepared: PreparedRequest) -> tuple[int, dict[str, str], bytes]:
        response = handler.handle(_request(prepared))
        return response.status, dict(response.headers), response.body

    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        for method in _METHODS:
            everything_below = re.compile(re.escape(base_url) + r"(?:[/?].*)?\Z", re.DOTALL)
            mock.add_callback(method, everything_below, callback=answer, content_type=None)
        yield


def _request(prepared: PreparedRequest) -> Request:
    headers = [
        (name, value if isinstance(value, str) else value.decode("latin-1")) for name, value in prepared.headers.items()
    ]
    return Request(prepared.method or "", prepared.url or "", tuple(headers), _bytes(prepared.body))


def _bytes(body: object) -> bytes:
    match body:
        case None:
            return b""
        case str():
            return body.encode()
        case bytes() | bytearray():
            return bytes(body)
        case _:
            chunks = body.read() if hasattr(body, "read") else b"".join(map(_bytes, body))  # type: ignore[call-overload] # a file or an iterable, as requests allows
            return _bytes(chunks)
