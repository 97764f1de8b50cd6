"""The text of a failure: clause or trap, what was sent, expected, actual, advice; the words of the other reports."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from appcode_contract.client_contract.topics import advice_of, title_of
from appcode_contract.redaction import redact_headers, redact_url

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from appcode_contract.messages import Exchange

_SHOWN: Final = 3
_LONGEST: Final = 40
_WIDTH: Final = 90  # of all headers but the token's
_LEAST_TOLD: Final = frozenset({"host", "connection", "content-length"})
_TOKEN: Final = "x-auth-token"  # noqa: S105 - no token
_ABOUT_IDS: Final = frozenset({"path/project-id", "path/instance-id", "path/app-id"})
_DOCUMENTED: Final = re.compile(r"/v2/[\w-]+/apic/instances/[\w-]+/apps/[\w-]+/app-codes")


def write_call(operation: str, app_id: str | None, offset: int | None, limit: int | None) -> str:
    """Write a call as it is written in Python; what is None is not given."""
    given = {"app_id": app_id, "offset": offset, "limit": limit}
    return f"{operation}({', '.join(f'{name}={value!r}' for name, value in given.items() if value is not None)})"


def describe(  # noqa: PLR0913, PLR0917 - the parts of the text in their order
    topic: str, called: str, exchanges: Sequence[Exchange], expected: str, actual: str, hide: Callable[[str], str]
) -> str:
    """Write the text of a failure.

    Args:
        topic: The clause or trap.
        called: The call that failed; empty when it is not one alone.
        exchanges: What the client sent in it.
        expected: What should have happened.
        actual: What happened, without credentials.
        hide: Gives a text without credentials.

    Returns:
        The text. The last three requests are told.
    """
    lines = [title_of(topic), *([f"  call:     {called}"] if called else [])]
    if len(exchanges) > _SHOWN:
        lines.append(f"  sent:     {len(exchanges)} requests; the last {_SHOWN} of them:")
    full = topic in _ABOUT_IDS
    lines += [f"  sent:     {_sent(each, hide, full=full)}" for each in exchanges[-_SHOWN:]] or ["  sent:     nothing"]
    lines += [f"  expected: {expected}", f"  actual:   {actual}", f"  advice:   {advice_of(topic)}"]
    return "\n".join(lines)


def _sent(exchange: Exchange, hide: Callable[[str], str], *, full: bool) -> str:
    """Write an exchange in one line; of the documented path no more than is needed, unless it is in question."""
    request, response = exchange.request, exchange.response
    path = "/v2/…/app-codes" if _DOCUMENTED.fullmatch(request.path) and not full else request.path
    target = path + (f"?{request.query}" if request.query else "")
    body = f", {len(request.body)} bytes of body" if request.body else ""
    answered = f"status {response.status}" if response is not None else f"no answer ({exchange.problem})"
    return (
        f"{request.method} {redact_url(target)} [{_headers(exchange, hide, 0 if full else _WIDTH)}]{body} → {answered}"
    )


def _headers(exchange: Exchange, hide: Callable[[str], str], width: int) -> str:
    told, tokens = [], []
    for name, value in redact_headers(exchange.request.headers):
        if name.lower() == _TOKEN:
            tokens.append(f"{name}: {value}")
        elif name.lower() not in _LEAST_TOLD:
            shown = hide(value)  # before it is cut: half a credential is not known for one
            told.append(f"{name}: {shown[:_LONGEST]}{'…' * (len(shown) > _LONGEST)}")
    shown_first = [each for number, each in enumerate(told) if sum(map(len, told[: number + 1])) <= width]
    return "; ".join([*shown_first, *["…"] * (len(shown_first) < len(told)), *tokens])
