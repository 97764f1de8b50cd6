"""A report as a JSON document, which every other form is made from or beside: nothing in it is a credential.

report.schema.json, beside this module, says what it holds.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from appcode_contract.clauses import BY_ID
from appcode_contract.redaction import Redactor, redact_headers, redact_text, redact_url
from appcode_contract.reporting.curl import curl
from appcode_contract.revisions import REVISIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from appcode_contract.deviations import JudgedDeviation
    from appcode_contract.messages import Exchange, Response, Violation
    from appcode_contract.report import Report

FORMAT: Final = "appcode-contract report"
VERSION: Final = 1
"""Rises when a reader of the version before could no longer read it."""
OWN: Final = frozenset(
    {"format", "version", "kind", "pages", "started", "verdict", "id", "level", "source", "statement", "outcome"}
    | {"clause", "state", "expires"}
)
"""The keys of a document whose values are words of ours, which nobody else can put anything into."""
_READ: Final = 65_536
_BODY: Final = 4096


def document_of(report: Report) -> dict[str, Any]:
    """Make the document of a report.

    Args:
        report: The report.

    Returns:
        What report.schema.json describes.
    """
    redactor = Redactor(report.secrets)
    places = {id(exchange): place for place, exchange in enumerate(report.exchanges)}
    document = {
        "format": FORMAT,
        "version": VERSION,
        "kind": "server",
        "pages": dict(REVISIONS),
        "url": report.url,
        "seed": report.seed,
        "started": _moment(report.exchanges[0]) if report.exchanges else None,
        "verdict": report.verdict,
        "complete": not report.problem,
        "problem": report.problem,
        "clauses": [
            {
                "id": each.id,
                "level": each.level,
                "source": BY_ID[each.id].page,
                "statement": BY_ID[each.id].statement,
                "outcome": each.outcome,
                "evidence": each.evidence,
            }
            for each in report.clauses
        ],
        "violations": [_violation(each, report, places) for each in report.violations],
        "exchanges": [exchange_of(each, redactor) for each in report.exchanges],
        "deviations": [_deviation(each) for each in report.deviations],
        "listed": report.listed,
        "generated": list(report.generated),
        "unanswered": report.unanswered,
        "behaviors": dict(report.behaviors),
        "requests": report.requests,
        "repeated": report.repeated,
        "seconds": report.seconds,
    }
    hidden: dict[str, Any] = redacted(document, redactor, {*OWN, "found_by"})
    return hidden


def verdict_of(document: Mapping[str, Any]) -> str:
    """Say a document's verdict in words."""
    who = f"The {document['kind']}"
    words = {"conforms": f"{who} conforms", "violates": f"{who} violates the contract"}
    return words.get(document["verdict"], "Inconclusive")


def abridged(document: Mapping[str, Any], reason: str) -> Iterator[dict[str, Any]]:
    """Make shorter documents of one for which there is no room.

    Args:
        document: The document.
        reason: Why it cannot be written.

    Yields:
        It with the exchanges of violations alone, and then without any; both are marked incomplete.
    """
    broken = sorted({each["exchange"] for each in document["violations"] if each["exchange"] is not None})
    for kept, words in ((broken, "only the exchanges of violations are told"), ([], "no exchange is told")):
        places = {place: number for number, place in enumerate(kept)}
        yield {
            **document,
            "complete": False,
            "problem": "; ".join(filter(None, [document["problem"], f"{reason}, and {words}"])),
            "violations": [{**each, "exchange": places.get(each["exchange"])} for each in document["violations"]],
            "exchanges": [document["exchanges"][place] for place in kept],
        }


def to_json(document: Mapping[str, Any]) -> str:
    """Write a report's document as JSON.

    Args:
        document: The document.

    Returns:
        JSON in ASCII.
    """
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def redacted(value: Any, redactor: Redactor, own: Collection[str] = OWN) -> Any:  # noqa: ANN401 - any JSON value
    """Redact every text of a JSON value that is not one of our own words, which a short credential may be like.

    Args:
        value: The value.
        redactor: Knows the credentials.
        own: The keys whose values are words of ours, as all keys are.

    Returns:
        The value without credentials.
    """
    match value:
        case str():
            return redactor(value)
        case list():
            return [redacted(each, redactor, own) for each in value]
        case dict():
            return {key: each if key in own else redacted(each, redactor, own) for key, each in value.items()}
        case _:
            return value


def _moment(exchange: Exchange) -> str:
    return datetime.fromtimestamp(exchange.started, UTC).isoformat(timespec="milliseconds")


def _violation(violation: Violation, report: Report, places: dict[int, int]) -> dict[str, Any]:
    exchange = violation.exchange
    return {
        "clause": violation.clause,
        "found_by": violation.found_by,
        "expected": violation.expected,
        "actual": violation.actual,
        "exchange": places.get(id(exchange)),
        "repeat": "" if exchange is None else curl(exchange.request, report.variables, report.options),
    }


def _deviation(judged: JudgedDeviation) -> dict[str, Any]:
    deviation = judged.deviation
    return {
        "clause": deviation.clause,
        "reason": deviation.reason,
        "expires": None if deviation.expires is None else deviation.expires.isoformat(),
        "state": judged.state,
        "problem": judged.problem,
    }


def _body(response: Response, redactor: Redactor) -> str | None:
    """Give the body of a refusal. That of a success holds little but credentials, and its size is told."""
    if response.status < 400:  # noqa: PLR2004 - success and redirection
        return None
    try:
        text = response.body[:_READ].decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else redact_text(redactor(text))[:_BODY]


def exchange_of(exchange: Exchange, redactor: Redactor) -> dict[str, Any]:
    """Tell an exchange as the document has it.

    Args:
        exchange: The exchange.
        redactor: Knows the credentials.

    Returns:
        An item of ``exchanges``.
    """
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
        "started": _moment(exchange),
        "seconds": round(exchange.seconds, 6),
        "request": {
            "method": request.method,
            "url": redact_url(request.url),
            "headers": [list(pair) for pair in redact_headers(request.headers)],
            "body_bytes": len(request.body),
        },
        "response": answered,
        "problem": exchange.problem,
    }
