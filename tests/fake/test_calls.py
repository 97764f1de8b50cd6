"""What ``assert_called`` accepts, and what it says when it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from appcode_contract import FakeAppCodes, Request

if TYPE_CHECKING:
    from tests.conftest import Wire


def wrong(fake: FakeAppCodes, operation: Any, **expected: Any) -> str:  # noqa: ANN401 - what assert_called takes
    with pytest.raises(AssertionError) as caught:
        fake.assert_called(operation, **expected)
    return str(caught.value)


def test_calls_that_were_made_are_found(wire: Wire) -> None:
    other = wire.fake.add_app("other")
    wire.generate()
    wire.list("limit=4&offset=0")
    wire.list(url=wire.fake.url(other), token="nobody's")

    wire.fake.assert_called("generate")
    wire.fake.assert_called("generate", times=1, app_id=wire.fake.app_id, query={}, token=wire.fake.token, status=201)
    wire.fake.assert_called("list", times=2)
    wire.fake.assert_called("list", times=1, query={"offset": 0, "limit": "4"})
    wire.fake.assert_called("list", times=1, app_id=other, status=401)
    wire.fake.assert_called("generate", times=0, app_id=other)


def test_a_call_too_many_is_shown(wire: Wire) -> None:
    wire.generate()
    wire.generate()

    lines = wrong(wire.fake, "generate", times=1).splitlines()

    assert lines[0] == "generate was to be called once, and was called twice like that"
    assert [line.startswith("  PUT /v2/") and line.endswith(" → 201") for line in lines[1:]] == [True, True]


def test_the_nearest_call_is_shown_with_what_differs(wire: Wire) -> None:
    wire.generate()
    wire.list("limit=5", wire.fake.url("nobody"))
    wire.list("limit=5&sort=id")

    told = wrong(wire.fake, "list", query={"limit": 4}, app_id=wire.fake.app_id, status=200)

    assert told.splitlines() == [
        "list was to be called at least once, and was called never like that",
        f"nearest: GET {wire.fake.exchanges[2].request.path}?limit=5&sort=id → 200",
        "  query: expected limit=4, was limit=5&sort=id",
    ]


def test_a_path_that_is_neither_operation_is_shown_as_such(wire: Wire) -> None:
    wire.send("GET", wire.fake.url() + "/x")

    assert "  operation: expected list, was none of them" in wrong(wire.fake, "list").splitlines()


@pytest.mark.parametrize(
    ("token", "told"), [("token-of-elsewhere", "X-Auth-Token: another one"), (None, "X-Auth-Token: missing")]
)
def test_a_token_is_compared_and_not_shown(wire: Wire, token: str | None, told: str) -> None:
    wire.send("PUT", wire.fake.url(), headers={"X-Auth-Token": token} if token else {})

    text = wrong(wire.fake, "generate", token=wire.fake.token)

    assert f"  {told}" in text.splitlines()
    assert wire.fake.token not in text


def test_a_token_in_a_query_is_not_shown(wire: Wire) -> None:
    wire.list(f"token={wire.fake.token}")

    assert wire.fake.token not in wrong(wire.fake, "generate")


def test_an_app_code_in_a_query_is_not_shown(wire: Wire) -> None:
    (record,) = wire.fake.seed(1)
    wire.list(f"code={quote(record.app_code, safe='')}")

    text = wrong(wire.fake, "generate")

    assert record.app_code not in text
    assert quote(record.app_code, safe="") not in text


def test_no_request_at_all_is_said() -> None:
    assert wrong(FakeAppCodes(), "list", times=3).splitlines() == [
        "list was to be called 3 times, and was called never like that",
        "there was no request at all",
    ]


def test_another_operation_is_refused() -> None:
    operation: Any = "delete"

    with pytest.raises(ValueError, match="'delete'; it must be 'generate' or 'list'"):
        FakeAppCodes().assert_called(operation)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"status": "200"}, "status is '200'; it must be an integer"),
        ({"times": "1"}, "times is '1'; it must be a whole number"),
        ({"times": -1}, "times is -1; it must be a whole number"),
        ({"query": "limit=1"}, "query is 'limit=1'; it must be a dict"),
    ],
)
def test_an_expectation_that_cannot_be_is_refused(arguments: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        FakeAppCodes().assert_called("list", **arguments)


def test_a_wrong_call_shows_no_app_code_in_another_form_and_no_unknown_token() -> None:
    fake = FakeAppCodes()
    code = "A+" * 35
    spoilt = code.replace("+", "%20")
    for url in (fake.url(spoilt), f"{fake.url()}?app_code={spoilt}", f"{fake.url()}?limit=x&t={'tok-en' * 8}"):
        fake.handle(Request("PUT", url, {"X-Auth-Token": fake.token}))

    shown = wrong(fake, "list", times=3, query={"limit": 4, "t": "tok-en" * 8})
    made = wrong(fake, "generate", times=9)

    assert not any(piece in shown + made for piece in (spoilt[:20], code[:20], "tok-entok-en"))
    assert "limit=x" in made
