"""Every valid value passes and every invalid one fails, by judges that know nothing of each other.

Documents are judged by the oracle, by jsonschema, by jsonschema-rs and by check-jsonschema on the command line,
requests and answers by the oracle and the checks; and the four judge each part of these that has a schema: bodies,
queries, headers and the parameters of paths.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

import pytest

from appcode_contract import Exchange, Request, Response
from appcode_contract.checks import REQUEST_CHECKS, RESPONSE_CHECKS, judge_request, judge_response
from appcode_contract.strategies import (
    ERROR_SCENARIOS,
    Invalid,
    app_code_pages,
    app_code_records,
    app_codes,
    create_times,
    error_bodies,
    error_responses,
    error_scenarios,
    exchanges,
    generate_responses,
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
)
from tests.strategies import oracle
from tests.strategies.documents import (
    Document,
    documents,
    documents_of_answer,
    documents_of_exchange,
    documents_of_query,
    documents_of_request,
)
from tests.strategies.engines import CheckJsonschema, judged_one_by_one
from tests.strategies.survey import EXAMPLES, SEEDS, Survey, survey

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hypothesis.strategies import SearchStrategy

URL = "https://roma.example/v2/p/apic/instances/i/apps/9ed8/app-codes"
HEADERS = {"X-Auth-Token": "t"}


def told(expected: set[str], verdicts: dict[str, set[str]]) -> list[str]:
    """Tell which judge does not find what is expected."""
    return [
        f"{judge} says {verdict}, expected {sorted(expected) or 'valid'}"
        for judge, verdict in verdicts.items()
        if verdict != expected
    ]


def judged_document(read: Callable[[object], set[str]], value: object, expected: set[str]) -> list[str]:
    return told(expected, {"oracle": read(value)})


def judged_request(request: Request, expected: set[str]) -> list[str]:
    copied = Request(request.method, request.url.encode("ascii").decode(), dict(request.headers), request.body)
    violations = judge_request(Exchange(copied, None)).violations
    return told(
        expected,
        {"oracle": oracle.broken_by_request(request), "checks": {violation.clause for violation in violations}},
    )


def judged_response(exchange: Exchange, expected: set[str]) -> list[str]:
    mistakes = told(expected, {"oracle": oracle.broken_by_response(exchange)})
    assert exchange.response is not None
    violations = judge_response(exchange).violations
    return mistakes + told(expected, {"checks": {violation.clause for violation in violations}})


def asked(query: Any) -> Request:  # noqa: ANN401 - pairs or a dict
    return Request("GET", f"{URL}?{urlencode(query)}", HEADERS)


def judged_query(query: Any, expected: set[str]) -> list[str]:  # noqa: ANN401 - pairs or a dict
    return judged_request(asked(query), expected)


def answered(method: str, response: Response) -> Exchange:
    """Pair an answer with the request that it must belong to."""
    document = response.json()
    records = [document, *document.get("app_codes", [])]
    app_id = next((record["app_id"] for record in records if "app_id" in record), "9ed8")
    if response.status == 404:
        app_id = document["error_msg"].partition("App ")[2].partition(" ")[0] or document["error_msg"].split(" ")[1]
    return Exchange(Request(method, URL.replace("9ed8", app_id), HEADERS), response)


def judged_answer(method: str, response: Response, expected: set[str]) -> list[str]:
    return judged_response(answered(method, response), expected)


class Subject(NamedTuple):
    """A strategy and its judges.

    Attributes:
        make: Gives the strategy.
        judge: Tells what is wrong with the verdicts over a value that breaks these clauses.
        documents: Gives what of a value has a schema.
        kinds: What of a value must come up for each seed, or None.
    """

    make: Callable[[], SearchStrategy[Any]]
    judge: Callable[[Any, set[str]], list[str]]
    documents: Callable[[Any], list[Document]]
    kinds: Callable[[Any], set[str]] | None = None


def kinds_of_code(code: str) -> set[str]:
    sizes = {f"{len(code)} characters"} if len(code) in {64, 180} else set()
    return sizes | (set(code) & set(oracle.SPECIALS))


CLASSES_OF_CODES = {
    "one character too few": "too short",
    "too few characters": "too short",
    "one character too many": "too long",
    "too many characters": "too long",
    "ends with a blank": "holds a blank",
    "ends with NUL": "holds NUL",
    "holds another control character": "holds another ASCII character",
    **dict.fromkeys(("a boolean", "an integer", "a fraction", "an array", "an object"), "another type"),
}
"""The class of each kind of invalid AppCode that is no class of its own."""


def no_kinds(_: object) -> set[str]:
    return set()


def class_of_query(invalid: Invalid[object]) -> set[str]:
    out_of_64_bits = {"offset is below 64 bits", "offset is above 64 bits", "offset has 41 digits"}
    return {"offset" if invalid.kind in out_of_64_bits else invalid.kind.partition(" ")[2]}


def clause_of(invalid: Invalid[object]) -> set[str]:
    return {invalid.clause}


code = partial(judged_document, oracle.broken_by_app_code), documents("app-code")
time = partial(judged_document, oracle.broken_by_time), documents("create-time")
record = partial(judged_document, oracle.broken_by_record), documents("app-code-item", "generate-response")
page = partial(judged_document, oracle.broken_by_page), documents("list-response")
error = partial(judged_document, oracle.broken_by_error), documents("error-body")
query = judged_query, lambda value: documents_of_query(asked(value).url)
generated = partial(judged_answer, "PUT"), partial(documents_of_answer, "PUT")
listed = partial(judged_answer, "GET"), partial(documents_of_answer, "GET")

VALID = {
    "app_codes": Subject(app_codes, *code, kinds_of_code),
    "create_times": Subject(create_times, *time),
    "app_code_records": Subject(lambda: app_code_records().map(asdict), *record),
    "app_code_pages": Subject(app_code_pages, *page),
    "error_bodies": Subject(error_bodies, *error, lambda body: {body["error_code"]}),
    "list_queries": Subject(list_queries, *query),
    "requests": Subject(requests, judged_request, documents_of_request, lambda request: {request.method}),
    "generate_responses": Subject(generate_responses, *generated),
    # Pages of the default limit are judged above; here it is their wrapping that counts.
    "list_responses": Subject(partial(list_responses, limit=5), *listed),
    "error_responses": Subject(error_responses, *listed, lambda response: {str(response.status)}),
    "exchanges": Subject(
        exchanges,
        lambda value, expected: judged_request(value.request, expected) + judged_response(value, expected),
        documents_of_exchange,
        lambda exchange: {f"{exchange.request.method} {exchange.response.status}"},
    ),
    "error_scenarios": Subject(error_scenarios, lambda _, __: [], lambda _: [], lambda scenario: {scenario.name}),
}
INVALID = {
    "invalid_app_codes": Subject(
        invalid_app_codes, *code, lambda invalid: {CLASSES_OF_CODES.get(invalid.kind, invalid.kind)}
    ),
    "invalid_create_times": Subject(invalid_create_times, *time, clause_of),
    "invalid_pages": Subject(invalid_pages, *page, clause_of),
    "invalid_error_bodies": Subject(invalid_error_bodies, *error, clause_of),
    "invalid_list_queries": Subject(invalid_list_queries, *query, class_of_query),
    "invalid_requests": Subject(invalid_requests, judged_request, documents_of_request, clause_of),
    "invalid_responses of generate": Subject(
        partial(invalid_responses, "generate"), judged_response, documents_of_exchange, clause_of
    ),
    "invalid_responses of list": Subject(
        partial(invalid_responses, "list"), judged_response, documents_of_exchange, clause_of
    ),
}
FINITE = {"error_scenarios"}
DISTRIBUTED = ["app_codes", "requests", "error_scenarios", *INVALID]
"""Each kind of these must come up within 200 examples of each of 20 seeds."""
VALID_KINDS = {
    "app_codes": {*oracle.SPECIALS, "64 characters", "180 characters"},
    "requests": {"PUT", "GET"},
    "error_scenarios": {scenario.name for scenario in ERROR_SCENARIOS},
    "error_bodies": set(oracle.CODES.values()),
    "exchanges": {f"{method} {status}" for method in ("PUT", "GET") for status in (401, 403, 404, 500)},
}
"""What must come up in some seed at least."""
_OF_CODES = {"generate/app-code", *(f"generate/app-code/{each}" for each in ("length", "alphabet", "first-character"))}
_OF_TIMES = {"generate/create-time", "generate/create-time/format"}
_OF_QUERIES = {"list/limit/minimum", "list/limit/maximum", "list/limit/type", "list/offset/long"}
_OF_PAGES = {
    *("list/body", "list/size", "list/total", "list/app-codes", "list/app-codes/item"),
    *("list/create-time/format", "list/limit/cap"),
}
_OF_REFUSALS = {"status/documented", "body/json", "error/body"}
CLAUSES: dict[str, set[str]] = {
    "invalid_app_codes": _OF_CODES,
    "invalid_create_times": _OF_TIMES,
    "invalid_pages": _OF_PAGES,
    "invalid_error_bodies": {"error/body"},
    "invalid_list_queries": _OF_QUERIES,
    "invalid_requests": {
        *("path/uri", "path/project-id", "path/instance-id", "path/app-id", "header/x-auth-token"),
        *("generate/no-body", "generate/no-query", "list/no-body", "list/query"),
        *_OF_QUERIES,
    },
    "invalid_responses of generate": {
        *("generate/status", "generate/body", "generate/id", "generate/app-id", "generate/app-id/echo"),
        *_OF_CODES,
        *_OF_TIMES,
        *_OF_REFUSALS,
        *(f"error/{status}/code" for status in (401, 403, 404, 500)),
    },
    "invalid_responses of list": {
        *("list/status", "list/app-codes/own", "list/paging", "list/limit/default", "list/limit/minimum"),
        *("list/limit/page", "list/limit/maximum"),
        *_OF_PAGES,
        *_OF_REFUSALS,
        *(f"error/{status}/code" for status in oracle.CODES),
    },
}


def mistakes_over(subject: Subject, command: CheckJsonschema, drawn: Any) -> list[str]:  # noqa: ANN401 - any value
    invalid = isinstance(drawn, Invalid)
    value, expected = (drawn.value, {drawn.clause, *drawn.also}) if invalid else (drawn, set())
    found, late = subject.judge(value, expected), []
    for document in subject.documents(value):
        found += judged_one_by_one(document)
        late += command.add(document)
    return [f"{drawn.clause}, {drawn.kind}: {mistake}" if invalid else mistake for mistake in found] + late


@pytest.fixture
def command(tmp_path: Path) -> CheckJsonschema:
    return CheckJsonschema(tmp_path)


def surveyed(name: str, command: CheckJsonschema) -> Survey:
    subject = (VALID | INVALID)[name]
    found = survey(
        subject.make,
        subject.kinds or no_kinds,
        partial(mistakes_over, subject, command),
        EXAMPLES,
        redraw=name in DISTRIBUTED,
    )
    found.mistakes += command.finish()
    return found


@pytest.mark.parametrize("name", VALID)
def test_every_judge_passes_every_valid_value(name: str, command: CheckJsonschema) -> None:
    found = surveyed(name, command)

    assert [] == found.mistakes
    assert name in FINITE or found.judged == EXAMPLES // SEEDS * SEEDS
    assert name in FINITE or command.judged >= found.judged
    assert VALID_KINDS.get(name, set()) <= set().union(*found.kinds)
    assert name not in DISTRIBUTED or found.missing() == {}


@pytest.mark.parametrize("name", INVALID)
def test_every_judge_fails_every_invalid_value_for_its_clause_and_no_other(name: str, command: CheckJsonschema) -> None:
    found = surveyed(name, command)

    assert [] == found.mistakes
    assert found.judged == EXAMPLES // SEEDS * SEEDS
    assert command.judged >= found.judged * 9 // 10  # some bodies of answers are no JSON
    assert CLAUSES[name] == found.clauses
    assert found.missing() == {}


def test_every_clause_that_the_checks_report_is_broken_by_some_strategy() -> None:
    reported = {clause for check in REQUEST_CHECKS + RESPONSE_CHECKS for clause in check.clauses}

    assert reported == {clause for clauses in CLAUSES.values() for clause in clauses}
