"""What the tests of a client found in a whole session of pytest, as one report's document.

Each test gives an account, as text, so that it can come from another process; the accounts make the document.
"""

from __future__ import annotations

import json
from collections import Counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from appcode_contract.clauses import CLAUSES, Level
from appcode_contract.judging import judge_session
from appcode_contract.redaction import Redactor
from appcode_contract.reporting.curl import curl
from appcode_contract.reporting.document import FORMAT, VERSION, exchange_of, redacted
from appcode_contract.revisions import REVISIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from appcode_contract.messages import Violation
    from appcode_contract.stand_in import FakeAppCodes


def account_of(fake: FakeAppCodes, test: str) -> str:
    """Tell what a fake saw in one test.

    Args:
        fake: The fake.
        test: The test's name, which stands for what found a violation.

    Returns:
        JSON without credentials.
    """
    redactor = Redactor(fake.secrets())
    judged, violations = judge_session(fake.exchanges, redactor)
    return _account(fake, test, len(fake.exchanges) + fake.dropped_exchanges, judged, violations)


def account_of_verdict(  # noqa: PLR0913, PLR0917 - who was asked, by what, how much, and the verdict
    fake: FakeAppCodes, test: str, requests: int, topic: str, violation: Violation | None, traps: Mapping[str, str]
) -> str:
    """Tell what a test found that judges one thing.

    Args:
        fake: Who was asked.
        test: The test's name.
        requests: How many requests were sent.
        topic: What it judges: a clause or a trap.
        violation: What was wrong; None when nothing was.
        traps: What is told beside the clauses: what each is, by its id.

    Returns:
        JSON without credentials.
    """
    judged = {topic: 1} if violation is None else {}
    return _account(fake, test, requests, judged, [] if violation is None else [violation], traps)


def _account(  # noqa: PLR0913, PLR0917 - as above
    fake: FakeAppCodes,
    test: str,
    requests: int,
    judged: Mapping[str, int],
    violations: Iterable[Violation],
    traps: Mapping[str, str] = MappingProxyType({}),
) -> str:
    redactor = Redactor(fake.secrets())
    account = {
        "requests": requests,
        "judged": dict(judged),
        "traps": dict(traps),
        "violations": [_violation(each, fake, test, redactor) for each in violations],
    }
    return json.dumps(redacted(account, redactor))


def _violation(violation: Violation, fake: FakeAppCodes, test: str, redactor: Redactor) -> dict[str, Any]:
    exchange = violation.exchange
    return {
        "clause": violation.clause,
        "found_by": test,
        "expected": violation.expected,
        "actual": violation.actual,
        "exchange": None if exchange is None else exchange_of(exchange, redactor),
        "repeat": "" if exchange is None else curl(exchange.request, {fake.token: "$APPCODE_TOKEN"}),
    }


def document_of_session(accounts: Iterable[str], seconds: float, problem: str = "") -> dict[str, Any]:
    """Make the document of a session.

    Args:
        accounts: What ``account_of`` gave for each test.
        seconds: How long the session took.
        problem: Why it did not come to its end; empty when it did.

    Returns:
        What report.schema.json describes, of kind ``client``. Of the exchanges it has those that broke a clause.
    """
    judged: Counter[str] = Counter()
    violations: list[dict[str, Any]] = []
    exchanges: list[dict[str, Any]] = []
    traps: dict[str, str] = {}
    requests = 0
    for account in map(json.loads, accounts):
        requests += account["requests"]
        traps |= account["traps"]
        judged.update(account["judged"])
        for violation in account["violations"]:
            if violation["exchange"] is not None:
                exchanges.append(violation["exchange"])
                violation["exchange"] = len(exchanges) - 1
            violations.append(violation)
    broken = Counter(each["clause"] for each in violations)
    verdict = "violates" if broken else "conforms" if judged and not problem else "inconclusive"
    return {
        "format": FORMAT,
        "version": VERSION,
        "kind": "client",
        "pages": dict(REVISIONS),
        "url": "",
        "seed": 0,
        "started": min((each["started"] for each in exchanges), default=None),
        "verdict": verdict,
        "complete": not problem,
        "problem": problem,
        "clauses": _clauses(traps, judged, broken, violations),
        "violations": violations,
        "exchanges": exchanges,
        "deviations": [],
        "listed": None,
        "generated": [],
        "unanswered": 0,
        "behaviors": {},
        "requests": requests,
        "repeated": 0,
        "seconds": round(seconds, 3),
    }


def _clauses(
    traps: Mapping[str, str], judged: Counter[str], broken: Counter[str], violations: list[dict[str, Any]]
) -> list[dict[str, str]]:
    """Tell what became of each clause that some request could break, and then of each trap."""
    known = [(each.id, str(each.level), each.page, each.statement) for each in CLAUSES]
    known += [(name, str(Level.IMPLIED), "trap of clients", statement) for name, statement in sorted(traps.items())]
    told = []
    for name, level, source, statement in known:
        if name not in judged and name not in broken:
            continue
        first = next((each["actual"] for each in violations if each["clause"] == name), "")
        more = f" (and {broken[name] - 1} more)" if broken[name] > 1 else ""
        told.append(
            {
                "id": name,
                "level": level,
                "source": source,
                "statement": statement,
                "outcome": "failed" if name in broken else "passed",
                "evidence": first + more if name in broken else f"judged {judged[name]} times",
            }
        )
    return told
