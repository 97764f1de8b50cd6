"""Nobody is blamed for what others do meanwhile; and what the server chose is reported."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Literal

import pytest

from appcode_contract import Behavior, FakeAppCodes, Request, Response
from appcode_contract.report import Verdict
from tests.conformance.broken import BrokenServer
from tests.conformance.faithful import others_at_work, slow_down_always
from tests.conformance.support import new_fake, verify

if TYPE_CHECKING:
    from tests.conformance.broken import Handle


def test_what_the_server_chose_is_reported() -> None:
    fake = new_fake(behavior=Behavior(out_of_range_limit="clamp"))

    report = verify(fake)

    assert "clamp" == report.behaviors["out_of_range_limit"]


@pytest.mark.parametrize("seconds", [0.01, 0.05, 0.2])
@pytest.mark.parametrize("order", ["newest_first", "oldest_first"])
def test_nobody_is_blamed_for_what_others_do_meanwhile(
    seconds: float, order: Literal["newest_first", "oldest_first"]
) -> None:
    fake = new_fake(behavior=Behavior(list_order=order))
    fake.seed(45)

    with others_at_work(fake, seconds):
        report = verify(fake)

    assert () == report.violations


def another_user_makes_20(at: int) -> Handle:
    """Somebody else makes AppCodes all at once, just before one of the run's requests."""
    calls = count(1)

    def handle(inner: FakeAppCodes, request: Request) -> Response:
        if next(calls) == at:
            inner.seed(20)
        return inner.handle(request)

    return handle


@pytest.mark.parametrize("at", [92, 163, 234])
def test_nobody_is_blamed_when_others_make_the_list_longer_than_is_read(at: int) -> None:
    fake = new_fake(behavior=Behavior(list_order="oldest_first"))
    fake.seed(6495)

    report = verify(fake, BrokenServer(fake, another_user_makes_20(at)), read_only=True)

    assert 6515 == len(fake.app_codes())
    assert () == report.violations


@pytest.mark.parametrize("at", range(2, 60, 7))
def test_nobody_is_blamed_for_many_app_codes_that_another_user_makes_at_once(at: int) -> None:
    fake = new_fake()
    fake.seed(3)

    report = verify(fake, BrokenServer(fake, another_user_makes_20(at)), read_only=True)

    assert 23 == len(fake.app_codes())
    assert () == report.violations


@pytest.mark.parametrize("at", range(1, 60, 4))
def test_nobody_is_blamed_for_one_app_code_of_another_user(at: int) -> None:
    fake = new_fake()
    fake.seed(3)
    calls = count(1)
    refused_a_moment_ago = False

    def handle(inner: FakeAppCodes, request: Request) -> Response:
        nonlocal refused_a_moment_ago
        # Right beside the one generate that is refused, nobody could tell whose AppCode it is.
        refused = request.method == "PUT" and request.header("X-Auth-Token") is None
        if next(calls) == at and not refused and not refused_a_moment_ago:
            inner.seed(1)
        refused_a_moment_ago = refused
        return inner.handle(request)

    report = verify(fake, BrokenServer(fake, handle))

    assert () == report.violations


def test_a_server_that_only_asks_to_slow_down_is_not_called_conforming() -> None:
    fake = new_fake()

    report = verify(fake, BrokenServer(fake, slow_down_always))

    assert Verdict.INCONCLUSIVE == report.verdict
    assert () == report.violations
