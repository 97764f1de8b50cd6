"""jsonschema-rs and jsonschema give the same verdicts; where the first is missing, the second does all alone."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from appcode_contract import strategies
from appcode_contract.checks import judge_request, judge_response
from appcode_contract.json_schema import Validator, first_error, first_fault, schema_problem
from appcode_contract.messages import Exchange, Request, Response
from appcode_contract.schema_store import NAMES, validator
from appcode_contract.strategies import Invalid
from tests.checks.exchanges import APP_CODE, GENERATED, HEADERS, ITEM, JSON, URL, error, page
from tests.test_schema_values import ACCEPTED, REFUSED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hypothesis.strategies import SearchStrategy

DIGITS = b"9" * 10_000
DEEP = 100_000
STRANGE: list[Any] = [
    10**400,
    -(10**4000),
    2**63,
    2**64,
    -(2**63) - 1,
    1.0,
    -0.0,
    500.5,
    1e19,
    9.223372036854775e18,
    float("nan"),
    float("inf"),
    True,
    None,
    [],
    {},
    "\ud800",
    "a" + "\ud800" * 63,
    "\U0001f600" * 64,
    "a" + "\u0664" * 63,
    "a" * 64 + "\n",
    "a\0" * 40,
    "\u212a" * 64,
    "2016-12-31T23:59:60Z\n",
]
HOSTILE_BODIES = [
    b"[" * DEEP,
    b"[" * DEEP + b"]" * DEEP,
    b'{"x":' * DEEP + b"1" + b"}" * DEEP,
    b'{"size": 0, "total": 0, "app_codes": ' + b"[" * 190 + b"]" * 190 + b"}",
    b'{"size": ' + DIGITS + b', "total": -' + DIGITS + b', "app_codes": []}',
    b'{"size": 1e400, "total": 1E+2, "app_codes": []}',
    b'{"size": 0.0, "total": -0, "app_codes": []}',
    b'{"size": NaN, "total": Infinity, "app_codes": []}',
    b'{"\\ud800": 1, "size": 0, "total": 0, "app_codes": []}',
    b'{"size": 0, "size": "0", "total": 0, "app_codes": []}',
    b'{"error_code": "\\udfff", "error_msg": "\\ud83d\\ude00"}',
    b"\xff",
    b"",
]


@contextmanager
def jsonschema_alone() -> Iterator[None]:
    """Have validators made anew, without jsonschema-rs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "jsonschema_rs", None)
        validator.cache_clear()
        yield
    validator.cache_clear()


def explained(errors: Any) -> list[tuple[str, tuple[str | int, ...], str]]:  # noqa: ANN401 - jsonschema's errors
    return [(error.json_path, tuple(error.absolute_schema_path), error.message) for error in errors]


def contradictions(value: object) -> list[str]:
    """Name the schemas for which the two together say something else than jsonschema does."""
    return [name for name in NAMES if contradict(value, name)]


def contradict(value: object, name: str) -> bool:
    found = explained(Draft202012Validator(validator(name).schema).iter_errors(value))
    return found != explained(validator(name).iter_errors(value)) or (not found) != validator(name).is_valid(value)


def judged(exchange: Exchange) -> object:
    request, response = judge_request(exchange), judge_response(exchange)
    told = [(each.clause, each.expected, each.actual) for each in (*request.violations, *response.violations)]
    return told, request.judged, response.judged


def body_of(response: Response) -> object:
    try:
        return response.json()
    except ValueError:
        return None


def document_of(drawn: object) -> object:
    """Give the document in what a strategy has drawn."""
    if isinstance(drawn, Invalid):
        drawn = drawn.value
    if isinstance(drawn, Exchange):
        drawn = drawn.response
    if isinstance(drawn, Response):
        return body_of(drawn)
    return dict(drawn.headers) if isinstance(drawn, Request) else drawn


STRATEGIES: dict[str, Callable[[], SearchStrategy[Any]]] = {
    name: getattr(strategies, name)
    for name in strategies.__all__
    if name[0].islower() and not name.startswith("boundary_") and name not in {"behaviors", "error_scenarios"}
}


@pytest.mark.parametrize("name", STRATEGIES)
def test_the_engines_agree_on_what_a_strategy_gives(name: str) -> None:
    @settings(max_examples=30, derandomize=True, database=None, deadline=None)
    @given(STRATEGIES[name]())
    def agree(drawn: object) -> None:
        assert [] == contradictions(document_of(drawn))

    agree()


@pytest.mark.parametrize("name", [name for name in strategies.__all__ if name.startswith("boundary_")])
def test_the_engines_agree_on_each_boundary(name: str) -> None:
    values = [each.value for each in getattr(strategies, name)]
    numbers = [{field: int(value)} for value in values if _is_integer(value) for field in ("offset", "limit")]

    assert [] == [each for document in (*values, *numbers) for each in contradictions(document)]


def _is_integer(value: object) -> bool:
    return isinstance(value, str) and value.lstrip("-").isdecimal() and value.isascii()


@pytest.mark.parametrize("value", STRANGE, ids=lambda value: ascii(value)[:20])
def test_the_engines_agree_on_strange_values_in_each_place(value: object) -> None:
    documents: list[object] = [value]
    documents += [{**page(), name: value} for name in ("size", "total", "app_codes", "more")]
    documents += [{**page(), "app_codes": [{**ITEM, name: value}]} for name in (*ITEM, "more")]
    documents += [{**ITEM, name: value} for name in ITEM] + [{**error(400), "error_msg": value}]
    documents += [{"limit": value}, {"offset": value}, {"X-Auth-Token": value}, {**page(), "app_codes": [value]}]

    assert [] == [each for document in documents for each in contradictions(document)]


@pytest.mark.parametrize("name", NAMES)
def test_the_engines_agree_on_what_is_known_to_be_valid_or_invalid(name: str) -> None:
    values = [*ACCEPTED.get(name, {}).values(), *REFUSED.get(name, {}).values()]

    assert [] == [each for value in values for each in contradictions(value)]


@pytest.mark.parametrize("status", [200, 201, 400])
def test_hostile_json_is_judged_alike_with_and_without_jsonschema_rs(status: int) -> None:
    method = "PUT" if status == 201 else "GET"
    request = Request(method, URL + ("?limit=0" if status == 400 else ""), HEADERS)
    exchanges = [Exchange(request, Response(status, JSON, body)) for body in HOSTILE_BODIES]

    together = [*map(judged, exchanges)]
    with jsonschema_alone():
        alone = [*map(judged, exchanges)]

    assert together == alone


def test_what_both_find_is_told_once_for_each_place() -> None:
    broken = page() | {"app_codes": [{**ITEM, "app_code": 7}, {**ITEM, "id": 7}]}

    assert ["$.app_codes[0].app_code", "$.app_codes[1].id"] == [
        error.json_path for error in validator("list-response").iter_errors(broken)
    ]


def test_an_engine_that_refuses_wrongly_has_no_say_in_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """The verdict with reasons is jsonschema's; jsonschema-rs alone never blames anybody."""
    strict = Validator({"type": "string"})
    monkeypatch.setattr(strict, "_fast", lambda _: False)

    assert [] == [*strict.iter_errors("a text")]


@pytest.mark.parametrize(
    ("schema", "words"),
    [({"type": "text"}, "text"), ({"minLength": -1}, "-1"), ({"pattern": "["}, "["), (None, "None"), ([], "[]")],
)
@pytest.mark.parametrize("rust", [True, False], ids=["with jsonschema-rs", "without"])
def test_a_schema_that_is_none_is_explained(schema: object, words: str, rust: bool) -> None:  # noqa: FBT001 - a parameter of the test
    if rust:
        problem = schema_problem(schema)
    else:
        with jsonschema_alone():
            problem = schema_problem(schema)

    assert words in problem


@pytest.mark.parametrize("rust", [True, False], ids=["with jsonschema-rs", "without"])
def test_the_first_error_says_where_and_what_would_be_right(rust: bool) -> None:  # noqa: FBT001 - a parameter of the test
    schema = {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}}

    def told() -> object:
        values: list[object] = [{"a": 1}, {"a": "secret"}, {}]
        return [first_error(schema, value) for value in values], [first_fault(schema, value) for value in values]

    expected = (
        [None, "$.a: it must be of type integer", "$: 'a' is a required property"],
        [None, (["a"], "it must be of type integer"), (["a"], "this key must be there")],
    )
    if rust:
        assert expected == told()
    else:
        with jsonschema_alone():
            assert expected == told()


def test_a_valid_document_costs_no_import_of_jsonschema() -> None:
    code = f"""
import sys
from appcode_contract.checks import judge_response
from appcode_contract.messages import Exchange, Request, Response
answer = Response(201, {JSON!r}, {json.dumps(GENERATED | {"app_code": APP_CODE}).encode()!r})
assert not judge_response(Exchange(Request("PUT", {URL!r}), answer)).violations
assert "jsonschema_rs" in sys.modules
assert "jsonschema" not in sys.modules
"""
    done = subprocess.run(  # noqa: S603 - code written here
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )

    assert (0, "") == (done.returncode, done.stderr)
