"""Every planted defect is found, by the clause that it breaks."""

from __future__ import annotations

import pytest

from appcode_contract.report import Outcome, Verdict
from tests.conformance.broken import DEFECTS, BrokenServer
from tests.conformance.support import new_fake, outcomes, verify


@pytest.mark.parametrize("name", DEFECTS)
def test_a_planted_defect_fails_its_clause(name: str) -> None:
    clause, handle = DEFECTS[name]
    fake = new_fake(seed=1)

    report = verify(fake, BrokenServer(fake, handle))

    assert Verdict.VIOLATES == report.verdict
    assert Outcome.FAILED == outcomes(report)[clause]
    assert not report.problem
