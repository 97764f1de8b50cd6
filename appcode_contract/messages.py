"""HTTP messages and AppCode records as frozen values that know no library.

None of them shows a credential in its ``repr``: not a header's value, not a body, not an AppCode, and of a query
no more than offset and limit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from itertools import chain, groupby
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    Headers = Mapping[str, str] | Iterable[tuple[str, str]]


MAXIMUM_BODY: Final = 1_048_576
"""Bytes of the longest body of a request that the fake reads; a longer one is answered with 413."""
_AUTHORITY: Final = re.compile(r"\A[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
_LONGEST_ID: Final = 36
_WORDS: Final = frozenset({"v2", "apic", "instances", "apps", "app-codes"})
_ID: Final = re.compile(r"[0-9a-f-]{1,36}")
_PAGING: Final = re.compile(r"(?:offset|limit)=(?:[-+.%0-9]{0,24}|[!-%'-~]{0,8})")


def _set(frozen: object, **values: object) -> None:
    for name, value in values.items():
        object.__setattr__(frozen, name, value)


def _pairs(headers: Headers) -> tuple[tuple[str, str], ...]:
    items = headers.items() if isinstance(headers, Mapping) else headers
    return tuple([(str(name), str(value)) for name, value in items])


def _split(url: str) -> tuple[str, str]:
    """Give path and query of any URL, also of one with a host that is none."""
    authority = _AUTHORITY.match(url)
    before, _, query = url[authority.end() if authority else 0 :].partition("#")[0].partition("?")
    return before, query


def path_parts(path: str, longest: int) -> list[tuple[str, bool]]:
    """Take a path apart, but not an AppCode in it, which may hold slashes itself.

    Args:
        path: The path as sent.
        longest: How many characters of an unknown text are harmless.

    Returns:
        What ``/`` joins to the path: each word of the URIs, and what stands between two of them in one part. With each
        whether it is harmless: a word, or what is too short to be a credential without its ids of hexadecimal digits.
    """
    parts: list[tuple[str, bool]] = []
    for is_word, segments in groupby(path.split("/"), _WORDS.__contains__):
        if is_word:
            parts += [(word, True) for word in segments]
        else:
            told = list(segments)
            unknown = "/".join(each for each in told if not _ID.fullmatch(each))
            parts.append(("/".join(told), len(unknown) <= longest))
    return parts


def _find(headers: Iterable[tuple[str, str]], name: str) -> str | None:
    sought = name.lower()
    values = [value for key, value in headers if key.lower() == sought]
    return ", ".join(values) if values else None


class _Printer(Protocol):
    def text(self, text: str) -> None: ...


class _Quiet:
    """What shows a credential in no representation."""

    __slots__ = ()

    def _repr_pretty_(self, printer: _Printer, cycle: bool) -> None:  # noqa: FBT001 - the signature of IPython's protocol
        """Let Hypothesis and IPython show no more than ``repr`` does; left alone they show every field."""
        printer.text("…" if cycle else repr(self))

    def to_json(self) -> str:
        """Give ``repr`` to Hypothesis' observability, which would write every field to a file."""
        return repr(self)


@dataclass(frozen=True, slots=True, repr=False, init=False)
class Request(_Quiet):
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
        return _split(self.url)[0]

    @property
    def query(self) -> str:
        """The query of the URL without its question mark, still percent-encoded."""
        return _split(self.url)[1]

    def __repr__(self) -> str:
        """Show method, path and paging, and only the size of the rest."""
        path = "/".join(part if harmless else "…" for part, harmless in path_parts(self.path, _LONGEST_ID))
        query = "&".join(part if _PAGING.fullmatch(part) else "…" for part in self.query.split("&"))
        target = f"{path}?{query}" if self.query else path
        return f"<Request {self.method} {target}, {len(self.headers)} headers, {len(self.body)} bytes>"


Manner = Literal[
    "whole",
    "slow_start",
    "dribble",
    "stall",
    "hang",
    "close_before_headers",
    "close_in_headers",
    "close_after_headers",
    "reset",
]


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a response travels.

    Attributes:
        manner: ``whole``; begun late; in small parts; half of its body and then nothing, or nothing at all,
            until the client gives up; with the connection closed before, in or after the headers; or with it reset.
        seconds: How long a response that is begun late or comes in small parts takes.
    """

    manner: Manner = "whole"
    seconds: float = 0.0


class DeliveryError(Exception):
    """A way to travel that a transport does not have; the message says which transport has it."""


_WHOLE: Final = Delivery()


@dataclass(frozen=True, slots=True, repr=False, init=False)
class Response(_Quiet):
    """An HTTP response.

    Attributes:
        status: The status code.
        headers: Pairs of name and value.
        body: The body's bytes.
        delivery: How it travels.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    delivery: Delivery

    def __init__(self, status: int, headers: Headers = (), body: bytes = b"", delivery: Delivery = _WHOLE) -> None:
        """Take the parts; headers as pairs or as a mapping."""
        _set(self, status=status, headers=_pairs(headers), body=body, delivery=delivery)

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
            value = _DECODER.decode(self.body.decode("utf-8"))
            if self.body.count(b"[") + self.body.count(b"{") > _DEEPEST:
                _refuse_depth(value)
        except UnicodeDecodeError as error:
            msg = f"not UTF-8 at byte {error.start}"
            raise ValueError(msg) from None
        except json.JSONDecodeError as error:
            msg = f"not JSON: {error.msg} at character {error.pos}"
            raise ValueError(msg) from None
        except RecursionError:
            raise ValueError(_TOO_DEEP) from None
        else:
            return value

    def __repr__(self) -> str:
        """Show the status, and only the size of the rest."""
        return f"<Response {self.status}, {len(self.headers)} headers, {len(self.body)} bytes>"


_DEEPEST: Final = 200
_TOO_DEEP: Final = "not JSON that can be read: nested too deeply"


def _integer(digits: str) -> int | float:
    try:
        return int(digits)
    except ValueError:  # more digits than Python converts; JSON has no such limit
        return float(digits)


def _refuse_depth(value: object) -> None:
    layer: Iterable[object] = (value,)
    for _ in range(_DEEPEST):
        nested = [each for each in layer if each.__class__ is dict or each.__class__ is list]
        if not nested:
            return
        layer = chain.from_iterable(map(_inner, nested))
    raise ValueError(_TOO_DEEP)


def _inner(outer: Any) -> Iterable[object]:  # noqa: ANN401 - a dict or a list, as JSON makes them
    return outer.values() if outer.__class__ is dict else outer


def _refuse_constant(name: str) -> None:
    msg = f"not JSON: {name} is no JSON value"
    raise ValueError(msg)


_DECODER: Final = json.JSONDecoder(parse_constant=_refuse_constant, parse_int=_integer)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and what came back.

    Attributes:
        request: What was sent.
        response: What was answered, or None when no complete answer came.
        problem: Why no answer came, without credentials; empty when one did.
        started: When it was sent, in seconds since 1970; 0 when nobody looked.
        seconds: How long it took.
    """

    request: Request
    response: Response | None
    problem: str = ""
    started: float = field(default=0.0, compare=False)
    seconds: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True)
class AppCodeRecord(_Quiet):
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
        found_by: The clause whose test found it; empty when no test was running.
    """

    clause: str
    expected: str
    actual: str
    exchange: Exchange | None = field(default=None, compare=False)
    found_by: str = field(default="", compare=False)


def differing_fields(left: object, right: object) -> list[str] | None:
    """Name the fields in which two messages or records differ, without their values.

    Args:
        left: A request, response, record, exchange or violation.
        right: Another one.

    Returns:
        The names; None when the two are not of one of these types.
    """
    if type(left) is not type(right) or not isinstance(left, _Quiet | Exchange | Violation):
        return None
    names = [each.name for each in fields(left)]  # type: ignore[arg-type] # each of these types is a dataclass
    return [name for name in names if getattr(left, name) != getattr(right, name)]


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
