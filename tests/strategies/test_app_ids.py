"""Apps that a caller names: what is refused, and answers for those whose id is encoded in the path."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import Phase, find, settings
from hypothesis.errors import InvalidArgument, NoSuchExample

from appcode_contract import Exchange, FakeAppCodes, Request
from appcode_contract.checks import judge_response
from appcode_contract.strategies import (
    Invalid,
    app_code_pages,
    app_code_records,
    error_bodies,
    error_responses,
    generate_responses,
    invalid_responses,
    list_responses,
)
from appcode_contract.strategies.valid_responses import asked_app
from tests.strategies import oracle
from tests.strategies.survey import draw

URL = FakeAppCodes(seed=1).url("APP")
# Decoded: a b, a/b, two characters of Chinese, and texts that are part of what refusals say.
ENCODED = ("a%20b", "a%2Fb", "%E5%BA%94%E7%94%A8", "r", "Wrong", "%7Bapp%7D", "limit", "%25")
OF_APPS = (app_code_pages, app_code_records, error_bodies, error_responses, generate_responses, list_responses)


@pytest.mark.parametrize("make", OF_APPS)
@pytest.mark.parametrize("app_id", ["\ud800", "app-\udfff-of-mine", ""])
def test_an_app_id_that_no_message_carries_is_refused_by_the_strategy_that_was_called(make: Any, app_id: str) -> None:  # noqa: ANN401 - any strategy
    with pytest.raises(InvalidArgument) as caught:
        make(app_id=app_id)

    reason = "it must be text that UTF-8 can encode, without a lone surrogate" if app_id else "it must be a string"
    assert str(caught.value).startswith(f"{make.__name__}(app_id={app_id!a}): {reason}")
    str(caught.value).encode()


@pytest.mark.parametrize("make", OF_APPS)
@pytest.mark.parametrize("app_id", ["\ud7ff", "\ue000", "\U0001f600", "\0"])
def test_any_other_app_id_is_taken(make: Any, app_id: str) -> None:  # noqa: ANN401 - any strategy
    drawn: list[Any] = []

    draw(make(app_id=app_id), 5, 0, drawn.append)

    assert drawn != []


@pytest.mark.parametrize("app_id", ENCODED)
def test_answers_for_an_app_whose_id_is_encoded_break_their_clause_and_no_other(app_id: str) -> None:
    wrong: list[tuple[str, set[str], set[str]]] = []

    def use(invalid: Invalid[Exchange]) -> None:
        reported = {violation.clause for violation in judge_response(invalid.value).violations}
        verdicts = (reported, oracle.broken_by_response(invalid.value))
        if verdicts != ({invalid.clause, *invalid.also},) * 2:
            wrong.append((f"{invalid.clause}, {invalid.kind}", *verdicts))

    draw(invalid_responses(url=URL.replace("APP", app_id)), 400, 0, use)

    assert [] == wrong


@pytest.mark.parametrize("app_id", ENCODED)
def test_the_app_of_a_request_is_read_as_the_checks_read_it(app_id: str) -> None:
    asked = Request("GET", URL.replace("APP", app_id), {"X-Auth-Token": "t"})

    assert unquote(app_id) == asked_app(asked)


@pytest.mark.parametrize("app_id", ["r", "WRONG"])
def test_a_refusal_that_does_not_name_its_app_does_not_name_it_by_accident_either(app_id: str) -> None:
    quick = settings(max_examples=4_000, database=None, derandomize=True, phases=[Phase.generate])
    answers = invalid_responses("generate", url=URL.replace("APP", app_id))

    def names_it_still(invalid: Invalid[Exchange]) -> bool:
        nameless = invalid.kind == "error_msg does not name the app"
        return nameless and not judge_response(invalid.value).violations

    with pytest.raises(NoSuchExample):
        find(answers, names_it_still, settings=quick)
