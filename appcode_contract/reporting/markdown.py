"""A report as Markdown, for a pull request or the summary of a CI job."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from appcode_contract.redaction import printable
from appcode_contract.report import Outcome
from appcode_contract.reporting.document import verdict_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_SIGNS: Final = {"conforms": "✅", "violates": "❌", "inconclusive": "⚠️"}
_LONGEST: Final = 60_000
"""A comment of GitHub holds 65,536 characters."""
_ROOM: Final = {"problems": 6000, "others": 15_000, "behaviors": 3000, "generated": 5000}
"""What each list beside the violations may take; the violations have the rest, which holds at least one clause."""
_CELL: Final = 300
_COMMAND: Final = 4000
_STATEMENT: Final = 1000
_SHOWN: Final = 3
_MARKUP: Final = "\\`|*_[]~@$"
_ELSEWHERE: Final = "another form of the report has them."


@dataclass(slots=True)
class _Told:
    """Violations that say the same: how many they are, and the tests that found them."""

    count: int = 0
    tests: dict[str, None] = field(default_factory=dict)


def to_markdown(document: Mapping[str, Any]) -> str:
    """Write a report as Markdown.

    Args:
        document: The report's document.

    Returns:
        At most 60,000 characters: verdict, what is wrong with the list of known deviations, counts, each violation, and
        the clauses that did not pass. Whatever a server sent stands as code, and is no markup. What finds no room is
        left out as a whole, so that no element stays open.
    """
    begin, end = _begin(document), [*_others(document["clauses"]), *_left(document)]
    more = "… and {} more clauses that failed; " + _ELSEWHERE
    more_known = "… and {} more known deviations; " + _ELSEWHERE
    room = _LONGEST - _length([*begin, *end]) - 1
    failed = _fitting(_sections(document, Outcome.FAILED), room - _reserved(more_known), more)
    known = _fitting(_sections(document, Outcome.KNOWN), room - _length(failed), more_known)
    return "\n\n".join([*begin, *failed, *known, *end]) + "\n"


def _begin(document: Mapping[str, Any]) -> list[str]:
    incomplete = "" if document["complete"] else " (incomplete)"
    problems = [[f"⚠️ {_code(each['problem'])}"] for each in document["deviations"] if each["problem"]]
    more = "⚠️ … and {} more entries of the known deviations"
    return [
        f"## {_SIGNS[document['verdict']]} {verdict_of(document)}{incomplete}",
        *_fitting(problems, _ROOM["problems"], more),
        *([_code(document["problem"])] if document["problem"] else []),
        *([_code(document["url"])] if document["url"] else []),
        _counts(document),
    ]


def _counts(document: Mapping[str, Any]) -> str:
    outcomes = [each["outcome"] for each in document["clauses"]]
    counted = [
        _many(outcomes.count(each), each.words) if each is Outcome.KNOWN else f"{outcomes.count(each)} {each.words}"
        for each in (Outcome.PASSED, Outcome.FAILED, Outcome.KNOWN, Outcome.SKIPPED, Outcome.NOT_EXERCISED)
        if each in outcomes
    ]
    sent = f"{_many(document['requests'], 'request')} in {document['seconds']:.1f} s"
    return "; ".join([*([", ".join(counted)] if counted else []), sent])


def _length(parts: Iterable[str]) -> int:
    return sum(len(each) + 2 for each in parts)


def _reserved(more: str) -> int:
    return len(more) + 20


def _fitting(items: Sequence[Sequence[str]], room: int, more: str) -> list[str]:
    """Give the items that there is room for, each in the first of its forms that fits, and say how many are left out.

    Args:
        items: The forms of each item, the longest first.
        room: How many characters there are, with two between any two items.
        more: What to say of those left out; ``{}`` stands for their number.
    """
    room -= _reserved(more)
    shown: list[str] = []
    for forms in items:
        fits = next((each for each in forms if len(each) + 2 <= room), None)
        if fits is None:
            return [*shown, more.format(len(items) - len(shown))]
        room -= len(fits) + 2
        shown.append(fits)
    return shown


def _sections(document: Mapping[str, Any], outcome: Outcome) -> list[list[str]]:
    """Give the forms of the section of each clause with an outcome: with whole commands, and with short ones."""
    write = _known if outcome is Outcome.KNOWN else _failed
    clauses = [each for each in document["clauses"] if each["outcome"] == outcome]
    return [[write(each, document, longest) for longest in (_COMMAND, _CELL)] for each in clauses]


def _failed(clause: Mapping[str, str], document: Mapping[str, Any], longest: int) -> str:
    return "\n".join([f"### {_code(clause['id'])}", _stated(clause), "", *_violations(clause, document, longest)])


def _known(clause: Mapping[str, str], document: Mapping[str, Any], longest: int) -> str:
    reasons = [each["reason"] for each in document["deviations"] if each["clause"] == clause["id"] and each["reason"]]
    lines = [
        f"<details><summary>known deviation: {_code(clause['id'])}</summary>",
        "",
        f"{_stated(clause)}<br>accepted: {_code(next(iter(reasons), clause['evidence']))}",
        "",
        *_violations(clause, document, longest),
        "",
        "</details>",
    ]
    return "\n".join(lines)


def _stated(clause: Mapping[str, str]) -> str:
    return _short(f"{clause['statement']} ({clause['level']}: {clause['source']})", _STATEMENT)


def _violations(clause: Mapping[str, str], document: Mapping[str, Any], longest: int) -> list[str]:
    told: dict[tuple[str, str, str], _Told] = {}
    for each in document["violations"]:
        if each["clause"] == clause["id"]:
            alike = told.setdefault((each["expected"], each["actual"], each["repeat"]), _Told())
            alike.count += 1
            alike.tests |= {each["found_by"]: None} if each["found_by"] else {}
    lines = []
    for (expected, actual, repeat), alike in list(told.items())[:_SHOWN]:
        times = f" ({alike.count} times)" if alike.count > 1 else ""
        lines += [f"- expected: {_code(expected)}", f"  <br>actual: {_code(actual)}{times}"]
        lines += [f"  <br>found by: {_tests(alike.tests)}"] if document["kind"] == "client" and alike.tests else []
        lines += [f"  <br>repeat: {_command(repeat, longest)}"] if repeat else []
    return [*lines, *([f"- … and {len(told) - _SHOWN} more"] if len(told) > _SHOWN else [])]


def _tests(names: Iterable[str]) -> str:
    first, *others = names
    return _code(first) + (f" and {_many(len(others), 'more test')}" if others else "")


def _command(repeat: str, longest: int) -> str:
    """Write a command whole, or, when that is long, no more than its begin."""
    return _code(repeat, _CELL if len(repeat) > longest else longest)


def _others(clauses: Sequence[Mapping[str, str]]) -> list[str]:
    rest = [each for each in clauses if each["outcome"] not in {Outcome.FAILED, Outcome.PASSED}]
    if not rest:
        return []
    rows = [
        [f"| {_code(each['id'])} | {Outcome(each['outcome']).words} | {_code(each['evidence'])} |"] for each in rest
    ]
    told = _fitting(rows, _ROOM["others"], "| … and {} more | | |")
    head = f"<details><summary>{len(rest)} not tried or not counted</summary>"
    return ["\n".join([head, "", "| clause | outcome | why |", "| --- | --- | --- |", *told, "", "</details>"])]


def _left(document: Mapping[str, Any]) -> list[str]:
    chosen = [f"{name}={choice}" for name, choice in document["behaviors"].items()]
    ids = [each or "without an id" for each in document["generated"]]
    return [
        *_listed("Chosen where the pages are silent", chosen, _ROOM["behaviors"]),
        *_listed("AppCodes that were made and stay", ids, _ROOM["generated"]),
    ]


def _listed(words: str, items: Iterable[str], room: int) -> list[str]:
    told = _fitting([[_code(each)] for each in items], room, "… and {} more")
    return [f"{words}: {', '.join(told)}"] if told else []


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" + "s" * (number != 1)


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[:longest] + "…"


def _code(text: str, longest: int = _CELL) -> str:
    """Write the begin of a text so that nothing in it is markup, in a table too."""
    escaped = html.escape(_short(" ".join(printable(text).split()), longest), quote=False)
    for character in _MARKUP:
        escaped = escaped.replace(character, f"&#{ord(character)};")
    escaped = escaped.replace("://", ":&#47;&#47;").replace("www.", "www&#46;")  # or they would become links
    return f"<code>{escaped}</code>"
