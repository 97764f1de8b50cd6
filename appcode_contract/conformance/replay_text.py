"""How a replay is told on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rich.text import Text

from appcode_contract.conformance.replay import Fate, also_failing, changed_since
from appcode_contract.redaction import Redactor, one_line, redact_text
from appcode_contract.reporting.terminal import generated_lines, show_violations

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from appcode_contract.conformance.replay import Replayed
    from appcode_contract.report import Report

_STYLES: Final = {
    Fate.FIXED: "green",
    Fate.STILL_FAILS: "bold red",
    Fate.KNOWN: "magenta",
    Fate.NOT_EXERCISED: "yellow",
}
_COUNTED: Final = {
    Fate.FIXED: "fixed",
    Fate.STILL_FAILS: "still failing",
    Fate.KNOWN: "known",
    Fate.NOT_EXERCISED: "not exercised",
}
_ALSO: Final = "FAILS NOW"


def show_replayed(document: Mapping[str, Any], replayed: Sequence[Replayed], report: Report, console: Console) -> None:
    """Print what became of the clauses that had failed, and of what else fails now.

    Args:
        document: The report in which they had failed, as ``read_report`` gives it.
        replayed: What became of them.
        report: The run.
        console: Where to.
    """
    redactor = Redactor(report.secrets)

    def line(text: str, style: str = "") -> None:
        console.print(Text(one_line(redactor(text)), style=style), soft_wrap=True)

    also, note = also_failing(document, report), changed_since(document, report)
    width = max(len(each) for each in [_ALSO] * bool(also) + [each.fate for each in replayed])
    for each in replayed:
        line(f"{each.fate:{width}}  {redact_text(each.clause)}: {each.reason}", _STYLES[each.fate])
    for result in also:
        line(f"{_ALSO:{width}}  {result.id}: {result.evidence}", _STYLES[Fate.STILL_FAILS])
    show_violations(report, console)
    for told in generated_lines(report.generated, report.unanswered):
        line(told)
    if note and any(each.fate is Fate.FIXED for each in replayed):
        line(note, "yellow")
    for told in report.deviation_problems:
        line(told, "bold red")
    if not report.ended:
        line(f"the run did not come to its end: {report.problem}", "bold yellow")
    line(_counted(replayed, len(also), report), "bold")


def _counted(replayed: Sequence[Replayed], also: int, report: Report) -> str:
    numbers = {fate: sum(each.fate is fate for each in replayed) for fate in Fate}
    told = ", ".join(f"{number} {_COUNTED[fate]}" for fate, number in numbers.items() if number)
    more = f"; {also} failing that had not" if also else ""
    return f"of the clauses that had failed: {told}{more}; {report.requests} requests, {report.seconds:.1f} s"
