"""Passive checks: an exchange in, violations out, with no input or output.

Each side is judged by checks of its own: a client by its requests, a server by its responses. The checks are a
reading of the pages of their own and never import the fake.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from appcode_contract.checks.check import Check, Judgement, run
from appcode_contract.checks.errors import ERROR_CHECKS
from appcode_contract.checks.requests import REQUEST_CHECKS
from appcode_contract.checks.successes import SUCCESS_CHECKS
from appcode_contract.checks.view import View

if TYPE_CHECKING:
    from appcode_contract.messages import Exchange

RESPONSE_CHECKS: tuple[Check, ...] = SUCCESS_CHECKS + ERROR_CHECKS
"""Every check of a response."""


def judge_request(exchange: Exchange, base_path: str = "") -> Judgement:
    """Judge the client's half of an exchange.

    Args:
        exchange: The exchange; only its request is looked at.
        base_path: What precedes ``/v2`` on this server, without a slash at the end.

    Returns:
        The violations, and the clauses judged.
    """
    return run(REQUEST_CHECKS, View(exchange, base_path))


def judge_response(exchange: Exchange, base_path: str = "") -> Judgement:
    """Judge the server's half of an exchange.

    Args:
        exchange: The exchange. Without a response nothing is judged.
        base_path: What precedes ``/v2`` on this server, without a slash at the end.

    Returns:
        The violations, and the clauses judged.
    """
    return run(RESPONSE_CHECKS, View(exchange, base_path))


__all__ = [
    "REQUEST_CHECKS",
    "RESPONSE_CHECKS",
    "Check",
    "Judgement",
    "judge_request",
    "judge_response",
]
