"""AppCodes, valid and broken, judged by an oracle without regular expressions, by the schema and by the checks."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis.errors import InvalidArgument
from hypothesis.vendor.pretty import pretty

from appcode_contract import Exchange, Request, Response
from appcode_contract.checks import judge_response
from appcode_contract.clauses import BY_ID
from appcode_contract.schema_store import validator
from appcode_contract.strategies import Invalid, app_codes, invalid_app_codes
from tests.strategies.amounts import amount

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

bounded = settings(derandomize=True, max_examples=amount(50, 200), database=None, deadline=None)
searching = settings(
    derandomize=True, max_examples=500, database=None, deadline=None, phases=[Phase.generate, Phase.shrink]
)

CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LETTERS = CAPITALS + CAPITALS.lower()
DIGITS = "0123456789"
SPECIALS = "+_!@#$%/="
TYPE = "generate/app-code"
LENGTH = "generate/app-code/length"
FIRST_CHARACTER = "generate/app-code/first-character"
ALPHABET = "generate/app-code/alphabet"
KINDS = {
    "empty": LENGTH,
    "one character too few": LENGTH,
    "too few characters": LENGTH,
    "one character too many": LENGTH,
    "too many characters": LENGTH,
    "begins with a digit": FIRST_CHARACTER,
    "begins with a special character": FIRST_CHARACTER,
    "holds a hyphen": ALPHABET,
    "holds a blank": ALPHABET,
    "holds a newline": ALPHABET,
    "holds NUL": ALPHABET,
    "holds another control character": ALPHABET,
    "holds another ASCII character": ALPHABET,
    "holds a letter beyond ASCII": ALPHABET,
    "holds a digit beyond ASCII": ALPHABET,
    "holds an invisible character beyond ASCII": ALPHABET,
    "ends with a newline": ALPHABET,
    "ends with a blank": ALPHABET,
    "ends with NUL": ALPHABET,
    "null": TYPE,
    "a boolean": TYPE,
    "an integer": TYPE,
    "a fraction": TYPE,
    "an array": TYPE,
    "an object": TYPE,
}


def broken_rules(value: object) -> set[str]:
    """Judge as the pages are read, character by character."""
    if not isinstance(value, str):
        return {TYPE}
    rules = set()
    if len(value) not in range(64, 181):
        rules.add(LENGTH)
    if value[:1] not in [*LETTERS, "+", "/"]:
        rules.add(FIRST_CHARACTER)
    if any(character not in LETTERS + DIGITS + SPECIALS for character in value):
        rules.add(ALPHABET)
    return rules


def reported_clauses(value: object) -> set[str]:
    """Judge as the checks do, in the body of a 201 that is valid but for the value."""
    body = {"app_code": value, "id": "b3d3", "app_id": "9ed8", "create_time": "2020-07-24T02:31:45Z"}
    url = "https://roma.example/v2/p/apic/instances/i/apps/9ed8/app-codes"
    answer = Response(201, (("Content-Type", "application/json"),), json.dumps(body).encode())
    judged = judge_response(Exchange(Request("PUT", url), answer))
    return {violation.clause for violation in judged.violations}


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
@given(app_codes())
def test_every_app_code_keeps_each_rule_of_the_pages(code: str) -> None:
    assert broken_rules(code) == set()


@bounded
@given(app_codes())
def test_every_app_code_is_valid_by_the_schema_and_by_the_checks(code: str) -> None:
    assert validator("app-code").is_valid(code)
    assert reported_clauses(code) == set()


@bounded
@given(app_codes("letters_only"))
def test_app_codes_of_letters_only_hold_no_digit(code: str) -> None:
    assert broken_rules(code) == set()
    assert not set(code) & set(DIGITS)


@bounded
@given(app_codes(min_size=70, max_size=90))
def test_sizes_inside_the_documented_ones_are_kept(code: str) -> None:
    assert len(code) in range(70, 91)


def test_an_app_code_survives_a_json_body() -> None:
    codes = examples(app_codes)

    received = [json.loads(json.dumps({"app_code": code}))["app_code"] for code in codes]

    assert received == codes


@pytest.mark.parametrize("size", [64, 180])
def test_both_ends_of_the_length_come_up_often(size: int) -> None:
    lengths = Counter(map(len, examples(app_codes)))

    assert lengths[size] >= 40


def test_lengths_between_the_ends_come_up_too() -> None:
    lengths = set(map(len, examples(app_codes)))

    assert len(lengths) >= 20


@pytest.mark.parametrize("character", [*SPECIALS, *DIGITS])
def test_each_special_character_and_digit_comes_up_often(character: str) -> None:
    holding = [code for code in examples(app_codes) if character in code]

    assert len(holding) >= 80


def test_every_documented_first_character_comes_up() -> None:
    first = {code[0] for code in examples(app_codes, 1000)}

    assert first == {*LETTERS, "+", "/"}


@pytest.mark.parametrize("alphabet", ["with_digits", "letters_only"])
def test_app_codes_shrink_to_the_shortest_of_one_letter(alphabet: Literal["with_digits", "letters_only"]) -> None:
    simplest = find(app_codes(alphabet), lambda _: True, settings=searching)

    assert simplest == "A" * 64


def test_a_condition_on_the_length_shrinks_to_its_edge() -> None:
    simplest = find(app_codes(), lambda code: len(code) > 100, settings=searching)

    assert simplest == "A" * 101


def test_a_condition_on_a_character_shrinks_to_that_character_alone() -> None:
    simplest = find(app_codes(), lambda code: "%" in code, settings=searching)

    assert len(simplest) == 64
    assert Counter(simplest) == {"A": 63, "%": 1}


@pytest.mark.parametrize(
    ("arguments", "bound"),
    [
        ({"min_size": 63}, "min_size=63.*64 to 180 characters.*generate/app-code/length"),
        ({"max_size": 181}, "max_size=181.*64 to 180 characters.*generate/app-code/length"),
        ({"max_size": 63}, "max_size=63.*64 to 180"),
        ({"min_size": 181}, "min_size=181.*64 to 180"),
        ({"min_size": 64.0}, "min_size=64.0.*64 to 180"),
        ({"min_size": None}, "min_size=None.*64 to 180"),
        ({"max_size": True}, "max_size=True.*64 to 180"),
        ({"min_size": 100, "max_size": 99}, "min_size=100, max_size=99"),
        ({"alphabet": "digits"}, "alphabet='digits'.*with_digits, letters_only.*generate/app-code/alphabet"),
        ({"alphabet": ["A"]}, "with_digits, letters_only"),
    ],
)
def test_arguments_outside_the_documented_ones_are_refused_with_the_bound(
    arguments: dict[str, Any], bound: str
) -> None:
    with pytest.raises(InvalidArgument, match=bound):
        app_codes(**arguments)


@bounded
@given(invalid_app_codes())
def test_every_invalid_app_code_breaks_the_clause_it_is_tagged_with_and_no_other(invalid: Invalid[object]) -> None:
    assert broken_rules(invalid.value) == {invalid.clause, *invalid.also}


def test_the_checks_report_the_clause_of_every_invalid_string_and_no_other() -> None:
    drawn = [invalid for invalid in examples(invalid_app_codes) if invalid.clause != TYPE]

    reported = [reported_clauses(invalid.value) for invalid in drawn]

    assert reported == [{invalid.clause, *invalid.also} for invalid in drawn]


def test_the_checks_report_the_clause_of_every_value_of_another_type_and_no_other() -> None:
    values = [invalid.value for invalid in examples(invalid_app_codes) if invalid.clause == TYPE]

    assert values
    assert [reported_clauses(value) for value in values] == [{TYPE}] * len(values)


@bounded
@given(invalid_app_codes())
def test_every_invalid_app_code_is_refused_by_the_schema(invalid: Invalid[object]) -> None:
    assert not validator("app-code").is_valid(invalid.value)


@bounded
@given(invalid_app_codes())
def test_only_the_empty_app_code_names_a_second_clause(invalid: Invalid[object]) -> None:
    expected = (FIRST_CHARACTER,) if invalid.value == "" else ()

    assert invalid.also == expected


def test_every_kind_of_invalid_app_code_comes_up_with_its_clause() -> None:
    drawn = {invalid.kind: invalid.clause for invalid in examples(invalid_app_codes, 2000)}

    assert drawn == KINDS


def test_every_clause_of_an_invalid_app_code_exists() -> None:
    clauses = {invalid.clause for invalid in examples(invalid_app_codes, 2000)}

    assert clauses <= BY_ID.keys()


@pytest.mark.parametrize(
    ("kind", "position", "characters"),
    [
        ("ends with a newline", -1, "\n"),
        ("ends with a blank", -1, " "),
        ("ends with NUL", -1, "\0"),
        ("begins with a digit", 0, DIGITS),
        ("begins with a special character", 0, "_!@#$%="),
    ],
)
def test_a_defect_at_an_end_is_one_of_these_characters(kind: str, position: int, characters: str) -> None:
    drawn = examples(invalid_app_codes, 2000)

    found = {invalid.value[position] for invalid in drawn if invalid.kind == kind}

    assert found <= set(characters)
    assert len(found) > len(characters) / 2


@pytest.mark.parametrize(("kind", "character"), [("holds a newline", "\n"), ("holds a blank", " ")])
def test_a_defect_inside_is_at_neither_end(kind: str, character: str) -> None:
    values = [invalid.value for invalid in examples(invalid_app_codes, 2000) if invalid.kind == kind]

    assert values
    assert all(character in value[1:-1] and character not in value[0] + value[-1] for value in values)


@pytest.mark.parametrize("character", ["\xe9", "\u212a", "\u017f", "\uff21", "\uff10", "\u0664", "\u2028", "\xa0"])
def test_the_lookalikes_that_mislead_validators_come_up(character: str) -> None:
    values = [invalid.value for invalid in examples(invalid_app_codes, 2000) if invalid.clause == ALPHABET]

    assert any(character in value for value in values)


def test_every_invalid_app_code_survives_a_json_body_in_utf8() -> None:
    values = [invalid.value for invalid in examples(invalid_app_codes)]

    received = [json.loads(json.dumps(value, ensure_ascii=False).encode()) for value in values]

    assert received == values


@pytest.mark.parametrize(
    ("clause", "value"),
    [(LENGTH, ""), (FIRST_CHARACTER, "0" + "A" * 63), (ALPHABET, "A" * 63 + "\n"), (TYPE, None)],
)
def test_invalid_app_codes_of_a_clause_shrink_to_its_simplest_breach(clause: str, value: object) -> None:
    simplest = find(invalid_app_codes(), lambda invalid: invalid.clause == clause, settings=searching)

    assert simplest.value == value


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("A" * 63 + "\n", r"'<63 characters>\n'"),
        ("A" * 20 + "-" + "A" * 44, "'<20 characters>-<44 characters>'"),
        ("7" + "A" * 64, "'<65 characters>'"),
        ("A" * 19, repr("A" * 19)),
        ("A" * 20, "'<20 characters>'"),
        ("0a" * 16, repr("0a" * 16)),
        ("0a" * 16 + "b", "'<33 characters>'"),
    ],
)
def test_a_failing_example_shows_what_belongs_in_no_app_code_but_no_app_code(value: str, told: str) -> None:
    invalid = Invalid(value, ALPHABET, "as it is")

    shown = repr(invalid)

    assert shown == f"Invalid({told}, clause='generate/app-code/alphabet', kind='as it is')"


@bounded
@given(invalid_app_codes())
def test_hypothesis_prints_an_example_without_its_value(invalid: Invalid[object]) -> None:
    assert pretty(invalid) == repr(invalid)
    assert not isinstance(invalid.value, str) or len(invalid.value) < 64 or invalid.value not in repr(invalid)
    assert re.search(r"[A-Za-z0-9+_!@#$%/=]{33}", repr(invalid).partition(", clause=")[0]) is None


def test_of_a_long_array_the_first_items_are_shown() -> None:
    assert repr(Invalid([*range(501)], TYPE, "an array")).startswith("Invalid([0, 1, 2, 3, 4, … 496 more], ")


def test_an_app_code_in_an_array_or_an_object_is_not_shown_either() -> None:
    invalid = Invalid({"size": None, "app_codes": [{"id": "1", "app_code": "A" * 64}]}, TYPE, "an object")

    shown = repr(invalid)

    value = "{'size': None, 'app_codes': [{'id': '1', 'app_code': '<64 characters>'}]}"
    assert shown == f"Invalid({value}, clause='generate/app-code', kind='an object')"
