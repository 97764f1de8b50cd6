"""Violations as text: clause, source, expected, actual, and a curl that repeats the request."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from appcode_contract.clauses import BY_ID, GENERATE
from appcode_contract.redaction import READ, Redactor, begin_of, redact_text
from appcode_contract.reporting.curl import curl

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from appcode_contract.messages import Exchange, Violation

_SHOWN: Final = 3
_LONGEST: Final = 300


def describe_violations(  # noqa: PLR0913 - what to tell, what to hide, and how
    violations: Iterable[Violation],
    *,
    secrets: Iterable[str] = (),
    variables: Mapping[str, str] = MappingProxyType({}),
    options: Sequence[str] = (),
    answers: bool = False,
    known: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Describe violations for a person, clause by clause.

    Args:
        violations: What was broken.
        secrets: Credentials that must not be shown.
        variables: What stands for a token in the curl commands, by token.
        options: Options that every curl command needs.
        answers: Whether to say what was answered, too, and that a command to generate does so.
        known: Why the violations of a clause are accepted, by clause.

    Returns:
        A paragraph for each clause; of many violations of one clause the first three are told in full.
    """
    redactor = Redactor(secrets)
    by_clause: dict[str, dict[Violation, int]] = {}
    for violation in violations:
        counted = by_clause.setdefault(violation.clause, {})
        counted[violation] = counted.get(violation, 0) + 1
    paragraphs = []
    for clause_id, counted in by_clause.items():
        clause = BY_ID[clause_id]
        lines = [f"{clause.id} ({clause.level}: {clause.page})"]
        lines += [f"  known:    {known[clause_id]}"] if clause_id in known else []
        for violation, count in list(counted.items())[:_SHOWN]:
            times = f" ({count} times)" if count > 1 else ""
            lines += [f"  expected: {violation.expected}", f"  actual:   {violation.actual}{times}"]
            exchange = violation.exchange
            if exchange is not None:
                lines += [f"  answer:   {_answer(exchange, redactor)}"] if answers else []
                warning = "  # makes another AppCode, which stays" if answers and _generates(exchange) else ""
                lines.append(f"  repeat:   {curl(exchange.request, variables, options)}{warning}")
        if len(counted) > _SHOWN:
            lines.append(f"  … and {len(counted) - _SHOWN} more of this clause")
        paragraphs.append("\n".join(lines))
    return redactor("\n\n".join(paragraphs))


def _generates(exchange: Exchange) -> bool:
    return exchange.request.method == GENERATE.method


def _answer(exchange: Exchange, redactor: Redactor) -> str:
    """Say what was answered: of a refusal its body, too; a success holds little but credentials."""
    response = exchange.response
    if response is None:
        return exchange.problem
    media_type = redact_text(response.header("Content-Type") or "no Content-Type")
    told = f"status {response.status}, {media_type}, {len(response.body)} bytes"
    if response.status < 400 or not response.body:  # noqa: PLR2004 - success and redirection
        return told
    # Hidden before it is cut: the beginning of a secret is known by none.
    body = " ".join(redact_text(redactor(begin_of(response.body))).split())
    whole = len(body) <= _LONGEST and len(response.body) <= READ
    return redactor(f"{told}: {body}" if whole else f"{told}: {body[:_LONGEST]}…")
