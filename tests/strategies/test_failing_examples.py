"""What Hypothesis prints of a failing example: to be pasted where it holds no credential; no function of ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, given, seed, settings
from hypothesis.errors import InvalidArgument
from hypothesis.strategies._internal.utils import to_jsonable
from hypothesis.vendor.pretty import pretty

import appcode_contract.strategies as package
from appcode_contract import AppCodeRecord, Behavior, Exchange, Request, Response
from appcode_contract.strategies import ErrorScenario, Invalid, error_scenarios, invalid_requests, requests
from tests.strategies.amounts import amount
from tests.strategies.test_quality import STRATEGIES

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

PASTED = {
    *("app_code_pages", "app_codes", "behaviors", "create_times", "error_bodies", "ids", "invalid_create_times"),
    *("invalid_list_queries", "list_queries", "tokens"),
}
HIDING = {
    *("app_code_records", "error_responses", "exchanges", "generate_responses", "invalid_requests"),
    *("invalid_responses", "list_responses", "requests", "responses"),
}
NAMES = {"Behavior": Behavior, "Invalid": Invalid}
SEEDS = range(12)
FOURTH = 4


def printed(strategy: SearchStrategy[Any], number: int) -> tuple[str, object]:
    """Fail a property at its fourth example, whenever it comes; give what is printed of it, and the example."""
    drawn: list[object] = []

    @seed(number)
    @settings(max_examples=5, database=None, deadline=None, phases=[Phase.generate], print_blob=False)
    @given(value=strategy)
    def fails(value: object) -> None:
        if len(drawn) < FOURTH:
            drawn.append(value)
        assert len(drawn) < FOURTH or value != drawn[-1]

    with pytest.raises(AssertionError) as caught:
        fails()
    note = "\n".join(caught.value.__notes__)
    return note.partition("value=")[2].rpartition(",\n)")[0], drawn[-1]


def test_every_strategy_is_told_apart() -> None:
    with_long_texts = {"invalid_app_codes", "invalid_error_bodies", "invalid_pages"}

    assert set(STRATEGIES) == PASTED | HIDING | with_long_texts | {"error_scenarios"}


@pytest.mark.parametrize("number", SEEDS)
@pytest.mark.parametrize("name", sorted(PASTED))
def test_a_failing_example_can_be_pasted(name: str, number: int) -> None:
    shown, drawn = printed(getattr(package, name)(), number)

    assert eval(shown, dict(NAMES)) == drawn  # noqa: S307 - what was just printed


@pytest.mark.parametrize("name", sorted(HIDING))
def test_a_failing_message_shows_no_app_code_and_no_function(name: str) -> None:
    shown, drawn = printed(getattr(package, name)(), 1)

    assert shown.startswith(("<Request ", "<Response ", "Exchange(", "AppCodeRecord(", "Invalid("))
    assert "lambda" not in shown
    assert not [piece for code in app_codes_of(drawn) for piece in (code[:12], code[-12:]) if piece in shown]


def test_a_failing_answer_shows_no_app_code() -> None:
    shown, drawn = printed(package.generate_responses(), 1)
    codes = app_codes_of(drawn)

    assert len(codes) == 1
    assert codes[0][:12] not in shown


def app_codes_of(message: Any) -> list[str]:  # noqa: ANN401 - any message, valid or not
    match message:
        case Invalid():
            return app_codes_of(message.value)
        case Exchange():
            return app_codes_of(message.response)
        case AppCodeRecord():
            return [message.app_code]
        case Response():
            return re.findall(r'"app_code": ?"([^"]{12,})"', message.body.decode(errors="replace"))
        case _:
            return []


def test_a_failing_page_shows_all_but_its_app_codes() -> None:
    invalid = Invalid({"total": 1, "size": None, "app_codes": [{"app_code": "A" * 64}]}, "list/size", "size is null")

    assert pretty(invalid) == (
        "Invalid({'total': 1, 'size': None, 'app_codes': [{'app_code': '<64 characters>'}]}, "
        "clause='list/size', kind='size is null')"
    )


@pytest.mark.parametrize("name", ["invalid_app_codes", "invalid_error_bodies", "invalid_pages"])
def test_what_is_invalid_is_shown_as_such(name: str) -> None:
    shown, _ = printed(getattr(package, name)(), 1)

    assert shown.startswith("Invalid(")
    assert "clause=" in shown


@pytest.mark.parametrize("number", SEEDS[: amount(1, 2)])
@pytest.mark.parametrize("name", ["app_codes", "app_code_pages", "ids", "list_queries"])
def test_what_may_vary_in_a_failing_example_is_no_call_either(name: str, number: int) -> None:
    strategy = getattr(package, name)

    @seed(number)
    @settings(max_examples=100, database=None, deadline=None, print_blob=False)
    @given(value=strategy() if name != "app_code_pages" else strategy(total=1))
    def fails(value: object) -> None:
        # pytest would explain at length where in a page the digit stands.
        there = "7" in str(value)
        assert not there

    with pytest.raises(AssertionError) as caught:
        fails()
    shown = "\n".join(caught.value.__notes__).partition("value=")[2].rpartition(",\n)")[0]

    assert "7" in str(eval(shown, dict(NAMES)))  # noqa: S307 - what was just printed


@pytest.mark.parametrize("make", [requests, invalid_requests])
def test_no_strategy_shows_a_token_or_a_password_that_it_was_given(make: Callable[..., Any]) -> None:
    url = "https://user:pass-word@a.example/v2/p/apic/instances/i/apps/a/app-codes"

    strategy = make(url=url, token="tok-en-of-mine")

    assert "pass-word" not in repr(strategy)
    assert "tok-en-of-mine" not in repr(strategy)
    with pytest.raises(InvalidArgument) as caught:
        make(url=f"{url}?x={'t' * 30}")
    assert "pass-word" not in str(caught.value)
    assert "t" * 30 not in str(caught.value)


@pytest.mark.parametrize("name", sorted(HIDING - {"invalid_requests", "invalid_responses"}))
def test_observability_is_told_no_more_than_is_shown(name: str) -> None:
    written: list[str] = []

    @seed(1)
    @settings(max_examples=20, database=None, deadline=None, phases=[Phase.generate])
    @given(value=getattr(package, name)())
    def run(value: Any) -> None:  # noqa: ANN401 - any message
        written.append(str(to_jsonable(value, avoid_realization=False)))
        assert not [code for code in app_codes_of(value) if code in written[-1]]
        request = value.request if isinstance(value, Exchange) else value
        token = (request.header("X-Auth-Token") or "") if isinstance(request, Request) else ""
        assert len(token) < 8 or token not in written[-1]

    run()

    assert len(written) == 20


def test_a_failing_scenario_shows_its_name_and_not_its_functions() -> None:
    shown, drawn = printed(error_scenarios(), 1)

    assert isinstance(drawn, ErrorScenario)
    assert shown == (
        f"ErrorScenario(name={drawn.name!r}, status={drawn.status}, "
        f"error_code={drawn.error_code!r}, clause={drawn.clause!r})"
    )


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ""),
        ("offset=-1&limit=501", "?offset=-1&limit=501"),
        ("limit=%D9%A4", "?limit=%D9%A4"),
        ("limit=&token=abc", "?limit=&…"),
        ("limit=" + "A" * 64, "?…"),
        ("limit=1\n2", "?…"),
        ("app_code=" + "A" * 64 + "&offset=9223372036854775807", "?…&offset=9223372036854775807"),
    ],
)
def test_a_request_shows_offset_and_limit_and_nothing_else_of_its_query(query: str, shown: str) -> None:
    url = "http://a.example/v2/p/app-codes" + (f"?{query}" if query else "")

    request = Request("GET", url, [("X-Auth-Token", "a-token")])

    assert repr(request) == f"<Request GET /v2/p/app-codes{shown}, 1 headers, 0 bytes>"
    assert f"request=<Request GET /v2/p/app-codes{shown}, " in repr(Exchange(request, None))
