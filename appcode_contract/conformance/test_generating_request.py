"""Generating an AppCode, request: path and header parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from appcode_contract.conformance.generating import generated, made_up_token, refused_without_effect
from appcode_contract.conformance.outcomes import describe_answer
from appcode_contract.conformance.refusals import wants_a_body

if TYPE_CHECKING:
    from appcode_contract.conformance.probe import Probe


@pytest.mark.generates
@pytest.mark.clause("generate/no-body")
def test_generate_works_without_a_body(probe: Probe) -> None:
    """A request to generate has no body, so a server must not want one."""
    wants = next((each for each in probe.valid_generates if wants_a_body(each)), None)
    if wants is not None:
        probe.violated("an AppCode without a body in the request", describe_answer(wants), wants)
    exchange = generated(probe)[0]
    probe.saw(f"{describe_answer(exchange)} to a request without a body")


# The default budget leaves one of these: the one that finds most. A server that lets everybody generate lets a
# forbidden token do it, too.
@pytest.mark.generates
@pytest.mark.clause("error/no-effect/forbidden-token")
def test_a_generate_with_a_forbidden_token_makes_nothing(probe: Probe) -> None:
    """A generate with a token that may not do it is refused with 403 and leaves the list as it was."""
    if probe.target.forbidden_token is None:
        probe.skip("needs --forbidden-token")
    clauses = "error/no-effect/forbidden-token", "error/403/code"
    refused_without_effect(probe, probe.target.forbidden_token, 403, "with a forbidden token", clauses)


@pytest.mark.generates
@pytest.mark.clause("error/no-effect/wrong-token")
def test_a_generate_with_a_wrong_token_makes_nothing(probe: Probe) -> None:
    """A generate with a made-up token is refused with 401 and leaves the list as it was."""
    clauses = "error/no-effect/wrong-token", "error/401/code"
    refused_without_effect(probe, made_up_token(probe), 401, "with a wrong token", clauses)


@pytest.mark.generates
@pytest.mark.clause("error/no-effect/missing-token")
def test_a_generate_without_a_token_makes_nothing(probe: Probe) -> None:
    """A generate without X-Auth-Token is refused with 401 and leaves the list as it was."""
    clauses = "header/x-auth-token", "error/401/code"
    refused_without_effect(probe, None, 401, "without a token", clauses)
