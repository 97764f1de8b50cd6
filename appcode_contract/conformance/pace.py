"""When a run may send its next request: within its deadline, at its rate, and not before the server wants one."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final, NoReturn

from appcode_contract.conformance.outcomes import NotExercised

if TYPE_CHECKING:
    from appcode_contract.messages import Response

DEADLINE: Final = "--deadline"
"""Stands in every reason that says that the run had no more time."""
_TOO_MANY_REQUESTS: Final = 429
_UNAVAILABLE: Final = 503
_USUAL_WAIT: Final = 1.0


class Pace:
    """Tells when requests may be sent, and waits until then.

    Args:
        deadline: Seconds that the run may take, from now on.
        rate: Requests a second; None for as many as go.

    Attributes:
        over: Why a request was not sent any more; empty while there is time.
    """

    def __init__(self, deadline: float, rate: float | None) -> None:
        """Start the clock."""
        self.over = ""
        self._deadline = deadline
        self._end = time.monotonic() + deadline
        self._interval = 1 / rate if rate else 0.0
        self._free = 0.0
        self._held: dict[str, float] = {}

    def left(self) -> float:
        """Give the seconds that the run has left.

        Returns:
            More than 0.

        Raises:
            NotExercised: There are none.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            self._stop(self._late())
        return left

    def used(self) -> float:
        """Give the part of the run's time that is over, 0 to 1 and more."""
        return 1 - (self._end - time.monotonic()) / self._deadline

    def turn(self, method: str, count: int = 1) -> None:
        """Wait until requests may be sent.

        Args:
            method: Their method; a server may want no generate while it answers queries.
            count: How many are sent at the same time.

        Raises:
            NotExercised: That would be after the deadline.
        """
        burst = self._interval * (count - 1)
        now = time.monotonic()
        held = self._held.get(method, 0.0)
        begin = max(now, held, self._free + burst)
        if begin >= self._end:
            self._stop(self._asked_to_wait(held - now) if held >= self._end else self._late())
        self._free = begin + self._interval * count
        if begin > now:
            time.sleep(begin - now)

    def hold(self, method: str, seconds: float) -> None:
        """Send nothing of a method for a while.

        Args:
            method: The method.
            seconds: How long.
        """
        self._held[method] = time.monotonic() + seconds

    def rest(self, seconds: float) -> None:
        """Send nothing for a moment, but not beyond the deadline.

        Args:
            seconds: How long.

        Raises:
            NotExercised: The deadline is over.
        """
        time.sleep(min(seconds, self.left()))

    def _stop(self, why: str) -> NoReturn:
        self.over = why
        raise NotExercised(why)

    def _late(self) -> str:
        return f"the run's {self._deadline:g} s are over ({DEADLINE})"

    def _asked_to_wait(self, seconds: float) -> str:
        return f"the server asks to wait {seconds:.0f} s, longer than the run may take ({DEADLINE} {self._deadline:g})"


def wait_asked_for(response: Response | None) -> float | None:
    """Read how long a server wants to be left alone.

    Args:
        response: Its answer.

    Returns:
        Seconds, at least 0, from a 429, or from a 503 that has Retry-After; None for every other answer. A 429 without
        Retry-After, or with one that cannot be read, is taken for one second.
    """
    if response is None or response.status not in {_TOO_MANY_REQUESTS, _UNAVAILABLE}:
        return None
    text = response.header("Retry-After")
    if text is None:
        return _USUAL_WAIT if response.status == _TOO_MANY_REQUESTS else None
    return _seconds(text.strip())


def _seconds(text: str) -> float:
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return _USUAL_WAIT
    moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
