"""A report as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from appcode_contract.clauses import BY_ID
from appcode_contract.redaction import Redactor, redact_headers, redact_text, redact_url

if TYPE_CHECKING:
    from appcode_contract.messages import Exchange, Response
    from appcode_contract.report import Report

_READ = 65_536
_BODY = 4096


def to_json(report: Report) -> str:
    """Write a report as JSON, without credentials.

    Args:
        report: The report.

    Returns:
        An object with verdict, clauses, violations, generated, unanswered, behaviors, requests, repeated, seconds and
        problem.
    """
    redactor = Redactor(report.secrets)
    document = {
        "verdict": report.verdict,
        "clauses": [
            {
                "id": each.id,
                "level": each.level,
                "source": BY_ID[each.id].page,
                "outcome": each.outcome,
                "evidence": each.evidence,
            }
            for each in report.clauses
        ],
        "violations": [
            {
                "clause": each.clause,
                "expected": each.expected,
                "actual": each.actual,
                "exchange": None if each.exchange is None else _exchange(each.exchange, redactor),
            }
            for each in report.violations
        ],
        "generated": list(report.generated),
        "unanswered": report.unanswered,
        "behaviors": dict(report.behaviors),
        "requests": report.requests,
        "repeated": report.repeated,
        "seconds": report.seconds,
        "problem": report.problem,
    }
    redacted = _redact(document, redactor)
    return json.dumps(redacted, indent=2, ensure_ascii=True) + "\n"


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


def _body(response: Response, redactor: Redactor) -> str | None:
    """Give the body of a refusal. That of a success holds little but credentials, and its size is told."""
    if response.status < 400:  # noqa: PLR2004 - success and redirection
        return None
    try:
        text = response.body[:_READ].decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else redact_text(redactor(text))[:_BODY]


def _exchange(exchange: Exchange, redactor: Redactor) -> dict[str, Any]:
    request, response = exchange.request, exchange.response
    answered = None
    if response is not None:
        answered = {
            "status": response.status,
            "headers": [[name, redact_text(value)] for name, value in redact_headers(response.headers)],
            "body": _body(response, redactor),
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
