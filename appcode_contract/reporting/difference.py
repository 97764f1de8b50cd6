"""What changed from one report to another, clause by clause, and how it is told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from rich.text import Text

from appcode_contract.clauses import CLAUSES
from appcode_contract.redaction import one_line, redact_text, redact_url
from appcode_contract.report import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import Console

    Document = Mapping[str, Any]

_FAILING: Final = frozenset({Outcome.FAILED, Outcome.KNOWN})
_LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class Change:
    """A clause whose outcome changed.

    Attributes:
        clause: The clause's id.
        before: Its outcome in the old report; None when it was not asked for.
        after: Its outcome in the new report; None when it was not asked for.
        evidence: What the new report saw; empty when it says nothing of the clause.
    """

    clause: str
    before: Outcome | None
    after: Outcome | None
    evidence: str

    @property
    def began(self) -> bool:
        """Whether the clause fails now, and did not count as failing before."""
        return self.after is Outcome.FAILED

    @property
    def stopped(self) -> bool:
        """Whether the clause was broken before, and was seen to hold now."""
        return self.before in _FAILING and self.after is Outcome.PASSED


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from one report to another.

    Attributes:
        began: Clauses that began to fail, in the order of the pages.
        stopped: Clauses that stopped failing.
        other: Clauses whose outcome changed in another way.
        facts: What else changed, each in one line: what was generated, and what the server chose.
        circumstances: In what the two runs themselves differ, in one line; empty when in nothing.
        incomplete: Which of the two did not come to its end, and why, each in one line.
    """

    began: tuple[Change, ...]
    stopped: tuple[Change, ...]
    other: tuple[Change, ...]
    facts: tuple[str, ...]
    circumstances: str
    incomplete: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """The exit code of the command."""
        if self.began:
            return 1
        return 3 if self.incomplete else 0


def difference_of(old: Document, new: Document) -> Difference:
    """Compare two reports.

    Args:
        old: The report before, as ``read_report`` gives it.
        new: The report after.

    Returns:
        What changed.
    """
    changes = list(_changes(old, new))
    return Difference(
        began=tuple(each for each in changes if each.began),
        stopped=tuple(each for each in changes if each.stopped),
        other=tuple(each for each in changes if not each.began and not each.stopped),
        facts=tuple(_facts(old, new)),
        circumstances=_circumstances(old, new),
        incomplete=tuple(
            f"the {which} report is incomplete: {_told(report['problem']) or 'it does not say why'}"
            for which, report in (("old", old), ("new", new))
            if not report["complete"]
        ),
    )


def _changes(old: Document, new: Document) -> Iterator[Change]:
    before = {each["id"]: each for each in old["clauses"]}
    after = {each["id"]: each for each in new["clauses"]}
    in_order = [clause.id for clause in CLAUSES]
    # Clauses that this version does not know come last, as the reports have them.
    for clause in dict.fromkeys([*in_order, *before, *after]):
        outcomes = [Outcome(each[clause]["outcome"]) if clause in each else None for each in (before, after)]
        if outcomes[0] is not outcomes[1]:
            evidence = after[clause]["evidence"] if clause in after else ""
            yield Change(clause, outcomes[0], outcomes[1], evidence)


def _facts(old: Document, new: Document) -> Iterator[str]:
    for name, told in (("generated", "AppCodes generated"), ("unanswered", "requests to generate without an answer")):
        counts = [len(each[name]) if isinstance(each[name], list) else each[name] for each in (old, new)]
        if counts[0] != counts[1]:
            yield f"{told}: {counts[0]} → {counts[1]}"
    for field in sorted({*old["behaviors"], *new["behaviors"]}):
        choices = [each["behaviors"].get(field, "not seen") for each in (old, new)]
        if choices[0] != choices[1]:
            yield f"{_told(field)}: {_told(choices[0])} → {_told(choices[1])}"


def _circumstances(old: Document, new: Document) -> str:
    """Say in what the runs differ, which makes the comparison one of more than the server."""
    parts = [
        (name, *(told(each[key]) for each in (old, new)))
        for name, key, told in (
            ("who was judged", "kind", str),
            ("server", "url", redact_url),
            ("revisions of the pages", "pages", lambda pages: ", ".join(f"{k} {v}" for k, v in sorted(pages.items()))),
            ("seed", "seed", str),
        )
        if old[key] != new[key]
    ]
    told = "; ".join(f"{name} {_told(before)} → {_told(after)}" for name, before, after in parts)
    return f"compared all the same, although the runs differ: {told}" if told else ""


def show_difference(difference: Difference, console: Console) -> None:
    """Print a difference.

    Args:
        difference: What changed.
        console: Where to.
    """
    for line in filter(None, [difference.circumstances, *difference.incomplete]):
        console.print(Text(line, style="yellow"), soft_wrap=True)
    parts = (
        ("began to fail", "bold red", difference.began),
        ("stopped failing", "green", difference.stopped),
        ("changed otherwise", "yellow", difference.other),
    )
    for title, style, changes in parts:
        for line in [f"{title}:", *_lines(changes)] if changes else []:
            console.print(Text(line, style=style), soft_wrap=True)
    for line in difference.facts:
        console.print(Text(line), soft_wrap=True)
    told = ", ".join(f"{len(changes)} {title}" for title, _, changes in parts)
    console.print(Text(f"clauses: {told}", style="bold"), soft_wrap=True)


def _lines(changes: Sequence[Change]) -> Iterator[str]:
    """Tell each change, but by their number clauses that did not fail and that a shorter report leaves out."""
    left = Counter(each.before for each in changes if each.after is None and each.before not in _FAILING)
    for change in changes:
        if change.after is not None or change.before in _FAILING or left[change.before] == 1:
            yield _change(change)
        elif left[change.before]:
            yield f"  {left.pop(change.before)} clauses: {_words(change.before)} → {_words(None)}"


def _words(outcome: Outcome | None) -> str:
    return "not asked for" if outcome is None else outcome.words


def _change(change: Change) -> str:
    before, after = _words(change.before), _words(change.after)
    evidence = "" if change.after in {None, Outcome.PASSED} else f": {_told(change.evidence)}"
    return f"  {_told(change.clause)}: {before} → {after}{evidence}"


def _told(text: str) -> str:
    """Make one line of a text of a report, which somebody else wrote."""
    line = one_line(redact_text(text))
    return line if len(line) <= _LONGEST else line[:_LONGEST] + "…"
