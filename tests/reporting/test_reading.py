"""Reading reports: what keeps the schema is read, and anything else is told in one line with its place."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from appcode_contract.reporting import reading
from appcode_contract.reporting.document import document_of, to_json
from appcode_contract.reporting.reading import ReportError, read_report
from tests.broken_servers.planting import plant
from tests.broken_servers.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable

APP_CODE = "qVx7+Lw0Zr/T_2nE!9yK@d5M#u3H$f8B%c6P=aGjS1oNkQeXiRtYvWzAbCdDhJlU"


@pytest.fixture(scope="module")
def text() -> str:
    return to_json(document_of(verify(plant(default_limit=10)(existing=25), max_generate=2)))


@pytest.fixture
def document(text: str) -> dict[str, Any]:
    written: dict[str, Any] = json.loads(text)
    return written


def refusal(path: Path) -> str:
    with pytest.raises(ReportError) as refused:
        read_report(path)
    message = str(refused.value)
    assert message.isprintable(), message
    assert len(message) < 1000
    return message


def refusal_of(content: str | bytes, folder: Path) -> str:
    path = folder / "report.json"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return refusal(path).removeprefix(str(folder) + "/")


def test_a_report_is_read_as_it_was_written(text: str, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text(text)

    assert json.loads(text) == read_report(path)


def test_a_mark_of_the_byte_order_does_no_harm(text: str, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("\ufeff" + text, encoding="utf-8")

    assert "violates" == read_report(path)["verdict"]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("missing.json", "no such file or directory"),
        (".", "is a directory"),
        ("x" * 300, "file name too long"),
        ("a\0b", "embedded null byte"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_with_the_reason(path: str, reason: str, tmp_path: Path) -> None:
    assert refusal(tmp_path / path).endswith(f" cannot be read: {reason}")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "report.json").touch(0o000)

    assert refusal(tmp_path / "report.json").endswith(" cannot be read: permission denied")


def test_a_name_that_a_terminal_would_act_on_stays_one_line(tmp_path: Path) -> None:
    assert r"two\nlines\x1b[31m.json cannot be read: " in refusal(tmp_path / "two\nlines\x1b[31m.json")


def test_no_more_is_read_than_a_report_can_be(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert 64 * 1024 * 1024 == reading.__dict__["_LARGEST"]
    monkeypatch.setattr(reading, "_LARGEST", len(text) - 1)

    assert refusal_of(text, tmp_path).startswith("report.json: larger than ")


def test_an_endless_file_ends() -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("needs /dev/zero")

    assert "/dev/zero: larger than 64 MiB, which no report is; " in refusal(Path("/dev/zero")) + " "


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "report.json, line 1, column 1: not JSON: expecting value"),
        ('{\n  "format": ?', "report.json, line 2, column 13: not JSON: expecting value"),
        ('{"format": "appcode', "report.json, line 1, column 12: not JSON: unterminated string"),
        (b'{\n "a": "\xff"}', "report.json, line 2, byte 8: not UTF-8"),
        ("[" * 100_000, "report.json: nested too deeply"),
        ('{"format": "appcode-contract report", "version": 1, "url": ' + "[" * 900 + "]" * 900 + "}", "report"),
        ("[]", 'report.json, at /format: not a report of appcode-contract; it must be "appcode-contract report"'),
        ('{"openapi": "3.1.0"}', "report.json, at /format: not a report of appcode-contract"),
        ('{"format": "appcode-contract report"}', "report.json, at /version: the report is damaged: this key must be"),
        (
            '{"format": "appcode-contract report", "version": 2}',
            "report.json, at /version: a report of version 2, and this appcode-contract reads version 1; a newer",
        ),
        ('{"format": "appcode-contract report", "version": 1' + "0" * 400 + "}", "a report of version far above"),
        ('{"format": "appcode-contract report", "version": 1' + "0" * 5000 + "}", "the report is damaged: "),
        ('{"format": "appcode-contract report", "version": true}', "at /version: the report is damaged: it must"),
        ('{"format": "appcode-contract report", "version": 1.5}', "at /version: the report is damaged: it must be a w"),
    ],
)
def test_what_is_no_report_is_told_with_its_place(content: str | bytes, told: str, tmp_path: Path) -> None:
    assert told in refusal_of(content, tmp_path)


def _set(*path: str | int, value: Any) -> Callable[[Any], None]:  # noqa: ANN401 - any JSON value
    def change(node: Any) -> None:  # noqa: ANN401 - any JSON value
        for step in path[:-1]:
            node = node[step]
        node[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda report: report.pop("seed"), "at /seed: the report is damaged: this key must be there"),
        (_set("more", value=1), "at /more: the report is damaged: there is no such key"),
        (_set("a/b~c", value=1), "at /a~1b~0c: the report is damaged: there is no such key"),
        (_set("x." * 500, value=1), "at /" + "x." * 30 + "…: "),
        (_set("verdict", value="fine"), "at /verdict: the report is damaged: it must be conforms or violates or inco"),
        (_set("complete", value=0), "at /complete: the report is damaged: it must be of type boolean"),
        (_set("unanswered", value=-1), "at /unanswered: the report is damaged: it must be at least 0"),
        (_set("started", value=7), "at /started: the report is damaged: it must be of type string or null"),
        (_set("seconds", value=float("nan")), "at /seconds: the report is damaged: it must be of type number"),
        (_set("clauses", 3, "outcome", value="broken"), "at /clauses/3/outcome: the report is damaged: it must be "),
        (_set("clauses", 3, "id", value="List Limit"), "at /clauses/3/id: the report is damaged: it must keep pattern"),
        (_set("behaviors", "list_order", value=1), "at /behaviors/list_order: the report is damaged: it must be of"),
        (_set("exchanges", 2, "request", "headers", 0, value=["a"]), "at /exchanges/2/request/headers/0: "),
        (_set("exchanges", 2, "response", value=[]), "at /exchanges/2/response: "),
        (
            _set("violations", 0, "exchange", value=10**6),
            "at /violations/0/exchange: the report is damaged: it must be ",
        ),
        (_set("violations", 0, "clause", value="no/such"), "at /violations/0/clause: the report is damaged: "),
        (lambda report: report["clauses"].append(report["clauses"][0]), "each clause must be there once"),
    ],
)
def test_damage_is_told_by_its_pointer(
    damage: Callable[[Any], None], told: str, document: dict[str, Any], tmp_path: Path
) -> None:
    damage(document)

    assert told in refusal_of(json.dumps(document), tmp_path)


@pytest.mark.parametrize("place", ["key", "value"])
def test_a_message_repeats_no_secret(place: str, document: dict[str, Any], tmp_path: Path) -> None:
    _set(*([APP_CODE] if place == "key" else ["verdict"]), value=APP_CODE)(document)

    message = refusal_of(json.dumps(document), tmp_path)

    assert "the report is damaged" in message
    assert "2nE!9yK@d5M" not in message
