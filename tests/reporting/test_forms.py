"""JUnit XML, HAR and Markdown: what each reader of them needs, and nothing that a server could smuggle in."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from appcode_contract.clauses import CLAUSES, Level
from appcode_contract.messages import Exchange, Request, Response, Violation
from appcode_contract.report import ClauseResult, Outcome, Report, Verdict
from appcode_contract.reporting.document import document_of
from appcode_contract.reporting.forms import FORMS
from appcode_contract.reporting.har import to_har
from appcode_contract.reporting.junit import to_junit
from appcode_contract.reporting.markdown import to_markdown
from tests.broken_servers.defects import DEFECTS
from tests.broken_servers.service import Service
from tests.broken_servers.verify import verify

HOSTILE = "]]> <script>alert(1)</script> | `x` [link](http://evil.example) **b** \x1b[31m\x00\x0b\ud800\nnext & \u202e"
URL = "http://127.0.0.1:9/v2/p/apic/instances/i/apps/a/app-codes?limit=abc"
TOKEN = "t0ken-of-the-report-0123456789"
EXCHANGE = Exchange(
    Request("GET", URL, [("X-Auth-Token", TOKEN)]),
    Response(500, [("Content-Type", "application/json"), ("X-Told", HOSTILE)], HOSTILE.encode("utf-8", "replace")),
    started=1_700_000_000.0,
    seconds=0.25,
)
LOST = Exchange(Request("PUT", URL.partition("?")[0]), None, "no complete answer: reset", started=1_700_000_001.0)
REPORT = Report(
    verdict=Verdict.VIOLATES,
    clauses=(
        ClauseResult("list/limit/type", Level.DOCUMENTED, Outcome.FAILED, HOSTILE),
        ClauseResult("list/limit/page", Level.DOCUMENTED, Outcome.PASSED, "as expected"),
        ClauseResult("list/limit/cap", Level.DOCUMENTED, Outcome.NOT_EXERCISED, f"needs | {HOSTILE}"),
        ClauseResult("error/403/code", Level.DOCUMENTED, Outcome.SKIPPED, "needs --forbidden-token"),
    ),
    violations=(Violation("list/limit/type", f"status 400 {HOSTILE}", HOSTILE, EXCHANGE, "list/limit/type"),),
    exchanges=(EXCHANGE, LOST),
    generated=("an-id", ""),
    unanswered=1,
    behaviors={"list_order": HOSTILE},
    seconds=1.5,
    url="http://127.0.0.1:9",
    secrets=frozenset({TOKEN}),
    variables={TOKEN: "$APPCODE_TOKEN"},
)


def suite_of(report: Report) -> ET.Element:
    (suite,) = ET.fromstring(to_junit(document_of(report)))  # noqa: S314 - our own
    return suite


def cases_of(report: Report) -> dict[str, ET.Element]:
    return {case.attrib["name"]: case for case in suite_of(report).iter("testcase")}


def test_junit_has_a_case_for_each_clause_with_its_outcome() -> None:
    cases = cases_of(REPORT)

    assert [each.id for each in REPORT.clauses] == list(cases)
    assert ["failure", None, "skipped", "skipped"] == [
        next((part.tag for part in case), None) for case in cases.values()
    ]
    assert "needs --forbidden-token" == cases["error/403/code"][0].attrib["message"]
    assert cases["list/limit/cap"][0].attrib["message"].startswith("not exercised: needs | ")
    assert "$APPCODE_TOKEN" in (cases["list/limit/type"][0].text or "")


def test_junit_counts_what_it_holds() -> None:
    suite = suite_of(REPORT)

    assert ("4", "1", "0", "2") == tuple(suite.attrib[name] for name in ("tests", "failures", "errors", "skipped"))
    assert "2023-11-14T22:13:20" == suite.attrib["timestamp"]
    assert "1.500" == suite.attrib["time"]


def test_junit_has_an_error_for_a_run_that_broke_off() -> None:
    report = replace(REPORT, problem="interrupted")

    case = cases_of(report)["the run comes to its end"]
    assert ("error", "interrupted") == (case[0].tag, case[0].attrib["message"])
    assert ("5", "1") == (suite_of(report).attrib["tests"], suite_of(report).attrib["errors"])


def test_har_has_every_exchange() -> None:
    entries = json.loads(to_har(document_of(REPORT)))["log"]["entries"]

    assert [("GET", 500), ("PUT", 0)] == [(each["request"]["method"], each["response"]["status"]) for each in entries]
    assert [{"name": "limit", "value": "abc"}] == entries[0]["request"]["queryString"]
    assert 250 == entries[0]["time"] == entries[0]["timings"]["wait"]
    assert "no complete answer: reset" == entries[1]["response"]["statusText"]
    assert entries[0]["comment"].startswith("list/limit/type: ")


def test_har_has_what_the_format_wants() -> None:
    log = json.loads(to_har(document_of(verify(Service(existing=25)))))["log"]

    assert "1.2" == log["version"]
    assert {"name", "version"} == log["creator"].keys()
    request = {"method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize"}
    response = {
        *("status", "statusText", "httpVersion", "cookies", "headers", "content"),
        *("redirectURL", "headersSize", "bodySize"),
    }
    for entry in log["entries"]:
        assert {"startedDateTime", "time", "request", "response", "cache", "timings"} <= entry.keys()
        assert (request, response) == (set(entry["request"]), set(entry["response"]))
        assert {"size", "mimeType"} <= entry["response"]["content"].keys()
        assert re.fullmatch(r"[!-~]+", entry["request"]["url"])


def test_markdown_begins_with_the_verdict() -> None:
    lines = to_markdown(document_of(REPORT)).splitlines()

    assert "## ❌ The server violates the contract" == lines[0]
    assert "1 passed, 1 failed, 1 skipped, 1 not exercised; 2 requests in 1.5 s" == lines[4]
    assert "## ⚠️ Inconclusive (incomplete)" in to_markdown(
        document_of(replace(REPORT, verdict=Verdict.INCONCLUSIVE, problem="x"))
    )


def test_nothing_that_a_server_sent_is_markup_in_markdown() -> None:
    text = to_markdown(document_of(REPORT))

    left = re.sub(r"<code>[^<>]*</code>", "", text)
    for sign in ("script", "evil", "alert", "\x1b", "\x00", "\u202e"):
        assert sign not in left
    assert not re.search(r"<code>[^<]*[`|*\[\]\n][^<]*</code>", text)
    assert "://evil" not in text
    for row in re.findall(r"^\|.*$", text, re.MULTILINE):
        assert 4 == row.count("|")


def test_markdown_is_short_enough_for_a_comment_whatever_happened() -> None:
    many = tuple(ClauseResult(each.id, each.level, Outcome.FAILED, "x" * 5000) for each in CLAUSES)
    violations = tuple(
        Violation(each.id, f"{number}{'y' * 9000}", "|" * 9000, EXCHANGE) for each in many for number in range(3)
    )

    text = to_markdown(document_of(replace(REPORT, clauses=many, violations=violations)))

    assert len(text) <= 60_000
    assert "more clauses that failed" in text


@pytest.mark.parametrize("suffix", FORMS)
def test_no_form_holds_a_control_character_or_a_token(suffix: str) -> None:
    text = FORMS[suffix](document_of(REPORT))

    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", text)
    assert TOKEN not in text
    assert TOKEN[:12] not in text


@pytest.mark.parametrize("suffix", FORMS)
def test_a_form_of_a_real_run_is_the_same_each_time(suffix: str) -> None:
    report = verify(DEFECTS["limit abc is a 422"].make(existing=25))

    def parsed(text: str) -> Any:  # noqa: ANN401 - of any form
        return json.loads(text) if suffix in {".json", ".har"} else text

    assert parsed(FORMS[suffix](document_of(report))) == parsed(FORMS[suffix](document_of(report)))
