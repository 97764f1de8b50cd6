"""What a run says of known deviations, and what they make of its report."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from appcode_contract.clauses import GENERATE
from appcode_contract.conformance.summary import verdict_of
from appcode_contract.deviations import DeviationState, JudgedDeviation
from appcode_contract.report import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from appcode_contract.deviations import Deviation
    from appcode_contract.report import ClauseResult, Report


def with_deviations(report: Report, deviations: Sequence[Deviation], today: date, *, whole: bool = True) -> Report:
    """Take what is known out of a verdict.

    Args:
        report: What a run found.
        deviations: What is known.
        today: The day on which the run was made.
        whole: Whether each clause was tried by all of its tests and beside all others; otherwise none is called kept.

    Returns:
        The report: a clause that fails as is known has the outcome ``known``, its violations stay, and the verdict
        does not count it.
    """
    if not deviations:
        return report
    outcomes = {each.id: each.outcome for each in report.clauses}
    # A run that broke off has not made every test, and one that never asked to generate has seen half of the answers.
    half = not any(each.request.method == GENERATE.method for each in report.exchanges)
    judged = tuple(
        JudgedDeviation(each, _state(each, outcomes, today, tried=whole and report.ended and not _needs(each, half)))
        for each in deviations
    )
    reasons = {each.deviation.clause: each.deviation.reason for each in judged if each.state is DeviationState.KNOWN}
    clauses = tuple(_known(each, reasons.get(each.id)) for each in report.clauses)
    verdict, problem = verdict_of(clauses, [] if report.ended else [report.problem])
    return replace(report, clauses=clauses, deviations=judged, verdict=verdict, problem=problem)


def _needs(deviation: Deviation, half: bool) -> bool:  # noqa: FBT001 - what was asked
    return half and not deviation.clause.startswith("list/")


def _state(deviation: Deviation, outcomes: Mapping[str, Outcome], today: date, *, tried: bool) -> DeviationState:
    outcome = outcomes.get(deviation.clause, Outcome.NOT_EXERCISED)
    if outcome is Outcome.PASSED and tried:
        return DeviationState.RESOLVED
    if deviation.expires is not None and deviation.expires < today:
        return DeviationState.EXPIRED
    return DeviationState.KNOWN if outcome is Outcome.FAILED else DeviationState.NOT_EXERCISED


def _known(result: ClauseResult, reason: str | None) -> ClauseResult:
    if reason is None:
        return result
    return replace(result, outcome=Outcome.KNOWN, evidence=f"{result.evidence} (known: {reason})")
