"""Answers before they are written as bytes, and what spoils one between its document and its bytes."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hypothesis import strategies as st

from appcode_contract.messages import Exchange, Request, Response
from appcode_contract.strategies.breakers import Breakers, applied, by_rule, of_kinds
from appcode_contract.strategies.errors import refusals, simplest_refusal
from appcode_contract.strategies.records import Counts, pages, simplest_page
from appcode_contract.strategies.valid_requests import MADE_UP_URL, headers_of, urls, with_query
from appcode_contract.strategies.valid_responses import asked_app, record_documents

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hypothesis.strategies import SearchStrategy

    from appcode_contract.clauses import Operation
    from appcode_contract.strategies.invalid import Invalid
    from appcode_contract.strategies.valid_requests import Headers
    from appcode_contract.strategies.valid_responses import Writing

_JSON: Final = "body/json"
_NOT_FOUND: Final = 404
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
        """The app of the request, decoded."""
        return asked_app(self.request)

    def change(self, **fields: Any) -> Draft:  # noqa: ANN401 - any JSON values
        """Change fields of the document, which is an object."""
        return self._replace(document=self.document | fields)

    def write(self, writing: Writing) -> Exchange:
        """Write the answer."""
        headers = () if self.media_type is None else (("Content-Type", self.media_type),)
        return Exchange(self.request, Response(self.status, headers, self.spoil(writing.bytes(self.document))))


class Material(NamedTuple):
    """What valid answers are made of, and how many ways to break one there are.

    Attributes:
        where: URLs without a query.
        headers: Headers of the requests.
        records: Bodies of 201.
        pages: Gives bodies of 200, of one of some sizes; the total is up to so many times the size.
        refusals: Gives bodies of a status, which name ``limit`` and an app.
        most_kinds: How many kinds of each clause come up at most, the first ones; None for all.
    """

    where: SearchStrategy[str]
    headers: SearchStrategy[Headers]
    records: SearchStrategy[Any]
    pages: Callable[[tuple[int, ...], int], SearchStrategy[Any]]
    refusals: Callable[[int, str], SearchStrategy[Any]]
    most_kinds: int | None

    def drafts(
        self, operation: Operation, documents: SearchStrategy[Any], *, status: int | None = None, query: str = ""
    ) -> SearchStrategy[Draft]:
        """Draft valid answers.

        Args:
            operation: What is asked for.
            documents: What is answered; the app's id is filled in.
            status: The status code; that of success when left out.
            query: The query of the request.

        Returns:
            A strategy of drafts.
        """

        def build(url: str, headers: Headers, document: Any) -> Draft:  # noqa: ANN401 - any JSON value
            request = Request(operation.method, with_query(url, query), headers)
            return Draft(request, status or operation.success, owned(document, asked_app(request)))

        return st.builds(build, self.where, self.headers, documents)

    def broken(self, base: SearchStrategy[Draft], breakers: Breakers) -> dict[str, SearchStrategy[Invalid[Draft]]]:
        """Break drafts.

        Args:
            base: Valid drafts.
            breakers: What breaks them.

        Returns:
            A strategy of broken drafts for each clause.
        """
        return {clause: applied(base, {clause: kinds[: self.most_kinds]}) for clause, kinds in breakers.items()}


def any_material(url: str | None) -> Material:
    """Give material of every form, and all kinds."""

    def counted(sizes: tuple[int, ...], most: int) -> SearchStrategy[Counts]:
        return st.sampled_from(sizes).flatmap(
            lambda size: st.integers(size, most * size).map(partial(Counts, size=size))
        )

    return Material(
        where=urls(url),
        headers=headers_of(),
        records=record_documents(),
        pages=lambda sizes, most: pages(counted(sizes, most)),
        refusals=lambda status, app_id: refusals(status, parameter="limit", app_id=app_id),
        most_kinds=None,
    )


def simplest_material(url: str | None) -> Material:
    """Give the material that the other shrinks to, and one kind of each clause: with it there is nothing to choose."""
    nobody = "0" * 32
    return Material(
        where=st.just(MADE_UP_URL.format(project_id=nobody, instance_id=nobody, app_id=nobody))
        if url is None
        else urls(url),
        headers=st.just((("X-Auth-Token", "0"),)),
        records=st.builds(lambda: simplest_page(1, nobody)["app_codes"][0]),
        pages=lambda sizes, _: st.builds(lambda: simplest_page(sizes[0], nobody)),
        refusals=lambda status, app_id: st.just(simplest_refusal(status, app_id if status == _NOT_FOUND else "limit")),
        most_kinds=1,
    )


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
