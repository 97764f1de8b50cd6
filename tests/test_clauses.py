"""The documentation as data: every clause once, and every restricting schema keyword tied to one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from appcode_contract.checks import REQUEST_CHECKS, RESPONSE_CHECKS
from appcode_contract.clauses import (
    BY_ID,
    CLAUSES,
    GENERATE,
    LIST,
    PAGES,
    PATH_TEMPLATE,
    Clause,
    Level,
    clauses_of_keyword,
)
from appcode_contract.schema_store import NAMES, schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from appcode_contract.checks import Check
    from appcode_contract.clauses import Operation

DOCUMENTED, EXAMPLE, IMPLIED = "documented", "example", "implied"
LEVELS = {
    "path/project-id": DOCUMENTED,
    "path/instance-id": DOCUMENTED,
    "path/app-id": DOCUMENTED,
    "header/x-auth-token": DOCUMENTED,
    "generate/status": DOCUMENTED,
    "generate/no-body": DOCUMENTED,
    "generate/app-code/length": DOCUMENTED,
    "generate/app-code/alphabet": DOCUMENTED,
    "generate/app-code/first-character": DOCUMENTED,
    "generate/id": DOCUMENTED,
    "generate/app-id": DOCUMENTED,
    "generate/create-time": DOCUMENTED,
    "generate/app-id/echo": EXAMPLE,
    "generate/create-time/format": EXAMPLE,
    "generate/random": DOCUMENTED,
    "generate/listed": IMPLIED,
    "generate/concurrent": IMPLIED,
    "list/status": DOCUMENTED,
    "list/offset/default": DOCUMENTED,
    "list/offset/negative": DOCUMENTED,
    "list/offset/long": DOCUMENTED,
    "list/limit/default": DOCUMENTED,
    "list/limit/minimum": DOCUMENTED,
    "list/limit/maximum": DOCUMENTED,
    "list/limit/type": DOCUMENTED,
    "list/size": DOCUMENTED,
    "list/total": DOCUMENTED,
    "list/app-codes": DOCUMENTED,
    "list/app-codes/item": DOCUMENTED,
    "list/app-codes/own": IMPLIED,
    "list/create-time/format": EXAMPLE,
    "list/paging": IMPLIED,
    "list/read-only": IMPLIED,
    "error/body": DOCUMENTED,
    "error/400/code": EXAMPLE,
    "error/401/code": EXAMPLE,
    "error/403/code": EXAMPLE,
    "error/404/code": EXAMPLE,
    "error/500/code": EXAMPLE,
    "error/no-effect": IMPLIED,
    "status/documented": DOCUMENTED,
    "body/json": EXAMPLE,
}
"""The clauses that must stay, by id, with how firmly the pages say each."""

TABLES = {"G": 8, "L": 10}
"""How many tables each page has."""
SECTIONS = (
    "URI",
    "Function",
    "Request Parameters",
    "Status code 201",
    "Status code 200",
    "Status Codes",
    "ex",
)
ANNOTATIONS = {
    "$schema",
    "$id",
    "$ref",
    "$comment",
    "title",
    "description",
    "default",
    "examples",
    "format",
}
"""Keywords that refuse nothing."""


def _restrictions(node: dict[str, Any], place: str) -> Iterator[str]:
    """Yield each keyword below a schema that refuses some value, as clauses cite it."""
    for keyword, value in node.items():
        match keyword:
            case "properties":
                for name, inner in value.items():
                    yield from _restrictions(inner, f"{place}properties/{name}/")
            case "items":
                yield from _restrictions(value, f"{place}items/")
            case "required":
                yield from (f"{place}required/{index}" for index in range(len(value)))
            case _ if keyword not in ANNOTATIONS:
                yield f"{place}{keyword}"


RESTRICTIONS = [place for name in NAMES for place in _restrictions(schema(name), f"{name}#/")]


def _sources() -> list[tuple[str, str]]:
    return [(clause.id, part) for clause in CLAUSES for part in clause.source.split(", ")]


def test_every_id_is_given_once() -> None:
    ids = [clause.id for clause in CLAUSES]

    assert sorted(set(ids)) == sorted(ids)
    assert list(BY_ID) == ids


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.id)
def test_an_id_is_words_of_lower_case_joined_by_slashes(clause: Clause) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)+", clause.id)


@pytest.mark.parametrize(("clause_id", "level"), LEVELS.items())
def test_no_id_is_lost_and_each_keeps_its_level(clause_id: str, level: str) -> None:
    assert level == BY_ID[clause_id].level


def test_the_levels_are_three_words() -> None:
    levels = [DOCUMENTED, EXAMPLE, IMPLIED]

    assert levels == [level.value for level in Level]


def test_every_level_is_taken() -> None:
    assert set(Level) == {clause.level for clause in CLAUSES}


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.id)
def test_a_statement_is_one_line_that_ends_with_a_full_stop(clause: Clause) -> None:
    assert re.fullmatch(r"\S.*\S\.", clause.statement)


@pytest.mark.parametrize(("clause_id", "source"), _sources())
def test_every_source_names_a_place_of_a_page(clause_id: str, source: str) -> None:
    page, _, place = source.partition(" ")
    tables = [int(number) for number in re.findall(r"T(\d+)", place)]

    assert page in PAGES, clause_id
    assert place in SECTIONS or re.fullmatch(r"T\d+(-T\d+)?", place), clause_id
    assert all(1 <= table <= TABLES[page] for table in tables), clause_id
    assert sorted(tables) == tables, clause_id


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.id)
def test_a_clause_of_one_operation_cites_the_page_of_that_operation(clause: Clause) -> None:
    page = {"generate": "G", "list": "L"}.get(clause.id.partition("/")[0])

    if page is None:
        assert clause.source
    else:
        assert clause.source.startswith(page)


@pytest.mark.parametrize("clause", [c for c in CLAUSES if c.level is Level.EXAMPLE], ids=lambda clause: clause.id)
def test_a_clause_that_rests_on_an_example_says_so(clause: Clause) -> None:
    assert "ex" in re.split(r", | ", clause.source)


def test_the_schemas_restrict_something() -> None:
    assert "app-code#/minLength" in RESTRICTIONS
    assert "list-response#/required/2" in RESTRICTIONS
    assert len(RESTRICTIONS) > len(NAMES)


@pytest.mark.parametrize("keyword", RESTRICTIONS)
def test_every_restricting_keyword_stands_for_a_clause(keyword: str) -> None:
    assert [clause.id for clause in clauses_of_keyword(keyword)]


@pytest.mark.parametrize(
    ("clause_id", "keyword"), [(clause.id, keyword) for clause in CLAUSES for keyword in clause.schema]
)
def test_every_tie_points_to_a_restricting_keyword(clause_id: str, keyword: str) -> None:
    assert keyword in RESTRICTIONS, clause_id


def test_a_clause_names_no_keyword_twice() -> None:
    repeated = [clause.id for clause in CLAUSES if len(set(clause.schema)) < len(clause.schema)]

    assert not repeated


def test_an_unknown_keyword_stands_for_no_clause() -> None:
    assert not list(clauses_of_keyword("app-code#/nonsense"))


@pytest.mark.parametrize("check", REQUEST_CHECKS + RESPONSE_CHECKS, ids=lambda check: check.clauses[0])
def test_every_clause_that_a_check_judges_exists(check: Check) -> None:
    unknown = [clause for clause in check.clauses if clause not in BY_ID]

    assert not unknown


@pytest.mark.parametrize(
    ("operation", "name", "method", "success"),
    [(GENERATE, "generate", "PUT", 201), (LIST, "list", "GET", 200)],
    ids=["generate", "list"],
)
def test_the_operations_are_those_of_the_pages(operation: Operation, name: str, method: str, success: int) -> None:
    assert name == operation.name
    assert method == operation.method
    assert success == operation.success


def test_the_path_is_that_of_the_pages() -> None:
    path = "/v2/{project_id}/apic/instances/{instance_id}/apps/{app_id}/app-codes"

    assert path == PATH_TEMPLATE
