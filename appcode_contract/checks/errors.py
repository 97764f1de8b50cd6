"""The server's side: statuses, media types and the bodies of refusals."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from appcode_contract.checks.by_schema import breaches
from appcode_contract.checks.check import Check
from appcode_contract.checks.shown import shown
from appcode_contract.checks.view import View, wire_integer
from appcode_contract.clauses import BY_ID, LIST
from appcode_contract.messages import Violation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_DOCUMENTED: Final = frozenset({200, 201, 400, 401, 403, 404, 500})
_REFUSALS: Final = frozenset({400, 401, 403, 404, 500})
# Being asked to come back later is no answer to the operation, and any gateway may do it.
_RATE_LIMITED: Final = 429
_UNAVAILABLE: Final = 503
_CHARSET: Final = re.compile(r';\s*charset\s*=\s*"?([^\s;"]+)', re.IGNORECASE)
_SUCCESS: Final = range(200, 300)
_WITHOUT_BODY: Final = frozenset({204, 205})
_CODES: Final = {
    400: "APIG.2012",
    401: "APIG.1002",
    403: "APIG.1005",
    404: "APIG.3004",
    500: "APIG.9999",
}
_OFFSETS: Final = range(-(2**63), 2**63)
_LIMITS: Final = range(1, 501)


def _violation(seen: View, clause: str, actual: str) -> Violation:
    return Violation(clause, BY_ID[clause].statement, actual, seen.exchange)


def _status(seen: View) -> Iterator[Violation]:
    if seen.status not in _DOCUMENTED:
        yield _violation(seen, "status/documented", f"status {seen.status}")


def _json(seen: View) -> Iterator[Violation]:
    response = seen.exchange.response
    if seen.json_problem:
        yield _violation(seen, "body/json", f"the body is {seen.json_problem}")
    declared = response.header("Content-Type") if response else None
    media_type = (declared or "").partition(";")[0].strip().lower()
    charset = _CHARSET.search(declared or "")
    if media_type != "application/json" or (charset and charset[1].lower() not in {"utf-8", "utf8"}):
        told = "absent" if declared is None else shown(declared, seen.exchange)
        yield _violation(seen, "body/json", f"Content-Type is {told}")


def _body(seen: View) -> Iterator[Violation]:
    yield from breaches("error-body", seen.document, seen.exchange, ("error/body",))


def _code(seen: View) -> Iterator[Violation]:
    clause, expected = f"error/{seen.status}/code", _CODES[seen.status]
    code, text = seen.document.get("error_code"), seen.document.get("error_msg")
    if isinstance(code, str) and code != expected:
        yield _violation(
            seen,
            clause,
            f"error_code is {shown(code, seen.exchange)} with status {seen.status}",
        )
    subjects = _subjects(seen)
    if isinstance(text, str) and subjects and not any(subject.lower() in text.lower() for subject in subjects):
        names = " or ".join(shown(subject, seen.exchange)[1:-1] for subject in subjects)
        yield _violation(
            seen,
            clause,
            f"error_msg does not name {names}: {shown(text, seen.exchange)}",
        )


def _subjects(seen: View) -> list[str]:
    """Name what the text of a refusal must name, one of these."""
    match seen.status:
        case 400:
            return _invalid_parameters(seen)
        case 404:
            return [seen.path_parameters["app_id"]]
        case _:
            return []


def _invalid_parameters(seen: View) -> list[str]:
    ranges = {"offset": _OFFSETS, "limit": _LIMITS}
    return [
        name
        for name, allowed in ranges.items()
        if len(seen.values(name)) > 1 or any(not _within(value, allowed) for value in seen.values(name))
    ]


def _within(value: str, allowed: range) -> bool:
    number = wire_integer(value)
    return isinstance(number, int) and number in allowed


def _answered(seen: View) -> bool:
    # The pages say nothing of other paths and methods.
    response = seen.exchange.response
    later = response is not None and seen.status == _UNAVAILABLE and response.header("Retry-After") is not None
    return seen.operation is not None and seen.status not in {0, _RATE_LIMITED} and not later


def _documented_answer(seen: View) -> bool:
    with_body = seen.status in _DOCUMENTED or (seen.status in _SUCCESS and seen.status not in _WITHOUT_BODY)
    return seen.operation is not None and with_body


def _refused(seen: View) -> bool:
    return seen.operation is not None and seen.status in _REFUSALS and not seen.json_problem


def _refused_with(status: int) -> Callable[[View], bool]:
    """Tell whether the code of a refusal follows from the request alone.

    A 400 does so only for an invalid query: an app id that a server finds malformed, or a quota, is not visible here.
    """
    return lambda seen: (
        _refused(seen)
        and seen.status == status
        and isinstance(seen.document, dict)
        and (status != 400 or (seen.operation is LIST and bool(_invalid_parameters(seen))))  # noqa: PLR2004 - a status code
    )


ERROR_CHECKS: Final[tuple[Check, ...]] = (
    Check(("status/documented",), _answered, _status),
    Check(("body/json",), _documented_answer, _json),
    Check(("error/body",), _refused, _body),
    *(Check((f"error/{status}/code",), _refused_with(status), _code) for status in sorted(_CODES)),
)
"""Every check of statuses and refusals."""
