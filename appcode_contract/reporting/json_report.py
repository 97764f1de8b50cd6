"""A report as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from appcode_contract.redaction import Redactor, redact_headers, redact_text, redact_url

if TYPE_CHECKING:
    from appcode_contract.messages import Exchange
    from appcode_contract.report import Report

_BODY = 4096


def to_json(report: Report) -> str:
    """Write a report as JSON, without credentials.

    Args:
        report: The report.

    Returns:
        An object with verdict, clauses, violations, generated, unanswered, behaviors, requests, seconds and problem.
    """
    document = {
        "verdict": report.verdict,
        "clauses": [
            {"id": each.id, "level": each.level, "outcome": each.outcome, "evidence": each.evidence}
            for each in report.clauses
        ],
        "violations": [
            {
                "clause": each.clause,
                "expected": each.expected,
                "actual": each.actual,
                "exchange": None if each.exchange is None else _exchange(each.exchange),
            }
            for each in report.violations
        ],
        "generated": list(report.generated),
        "unanswered": report.unanswered,
        "behaviors": dict(report.behaviors),
        "requests": report.requests,
        "seconds": report.seconds,
        "problem": report.problem,
    }
    redacted = _redact(document, Redactor(report.secrets))
    return json.dumps(redacted, indent=2, ensure_ascii=False) + "\n"


def _redact(value: Any, redactor: Redactor) -> Any:  # noqa: ANN401 - any JSON value
    match value:
        case str():
            return redactor(value)
        case list():
            return [_redact(each, redactor) for each in value]
        case dict():
            return {redactor(key): _redact(each, redactor) for key, each in value.items()}
        case _:
            return value


def _exchange(exchange: Exchange) -> dict[str, Any]:
    request, response = exchange.request, exchange.response
    answered = None
    if response is not None:
        text = response.body[:_BODY].decode("utf-8", "replace")
        answered = {
            "status": response.status,
            "headers": [list(pair) for pair in redact_headers(response.headers)],
            "body": redact_text(text),
            "body_bytes": len(response.body),
        }
    return {
        "request": {
            "method": request.method,
            "url": redact_url(request.url),
            "headers": [list(pair) for pair in redact_headers(request.headers)],
        },
        "response": answered,
        "problem": exchange.problem,
    }
