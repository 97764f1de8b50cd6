"""When a run sends: within its deadline, at its rate, and not while the server wants to be left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest

from appcode_contract import Response
from appcode_contract.conformance.outcomes import NotExercised
from appcode_contract.conformance.pace import Pace, wait_asked_for

if TYPE_CHECKING:
    from tests.conformance.clock import Clock


def moments(clock: Clock, pace: Pace, counts: list[int]) -> list[float]:
    told = []
    for count in counts:
        pace.turn("GET", count)
        told.append(clock.now - 1000)
    return told


def test_without_a_rate_nothing_waits(clock: Clock) -> None:
    assert [0, 0, 0] == moments(clock, Pace(10, None), [1, 1, 1])


def test_requests_keep_their_distance(clock: Clock) -> None:
    assert [0, 0.5, 1.0, 1.5] == moments(clock, Pace(10, 2), [1, 1, 1, 1])


def test_requests_at_the_same_time_take_as_much_of_the_rate_as_others(clock: Clock) -> None:
    times = moments(clock, Pace(60, 4), [1, 1, 4, 1, 1])

    sent = [moment for moment, count in zip(times, [1, 1, 4, 1, 1], strict=True) for _ in range(count)]
    assert all(sum(begin <= each < begin + 1 for each in sent) <= 5 for begin in sent)
    assert 2 == times[3] - times[1]


def test_what_the_server_wants_left_alone_is_left_alone(clock: Clock) -> None:
    kept = Pace(60, None)
    kept.hold("PUT", 7)

    kept.turn("GET")
    assert 1000 == clock.now
    kept.turn("PUT")
    assert 1007 == clock.now


def test_nothing_is_sent_after_the_deadline(clock: Clock) -> None:
    kept = Pace(60, None)
    clock.now += 60

    with pytest.raises(NotExercised, match=r"the run's 60 s are over \(--deadline\)"):
        kept.turn("GET")
    with pytest.raises(NotExercised, match="--deadline"):
        kept.left()


def test_a_wait_beyond_the_deadline_is_not_begun(clock: Clock) -> None:
    kept = Pace(60, None)
    kept.hold("GET", 600)

    with pytest.raises(NotExercised, match="asks to wait 600 s, longer than the run may take"):
        kept.turn("GET")
    assert 1000 == clock.now


@pytest.mark.parametrize(
    ("status", "retry_after", "seconds"),
    [
        (429, None, 1),
        (429, "0", 0),
        (429, "7", 7),
        (429, " 7 ", 7),
        (429, "soon", 1),
        (429, "-3", 1),
        (429, "٣", 1),
        (503, "2", 2),
        (503, None, None),
        (500, "2", None),
        (200, "2", None),
    ],
)
def test_how_long_a_server_wants_to_be_left_alone(status: int, retry_after: str | None, seconds: float | None) -> None:
    headers = {} if retry_after is None else {"Retry-After": retry_after}

    assert seconds == wait_asked_for(Response(status, headers))


def test_a_moment_to_come_back_at_is_understood() -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)

    wait = wait_asked_for(Response(429, {"Retry-After": moment}))

    assert wait is not None
    assert 90 < wait <= 100


def test_a_moment_that_is_over_is_no_wait() -> None:
    assert 0 == wait_asked_for(Response(503, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}))


def test_no_answer_asks_for_nothing() -> None:
    assert wait_asked_for(None) is None
