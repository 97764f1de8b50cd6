"""JUnit XML, HAR and Markdown: what each reader of them needs, and nothing that a server could smuggle in."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from appcode_contract.clauses import CLAUSES, Level
from appcode_contract.deviations import Deviation, DeviationState, JudgedDeviation
from appcode_contract.messages import Exchange, Request, Response, Violation
from appcode_contract.report import ClauseResult, Outcome, Report, Verdict
from appcode_contract.reporting.document import document_of
from appcode_contract.reporting.forms import FORMS
from appcode_contract.reporting.har import to_har
from appcode_contract.reporting.junit import to_junit
from appcode_contract.reporting.markdown import to_markdown
from tests.reporting.reports import kept, with_defect

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

RESOLVED = JudgedDeviation(Deviation("list/limit/page", "old", None, "known.toml, line 2"), DeviationState.RESOLVED)
EXPIRED = JudgedDeviation(
    Deviation("list/limit/cap", "old", date(2020, 1, 2), f"{HOSTILE}, line 9"), DeviationState.EXPIRED
)
KNOWN = JudgedDeviation(Deviation("list/limit/type", f"ticket 7 {HOSTILE}", None, "known.toml"), DeviationState.KNOWN)
OUT_OF_DATE = replace(REPORT, deviations=(RESOLVED, EXPIRED, KNOWN))
ACCEPTED = replace(
    REPORT,
    clauses=(replace(REPORT.clauses[0], outcome=Outcome.KNOWN), *REPORT.clauses[1:]),
    deviations=(KNOWN,),
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


def test_junit_fails_for_each_entry_of_the_known_deviations_that_is_out_of_date() -> None:
    suite = suite_of(OUT_OF_DATE)

    resolved, expired = (each for each in suite.iter("testcase") if each.attrib["classname"] == "known deviations")
    assert ("list/limit/page", "failure") == (resolved.attrib["name"], resolved[0].tag)
    assert "known.toml, line 2: list/limit/page is kept now; remove the entry" == resolved[0].attrib["message"]
    assert "list/limit/cap was accepted until 2020-01-02" in expired[0].attrib["message"]
    for element in (suite, ET.fromstring(to_junit(document_of(OUT_OF_DATE)))):  # noqa: S314 - our own
        assert ("6", "3") == (element.attrib["tests"], element.attrib["failures"])
    assert len(list(suite.iter("failure"))) == 3


def test_junit_has_no_moment_when_nothing_was_sent() -> None:
    assert "timestamp" not in suite_of(replace(REPORT, exchanges=(), violations=())).attrib


def session_of(*found: tuple[str, str, str]) -> dict[str, Any]:
    """Make the document of a session of client tests: who found it, what was seen, and how to repeat it."""
    document = document_of(REPORT)
    (violation,) = document["violations"]
    violations = [{**violation, "found_by": test, "actual": actual, "repeat": repeat} for test, actual, repeat in found]
    return {**document, "kind": "client", "violations": violations}


def test_junit_of_client_tests_names_the_test() -> None:
    document = session_of(("tests/test_app.py::test_one", "seen", "curl one"), ("", "seen too", "curl two"))
    (failure,) = ET.fromstring(to_junit(document)).iter("failure")  # noqa: S314 - our own

    first, second = (failure.text or "").split("\n\n")[1:]
    assert ["found by: tests/test_app.py::test_one", "repeat:   curl one"] == first.splitlines()[-2:]
    assert "found by" not in second
    assert "found by" not in to_junit(document_of(REPORT))


def test_har_has_every_exchange() -> None:
    entries = json.loads(to_har(document_of(REPORT)))["log"]["entries"]

    assert [("GET", 500), ("PUT", 0)] == [(each["request"]["method"], each["response"]["status"]) for each in entries]
    assert [{"name": "limit", "value": "abc"}] == entries[0]["request"]["queryString"]
    assert 250 == entries[0]["time"] == entries[0]["timings"]["wait"]
    assert "no complete answer: reset" == entries[1]["response"]["statusText"]
    assert entries[0]["comment"].startswith("list/limit/type: ")


def test_har_says_how_long_the_body_of_a_request_was() -> None:
    sent = Exchange(Request("PUT", URL, [], b"{}"), Response(200))
    entries = json.loads(to_har(document_of(replace(REPORT, exchanges=(sent, EXCHANGE), violations=()))))["log"][
        "entries"
    ]

    assert [2, 0] == [each["request"]["bodySize"] for each in entries]


def test_har_says_that_a_report_is_not_complete() -> None:
    assert "comment" not in json.loads(to_har(document_of(REPORT)))["log"]

    log = json.loads(to_har(document_of(replace(REPORT, problem="interrupted"))))["log"]
    assert "incomplete: interrupted" == log["comment"]


def test_har_has_what_the_format_wants() -> None:
    log = json.loads(to_har(document_of(kept())))["log"]

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

    text = to_markdown(document_of(replace(REPORT, clauses=many, violations=violations, secrets=frozenset())))

    assert len(text) <= 60_000
    assert "more clauses that failed" in text


def balanced(text: str) -> bool:
    """Tell whether every element that is opened is closed, in order."""
    opened: list[str] = []
    for end, tag in re.findall(r"<(/?)(details|summary|code)>", text):
        if not end:
            opened.append(tag)
        elif not opened or opened.pop() != tag:
            return False
    return not opened


def plain(text: str) -> str:
    return unescape(re.sub("</?code>", "", text))


def test_markdown_tells_each_entry_of_the_known_deviations_that_is_out_of_date() -> None:
    text = to_markdown(document_of(OUT_OF_DATE))
    lines = plain(text).splitlines()

    assert lines[0].startswith("## ❌")
    assert ["", "⚠️ known.toml, line 2: list/limit/page is kept now; remove the entry", ""] == lines[1:4]
    assert lines[4].startswith("⚠️ ]]> <script>")
    assert lines[4].endswith("list/limit/cap was accepted until 2020-01-02; remove the entry, or give a later date")
    assert 2 == text.count("⚠️")
    assert "script" not in re.sub(r"<code>[^<>]*</code>", "", text)
    assert "⚠️" not in to_markdown(document_of(REPORT))


def test_markdown_shows_a_violation_of_a_known_deviation_folded_with_its_reason() -> None:
    text = to_markdown(document_of(ACCEPTED))

    (section,) = re.findall(r"<details><summary>known deviation: .*?</details>", text, re.DOTALL)
    assert section.startswith("<details><summary>known deviation: <code>list/limit/type</code></summary>\n\n")
    told = plain(section)
    for words in ("accepted: ticket 7 ]]>", "- expected: status 400 ]]>", "actual: ]]>", "repeat: curl -i -X GET"):
        assert words in told
    assert "1 known deviation," in text
    assert "known deviations" not in text
    assert "script" not in re.sub(r"<code>[^<>]*</code>", "", text)
    assert balanced(text)


def test_markdown_takes_the_reason_from_the_evidence_when_no_entry_has_one() -> None:
    text = to_markdown(document_of(replace(ACCEPTED, deviations=())))

    assert f"accepted: {HOSTILE[:30]}" in plain(text)


def test_markdown_of_client_tests_names_the_first_test_and_counts_what_is_alike() -> None:
    alike = [(f"test_{number % 3}", "seen", "curl one") for number in range(140)]
    text = to_markdown(session_of(*alike, ("test_other", "seen", "curl two")))

    assert 1 == text.count("<code>seen</code> (140 times)")
    assert "found by: <code>test&#95;0</code> and 2 more tests\n  <br>repeat: <code>curl one</code>" in text
    assert "found by: <code>test&#95;other</code>\n  <br>repeat: <code>curl two</code>" in text
    assert 2 == text.count("- expected: ")
    assert "found by" not in to_markdown(document_of(REPORT))
    assert "found by" not in to_markdown(session_of(("", "seen", "")))


def test_markdown_without_clauses_tells_the_requests_alone() -> None:
    text = to_markdown(document_of(replace(REPORT, clauses=(), exchanges=(), violations=())))

    assert "\n0 requests in 1.5 s\n" in text


LONG = "<&|" * 3000


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"generated": [f"{number}-{LONG}" for number in range(500)]}, r"AppCodes that were made.* and \d+ more$"),
        ({"behaviors": {f"{number}": LONG for number in range(500)}}, r"the pages are silent.* and \d+ more$"),
        ({"problem": LONG * 10, "url": LONG * 10}, "^## ❌"),
        ({"clauses": 0, "evidence": LONG * 10}, "^[|] … and [0-9]+ more [|] [|] [|]$"),
        ({"deviations": 900}, "^⚠️ … and [0-9]+ more entries of the known deviations$"),
        ({"outcome": "known"}, "^… and [0-9]+ more known deviations; another form"),
        ({"outcome": "failed"}, "^… and [0-9]+ more clauses that failed; another form"),
    ],
    ids=["generated", "behaviors", "head", "evidence", "deviations", "known", "failed"],
)
def test_markdown_is_short_enough_and_closes_what_it_opens(changes: dict[str, Any], told: str) -> None:
    document = document_of(OUT_OF_DATE)
    failed = document["clauses"][0]
    ids = [each.id for each in CLAUSES]
    if "evidence" in changes:
        changed = [{**failed, "id": each, "outcome": "skipped", "evidence": changes["evidence"]} for each in ids]
        document["clauses"] = [failed, *changed]
    elif "outcome" in changes:
        document["clauses"] = [{**failed, "id": each, "outcome": changes["outcome"]} for each in ids]
        seen = {**document["violations"][0], "expected": LONG, "actual": LONG, "repeat": f"curl {LONG[:3000]}"}
        document["violations"] = [{**seen, "clause": each} for each in ids]
        document["deviations"] = [{**document["deviations"][2], "clause": each, "reason": LONG} for each in ids]
    elif "deviations" in changes:
        document["deviations"] = document["deviations"][:2] * changes["deviations"]
    else:
        document |= changes

    text = to_markdown(document)

    assert len(text) <= 60_000
    assert balanced(text)
    assert re.search(told, text, re.MULTILINE)
    assert "<code>list/limit/type</code>" in text or "outcome" in changes
    assert "- expected: " in text


def test_markdown_shows_at_least_one_violation_however_long_everything_is() -> None:
    document = document_of(OUT_OF_DATE)
    (seen,) = document["violations"]
    long = [{**seen, "expected": f"{number}{LONG}", "actual": LONG, "repeat": LONG * 9} for number in range(9)]
    skipped = [{**document["clauses"][3], "id": f"{number}/{LONG}", "evidence": LONG} for number in range(99)]
    text = to_markdown(
        {
            **document,
            "violations": long,
            "clauses": [document["clauses"][0], *skipped],
            "problem": LONG,
            "url": LONG,
            "behaviors": {LONG: LONG},
            "generated": [LONG] * 99,
            "deviations": document["deviations"] * 99,
        }
    )

    assert len(text) <= 60_000
    assert balanced(text)
    assert 3 == text.count("- expected: ") == text.count("<br>repeat: ")
    assert "- … and 6 more" in text


@pytest.mark.parametrize("outcome", ["failed", "known"])
def test_markdown_cuts_a_command_that_finds_no_room_and_keeps_what_was_seen(outcome: str) -> None:
    document = document_of(REPORT)
    document["clauses"][0]["outcome"] = outcome
    document["violations"][0] |= {"expected": "one", "actual": "another", "repeat": "curl " + "~" * 70_000}

    text = to_markdown(document)

    assert len(text) <= 60_000
    assert balanced(text)
    assert "- expected: <code>one</code>\n  <br>actual: <code>another</code>\n  <br>repeat: <code>curl &#126;" in text
    assert "&#126;…</code>" in text


def test_markdown_cuts_commands_before_it_leaves_out_a_clause() -> None:
    document = document_of(REPORT)
    (seen,) = document["violations"]
    document["violations"] = [{**seen, "actual": f"{number}", "repeat": "~" * 3990} for number in range(3)]

    text = to_markdown(document)

    assert len(text) <= 60_000
    assert 3 == text.count("- expected: ") == text.count("&#126;…</code>")
    assert "more clauses that failed" not in text


def test_markdown_is_short_enough_with_violations_that_count_and_others_that_do_not() -> None:
    document = document_of(REPORT)
    clause, seen = {**document["clauses"][0], "statement": "s" * 70_000}, document["violations"][0]
    ids = [each.id for each in CLAUSES]
    document["clauses"] = [
        {**clause, "id": each, "outcome": "known" if number % 2 else "failed"} for number, each in enumerate(ids)
    ]
    document["violations"] = [{**seen, "clause": each, "expected": LONG, "actual": LONG} for each in ids]

    text = to_markdown(document)

    assert len(text) <= 60_000
    assert balanced(text)
    assert "- expected: " in text


def test_markdown_keeps_a_long_command_that_somebody_can_repeat() -> None:
    document = document_of(REPORT)
    document["violations"][0]["repeat"] = "curl " + "x" * 3000 + " end"

    assert "x" * 3000 + " end</code>" in to_markdown(document)


@pytest.mark.parametrize("suffix", FORMS)
def test_no_form_holds_a_control_character_or_a_token(suffix: str) -> None:
    text = FORMS[suffix](document_of(REPORT))

    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", text)
    assert TOKEN not in text
    assert TOKEN[:12] not in text


@pytest.mark.parametrize("suffix", FORMS)
def test_a_form_of_a_real_run_is_the_same_each_time(suffix: str) -> None:
    report = with_defect("limit abc is a 422")

    def parsed(text: str) -> Any:  # noqa: ANN401 - of any form
        return json.loads(text) if suffix in {".json", ".har"} else text

    assert parsed(FORMS[suffix](document_of(report))) == parsed(FORMS[suffix](document_of(report)))
