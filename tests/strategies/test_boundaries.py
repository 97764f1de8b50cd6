"""Both sides of every bound: each is what it says, all are there, and no test changes them for another."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis.vendor.pretty import pretty

from appcode_contract import Exchange, FakeAppCodes, Request, Response
from appcode_contract.checks import judge_request, judge_response
from appcode_contract.schema_store import validator
from appcode_contract.strategies import (
    Invalid,
    Valid,
    boundary_app_codes,
    boundary_create_times,
    boundary_invalid_app_codes,
    boundary_invalid_create_times,
    boundary_invalid_limits,
    boundary_invalid_offsets,
    boundary_invalid_pages,
    boundary_limits,
    boundary_offsets,
    boundary_pages,
)
from tests.strategies import oracle

LONG = 2**63 - 1
URL = FakeAppCodes(seed=1).url("APP")


VALID_BOUNDARIES: list[tuple[str, tuple[Valid[Any], ...]]] = [
    ("app-code", boundary_app_codes),
    ("create-time", boundary_create_times),
    ("list-response", boundary_pages),
]
INVALID_BOUNDARIES: list[tuple[str, tuple[Invalid[Any], ...]]] = [
    ("app-code", boundary_invalid_app_codes),
    ("create-time", boundary_invalid_create_times),
    ("list-response", boundary_invalid_pages),
]
ORACLES = {
    "app-code": oracle.broken_by_app_code,
    "create-time": oracle.broken_by_time,
    "list-response": oracle.broken_by_page,
}


@pytest.mark.parametrize(
    ("name", "case"), [pytest.param(name, case, id=str(case)) for name, cases in VALID_BOUNDARIES for case in cases]
)
def test_a_value_on_the_right_side_of_a_bound_is_valid(name: str, case: Valid[Any]) -> None:
    assert ORACLES[name](case.value) == set()
    assert validator(name).is_valid(case.value)


@pytest.mark.parametrize(
    ("name", "case"), [pytest.param(name, case, id=str(case)) for name, cases in INVALID_BOUNDARIES for case in cases]
)
def test_a_value_beyond_a_bound_breaks_its_clause(name: str, case: Invalid[Any]) -> None:
    assert ORACLES[name](case.value) == {case.clause, *case.also}
    assert not validator(name).is_valid(case.value)


@pytest.mark.parametrize("case", boundary_limits, ids=str)
def test_a_limit_on_the_right_side_of_a_bound_is_valid(case: Valid[str]) -> None:
    assert oracle.broken_by_query([("limit", case.value)]) == set()


@pytest.mark.parametrize("case", boundary_invalid_limits, ids=str)
def test_a_limit_beyond_a_bound_breaks_its_clause(case: Invalid[str]) -> None:
    assert oracle.broken_by_query([("limit", case.value)]) == {case.clause}


@pytest.mark.parametrize("case", boundary_offsets, ids=str)
def test_an_offset_on_the_right_side_of_a_bound_is_valid(case: Valid[str]) -> None:
    assert oracle.broken_by_query([("offset", case.value)]) == set()


@pytest.mark.parametrize("case", boundary_invalid_offsets, ids=str)
def test_an_offset_beyond_a_bound_breaks_its_clause(case: Invalid[str]) -> None:
    assert oracle.broken_by_query([("offset", case.value)]) == {case.clause}


@pytest.mark.parametrize(
    ("cases", "least", "most"),
    [
        ((*boundary_app_codes, *boundary_invalid_app_codes), 64, 180),
        ((*boundary_limits, *boundary_invalid_limits), 1, 500),
        ((*boundary_offsets, *boundary_invalid_offsets), -(2**63), LONG),
    ],
    ids=["app codes", "limits", "offsets"],
)
def test_both_sides_of_both_bounds_are_there(cases: Any, least: int, most: int) -> None:  # noqa: ANN401 - cases of any type
    values = {case.value for case in cases}
    reached = values | {len(value) for value in values if value}

    for number in (least - 1, least, most, most + 1):
        assert number in reached or str(number) in reached


def fractional_digits(time: object) -> int:
    return len(str(time).partition(".")[2].removesuffix("Z"))


def test_times_of_each_precision_are_there_and_of_one_digit_too_many() -> None:
    valid = {fractional_digits(case.value) for case in boundary_create_times}
    invalid = {fractional_digits(case.value) for case in boundary_invalid_create_times if "." in str(case.value)}

    assert {*range(10)} == valid
    assert {0, 10} == invalid


def test_pages_on_both_sides_of_every_bound_are_there() -> None:
    sizes, totals = ({case.value[name] for case in boundary_pages} for name in ("size", "total"))
    sizes_beyond, totals_beyond = ({case.value[name] for case in boundary_invalid_pages} for name in ("size", "total"))

    assert {0, 1, 19, 20, 21, 499, 500} == sizes
    assert {0, 1, 2**31 - 1, 2**31, LONG} <= totals
    assert {-1, 501} <= sizes_beyond
    assert {-1, LONG + 1} <= totals_beyond


@pytest.mark.parametrize("case", boundary_pages, ids=str)
def test_a_page_on_the_right_side_of_a_bound_answers_the_limit_that_it_names(case: Valid[Any]) -> None:
    limit = case.kind.rpartition(" with ")[2]
    page, app_id = case.value, "a" * 32
    asked = Request("GET", f"{URL.replace('APP', app_id)}?{limit}", {"X-Auth-Token": "t"})
    answer = Response(200, {"Content-Type": "application/json"}, json.dumps(page).encode())

    assert page["size"] == min(page["total"], int(limit.removeprefix("limit=")))
    assert judge_request(Exchange(asked, None)).violations == ()
    assert judge_response(Exchange(asked, answer)).violations == ()


@pytest.mark.parametrize("case", [*boundary_pages, *boundary_invalid_pages], ids=str)
def test_what_a_test_changes_in_a_page_is_not_changed_for_the_next_one(case: Valid[Any] | Invalid[Any]) -> None:
    before = json.dumps(case.value)

    changed = case.value
    for item in changed["app_codes"] or ():
        item.clear()
    changed.clear()

    assert before == json.dumps(case.value)


@pytest.mark.parametrize("cases", [boundary_app_codes, boundary_invalid_app_codes, boundary_pages, boundary_limits])
def test_a_boundary_has_a_name_of_its_own_and_shows_no_app_code(cases: Any) -> None:  # noqa: ANN401 - cases of any type
    names = [str(case) for case in cases]

    assert sorted(set(names)) == sorted(names)
    assert all("bbbb" not in pretty(case) + str(case) for case in cases)
