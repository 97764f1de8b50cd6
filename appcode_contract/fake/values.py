"""Where the fake's identifiers, AppCodes and times come from: ``secrets``, or a seed."""

from __future__ import annotations

import random
import secrets
import string
import time
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from appcode_contract.behavior import Behavior

_FIRST: Final = string.ascii_letters + "+/"
_LETTERS: Final = string.ascii_letters + "+_!@#$%/="
_WITH_DIGITS: Final = _LETTERS + string.digits
_SHORTEST: Final = 64
_LONGEST: Final = 180
_SECOND: Final = 1_000_000_000
# 2020-07-24T02:31:45.790909295Z, the time of the example (G ex); seeded clocks begin here.
_EPOCH: Final = 1_595_557_905_790_909_295


class ValueSource:
    """Makes values: unguessable without a seed, the same every time with one.

    Args:
        seed: A seed, or None for values from the operating system's generator and the real clock.
    """

    def __init__(self, seed: int | None) -> None:
        """Begin at the seed's first value."""
        self.seed = seed
        self._seeded = seed is not None
        self._random: random.Random = random.Random(seed) if self._seeded else secrets.SystemRandom()  # noqa: S311 - a seed asks for repeatable values
        self._last = _EPOCH if self._seeded else 0

    def save(self) -> tuple[object, int] | None:
        """Give this point of a seed's values; None without a seed."""
        return (self._random.getstate(), self._last) if self._seeded else None

    def load(self, point: tuple[object, int] | None) -> None:
        """Go back to a point, so that a seed's values come again; without a seed nothing happens."""
        if point is not None:
            state, self._last = point
            self._random.setstate(state)  # type: ignore[arg-type] # getstate's own value

    def identifier(self) -> str:
        """Make an identifier: 32 hexadecimal digits, as in the examples."""
        return self._random.randbytes(16).hex()

    def token(self) -> str:
        """Make a token: 64 letters and digits."""
        return self._characters(string.ascii_letters + string.digits, 64)

    def app_code(self, behavior: Behavior) -> str:
        """Make an AppCode (G T3).

        Args:
            behavior: Decides alphabet and length.

        Returns:
            64 to 180 characters.
        """
        length = {"shortest": _SHORTEST, "longest": _LONGEST}.get(behavior.app_code_length) or self._random.randint(
            _SHORTEST, _LONGEST
        )
        alphabet = _WITH_DIGITS if behavior.app_code_alphabet == "with_digits" else _LETTERS
        return self._characters(_FIRST, 1) + self._characters(alphabet, length - 1)

    def instant(self) -> int:
        """Give the time of a new AppCode.

        Returns:
            Nanoseconds since 1970 in UTC, later than every one before.
        """
        if self._seeded:
            self._last += self._random.randint(1, 2 * _SECOND)
        else:
            self._last = max(time.time_ns(), self._last + 1)
        return self._last

    def _characters(self, alphabet: str, count: int) -> str:
        table, unfair = _table(alphabet)
        picked = b""
        while len(picked) < count:
            picked += self._random.randbytes(count + count // 2 + 4).translate(table, unfair)
        return picked[:count].decode("ascii")


@cache
def _table(alphabet: str) -> tuple[bytes, bytes]:
    """Give which character each byte stands for, and the bytes that would favour some characters."""
    fair = 256 - 256 % len(alphabet)
    return bytes(ord(alphabet[byte % len(alphabet)]) for byte in range(256)), bytes(range(fair, 256))


def write_time(nanoseconds: int) -> str:
    """Write an instant in full, as records keep it.

    Args:
        nanoseconds: Since 1970 in UTC.

    Returns:
        RFC 3339 in UTC with nine fractional digits.
    """
    seconds, fraction = divmod(nanoseconds, _SECOND)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{fraction:09d}Z"


def show_time(full: str, operation: Literal["generate", "list"], behavior: Behavior) -> str:
    """Write a record's time as an operation answers it.

    Args:
        full: The time as ``write_time`` gives it.
        operation: Which operation answers.
        behavior: Decides precision and zone.

    Returns:
        RFC 3339; digits beyond the precision are cut, not rounded, as in the examples.
    """
    second, fraction = full[:19], full[20:29]
    by_precision = {
        "seconds": 0,
        "milliseconds": 3,
        "as_documented": 9 if operation == "generate" else 0,
    }
    digits = by_precision[behavior.create_time_precision]
    zone = "Z"
    if behavior.create_time_zone == "offset":
        east = timezone(timedelta(hours=8))
        second = f"{datetime.fromisoformat(second + 'Z').astimezone(east):%Y-%m-%dT%H:%M:%S}"
        zone = "+08:00"
    return second + ("." + fraction[:digits] if digits else "") + zone
