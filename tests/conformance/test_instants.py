"""Moments as servers write them: the second of one and the same AppCode on generate and in the list."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from appcode_contract.conformance.instants import instant_of
from appcode_contract.conformance.runner import run
from appcode_contract.conformance.selection import Selection
from appcode_contract.messages import Exchange
from appcode_contract.report import Outcome
from tests.broken_servers.service import Service
from tests.broken_servers.values import Choices, rfc3339
from tests.broken_servers.verify import target_of

if TYPE_CHECKING:
    from appcode_contract.messages import Request

SECOND = 10**9
MINUTE_END = int(datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC).timestamp())
LATE = MINUTE_END * SECOND + SECOND - 1
"""The last nanosecond of a day."""


class AtOneMoment(Service):
    """A server whose clock stands still, and whose list tells another moment."""

    def __init__(self, moment: int, apart: int = 0, digits: int = 0) -> None:
        super().__init__(existing=2, choices=Choices(create_time_precision="as_documented"))
        self.moment, self.apart, self.digits = moment, apart, digits

    def now(self) -> int:
        return self.moment

    def time_on_list(self, created: int) -> str:
        return rfc3339(created + self.apart, self.digits)


def judged(service: Service) -> Outcome:
    def send(request: Request, _: float) -> Exchange:
        return Exchange(request, service.handle(request))

    report = run(target_of(service, "http://127.0.0.1:9", 2, 0), Selection(("generate/listed",)), send=send)
    return report.clauses[0].outcome


@pytest.mark.parametrize("nanosecond", [0, 1, 499_999_999, 500_000_000, 999_999_000, 999_999_999])
@pytest.mark.parametrize("digits", [0, 3, 9])
def test_a_second_is_the_same_with_and_without_its_digits(nanosecond: int, digits: int) -> None:
    service = AtOneMoment(MINUTE_END * SECOND + nanosecond, digits=digits)

    assert Outcome.PASSED == judged(service)


@pytest.mark.parametrize("apart", [1, -1, 60, -60, 3600, -3600])
@pytest.mark.parametrize("nanosecond", [0, 999_999_999])
@pytest.mark.parametrize("digits", [0, 3])
def test_another_second_is_not_the_same(nanosecond: int, apart: int, digits: int) -> None:
    service = AtOneMoment(MINUTE_END * SECOND + nanosecond, apart * SECOND, digits)

    assert Outcome.FAILED == judged(service)


def test_the_next_second_is_another_one_however_near() -> None:
    assert Outcome.FAILED == judged(AtOneMoment(LATE, apart=1))


def test_a_moment_may_be_rounded_to_the_digits_that_are_written() -> None:
    assert Outcome.PASSED == judged(AtOneMoment(LATE, apart=1, digits=3))


@pytest.mark.parametrize("digits", range(1, 40))
def test_nines_are_less_than_a_second(digits: int) -> None:
    exact = instant_of(f"2024-02-29T23:59:59.{'9' * digits}Z")
    shown = instant_of("2024-02-29T23:59:59Z")

    assert exact is not None
    assert shown is not None
    assert (MINUTE_END, MINUTE_END) == (exact.seconds, shown.seconds)
    assert 0 == shown.fraction < exact.fraction < 1
    assert (digits, 0) == (exact.digits, shown.digits)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2024-02-29T23:59:59Z", MINUTE_END),
        ("2024-02-29t23:59:59z", MINUTE_END),
        ("2024-03-01T05:29:59+05:30", MINUTE_END),
        ("2024-02-29T15:59:59.000-08:00", MINUTE_END),
        ("2024-02-29T23:59:60Z", MINUTE_END + 1),
        ("2024-03-01T00:00:00Z", MINUTE_END + 1),
        ("1969-12-31T23:59:59.999999999Z", -1),
    ],
)
def test_a_moment_is_the_same_however_it_is_written(text: str, seconds: int) -> None:
    moment = instant_of(text)

    assert moment is not None
    assert seconds == moment.seconds


@pytest.mark.parametrize(
    "text",
    ["", "2024-02-29", "2024-02-29T23:59:59", "2024-02-29T23:59:59.Z", "2024-02-30T23:59:59Z", "2024-02-29T24:59:59Z",
     "2024-02-29T23:59:61Z", "2024-02-29T23:59:59+24:00", "٢٠٢٤-02-29T23:59:59Z", "2024-02-29T23:59:59Z\n", 5, None],
)  # fmt: skip
def test_what_is_no_moment_is_none(text: object) -> None:
    assert instant_of(text) is None
