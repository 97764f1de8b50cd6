"""Answers that the contract refuses, broken in exactly one way, each with the request that it answers."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from hypothesis import strategies as st

from appcode_contract.clauses import LIST, Operation
from appcode_contract.strategies.breakers import Breaker, error_breakers, of_kinds, page_breakers, record_breakers
from appcode_contract.strategies.broken_documents import CAP, long_pages, pages_with_items
from appcode_contract.strategies.drafts import (
    Draft,
    broken,
    draft_rule,
    drafts,
    json_breakers,
    lifted,
    status_breakers,
)
from appcode_contract.strategies.errors import error_bodies
from appcode_contract.strategies.records import Counts, pages
from appcode_contract.strategies.scenarios import ERROR_CODES
from appcode_contract.strategies.valid_requests import chosen_operations, urls
from appcode_contract.strategies.valid_responses import Writing, record_documents
from appcode_contract.strategies.variety import every_kind, grouped

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from appcode_contract.messages import Exchange
    from appcode_contract.strategies.breakers import Breakers
    from appcode_contract.strategies.invalid import Invalid
    from appcode_contract.strategies.valid_requests import OperationName

    Broken = dict[str, SearchStrategy[Invalid[Draft]]]

_SUCCESSES: Final = (200, 201, 202, 203, 206)
_UNDOCUMENTED: Final = (302, 405, 409, 418, 422, 502, 503, 504)
_NO_DAYS: Final = {
    f"create_time is on {day}": st.just(day) for day in ("2021-02-29", "2020-02-30", "2020-04-31", "1900-02-29")
}
_WRONG_BY: Final = {"size is one too few": st.just(-1), "size is too large": st.integers(1, 20)}
# The clause that a page breaks which is longer than asked for, and how long it is, by query.
_TOO_MANY: Final = {
    "": ("list/limit/default", 21),
    "limit=1": ("list/limit/minimum", 2),
    "limit=7": ("list/limit/page", 8),
}
_CROWDS: Final = {
    "error/code": {f"error/{status}/code" for status in ERROR_CODES},
    "list/limit": {"list/limit/maximum", *(clause for clause, _ in _TOO_MANY.values())},
}
_NOT_FOUND, _INVALID = 404, 400
_HERE: Final = "{app}"


def invalid_responses(
    operation: OperationName | None = None, *, url: str | None = None
) -> SearchStrategy[Invalid[Exchange]]:
    """Generate answers that the contract does not allow, broken in exactly one way (G T3-T8, L T4-T10).

    An answer is only wrong beside what was asked, so that the values are exchanges: ``invalid.value.response`` is what
    a stand-in may answer, ``invalid.value.request`` what it answers. The request itself is valid, except that a page of
    more than 500 items and the text of a 400 only count after a query that is out of range.

    Args:
        operation: ``generate`` or ``list``; both when left out.
        url: The absolute URL of an app's AppCodes, without a query; made up when left out.

    Returns:
        A strategy of exchanges with the clause that the answer breaks. 501 items on a page with limit 500 break two:
        ``list/limit/maximum`` and, in ``also``, ``list/limit/cap``.

    Raises:
        InvalidArgument: There is no such operation; the message lists both.
    """
    asked = chosen_operations("invalid_responses", operation)
    groups = grouped(
        (_group(clause), values) for each in asked for clause, values in _by_clause(each, urls(url)).items()
    )
    writings = st.builds(Writing, st.booleans(), st.sampled_from((None, 2)), st.just(value=False))
    broken_drafts = every_kind(groups)
    return st.builds(lambda draft, writing: replace(draft, value=draft.value.write(writing)), broken_drafts, writings)


def _group(clause: str) -> str:
    """Name what clauses have in common that would otherwise crowd out all others."""
    return next((group for group in _CROWDS if clause in _CROWDS[group]), clause)


def _by_clause(operation: Operation, where: SearchStrategy[str]) -> Broken:
    own = _pages(where) if operation is LIST else _records(operation, where)
    return {**own, **_refusals(operation, where)}


def _records(operation: Operation, where: SearchStrategy[str]) -> Broken:
    others = tuple(status for status in _SUCCESSES if status != operation.success)
    clause = "generate/create-time/format"
    breakers = {
        **status_breakers("generate/status", others),
        **lifted(record_breakers()),
        **draft_rule("generate/app-id/echo", "app_id of another", lambda draft: draft.change(app_id=_another(draft))),
        **json_breakers(),
    }
    no_days = of_kinds(clause, _NO_DAYS, lambda draft, day: draft.change(create_time=f"{day}T02:31:45.790909295Z"))
    breakers[clause] += no_days
    return broken(drafts(operation, where, record_documents()), breakers)


def _pages(where: SearchStrategy[str]) -> Broken:
    others = tuple(status for status in _SUCCESSES if status != LIST.success)
    clause = "list/create-time/format"
    breakers = {
        **status_breakers("list/status", others),
        **lifted(page_breakers()),
        **draft_rule("list/app-codes/own", "an item of another", lambda draft: _in_last(draft, app_id=_another(draft))),
        **draft_rule("list/paging", "an item twice", _twice),
        **json_breakers(),
    }
    breakers[clause] += of_kinds(clause, _NO_DAYS, lambda draft, day: _in_last(draft, create_time=f"{day}T02:31:45Z"))
    breakers["list/size"] += of_kinds("list/size", _WRONG_BY, lambda draft, by: draft.change(size=_size(draft) + by))
    return {**broken(drafts(LIST, where, pages_with_items()), breakers), **_too_long(where)}


def _too_long(where: SearchStrategy[str]) -> Broken:
    result: Broken = {}
    for query, (clause, size) in _TOO_MANY.items():
        documents = pages(st.integers(size, 3 * size).map(partial(Counts, size=size)))
        too_many: Breakers = draft_rule(clause, f"{size} items", lambda draft: draft)
        result |= broken(drafts(LIST, where, documents, query=query), too_many)
    capped = broken(
        drafts(LIST, where, long_pages(), query="limit=501"), draft_rule(CAP, "501 items", lambda draft: draft)
    )
    clause = "list/limit/maximum"
    most = broken(
        drafts(LIST, where, long_pages(), query="limit=500"), draft_rule(clause, "501 items", lambda draft: draft)
    )
    return result | capped | {clause: most[clause].map(lambda invalid: replace(invalid, also=(CAP,)))}


def _refusals(operation: Operation, where: SearchStrategy[str]) -> Broken:
    clause = "status/documented"
    system = error_bodies(500)
    result = broken(drafts(operation, where, system), status_breakers(clause, _UNDOCUMENTED))
    spoiled = [broken(_refused(operation, where, status), lifted(error_breakers())) for status in ERROR_CODES]
    result["error/body"] = st.one_of(*(each["error/body"] for each in spoiled))
    for status in ERROR_CODES:
        if status != _INVALID or operation is LIST:
            clause = f"error/{status}/code"
            result |= broken(_refused(operation, where, status), {clause: _codes(clause, status)})
    return result


def _refused(operation: Operation, where: SearchStrategy[str], status: int) -> SearchStrategy[Draft]:
    """Draft refusals that name what they must."""
    query = "limit=501" if operation is LIST and status == _INVALID else ""
    documents = error_bodies(status, parameter="limit", app_id=_HERE)
    return drafts(operation, where, documents, status=status, query=query).map(_name_app)


def _name_app(draft: Draft) -> Draft:
    return draft.change(error_msg=draft.document["error_msg"].replace(_HERE, draft.app_id))


def _codes(clause: str, status: int) -> list[SearchStrategy[Breaker]]:
    codes = ("APIG.0000", "", *(code for known, code in ERROR_CODES.items() if known != status))
    kinds = {f"error_code is {code or 'empty'}": st.just(code) for code in codes}
    nameless = {_NOT_FOUND: "error_msg does not name the app", _INVALID: "error_msg does not name the parameter"}
    texts = {nameless[status]: st.sampled_from(("", "Wrong"))} if status in nameless else {}
    return [
        *of_kinds(clause, kinds, lambda draft, code: draft.change(error_code=code)),
        *of_kinds(clause, texts, lambda draft, text: draft.change(error_msg=text)),
    ]


def _another(draft: Draft) -> str:
    return "another-" + draft.app_id


def _size(draft: Draft) -> int:
    return len(draft.document["app_codes"])


def _in_last(draft: Draft, **fields: str) -> Draft:
    *others, last = draft.document["app_codes"]
    return draft.change(app_codes=[*others, last | fields])


def _twice(draft: Draft) -> Draft:
    """Repeat the last item, in place of another where there is one, so that no limit is passed."""
    items = draft.document["app_codes"]
    repeated = [*items[-1:], *items[1:]] if len(items) > 1 else items * 2
    return draft.change(app_codes=repeated, size=len(repeated), total=max(draft.document["total"], len(repeated)))
