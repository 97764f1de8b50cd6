"""What of an exchange a clause is about, as far as its id tells: for a page that marks it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import unquote_plus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_BODY: Final = 1000
_REFUSAL: Final = 400
_TOKEN: Final = "X-Auth-Token"  # noqa: S105 - the name of a header
_VALUE: Final = r'\s*:\s*(?:"(?:[^"\\]|\\.)*"?|[^\s,}\]]+)'
_URL: Final = re.compile(r"([a-z][a-z0-9+.-]*://[^/?#]*)?([^?]*)(.*)", re.IGNORECASE | re.DOTALL)


class Piece(NamedTuple):
    """A part of a text.

    Attributes:
        text: The part.
        marked: Whether it is what the clause is about.
    """

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """The parts of an exchange that a clause is about.

    Attributes:
        path: Whether it is the path as a whole.
        after: The words of the path before the segments that it is.
        parameters: Query parameters.
        others: Query parameters that it is every one but.
        query: Whether it is the query as a whole.
        size: Whether it is the size of the request's body.
        header: A header of the request.
        media_type: Whether it is the Content-Type of the answer.
        status: Whether it is the status.
        fields: Fields of the body.
        body: Whether it is the body as a whole.
    """

    path: bool = False
    after: str = ""
    parameters: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    query: bool = False
    size: bool = False
    header: str = ""
    media_type: bool = False
    status: bool = False
    fields: tuple[str, ...] = ()
    body: bool = False


_SIZE: Final = Subject(size=True)
_STATUS: Final = Subject(status=True)
_WITH_TOKEN: Final = Subject(header=_TOKEN, status=True)
_SUBJECTS: Final[Mapping[str, Subject]] = {
    "path/uri": Subject(path=True, status=True),
    "path/project-id": Subject(after="v2", status=True),
    "path/instance-id": Subject(after="instances", status=True),
    "path/app-id": Subject(after="apps", status=True),
    "header/x-auth-token": _WITH_TOKEN,
    "generate/no-body": _SIZE,
    "generate/no-query": Subject(query=True),
    "generate/status": _STATUS,
    "generate/body": Subject(body=True),
    "generate/app-code": Subject(fields=("app_code",)),
    "generate/id": Subject(fields=("id",)),
    "generate/app-id": Subject(fields=("app_id",)),
    "generate/create-time": Subject(fields=("create_time",)),
    "list/no-body": _SIZE,
    "list/query": Subject(others=("offset", "limit")),
    "list/status": _STATUS,
    "list/body": Subject(body=True),
    "list/offset": Subject(parameters=("offset",)),
    "list/limit": Subject(parameters=("limit",)),
    "list/paging": Subject(parameters=("offset", "limit")),
    "list/size": Subject(fields=("size",)),
    "list/total": Subject(fields=("total",)),
    "list/app-codes": Subject(fields=("app_codes",)),
    "list/app-codes/own": Subject(fields=("app_id",)),
    "list/create-time": Subject(fields=("create_time",)),
    "error/body": Subject(body=True),
    "error/400/code": Subject(fields=("error_code", "error_msg")),
    "error/401/code": Subject(fields=("error_code",)),
    "error/403/code": Subject(fields=("error_code",)),
    "error/404/code": Subject(fields=("error_code", "error_msg")),
    "error/500/code": Subject(fields=("error_code",)),
    "error/404/generate": _STATUS,
    "error/no-effect/missing-token": _WITH_TOKEN,
    "error/no-effect/wrong-token": _WITH_TOKEN,
    "error/no-effect/forbidden-token": _WITH_TOKEN,
    "error/no-effect": _STATUS,
    "status/documented": _STATUS,
    "body/json": Subject(media_type=True, body=True),
}


def subject_of(clause_id: str) -> Subject:
    """Tell what a clause is about.

    Args:
        clause_id: The clause's id, or one below it.

    Returns:
        The subject of the nearest clause that has one; that of nothing when there is none.
    """
    while clause_id and clause_id not in _SUBJECTS:
        clause_id = clause_id.rpartition("/")[0]
    return _SUBJECTS.get(clause_id, Subject())


@dataclass(frozen=True, slots=True)
class MarkedExchange:
    """An exchange in parts, some of them marked.

    Attributes:
        method: The method of the request.
        url: Its URL.
        request_headers: Its headers, name and value.
        request_size: What is said of its body; nothing when it has none.
        absent: A header that the clause is about, and that was not sent; empty otherwise.
        problem: Why no complete answer came; empty when one did.
        status: The status; None without a complete answer.
        success: Whether the answer is no refusal, so that its body is never told.
        response_headers: The headers of the answer.
        body: The begin of the body; empty when it is not in the report.
        body_bytes: Its length.
        cut: How many characters of what the report holds are left out.
        fields: Fields that the clause is about, and that ``body`` does not show.
    """

    method: str
    url: list[Piece]
    request_headers: list[list[Piece]]
    request_size: list[Piece]
    absent: str
    problem: str
    status: Piece | None
    success: bool
    response_headers: list[list[Piece]]
    body: list[Piece]
    body_bytes: int
    cut: int
    fields: tuple[str, ...]


def mark(exchange: Mapping[str, Any], clause_id: str, actual: str) -> MarkedExchange:
    """Mark what a violation is about.

    Args:
        exchange: One of a report's document.
        clause_id: The clause that it violates.
        actual: What was seen; a status that it begins with is marked, too.

    Returns:
        The exchange in parts. Of an answer of which nothing else is known to matter, the status is marked.
    """
    subject = subject_of(clause_id)
    request, response = exchange["request"], exchange["response"]
    url = _url(request["url"], subject)
    sent = [_header(pair, marked=pair[0].lower() == subject.header.lower()) for pair in request["headers"]]
    size = _size(request["body_bytes"], subject)
    answer = response or {"status": None, "headers": [], "body": None, "body_bytes": 0}
    text = answer["body"] or ""
    body = _body(text[:_BODY], subject)
    got = [_header(pair, marked=subject.media_type and pair[0].lower() == "content-type") for pair in answer["headers"]]
    held_back = answer["body"] is None and answer["body_bytes"]
    fields = subject.fields if held_back else ()
    found = fields or any(piece.marked for pieces in (url, size, body, *sent, *got) for piece in pieces)
    said = actual.startswith(f"status {answer['status']}")
    return MarkedExchange(
        method=request["method"],
        url=url,
        request_headers=sent,
        request_size=size,
        absent=subject.header if not any(piece.marked for pieces in sent for piece in pieces) else "",
        problem=exchange["problem"],
        status=None if response is None else Piece(str(answer["status"]), subject.status or said or not found),
        success=response is not None and answer["status"] < _REFUSAL,
        response_headers=got,
        body=body,
        body_bytes=answer["body_bytes"],
        cut=max(0, len(text) - _BODY),
        fields=fields,
    )


def _header(pair: Iterable[str], *, marked: bool) -> list[Piece]:
    return [Piece(": ".join(pair), marked)]


def _size(body_bytes: int, subject: Subject) -> list[Piece]:
    return [Piece(f"{body_bytes} byte{'s' * (body_bytes != 1)} of body", subject.size)] if body_bytes else []


def _url(url: str, subject: Subject) -> list[Piece]:
    matched = _URL.fullmatch(url)
    origin, path, query = matched.groups("") if matched else ("", url, "")
    return _joined([Piece(origin), *_path(path, subject), *_query(query, subject)])


def _path(path: str, subject: Subject) -> Iterator[Piece]:
    if subject.path or not subject.after:
        yield Piece(path, subject.path)
        return
    before, word, rest = path.partition(f"/{subject.after}/")
    segment, slash, end = rest.partition("/")
    yield from (Piece(before + word), Piece(segment, marked=True), Piece(slash + end))


def _query(query: str, subject: Subject) -> Iterator[Piece]:
    if subject.query:
        yield from (Piece(query[:1]), Piece(query[1:], marked=True))
        return
    for place, parameter in enumerate(query.removeprefix("?").split("&") if query else ()):
        yield Piece("&" if place else "?")
        name = unquote_plus(parameter.partition("=")[0])
        yield Piece(parameter, name in subject.parameters or (bool(subject.others) and name not in subject.others))


def _body(text: str, subject: Subject) -> list[Piece]:
    if subject.body or not subject.fields:
        return _joined([Piece(text, subject.body)])
    names = "|".join(map(re.escape, subject.fields))
    pieces, end = [], 0
    for found in re.finditer(f'"(?:{names})"{_VALUE}', text):
        pieces += [Piece(text[end : found.start()]), Piece(found[0], marked=True)]
        end = found.end()
    return _joined([*pieces, Piece(text[end:])])


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Leave out empty pieces, and join neighbours that are alike."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and joined[-1].marked == piece.marked:
            joined[-1] = Piece(joined[-1].text + piece.text, piece.marked)
        elif piece.text:
            joined.append(piece)
    return joined
