"""No test fails for a defect that has nothing to do with it: the whole suite, over every broken client."""

from __future__ import annotations

import pytest

from tests.broken_clients.defects import DEFECTS
from tests.broken_clients.running import run_defect
from tests.broken_clients.verdicts import verdict_on


@pytest.mark.parametrize("name", DEFECTS)
def test_no_test_is_failed_by_a_defect_of_something_else(name: str) -> None:
    found = run_defect(DEFECTS[name])

    assert frozenset() == verdict_on(DEFECTS[name], found).instead, found.failed
