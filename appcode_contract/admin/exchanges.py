"""Exchanges as the admin API shows them: readable, judged, and without credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from appcode_contract.judging import judge_client
from appcode_contract.messages import Response
from appcode_contract.redaction import Redactor, redact_headers, redact_text, redact_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from appcode_contract.messages import Exchange, Violation

    Json = Mapping[str, Any]


def tell_exchanges(exchanges: Sequence[Exchange], tokens: Iterable[str]) -> list[Json]:
    """Give exchanges as JSON.

    Args:
        exchanges: What was asked and answered.
        tokens: The tokens that must not be shown. AppCodes are known by their look.

    Returns:
        Request, response, problem and violations of each.
    """
    redact = Redactor(tokens)
    by_exchange: dict[int, list[Violation]] = {}
    for violation in judge_client(exchanges, redact):
        by_exchange.setdefault(id(violation.exchange), []).append(violation)
    return [_told(exchange, by_exchange.get(id(exchange), []), redact) for exchange in exchanges]


def _told(exchange: Exchange, violations: list[Violation], redact: Redactor) -> Json:
    request, response = exchange.request, exchange.response
    answered = None
    if response is not None:
        answered = {
            "status": response.status,
            "headers": [[name, redact(redact_text(value))] for name, value in response.headers],
            "body": _readable(response.body, redact),
        }
    return {
        "request": {
            "method": request.method,
            "url": redact(redact_url(request.url)),
            "headers": [[name, redact(redact_text(value))] for name, value in redact_headers(request.headers)],
            "body": _readable(request.body, redact),
        },
        "response": answered,
        "problem": exchange.problem,
        "violations": [
            {"clause": each.clause, "expected": each.expected, "actual": each.actual} for each in violations
        ],
    }


def _readable(body: bytes, redact: Redactor) -> str:
    """Give a body of JSON as text; any other, one that was cut off, say, may hold a part of a credential."""
    try:
        Response(200, (), body).json()
    except ValueError:
        return f"[{len(body)} bytes]" if body else ""
    return redact(redact_text(body.decode()))
