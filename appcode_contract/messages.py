"""HTTP messages and AppCode records as frozen values that know no library.

None of them shows a credential in its ``repr``: not a header's value, not a query, not a body, not an AppCode.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

    Headers = Mapping[str, str] | Iterable[tuple[str, str]]


def _set(frozen: object, **values: object) -> None:
    for name, value in values.items():
        object.__setattr__(frozen, name, value)


def _pairs(headers: Headers) -> tuple[tuple[str, str], ...]:
    items = headers.items() if isinstance(headers, Mapping) else headers
    return tuple((str(name), str(value)) for name, value in items)


def _find(headers: Iterable[tuple[str, str]], name: str) -> str | None:
    values = [value for key, value in headers if key.lower() == name.lower()]
    return ", ".join(values) if values else None


@dataclass(frozen=True, slots=True, repr=False, init=False)
class Request:
    """An HTTP request as it went over the wire.

    Attributes:
        method: The method, in upper case as sent.
        url: The absolute URL, percent-encoded as sent.
        headers: Pairs of name and value in the order sent.
        body: The body's bytes, empty when there is none.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def __init__(self, method: str, url: str, headers: Headers = (), body: bytes = b"") -> None:
        """Take the parts; headers as pairs or as a mapping."""
        _set(self, method=method, url=url, headers=_pairs(headers), body=body)

    def header(self, name: str) -> str | None:
        """Give a header's value.

        Args:
            name: The name, in any letter case.

        Returns:
            The value, several joined by commas as HTTP does, or None when the header is absent.
        """
        return _find(self.headers, name)

    @property
    def path(self) -> str:
        """The path of the URL, still percent-encoded."""
        return urlsplit(self.url).path

    @property
    def query(self) -> str:
        """The query of the URL without its question mark, still percent-encoded."""
        return urlsplit(self.url).query

    def __repr__(self) -> str:
        """Show method and path, and only the size of the rest."""
        return f"<Request {self.method} {self.path}, {len(self.headers)} headers, {len(self.body)} bytes>"


@dataclass(frozen=True, slots=True, repr=False, init=False)
class Response:
    """An HTTP response.

    Attributes:
        status: The status code.
        headers: Pairs of name and value.
        body: The body's bytes.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def __init__(self, status: int, headers: Headers = (), body: bytes = b"") -> None:
        """Take the parts; headers as pairs or as a mapping."""
        _set(self, status=status, headers=_pairs(headers), body=body)

    def header(self, name: str) -> str | None:
        """Give a header's value.

        Args:
            name: The name, in any letter case.

        Returns:
            The value, several joined by commas as HTTP does, or None when the header is absent.
        """
        return _find(self.headers, name)

    def json(self) -> Any:  # noqa: ANN401 - any JSON value
        """Parse the body as JSON in UTF-8.

        Returns:
            The value.

        Raises:
            ValueError: The body is not JSON, not UTF-8, or holds NaN or Infinity, which JSON does not have. The
                message does not repeat the body.
        """
        try:
            return json.loads(self.body.decode("utf-8"), parse_constant=_refuse_constant)
        except UnicodeDecodeError as error:
            msg = f"not UTF-8 at byte {error.start}"
            raise ValueError(msg) from None
        except json.JSONDecodeError as error:
            msg = f"not JSON: {error.msg} at character {error.pos}"
            raise ValueError(msg) from None
        except RecursionError:
            msg = "not JSON that can be read: nested too deeply"
            raise ValueError(msg) from None

    def __repr__(self) -> str:
        """Show the status, and only the size of the rest."""
        return f"<Response {self.status}, {len(self.headers)} headers, {len(self.body)} bytes>"


def _refuse_constant(name: str) -> None:
    msg = f"not JSON: {name} is no JSON value"
    raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and what came back.

    Attributes:
        request: What was sent.
        response: What was answered, or None when no complete answer came.
        problem: Why no answer came, without credentials; empty when one did.
    """

    request: Request
    response: Response | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class AppCodeRecord:
    """An AppCode with what belongs to it (G T3, L T5; the fields are the pages' own).

    Attributes:
        app_code: The credential, 64 to 180 characters. Not shown by ``repr``.
        id: Its identifier.
        app_id: The app it belongs to.
        create_time: RFC 3339 in UTC with nine fractional digits.
    """

    app_code: str = field(repr=False)
    id: str
    app_id: str
    create_time: str


@dataclass(frozen=True, slots=True)
class Violation:
    """A clause that an exchange, or a sequence of them, did not keep.

    Attributes:
        clause: The clause's id.
        expected: What the clause asks for.
        actual: What was seen instead, without credentials.
        exchange: Where it was seen, or None when only a sequence shows it and no part of it is telling.
    """

    clause: str
    expected: str
    actual: str
    exchange: Exchange | None = field(default=None, compare=False)


class Handler(Protocol):
    """Whatever answers requests; transports carry messages to one."""

    def handle(self, request: Request) -> Response:
        """Answer one request.

        Args:
            request: The request.

        Returns:
            The answer; never an exception for anything a client sent.
        """
        ...
