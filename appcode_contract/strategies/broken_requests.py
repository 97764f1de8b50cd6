"""Requests that the contract refuses, broken in exactly one way (G T1, G T2, L T1 to L T3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from hypothesis import strategies as st

from appcode_contract.clauses import LIST, Operation
from appcode_contract.messages import Request
from appcode_contract.strategies.invalid import Invalid, list_query_breaches
from appcode_contract.strategies.valid_requests import chosen_operations, headers_of, query_texts, urls, with_query
from appcode_contract.strategies.variety import every_kind, grouped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hypothesis.strategies import SearchStrategy

    from appcode_contract.strategies.invalid import Query
    from appcode_contract.strategies.valid_requests import Headers, OperationName

    Broken = SearchStrategy[Invalid[Request]]

_APP, _INSTANCE, _PROJECT = -2, -4, -7
# Where an identifier stands among the segments of the path, from its end.
_IDENTIFIERS: Final = {"path/project-id": _PROJECT, "path/instance-id": _INSTANCE, "path/app-id": _APP}
_METHODS: Final = ("POST", "DELETE", "PATCH", "HEAD", "put", "get")
_PATHS: Final[Mapping[str, Callable[[str], str]]] = {
    "ends with a slash": lambda url: url + "/",
    "has another version": lambda url: url.replace("/v2/", "/v1/"),
    "has another word": lambda url: url.replace("/app-codes", "/appcodes"),
    "is in capitals": lambda url: url.replace("/app-codes", "/APP-CODES"),
    "goes on": lambda url: url + "/1",
    "has an encoded slash": lambda url: url.replace("/apps/", "%2Fapps%2F"),
    "lacks a segment": lambda url: url.replace("/apic/", "/"),
}
_NO_TOKENS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "no token": (),
    "no token, but another header": (("Accept", "*/*"),),
    "an empty token": (("X-Auth-Token", ""),),
    "a token under another name": (("X-Subject-Token", "token"),),
    "a name with underscores": (("X_Auth_Token", "token"),),
    "a bearer token": (("Authorization", "Bearer token"),),
}
_QUERIES: Final = ("limit=20", "offset=0", "offset=-1&limit=500", "force=true", "X-Auth-Token=")
_UNKNOWN: Final = ("page=1", "Limit=1", "OFFSET=0", "limit%5B%5D=1", "pageSize=20", "marker=", "sort")


def invalid_requests(
    operation: OperationName | None = None, *, url: str | None = None, token: str | None = None
) -> SearchStrategy[Invalid[Request]]:
    """Generate requests that the contract does not allow, broken in exactly one way (G T1, G T2, L T1 to L T3).

    Args:
        operation: ``generate`` or ``list``; both when left out.
        url: The absolute URL of an app's AppCodes, without a query; made up when left out.
        token: The token where the token is not what is wrong; made up when left out.

    Returns:
        A strategy of requests with the clause each of them breaks: of both ``path/…`` and ``header/x-auth-token``; of
        generate ``generate/no-body`` and ``generate/no-query``; of list ``list/no-body``, ``list/query`` and those of
        ``invalid_list_queries``.

    Raises:
        InvalidArgument: There is no such operation; the message lists both.
    """
    asked = chosen_operations("invalid_requests", operation)
    by_operation = [_by_clause(each, url, token) for each in asked]
    return every_kind(grouped(pair for by_clause in by_operation for pair in by_clause.items()))


def _by_clause(operation: Operation, url: str | None, token: str | None) -> dict[str, Broken]:
    where, headers = urls(url), headers_of(token)
    own = _of_list(where, headers) if operation is LIST else _of_generate(where, headers)
    return {**_of_both(operation, where, headers), **own}


def _queries(operation: Operation) -> SearchStrategy[str]:
    return query_texts() if operation is LIST else st.just("")


def _of_both(operation: Operation, where: SearchStrategy[str], headers: SearchStrategy[Headers]) -> dict[str, Broken]:
    queries, method = _queries(operation), operation.method

    def elsewhere(url: str, kind: str, head: Headers) -> Invalid[Request]:
        return Invalid(Request(method, _PATHS[kind](url), head), "path/uri", f"the path {kind}")

    def otherwise(url: str, name: str, head: Headers) -> Invalid[Request]:
        return Invalid(Request(name, url, head), "path/uri", f"the method is {name}")

    def unauthorized(url: str, query: str, kind: str) -> Invalid[Request]:
        return Invalid(Request(method, with_query(url, query), _NO_TOKENS[kind]), "header/x-auth-token", kind)

    kinds = st.sampled_from(tuple(_PATHS))
    return {
        "path/uri": st.one_of(
            st.builds(elsewhere, where, kinds, headers), st.builds(otherwise, where, st.sampled_from(_METHODS), headers)
        ),
        **{clause: _nameless(operation, clause, where, headers) for clause in _IDENTIFIERS},
        "header/x-auth-token": st.builds(unauthorized, where, queries, st.sampled_from(tuple(_NO_TOKENS))),
    }


def _nameless(
    operation: Operation, clause: str, where: SearchStrategy[str], headers: SearchStrategy[Headers]
) -> Broken:
    def build(url: str, query: str, head: Headers) -> Invalid[Request]:
        segments = url.split("/")
        segments[_IDENTIFIERS[clause]] = ""
        kind = f"{clause.removeprefix('path/')} is empty"
        return Invalid(Request(operation.method, with_query("/".join(segments), query), head), clause, kind)

    return st.builds(build, where, _queries(operation), headers)


def _of_generate(where: SearchStrategy[str], headers: SearchStrategy[Headers]) -> dict[str, Broken]:
    def with_body(url: str, head: Headers, body: bytes) -> Invalid[Request]:
        return Invalid(Request("PUT", url, head, body), "generate/no-body", "a body")

    def queried(url: str, head: Headers, query: str) -> Invalid[Request]:
        return Invalid(Request("PUT", with_query(url, query), head), "generate/no-query", "a query")

    return {
        "generate/no-body": st.builds(with_body, where, headers, _bodies()),
        "generate/no-query": st.builds(queried, where, headers, st.sampled_from(_QUERIES)),
    }


def _bodies() -> SearchStrategy[bytes]:
    return st.one_of(st.sampled_from((b"{}", b"null", b" ")), st.binary(min_size=1, max_size=8))


def _of_list(where: SearchStrategy[str], headers: SearchStrategy[Headers]) -> dict[str, Broken]:
    def with_body(url: str, query: str, head: Headers, body: bytes) -> Invalid[Request]:
        return Invalid(Request("GET", with_query(url, query), head, body), "list/no-body", "a body")

    def unknown(url: str, query: str, head: Headers, name: str) -> Invalid[Request]:
        both = "&".join(part for part in (query, name) if part)
        return Invalid(Request("GET", with_query(url, both), head), "list/query", "an unknown parameter")

    def wrong(url: str, head: Headers, query: Invalid[Query]) -> Invalid[Request]:
        return Invalid(Request("GET", with_query(url, urlencode(query.value)), head), query.clause, query.kind)

    return {
        "list/no-body": st.builds(with_body, where, query_texts(), headers, _bodies()),
        "list/query": st.builds(unknown, where, query_texts(), headers, st.sampled_from(_UNKNOWN)),
        **{
            clause: st.builds(wrong, where, headers, st.one_of(*queries))
            for clause, queries in list_query_breaches().items()
        },
    }
