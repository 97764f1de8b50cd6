"""Every planted defect is found by the test named for it."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.broken_clients.defects import ALL, DEFECTS
from tests.broken_clients.planting import EVERYTHING
from tests.broken_clients.running import run_defect
from tests.broken_clients.verdicts import GROUP_OF


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_found_by_the_test_named_for_it(name: str) -> None:
    defect = DEFECTS[name]

    found = run_defect(defect, *defect.after, defect.breaks)

    assert defect.breaks in found.failed


def test_every_test_of_the_suite_has_a_defect() -> None:
    assert set(GROUP_OF) == {defect.breaks for defect in ALL}


def test_defects_name_tests_and_groups_that_exist() -> None:
    assert EVERYTHING == set(GROUP_OF.values())
    assert set() == {group for defect in ALL for group in defect.also} - EVERYTHING


def test_names_of_defects_are_unique() -> None:
    names = Counter(defect.name for defect in ALL)

    assert [] == [name for name, count in names.items() if count > 1]


def test_there_are_many_defects() -> None:
    assert len(DEFECTS) >= 80
