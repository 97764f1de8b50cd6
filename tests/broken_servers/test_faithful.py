"""No faithful server is blamed, whatever the seed."""

from __future__ import annotations

import os

import pytest

from tests.broken_servers.faithful import FAITHFUL
from tests.broken_servers.http_server import Transport
from tests.broken_servers.verify import verify_faithful

SEEDS = int(os.environ.get("APPCODE_CONTRACT_SEEDS", "25"))
"""How many servers are made beyond one of each kind; they are spread over the kinds."""


def runs() -> list[tuple[str, int]]:
    """Give each kind one seed, and the further seeds to the kinds that need no socket."""
    quick = [name for name, server in FAITHFUL.items() if server.transport == Transport()]
    further = [(quick[number * 7 % len(quick)], 1000 + number) for number in range(SEEDS)]
    return [*((name, number) for number, name in enumerate(FAITHFUL)), *further]


@pytest.mark.parametrize(("name", "seed"), runs())
def test_a_faithful_server_is_not_blamed(name: str, seed: int) -> None:
    found = verify_faithful(FAITHFUL[name], seed)

    assert {} == found.failed
    assert not found.problem


def test_there_are_many_faithful_servers() -> None:
    assert len(FAITHFUL) >= 30
