"""Both pages, request header parameters: the token, and the path parameters that go with every request."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from appcode_contract.conformance.generating import made_up_token
from appcode_contract.conformance.outcomes import describe_answer, status_of

_MORE = "x" * 16

if TYPE_CHECKING:
    from appcode_contract.conformance.probe import Probe
    from appcode_contract.messages import Exchange


@pytest.mark.clause("header/x-auth-token")
def test_without_a_token_a_query_is_refused(probe: Probe) -> None:
    """A query without X-Auth-Token, or with an empty one, is refused, and with 401."""
    without = [probe.query(query, token=None) for query in ({}, {"limit": "1"}, {"offset": "1", "limit": "500"})]
    for exchange in without:
        _refused(probe, exchange)
    empty = probe.query(token="")
    if status_of(empty) not in {400, 403}:  # the pages say that it is mandatory, and not what an empty one is
        _refused(probe, empty)
    _saw(probe, f"{' and '.join(dict.fromkeys(str(status_of(each)) for each in without))} without it")


def _refused(probe: Probe, exchange: Exchange) -> None:
    if probe.status_violation(401, exchange) is None:
        return
    # Refused is refused; with which status is another clause's.
    clause = probe.clause if 200 <= status_of(exchange) < 300 else "error/401/code"  # noqa: PLR2004 - success
    probe.blame(clause, "status 401", describe_answer(exchange), exchange)


@pytest.mark.clause("header/x-auth-token")
@pytest.mark.parametrize("name", ["x-auth-token", "X-AUTH-TOKEN"])
def test_the_header_counts_in_any_letter_case(probe: Probe, name: str) -> None:
    """The header is known whatever the case of its letters."""
    usual, exchange = probe.query(), probe.query(header=name)
    if status_of(usual) != status_of(exchange) and 401 in {status_of(usual), status_of(exchange)}:  # noqa: PLR2004 - documented
        told = f"{describe_answer(usual)} with X-Auth-Token, and with {name} {describe_answer(exchange)}"
        probe.blame(probe.clause, "the same answer in any letter case", told, exchange)
    _saw(probe, "in any letter case the same answer")


def _saw(probe: Probe, more: str) -> None:
    """Add to what another test of the clause saw."""
    seen = probe.evidence.get(probe.clause, "").split("; ")
    probe.saw("; ".join(dict.fromkeys(filter(None, [*seen, more]))))


@pytest.mark.clause("error/401/code")
def test_with_a_wrong_token_a_query_is_refused(probe: Probe) -> None:
    """A query with a made-up token is refused with 401, and one with the right token cut or changed is, too."""
    token = probe.target.token
    # Base64 may be read only up to its padding.
    longer = "" if token.endswith("=") else token + _MORE
    changed = {
        made_up_token(probe): "a made-up token",
        token[: len(token) // 2]: "half of the token",
        longer: "the token with more behind it",
        token.upper(): "the token in upper case",
        token.lower(): "the token in lower case",
    }
    for wrong, how in changed.items():
        if wrong not in {"", token, probe.target.forbidden_token}:
            probe.status(401, probe.query(token=wrong), f"with {how}")
    probe.saw("401 without a token and with a wrong one")


@pytest.mark.clause("error/403/code")
def test_with_a_forbidden_token_a_query_is_refused(probe: Probe) -> None:
    """A query with a token that may not do it is refused with 403."""
    if probe.target.forbidden_token is None:
        probe.skip("needs --forbidden-token")
    probe.status(403, probe.query(token=probe.target.forbidden_token))
    probe.saw("403 with the forbidden token")
