"""``--appcode-report``: what the fakes of a whole session saw, in one report."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
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
    assert (False, "pytest stopped before every test had run", 1) == (
        document["complete"],
        document["problem"],
        len(document["violations"]),
    )


def test_every_form_is_written_and_holds_no_token(pytester: pytest.Pytester) -> None:
    leaks = """
from pathlib import Path


def test_leaks(appcode_fake):
    page(appcode_fake, f"?limit={appcode_fake.token}")
    Path("token").write_text(appcode_fake.token)
"""
    run(pytester, leaks, *(part for suffix in FORMS for part in ("--appcode-report", f"report{suffix}")))

    token = (pytester.path / "token").read_text("utf-8")
    parts = [token[start : start + 12] for start in range(len(token) - 12)]
    assert parts
    for suffix in FORMS:
        written = (pytester.path / f"report{suffix}").read_text("utf-8")
        assert "list/limit" in written, suffix
        assert [] == [part for part in parts if part in written], suffix


@pytest.mark.parametrize(
    ("name", "told"), [("report.txt", "must end in .json"), ("no/report.json", "cannot be written")]
)
def test_a_report_that_cannot_be_written_is_refused_at_once(pytester: pytest.Pytester, name: str, told: str) -> None:
    result = run(pytester, "def test_nothing():\n    pass\n", "--appcode-report", name)

    assert pytest.ExitCode.USAGE_ERROR == result.ret
    result.stderr.fnmatch_lines([f"ERROR: --appcode-report {name}*{told}*"])


@pytest.mark.parametrize("options", [(), ("-n", "1")], ids=["alone", "parallel"])
def test_a_session_that_stopped_early_is_not_complete(pytester: pytest.Pytester, options: tuple[str, ...]) -> None:
    tests = """
def test_a(appcode_fake):
    assert page(appcode_fake).status_code == 200


def test_b():
    assert not "here"


def test_c(appcode_fake):
    page(appcode_fake, "?limit=x")
"""
    document = report_of(pytester, tests, "-x", *options)

    assert not document["complete"]
    assert "stop" in document["problem"]


@pytest.mark.parametrize("arguments", [("--collect-only",), ("nowhere.py",)])
def test_a_session_that_was_to_run_nothing_leaves_an_old_report(
    pytester: pytest.Pytester, arguments: tuple[str, ...]
) -> None:
    (pytester.path / "report.json").write_text("old")

    run(pytester, TESTS, "--appcode-report", "report.json", *arguments)

    assert "old" == (pytester.path / "report.json").read_text()


def test_a_session_that_ran_no_test_says_so(pytester: pytest.Pytester) -> None:
    document = report_of(pytester, TESTS, "-k", "nothing_of_that_name")

    assert ("inconclusive", False, "no test was run") == tuple(
        document[each] for each in ("verdict", "complete", "problem")
    )


def test_a_process_that_is_killed_leaves_what_was_known(pytester: pytest.Pytester) -> None:
    killed = """
import os


def test_a(appcode_fake):
    page(appcode_fake, "?limit=x")


def test_b():
    os._exit(7)
"""
    run_alone(pytester, killed, "--appcode-report", "report.json")

    document = json.loads((pytester.path / "report.json").read_text("utf-8"))
    assert (False, "the session has not ended", 1) == (
        document["complete"],
        document["problem"],
        len(document["violations"]),
    )


def test_a_report_that_cannot_be_written_in_the_end_is_no_success(pytester: pytest.Pytester) -> None:
    gone = """
import shutil


def test_a(appcode_fake):
    shutil.rmtree("folder")
"""
    (pytester.path / "folder").mkdir()
    result = run(pytester, gone, "--appcode-report", "folder/report.json")

    assert 3 == result.ret
    result.stdout.fnmatch_lines(["--appcode-report folder/report.json cannot be written: *"])


def test_a_test_that_is_run_again_is_counted_once_for_each_run(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        """
from _pytest.runner import runtestprotocol


def pytest_runtest_protocol(item, nextitem):
    for _ in range(2):
        for report in runtestprotocol(item, nextitem=nextitem, log=False):
            item.ihook.pytest_runtest_logreport(report=report)
    return True
"""
    )
    document = report_of(pytester, "def test_a(appcode_fake):\n    page(appcode_fake, '?limit=x')\n")

    assert (2, 2) == (document["requests"], len(document["violations"]))


def test_exchanges_tell_when_they_were_and_how_long_they_took(pytester: pytest.Pytester) -> None:
    before = datetime.now(UTC)
    document = report_of(pytester, TESTS)

    for exchange in document["exchanges"]:
        assert before - timedelta(seconds=1) <= datetime.fromisoformat(exchange["started"]) <= datetime.now(UTC)
        assert 0 < exchange["seconds"] < 60
    assert document["started"] == min(each["started"] for each in document["exchanges"])


@pytest.mark.parametrize("token", ["token", "requests", "list", "violations", "started", "passed", "client"])
def test_a_token_that_is_a_word_of_the_report_spoils_nothing(pytester: pytest.Pytester, token: str) -> None:
    tests = f"""
def test_a(appcode_fake):
    appcode_fake.add_token({token!r})
    requests.get(appcode_fake.url() + "?limit=x", headers={{"X-Auth-Token": {token!r}}}, timeout=TIMEOUT)
"""
    arguments = [part for suffix in FORMS for part in ("--appcode-report", f"all{suffix}")]
    document = report_of(pytester, tests, *arguments)

    assert [] == [error.message for error in Draft202012Validator(SCHEMA).iter_errors(document)]
    assert ["list/limit/type"] == [each["clause"] for each in document["violations"]]
    assert all("list/limit/type" in (pytester.path / f"all{each}").read_text() for each in FORMS)
