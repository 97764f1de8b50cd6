"""A report as JUnit XML, as GitLab, Jenkins and GitHub's actions read it: one case for each clause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from appcode_contract.redaction import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

_SUITE: Final = "appcode-contract"
_LIST: Final = "known deviations"
_NOT_SAID: Final = frozenset({"skipped", "not_exercised", "known"})

_WORDS: Final = {"skipped": "skipped", "not_exercised": "not exercised", "known": "known deviation"}


def to_junit(document: Mapping[str, Any]) -> str:
    """Write a report as JUnit XML.

    Args:
        document: The report's document.

    Returns:
        A document with one suite. A clause that was skipped or not exercised is a skipped case with its reason; an
        entry of the known deviations that is out of date has a failed case, and a run that did not come to its end one
        with an error.
    """
    mistakes = [each for each in document["deviations"] if each["problem"]]
    about = _about(document, len(mistakes))
    moment = {"timestamp": document["started"][:19]} if document["started"] else {}
    root = Element("testsuites", {"name": _SUITE, **about})
    suite = SubElement(root, "testsuite", {"name": _SUITE, **about, **moment})
    properties = SubElement(suite, "properties")
    for name, value in _properties(document).items():
        SubElement(properties, "property", {"name": name, "value": printable(value)})
    for clause in document["clauses"]:
        _add_case(suite, clause, document)
    for each in mistakes:
        case = SubElement(suite, "testcase", {"classname": _LIST, "name": printable(each["clause"]), "time": "0"})
        SubElement(case, "failure", {"message": _line(each["problem"]), "type": printable(each["state"])})
    if not document["complete"]:
        case = SubElement(suite, "testcase", {"classname": _SUITE, "name": "the run comes to its end", "time": "0"})
        SubElement(case, "error", {"message": _line(document["problem"])})
    indent(root)
    return "<?xml version='1.0' encoding='utf-8'?>\n" + tostring(root, encoding="unicode") + "\n"


def _about(document: Mapping[str, Any], mistakes: int) -> dict[str, str]:
    outcomes = [each["outcome"] for each in document["clauses"]]
    broken_off = not document["complete"]
    counts = {
        "tests": len(outcomes) + mistakes + broken_off,
        "failures": outcomes.count("failed") + mistakes,
        "errors": int(broken_off),
        "skipped": sum(each in _NOT_SAID for each in outcomes),
    }
    return {name: str(count) for name, count in counts.items()} | {"time": f"{document['seconds']:.3f}"}


def _properties(document: Mapping[str, Any]) -> dict[str, str]:
    behaviors = {f"behavior.{name}": choice for name, choice in document["behaviors"].items()}
    told = {"url": document["url"], "verdict": document["verdict"], "generated": " ".join(document["generated"])}
    return {**told, **behaviors}


def _add_case(suite: Element, clause: dict[str, str], document: Mapping[str, Any]) -> None:
    operation = clause["id"].partition("/")[0]
    case = SubElement(suite, "testcase", {"classname": f"{_SUITE}.{operation}", "name": clause["id"], "time": "0"})
    reason = _line(clause["evidence"])
    if clause["outcome"] in _NOT_SAID:
        words = _WORDS[clause["outcome"]]
        SubElement(case, "skipped", {"message": reason if words == "skipped" else f"{words}: {reason}"})
    elif clause["outcome"] == "failed":
        failure = SubElement(case, "failure", {"message": reason, "type": clause["level"]})
        told = [_told(each, document["kind"]) for each in document["violations"] if each["clause"] == clause["id"]]
        failure.text = "\n\n".join([f"{clause['statement']} ({clause['source']})", *told])


def _told(violation: dict[str, Any], kind: str) -> str:
    lines = [f"expected: {violation['expected']}", f"actual:   {violation['actual']}"]
    lines += [f"found by: {violation['found_by']}"] if kind == "client" and violation["found_by"] else []
    lines += [f"repeat:   {violation['repeat']}"] if violation["repeat"] else []
    return printable("\n".join(lines))


def _line(text: str) -> str:
    return " ".join(printable(text).split())
