"""From tests and passive checks to a report: what became of each clause, and the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from appcode_contract.clauses import BY_ID, CLAUSES
from appcode_contract.conformance.observations import observed
from appcode_contract.conformance.outcomes import TestOutcome
from appcode_contract.conformance.pace import DEADLINE
from appcode_contract.report import ClauseResult, Outcome, Report, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from appcode_contract.clauses import Clause
    from appcode_contract.conformance.outcomes import TestResult
    from appcode_contract.conformance.probe import Probe
    from appcode_contract.conformance.selection import Selection
    from appcode_contract.conformance.target import Target
    from appcode_contract.messages import Exchange, Violation

_SUCCESSES: Final = ("generate/status", "list/status")


def summarize(
    probe: Probe, selection: Selection, results: Sequence[TestResult], problems: Sequence[str], seconds: float
) -> Report:
    """Make the report of a run.

    Args:
        probe: The run's probe.
        selection: Which clauses are judged.
        results: What became of each test.
        problems: What went wrong with the run itself.
        seconds: How long it took.

    Returns:
        The report.
    """
    violations = tuple(each for each in _all_violations(probe, results) if selection.includes(BY_ID[each.clause]))
    clauses = tuple(
        _clause_result(clause, probe, results, violations) for clause in CLAUSES if selection.includes(clause)
    )
    errored = [
        f"the run itself went wrong: {result.clause}: {result.reason}"
        for result in results
        if result.outcome is TestOutcome.ERRORED
    ]
    late = [result for result in results if DEADLINE in result.reason]
    problems = [*problems, *errored, *([f"{late[0].reason}, before {len(late)} tests"] if late else [])]
    verdict, reason = verdict_of(clauses, problems)
    return Report(
        verdict=verdict,
        clauses=clauses,
        violations=violations,
        generated=tuple(generated_id(exchange) for exchange in probe.generated),
        unanswered=probe.unanswered,
        behaviors=dict(sorted({**observed(probe.exchanges), **probe.behaviors}.items())),
        exchanges=tuple(probe.exchanges),
        url=probe.target.url,
        seed=probe.target.seed,
        repeated=probe.repeated,
        seconds=round(seconds, 3),
        problem=reason,
        ended=not problems,
        listed=None if probe.before is None else len(probe.before.keys),
        secrets=frozenset(probe.secrets()),
        variables=variables_of(probe.target),
        options=curl_options(probe.target),
    )


def _all_violations(probe: Probe, results: Sequence[TestResult]) -> tuple[Violation, ...]:
    """Join what checks and tests found; what both say of one exchange is told once."""
    told = {(violation.clause, id(violation.exchange)) for violation in probe.violations}
    active = (result.violation for result in results if result.violation is not None)
    further = (each for each in active if each.exchange is None or (each.clause, id(each.exchange)) not in told)
    return tuple(dict.fromkeys((*probe.violations, *further)))


def inconclusive(probe: Probe, selection: Selection, problem: str, seconds: float) -> Report:
    """Make the report of a run that could judge nothing.

    Args:
        probe: The run's probe.
        selection: Which clauses were to be judged.
        problem: Why.
        seconds: How long it took.

    Returns:
        The report; every clause is not exercised.
    """
    clauses = tuple(
        ClauseResult(clause.id, clause.level, Outcome.NOT_EXERCISED, problem)
        for clause in CLAUSES
        if selection.includes(clause)
    )
    return Report(
        verdict=Verdict.INCONCLUSIVE,
        clauses=clauses,
        violations=(),
        generated=tuple(generated_id(exchange) for exchange in probe.generated),
        unanswered=probe.unanswered,
        behaviors={},
        exchanges=tuple(probe.exchanges),
        url=probe.target.url,
        seed=probe.target.seed,
        repeated=probe.repeated,
        seconds=round(seconds, 3),
        problem=problem,
        ended=False,
        secrets=frozenset(probe.secrets()),
        variables=variables_of(probe.target),
        options=curl_options(probe.target),
    )


def verdict_of(clauses: Sequence[ClauseResult], problems: Sequence[str]) -> tuple[Verdict, str]:
    """Give the verdict, and why it is not more than that.

    Args:
        clauses: What became of each clause; a known deviation was judged, and does not count.
        problems: What went wrong with the run itself.

    Returns:
        The verdict, and the problem; an empty text when there is none.
    """
    problem = "; ".join(dict.fromkeys(problems))
    outcomes = {clause.id: clause.outcome for clause in clauses}
    if Outcome.FAILED in outcomes.values():
        return Verdict.VIOLATES, problem
    judged = {clause for clause, outcome in outcomes.items() if outcome in {Outcome.PASSED, Outcome.KNOWN}}
    successes = {each for each in _SUCCESSES if outcomes.get(each, Outcome.SKIPPED) is not Outcome.SKIPPED}
    if not problem and not judged:
        problem = "no clause that was asked for could be tried"
    elif not problem and successes and not judged & successes:
        problem = f"nothing succeeded, and {' and '.join(sorted(successes))} could not be tried"
    return (Verdict.INCONCLUSIVE if problem else Verdict.CONFORMS), problem


def _clause_result(
    clause: Clause, probe: Probe, results: Sequence[TestResult], violations: Sequence[Violation]
) -> ClauseResult:
    broken = [violation for violation in violations if violation.clause == clause.id]
    mine = [result for result in results if result.clause == clause.id]
    if broken:
        more = f" (and {len(broken) - 1} more)" if len(broken) > 1 else ""
        return ClauseResult(clause.id, clause.level, Outcome.FAILED, broken[0].actual + more)
    outcome, evidence = _by_tests(clause.id, probe, mine)
    return ClauseResult(clause.id, clause.level, outcome, evidence)


def _by_tests(clause_id: str, probe: Probe, mine: Sequence[TestResult]) -> tuple[Outcome, str]:
    if not mine:
        return Outcome.NOT_EXERCISED, "the run ended before it was tried"
    reasons = {result.outcome: result.reason for result in reversed(mine)}
    if TestOutcome.ERRORED in reasons:
        return Outcome.NOT_EXERCISED, f"error: {reasons[TestOutcome.ERRORED]}"
    # The weakest counts: what one probe could not try is not made good by another.
    for outcome in (Outcome.NOT_EXERCISED, Outcome.SKIPPED):
        if TestOutcome(outcome) in reasons:
            return outcome, reasons[TestOutcome(outcome)]
    return Outcome.PASSED, probe.evidence.get(clause_id, "as expected")


def variables_of(target: Target) -> dict[str, str]:
    """Give the environment variables that stand for a target's tokens, by token."""
    tokens = {target.token: "$APPCODE_TOKEN"}
    if target.forbidden_token is not None:
        tokens[target.forbidden_token] = "$APPCODE_FORBIDDEN_TOKEN"
    return tokens


def curl_options(target: Target) -> tuple[str, ...]:
    """Give the options with which curl trusts a target as the run does."""
    if target.insecure:
        return ("--insecure",)
    if target.ca_bundle is None:
        return ()
    return ("--capath" if target.ca_bundle.is_dir() else "--cacert", str(target.ca_bundle))


def generated_id(exchange: Exchange) -> str:
    """Give the id of what was generated; empty when the answer has none."""
    try:
        body = exchange.response.json() if exchange.response is not None else None
    except ValueError:
        body = None
    identifier = body.get("id") if isinstance(body, dict) else None
    return identifier if isinstance(identifier, str) else ""
