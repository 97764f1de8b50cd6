"""What a report says failed, which tests show it again, and what became of each clause when they were run again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from appcode_contract.clauses import BY_ID
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
_UNTRIED: Final = frozenset({Outcome.SKIPPED, Outcome.NOT_EXERCISED})
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
    return " ".join([method, redact_url(url).removeprefix(redact_url(base).rstrip("/")), *names])


def _reason(told: str) -> str:
    """Tell a reason from others, whatever its numbers."""
    return _NUMBER.sub("", told.partition(";")[0])


def selection_of(failures: Iterable[Failure]) -> Selection | None:
    """Give the selection of the tests that show failures again.

    Args:
        failures: What failed.

    Returns:
        The selection; None when this version knows none of the clauses.
    """
    names = (name for each in failures for name in (each.clause, *(finding.found_by for finding in each.findings)))
    asked = tuple(dict.fromkeys(name for name in names if name in _ORDER))
    return Selection(asked, exact=True) if asked else None


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


def judge_again(failures: Sequence[Failure], report: Report) -> list[Replayed]:
    """Say what became of what failed.

    Args:
        failures: What failed.
        report: The run of the tests that show it again.

    Returns:
        What became of each, in the same order.
    """
    results = {each.id: each for each in report.clauses}
    sent = {_gist(each.request.method, each.request.url, report.url, each.request.headers) for each in report.exchanges}
    judged = []
    for failure in failures:
        fate, reason = _fate(failure, results.get(failure.clause))
        lacking = _lacking(failure, results, sent, "" if report.ended else report.problem) if fate is Fate.FIXED else ""
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
        if result is None or result.outcome not in _UNTRIED:
            continue
        # A test that had come no further sends the request all the same.
        as_before = finding.lacking and finding.lacking == _reason(result.evidence)
        if not as_before or (finding.request is not None and finding.request not in sent):
            return f"the test of {finding.found_by} had found it, and could not be tried: {result.evidence}"
    return ""


def changed_since(document: Document, report: Report) -> str:
    """Say that the app is not any more as the run of a report found it, as far as the first answers show.

    Args:
        document: A report, as ``read_report`` gives it.
        report: The run of the tests that show again what failed.

    Returns:
        A sentence; empty when both runs were first answered at the same length, or not at all.
    """
    before = document["exchanges"][0]["response"] if document["exchanges"] else None
    after = report.exchanges[0].response if report.exchanges else None
    if before is None or after is None or before["body_bytes"] == len(after.body):
        return ""
    return "the app's list is not what it was for the report; what showed only in that one cannot show again"


def also_failing(failures: Sequence[Failure], report: Report) -> list[ClauseResult]:
    """Give the clauses that fail now and did not before.

    Args:
        failures: What failed before.
        report: The run of the tests that show it again.

    Returns:
        Their results.
    """
    before = {failure.clause for failure in failures}
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
