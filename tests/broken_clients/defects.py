"""Every planted defect by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.broken_clients import (
    excusing,
    failing,
    late,
    later,
    leaking,
    leaking_elsewhere,
    paging,
    querying,
    reading,
    reading_bodies,
    reading_ids,
    reading_times,
    recovering,
    remembering,
    repeating,
    sending,
    straying,
    trusting,
    waiting,
)

if TYPE_CHECKING:
    from tests.broken_clients.planting import Defect

_SECTIONS: Final = (
    sending,
    querying,
    reading,
    reading_times,
    reading_bodies,
    reading_ids,
    paging,
    failing,
    excusing,
    waiting,
    repeating,
    leaking,
    leaking_elsewhere,
    remembering,
    recovering,
    straying,
    late,
    later,
    trusting,
)
ALL: Final[tuple[Defect, ...]] = tuple(defect for section in _SECTIONS for defect in section.DEFECTS)
DEFECTS: Final = {defect.name: defect for defect in ALL}
