"""Whether the suite found a defect: by the test named for it, and without blaming what has nothing to do with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from appcode_contract.client_contract import AppCodeClientContract

if TYPE_CHECKING:
    from tests.broken_clients.planting import Defect
    from tests.broken_clients.running import Found

GROUP_OF: Final = {
    test: group.__name__
    for group in AppCodeClientContract.__mro__[1:]
    for test in vars(group)
    if test.startswith("test_")
}
"""The group of each test of the suite."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a defect was found.

    Attributes:
        found: Whether the test named for it failed.
        instead: Tests that failed, and whose groups have nothing to do with it.
    """

    found: bool
    instead: frozenset[str]

    @property
    def summary(self) -> str:
        more = f" +{len(self.instead)}" if self.instead else ""
        return ("found" if self.found else "MISSED") + more


def verdict_on(defect: Defect, found: Found) -> Verdict:
    blamed = {test for test in found.failed if test != defect.breaks and GROUP_OF.get(test) not in defect.also}
    return Verdict(defect.breaks in found.failed, frozenset(blamed))
