"""Every planted defect is found by the clauses that it breaks, and by no other."""

from __future__ import annotations

from collections import Counter
from zlib import crc32

import pytest

from appcode_contract.clauses import BY_ID, CLAUSES
from tests.broken_servers.defects import ALL, DEFECTS
from tests.broken_servers.verify import verify_defect


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_fails_the_clauses_that_it_breaks_and_no_other(name: str) -> None:
    defect = DEFECTS[name]

    found = verify_defect(defect, seed=crc32(name.encode()))

    assert defect.broken == found.failed.keys(), found.failed
    assert not found.problem


def test_every_clause_that_binds_servers_is_broken_by_a_defect() -> None:
    binding = {clause.id for clause in CLAUSES if not clause.binds_client_only}

    broken = {defect.clause for defect in ALL}

    assert binding == broken


def test_defects_name_clauses_that_exist() -> None:
    assert set() == {clause for defect in ALL for clause in defect.broken} - BY_ID.keys()


def test_names_of_defects_are_unique() -> None:
    names = Counter(defect.name for defect in ALL)

    assert [] == [name for name, count in names.items() if count > 1]


def test_there_are_many_defects() -> None:
    assert len(DEFECTS) >= 130
