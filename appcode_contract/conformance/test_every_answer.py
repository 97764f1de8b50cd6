"""Both pages, responses: what was found in any answer of the run, clause by clause.

These come last. A clause that other tests judge as well takes its outcome from them; here it can only fail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from appcode_contract.conformance.selection import SERVER_CLAUSES

if TYPE_CHECKING:
    from appcode_contract.conformance.probe import Probe


def _marks(clause: str) -> list[pytest.MarkDecorator]:
    """A clause of what generate answers needs something generated, also when it alone is selected."""
    return [pytest.mark.clause(clause), *([pytest.mark.generates] if clause.startswith("generate/") else [])]


@pytest.mark.passive
@pytest.mark.parametrize(
    "clause", [pytest.param(each.id, marks=_marks(each.id), id=each.id) for each in SERVER_CLAUSES]
)
def test_every_answer_keeps_the_clause(probe: Probe, clause: str) -> None:
    """No answer of the run broke the clause."""
    probe.nothing_found(clause)
    if clause not in probe.evidence and probe.judged[clause]:
        probe.saw(f"{probe.judged[clause]} responses")
