"""What Hypothesis prints of a failing example: to be pasted where it holds no credential; no function of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, given, seed, settings
from hypothesis.vendor.pretty import pretty

import appcode_contract.strategies as package
from appcode_contract import Behavior, Exchange, Request
from appcode_contract.strategies import ErrorScenario, Invalid, error_scenarios
from tests.strategies.test_quality import STRATEGIES

if TYPE_CHECKING:
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
    shown, _ = printed(getattr(package, name)(), 1)

    assert shown.startswith(("<Request ", "<Response ", "Exchange(", "AppCodeRecord(", "Invalid("))
    assert "lambda" not in shown
    assert "A" * 20 not in shown


def test_a_failing_page_shows_all_but_its_app_codes() -> None:
    invalid = Invalid({"total": 1, "size": None, "app_codes": [{"app_code": "A" * 64}]}, "list/size", "size is null")

    assert pretty(invalid) == (
        "Invalid({'total': 1, 'size': None, 'app_codes': [{'app_code': <64 characters>}]}, "
        "clause='list/size', kind='size is null')"
    )


@pytest.mark.parametrize("name", ["invalid_app_codes", "invalid_error_bodies", "invalid_pages"])
def test_what_is_invalid_is_shown_as_such(name: str) -> None:
    shown, _ = printed(getattr(package, name)(), 1)

    assert shown.startswith("Invalid(")
    assert "clause=" in shown


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
