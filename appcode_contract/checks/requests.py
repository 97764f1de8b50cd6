"""The client's side: is this request one that the pages allow?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from appcode_contract.checks.by_schema import breaches
from appcode_contract.checks.check import Check
from appcode_contract.checks.shown import shown, shown_path
from appcode_contract.checks.view import View, wire_integer
from appcode_contract.clauses import BY_ID, GENERATE, LIST
from appcode_contract.messages import Violation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PARAMETERS: Final = {"offset": "list/offset/long", "limit": "list/limit/type"}
_SHOWN: Final = 5
_PATH_CLAUSES: Final = ("path/project-id", "path/instance-id", "path/app-id")
_LIMIT_CLAUSES: Final = (
    "list/limit/type",
    "list/limit/minimum",
    "list/limit/maximum",
    "list/offset/long",
)


def _violation(seen: View, clause: str, actual: str) -> Violation:
    return Violation(clause, BY_ID[clause].statement, actual, seen.exchange)


def _uri(seen: View) -> Iterator[Violation]:
    if seen.operation is None:
        request = seen.exchange.request
        yield _violation(
            seen, "path/uri", f"{shown(request.method, seen.exchange)[1:-1]} {shown_path(request.path, seen.exchange)}"
        )


def _path(seen: View) -> Iterator[Violation]:
    yield from breaches("path-parameters", dict(seen.path_parameters), seen.exchange, _PATH_CLAUSES)


def _token(seen: View) -> Iterator[Violation]:
    token = seen.exchange.request.header("X-Auth-Token")
    headers = {} if token is None else {"X-Auth-Token": token}
    yield from breaches("request-headers", headers, seen.exchange, ("header/x-auth-token",))


def _body(seen: View) -> Iterator[Violation]:
    size = len(seen.exchange.request.body)
    if size and seen.operation is not None:
        yield _violation(seen, f"{seen.operation.name}/no-body", f"a body of {size} bytes")


def _generate_query(seen: View) -> Iterator[Violation]:
    if seen.query:
        yield _violation(seen, "generate/no-query", _names(seen, [name for name, _ in seen.query]))


def _list_query(seen: View) -> Iterator[Violation]:
    unknown = [name for name, _ in seen.query if name not in _PARAMETERS]
    if unknown:
        yield _violation(seen, "list/query", _names(seen, unknown))


def _list_values(seen: View) -> Iterator[Violation]:
    for name, clause in _PARAMETERS.items():
        values = seen.values(name)
        if len(values) > 1:
            yield _violation(seen, clause, f"{name} is given {len(values)} times")
    single = {name: wire_integer(seen.values(name)[0]) for name in _PARAMETERS if len(seen.values(name)) == 1}
    for violation in breaches("list-query", single, seen.exchange, _LIMIT_CLAUSES):
        name = violation.actual.partition(":")[0]
        written = shown(seen.values(name)[0], seen.exchange)
        yield Violation(violation.clause, violation.expected, f"{name} is {written}", seen.exchange)


def _names(seen: View, names: Iterable[str]) -> str:
    distinct = list(dict.fromkeys(names))
    quoted = ", ".join(shown(name, seen.exchange, 60) for name in distinct[:_SHOWN])
    return f"the query has {quoted}" + (f" and {len(distinct) - _SHOWN} more" if len(distinct) > _SHOWN else "")


def _is_generate(seen: View) -> bool:
    return seen.operation is GENERATE


def _is_list(seen: View) -> bool:
    return seen.operation is LIST


def _known(seen: View) -> bool:
    return seen.operation is not None


REQUEST_CHECKS: Final[tuple[Check, ...]] = (
    Check(("path/uri",), lambda _: True, _uri),
    Check(_PATH_CLAUSES, lambda seen: bool(seen.path_parameters), _path),
    Check(("header/x-auth-token",), _known, _token),
    Check(("generate/no-body",), _is_generate, _body),
    Check(("generate/no-query",), _is_generate, _generate_query),
    Check(("list/no-body",), _is_list, _body),
    Check(("list/query",), _is_list, _list_query),
    Check(_LIMIT_CLAUSES, _is_list, _list_values),
)
"""Every check of a request."""
