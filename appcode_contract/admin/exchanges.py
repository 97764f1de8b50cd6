"""Exchanges as the admin API shows them: readable, judged, and without credentials."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from appcode_contract.judging import judge_client
from appcode_contract.messages import Response
from appcode_contract.redaction import Redactor, redact_headers, redact_text, redact_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from appcode_contract.messages import Exchange, Request, Violation

    Json = Mapping[str, Any]

_URLS: Final = frozenset({"location", "referer"})


def tell_exchanges(exchanges: Sequence[Exchange], tokens: Iterable[str]) -> list[Json]:
    """Give exchanges as JSON.

    Args:
        exchanges: What was asked and answered.
        tokens: The tokens that must not be shown. AppCodes are known by their look.

    Returns:
        Request, response, problem and violations of each.
    """
    redact = Redactor(tokens)

    @cache  # many answers are the same page
    def readable(body: bytes) -> str:
        return _readable(body, redact)

    by_exchange: dict[int, list[Violation]] = {}
    for violation in judge_client(exchanges, redact):
        by_exchange.setdefault(id(violation.exchange), []).append(violation)
    return [
        {
            "request": _request(each.request, redact) | {"body": readable(each.request.body)},
            "response": None
            if each.response is None
            else {
                "status": each.response.status,
                "headers": _headers(each.response.headers, redact),
                "body": readable(each.response.body),
            },
            "problem": each.problem,
            "violations": [_violation(violation) for violation in by_exchange.get(id(each), [])],
        }
        for each in exchanges
    ]


def _request(request: Request, redact: Redactor) -> dict[str, Any]:
    url = redact(redact_url(request.url))
    return {"method": request.method, "url": url, "headers": _headers(request.headers, redact)}


def _headers(headers: Iterable[tuple[str, str]], redact: Redactor) -> list[list[str]]:
    shown = [
        (name, redact_url(value) if name.lower() in _URLS else redact_text(value))
        for name, value in redact_headers(headers)
    ]
    return [[name, redact(value)] for name, value in shown]


def _violation(violation: Violation) -> Json:
    return {"clause": violation.clause, "expected": violation.expected, "actual": violation.actual}


def _readable(body: bytes, redact: Redactor) -> str:
    """Give a body of JSON as text; any other, one that was cut off, say, may hold a part of a credential."""
    try:
        Response(200, (), body).json()
    except ValueError:
        return f"[{len(body)} bytes]" if body else ""
    return redact(redact_text(body.decode()))
