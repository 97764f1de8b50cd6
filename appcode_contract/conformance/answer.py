"""Takes an answer apart as it comes, within bounds, whatever comes."""

from __future__ import annotations

import zlib
from contextlib import suppress
from typing import TYPE_CHECKING, Final, cast

import httptools

from appcode_contract.messages import Response

if TYPE_CHECKING:
    from collections.abc import Callable

MAXIMUM_BODY: Final = 8 * 1024 * 1024
"""How many bytes of a body are read, and how many it may be unpacked to."""
_LONGEST_HEAD: Final = 65_536
_CHUNK: Final = 65_536
_LAYERS: Final = 3
_MEMBERS: Final = 100
_FOLLOWED: Final = {100, *range(102, 200)}
"""Statuses that another answer follows; 101 is the last of HTTP."""


class Problem(Exception):  # noqa: N818 - what a server does, not an error of the program
    """What is wrong, in words that repeat nothing of what was received."""


class Answer:
    """An answer, as far as it came.

    Attributes:
        status: Its status, or None while that can still be of another answer before it.
        complete: Whether it came to its end.
    """

    def __init__(self) -> None:
        """Begin; nothing came yet."""
        self.status: int | None = None
        self.complete = False
        self._headers: list[tuple[str, str]] = []
        self._body = bytearray()
        self._received = 0
        self._parser = httptools.HttpResponseParser(self)
        self._parser.set_dangerous_leniencies(lenient_optional_cr_before_lf=True)

    def feed(self, data: bytes) -> None:
        """Take what came, or nothing when the connection was closed."""
        self._received += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            if not self.complete:
                msg = f"it breaks the rules of HTTP/1.1 ({error})"  # the parser's words repeat nothing
                raise Problem(msg) from None
        if self.status is None and self._received > _LONGEST_HEAD:
            msg = f"its headers are longer than {_LONGEST_HEAD} bytes"
            raise Problem(msg)
        if len(self._body) > MAXIMUM_BODY or self._received > MAXIMUM_BODY + _LONGEST_HEAD:
            raise _too_long()
        if not data and not self.complete:
            self._end()

    def _end(self) -> None:
        lengths = {"content-length", "transfer-encoding"}
        if self.status is None or any(name.lower() in lengths for name, _ in self._headers):
            msg = "the connection was closed before the end of it"
            raise Problem(msg)
        self.complete = True

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header; called by the parser."""
        if self.status is None:  # not in a trailer
            self._headers.append((name.decode("latin-1"), value.decode("latin-1")))

    def on_headers_complete(self) -> None:
        """Keep the status; called by the parser."""
        status = self._parser.get_status_code()
        if self.status is None and status in _FOLLOWED:
            self._headers.clear()
        elif self.status is None:
            self.status = status

    def on_body(self, data: bytes) -> None:
        """Keep a part of the body; called by the parser."""
        if not self.complete:
            self._body += data

    def on_message_complete(self) -> None:
        """End, unless another answer follows; called by the parser."""
        self.complete = self.status is not None

    def response(self) -> Response:
        """Give the answer with its body unpacked."""
        packed = Response(self.status or 0, self._headers, bytes(self._body))
        packings = (packed.header("Content-Encoding") or "identity").lower().split(",")
        return Response(packed.status, packed.headers, _unpack(packed.body, [each.strip() for each in packings]))


def read_answer(receive: Callable[[int], bytes | int], *, head_only: bool = False) -> Answer:
    """Read an answer.

    Args:
        receive: Gives at most so many bytes, and none when the connection was closed.
        head_only: Its body is not wanted.

    Returns:
        The answer.

    Raises:
        Problem: What came is none, or too long.
    """
    answer = Answer()
    while not answer.complete and (answer.status is None or not head_only):
        answer.feed(cast("bytes", receive(_CHUNK)) or b"")
    return answer


def _unpack(body: bytes, packings: list[str]) -> bytes:
    if not body or packings == ["identity"]:
        return body
    if len(packings) > _LAYERS or not {"gzip", "x-gzip"}.issuperset(packings):
        msg = "its body is packed in a way that was not offered"
        raise Problem(msg)
    for _ in packings:
        body = _inflate(body)
    return body


def _inflate(body: bytes) -> bytes:
    """Unpack gzip, which may consist of several members, one after the other."""
    unpacked = b""
    for _ in range(_MEMBERS):
        inflater = zlib.decompressobj(wbits=31)
        with suppress(zlib.error):
            unpacked += inflater.decompress(body, MAXIMUM_BODY + 1 - len(unpacked))
        if len(unpacked) > MAXIMUM_BODY:
            raise _too_long()
        body = inflater.unused_data.lstrip(b"\0")
        if not inflater.eof or not body:
            break
    if body or not inflater.eof:
        msg = "its body says that it is gzip, and is broken or cut"
        raise Problem(msg)
    return unpacked


def _too_long() -> Problem:
    return Problem(f"the body is longer than {MAXIMUM_BODY} bytes")
