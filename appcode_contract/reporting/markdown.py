"""A report as Markdown, for a pull request or the summary of a CI job."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any, Final

from appcode_contract.redaction import printable
from appcode_contract.reporting.document import verdict_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_SIGNS: Final = {"conforms": "✅", "violates": "❌", "inconclusive": "⚠️"}
_WORDS: Final = {
    "passed": "passed",
    "failed": "failed",
    "known": "known deviations",
    "skipped": "skipped",
    "not_exercised": "not exercised",
}
_LONGEST: Final = 60_000
"""A comment of GitHub holds 65,536 characters."""
_CELL: Final = 300
_MARKUP: Final = "\\`|*_[]~@$"


def to_markdown(document: Mapping[str, Any]) -> str:
    """Write a report as Markdown.

    Args:
        document: The report's document.

    Returns:
        At most 60,000 characters: verdict, counts, each violation, and the clauses that did not pass. Whatever a server
        sent stands as code, and is no markup.
    """
    outcomes = [each["outcome"] for each in document["clauses"]]
    counts = ", ".join(f"{outcomes.count(each)} {words}" for each, words in _WORDS.items() if each in outcomes)
    incomplete = "" if document["complete"] else " (incomplete)"
    begin = [
        f"## {_SIGNS[document['verdict']]} {verdict_of(document)}{incomplete}",
        *([_code(document["problem"])] if document["problem"] else []),
        *([_code(document["url"])] if document["url"] else []),
        f"{counts}; {document['requests']} requests in {document['seconds']:.1f} s",
    ]
    failed = [each for each in document["clauses"] if each["outcome"] == "failed"]
    sections = [_violations(each, document["violations"]) for each in failed]
    end = [*_others(document["clauses"]), *_left(document)]
    room = _LONGEST - sum(len(each) + 2 for each in (*begin, *end)) - _CELL
    return "\n\n".join([*begin, *_fitting(sections, room), *end]) + "\n"


def _fitting(sections: list[str], room: int) -> list[str]:
    shown: list[str] = []
    for section in sections:
        room -= len(section) + 2
        if room < 0:
            return [
                *shown,
                f"… and {len(sections) - len(shown)} more clauses that failed; another form of the report has them.",
            ]
        shown.append(section)
    return shown


def _violations(clause: dict[str, str], violations: list[dict[str, Any]]) -> str:
    mine = [each for each in violations if each["clause"] == clause["id"]]
    lines = [f"### {_code(clause['id'])}", f"{clause['statement']} ({clause['level']}: {clause['source']})", ""]
    for violation in mine[:3]:
        lines.append(f"- expected: {_code(violation['expected'])}")
        lines.append(f"  <br>actual: {_code(violation['actual'])}")
        lines += [f"  <br>repeat: {_code(violation['repeat'], cut=False)}"] if violation["repeat"] else []
    return "\n".join([*lines, *([f"- … and {len(mine) - 3} more"] if len(mine) > 3 else [])])  # noqa: PLR2004 - as shown


def _others(clauses: list[dict[str, str]]) -> list[str]:
    rest = [each for each in clauses if each["outcome"] not in {"failed", "passed"}]
    if not rest:
        return []
    rows = [f"| {_code(each['id'])} | {_WORDS[each['outcome']]} | {_code(each['evidence'])} |" for each in rest]
    head = f"<details><summary>{len(rest)} not tried or not counted</summary>"
    return ["\n".join([head, "", "| clause | outcome | why |", "| --- | --- | --- |", *rows, "", "</details>"])]


def _left(document: Mapping[str, Any]) -> list[str]:
    lines = []
    if document["behaviors"]:
        told = ", ".join(_code(f"{name}={choice}") for name, choice in document["behaviors"].items())
        lines.append(f"Chosen where the pages are silent: {told}")
    if document["generated"]:
        ids = ", ".join(_code(each or "without an id") for each in document["generated"])
        lines.append(f"AppCodes that were made and stay: {ids}")
    return lines


def _code(text: str, *, cut: bool = True) -> str:
    """Write a text so that nothing in it is markup, in a table too."""
    line = " ".join(printable(text).split())
    short = line if len(line) <= _CELL or not cut else line[:_CELL] + "…"
    escaped = html.escape(short, quote=False)
    for character in _MARKUP:
        escaped = escaped.replace(character, f"&#{ord(character)};")
    escaped = escaped.replace("://", ":&#47;&#47;").replace("www.", "www&#46;")  # or they would become links
    return f"<code>{escaped}</code>"
