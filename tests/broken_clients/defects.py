"""Every planted defect by name."""

from __future__ import annotations

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
