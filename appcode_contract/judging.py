"""How a client broke the contract with what it asked the fake."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from appcode_contract.fake.signing import ALGORITHM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from appcode_contract.messages import Exchange, Violation

_UNAUTHORIZED: Final = 401
_TOKEN_CLAUSE: Final = "header/x-auth-token"  # noqa: S105 - no token


def judge_client(exchanges: Iterable[Exchange], redact: Callable[[str], str]) -> tuple[Violation, ...]:
    """Judge requests.

    Args:
        exchanges: What a fake was asked, and what it answered.
        redact: Removes credentials from a text.

    Returns:
        The violations in the order of the requests.
    """
    from appcode_contract.checks import judge_request  # noqa: PLC0415 - jsonschema is imported when needed only

    return tuple(
        replace(violation, actual=redact(violation.actual))
        for exchange in exchanges
        for violation in judge_request(exchange).violations
        if violation.clause != _TOKEN_CLAUSE or not _was_signed(exchange)
    )


def judge_session(
    exchanges: Sequence[Exchange], redact: Callable[[str], str]
) -> tuple[Counter[str], tuple[Violation, ...]]:
    """Judge requests, and count what could be judged.

    Args:
        exchanges: What a fake was asked, and what it answered.
        redact: Removes credentials from a text.

    Returns:
        How many requests each clause was judged in, by its id, and the violations in the order of the requests.
    """
    from appcode_contract.checks import judge_request  # noqa: PLC0415 - jsonschema is imported when needed only

    judged: Counter[str] = Counter()
    for exchange in exchanges:
        judged.update(judge_request(exchange).judged)
    return judged, judge_client(exchanges, redact)


def _was_signed(exchange: Exchange) -> bool:
    """Say whether a signature stood for the token, and was not refused."""
    signed = (exchange.request.header("Authorization") or "").startswith(ALGORITHM)
    return signed and exchange.response is not None and exchange.response.status != _UNAUTHORIZED
