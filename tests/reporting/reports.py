"""Reports: of real runs, and one with the same text in every field that a server or a caller fills."""

from __future__ import annotations

from functools import cache
from typing import Final

from appcode_contract.clauses import BY_ID
from appcode_contract.messages import Exchange, Request, Response, Violation
from appcode_contract.report import ClauseResult, Outcome, Report, Verdict
from tests.broken_servers.defects import DEFECTS
from tests.broken_servers.http_server import Transport
from tests.broken_servers.service import Service
from tests.broken_servers.verify import verify

OVER_HTTP: Final = Transport(compressed=True)


@cache
def violating() -> Report:
    return verify(DEFECTS["limit abc is a 422"].make(existing=25), transport=OVER_HTTP)


@cache
def kept() -> Report:
    """A run in process, of a server that keeps the contract."""
    return verify(Service(existing=25))


@cache
def reading_only() -> Report:
    return verify(Service(), read_only=True)


@cache
def with_defect(name: str) -> Report:
    """A run in process, of a server with one of the planted defects."""
    return verify(DEFECTS[name].make(existing=25))


@cache
def conforming() -> Report:
    return verify(Service(existing=501), transport=OVER_HTTP, max_generate=9)


@cache
def inconclusive() -> Report:
    """A run whose time was over before it came to its end."""
    return verify(Service(existing=25), transport=Transport(delay=0.02), deadline=0.4)


def report_with(text: str) -> Report:
    """Put a text everywhere: what a server answers, what a caller gives, and what is said of both."""
    headers = ((text, text), ("Content-Type", text))
    body = text.replace("\0", "\1").encode("utf-8", "replace")  # a body with a NUL is no text, and is not told
    exchange = Exchange(Request(text, f"http://127.0.0.1/{text}", headers), Response(400, headers, body))
    lost = Exchange(Request("GET", text, headers), None, text)
    return Report(
        verdict=Verdict.VIOLATES,
        clauses=tuple(
            ClauseResult(clause_id, BY_ID[clause_id].level, outcome, text)
            for clause_id, outcome in zip(
                ("error/body", "list/size", "list/query", "list/paging", "list/total"), Outcome, strict=True
            )
        ),
        violations=tuple(
            Violation(clause_id, f"{text}{number}", text, seen, text)
            for number, seen in enumerate((exchange, lost, None))
            for clause_id in ("error/body", text)
        ),
        exchanges=(exchange, lost),
        generated=(text, ""),
        unanswered=1,
        behaviors={text: text},
        seconds=1.5,
        url=text,
        problem=text,
        options=(text,),
    )
