"""Which clauses a run judges."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from appcode_contract.clauses import CLAUSES, Level

if TYPE_CHECKING:
    from collections.abc import Mapping

    from appcode_contract.clauses import Clause

_FIRMNESS: Final = (Level.DOCUMENTED, Level.EXAMPLE, Level.IMPLIED)
SERVER_CLAUSES: Final = tuple(clause for clause in CLAUSES if not clause.binds_client_only)
"""Every clause that a server can break, in the order of the pages."""


class SelectionError(ValueError):
    """A selection that cannot be: the message says which part, and what would be right."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which clauses a run judges; every clause that binds servers when nothing is said.

    Attributes:
        clauses: Ids of clauses, or what ids begin with up to a slash, as ``"list/limit"``; empty for every clause.
        level: The least firm level that counts: ``documented`` leaves out what only an example shows and what is
            implied, ``example`` what is implied; None for every level.
        exact: Whether a clause is meant alone, without those below it.
        again: Queries for the app's list that are sent once more after the tests, as parameters on the wire.

    Raises:
        SelectionError: A part selects no clause that binds servers.
    """

    clauses: tuple[str, ...] = ()
    level: Level | None = None
    exact: bool = False
    again: tuple[Mapping[str, str], ...] = ()

    def __post_init__(self) -> None:
        """Refuse what selects nothing."""
        for part in self.clauses:
            if not any(self._names(clause.id, part) for clause in SERVER_CLAUSES):
                raise SelectionError(unknown_clause(part, exact=self.exact))
        if not any(map(self.includes, SERVER_CLAUSES)):
            msg = f"no clause of {', '.join(self.clauses)} is at level {self.level}"
            raise SelectionError(msg)

    def includes(self, clause: Clause) -> bool:
        """Say whether a clause is judged."""
        firm = self.level is None or _FIRMNESS.index(clause.level) <= _FIRMNESS.index(self.level)
        named = not self.clauses or any(self._names(clause.id, part) for part in self.clauses)
        return firm and named and not clause.binds_client_only

    def _names(self, clause_id: str, part: str) -> bool:
        return clause_id == part if self.exact else _begins(clause_id, part)


def _begins(clause_id: str, part: str) -> bool:
    return f"{clause_id}/".startswith(f"{part.rstrip('/')}/")


def unknown_clause(part: str, *, exact: bool = False) -> str:
    """Say that there is no such clause, and which one may be meant.

    Args:
        part: What was asked for.
        exact: Whether only the id of a clause would be right, and not what ids begin with.

    Returns:
        One sentence.
    """
    parts = {"/".join(clause.id.split("/")[:end]) for clause in SERVER_CLAUSES for end in (1, 2, 3)}
    parts = {clause.id for clause in SERVER_CLAUSES} if exact else parts
    close = get_close_matches(part, sorted(parts), n=3)
    hint = f"; did you mean {' or '.join(close)}?" if close else "; appcode-contract verify --list shows every clause"
    return f"no clause that binds servers is called {part!r}{hint}"
