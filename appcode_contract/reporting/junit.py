"""A report as JUnit XML, as GitLab, Jenkins and GitHub's actions read it: one case for each clause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from appcode_contract.redaction import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

_SUITE: Final = "appcode-contract"
_NOT_SAID: Final = frozenset({"skipped", "not_exercised", "known"})

_WORDS: Final = {"skipped": "skipped", "not_exercised": "not exercised", "known": "known deviation"}


def to_junit(document: Mapping[str, Any]) -> str:
    """Write a report as JUnit XML.

    Args:
        document: The report's document.

    Returns:
        A document with one suite. A clause that was skipped or not exercised is a skipped case with its reason; a run
        that did not come to its end has a case with an error, too.
    """
    outcomes = [each["outcome"] for each in document["clauses"]]
    broken_off = not document["complete"]
    counts = {
        "tests": len(outcomes) + broken_off,
        "failures": outcomes.count("failed"),
        "errors": int(broken_off),
        "skipped": sum(each in _NOT_SAID for each in outcomes),
    }
    about = {name: str(count) for name, count in counts.items()} | {"time": f"{document['seconds']:.3f}"}
    root = Element("testsuites", {"name": _SUITE, **about})
    suite = SubElement(root, "testsuite", {"name": _SUITE, **about, "timestamp": (document["started"] or "")[:19]})
    properties = SubElement(suite, "properties")
    for name, value in _properties(document).items():
        SubElement(properties, "property", {"name": name, "value": printable(value)})
    for clause in document["clauses"]:
        _add_case(suite, clause, document["violations"])
    if broken_off:
        case = SubElement(suite, "testcase", {"classname": _SUITE, "name": "the run comes to its end", "time": "0"})
        SubElement(case, "error", {"message": _line(document["problem"])})
    indent(root)
    return "<?xml version='1.0' encoding='utf-8'?>\n" + tostring(root, encoding="unicode") + "\n"


def _properties(document: Mapping[str, Any]) -> dict[str, str]:
    behaviors = {f"behavior.{name}": choice for name, choice in document["behaviors"].items()}
    told = {"url": document["url"], "verdict": document["verdict"], "generated": " ".join(document["generated"])}
    return {**told, **behaviors}


def _add_case(suite: Element, clause: dict[str, str], violations: list[dict[str, Any]]) -> None:
    operation = clause["id"].partition("/")[0]
    case = SubElement(suite, "testcase", {"classname": f"{_SUITE}.{operation}", "name": clause["id"], "time": "0"})
    reason = _line(clause["evidence"])
    if clause["outcome"] in _NOT_SAID:
        words = _WORDS[clause["outcome"]]
        SubElement(case, "skipped", {"message": reason if words == "skipped" else f"{words}: {reason}"})
    elif clause["outcome"] == "failed":
        failure = SubElement(case, "failure", {"message": reason, "type": clause["level"]})
        mine = (each for each in violations if each["clause"] == clause["id"])
        failure.text = "\n\n".join([f"{clause['statement']} ({clause['source']})", *map(_told, mine)])


def _told(violation: dict[str, Any]) -> str:
    lines = [f"expected: {violation['expected']}", f"actual:   {violation['actual']}"]
    return printable("\n".join([*lines, *([f"repeat:   {violation['repeat']}"] if violation["repeat"] else [])]))


def _line(text: str) -> str:
    return " ".join(printable(text).split())
