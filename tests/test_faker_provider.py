"""The Faker provider: its values keep the contract, repeat with a seed, and refuse what the pages do not allow."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from faker import Faker

from appcode_contract import Exchange, Request, Response
from appcode_contract.checks import judge_response
from appcode_contract.clauses import BY_ID
from appcode_contract.faker_provider import AppCodeProvider
from appcode_contract.schema_store import validator

if TYPE_CHECKING:
    from collections.abc import Callable

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
DIGITS = "0123456789"
SPECIALS = "+_!@#$%/="
HEXADECIMAL = "0123456789abcdef"
APP = "9ed8b7fe84224de681e7d7a5587e76dc"
URL = f"https://roma.example/v2/p/apic/instances/i/apps/{APP}/app-codes"
LARGEST_LONG = 9223372036854775807
EVERY_VALUE: dict[str, Callable[[Any], object]] = {
    "app_code": lambda faker: faker.app_code(),
    "app_code_id": lambda faker: faker.app_code_id(),
    "app_id": lambda faker: faker.app_id(),
    "project_id": lambda faker: faker.project_id(),
    "instance_id": lambda faker: faker.instance_id(),
    "create_time": lambda faker: faker.create_time(),
    "app_code_record": lambda faker: faker.app_code_record(),
    "app_code_page": lambda faker: faker.app_code_page(),
    "error_body": lambda faker: faker.error_body(404),
}
every_value = pytest.mark.parametrize("make", EVERY_VALUE.values(), ids=EVERY_VALUE)


def seeded(seed: int = 1) -> Faker:
    faker = Faker()
    faker.add_provider(AppCodeProvider)
    faker.seed_instance(seed)
    return faker


@pytest.fixture
def faker_() -> Faker:
    return seeded()


def is_app_code(value: str) -> bool:
    """Judge as the pages are read, character by character."""
    return (
        len(value) in range(64, 181)
        and value[0] in LETTERS + "+/"
        and all(character in LETTERS + DIGITS + SPECIALS for character in value)
    )


def judged(method: str, status: int, body: object, query: str = "") -> tuple[str, ...]:
    answer = Response(status, (("Content-Type", "application/json"),), json.dumps(body).encode())
    exchange = Exchange(Request(method, URL + query), answer)
    return tuple(f"{violation.clause}: {violation.actual}" for violation in judge_response(exchange).violations)


def test_every_public_method_of_the_provider_is_tested_here() -> None:
    public = {name for name in vars(AppCodeProvider) if not name.startswith("_")}

    assert public == set(EVERY_VALUE)


@every_value
def test_the_same_seed_of_an_instance_gives_the_same_values(make: Callable[[Any], object]) -> None:
    one, other = seeded(7), seeded(7)

    assert [make(one) for _ in range(3)] == [make(other) for _ in range(3)]


@every_value
def test_another_seed_gives_other_values(make: Callable[[Any], object]) -> None:
    assert make(seeded(7)) != make(seeded(8))


@every_value
def test_the_seed_of_the_class_gives_the_same_values(make: Callable[[Any], object]) -> None:
    faker = Faker()
    faker.add_provider(AppCodeProvider)

    Faker.seed(7)
    first = make(faker)
    Faker.seed(7)

    assert make(faker) == first


def test_every_app_code_keeps_the_rule(faker_: Faker) -> None:
    codes = [faker_.app_code() for _ in range(500)]

    assert [code for code in codes if not is_app_code(code)] == []
    assert [code for code in codes if not validator("app-code").is_valid(code)] == []
    assert len(set(codes)) == 500


def test_app_codes_use_the_whole_alphabet_and_every_length(faker_: Faker) -> None:
    codes = [faker_.app_code() for _ in range(5000)]

    assert {character for code in codes for character in code} == set(LETTERS + DIGITS + SPECIALS)
    assert {code[0] for code in codes} == set(LETTERS + "+/")
    assert set(map(len, codes)) == set(range(64, 181))


def test_app_codes_of_letters_only_hold_no_digit(faker_: Faker) -> None:
    codes = [faker_.app_code(alphabet="letters_only") for _ in range(200)]

    assert {character for code in codes for character in code} == set(LETTERS + SPECIALS)


@pytest.mark.parametrize("size", [64, 180])
def test_an_app_code_can_be_had_at_either_end_of_the_length(faker_: Faker, size: int) -> None:
    assert len(faker_.app_code(min_size=size, max_size=size)) == size


@pytest.mark.parametrize("name", ["app_code_id", "app_id", "project_id", "instance_id"])
def test_an_identifier_is_32_hexadecimal_digits(faker_: Faker, name: str) -> None:
    identifiers = [getattr(faker_, name)() for _ in range(300)]

    assert {len(identifier) for identifier in identifiers} == {32}
    assert {digit for identifier in identifiers for digit in identifier} == set(HEXADECIMAL)


@pytest.mark.parametrize("digits", range(10))
def test_a_time_has_as_many_fractional_digits_as_asked_for(faker_: Faker, digits: int) -> None:
    time = faker_.create_time(digits)

    assert len(time) == len("2020-07-24T02:31:45Z") + (digits + 1 if digits else 0)
    assert time.endswith("Z")
    assert validator("create-time").is_valid(time)


def test_a_time_is_nine_digits_long_unless_told_otherwise(faker_: Faker) -> None:
    assert len(faker_.create_time().partition(".")[2]) == len("790909295Z")


def test_a_record_is_a_valid_answer_to_generate(faker_: Faker) -> None:
    record = faker_.app_code_record(app_id=APP)

    assert set(record) == {"app_code", "id", "app_id", "create_time"}
    assert is_app_code(record["app_code"])
    assert judged("PUT", 201, record) == ()


def test_a_record_without_an_app_gets_one(faker_: Faker) -> None:
    record = faker_.app_code_record()

    assert len(record["app_id"]) == 32
    assert validator("generate-response").is_valid(record)


@pytest.mark.parametrize(
    ("total", "offset", "limit", "size"),
    [
        (0, 0, 20, 0),
        (3, 0, 20, 3),
        (45, 0, 20, 20),
        (45, 40, 20, 5),
        (45, 45, 20, 0),
        (45, -7, 20, 20),
        (3, -7, 20, 3),
        (45, LARGEST_LONG, 1, 0),
        (45, -LARGEST_LONG - 1, 1, 1),
        (600, 0, 500, 500),
        (LARGEST_LONG, LARGEST_LONG - 2, 500, 2),
    ],
)
def test_a_page_is_the_part_of_the_list_that_was_asked_for(
    faker_: Faker, total: int, offset: int, limit: int, size: int
) -> None:
    page = faker_.app_code_page(total, offset, limit, app_id=APP)

    assert (page["total"], page["size"], len(page["app_codes"])) == (total, size, size)
    assert judged("GET", 200, page, f"?offset={offset}&limit={limit}") == ()


def test_a_page_lists_the_newest_first_and_without_fractions(faker_: Faker) -> None:
    times = [item["create_time"] for item in faker_.app_code_page(50, 0, 50)["app_codes"]]

    assert times == sorted(times, reverse=True)
    assert {len(time) for time in times} == {len("2020-07-24T02:31:45Z")}


def test_a_page_is_of_one_app(faker_: Faker) -> None:
    items = faker_.app_code_page(50)["app_codes"]

    assert len({item["app_id"] for item in items}) == 1
    assert len({item["id"] for item in items}) == 20


def test_a_page_without_a_total_is_sometimes_cut_and_sometimes_not(faker_: Faker) -> None:
    totals = {faker_.app_code_page()["total"] for _ in range(50)}

    assert min(totals) < 20 < max(totals) <= 60


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500])
@pytest.mark.parametrize("method", ["PUT", "GET"])
def test_an_error_body_is_a_valid_answer(faker_: Faker, method: str, status: int) -> None:
    body = faker_.error_body(status, subject=APP if status == 404 else None)

    assert body["error_code"] in BY_ID[f"error/{status}/code"].statement
    assert judged(method, status, body, "?limit=0" if method == "GET" else "") == ()


@pytest.mark.parametrize("status", [400, 404])
def test_an_error_body_names_its_subject(faker_: Faker, status: int) -> None:
    assert "{offset}" in faker_.error_body(status, subject="{offset}")["error_msg"]


@pytest.mark.parametrize(
    ("name", "arguments", "bound"),
    [
        ("app_code", {"min_size": 63}, "min_size=63: .*64 to 180 characters"),
        ("app_code", {"max_size": 181}, "max_size=181: .*64 to 180 characters"),
        ("app_code", {"min_size": True}, "min_size=True: .*integer.*64 to 180"),
        ("app_code", {"max_size": 64.0}, "max_size=64.0: .*64 to 180"),
        ("app_code", {"min_size": 66, "max_size": 65}, "min_size=66 is above max_size=65"),
        ("app_code", {"alphabet": "digits"}, "alphabet='digits': .*with_digits, letters_only"),
        ("create_time", {"digits": 10}, "digits=10: .*0 to 9"),
        ("create_time", {"digits": -1}, "digits=-1: .*0 to 9"),
        ("app_code_page", {"total": -1}, "total=-1: .*64 bits"),
        ("app_code_page", {"total": LARGEST_LONG + 1}, "total=9223372036854775808: .*64 bits"),
        ("app_code_page", {"limit": 0}, "limit=0: .*1 to 500"),
        ("app_code_page", {"limit": 501}, "limit=501: .*1 to 500"),
        ("app_code_page", {"limit": True}, "limit=True: .*1 to 500"),
        ("app_code_page", {"limit": "4"}, "limit='4': .*1 to 500"),
        ("app_code_page", {"offset": LARGEST_LONG + 1}, "offset=9223372036854775808: .*64-bit"),
        ("app_code_page", {"offset": -LARGEST_LONG - 2}, "offset=-9223372036854775809: .*64-bit"),
        ("error_body", {"status": 200}, "status=200: .*400, 401, 403, 404, 500"),
        ("error_body", {"status": 429}, "status=429: .*400, 401, 403, 404, 500"),
        ("app_code_record", {"app_id": 5}, "app_id=5: it must be a string"),
        ("app_code_page", {"app_id": ""}, "app_id='': it must be a string"),
        ("error_body", {"status": 404, "subject": 5}, "subject=5: it must be a string"),
        ("error_body", {"status": [400]}, "status=.*400, 401, 403, 404, 500"),
    ],
)
def test_arguments_outside_the_documented_ones_are_refused_with_the_bound(
    faker_: Faker, name: str, arguments: dict[str, Any], bound: str
) -> None:
    with pytest.raises(ValueError, match=bound):
        getattr(faker_, name)(**arguments)
