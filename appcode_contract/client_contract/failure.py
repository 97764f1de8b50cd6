"""The text of a failure: clause or trap, what was sent, expected, actual, advice; the words of the other reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from appcode_contract.client_contract.topics import advice_of, title_of
from appcode_contract.redaction import redact_headers, redact_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from appcode_contract.messages import Exchange

_SHOWN: Final = 3
_LONGEST: Final = 80
_LEAST_TOLD: Final = frozenset({"host", "connection", "content-length"})


def describe(topic: str, exchanges: Sequence[Exchange], expected: str, actual: str) -> str:
    """Write the text of a failure.

    Args:
        topic: The clause or trap.
        exchanges: What the client sent in the call that failed.
        expected: What should have happened.
        actual: What happened, without credentials.

    Returns:
        The text. The last three requests are told.
    """
    lines = [title_of(topic)]
    if len(exchanges) > _SHOWN:
        lines.append(f"  sent:     {len(exchanges)} requests; the last {_SHOWN} of them:")
    lines += [f"  sent:     {_sent(each)}" for each in exchanges[-_SHOWN:]] or ["  sent:     nothing"]
    lines += [f"  expected: {expected}", f"  actual:   {actual}", f"  advice:   {advice_of(topic)}"]
    return "\n".join(lines)


def _sent(exchange: Exchange) -> str:
    request, response = exchange.request, exchange.response
    target = request.path + (f"?{request.query}" if request.query else "")
    told = [
        f"{name}: {value if len(value) <= _LONGEST else value[:_LONGEST] + '…'}"
        for name, value in redact_headers(request.headers)
        if name.lower() not in _LEAST_TOLD
    ]
    body = f", {len(request.body)} bytes of body" if request.body else ""
    answered = f"status {response.status}" if response is not None else f"no answer ({exchange.problem})"
    return f"{request.method} {redact_url(target)} [{'; '.join(told)}]{body} → {answered}"
