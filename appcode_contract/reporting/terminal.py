"""A report on the terminal: the table of clauses, the violations, and what else to know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

from rich.console import Console
from rich.table import Table
from rich.text import Text

from appcode_contract.clauses import CLAUSES
from appcode_contract.deviations import DeviationState
from appcode_contract.redaction import Redactor, one_line, printable
from appcode_contract.report import Outcome, Verdict
from appcode_contract.reporting.text import describe_violations

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from appcode_contract.deviations import JudgedDeviation
    from appcode_contract.report import Report

_NARROW: Final = 72
_WIDE: Final = 100
_STYLES: Final = {
    Outcome.PASSED: "green",
    Outcome.FAILED: "bold red",
    Outcome.KNOWN: "magenta",
    Outcome.SKIPPED: "yellow",
    Outcome.NOT_EXERCISED: "yellow",
}
_VERDICTS: Final = {
    Verdict.CONFORMS: ("bold green", "the server conforms"),
    Verdict.VIOLATES: ("bold red", "the server violates the contract"),
    Verdict.INCONCLUSIVE: ("bold yellow", "inconclusive"),
}


class Terminal(Console):
    """A console whose reader may go away: that raises BrokenPipeError, and does not end the process."""

    def on_broken_pipe(self) -> NoReturn:
        """Leave the verdict to the caller."""
        raise BrokenPipeError


def show(report: Report, console: Console) -> None:
    """Print a report.

    Args:
        report: The report.
        console: Where to.
    """
    redactor = Redactor(report.secrets)
    if report.requests and any(each.outcome is not Outcome.NOT_EXERCISED for each in report.clauses):
        console.print(_table(report, redactor, console.width))
    show_violations(report, console)
    for line in _closing(report):
        console.print(Text(one_line(redactor(line))))
    for line in report.deviation_problems:
        console.print(Text(printable(redactor(line)), style="bold red"), soft_wrap=True)
    style, words = _VERDICTS[report.verdict]
    if report.verdict is Verdict.CONFORMS:
        words += _qualified(report)
    if report.deviation_problems:
        words += f"; out of date: {_many(len(report.deviation_problems), 'entry', 'entries')} of the known deviations"
    verdict = words + (f": {redactor(report.problem)}" if report.problem else "")
    console.print(Text(printable(verdict), style=style), soft_wrap=True)


def show_violations(report: Report, console: Console) -> None:
    """Print what was broken, and how to see it again; nothing when nothing was.

    Args:
        report: The report.
        console: Where to.
    """
    if not report.violations:
        return
    text = describe_violations(
        report.violations,
        secrets=report.secrets,
        variables=report.variables,
        options=report.options,
        answers=True,
        known={each.deviation.clause: each.deviation.reason for each in _deviations(report, DeviationState.KNOWN)},
    )
    console.print(Text("\n" + printable(text) + "\n"), soft_wrap=True)  # a command must stay in one piece


def _qualified(report: Report) -> str:
    """Say how far a verdict reaches."""
    every = sum(not clause.binds_client_only for clause in CLAUSES)
    passed = sum(each.outcome is Outcome.PASSED for each in report.clauses)
    known = sum(each.outcome is Outcome.KNOWN for each in report.clauses)
    but = f", but for {_many(known, 'known deviation')}" if known else ""
    return but + ("" if passed + known == every else f", as far as it was tried: {passed} of {_many(every, 'clause')}")


def _many(number: int, noun: str, plural: str = "") -> str:
    return f"{number} " + (noun if number == 1 else plural or f"{noun}s")


def _deviations(report: Report, state: DeviationState) -> list[JudgedDeviation]:
    return [each for each in report.deviations if each.state is state]


def show_tests(tests: Iterable[tuple[str, str]], console: Console) -> None:
    """Print what a conformance run would try.

    Args:
        tests: Pairs of clause and test.
        console: Where to.
    """
    by_clause: dict[str, list[str]] = {}
    for clause_id, name in tests:
        by_clause.setdefault(clause_id, []).append(name.partition("[")[0])
    for clause in CLAUSES:
        names = by_clause.get(clause.id, [])
        if names:
            console.print(Text(f"{clause.id} ({clause.level}: {clause.page})", style="bold"), soft_wrap=True)
        for name in dict.fromkeys(names):
            times = f" ({names.count(name)} times)" if names.count(name) > 1 else ""
            console.print(Text(f"  {name.removeprefix('test_').replace('_', ' ')}{times}"), soft_wrap=True)


def _table(report: Report, redactor: Redactor, width: int) -> Table | Text:
    if width < _NARROW:
        lines = (f"{each.id}: {each.outcome.words}: {redactor(each.evidence)}" for each in report.clauses)
        return Text(printable("\n".join(lines)))
    wide = width >= _WIDE
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("clause", no_wrap=True)
    if wide:
        table.add_column("level", no_wrap=True)
    table.add_column("outcome", no_wrap=True)
    table.add_column("evidence", overflow="fold")
    for clause in report.clauses:
        outcome = Text(clause.outcome.words, style=_STYLES[clause.outcome])
        level = [Text(clause.level)] if wide else []
        table.add_row(Text(clause.id), *level, outcome, Text(printable(redactor(clause.evidence))))
    return table


def _closing(report: Report) -> list[str]:
    counted = {outcome: sum(each.outcome is outcome for each in report.clauses) for outcome in Outcome}
    told = ", ".join(f"{count} {outcome.words}" for outcome, count in counted.items() if count)
    lines = [f"{told}; {_many(report.requests, 'request')}, {report.seconds:.1f} s"]
    if report.repeated:
        queries = "query" if report.repeated == 1 else "queries"
        lines.append(f"{report.repeated} {queries} had no whole answer, and got a second try")
    if report.behaviors:
        lines.append("chosen where the pages are silent: " + ", ".join(f"{k}={v}" for k, v in report.behaviors.items()))
    untried = [each.deviation.clause for each in _deviations(report, DeviationState.NOT_EXERCISED)]
    if untried:
        lines.append("known deviations that the run says nothing of: " + ", ".join(untried))
    return lines + generated_lines(report.generated, report.unanswered)


def generated_lines(generated: Sequence[str], unanswered: int) -> list[str]:
    """Say what a run left behind.

    Args:
        generated: The ids of what it generated; empty texts where an answer had none.
        unanswered: How many requests to generate had no answer.

    Returns:
        Lines; none when nothing was left.
    """
    lines = []
    ids = [each for each in generated if each]
    if ids:
        stay = "was made and stays" if len(ids) == 1 else "were made and stay"
        lines.append(f"{_many(len(ids), 'AppCode')} {stay}, by id: {', '.join(ids)}")
    if len(ids) < len(generated):
        lines.append(f"{_many(len(generated) - len(ids), 'request')} to generate succeeded and named no id")
    if unanswered:
        lines.append(
            f"{_many(unanswered, 'request')} to generate had no answer; what they made, if anything, stays too"
        )
    return lines
