"""What a violation says was seen: short, exact, and the same words for the same fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from appcode_contract.checks import judge_request, judge_response
from tests.checks.broken_answers import BROKEN_GENERATED, BROKEN_LISTED
from tests.checks.broken_refusals import BROKEN_REFUSALS
from tests.checks.broken_requests import BROKEN_REQUESTS
from tests.checks.exchanges import (
    APP_CODE,
    APP_ID,
    GENERATED,
    ITEM,
    PATH,
    URL,
    asked,
    error,
    generated,
    items,
    listed,
    page,
    refused,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from appcode_contract.checks import Judgement
    from appcode_contract.messages import Exchange
    from tests.checks.exchanges import Case

OF_REQUESTS = {
    "a method that is not documented": f"POST {PATH}",
    "another version": f"PUT {PATH.replace('v2', 'v1')}",
    "no project": "project_id: 0 characters",
    "no token": "X-Auth-Token is missing",
    "an empty token": "X-Auth-Token: 0 characters",
    "a body": "a body of 2 bytes",
    "a body when listing": "a body of 1 bytes",
    "a query": "the query has 'limit'",
    "an unknown parameter": "the query has 'page'",
    "limit 501": "limit is '501'",
    "limit -1": "limit is '-1'",
    "limit an arabic digit": r"limit is '\u0664'",
    "the limit twice": "limit is given 2 times",
    "the offset twice": "offset is given 2 times",
    "an offset beyond 64 bits": "offset is '9223372036854775808'",
}
OF_GENERATED = {
    "status 200": "status 200",
    "null as the body": "null",
    "an array as the body": "an array",
    "a string as the body": "a string",
    "a boolean as the body": "a boolean",
    "no id": "id is missing",
    "a number as id": "id: the number 7",
    "an object as app_id": "app_id: an object",
    "an AppCode of 63 characters": "app_code: 63 characters",
    "an AppCode of 181 characters": "app_code: 181 characters",
    "an AppCode with a hyphen": "app_code: holds '-'",
    "an AppCode that begins with 0": "app_code: begins with '0'",
    "another app_id": "app_id is 'another'",
    "no zone as create_time": "create_time: '2020-07-24T02:31:45'",
}
OF_LISTED = {
    "status 201": "status 201",
    "a number as size": "size is the number 7, the page has 2 items",
    "a size of an empty page": "size is the number 1, the page has 0 items",
    "a total of a thousand digits": "total: the number 1" + "0" * 48,
    "501 items with a limit that is clamped": "size: the number 501 (and 1 more)",
    "21 items without a limit": "21 items on a page with limit 20",
    "4 items with limit 3": "4 items on a page with limit 3",
    "an item that is null": "app_codes[1]: null",
    "an item without id": "app_codes[1]: id is missing",
    "a boolean as an item's id": "app_codes[1].id: a boolean",
    "every item's AppCode cut short": "app_codes[0].app_code: 9 characters (and 1 more)",
    "an item of another app": "1 of 2 items have another app_id: 'another'",
    "an item twice": "1 items of this page have an id of another",
}
OF_REFUSALS = {
    "status 418": "status 418",
    "a refusal that is empty": "the body is empty",
    "a refusal that is html": "the body is not JSON: Expecting value at character 0",
    "text as Content-Type": "Content-Type is 'text/plain'",
    "no Content-Type": "Content-Type is absent",
    "403 with nothing in it": "error_code is missing (and 1 more)",
    "403 with a number as error_code": "error_code: the number 9999",
    "401 with another code": "error_code is 'APIG.0000' with status 401",
    "a 400 for ?limit=abc with no name": "error_msg does not name limit: 'Invalid parameter'",
    "a 404 without the id": f"error_msg does not name {APP_ID}: 'App does not exist'",
}


def _told(judge: Callable[[Exchange], Judgement], exchange: Exchange) -> list[str]:
    return [violation.actual for violation in judge(exchange).violations]


@pytest.mark.parametrize(
    ("judge", "table", "name", "told"),
    [
        (judge, table, name, told)
        for judge, table, texts in (
            (judge_request, BROKEN_REQUESTS, OF_REQUESTS),
            (judge_response, BROKEN_GENERATED, OF_GENERATED),
            (judge_response, BROKEN_LISTED, OF_LISTED),
            (judge_response, BROKEN_REFUSALS, OF_REFUSALS),
        )
        for name, told in texts.items()
    ],
)
def test_what_was_seen_is_told(
    judge: Callable[[Exchange], Judgement], table: dict[str, Case], name: str, told: str
) -> None:
    assert [told] == _told(judge, table[name][1])


def test_two_faults_of_one_value_are_told_with_their_clauses() -> None:
    told = {each.clause: each.actual for each in judge_response(generated(GENERATED | {"app_code": ""})).violations}

    assert told == {
        "generate/app-code/length": "app_code: 0 characters",
        "generate/app-code/first-character": "app_code: empty",
    }


def test_the_same_words_at_several_places_are_told_of_the_first_and_counted() -> None:
    three = [each | {"id": None} for each in items(3)]

    assert ["app_codes[0].id: null (and 2 more)"] == _told(judge_response, listed(page(3, app_codes=three)))


@pytest.mark.parametrize(
    ("letters", "told"),
    [
        ("-~-", "holds '-', '~'"),
        ("(-.:~", "holds '(', '-', '.', ':', '~'"),
        ("(-.:~|", "holds '(', '-', '.', ':', '|', …"),
    ],
)
def test_five_strange_characters_are_told_and_that_there_are_more(letters: str, told: str) -> None:
    assert [f"app_code: {told}"] == _told(judge_response, generated(GENERATED | {"app_code": APP_CODE + letters}))


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ("aba", "'a', 'b'"),
        ("abcde", "'a', 'b', 'c', 'd', 'e'"),
        ("abcdef", "'a', 'b', 'c', 'd', 'e' and 1 more"),
        ("abcdefgg", "'a', 'b', 'c', 'd', 'e' and 2 more"),
    ],
)
@pytest.mark.parametrize("method", ["PUT", "GET"])
def test_five_names_of_a_query_are_told_once_each_and_that_there_are_more(method: str, names: str, told: str) -> None:
    url = URL + "?" + "&".join(f"{name}=1" for name in names)

    assert [f"the query has {told}"] == _told(judge_request, asked(method, url))


def test_a_known_parameter_is_not_told_beside_an_unknown_one() -> None:
    assert ["the query has 'page'"] == _told(judge_request, asked("GET", URL + "?limit=4&page=1&offset=0"))


def test_a_long_name_of_a_query_is_cut() -> None:
    fits, cut = (_told(judge_request, asked(url=f"{URL}?{'x.' * 29}{more}")) for more in ("", "yz"))

    assert fits == [f"the query has '{'x.' * 29}'"]
    assert cut == [f"the query has '{'x.' * 29}y…"]


def test_a_long_value_is_cut() -> None:
    fits, cut = (_told(judge_request, asked("GET", f"{URL}?limit={'7' * size}")) for size in (118, 120))

    assert fits == [f"limit is '{'7' * 118}'"]
    assert cut == [f"limit is '{'7' * 119}…"]


def test_a_long_path_is_cut() -> None:
    fits, cut = (_told(judge_request, asked(url="https://roma.example" + "/apps" * count)) for count in (60, 61))

    assert fits == ["PUT " + "/apps" * 60]
    assert cut == ["PUT " + "/apps" * 60 + "…"]


@pytest.mark.parametrize("query", ["?offset=abc&limit=0", "?limit=0&offset=abc"])
def test_a_refusal_may_name_either_of_two_wrong_parameters(query: str) -> None:
    told = _told(judge_response, refused(400, error(400, "Invalid"), query))

    assert ["error_msg does not name offset or limit: 'Invalid'"] == told


def test_a_wrong_code_and_a_text_without_a_name_are_told_both() -> None:
    told = _told(judge_response, refused(404, {"error_code": "APIG.0101", "error_msg": "No"}))

    assert told == ["error_code is 'APIG.0101' with status 404", f"error_msg does not name {APP_ID}: 'No'"]


def test_a_day_that_does_not_exist_is_told_once_for_a_page() -> None:
    never: list[dict[str, Any]] = [each | {"create_time": "2021-02-29T00:00:00Z"} for each in items(2)]

    told = _told(judge_response, listed(page(3, app_codes=[ITEM, *never])))

    assert told == ["create_time is '2021-02-29T00:00:00Z', a day that does not exist"]


def test_items_of_other_apps_and_repeated_ones_are_counted() -> None:
    document = page(3, app_codes=[ITEM | {"app_id": name} for name in ("b", APP_ID, "a")])

    assert _told(judge_response, listed(document)) == [
        "2 of 3 items have another app_id: 'b'",
        "2 items of this page have an id of another",
    ]
