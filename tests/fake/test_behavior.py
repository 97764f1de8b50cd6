"""The choices where the documentation is silent, and what each of them changes."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError, asdict, fields
from datetime import datetime
from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from appcode_contract import ALL_BEHAVIORS, Behavior, FakeAppCodes
from appcode_contract.behavior import choices_by_field, read_behavior
from appcode_contract.fake.values import show_time

if TYPE_CHECKING:
    from tests.conftest import Wire

ZONES = {"utc": "Z", "offset": "+08:00"}
DIGITS = {
    "as_documented": (9, 0),
    "seconds": (0, 0),
    "milliseconds": (3, 3),
}
NUMBERS = {"quota", "rate_limit"}
EVERY_CHOICE = [(name, choice) for name, choices in choices_by_field().items() for choice in choices]


def behaving(**choices: str | int | None) -> Behavior:
    return Behavior(**choices)  # type: ignore[arg-type] # the literals come as strings from parameters


def test_every_field_has_its_default_first() -> None:
    default = Behavior()

    assert {name: getattr(default, name) for name in choices_by_field()} == {
        name: choices[0] for name, choices in choices_by_field().items()
    }
    assert [field.name for field in fields(Behavior)] == list(choices_by_field())


@pytest.mark.parametrize("name", choices_by_field())
def test_an_unknown_choice_is_refused_and_it_is_said_what_would_be_right(name: str) -> None:
    right = "None or a whole number" if name in NUMBERS else ", ".join(map(str, choices_by_field()[name]))

    with pytest.raises(ValueError, match=f"{name}='sometimes' is unknown") as caught:
        behaving(**{name: "sometimes"})

    assert right in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"), [("quota", 0), ("quota", -1), ("rate_limit", 0), ("quota", 1.5), ("rate_limit", True)]
)
def test_a_number_out_of_range_is_refused(name: str, value: object) -> None:
    with pytest.raises(ValueError, match="it must be None or a whole number, at least"):
        Behavior(**{name: value})  # type: ignore[arg-type] # what a caller without types may give


def test_choices_are_read_from_texts() -> None:
    read = read_behavior(["list_order=oldest_first", "quota=3", "rate_limit=none", "list_order=newest_first"])

    assert read == Behavior(list_order="newest_first", quota=3)


@pytest.mark.parametrize("text", ["", "quota", "=", "nonsense=1", "quota=", "quota=-1", "quota=٣", "list_order=up"])
def test_a_text_that_is_no_choice_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"the fields are|it must be|the choices are"):
        read_behavior([text])


def test_the_behaviors_together_have_every_pair_of_choices_and_are_few() -> None:
    pairs = {
        ((one, first), (other, second))
        for one, other in combinations(choices_by_field(), 2)
        for first in choices_by_field()[one]
        for second in choices_by_field()[other]
    }

    covered = {pair for each in ALL_BEHAVIORS for pair in combinations(asdict(each).items(), 2)}

    assert pairs == covered
    assert Behavior() == ALL_BEHAVIORS[0]
    assert len(set(ALL_BEHAVIORS)) == len(ALL_BEHAVIORS) <= 12


@pytest.mark.parametrize("behavior", ALL_BEHAVIORS)
def test_under_every_behavior_app_codes_are_generated_and_listed(wire: Wire, behavior: Behavior) -> None:
    wire.fake.behavior = behavior
    made = [wire.generate().json()["app_code"] for _ in range(3)]

    listed = [item["app_code"] for item in wire.list().json()["app_codes"]]

    assert sorted(made) == sorted(listed)
    assert wire.fake.violations == ()


def test_beyond_the_quota_a_generate_is_refused_and_changes_nothing(wire: Wire) -> None:
    wire.fake.behavior = Behavior(quota=2)

    answers = [wire.generate() for _ in range(4)]

    assert [answer.status for answer in answers] == [201, 201, 400, 400]
    assert answers[2].json() == {"error_code": "APIG.3310", "error_msg": "The app has its quota of AppCodes"}
    assert len(wire.fake.app_codes()) == 2


def test_each_app_has_a_quota_of_its_own(wire: Wire) -> None:
    wire.fake.behavior = Behavior(quota=1)
    other = wire.fake.add_app()

    answers = [
        wire.send("PUT", url, headers={"X-Auth-Token": wire.fake.token})
        for url in (wire.fake.url(), wire.fake.url(other))
    ]

    assert [answer.status for answer in answers] == [201, 201]


def test_every_so_many_requests_one_is_told_to_slow_down(wire: Wire) -> None:
    wire.fake.behavior = Behavior(rate_limit=3)

    answers = [wire.list() for _ in range(7)]

    assert [answer.status for answer in answers] == [200, 200, 429, 200, 200, 429, 200]
    assert answers[2].header("Retry-After") == "0"
    assert answers[2].json()["error_code"] == "APIG.0308"


def test_a_request_that_is_told_to_slow_down_changes_nothing(wire: Wire) -> None:
    wire.fake.behavior = Behavior(rate_limit=1)

    assert wire.generate().status == 429
    assert len(wire.fake.app_codes()) == 0


def test_a_behavior_cannot_be_changed_in_place() -> None:
    name = "list_order"

    with pytest.raises(FrozenInstanceError):
        setattr(Behavior(), name, "oldest_first")


@pytest.mark.parametrize(("name", "choice"), EVERY_CHOICE)
def test_under_every_choice_an_app_code_is_generated_and_listed(
    wire: Wire, name: str, choice: str | int | None
) -> None:
    wire.fake.behavior = behaving(**{name: choice})

    generated = wire.generate()
    listed = wire.list()

    assert (generated.status, listed.status) == (201, 200)
    assert listed.json()["app_codes"][0]["app_code"] == generated.json()["app_code"]
    assert wire.fake.violations == ()


@pytest.mark.parametrize("precision", DIGITS)
@pytest.mark.parametrize("zone", ZONES)
def test_times_are_written_as_the_behavior_says(wire: Wire, precision: str, zone: str) -> None:
    wire.fake.behavior = behaving(create_time_precision=precision, create_time_zone=zone)

    written = (
        wire.generate().json()["create_time"],
        wire.list().json()["app_codes"][0]["create_time"],
    )

    for text, digits in zip(written, DIGITS[precision], strict=True):
        fraction = rf"\.[0-9]{{{digits}}}" if digits else ""
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d" + fraction + re.escape(ZONES[zone]), text)


@pytest.mark.parametrize("precision", DIGITS)
@pytest.mark.parametrize("zone", ZONES)
def test_every_form_of_a_time_is_the_same_second(wire: Wire, precision: str, zone: str) -> None:
    wire.fake.behavior = behaving(create_time_precision=precision, create_time_zone=zone)
    generated = wire.generate().json()["create_time"]
    listed = wire.list().json()["app_codes"][0]["create_time"]

    (record,) = wire.fake.app_codes()
    instant = datetime.fromisoformat(record.create_time[:19] + "+00:00")
    assert [datetime.fromisoformat(text).replace(microsecond=0) for text in (generated, listed)] == [instant, instant]


def test_digits_beyond_the_precision_are_cut_and_not_rounded(wire: Wire) -> None:
    wire.fake.behavior = behaving(create_time_precision="milliseconds")
    records = wire.fake.seed(50)

    written = [item["create_time"] for item in wire.list("limit=50").json()["app_codes"]]

    full = [record.create_time for record in reversed(records)]
    assert any(text[23] >= "5" for text in full)
    assert written == [text[:23] + "Z" for text in full]


@pytest.mark.parametrize(
    ("full", "expected"),
    [
        ("2020-07-24T15:59:59.999999999Z", "2020-07-24T23:59:59+08:00"),
        ("2020-07-24T16:00:00.000000000Z", "2020-07-25T00:00:00+08:00"),
        ("2020-12-31T20:30:40.500000000Z", "2021-01-01T04:30:40+08:00"),
        ("2020-02-28T23:00:00.000000001Z", "2020-02-29T07:00:00+08:00"),
    ],
)
def test_the_offset_leads_into_the_next_day_month_and_year(full: str, expected: str) -> None:
    assert show_time(full, "list", behaving(create_time_zone="offset")) == expected


def test_extra_fields_stand_in_every_object_and_nowhere_by_default(wire: Wire) -> None:
    plain = [wire.generate(), wire.list(), wire.send("GET", wire.fake.url())]
    wire.fake.behavior = behaving(extra_fields="present")
    extended = [wire.generate(), wire.list(), wire.send("GET", wire.fake.url())]

    for before, after in zip(plain, extended, strict=True):
        assert set(after.json()) - set(before.json()) == {"x_unknown"}
    assert all("x_unknown" in item for item in extended[1].json()["app_codes"])
    assert "x_unknown" not in plain[1].json()["app_codes"][0]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [("plain", "application/json"), ("charset", "application/json;charset=UTF-8")],
)
def test_the_content_type_of_every_answer_is_as_the_behavior_says(wire: Wire, choice: str, expected: str) -> None:
    wire.fake.behavior = behaving(content_type=choice)

    answers = [
        wire.generate(),
        wire.list(),
        wire.list("limit=x"),
        wire.send("POST", wire.fake.url()),
    ]

    assert {answer.header("Content-Type") for answer in answers} == {expected}


def test_a_behavior_may_be_set_while_the_fake_is_in_use(wire: Wire) -> None:
    wire.fake.seed(3)
    newest_first = [item["id"] for item in wire.list().json()["app_codes"]]

    wire.fake.behavior = behaving(list_order="oldest_first")

    assert [item["id"] for item in wire.list().json()["app_codes"]] == newest_first[::-1]
    assert wire.fake.behavior.list_order == "oldest_first"


def test_without_a_behavior_a_fake_has_the_defaults() -> None:
    assert FakeAppCodes().behavior == Behavior()
    assert FakeAppCodes(behavior=None).behavior == Behavior()
