"""Moments as create_time writes them, to compare two of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

_TIME: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:)([0-9]{2})(?:\.([0-9]+))?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_LEAP: Final = "60"
_TOLD: Final = 12


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment.

    Attributes:
        seconds: Whole seconds since 1970 in UTC.
        fraction: What there is beyond them, 0 to less than 1.
        digits: How many fractional digits it was written with.
    """

    seconds: int
    fraction: float
    digits: int


def instant_of(text: object) -> Instant | None:
    """Read an RFC 3339 date-time with any number of fractional digits.

    Args:
        text: Any JSON value.

    Returns:
        The moment; None when it is none. A leap second is the one after it.
    """
    match = _TIME.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    begin, second, fraction, zone = match.groups()
    leap = second == _LEAP
    try:
        whole = datetime.fromisoformat(f"{begin}{'59' if leap else second}{zone}".upper())
    except ValueError:
        return None
    # Read as a number, nine digits of nine would be a whole second more.
    beyond = float(f"0.{(fraction or '0')[:_TOLD]}")
    return Instant(int(whole.timestamp()) + leap, beyond, len(fraction or ""))
