"""Every planted defect by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.broken_servers import (
    changing,
    generated_app_codes,
    generating,
    limit,
    listed_again,
    listed_items,
    listing,
    offset,
    paging,
    refusing,
    tokens,
    wording,
)

if TYPE_CHECKING:
    from tests.broken_servers.planting import Defect

_SECTIONS: Final = (
    generating,
    generated_app_codes,
    listed_again,
    listing,
    listed_items,
    offset,
    limit,
    paging,
    tokens,
    refusing,
    changing,
    wording,
)
ALL: Final[tuple[Defect, ...]] = tuple(defect for section in _SECTIONS for defect in section.DEFECTS)
DEFECTS: Final = {defect.name: defect for defect in ALL}
