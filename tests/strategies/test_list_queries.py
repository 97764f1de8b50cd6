"""Queries of the list operation, valid and broken, judged by hand, by the schema, by the checks and by the fake."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis.vendor.pretty import pretty

from appcode_contract import Exchange, FakeAppCodes, Request
from appcode_contract.checks import judge_request, judge_response
from appcode_contract.schema_store import validator
from appcode_contract.strategies import Invalid, invalid_list_queries, list_queries
from tests.strategies.amounts import amount

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

    from appcode_contract.strategies import Query

bounded = settings(derandomize=True, max_examples=amount(50, 200), database=None, deadline=None)
searching = settings(
    derandomize=True, max_examples=500, database=None, deadline=None, phases=[Phase.generate, Phase.shrink]
)

MINIMUM = "list/limit/minimum"
MAXIMUM = "list/limit/maximum"
LIMIT = "list/limit/type"
OFFSET = "list/offset/long"
UNREADABLE = (
    "is empty",
    "has a blank",
    "has a plus sign",
    "is a fraction",
    "has an exponent",
    "has another base",
    "has digits beyond ASCII",
    "is a word",
    "is more than a number",
    "is repeated",
)
KINDS = {
    "limit is below 1": MINIMUM,
    "limit is above 500": MAXIMUM,
    **{f"limit {kind}": LIMIT for kind in UNREADABLE},
    "offset is below 64 bits": OFFSET,
    "offset is above 64 bits": OFFSET,
    "offset has 41 digits": OFFSET,
    **{f"offset {kind}": OFFSET for kind in UNREADABLE},
}


def read_integer(text: str) -> int | None:
    """Read a decimal integer of ASCII digits, digit by digit."""
    digits = text.removeprefix("-")
    if not digits or any(digit not in "0123456789" for digit in digits):
        return None
    value = 0
    for digit in digits:
        value = 10 * value + "0123456789".index(digit)
    return -value if text.startswith("-") else value


def broken_rules(query: Query) -> set[str]:
    """Judge a query as the pages are read."""
    rules = set()
    for name, clause in (("limit", LIMIT), ("offset", OFFSET)):
        given_values = [value for key, value in query if key == name]
        numbers = [read_integer(value) for value in given_values]
        if len(given_values) > 1 or None in numbers:
            rules.add(clause)
            continue
        for number in numbers:
            assert number is not None
            if name == "limit" and number < 1:
                rules.add(MINIMUM)
            if name == "limit" and number > 500:
                rules.add(MAXIMUM)
            if name == "offset" and number not in range(-(2**63), 2**63):
                rules.add(OFFSET)
    return rules


def request(fake: FakeAppCodes, query: Query) -> Request:
    return Request("GET", f"{fake.url()}?{urlencode(query)}", {"X-Auth-Token": fake.token})


@cache
def examples(make: Callable[[], SearchStrategy[Any]], count: int = 200) -> list[Any]:
    """Collect what a bounded run draws, once for all tests."""
    drawn: list[Any] = []

    @settings(bounded, max_examples=count, phases=[Phase.generate])
    @given(make())
    def run(value: Any) -> None:  # noqa: ANN401 - any value
        drawn.append(value)

    run()
    return drawn


@bounded
@given(list_queries())
def test_every_query_keeps_each_rule_of_the_page(query: dict[str, str]) -> None:
    assert broken_rules(tuple(query.items())) == set()
    assert query.keys() <= {"offset", "limit"}


@bounded
@given(list_queries())
def test_every_query_read_as_integers_is_valid_by_the_schema(query: dict[str, str]) -> None:
    assert validator("list-query").is_valid({name: int(value) for name, value in query.items()})


@bounded
@given(list_queries())
def test_every_query_is_answered_by_the_fake_and_passes_the_checks(query: dict[str, str]) -> None:
    fake = FakeAppCodes(seed=1)

    response = fake.handle(request(fake, tuple(query.items())))

    assert response.status == 200
    assert fake.violations == ()


@bounded
@given(list_queries())
def test_every_query_survives_the_url(query: dict[str, str]) -> None:
    assert dict(parse_qsl(urlencode(query), keep_blank_values=True)) == query


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("limit", value) for value in ("1", "500", "20", None)),
        *(("offset", value) for value in ("0", "-1", "2147483648", "9223372036854775807", None)),
        ("offset", "-9223372036854775808"),
    ],
)
def test_each_value_of_note_comes_up(name: str, value: str | None) -> None:
    drawn = {query.get(name) for query in examples(list_queries)}

    assert value in drawn


def test_queries_shrink_to_none_at_all() -> None:
    assert find(list_queries(), lambda _: True, settings=searching) == {}


@bounded
@given(invalid_list_queries())
def test_every_invalid_query_breaks_the_clause_it_is_tagged_with_and_no_other(invalid: Invalid[Query]) -> None:
    fake = FakeAppCodes(seed=1)

    judged = judge_request(Exchange(request(fake, invalid.value), None))

    assert broken_rules(invalid.value) == {invalid.clause}
    assert [violation.clause for violation in judged.violations] == [invalid.clause]
    assert invalid.also == ()


@bounded
@given(invalid_list_queries())
def test_every_invalid_query_is_refused_by_the_fake_with_the_documented_error(invalid: Invalid[Query]) -> None:
    fake = FakeAppCodes(seed=1)
    asked = request(fake, invalid.value)

    response = fake.handle(asked)

    assert response.status == 400
    assert response.json()["error_code"] == "APIG.2012"
    assert judge_response(Exchange(asked, response)).violations == ()


@bounded
@given(invalid_list_queries())
def test_every_invalid_query_survives_the_url(invalid: Invalid[Query]) -> None:
    assert tuple(parse_qsl(urlencode(invalid.value), keep_blank_values=True)) == invalid.value


def test_every_kind_of_invalid_query_comes_up_with_its_clause() -> None:
    drawn = {invalid.kind: invalid.clause for invalid in examples(invalid_list_queries, 2000)}

    assert drawn == KINDS


@pytest.mark.parametrize("name", ["limit", "offset"])
@pytest.mark.parametrize("text", ["", " 1", "+1", "1.0", "1e2", "0x1", "٤", "true", "null", "1\n", "1_0"])
def test_each_text_that_looks_like_an_integer_comes_up(name: str, text: str) -> None:
    drawn = {pair for invalid in examples(invalid_list_queries, 2000) for pair in invalid.value}

    assert (name, text) in drawn


@pytest.mark.parametrize("text", ["0", "-1", "501", str(2**31), str(2**63)])
def test_each_limit_next_to_the_bounds_comes_up(text: str) -> None:
    drawn = {pair for invalid in examples(invalid_list_queries, 2000) for pair in invalid.value}

    assert ("limit", text) in drawn


@pytest.mark.parametrize("text", [str(2**63), str(-(2**63) - 1), str(10**40)])
def test_each_offset_next_to_the_bounds_comes_up(text: str) -> None:
    drawn = {pair for invalid in examples(invalid_list_queries, 2000) for pair in invalid.value}

    assert ("offset", text) in drawn


def test_the_other_parameter_is_absent_before_and_after() -> None:
    drawn = [invalid.value for invalid in examples(invalid_list_queries, 2000) if invalid.clause == MINIMUM]

    names = {tuple(name for name, _ in query) for query in drawn}

    assert names == {("limit",), ("limit", "offset"), ("offset", "limit")}


@pytest.mark.parametrize(
    ("clause", "query"),
    [
        (MINIMUM, (("limit", "0"),)),
        (MAXIMUM, (("limit", "501"),)),
        (LIMIT, (("limit", ""),)),
        (OFFSET, (("offset", ""),)),
    ],
)
def test_invalid_queries_of_a_clause_shrink_to_its_simplest_breach(clause: str, query: Query) -> None:
    simplest = find(invalid_list_queries(), lambda invalid: invalid.clause == clause, settings=searching)

    assert simplest.value == query


def test_a_failing_example_shows_the_query_which_is_no_secret() -> None:
    invalid: Invalid[Query] = Invalid((("limit", "0"),), MINIMUM, "limit is below 1")

    assert pretty(invalid) == "Invalid((('limit', '0'),), clause='list/limit/minimum', kind='limit is below 1')"
