"""Generating an AppCode, request: path and header parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from appcode_contract.conformance.outcomes import Violated, describe_answer

if TYPE_CHECKING:
    from appcode_contract.conformance.probe import Probe
    from appcode_contract.messages import Exchange


@pytest.mark.clause("generate/no-body")
def test_generate_works_without_a_body(probe: Probe) -> None:
    """A request to generate has no body, so a server must not want one."""
    exchange = first_generated(probe)
    probe.saw(f"{describe_answer(exchange)} to a request without a body")


@pytest.mark.clause("error/no-effect")
def test_a_generate_without_a_token_makes_nothing(probe: Probe) -> None:
    """A generate without X-Auth-Token is refused with 401 and leaves the list as it was."""
    _refused(probe, probe.generate(token=None), 401, "without a token")


@pytest.mark.clause("error/no-effect")
def test_a_generate_with_a_wrong_token_makes_nothing(probe: Probe) -> None:
    """A generate with a made-up token is refused with 401 and leaves the list as it was."""
    _refused(probe, probe.generate(token=made_up_token(probe)), 401, "with a wrong token")


@pytest.mark.clause("error/no-effect")
def test_a_generate_with_a_forbidden_token_makes_nothing(probe: Probe) -> None:
    """A generate with a token that may not do it is refused with 403 and leaves the list as it was."""
    if probe.target.forbidden_token is None:
        probe.skip("needs --forbidden-token")
    _refused(probe, probe.generate(token=probe.target.forbidden_token), 403, "with a forbidden token")


def _refused(probe: Probe, exchange: Exchange, status: int, how: str) -> None:
    before = probe.listing
    probe.status(status, exchange)
    if probe.refresh() and probe.refresh() is False:
        made = len(set(probe.listing.keys) - set(before.keys))
        probe.violated("the same list before and after", f"{made} AppCodes more", exchange)
    probe.saw(f"a generate {how} was refused with {status} and changed nothing")


def first_generated(probe: Probe) -> Exchange:
    """Give the first answer to a valid request to generate, which must be a success.

    Args:
        probe: The probe.

    Returns:
        The exchange.

    Raises:
        Violated: It was refused without a reason that the pages allow for.
        NotExercised: None was sent, or the server had a reason.
    """
    if not probe.concurrent:
        probe.spend(1)  # nothing was sent, and this says why
    for exchange in probe.concurrent:
        if exchange.response is not None and 200 <= exchange.response.status < 300:  # noqa: PLR2004 - success
            return exchange
    exchange = probe.concurrent[0]
    status = exchange.response.status if exchange.response is not None else 0
    full = status == 400 and bool(probe.listing.keys)  # noqa: PLR2004 - how a quota is refused
    if full or status in {403, 429}:
        probe.not_exercised(f"the server refused to generate: {describe_answer(exchange)}")
    raise Violated(probe.violation("status 201", describe_answer(exchange), exchange))


def made_up_token(probe: Probe) -> str:
    """Make up a token that no server knows.

    Args:
        probe: The probe, whose seed repeats it.

    Returns:
        64 hexadecimal digits.
    """
    return probe.random.randbytes(32).hex()
