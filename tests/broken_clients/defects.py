"""Every planted defect by name."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from tests.broken_clients import (
    failing,
    leaking,
    paging,
    querying,
    reading,
    reading_bodies,
    reading_times,
    remembering,
    repeating,
    sending,
    waiting,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.broken_clients.planting import Defect

_SECTIONS: Final = (
    sending,
    querying,
    reading,
    reading_times,
    reading_bodies,
    paging,
    failing,
    waiting,
    repeating,
    leaking,
    remembering,
)
ALL: Final[tuple[Defect, ...]] = tuple(defect for section in _SECTIONS for defect in section.DEFECTS)
DEFECTS: Final = {defect.name: defect for defect in ALL}
MISSED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "an item twice when the list grows": "what list_all gives is not looked at when the list changes meanwhile",
        "the body of a 502 is read before its status": "an error without a status is enough where none is documented",
        "members of another type are no error": "no answer has members of another type",
        "an old AppCode for a new one after an error": "no list works while a generate has to fail",
        "what is generated is kept": "a generate that sends nothing is not noticed after another one",
    }
)
"""Defects that no test finds, or another than the one named for it, and why."""
