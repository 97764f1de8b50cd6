"""Answers that the contract refuses, broken in exactly one way, each with the request that it answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from hypothesis import strategies as st

from appcode_contract.clauses import GENERATE, LIST, Operation
from appcode_contract.strategies.breakers import Breaker, error_breakers, of_kinds, page_breakers, record_breakers
from appcode_contract.strategies.broken_documents import CAP
from appcode_contract.strategies.drafts import (
    Draft,
    any_material,
    draft_rule,
    json_breakers,
    lifted,
    simplest_material,
    status_breakers,
)
from appcode_contract.strategies.scenarios import ERROR_CODES
from appcode_contract.strategies.valid import LARGEST_LIMIT
from appcode_contract.strategies.valid_requests import chosen_operations
from appcode_contract.strategies.valid_responses import Writing
from appcode_contract.strategies.variety import any_kind, every_kind, grouped, none_left_out

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from appcode_contract.messages import Exchange
    from appcode_contract.strategies.drafts import Material
    from appcode_contract.strategies.invalid import Invalid
    from appcode_contract.strategies.valid_requests import OperationName

    Broken = SearchStrategy[Invalid[Exchange]]
    ByClause = dict[str, SearchStrategy[Invalid[Draft]]]

_SUCCESSES: Final = (GENERATE.success, LIST.success)
_UNDOCUMENTED: Final = (302, 405, 409, 418, 422, 502, 503, 504)
_NO_DAYS: Final = {
    f"create_time is on {day}": st.just(day) for day in ("2021-02-29", "2020-02-30", "2020-04-31", "1900-02-29")
}
_SIZES: Final = (1, 2, 3, 20)
_WRONG_BY: Final = {"size is one too few": st.just(-1), "size is too large": st.integers(1, 20)}
_BEYOND: Final = LARGEST_LIMIT + 1
# The clause that a page breaks which is longer than asked for, how long it is, and how much larger its total may be.
_TOO_MANY: Final = {
    "": ("list/limit/default", 21, 3),
    "limit=1": ("list/limit/minimum", 2, 3),
    "limit=7": ("list/limit/page", 8, 3),
    "limit=500": ("list/limit/maximum", _BEYOND, 2),
    "limit=501": (CAP, _BEYOND, 2),
}
_CROWDS: Final = {
    "error/code": {f"error/{status}/code" for status in ERROR_CODES},
    "list/limit": {clause for clause, *_ in _TOO_MANY.values()},
}
_NOT_FOUND, _INVALID, _SYSTEM = 404, 400, 500
_HERE: Final = "{app}"
_PLAIN: Final = st.just(Writing(ascii_only=False, indent=None, reverse=False))
_WRITINGS: Final = st.builds(Writing, st.booleans(), st.sampled_from((None, 2)), st.just(value=False))


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
        A strategy of exchanges with the clause that the answer breaks. Within 200 examples each clause comes up, and in
        longer runs most kinds of defect. 501 items on a page with limit 500 break two clauses:
        ``list/limit/maximum`` and, in ``also``, ``list/limit/cap``.

    Raises:
        InvalidArgument: There is no such operation; the message lists both.
    """
    asked = chosen_operations("invalid_responses", operation)
    simplest, every = simplest_material(url), any_material(url)
    first = {clause: values for each in asked for clause, values in _by_clause(each, simplest).items()}
    groups = grouped((_group(clause), values) for each in asked for clause, values in _by_clause(each, every).items())
    return none_left_out(_written(any_kind(first), _PLAIN), _written(every_kind(groups), _WRITINGS))


def _written(drafts: SearchStrategy[Invalid[Draft]], writings: SearchStrategy[Writing]) -> Broken:
    return st.builds(lambda draft, writing: replace(draft, value=draft.value.write(writing)), drafts, writings)


def _group(clause: str) -> str:
    """Name what clauses have in common that would otherwise crowd out all others."""
    return next((group for group in _CROWDS if clause in _CROWDS[group]), clause)


def _by_clause(operation: Operation, material: Material) -> ByClause:
    own = _pages(material) if operation is LIST else _records(operation, material)
    return {**own, **_refusals(operation, material)}


def _records(operation: Operation, material: Material) -> ByClause:
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
    return material.broken(material.drafts(operation, material.records), breakers)


def _pages(material: Material) -> ByClause:
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
    return {**material.broken(material.drafts(LIST, material.pages(_SIZES, 1)), breakers), **_too_long(material)}


def _too_long(material: Material) -> ByClause:
    result: ByClause = {}
    for query, (clause, size, most) in _TOO_MANY.items():
        too_many = draft_rule(clause, f"{size} items", lambda draft: draft)
        result |= material.broken(material.drafts(LIST, material.pages((size,), most), query=query), too_many)
    clause = "list/limit/maximum"
    return result | {clause: result[clause].map(lambda invalid: replace(invalid, also=(CAP,)))}


def _refusals(operation: Operation, material: Material) -> ByClause:
    clause = "status/documented"
    system = material.drafts(operation, material.refusals(_SYSTEM, _HERE))
    result = material.broken(system, status_breakers(clause, _UNDOCUMENTED))
    clause = "error/body"
    spoiled = [material.broken(_refused(operation, material, each), lifted(error_breakers())) for each in ERROR_CODES]
    result[clause] = st.one_of(*(each[clause] for each in spoiled[: material.most_kinds]))
    for status in ERROR_CODES:
        if status != _INVALID or operation is LIST:
            clause = f"error/{status}/code"
            result |= material.broken(_refused(operation, material, status), {clause: _codes(clause, status)})
    return result


def _refused(operation: Operation, material: Material, status: int) -> SearchStrategy[Draft]:
    """Draft refusals that name what they must."""
    query = "limit=501" if operation is LIST and status == _INVALID else ""
    return material.drafts(operation, material.refusals(status, _HERE), status=status, query=query).map(_name_app)


def _name_app(draft: Draft) -> Draft:
    return draft.change(error_msg=draft.document["error_msg"].replace(_HERE, draft.app_id))


def _codes(clause: str, status: int) -> list[SearchStrategy[Breaker]]:
    codes = ("APIG.0000", "", *(code for known, code in ERROR_CODES.items() if known != status))
    kinds = {f"error_code is {code or 'empty'}": st.just(code) for code in codes}
    nameless = {_NOT_FOUND: "error_msg does not name the app", _INVALID: "error_msg does not name the parameter"}
    texts = {nameless[status]: st.sampled_from(("", "Wrong"))} if status in nameless else {}
    return [
        *of_kinds(clause, kinds, lambda draft, code: draft.change(error_code=code)),
        *of_kinds(clause, texts, lambda draft, text: draft.change(error_msg=_nameless(draft, text))),
    ]


def _nameless(draft: Draft, text: str) -> str:
    """Give the text, unless a short app id is a part of it."""
    return "" if draft.app_id.lower() in text.lower() else text


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
