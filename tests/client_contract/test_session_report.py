"""``--appcode-report`` of a session in which a client was held to the contract."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

import appcode_contract.reporting
from appcode_contract.reporting.forms import FORMS
from tests.client_contract.project import only, run

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest

SCHEMA = json.loads(Path(appcode_contract.reporting.__file__).with_name("report.schema.json").read_text("utf-8"))
WRONG = """
class Sorting(Client):
    def list_page(self, app_id, offset=None, limit=None):
        body = self.call("GET", app_id, offset=offset, limit=limit, sort="id")
        items = [self.record(item) for item in body["app_codes"]]
        return SimpleNamespace(total=body["total"], size=body["size"], app_codes=items)


class Repeating(Client):
    def generate(self, app_id):
        try:
            return super().generate(app_id)
        except requests.RequestException:
            return super().generate(app_id)


class TestSorting(AppCodeClientContract):
    deadline = 5.0

    def make_client(self, endpoint):
        return Sorting(endpoint)


class TestRepeating(AppCodeClientContract):
    deadline = 5.0

    def make_client(self, endpoint):
        return Repeating(endpoint)


class TestRight(AppCodeClientContract):
    deadline = 5.0
    has_list_all = False

    def make_client(self, endpoint):
        return Client(endpoint)
"""
CHOSEN = (
    "test_the_query_holds_nothing_but_offset_and_limit or test_a_page_of_500_has_500 "
    "or (TestRight and test_no_warning_shows) or (test_a_generate_is_not_repeated and reset) "
    "or test_the_app_in_the_path or test_list_all_begins_anew"
)
FUNCTIONS = only(
    "test_the_query_holds_nothing_but_offset_and_limit",
    "test_a_page_of_500_has_500",
    "test_no_warning_shows_a_credential",
    "test_a_generate_is_not_repeated",
    "test_the_app_in_the_path_is_the_one_that_was_asked_for",
    "test_list_all_begins_anew_each_time",
)


def report_of(pytester: pytest.Pytester, *options: str, chosen: str = CHOSEN) -> dict[str, Any]:
    run(pytester, WRONG, *FUNCTIONS, "-k", chosen, "--appcode-report", "report.json", *options)
    document: dict[str, Any] = json.loads((pytester.path / "report.json").read_text("utf-8"))
    return document


def outcomes_of(document: dict[str, Any]) -> dict[str, str]:
    return {each["id"]: each["outcome"] for each in document["clauses"]}


def found_in(violations: Iterable[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(each["clause"], each["found_by"].rpartition("::")[2].partition("[")[0]) for each in violations}


def test_what_was_skipped_is_not_told_as_judged(pytester: pytest.Pytester) -> None:
    document = report_of(pytester, chosen="TestRight and test_list_all_begins_anew")

    assert ("inconclusive", []) == (document["verdict"], document["clauses"])


def test_an_adapter_that_does_not_fit_breaks_no_clause(pytester: pytest.Pytester) -> None:
    misfit = WRONG.replace("return Client(endpoint)", "return Misfit(endpoint)")
    misfit += "\n\nclass Misfit(Client):\n    def list_page(self, app_id, offset=None, limit=None):\n        return 7\n"
    result = run(pytester, misfit, *FUNCTIONS, "-k", "TestRight and a_page_of_500", "--appcode-report", "report.json")

    document = json.loads((pytester.path / "report.json").read_text("utf-8"))
    result.assert_outcomes(failed=1)
    assert ("inconclusive", []) == (document["verdict"], document["violations"])


def test_what_the_tests_found_is_in_the_report_of_one_process_and_of_several(pytester: pytest.Pytester) -> None:
    alone = report_of(pytester)
    parallel = report_of(pytester, "-n", "2")

    expect_what_the_tests_found(alone)
    assert found_in(alone["violations"]) == found_in(parallel["violations"])
    assert outcomes_of(alone) == outcomes_of(parallel)


def expect_what_the_tests_found(document: dict[str, Any]) -> None:
    """Look for exchange, curl, and what keeps a client out of a trap."""
    assert {
        ("list/query", "test_the_query_holds_nothing_but_offset_and_limit"),
        ("trap/put-is-not-idempotent", "test_a_generate_is_not_repeated"),
    } <= found_in(document["violations"])
    assert not any("TestRight" in each["found_by"] for each in document["violations"])
    assert ("client", "violates", True) == tuple(document[each] for each in ("kind", "verdict", "complete"))
    assert "failed" == outcomes_of(document)["trap/put-is-not-idempotent"]
    assert "passed" == outcomes_of(document)["trap/secret-in-warning"]
    assert [] == [error.message for error in Draft202012Validator(SCHEMA).iter_errors(document)]

    told = next(each for each in document["violations"] if each["clause"] == "list/query")
    assert "sort=" in document["exchanges"][told["exchange"]]["request"]["url"]
    assert "$APPCODE_TOKEN" in told["repeat"]
    trap = next(each for each in document["clauses"] if each["id"] == "trap/put-is-not-idempotent")
    assert trap["statement"].endswith("aiohttp, on a lost connection.")


def test_every_form_has_the_violation_and_no_credential(pytester: pytest.Pytester) -> None:
    kept = """

class Kept(Sorting):
    def __init__(self, endpoint):
        super().__init__(endpoint)
        with open("tokens", "a") as file:
            print(endpoint.token, file=file)


class TestKept(AppCodeClientContract):
    def make_client(self, endpoint):
        return Kept(endpoint)
"""
    reports = [part for suffix in FORMS for part in ("--appcode-report", f"report{suffix}")]

    run(pytester, WRONG + kept, *FUNCTIONS, "-k", "TestKept and nothing_but_offset", *reports)

    tokens = (pytester.path / "tokens").read_text("utf-8").split()
    assert tokens
    for suffix in FORMS:
        written = (pytester.path / f"report{suffix}").read_text("utf-8")
        assert "list/query" in written, suffix
        assert [] == [token for token in tokens if token in written], suffix
