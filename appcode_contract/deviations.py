"""Known deviations as values: clauses that a server is known to break, and what a run says of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


class DeviationState(StrEnum):
    """What a run says of a known deviation. ``resolved`` and ``expired`` are mistakes of the list."""

    KNOWN = "known"
    RESOLVED = "resolved"
    EXPIRED = "expired"
    NOT_EXERCISED = "not_exercised"


@dataclass(frozen=True, slots=True)
class Deviation:
    """A clause that a server is known to break.

    Attributes:
        clause: The clause's id.
        reason: Why that is accepted, without credentials.
        expires: The last day on which it is; None for as long as the clause is broken.
        place: Where this is written: file and entry.
    """

    clause: str
    reason: str
    expires: date | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class JudgedDeviation:
    """A known deviation, and what a run says of it.

    Attributes:
        deviation: The deviation.
        state: What the run says of it.
    """

    deviation: Deviation
    state: DeviationState

    @property
    def problem(self) -> str:
        """What is wrong with the entry, in one line; empty when nothing is."""
        entry = f"{self.deviation.place}: {self.deviation.clause}"
        if self.state is DeviationState.RESOLVED:
            return f"{entry} is kept now; remove the entry"
        if self.state is DeviationState.EXPIRED:
            return f"{entry} was accepted until {self.deviation.expires}; remove the entry, or give a later date"
        return ""
