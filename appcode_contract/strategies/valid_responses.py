"""Answers that the contract allows, in every form it allows them in (G T3-T8, L T4-T10)."""

from __future__ import annotations

import json
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import parse_qs, unquote

from hypothesis import strategies as st

from appcode_contract.clauses import GENERATE, LIST
from appcode_contract.messages import Exchange, Response
from appcode_contract.strategies.arguments import check_text
from appcode_contract.strategies.errors import check_status, refusals
from appcode_contract.strategies.records import draw_counts, draw_page, ids, page_counts, pages
from appcode_contract.strategies.scenarios import ERROR_CODES
from appcode_contract.strategies.times import Precision, Zone, create_times, written_times
from appcode_contract.strategies.valid import app_codes
from appcode_contract.strategies.valid_requests import chosen_operations, requests

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

    from appcode_contract.messages import Request
    from appcode_contract.strategies.valid_requests import Headers, OperationName

JSON_TYPES: Final = (
    "application/json",
    "application/json;charset=UTF-8",
    "application/json; charset=utf-8",
    "Application/JSON",
)
"""Media types that say JSON; their letter case does not count (RFC 9110)."""
_NAMES: Final = ("x_unknown", "remark", "request_id", "status", "app_name")
# A request that breaks nothing is never at fault, so 400 is not among these.
_REFUSALS: Final = (401, 403, 404, 500)


class Writing(NamedTuple):
    """How a server writes JSON; the meaning is the same.

    Attributes:
        ascii_only: Whether other characters are escaped.
        indent: Spaces per level, or None for one line.
        reverse: Whether the fields come in reverse.
    """

    ascii_only: bool
    indent: int | None
    reverse: bool

    def bytes(self, document: Any) -> bytes:  # noqa: ANN401 - any JSON value
        """Write a document in UTF-8."""
        if self.reverse and isinstance(document, dict):
            document = dict(reversed(document.items()))
        return json.dumps(document, ensure_ascii=self.ascii_only, indent=self.indent).encode()


def generate_responses(
    *, app_id: str | None = None, precision: Precision | None = None, zone: Zone | None = None
) -> SearchStrategy[Response]:
    """Generate answers to generate that the contract allows (G T3): 201, a media type and a JSON body.

    Times come with any precision and zone, the media type with or without a charset, fields in any order, and fields
    that the tables do not name besides.

    Args:
        app_id: The app of the request, which the answer repeats; any when left out.
        precision: See ``create_times``.
        zone: See ``create_times``.

    Returns:
        A strategy of responses.

    Raises:
        InvalidArgument: precision or zone is no choice of ``Behavior``, or app_id is no text.
    """
    check_text("generate_responses", "app_id", app_id)
    times = written_times("generate_responses", precision, zone)
    return answers(GENERATE.success, extended(record_documents(app_id, times)))


def list_responses(
    *, offset: int | None = None, limit: int | None = None, app_id: str | None = None
) -> SearchStrategy[Response]:
    """Generate answers to list that the contract allows (L T4, L T5): 200, a media type and a JSON body.

    They vary as those of ``generate_responses`` do.

    Args:
        offset: The offset that is answered; 0 when left out.
        limit: The limit that is answered; 20 when left out.
        app_id: The app of the request; any when left out.

    Returns:
        A strategy of responses.

    Raises:
        InvalidArgument: offset or limit is none that the page allows, or app_id is no text.
    """
    check_text("list_responses", "app_id", app_id)
    documents = pages(page_counts("list_responses", offset, limit), app_id)
    return answers(LIST.success, extended(documents))


def error_responses(status: int | None = None, *, app_id: str | None = None) -> SearchStrategy[Response]:
    """Generate refusals that the contract allows (G T4-T8, L T6-T10), with their bodies.

    Args:
        status: 400, 401, 403, 404 or 500; any of them when left out.
        app_id: The app of the request, which a 404 names; any when left out.

    Returns:
        A strategy of responses.

    Raises:
        InvalidArgument: The status is no documented one of a refusal, or app_id is no text.
    """
    check_status("error_responses", status)
    check_text("error_responses", "app_id", app_id)
    statuses = ERROR_CODES if status is None else (status,)
    return st.one_of(*(answers(each, extended(refusals(each, app_id=app_id))) for each in statuses))


def responses() -> SearchStrategy[Response]:
    """Generate answers that the contract allows, of both operations and refusals.

    Returns:
        A strategy of responses. Shrinks towards an answer to generate.
    """
    return st.one_of(generate_responses(), list_responses(), error_responses())


def exchanges(operation: OperationName | None = None) -> SearchStrategy[Exchange]:
    """Generate requests with answers to them, neither of which breaks anything.

    Most answers are successes; the others refuse the token (401, 403), the app (404) or fail (500).

    Args:
        operation: ``generate`` or ``list``; both when left out.

    Returns:
        A strategy of exchanges.

    Raises:
        InvalidArgument: There is no such operation.
    """
    chosen_operations("exchanges", operation)
    return _answered(requests(operation))


def asked_app(request: Request) -> str:
    """Give the app of a request.

    Args:
        request: A request with the path of both operations.

    Returns:
        The app's id, decoded.
    """
    return unquote(request.path.split("/")[-2])


@st.composite
def _answered(draw: DrawFn, asked: SearchStrategy[Request]) -> Exchange:
    request = draw(asked)
    app_id = asked_app(request)
    if draw(_one_in_four()):
        status = draw(st.sampled_from(_REFUSALS))
        return Exchange(request, _draw_answer(draw, status, draw(refusals(status, app_id=app_id))))
    if request.method == GENERATE.method:
        return Exchange(request, _draw_answer(draw, GENERATE.success, draw(_records()) | {"app_id": app_id}))
    query = {name: int(values[0]) for name, values in parse_qs(request.query).items()}
    page = draw_page(draw, draw_counts(draw, query.get("offset"), query.get("limit")), app_id)
    return Exchange(request, _draw_answer(draw, LIST.success, page))


def _draw_answer(draw: DrawFn, status: int, document: dict[str, Any]) -> Response:
    extended_document = _extend(document, draw(_extras()))
    return _answer(status, extended_document, draw(_writings()), draw(_heads()))


def answers(status: int, documents: SearchStrategy[Any]) -> SearchStrategy[Response]:
    """Write documents as the bodies of answers.

    Args:
        status: The status code.
        documents: JSON values.

    Returns:
        A strategy of responses with a media type and a length.
    """
    return st.builds(partial(_answer, status), documents, _writings(), _heads())


def _answer(status: int, document: Any, writing: Writing, head: Headers) -> Response:  # noqa: ANN401 - any JSON value
    body = writing.bytes(document)
    return Response(status, (*head, ("Content-Length", str(len(body)))), body)


def extended(documents: SearchStrategy[dict[str, Any]]) -> SearchStrategy[dict[str, Any]]:
    """Add fields that the tables do not name, or none.

    Args:
        documents: JSON objects; the items of a page are extended too.

    Returns:
        A strategy of new objects.
    """
    return st.builds(_extend, documents, _extras())


def _extend(document: dict[str, Any], extra: dict[str, Any]) -> dict[str, Any]:
    if not extra or not isinstance(document.get("app_codes"), list):
        return document | extra
    return document | extra | {"app_codes": [item | extra for item in document["app_codes"]]}


def record_documents(
    app_id: str | None = None, times: SearchStrategy[str] | None = None
) -> SearchStrategy[dict[str, Any]]:
    """Generate bodies of 201 answers to generate, with no field that the tables do not name (G T3).

    Args:
        app_id: The app of the request; any when left out.
        times: The times of creation; any when left out.

    Returns:
        A strategy of dicts.
    """
    return st.fixed_dictionaries(
        {
            "app_code": app_codes(),
            "id": ids(),
            "app_id": ids() if app_id is None else st.just(app_id),
            "create_time": create_times() if times is None else times,
        }
    )


@cache
def _records() -> SearchStrategy[dict[str, Any]]:
    return record_documents("")


@cache
def _one_in_four() -> SearchStrategy[bool]:
    return st.sampled_from((False, False, False, True))


@cache
def _extras() -> SearchStrategy[dict[str, Any]]:
    scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8))
    values = st.one_of(scalars, st.lists(scalars, max_size=2), st.dictionaries(st.sampled_from(_NAMES), scalars))
    return st.dictionaries(st.sampled_from(_NAMES), values, max_size=2)


@cache
def _writings() -> SearchStrategy[Writing]:
    return st.builds(Writing, st.booleans(), st.sampled_from((None, 0, 2)), st.booleans())


@cache
def _heads() -> SearchStrategy[Headers]:
    names = st.sampled_from(("Content-Type", "content-type"))
    others = st.sampled_from(((), (("X-Request-Id", "1"),)))
    return st.builds(lambda name, media, other: (*other, (name, media)), names, st.sampled_from(JSON_TYPES), others)
