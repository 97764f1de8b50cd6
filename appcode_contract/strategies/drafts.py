"""Answers before they are written as bytes, and what spoils one between its document and its bytes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hypothesis import strategies as st

from appcode_contract.messages import Exchange, Request, Response
from appcode_contract.strategies.breakers import Breakers, applied, by_rule, of_kinds
from appcode_contract.strategies.valid_requests import headers_of, with_query

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hypothesis.strategies import SearchStrategy

    from appcode_contract.clauses import Operation
    from appcode_contract.strategies.invalid import Invalid
    from appcode_contract.strategies.valid_responses import Writing

_JSON: Final = "body/json"
_OTHER_TYPES: Final[Mapping[str, str | None]] = {
    "absent": None,
    "empty": "",
    **{name: name for name in ("text/html", "text/plain", "application/problem+json", "application/jsonl")},
}
_SPOILS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "is empty": lambda _: b"",
    "is a blank": lambda _: b" ",
    "is cut short": lambda body: body[:-1],
    "is HTML": lambda _: b"<html><h1>502 Bad Gateway</h1></html>",
    "holds NaN": lambda body: b'{"x": NaN, ' + body[1:],
    "is UTF-16": lambda body: body.decode().encode("utf-16"),
    "holds a byte that is no UTF-8": lambda body: b'{"x\xff": 1, ' + body[1:],
    "begins with a byte order mark": lambda body: b"\xef\xbb\xbf" + body,
    "is two documents": lambda body: body + body,
    "has the quotation marks of Python": lambda body: body.replace(b'"', b"'"),
}


class Draft(NamedTuple):
    """An answer before it is written.

    Attributes:
        request: What is answered.
        status: The status code.
        document: The JSON value of the body.
        media_type: The value of Content-Type, or None for none.
        spoil: What happens to the bytes.
    """

    request: Request
    status: int
    document: Any
    media_type: str | None = "application/json"
    spoil: Callable[[bytes], bytes] = bytes

    @property
    def app_id(self) -> str:
        """The app of the request."""
        return self.request.path.split("/")[-2]

    def change(self, **fields: Any) -> Draft:  # noqa: ANN401 - any JSON values
        """Change fields of the document, which is an object."""
        return self._replace(document=self.document | fields)

    def write(self, writing: Writing) -> Exchange:
        """Write the answer."""
        headers = () if self.media_type is None else (("Content-Type", self.media_type),)
        return Exchange(self.request, Response(self.status, headers, self.spoil(writing.bytes(self.document))))


def drafts(
    operation: Operation,
    where: SearchStrategy[str],
    documents: SearchStrategy[Any],
    *,
    status: int | None = None,
    query: str = "",
) -> SearchStrategy[Draft]:
    """Draft valid answers.

    Args:
        operation: What is asked for.
        where: URLs without a query.
        documents: What is answered; the app's id is filled in.
        status: The status code; that of success when left out.
        query: The query of the request.

    Returns:
        A strategy of drafts.
    """

    def build(url: str, headers: tuple[tuple[str, str], ...], document: Any) -> Draft:  # noqa: ANN401 - any JSON value
        draft = Draft(Request(operation.method, with_query(url, query), headers), status or operation.success, document)
        return draft._replace(document=owned(document, draft.app_id))

    return st.builds(build, where, headers_of(), documents)


def owned(document: Any, app_id: str) -> Any:  # noqa: ANN401 - any JSON value
    """Give a record or a page to an app; anything else is left as it is."""
    if "app_id" in document:
        return document | {"app_id": app_id}
    if "app_codes" in document:
        return document | {"app_codes": [item | {"app_id": app_id} for item in document["app_codes"]]}
    return document


def lifted(breakers: Breakers) -> Breakers:
    """Turn breakers of documents into breakers of drafts."""

    def lift(breaker: Invalid[Callable[[Any], Any]]) -> Invalid[Callable[[Any], Any]]:
        def change(draft: Draft) -> Draft:
            return draft._replace(document=breaker.value(draft.document))

        return replace(breaker, value=change)

    return {clause: [strategy.map(lift) for strategy in strategies] for clause, strategies in breakers.items()}


def status_breakers(clause: str, statuses: tuple[int, ...]) -> Breakers:
    """Put another status code in the place of the right one."""
    kinds = {f"status {status}": st.just(status) for status in statuses}
    return {clause: of_kinds(clause, kinds, lambda draft, status: draft._replace(status=status))}


def json_breakers() -> Breakers:
    """Spoil the bytes or the media type of an answer whose body is an object."""
    types = {f"Content-Type is {kind}": st.just(value) for kind, value in _OTHER_TYPES.items()}
    bodies = {f"the body {kind}": st.just(spoil) for kind, spoil in _SPOILS.items()}
    return {
        _JSON: [
            *of_kinds(_JSON, types, lambda draft, media_type: draft._replace(media_type=media_type)),
            *of_kinds(_JSON, bodies, lambda draft, spoil: draft._replace(spoil=spoil)),
        ]
    }


def draft_rule(clause: str, kind: str, rule: Callable[[Draft], Draft]) -> Breakers:
    """Break a draft in one way."""
    return {clause: by_rule(clause, {kind: rule})}


def broken(base: SearchStrategy[Draft], breakers: Breakers) -> dict[str, SearchStrategy[Invalid[Draft]]]:
    """Break drafts.

    Args:
        base: Valid drafts.
        breakers: What breaks them.

    Returns:
        A strategy of broken drafts for each clause.
    """
    return {clause: applied(base, {clause: strategies}) for clause, strategies in breakers.items()}
