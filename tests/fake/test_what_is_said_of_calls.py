"""Every line that ``assert_called`` says of calls that differ from what was expected."""

from __future__ import annotations

from typing import Any

import pytest

from appcode_contract import FakeAppCodes, Request

TOKEN = "token-1"
PATH = "/v2/p/apic/instances/i/apps/app-1/app-codes"


def made() -> FakeAppCodes:
    return FakeAppCodes(seed=1, app_id="app-1", token=TOKEN, project_id="p", instance_id="i")


def call(fake: FakeAppCodes, method: str = "GET", query: str = "", token: str | None = TOKEN) -> None:
    fake.handle(Request(method, fake.url() + query, {"X-Auth-Token": token} if token else {}))


def said(fake: FakeAppCodes, operation: Any, **expected: Any) -> list[str]:  # noqa: ANN401 - what assert_called takes
    with pytest.raises(AssertionError) as caught:
        fake.assert_called(operation, **expected)
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("expected", "difference"),
    [
        ({"app_id": "other"}, "app_id: expected other, was app-1"),
        ({"query": {}}, "query: expected none, was a=&limit=4"),
        ({"query": {"limit": 4}}, "query: expected limit=4, was a=&limit=4"),
        ({"query": {"b": "", "a": "1"}}, "query: expected a=1&b=, was a=&limit=4"),
        ({"token": "other"}, "X-Auth-Token: another one"),
        ({"status": 404}, "status: expected 404, was 200"),
    ],
    ids=lambda value: "" if isinstance(value, str) else str(value),
)
def test_each_part_that_differs_is_said(expected: dict[str, Any], difference: str) -> None:
    fake = made()
    call(fake, query="?limit=4&a=")

    assert said(fake, "list", **expected) == [
        "list was to be called at least once, and was called never like that",
        f"nearest: GET {PATH}?limit=4&a= → 200",
        f"  {difference}",
    ]


def test_every_difference_is_said_in_one_order() -> None:
    fake = made()
    call(fake, "PUT", token=None)

    assert said(fake, "list", status=200, token=TOKEN, query={"limit": 4}, app_id="other")[1:] == [
        f"nearest: PUT {PATH} → 401",
        "  operation: expected list, was generate",
        "  app_id: expected other, was app-1",
        "  query: expected limit=4, was none",
        "  X-Auth-Token: missing",
        "  status: expected 200, was 401",
    ]


def test_a_call_of_another_path_has_no_operation_and_no_app() -> None:
    fake = made()
    fake.handle(Request("GET", fake.base_url + "/other"))

    assert said(fake, "list", app_id="app-1")[1:] == [
        "nearest: GET /other → 404",
        "  operation: expected list, was none of them",
        "  app_id: expected app-1, was None",
    ]


def test_a_call_without_an_answer_is_said_to_have_none() -> None:
    fake = made()
    fake.fail(fault="reset")
    call(fake)

    assert said(fake, "list", status=200)[1:] == [
        f"nearest: GET {PATH} → nothing",
        "  status: expected 200, was None",
    ]


@pytest.mark.parametrize(
    ("count", "times", "line"),
    [
        (0, 1, "list was to be called once, and was called never like that"),
        (1, 0, "list was to be called never, and was called once like that"),
        (2, 3, "list was to be called 3 times, and was called twice like that"),
        (4, 2, "list was to be called twice, and was called 4 times like that"),
    ],
)
def test_how_often_is_said_and_each_call_shown(count: int, times: int, line: str) -> None:
    fake = made()
    for _ in range(count):
        call(fake)

    shown = [f"  GET {PATH} → 200"] * count or ["there was no request at all"]
    assert said(fake, "list", times=times) == [line, *shown]


def test_five_calls_are_shown_at_most() -> None:
    fake = made()
    for number in range(7):
        call(fake, query=f"?offset={number}")

    assert said(fake, "list", times=1)[1:] == [f"  GET {PATH}?offset={number} → 200" for number in range(5)]


def test_the_nearest_of_the_other_calls_is_shown_while_calls_are_missing_only() -> None:
    fake = made()
    call(fake, "PUT", token=None)
    call(fake, query="?limit=4")
    call(fake)

    missing = said(fake, "list", times=2, query={}, status=200)
    too_many = said(fake, "list", times=0, query={}, status=200)

    assert missing[1:] == [
        f"  GET {PATH} → 200",
        f"nearest: GET {PATH}?limit=4 → 200",
        "  query: expected none, was limit=4",
    ]
    assert too_many[1:] == [f"  GET {PATH} → 200"]


@pytest.mark.parametrize(
    ("operation", "arguments", "told"),
    [
        ("delete", {}, "operation is 'delete'; it must be 'generate' or 'list'"),
        ("list", {"query": [("limit", 4)]}, "query is [('limit', 4)]; it must be a dict, such as {'limit': 4}"),
        ("list", {"status": True}, "status is True; it must be an integer, such as 200"),
        ("list", {"times": -1}, "times is -1; it must be a whole number, at least 0, or None for at least once"),
        ("list", {"times": True}, "times is True; it must be a whole number, at least 0, or None for at least once"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_cannot_be_expected_is_said(operation: Any, arguments: dict[str, Any], told: str) -> None:  # noqa: ANN401 - what a caller without types may give
    with pytest.raises(ValueError, match="; it must be") as caught:
        made().assert_called(operation, **arguments)

    assert str(caught.value) == told


def test_a_call_that_may_not_be_made_and_was_not_is_fine() -> None:
    fake = made()
    fake.assert_called("list", times=0)
    call(fake, "PUT")

    fake.assert_called("list", times=0)
    fake.assert_called("generate", times=1)
