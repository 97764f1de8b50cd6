"""``--appcode-report``: what the fakes of a whole session saw, in one report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import appcode_contract.reporting
from appcode_contract.reporting.forms import FORMS
from tests.plugin.project import run, run_alone

SCHEMA = json.loads(Path(appcode_contract.reporting.__file__).with_name("report.schema.json").read_text("utf-8"))
TESTS = """
def test_right(appcode_fake):
    assert page(appcode_fake).status_code == 200


def test_too_much(appcode_server):
    page(appcode_server.fake, "?limit=501")


def test_no_number(appcode_fake):
    page(appcode_fake, "?limit=x")


@pytest.mark.appcode(strict=False)
def test_on_purpose(appcode_fake):
    page(appcode_fake, "?limit=y")


def test_without_a_fake():
    pass
"""


def report_of(pytester: pytest.Pytester, tests: str, *options: str) -> dict[str, Any]:
    run(pytester, tests, "--appcode-report", "report.json", *options)
    document: dict[str, Any] = json.loads((pytester.path / "report.json").read_text("utf-8"))
    return document


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["alone", "parallel"])
def test_violations_of_all_tests_are_in_one_report(pytester: pytest.Pytester, options: tuple[str, ...]) -> None:
    document = report_of(pytester, TESTS, *options)

    told = {each["found_by"].partition("::")[2]: each for each in document["violations"]}
    assert {"test_too_much": "list/limit/maximum", "test_no_number": "list/limit/type"} == {
        test: each["clause"] for test, each in told.items()
    }
    exchange = document["exchanges"][told["test_too_much"]["exchange"]]
    assert exchange["request"]["url"].endswith("?limit=501")
    assert "$APPCODE_TOKEN" in told["test_too_much"]["repeat"]
    assert ("client", "violates", True, 3) == tuple(
        document[each] for each in ("kind", "verdict", "complete", "requests")
    )
    assert [] == [error.message for error in Draft202012Validator(SCHEMA).iter_errors(document)]


def test_clauses_are_those_that_some_request_could_break(pytester: pytest.Pytester) -> None:
    document = report_of(pytester, TESTS)

    outcomes = {each["id"]: each["outcome"] for each in document["clauses"]}
    assert ("failed", "failed", "passed") == tuple(
        outcomes[each] for each in ("list/limit/maximum", "list/limit/type", "header/x-auth-token")
    )
    assert "generate/no-body" not in outcomes


def test_a_session_without_a_fake_is_inconclusive(pytester: pytest.Pytester) -> None:
    document = report_of(pytester, "def test_nothing():\n    pass\n")

    assert ("inconclusive", 0, []) == (document["verdict"], document["requests"], document["clauses"])


def test_an_interrupted_session_leaves_a_report_that_says_so(pytester: pytest.Pytester) -> None:
    ended = """
def test_a(appcode_fake):
    page(appcode_fake, "?limit=x")


def test_b():
    raise KeyboardInterrupt
"""
    run_alone(pytester, ended, "--appcode-report", "report.json")

    document = json.loads((pytester.path / "report.json").read_text("utf-8"))
    assert (False, "interrupted", 1) == (document["complete"], document["problem"], len(document["violations"]))


@pytest.mark.parametrize("suffix", FORMS)
def test_every_form_is_written_and_holds_no_token(pytester: pytest.Pytester, suffix: str) -> None:
    leaks = """
from pathlib import Path


def test_leaks(appcode_fake):
    page(appcode_fake, f"?limit={appcode_fake.token}")
    Path("token").write_text(appcode_fake.token)
"""
    run(pytester, leaks, "--appcode-report", f"report{suffix}")

    written = (pytester.path / f"report{suffix}").read_text("utf-8")
    token = (pytester.path / "token").read_text("utf-8")
    assert "list/limit" in written
    for start in range(len(token) - 12):
        assert token[start : start + 12] not in written


@pytest.mark.parametrize(
    ("name", "told"), [("report.txt", "must end in .json"), ("no/report.json", "cannot be written")]
)
def test_a_report_that_cannot_be_written_is_refused_at_once(pytester: pytest.Pytester, name: str, told: str) -> None:
    result = run(pytester, "def test_nothing():\n    pass\n", "--appcode-report", name)

    assert pytest.ExitCode.USAGE_ERROR == result.ret
    result.stderr.fnmatch_lines([f"ERROR: --appcode-report {name}*{told}*"])
