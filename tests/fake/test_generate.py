"""Generating an AppCode: the answer, the AppCode itself, and what is kept of it."""

from __future__ import annotations

import re
import string
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from appcode_contract import Behavior, FakeAppCodes, Request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Wire

ENOUGH = 300
FIRST_CHARACTERS = set(string.ascii_letters + "+/")
SPECIAL_CHARACTERS = set("+_!@#$%/=")
LETTERS = set(string.ascii_letters)
DIGITS = set(string.digits)


def test_generate_is_answered_with_201_and_the_four_documented_fields(
    wire: Wire,
) -> None:
    response = wire.generate()

    assert response.status == 201
    assert set(response.json()) == {"app_code", "app_id", "id", "create_time"}


def test_every_field_of_a_generated_app_code_is_a_string(wire: Wire) -> None:
    document = wire.generate().json()

    assert {type(value) for value in document.values()} == {str}


def test_generate_repeats_the_app_id_of_the_path(wire: Wire) -> None:
    other = wire.fake.add_app("another-app_1")

    assert wire.generate(wire.fake.url(other)).json()["app_id"] == "another-app_1"


def test_an_answer_says_that_it_is_json_and_how_long_it_is(wire: Wire) -> None:
    response = wire.generate()

    assert response.header("content-type") == "application/json"
    assert response.header("content-length") == str(len(response.body))


def test_the_answer_is_what_the_fake_keeps(wire: Wire) -> None:
    document = wire.generate().json()

    (record,) = wire.fake.app_codes()
    kept = {name: getattr(record, name) for name in ("app_code", "app_id", "id", "create_time")}
    assert document == kept


def test_a_generated_app_code_is_listed_with_the_same_second_of_creation(
    wire: Wire,
) -> None:
    generated = wire.generate().json()

    (listed,) = wire.list().json()["app_codes"]
    second = generated["create_time"][: len("2020-07-24T02:31:45")] + "Z"
    assert listed == {**generated, "create_time": second}


def test_every_call_of_generate_makes_another_app_code(wire: Wire) -> None:
    answers = [wire.generate().json() for _ in range(5)]

    assert len({answer["app_code"] for answer in answers}) == 5
    assert len({answer["id"] for answer in answers}) == 5
    assert len(wire.fake.app_codes()) == 5


@pytest.mark.parametrize("name", ["X-Auth-Token", "x-auth-token", "X-AUTH-TOKEN", "x-AuTh-tOkEn"])
def test_the_token_header_is_read_in_any_letter_case(wire: Wire, name: str) -> None:
    response = wire.send("PUT", wire.fake.url(), headers={name: wire.fake.token})

    assert response.status == 201


def test_a_body_on_generate_is_ignored_and_reported_as_the_clients_violation(
    wire: Wire,
) -> None:
    response = wire.send(
        "PUT",
        wire.fake.url(),
        headers={"X-Auth-Token": wire.fake.token},
        body=b'{"app_code": "mine"}',
    )

    assert response.status == 201
    assert [violation.clause for violation in wire.fake.violations] == ["generate/no-body"]
    assert wire.fake.exchanges[0].request.body == b'{"app_code": "mine"}'


def test_a_query_on_generate_is_ignored_and_reported_as_the_clients_violation(
    wire: Wire,
) -> None:
    response = wire.generate(wire.fake.url() + "?limit=x")

    assert response.status == 201
    assert [violation.clause for violation in wire.fake.violations] == ["generate/no-query"]


def test_a_seeded_fake_tells_the_time_of_the_documented_example_first(
    wire: Wire,
) -> None:
    created = wire.generate().json()["create_time"]

    assert re.fullmatch(r"2020-07-24T02:31:4[5-7]\.[0-9]{9}Z", created)


def test_every_app_code_has_64_to_180_characters() -> None:
    records = FakeAppCodes(seed=1).seed(ENOUGH)

    lengths = {len(record.app_code) for record in records}
    assert min(lengths) >= 64
    assert max(lengths) <= 180
    assert len(lengths) > 50


def test_every_app_code_begins_with_a_letter_or_plus_or_slash() -> None:
    records = FakeAppCodes(seed=1).seed(ENOUGH * 5)

    assert {record.app_code[0] for record in records} == FIRST_CHARACTERS


def test_app_codes_hold_every_documented_character_and_no_other() -> None:
    records = FakeAppCodes(seed=1).seed(ENOUGH)

    seen = set("".join(record.app_code[1:] for record in records))
    assert seen == LETTERS | DIGITS | SPECIAL_CHARACTERS


def test_letters_only_leaves_out_the_digits_and_nothing_else() -> None:
    records = FakeAppCodes(seed=1, behavior=Behavior(app_code_alphabet="letters_only")).seed(ENOUGH)

    seen = set("".join(record.app_code for record in records))
    assert seen == LETTERS | SPECIAL_CHARACTERS


@pytest.mark.parametrize(("choice", "length"), [("shortest", 64), ("longest", 180)])
def test_the_length_of_every_app_code_is_as_the_behavior_says(wire: Wire, choice: str, length: int) -> None:
    wire.fake.behavior = Behavior(app_code_length=choice)  # type: ignore[arg-type] # one of the literals

    lengths = {len(wire.generate().json()["app_code"]) for _ in range(3)}

    assert lengths == {length}


def test_identifiers_are_32_hexadecimal_digits() -> None:
    fake = FakeAppCodes(seed=1)

    identifiers = [
        fake.project_id,
        fake.instance_id,
        fake.app_id,
        *(record.id for record in fake.seed(ENOUGH)),
    ]

    assert all(re.fullmatch(r"[0-9a-f]{32}", identifier) for identifier in identifiers)
    assert len(set(identifiers)) == ENOUGH + 3


def test_times_always_grow_with_and_without_a_seed() -> None:
    for seed in (1, None):
        times = [record.create_time for record in FakeAppCodes(seed=seed).seed(ENOUGH)]

        assert times == sorted(set(times))


def test_without_a_seed_no_two_fakes_share_a_value() -> None:
    first, second = FakeAppCodes(), FakeAppCodes()

    mine = {first.token, first.app_id, *(r.app_code for r in first.seed(20))}
    theirs = {second.token, second.app_id, *(r.app_code for r in second.seed(20))}

    assert mine & theirs == set()


def test_simultaneous_generates_are_all_kept(wire: Wire) -> None:
    with ThreadPoolExecutor(max_workers=8) as pool:
        answers = list(pool.map(lambda _: wire.generate(), range(64)))

    assert {answer.status for answer in answers} == {201}
    made = {answer.json()["id"] for answer in answers}
    assert len(made) == 64
    assert {record.id for record in wire.fake.app_codes()} == made
    assert len(wire.fake.exchanges) == 64


@pytest.fixture
def eager_threads() -> Iterator[None]:
    """Let threads interrupt each other as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("eager_threads")
def test_many_threads_that_generate_list_and_look_lose_nothing() -> None:
    fake = FakeAppCodes(seed=1)
    token = (("X-Auth-Token", fake.token),)

    def work(_: int) -> None:
        for _ in range(25):
            fake.handle(Request("PUT", fake.url(), token))
            fake.handle(Request("GET", fake.url(), token))
            assert len(fake.app_codes()) <= 2 * 16 * 25
            assert fake.exchanges[-1].response is not None
            fake.seed(1)

    with ThreadPoolExecutor(max_workers=16) as pool:
        list(pool.map(work, range(16)))

    records = fake.app_codes()
    assert len(records) == 2 * 16 * 25
    assert len({record.app_code for record in records}) == len(records)
    times = [record.create_time for record in records]
    assert times == sorted(set(times), reverse=True)


@pytest.mark.usefixtures("eager_threads")
def test_exchanges_stand_in_the_order_in_which_the_app_codes_were_made() -> None:
    fake = FakeAppCodes(seed=1)
    request = Request("PUT", fake.url(), (("X-Auth-Token", fake.token),))

    with ThreadPoolExecutor(max_workers=16) as pool:
        list(pool.map(lambda _: fake.handle(request), range(400)))

    answered = [exchange.response.json()["id"] for exchange in fake.exchanges if exchange.response]
    assert answered == [record.id for record in reversed(fake.app_codes())]


@pytest.mark.usefixtures("eager_threads")
def test_many_threads_meet_exactly_as_many_faults_as_asked_for() -> None:
    fake = FakeAppCodes(seed=1)
    request = Request("PUT", fake.url(), (("X-Auth-Token", fake.token),))
    fake.fail(status=500, times=200)

    with ThreadPoolExecutor(max_workers=16) as pool:
        statuses = list(pool.map(lambda _: fake.handle(request).status, range(400)))

    assert (statuses.count(500), statuses.count(201)) == (200, 200)
    assert len(fake.app_codes()) == 200
