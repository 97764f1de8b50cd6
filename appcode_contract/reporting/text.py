"""Violations as text: clause, source, expected, actual, and a curl that repeats the request."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from appcode_contract.clauses import BY_ID
from appcode_contract.redaction import Redactor, redact_url

if TYPE_CHECKING:
    from collections.abc import Iterable

    from appcode_contract.messages import Request, Violation

_SHOWN = 20


def describe_violations(violations: Iterable[Violation], *, secrets: Iterable[str] = (), base_url: str = "") -> str:
    """Describe violations for a person.

    Args:
        violations: What was broken.
        secrets: Credentials that must not be shown.
        base_url: Written as ``$APPCODE_URL`` in the curl commands; left as it is when empty.

    Returns:
        Several lines; equal violations are told once, with their number.
    """
    counted: dict[Violation, int] = {}
    for violation in violations:
        counted[violation] = counted.get(violation, 0) + 1
    blocks = [_block(violation, count, base_url) for violation, count in list(counted.items())[:_SHOWN]]
    if len(counted) > _SHOWN:
        blocks.append(f"… and {len(counted) - _SHOWN} more")
    return Redactor(secrets)("\n\n".join(blocks))


def _block(violation: Violation, count: int, base_url: str) -> str:
    clause = BY_ID[violation.clause]
    times = f", {count} times" if count > 1 else ""
    lines = [
        f"{clause.id} ({clause.level}, {clause.source}){times}",
        f"  expected: {violation.expected}",
        f"  actual:   {violation.actual}",
    ]
    if violation.exchange is not None:
        lines.append(f"  repeat:   {curl(violation.exchange.request, base_url)}")
    return "\n".join(lines)


def curl(request: Request, base_url: str = "") -> str:
    """Write a request as a curl command without credentials.

    Args:
        request: The request.
        base_url: Written as ``$APPCODE_URL``; left as it is when empty.

    Returns:
        One line; the token is ``$APPCODE_TOKEN``.
    """
    url = redact_url(request.url)
    quoted = shlex.quote(url)
    if base_url and url.startswith(base_url):
        quoted = f'"$APPCODE_URL"{shlex.quote(url.removeprefix(base_url))}'
    token = ' -H "X-Auth-Token: $APPCODE_TOKEN"' if request.header("X-Auth-Token") is not None else ""
    return f"curl -i -X {shlex.quote(request.method)}{token} {quoted}"
