"""Violations as text: clause, source, expected, actual, and a curl that repeats the request."""

from __future__ import annotations

import shlex
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from appcode_contract.clauses import BY_ID
from appcode_contract.redaction import Redactor, redact_text, redact_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from appcode_contract.messages import Exchange, Request, Violation

_SHOWN: Final = 3
_READ: Final = 65_536
_LONGEST: Final = 300


def describe_violations(
    violations: Iterable[Violation],
    *,
    secrets: Iterable[str] = (),
    base_url: str = "",
    variables: Mapping[str, str] = MappingProxyType({}),
    answers: bool = False,
) -> str:
    """Describe violations for a person, clause by clause.

    Args:
        violations: What was broken.
        secrets: Credentials that must not be shown.
        base_url: Written as ``$APPCODE_URL`` in the curl commands; left as it is when empty.
        variables: What stands for a token in the curl commands, by token.
        answers: Whether to say what was answered, too.

    Returns:
        A paragraph for each clause; of many violations of one clause the first three are told in full.
    """
    by_clause: dict[str, dict[Violation, int]] = {}
    for violation in violations:
        counted = by_clause.setdefault(violation.clause, {})
        counted[violation] = counted.get(violation, 0) + 1
    paragraphs = [
        _paragraph(clause, counted, base_url, variables, answers=answers) for clause, counted in by_clause.items()
    ]
    return Redactor(secrets)("\n\n".join(paragraphs))


def _paragraph(
    clause_id: str,
    counted: Mapping[Violation, int],
    base_url: str,
    variables: Mapping[str, str],
    *,
    answers: bool,
) -> str:
    clause = BY_ID[clause_id]
    lines = [f"{clause.id} ({clause.level}: {clause.page})"]
    for violation, count in list(counted.items())[:_SHOWN]:
        times = f" ({count} times)" if count > 1 else ""
        lines += [f"  expected: {violation.expected}", f"  actual:   {violation.actual}{times}"]
        if violation.exchange is not None:
            lines += [f"  answer:   {_answer(violation.exchange)}"] if answers else []
            lines.append(f"  repeat:   {curl(violation.exchange.request, base_url, variables)}")
    if len(counted) > _SHOWN:
        lines.append(f"  … and {len(counted) - _SHOWN} more of this clause")
    return "\n".join(lines)


def _answer(exchange: Exchange) -> str:
    """Say what was answered: of a refusal its body, too; a success holds little but credentials."""
    response = exchange.response
    if response is None:
        return exchange.problem
    media_type = redact_text(response.header("Content-Type") or "no Content-Type")
    told = f"status {response.status}, {media_type}, {len(response.body)} bytes"
    if response.status < 400 or not response.body:  # noqa: PLR2004 - success and redirection
        return told
    body = " ".join(redact_text(response.body[:_READ].decode("utf-8", "replace")).split())
    return f"{told}: {body}" if len(body) <= _LONGEST else f"{told}: {body[:_LONGEST]}…"


def curl(request: Request, base_url: str = "", variables: Mapping[str, str] = MappingProxyType({})) -> str:
    """Write a request as a curl command without credentials.

    Args:
        request: The request.
        base_url: Written as ``$APPCODE_URL``; left as it is when empty.
        variables: What stands for a token, by token; another token is written as ``wrong-token``.

    Returns:
        One line.
    """
    url = redact_url(request.url)
    quoted = shlex.quote(url)
    if base_url and url.startswith(base_url):
        quoted = f'"$APPCODE_URL"{shlex.quote(url.removeprefix(base_url))}'
    token = request.header("X-Auth-Token")
    header = "" if token is None else f' -H "X-Auth-Token: {variables.get(token, "wrong-token")}"'
    body = " -d x" if request.body else ""  # any body breaks the clause, and this one holds no secret
    return f"curl -i -X {shlex.quote(request.method)}{header}{body} {quoted}"
