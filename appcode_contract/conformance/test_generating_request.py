"""Generating an AppCode, request: path and header parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from appcode_contract.conformance.outcomes import describe_answer

if TYPE_CHECKING:
    from appcode_contract.conformance.probe import Probe
    from appcode_contract.messages import Exchange


@pytest.mark.clause("generate/no-body")
def test_generate_works_without_a_body(probe: Probe) -> None:
    """A request to generate has no body, so a server must not want one."""
    exchange = generated(probe)[0]
    probe.saw(f"{describe_answer(exchange)} to a request without a body")


@pytest.mark.clause("error/no-effect")
def test_a_generate_without_a_token_makes_nothing(probe: Probe) -> None:
    """A generate without X-Auth-Token is refused with 401 and leaves the list as it was."""
    _refused(probe, None, 401, "without a token")


@pytest.mark.clause("error/no-effect/wrong-token")
def test_a_generate_with_a_wrong_token_makes_nothing(probe: Probe) -> None:
    """A generate with a made-up token is refused with 401 and leaves the list as it was."""
    _refused(probe, made_up_token(probe), 401, "with a wrong token")


@pytest.mark.clause("error/no-effect/forbidden-token")
def test_a_generate_with_a_forbidden_token_makes_nothing(probe: Probe) -> None:
    """A generate with a token that may not do it is refused with 403 and leaves the list as it was."""
    if probe.target.forbidden_token is None:
        probe.skip("needs --forbidden-token")
    _refused(probe, probe.target.forbidden_token, 403, "with a forbidden token")


def _refused(probe: Probe, token: str | None, status: int, how: str) -> None:
    probe.refresh()
    before = probe.listing
    exchange = probe.generate(token=token)
    probe.status(status, exchange)
    if probe.refresh():
        made = len(set(probe.listing.keys) - set(before.keys))
        if not made or not probe.quiet():
            probe.not_exercised("the app's list changes all the time")
        probe.violated("the same list before and after", f"{made} AppCodes more", exchange)
    probe.saw(f"a generate {how} was refused with {status} and changed nothing")


def generated(probe: Probe) -> list[Exchange]:
    """Give the answers to valid requests to generate that were a success.

    Args:
        probe: The probe.

    Returns:
        The exchanges, at least one.

    Raises:
        NotExercised: There is none; generate/status tells whether that is the server's mistake.
    """
    if not probe.valid_generates:
        probe.spend(1)  # nothing was sent, and this says why
    answered = [each for each in probe.valid_generates if each in probe.generated]
    if not answered:
        probe.not_exercised(f"no AppCode was generated: {describe_answer(probe.valid_generates[0])}")
    return answered


def excused(exchange: Exchange, probe: Probe) -> bool:
    """Say whether a valid request to generate was refused for a reason that the pages leave room for.

    Args:
        exchange: The exchange.
        probe: The probe.

    Returns:
        Whether it is too many requests (429), a token that may only list (403), or a quota: a 400 for an app that has
        AppCodes, which does not blame a parameter.
    """
    status = exchange.response.status if exchange.response is not None else 0
    body = exchange.response.body if exchange.response is not None else b""
    quota = status == 400 and bool(probe.listing.keys) and b"APIG.2012" not in body  # noqa: PLR2004 - how a quota is refused
    return quota or status in {403, 429}


def made_up_token(probe: Probe) -> str:
    """Make up a token that no server knows.

    Args:
        probe: The probe, whose seed repeats it.

    Returns:
        64 hexadecimal digits.
    """
    return probe.random.randbytes(32).hex()
