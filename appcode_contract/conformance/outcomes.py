"""How a conformance test ends when it does not pass, and how an answer is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from appcode_contract.redaction import READ, Redactor, begin_of, credentials_in, redact_text

if TYPE_CHECKING:
    from appcode_contract.messages import Exchange, Violation

_SHOWN: Final = 120


class Violated(AssertionError):  # noqa: N818 - a verdict on the server, not an error of the program
    """A clause that does not hold; carries the violation."""

    def __init__(self, violation: Violation) -> None:
        """Keep the violation."""
        super().__init__(f"{violation.clause}: expected {violation.expected}; actual {violation.actual}")
        self.violation = violation


class NotExercised(pytest.skip.Exception):  # type: ignore[misc,name-defined] # pytest makes it at run time
    """A clause that this run could not try; the message says what it needs."""


def status_of(exchange: Exchange) -> int:
    """Give the status of an answer; 0 when there was none."""
    return exchange.response.status if exchange.response is not None else 0


def describe_answer(exchange: Exchange) -> str:
    """Say what was answered.

    Args:
        exchange: The exchange.

    Returns:
        Its status and the begin of an error's body, without credentials; or why there was no answer.
    """
    response = exchange.response
    if response is None:
        return exchange.problem
    if response.status < 400:  # noqa: PLR2004 - success and redirection
        return f"status {response.status}, {len(response.body)} bytes"
    hidden = Redactor(credentials_in(exchange.request.headers))(begin_of(response.body))
    return f"status {response.status}, {_begin(hidden, len(response.body))}"


def _begin(text: str, size: int) -> str:
    words = " ".join(redact_text(text).split())
    return words if len(words) <= _SHOWN and size <= READ else words[:_SHOWN] + "…"
