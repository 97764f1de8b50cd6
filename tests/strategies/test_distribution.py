"""How often what comes up: every clause soon and none too often, every kind in the end, every form of a request."""

from __future__ import annotations

from collections import Counter
from functools import cache, partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import pytest

from appcode_contract.strategies import (
    invalid_requests,
    invalid_responses,
    requests,
)
from appcode_contract.strategies.breakers import error_breakers, page_breakers, record_breakers, time_breakers
from tests.strategies import oracle
from tests.strategies.survey import SEEDS, Survey, draw, survey
from tests.strategies.test_verdicts import CLAUSES, clause_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

    from appcode_contract import Request
    from appcode_contract.strategies import Invalid

OF_BOTH = {"path/uri", "path/project-id", "path/instance-id", "path/app-id", "header/x-auth-token"}
OF_GENERATE = {"generate/no-body", "generate/no-query"}
OF_ANSWERS = {name: CLAUSES[f"invalid_responses of {name}"] for name in ("generate", "list")}
BREAKING: dict[str, tuple[Callable[[], SearchStrategy[Any]], set[str]]] = {
    "requests": (invalid_requests, CLAUSES["invalid_requests"]),
    "requests of generate": (partial(invalid_requests, "generate"), OF_BOTH | OF_GENERATE),
    "requests of list": (partial(invalid_requests, "list"), CLAUSES["invalid_requests"] - OF_GENERATE),
    "responses": (invalid_responses, OF_ANSWERS["generate"] | OF_ANSWERS["list"]),
    "responses to generate": (partial(invalid_responses, "generate"), OF_ANSWERS["generate"]),
    "responses to list": (partial(invalid_responses, "list"), OF_ANSWERS["list"]),
}
"""Strategies of what is invalid with the clauses that they break; the other ones are surveyed in test_verdicts."""


@cache
def surveyed(name: str) -> tuple[Survey, Counter[tuple[str, str]]]:
    """Draw 2,000 values, once for all tests, and count their clauses with their kinds."""
    counted: Counter[tuple[str, str]] = Counter()

    def count(invalid: Invalid[Any]) -> list[str]:
        counted.update([(invalid.clause, invalid.kind)])
        return []

    return survey(BREAKING[name][0], clause_of, count, 2_000), counted


@pytest.mark.parametrize("name", BREAKING)
def test_every_clause_is_broken_within_200_examples_of_every_seed(name: str) -> None:
    found, _ = surveyed(name)

    assert [BREAKING[name][1]] * SEEDS == found.kinds


@pytest.mark.parametrize("name", BREAKING)
def test_no_clause_is_broken_three_times_as_often_as_its_share(name: str) -> None:
    _, counted = surveyed(name)
    clauses: Counter[str] = Counter()
    for (clause, _), times in counted.items():
        clauses[clause] += times

    assert max(clauses.values()) < 3 * clauses.total() // len(clauses)


@pytest.mark.parametrize(("name", "least"), [("requests", 51), ("responses to generate", 130), ("responses", 200)])
def test_most_kinds_of_defects_come_up_within_2000(name: str, least: int) -> None:
    _, counted = surveyed(name)

    assert least <= len(counted)


def test_a_status_breaks_either_what_is_documented_or_what_its_operation_answers() -> None:
    _, counted = surveyed("responses")
    kinds = {clause: {kind for each, kind in counted if each == clause} for clause, _ in counted}

    assert {"status 200"} == kinds["generate/status"]
    assert {"status 201"} == kinds["list/status"]
    assert set() == kinds["status/documented"] & {f"status {status}" for status in oracle.DOCUMENTED}


@pytest.mark.parametrize("breakers", [time_breakers, record_breakers, page_breakers, error_breakers])
def test_every_breaker_stands_under_the_clause_that_it_breaks(breakers: Callable[[], Any]) -> None:
    for clause, strategies in breakers().items():
        for each in strategies:
            drawn: list[Invalid[Any]] = []

            draw(each, 1, 0, drawn.append)

            assert [clause] == [breaker.clause for breaker in drawn]


def forms_of(request: Request) -> set[str]:
    """Tell in which of the forms a request comes that are all the same to a server."""
    names = [name for name, _ in request.headers]
    place = next(index for index, name in enumerate(names) if name.lower() == "x-auth-token")
    parameters = [name for name, _ in parse_qsl(request.query)]
    return {
        names[place],
        *(["headers before the token"] if place > 0 else []),
        *(["headers after the token"] if place + 1 < len(names) else []),
        *(["the token alone"] if len(names) == 1 else []),
        *([" and ".join(parameters)] if len(parameters) > 1 else []),
    }


def test_requests_come_in_every_form_within_200_examples_of_every_seed() -> None:
    found = survey(requests, forms_of, lambda _: [], 2_000)

    forms = {
        *("X-Auth-Token", "x-auth-token", "X-AUTH-TOKEN"),
        *("headers before the token", "headers after the token", "the token alone"),
        *("offset and limit", "limit and offset"),
    }
    assert [forms] * SEEDS == found.kinds
