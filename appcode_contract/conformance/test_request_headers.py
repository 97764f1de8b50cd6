"""Both pages, request header parameters: the token, and the path parameters that go with every request."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from appcode_contract.conformance.test_generating_request import made_up_token

if TYPE_CHECKING:
    from appcode_contract.conformance.probe import Probe

_PATH = ("path/uri", "path/project-id", "path/instance-id", "path/app-id")


@pytest.mark.clause("header/x-auth-token")
def test_without_a_token_a_query_is_refused(probe: Probe) -> None:
    """A query without X-Auth-Token, or with an empty one, is refused with 401."""
    for query in ({}, {"limit": "1"}, {"offset": "1", "limit": "500"}):
        probe.status(401, probe.query(query, token=None))
    probe.status(401, probe.query(token=""))


@pytest.mark.clause("header/x-auth-token")
@pytest.mark.parametrize("name", ["x-auth-token", "X-AUTH-TOKEN"])
def test_the_header_counts_in_any_letter_case(probe: Probe, name: str) -> None:
    """The header is known whatever the case of its letters."""
    probe.status(200, probe.query(header=name))
    probe.saw("401 without it; any letter case works")


@pytest.mark.clause("error/401/code")
def test_with_a_wrong_token_a_query_is_refused(probe: Probe) -> None:
    """A query with a made-up token is refused with 401, and one with half of the right token too."""
    probe.status(401, probe.query(token=made_up_token(probe)))
    half = probe.target.token[: len(probe.target.token) // 2]
    if half:
        probe.status(401, probe.query(token=half))
    probe.saw("401 without a token and with a wrong one")


@pytest.mark.clause("error/403/code")
def test_with_a_forbidden_token_a_query_is_refused(probe: Probe) -> None:
    """A query with a token that may not do it is refused with 403."""
    if probe.target.forbidden_token is None:
        probe.skip("needs --forbidden-token")
    probe.status(403, probe.query(token=probe.target.forbidden_token))
    probe.saw("403 with the forbidden token")
