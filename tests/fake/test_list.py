"""Querying the AppCodes of an app: pages, offsets, limits and their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from appcode_contract import Behavior

if TYPE_CHECKING:
    from tests.conftest import Wire

COUNTS = (0, 1, 19, 20, 21, 499, 500, 501)
NO_INTEGERS = {
    "empty": "",
    "fraction": "4.0",
    "exponent": "1e1",
    "word": "four",
    "hexadecimal": "0x4",
    "underscore": "1_0",
    "plus": "%2B4",
    "blank before": "+4",
    "blank after": "4%20",
    "final newline": "4%0A",
    "arabic digit": "%D9%A4",
    "full-width digit": "%EF%BC%94",
    "broken utf-8": "%FF",
    "nul": "4%00",
    "two minus signs": "--4",
    "lone minus": "-",
    "boolean": "true",
    "five thousand digits": "1" * 5000,
}


def listed_ids(wire: Wire, query: str = "") -> list[str]:
    return [item["id"] for item in wire.list(query).json()["app_codes"]]


def test_an_app_without_app_codes_has_an_empty_array(wire: Wire) -> None:
    response = wire.list()

    assert response.status == 200
    assert response.json() == {"total": 0, "size": 0, "app_codes": []}


def test_an_item_has_the_four_documented_fields_and_no_other(wire: Wire) -> None:
    wire.fake.seed(1)

    (item,) = wire.list().json()["app_codes"]

    assert set(item) == {"app_code", "app_id", "id", "create_time"}
    assert {type(value) for value in item.values()} == {str}


def test_app_codes_arrive_character_for_character(wire: Wire) -> None:
    made = wire.fake.seed(100)
    assert set("+_!@#$%/=") <= set("".join(record.app_code for record in made))

    items = wire.list("limit=100").json()["app_codes"]

    assert [item["app_code"] for item in items] == [record.app_code for record in reversed(made)]


@pytest.mark.parametrize("count", COUNTS)
def test_without_limit_a_page_holds_20_and_total_tells_all(wire: Wire, count: int) -> None:
    wire.fake.seed(count)

    document = wire.list().json()

    assert document["total"] == count
    assert document["size"] == min(count, 20)
    assert len(document["app_codes"]) == min(count, 20)


@pytest.mark.parametrize("count", COUNTS)
def test_the_largest_limit_gives_500_and_the_rest_on_the_next_page(wire: Wire, count: int) -> None:
    wire.fake.seed(count)

    first = wire.list("limit=500").json()
    second = wire.list("limit=500&offset=500").json()

    assert (first["total"], first["size"]) == (count, min(count, 500))
    assert (second["total"], second["size"]) == (count, max(count - 500, 0))


@pytest.mark.parametrize(("count", "limit"), [(0, 1), (3, 1), (21, 20), (45, 7), (40, 20), (501, 500)])
def test_pages_joined_are_the_whole_list_in_order(wire: Wire, count: int, limit: int) -> None:
    wire.fake.seed(count)

    joined: list[str] = []
    for offset in range(0, count + limit, limit):
        joined += listed_ids(wire, f"offset={offset}&limit={limit}")

    assert joined == [record.id for record in wire.fake.app_codes()]
    assert len(joined) == count


def test_the_newest_app_code_comes_first(wire: Wire) -> None:
    made = wire.fake.seed(5)

    assert listed_ids(wire) == [record.id for record in reversed(made)]


def test_the_oldest_app_code_comes_first_when_the_behavior_says_so(wire: Wire) -> None:
    wire.fake.behavior = Behavior(list_order="oldest_first")
    made = wire.fake.seed(5)

    assert listed_ids(wire) == [record.id for record in made]
    assert listed_ids(wire, "offset=1&limit=2") == [record.id for record in made[1:3]]
    assert [record.id for record in wire.fake.app_codes()] == [record.id for record in made]


@pytest.mark.parametrize("offset", [-1, -20, -(2**31), -(2**63)])
def test_a_negative_offset_is_taken_as_0(wire: Wire, offset: int) -> None:
    wire.fake.seed(25)

    assert wire.list(f"offset={offset}") == wire.list("offset=0")


@pytest.mark.parametrize("offset", [25, 26, 2**31 - 1, 2**31, 2**63 - 1])
def test_an_offset_past_the_end_gives_an_empty_page(wire: Wire, offset: int) -> None:
    wire.fake.seed(25)

    response = wire.list(f"offset={offset}")

    assert response.status == 200
    assert response.json() == {"total": 25, "size": 0, "app_codes": []}


def test_the_last_app_code_alone_is_on_the_page_that_begins_with_it(wire: Wire) -> None:
    oldest, *_ = wire.fake.seed(25)

    assert listed_ids(wire, "offset=24") == [oldest.id]


@pytest.mark.parametrize("offset", [2**63, -(2**63) - 1, 2**64, 10**30])
def test_an_offset_beyond_64_bits_is_refused(wire: Wire, offset: int) -> None:
    response = wire.list(f"offset={offset}")

    assert response.status == 400
    assert response.json()["error_code"] == "APIG.2012"
    assert "parameterName:offset." in response.json()["error_msg"]
    assert [violation.clause for violation in wire.fake.violations] == ["list/offset/long"]


@pytest.mark.parametrize("name", ["offset", "limit"])
@pytest.mark.parametrize("value", NO_INTEGERS.values(), ids=NO_INTEGERS)
def test_what_is_no_integer_is_refused_by_name(wire: Wire, name: str, value: str) -> None:
    response = wire.list(f"{name}={value}")

    assert response.status == 400
    assert response.json()["error_code"] == "APIG.2012"
    assert f"parameterName:{name}." in response.json()["error_msg"]


@pytest.mark.parametrize("query", ["limit=1&limit=2", "limit=3&limit=3", "offset=0&limit=1&limit=1"])
def test_a_repeated_limit_is_refused(wire: Wire, query: str) -> None:
    response = wire.list(query)

    assert response.status == 400
    assert "parameterName:limit." in response.json()["error_msg"]
    assert [violation.clause for violation in wire.fake.violations] == ["list/limit/type"]


def test_a_repeated_offset_is_refused(wire: Wire) -> None:
    response = wire.list("offset=0&offset=0")

    assert response.status == 400
    assert "parameterName:offset." in response.json()["error_msg"]
    assert [violation.clause for violation in wire.fake.violations] == ["list/offset/long"]


def test_offset_is_refused_before_limit_when_both_are_wrong(wire: Wire) -> None:
    response = wire.list("limit=x&offset=y")

    assert "parameterName:offset." in response.json()["error_msg"]


@pytest.mark.parametrize("limit", [1, 20, 499, 500])
def test_limits_within_the_documented_range_work(wire: Wire, limit: int) -> None:
    wire.fake.seed(501)

    assert wire.list(f"limit={limit}").json()["size"] == limit


@pytest.mark.parametrize("limit", [0, -1, 501, 2**31 - 1, -(2**31)])
def test_limits_outside_the_documented_range_are_refused(wire: Wire, limit: int) -> None:
    response = wire.list(f"limit={limit}")

    assert response.status == 400
    assert "parameterName:limit." in response.json()["error_msg"]


@pytest.mark.parametrize(("limit", "size"), [(0, 20), (-1, 20), (-(2**31), 20), (501, 500), (2**31 - 1, 500)])
def test_limits_outside_the_range_are_clamped_when_the_behavior_says_so(wire: Wire, limit: int, size: int) -> None:
    wire.fake.behavior = Behavior(out_of_range_limit="clamp")
    wire.fake.seed(501)

    document = wire.list(f"limit={limit}").json()

    assert (document["total"], document["size"]) == (501, size)


@pytest.mark.parametrize("behavior", [Behavior(), Behavior(out_of_range_limit="clamp")])
@pytest.mark.parametrize("limit", [2**31, -(2**31) - 1, 2**63])
def test_a_limit_beyond_32_bits_is_no_integer_and_never_clamped(wire: Wire, limit: int, behavior: Behavior) -> None:
    wire.fake.behavior = behavior

    assert wire.list(f"limit={limit}").status == 400


def test_parameters_may_be_percent_encoded_and_in_any_order(wire: Wire) -> None:
    wire.fake.seed(25)

    plain = wire.list("offset=2&limit=4")

    assert wire.list("%6Cimit=%34&%6fffset=%32") == plain
    assert wire.list("limit=4&offset=2") == plain


def test_an_unknown_parameter_is_ignored_and_reported_as_the_clients_violation(
    wire: Wire,
) -> None:
    wire.fake.seed(3)

    response = wire.list("limit=2&page=7&Offset=1")

    assert response.json()["size"] == 2
    (violation,) = wire.fake.violations
    assert violation.clause == "list/query"
    assert "'page'" in violation.actual
    assert "'Offset'" in violation.actual


def test_a_body_on_list_is_ignored_and_reported_as_the_clients_violation(
    wire: Wire,
) -> None:
    response = wire.send(
        "GET",
        wire.fake.url(),
        headers={"X-Auth-Token": wire.fake.token},
        body=b"limit=1",
    )

    assert response.status == 200
    assert [violation.clause for violation in wire.fake.violations] == ["list/no-body"]


def test_a_query_changes_nothing(wire: Wire) -> None:
    wire.fake.seed(25)
    before = wire.fake.app_codes()

    answers = {wire.list("offset=3&limit=9").body for _ in range(3)}

    assert len(answers) == 1
    assert wire.fake.app_codes() == before


def test_an_app_code_made_between_two_pages_moves_the_rest_by_one(wire: Wire) -> None:
    wire.fake.seed(4)
    first_page = listed_ids(wire, "limit=2")

    newest = wire.generate().json()["id"]

    assert listed_ids(wire, "limit=2&offset=0") == [newest, first_page[0]]
    assert listed_ids(wire, "limit=2&offset=2")[0] == first_page[1]


def test_a_documented_request_breaks_no_clause(wire: Wire) -> None:
    wire.generate()
    for query in (
        "",
        "limit=1",
        "limit=500",
        "offset=-1",
        "offset=9223372036854775807&limit=20",
    ):
        wire.list(query)

    assert wire.fake.violations == ()
