"""Requests that the contract allows: method, path, token and, when listing, a query (G T1, G T2, L T1 to L T3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, TypeAlias
from urllib.parse import urlencode

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from appcode_contract.clauses import GENERATE, LIST, PATH_TEMPLATE, Operation
from appcode_contract.messages import Request
from appcode_contract.redaction import redact_url
from appcode_contract.strategies.arguments import check_choice
from appcode_contract.strategies.records import ids
from appcode_contract.strategies.valid import list_queries

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

OperationName: TypeAlias = Literal["generate", "list"]
Headers: TypeAlias = tuple[tuple[str, str], ...]

OPERATIONS: Final[dict[str, Operation]] = {GENERATE.name: GENERATE, LIST.name: LIST}
"""The operations by name."""
MADE_UP_URL: Final = "https://roma.example" + PATH_TEMPLATE
"""The URL of a made-up app's AppCodes, its ids to be filled in; the host never resolves (RFC 2606)."""
_URL: Final = re.compile(r"https?://[^/?#\s]+[^?#\s]*?" + re.sub(r"{\w+}", r"[^/?#\\s]+", PATH_TEMPLATE))
_TOKEN: Final = re.compile(r"[!-~](?:[ -~]*[!-~])?")
_BASE64: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_"
# Header names are case-insensitive (RFC 9110).
_TOKEN_NAMES: Final = ("X-Auth-Token", "x-auth-token", "X-AUTH-TOKEN")
# What HTTP libraries send of their own accord; a media type without a body says nothing.
_OTHER_HEADERS: Final = (("Accept", "*/*"), ("User-Agent", "client/1.0"), ("Content-Type", "application/json"))


def requests(
    operation: OperationName | None = None, *, url: str | None = None, token: str | None = None
) -> SearchStrategy[Request]:
    """Generate requests that the contract allows (G T1, G T2, L T1 to L T3).

    Header names come in any letter case, with other headers around, and the query of list in any order.

    Args:
        operation: ``generate`` or ``list``; both when left out.
        url: The absolute URL of an app's AppCodes, without a query, as ``FakeAppCodes.url()`` gives it; made up on
            ``roma.example``, a name that never resolves, when left out.
        token: The token; made up when left out.

    Returns:
        A strategy of requests. Shrinks towards ``generate``.

    Raises:
        InvalidArgument: There is no such operation; the message lists both.
    """
    return st.one_of(*(_requests(each, url, token) for each in chosen_operations("requests", operation)))


def chosen_operations(strategy: str, operation: str | None) -> tuple[Operation, ...]:
    """Give the operation of a name, or both.

    Args:
        strategy: Whose argument it is, for the message when it is wrong.
        operation: The name, or None for both.

    Returns:
        The operations.

    Raises:
        InvalidArgument: There is no such operation.
    """
    if operation is None:
        return GENERATE, LIST
    check_choice(strategy, "operation", operation, OPERATIONS, "path/uri")
    return (OPERATIONS[operation],)


def _requests(operation: Operation, url: str | None, token: str | None) -> SearchStrategy[Request]:
    queries = query_texts() if operation is LIST else st.just("")
    return st.builds(
        lambda where, query, headers: Request(operation.method, with_query(where, query), headers),
        urls(url),
        queries,
        headers_of(token),
    )


def with_query(url: str, query: str) -> str:
    """Add a query to a URL, and no question mark when there is none."""
    return f"{url}?{query}" if query else url


def urls(url: str | None = None) -> SearchStrategy[str]:
    """Generate URLs of apps' AppCodes (G URI, L URI).

    Args:
        url: The one to give instead.

    Returns:
        A strategy of absolute URLs without a query.

    Raises:
        InvalidArgument: The URL is not that of an app's AppCodes.
    """
    if url is not None:
        if not isinstance(url, str) or _URL.fullmatch(url) is None:
            shown = redact_url(url) if isinstance(url, str) else url
            msg = f"url={shown!r}: it must be the absolute URL of an app's AppCodes without a query (path/uri)"
            raise InvalidArgument(msg)
        return _given(url)
    return st.builds(
        lambda project, instance, app: MADE_UP_URL.format(project_id=project, instance_id=instance, app_id=app),
        *(ids(), ids(), ids()),
    )


def _given(text: str) -> SearchStrategy[str]:
    # Unlike that of st.just(text), this one's repr does not show what may be a credential.
    return st.builds(lambda: text)


def query_texts() -> SearchStrategy[str]:
    """Generate queries of list, encoded, in any order.

    Returns:
        A strategy of what follows the question mark; empty for no query.
    """
    return st.builds(
        lambda query, turned: urlencode([*query.items()][:: -1 if turned else 1]), list_queries(), st.booleans()
    )


def tokens() -> SearchStrategy[str]:
    """Generate tokens: 1 to 64 characters of base64, plain and of URLs. The pages only say string.

    Returns:
        A strategy of strings that a header can carry.
    """
    return st.text(_BASE64, min_size=1, max_size=64)


def headers_of(token: str | None = None) -> SearchStrategy[Headers]:
    """Generate headers of a request, the token's among them.

    Args:
        token: The token; made up when left out.

    Returns:
        A strategy of pairs.

    Raises:
        InvalidArgument: The token is none that a header carries; the message does not repeat it.
    """
    given: object = token  # from a caller without types it may be anything
    if given is not None and not (isinstance(given, str) and _TOKEN.fullmatch(given)):
        msg = "token: it must be printable ASCII characters without blanks at its ends (header/x-auth-token)"
        raise InvalidArgument(msg)
    pairs = st.tuples(st.sampled_from(_TOKEN_NAMES), tokens() if token is None else _given(token))
    others = st.lists(st.sampled_from(_OTHER_HEADERS), max_size=2, unique=True).map(tuple)
    return st.builds(lambda pair, other, last: (*other, pair) if last else (pair, *other), pairs, others, st.booleans())
