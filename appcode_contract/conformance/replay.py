"""What a report says failed, which tests show it again, and what became of each clause when they were run again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, unquote

from appcode_contract.clauses import BY_ID, LIST
from appcode_contract.conformance.selection import SERVER_CLAUSES, Selection
from appcode_contract.redaction import redact_url
from appcode_contract.report import Outcome

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from appcode_contract.report import ClauseResult, Report

    Document = Mapping[str, Any]

_PATH: Final = re.compile(r"/v2/([^/?]+)/apic/instances/([^/?]+)/apps/([^/?]+)/app-codes(?:\?|\Z)")
_IDS: Final = ("project_id", "instance_id", "app_id")
_NUMBER: Final = re.compile(r"\d+")
_HIDDEN: Final = re.compile(r"\[redacted[^\]]*\]")
_UNTRIED: Final = frozenset({Outcome.SKIPPED, Outcome.NOT_EXERCISED})
_BROKEN: Final = frozenset({Outcome.FAILED, Outcome.KNOWN})
_REDACTED: Final = "[redacted"
_ORDER: Final = {clause.id: place for place, clause in enumerate(SERVER_CLAUSES)}


class Fate(StrEnum):
    """What became of a clause that had failed."""

    FIXED = "FIXED"
    STILL_FAILS = "STILL FAILS"
    KNOWN = "KNOWN DEVIATION"
    NOT_EXERCISED = "NOT EXERCISED"


_FATES: Final = {
    Outcome.PASSED: Fate.FIXED,
    Outcome.FAILED: Fate.STILL_FAILS,
    Outcome.KNOWN: Fate.KNOWN,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """How a failure was found.

    Attributes:
        found_by: The clause whose test found it; empty when no test was running.
        request: What tells its request from others; None when only a sequence shows it.
        lacking: Why that test did not come to its end when it found this; empty when it did.
    """

    found_by: str
    request: str | None
    lacking: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A clause that failed.

    Attributes:
        clause: The clause's id.
        findings: How that was found.
    """

    clause: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of a clause that had failed.

    Attributes:
        clause: The clause's id.
        fate: What became of it.
        reason: What was seen, or why nothing was.
    """

    clause: str
    fate: Fate
    reason: str


def failures_in(document: Document) -> list[Failure]:
    """Give the clauses that failed.

    Args:
        document: A report, as ``read_report`` gives it.

    Returns:
        The failures in the order of the pages; known deviations are none.
    """
    untried = {each["id"]: each["evidence"] for each in document["clauses"] if each["outcome"] in _UNTRIED}
    failed = [each["id"] for each in document["clauses"] if each["outcome"] == Outcome.FAILED]
    requests = [
        _gist(each["request"]["method"], each["request"]["url"], document["url"], each["request"]["headers"])
        for each in document["exchanges"]
    ]
    findings: dict[str, dict[Finding, None]] = {clause: {} for clause in failed}
    for each in document["violations"]:
        place = each["exchange"]
        request = None if place is None else requests[int(place)]
        finding = Finding(each["found_by"], request, _reason(untried.get(each["found_by"], "")))
        findings.get(each["clause"], {})[finding] = None
    in_order = sorted(failed, key=lambda clause: _ORDER.get(clause, len(_ORDER)))
    return [Failure(clause, tuple(findings[clause])) for clause in in_order]


def _gist(method: str, url: str, base: str, headers: Iterable[Sequence[str]]) -> str:
    """Tell a request from others, on whichever server; values of headers are hidden in a report."""
    names = sorted(name.lower() for name, _ in headers)
    place = redact_url(url).removeprefix(redact_url(base).rstrip("/"))
    return " ".join([method, _HIDDEN.sub(_REDACTED, place), *names])  # digests differ from report to report


def _reason(told: str) -> str:
    """Tell a reason from others, whatever its numbers."""
    return _NUMBER.sub("", told.partition(";")[0])


def selection_of(document: Document, failures: Iterable[Failure]) -> Selection | None:
    """Give the selection of the tests that show failures again, and of the queries that showed them.

    Args:
        document: The report in which it failed, as ``read_report`` gives it.
        failures: What failed.

    Returns:
        The selection; None when this version knows none of the clauses.
    """
    names = (name for each in failures for name in (each.clause, *(finding.found_by for finding in each.findings)))
    asked = tuple(dict.fromkeys(name for name in names if name in _ORDER))
    return Selection(asked, exact=True, again=queries_in(document)) if asked else None


def queries_in(document: Document) -> tuple[dict[str, str], ...]:
    """Give the queries for the app's own list that showed that clauses fail.

    Args:
        document: A report, as ``read_report`` gives it.

    Returns:
        Their parameters, as they stood on the wire, each once.
    """
    failed = {each["id"] for each in document["clauses"] if each["outcome"] == Outcome.FAILED}
    places = {each["exchange"] for each in document["violations"] if each["clause"] in failed} - {None}
    asked = [document["exchanges"][place]["request"] for place in sorted(places)]
    first = document["exchanges"][0]["request"]["url"] if document["exchanges"] else ""
    queries = [each["url"].partition("?")[2] for each in asked if _is_of_list(each, first)]
    pairs = [parse_qsl(query, keep_blank_values=True) for query in dict.fromkeys(queries)]
    return tuple(dict(each) for each in pairs if len(each) == len(dict(each)))


def _is_of_list(request: Mapping[str, Any], first: str) -> bool:
    same = str(request["url"]).partition("?")[0] == first.partition("?")[0]
    return same and request["method"] == LIST.method and _REDACTED not in request["url"].partition("?")[2]


def ids_in(document: Document) -> dict[str, str]:
    """Recover the ids of the app under test from the URL of the first request, which asks for its list.

    Args:
        document: A report, as ``read_report`` gives it.

    Returns:
        Project, instance and app by their names in ``Target``, without those that the report does not tell.
    """
    for exchange in document["exchanges"]:
        found = _PATH.search(exchange["request"]["url"])
        if found is not None:
            ids = zip(_IDS, map(unquote, found.groups()), strict=True)
            return {name: value for name, value in ids if _REDACTED not in value}
    return {}


def judge_again(document: Document, failures: Sequence[Failure], report: Report) -> list[Replayed]:
    """Say what became of what failed.

    Args:
        document: The report in which it failed, as ``read_report`` gives it.
        failures: What failed.
        report: The run of the tests that show it again.

    Returns:
        What became of each, in the same order.
    """
    results = {each.id: each for each in report.clauses}
    sent = {_gist(each.request.method, each.request.url, report.url, each.request.headers) for each in report.exchanges}
    problem = "" if report.ended else report.problem
    judged = []
    for failure in failures:
        fate, reason = _fate(failure, results.get(failure.clause))
        lacking = ""
        if fate is Fate.FIXED:
            lacking = _lacking(failure, results, sent, problem) or _shorter(document, failure.clause, report)
        judged.append(Replayed(failure.clause, Fate.NOT_EXERCISED if lacking else fate, lacking or reason))
    return judged


def _fate(failure: Failure, result: ClauseResult | None) -> tuple[Fate, str]:
    if result is None:
        told = "binds no server" if failure.clause in BY_ID else "is unknown to this version of appcode-contract"
        return Fate.NOT_EXERCISED, f"this clause {told}"
    return _FATES.get(result.outcome, Fate.NOT_EXERCISED), result.evidence


def _lacking(failure: Failure, results: Mapping[str, ClauseResult], sent: Collection[str], problem: str) -> str:
    """Say why a clause that passed is not known to be fixed: what had shown that it fails was not tried again."""
    if problem:
        return f"it passed as far as it was tried, and the run did not come to its end: {problem}"
    for finding in failure.findings:
        result = results.get(finding.found_by)
        if finding.found_by and result is None:
            return "a test of a clause that this version of appcode-contract does not know had found it"
        if result is not None and result.outcome in _UNTRIED:
            # A test that had come no further sends the request all the same.
            as_before = finding.lacking and finding.lacking == _reason(result.evidence)
            if not as_before or (finding.request is not None and finding.request not in sent):
                return f"the test of {finding.found_by} had found it, and could not be tried: {result.evidence}"
        elif finding.request is not None and finding.request not in sent:
            return "the request that had shown it was not sent again: the app, or another clause, is not what it was"
        elif finding.request is None and result is not None and result.outcome in _BROKEN:
            return f"the test of {finding.found_by} had found it, and ended before that: {result.evidence}"
    return ""


def _shorter(document: Document, clause: str, report: Report) -> str:
    """Say why a clause of the list is not known to be fixed: what had shown it may be beyond the list's end."""
    before, after = document["listed"], report.listed
    if not clause.startswith("list/") or before is None or after is None or after >= before:
        return ""
    return f"it failed when the app had {before} AppCodes, and it has {after} now"


def changed_since(document: Document, report: Report) -> str:
    """Say that the app's list is not any more as the run of a report left it, as far as its length shows.

    Args:
        document: A report, as ``read_report`` gives it.
        report: The run of the tests that show again what failed.

    Returns:
        A sentence; empty when the list has the length that it should have, or a run could not read it.
    """
    before, after = document["listed"], report.listed
    left = None if before is None else before + len(document["generated"])
    if left is None or after is None or left == after:
        return ""
    told = f"the app has {after} AppCodes, and had {left} when the report was made"
    return f"{told}; what showed only in that list cannot show again"


def also_failing(document: Document, report: Report) -> list[ClauseResult]:
    """Give the clauses that fail now and did not before.

    Args:
        document: The report before, as ``read_report`` gives it.
        report: The run of the tests that show it again.

    Returns:
        Their results.
    """
    before = {each["id"] for each in document["clauses"] if each["outcome"] in _BROKEN}
    return [each for each in report.clauses if each.outcome is Outcome.FAILED and each.id not in before]


def exit_code_of(replayed: Sequence[Replayed], report: Report) -> int:
    """Give the exit code of a replay.

    Args:
        replayed: What became of each clause that had failed.
        report: The run.

    Returns:
        1 when anything fails, or the list of known deviations is wrong; 0 when all is fixed or known; otherwise 3.
    """
    if report.deviation_problems or any(each.outcome is Outcome.FAILED for each in report.clauses):
        return 1
    return 0 if all(each.fate in {Fate.FIXED, Fate.KNOWN} for each in replayed) else 3
