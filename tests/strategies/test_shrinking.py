"""Failing examples shrink to what a person can read: the simplest value that still fails, whatever was drawn first.

Each search starts from several seeds, so that no lucky draw hides a value that cannot be left again. The phase that
explains is left out: it draws at random from a value that is already the simplest, and may end anywhere.
"""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, find, settings

import appcode_contract.strategies as package
from appcode_contract import AppCodeRecord, Behavior, Exchange, Request, Response
from appcode_contract.strategies import (
    ERROR_SCENARIOS,
    Invalid,
    app_code_pages,
    app_code_records,
    app_codes,
    behaviors,
    create_times,
    error_bodies,
    error_responses,
    error_scenarios,
    exchanges,
    generate_responses,
    ids,
    invalid_app_codes,
    invalid_create_times,
    invalid_error_bodies,
    invalid_list_queries,
    invalid_pages,
    invalid_requests,
    invalid_responses,
    list_queries,
    list_responses,
    requests,
    responses,
    tokens,
)
from tests.strategies.amounts import amount

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

SEEDS = amount(1, 3)
searching = settings(max_examples=2000, database=None, deadline=None, phases=[Phase.generate, Phase.shrink])

CODE = "A" * 64
ID = "0" * 32
TIME = "2020-01-01T00:00:00Z"
PATH = f"/v2/{ID}/apic/instances/{ID}/apps/{ID}/app-codes"
URL = f"https://roma.example{PATH}"
RECORD = {"app_code": CODE, "id": ID, "app_id": ID, "create_time": TIME}
SECOND = RECORD | {"app_code": CODE[:-1] + "B", "id": ID[:-1] + "1"}
THIRD = RECORD | {"app_code": CODE[:-1] + "C", "id": ID[:-1] + "2"}
NOT_FOUND = {"error_code": "APIG.3004", "error_msg": f"App {ID} does not exist"}
UNAUTHORIZED = {"error_code": "APIG.1002", "error_msg": "Incorrect token or token resolution failed"}
FAILED = {"error_code": "APIG.9999", "error_msg": "System error"}
JSON = ("Content-Type", "application/json")
TOKEN = ("X-Auth-Token", "0")
PUT = Request("PUT", URL, [TOKEN])
GET = Request("GET", URL, [TOKEN])
CODES: dict[str, object] = {
    "empty": "",
    "one character too few": "A" * 63,
    "too few characters": "A",
    "one character too many": "A" * 181,
    "too many characters": "A" * 182,
    "begins with a digit": "0" + "A" * 63,
    "begins with a special character": "_" + "A" * 63,
    "ends with a newline": "A" * 63 + "\n",
    "ends with a blank": "A" * 63 + " ",
    "ends with NUL": "A" * 63 + "\0",
    **{
        f"holds {kind}": f"A{character}" + "A" * 62
        for kind, character in {
            "a newline": "\n",
            "a blank": " ",
            "NUL": "\0",
            "a hyphen": "-",
            "another control character": "\r",
            "another ASCII character": ".",
            "a letter beyond ASCII": "\xe9",
            "a digit beyond ASCII": "\uff10",
            "an invisible character beyond ASCII": "\xa0",
        }.items()
    },
    "null": None,
    "a boolean": False,
    "an integer": 0,
    "a fraction": 0.0,
    "an array": [],
    "an object": {},
}
"""The simplest value of each kind: no longer than it must be, and nothing but A where it is not wrong."""


def a_page(*items: Any, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON values
    return {"total": len(items), "size": len(items), "app_codes": [*items]} | fields


def crowd(size: int) -> dict[str, Any]:
    """Make the simplest page of many: codes and ids count up, and of each time there are four."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    items = [
        {
            "app_code": CODE[:-3] + letters[index // 26**2] + letters[index // 26 % 26] + letters[index % 26],
            "id": f"{index:032x}",
            "app_id": ID,
            "create_time": f"2020-01-01T00:{index // 4 // 60:02d}:{index // 4 % 60:02d}Z",
        }
        for index in range(size)
    ]
    return a_page(*items)


def without(name: str, document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key != name}


def answer(status: int, document: Any, *, sized: bool = True) -> Response:  # noqa: ANN401 - any JSON value
    body = json.dumps(document).encode()
    return Response(status, (JSON, ("Content-Length", str(len(body)))) if sized else (JSON,), body)


def minimum(strategy: SearchStrategy[Any], fails: Callable[[Any], bool], seed: int = 0) -> Any:  # noqa: ANN401 - any value
    return find(strategy, fails, settings=searching, random=Random(seed))  # noqa: S311 - values that repeat


def minima(strategy: SearchStrategy[Any], fails: Callable[[Any], bool]) -> list[Any]:
    """Shrink what fails, from each seed anew."""
    return [minimum(strategy, fails, seed) for seed in range(SEEDS)]


SIMPLEST: dict[str, object] = {
    "app_codes": CODE,
    "ids": ID,
    "tokens": "0",
    "create_times": TIME,
    "app_code_records": AppCodeRecord(CODE, ID, ID, "2020-01-01T00:00:00.000000000Z"),
    "app_code_pages": a_page(),
    "behaviors": Behavior(),
    "error_bodies": {
        "error_code": "APIG.2012",
        "error_msg": "Invalid parameter value,parameterName:app_id. Please refer to the support documentation",
    },
    "error_scenarios": ERROR_SCENARIOS[0],
    "list_queries": {},
    "requests": PUT,
    "generate_responses": answer(201, RECORD),
    "list_responses": answer(200, a_page()),
    "error_responses": answer(
        400,
        {
            "error_code": "APIG.2012",
            "error_msg": "Invalid parameter value,parameterName:app_id. Please refer to the support documentation",
        },
    ),
    "responses": answer(201, RECORD),
    "exchanges": Exchange(PUT, answer(201, RECORD)),
    "invalid_app_codes": Invalid("", "generate/app-code/length", "empty", ("generate/app-code/first-character",)),
    "invalid_create_times": Invalid(None, "generate/create-time", "is null"),
    "invalid_error_bodies": Invalid(None, "error/body", "null"),
    "invalid_list_queries": Invalid((("limit", "0"),), "list/limit/minimum", "limit is below 1"),
    "invalid_pages": Invalid(None, "list/body", "null"),
    "invalid_requests": Invalid(Request("PUT", URL + "/", [TOKEN]), "path/uri", "the path ends with a slash"),
    "invalid_responses": Invalid(Exchange(PUT, answer(200, RECORD, sized=False)), "generate/status", "status 200"),
}


@pytest.mark.parametrize("name", SIMPLEST)
def test_what_always_fails_shrinks_to_the_simplest_value_of_all(name: str) -> None:
    found = minimum(getattr(package, name)(), lambda _: True)

    assert SIMPLEST[name] == found


def test_no_public_strategy_is_left_out() -> None:
    public = {name for name in package.__all__ if name.islower() and callable(getattr(package, name))}

    assert public == SIMPLEST.keys()


FAILING: dict[str, tuple[SearchStrategy[Any], Callable[[Any], bool], object]] = {
    "a code with %": (app_codes(), lambda code: "%" in code, "A" * 63 + "%"),
    "a code that ends with =": (app_codes(), lambda code: code.endswith("="), "A" * 63 + "="),
    "a code that begins with no letter": (app_codes(), lambda code: not code[0].isalpha(), "+" + "A" * 63),
    "a code with a digit": (app_codes(), lambda code: any(map(str.isdigit, code)), "A" * 63 + "0"),
    "a code of more than 100": (app_codes(), lambda code: len(code) > 100, "A" * 101),
    "an id with a letter": (ids(), lambda number: not number.isdigit(), ID[:-1] + "a"),
    "a token with a slash": (tokens(), lambda token: "/" in token, "/"),
    "a token of more than 10": (tokens(), lambda token: len(token) > 10, "0" * 11),
    "a time with 9 digits": (
        create_times(),
        lambda time: time.partition(".")[2][8:9].isdigit(),
        "2020-01-01T00:00:00.000000000Z",
    ),
    "a time in a zone": (create_times(), lambda time: not time.endswith("Z"), "2020-01-01T08:00:00+08:00"),
    "a record with a slash": (
        app_code_records(),
        lambda record: "/" in record.app_code,
        AppCodeRecord("A" * 63 + "/", ID, ID, "2020-01-01T00:00:00.000000000Z"),
    ),
    "a page with an item": (app_code_pages(), lambda page: bool(page["app_codes"]), a_page(RECORD)),
    "a page of 3": (app_code_pages(), lambda page: page["size"] >= 3, a_page(RECORD, SECOND, THIRD)),
    "a page whose time has a fraction": (
        app_code_pages(),
        lambda page: any("." in item["create_time"] for item in page["app_codes"]),
        a_page(RECORD | {"create_time": "2020-01-01T00:00:00.000000000Z"}),
    ),
    "a page before another": (
        app_code_pages(limit=2),
        lambda page: page["total"] > page["size"],
        a_page(RECORD, SECOND, total=3),
    ),
    "a page after the last": (
        app_code_pages(offset=10),
        lambda page: page["total"] > page["size"],
        a_page(total=1),
    ),
    "a behavior of another order": (
        behaviors(),
        lambda behavior: behavior.list_order != "newest_first",
        Behavior(list_order="oldest_first"),
    ),
    "a refusal with 404": (error_bodies(), lambda body: body["error_code"] == "APIG.3004", NOT_FOUND),
    "a scenario of 500": (
        error_scenarios(),
        lambda scenario: scenario.status == 500,
        next(scenario for scenario in ERROR_SCENARIOS if scenario.status == 500),
    ),
    "a query with a limit": (list_queries(), lambda query: "limit" in query, {"limit": "1"}),
    "a query with an offset": (list_queries(), lambda query: "offset" in query, {"offset": "0"}),
    "a query with both": (list_queries(), lambda query: len(query) == 2, {"offset": "0", "limit": "1"}),
    "a limit of more than 100": (list_queries(), lambda query: int(query.get("limit", 0)) > 100, {"limit": "101"}),
    "an offset below 0": (list_queries(), lambda query: int(query.get("offset", 0)) < 0, {"offset": "-1"}),
    "an offset beyond 32 bits": (
        list_queries(),
        lambda query: int(query.get("offset", 0)) >= 2**31,
        {"offset": str(2**31)},
    ),
    "a request of PUT": (requests(), lambda request: request.method == "PUT", PUT),
    "a request of GET": (requests(), lambda request: request.method == "GET", GET),
    "a request with a limit": (
        requests(),
        lambda request: "limit" in request.query,
        Request("GET", URL + "?limit=1", [TOKEN]),
    ),
    "an answer with a field of its own": (
        generate_responses(),
        lambda response: len(response.json()) > len(RECORD),
        answer(201, RECORD | {"x_unknown": None}),
    ),
    "an answer with an item": (
        list_responses(),
        lambda response: response.json()["size"] > 0,
        answer(200, a_page(RECORD)),
    ),
    "a refusal of a token": (error_responses(), lambda response: response.status == 401, answer(401, UNAUTHORIZED)),
    "a page among answers": (responses(), lambda response: response.status == 200, answer(200, a_page())),
    "a refusal among answers": (responses(), lambda response: response.status == 500, answer(500, FAILED)),
    "an exchange of list": (
        exchanges(),
        lambda exchange: exchange.response.status == 200 and exchange.response.json()["size"] > 0,
        Exchange(GET, answer(200, a_page(RECORD))),
    ),
    "a time in month 13": (
        invalid_create_times(),
        lambda invalid: invalid.kind == "has month 13",
        Invalid("2020-13-01T00:00:00Z", "generate/create-time/format", "has month 13"),
    ),
    "a time with ten digits": (
        invalid_create_times(),
        lambda invalid: invalid.kind == "has ten fractional digits",
        Invalid("2020-01-01T00:00:00.0123456789Z", "generate/create-time/format", "has ten fractional digits"),
    ),
    "a refusal without a text": (
        invalid_error_bodies(404),
        lambda invalid: invalid.kind == "error_msg is missing",
        Invalid({"error_code": "APIG.3004"}, "error/body", "error_msg is missing"),
    ),
    "a limit given twice": (
        invalid_list_queries(),
        lambda invalid: invalid.kind == "limit is repeated",
        Invalid((("limit", "1"), ("limit", "1")), "list/limit/type", "limit is repeated"),
    ),
    "an offset beyond 64 bits": (
        invalid_list_queries(),
        lambda invalid: invalid.kind == "offset is above 64 bits",
        Invalid((("offset", str(2**63)),), "list/offset/long", "offset is above 64 bits"),
    ),
}


@pytest.mark.parametrize("case", FAILING)
def test_what_fails_for_one_reason_shrinks_to_that_reason_alone(case: str) -> None:
    strategy, fails, expected = FAILING[case]

    assert [expected] * SEEDS == minima(strategy, fails)


@pytest.mark.parametrize("kind", CODES)
def test_an_invalid_app_code_of_each_kind_shrinks_to_the_shortest_and_simplest(kind: str) -> None:
    found = minimum(invalid_app_codes(), lambda invalid: invalid.kind == kind)

    assert CODES[kind] == found.value


PAGES: dict[str, object] = {
    "list/body": None,
    "list/size": without("size", a_page(RECORD)),
    "list/total": without("total", a_page(RECORD)),
    "list/app-codes": without("app_codes", a_page(RECORD)),
    "list/app-codes/item": a_page(None),
    "list/create-time/format": a_page(RECORD | {"create_time": ""}),
    "list/limit/cap": crowd(501),
}
"""The simplest invalid page of each clause, with as few items as the clause needs."""


@pytest.mark.parametrize("clause", PAGES)
def test_an_invalid_page_shrinks_to_as_few_items_as_its_clause_needs(clause: str) -> None:
    found = minimum(invalid_pages(), lambda invalid: invalid.clause == clause)

    assert PAGES[clause] == found.value


REQUESTS: dict[str, Request] = {
    "path/uri": Request("PUT", URL + "/", [TOKEN]),
    "path/project-id": Request("PUT", URL.replace(f"/v2/{ID}/", "/v2//"), [TOKEN]),
    "path/instance-id": Request("PUT", URL.replace(f"/instances/{ID}/", "/instances//"), [TOKEN]),
    "path/app-id": Request("PUT", URL.replace(f"/apps/{ID}/", "/apps//"), [TOKEN]),
    "header/x-auth-token": Request("PUT", URL),
    "generate/no-body": Request("PUT", URL, [TOKEN], b"{}"),
    "generate/no-query": Request("PUT", URL + "?limit=20", [TOKEN]),
    "list/no-body": Request("GET", URL, [TOKEN], b"{}"),
    "list/query": Request("GET", URL + "?page=1", [TOKEN]),
    "list/limit/minimum": Request("GET", URL + "?limit=0", [TOKEN]),
    "list/limit/maximum": Request("GET", URL + "?limit=501", [TOKEN]),
    "list/limit/type": Request("GET", URL + "?limit=", [TOKEN]),
    "list/offset/long": Request("GET", URL + f"?offset={-(2**63) - 1}", [TOKEN]),
}
"""The simplest invalid request of each clause."""


@pytest.mark.parametrize("clause", REQUESTS)
def test_an_invalid_request_shrinks_to_its_defect_alone(clause: str) -> None:
    found = minimum(invalid_requests(), lambda invalid: invalid.clause == clause)

    assert REQUESTS[clause] == found.value


def wrong(request: Request, status: int, document: Any) -> Exchange:  # noqa: ANN401 - any JSON value
    return Exchange(request, answer(status, document, sized=False))


def of_limit(limit: int) -> Request:
    return Request("GET", f"{URL}?limit={limit}", [TOKEN])


def bare(request: Request, status: int, document: Any) -> Exchange:  # noqa: ANN401 - any JSON value
    return Exchange(request, Response(status, (), json.dumps(document).encode()))


GENERATED: dict[str, Exchange] = {
    "generate/status": wrong(PUT, 200, RECORD),
    "body/json": bare(PUT, 201, RECORD),
    "generate/body": wrong(PUT, 201, None),
    "generate/app-code": wrong(PUT, 201, without("app_code", RECORD)),
    "generate/app-code/length": wrong(PUT, 201, RECORD | {"app_code": ""}),
    "generate/app-code/first-character": wrong(PUT, 201, RECORD | {"app_code": "0" + CODE[1:]}),
    "generate/app-code/alphabet": wrong(PUT, 201, RECORD | {"app_code": CODE[1:] + "\n"}),
    "generate/id": wrong(PUT, 201, without("id", RECORD)),
    "generate/app-id": wrong(PUT, 201, without("app_id", RECORD)),
    "generate/app-id/echo": wrong(PUT, 201, RECORD | {"app_id": f"another-{ID}"}),
    "generate/create-time": wrong(PUT, 201, without("create_time", RECORD)),
    "generate/create-time/format": wrong(PUT, 201, RECORD | {"create_time": ""}),
    "status/documented": wrong(PUT, 302, FAILED),
    "error/body": wrong(PUT, 400, None),
    "error/404/code": wrong(PUT, 404, NOT_FOUND | {"error_code": "APIG.0000"}),
}
"""The simplest invalid answer to generate of each clause; of those of one code each, one."""
LISTED: dict[str, Exchange] = {
    "list/status": wrong(GET, 201, a_page(RECORD)),
    "list/app-codes/item": wrong(GET, 200, a_page(None)),
    "list/app-codes/own": wrong(GET, 200, a_page(RECORD | {"app_id": f"another-{ID}"})),
    "list/paging": wrong(GET, 200, a_page(RECORD, RECORD)),
    "list/limit/default": wrong(GET, 200, crowd(21)),
    "list/limit/minimum": wrong(of_limit(1), 200, crowd(2)),
    "error/400/code": wrong(
        of_limit(501),
        400,
        {
            "error_code": "APIG.0000",
            "error_msg": "Invalid parameter value,parameterName:limit. Please refer to the support documentation",
        },
    ),
}
"""The simplest invalid answer to list of the clauses that need a page or a query of their own."""


@pytest.mark.parametrize("clause", GENERATED)
def test_an_invalid_answer_to_generate_shrinks_to_its_defect_alone(clause: str) -> None:
    found = minimum(invalid_responses("generate"), lambda invalid: invalid.clause == clause)

    assert GENERATED[clause] == found.value


@pytest.mark.parametrize("clause", LISTED)
def test_an_invalid_answer_to_list_shrinks_to_its_defect_alone(clause: str) -> None:
    found = minimum(invalid_responses("list"), lambda invalid: invalid.clause == clause)

    assert LISTED[clause] == found.value
