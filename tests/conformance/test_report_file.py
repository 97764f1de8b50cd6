"""The report file: refused before anything is sent, whole at every moment, and not written more often than needed."""

from __future__ import annotations

import json
import os
import resource
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import appcode_contract.reporting
from appcode_contract.commands.report_file import ReportFile, ReportFileError, report_files
from appcode_contract.report import Report, Verdict
from appcode_contract.reporting.document import abridged, document_of, to_json
from appcode_contract.reporting.forms import FORMS
from tests.broken_servers.defects import DEFECTS
from tests.broken_servers.verify import verify

SCHEMA = json.loads(Path(appcode_contract.reporting.__file__).with_name("report.schema.json").read_text("utf-8"))
ROOT_USER = os.geteuid() == 0


CONFORMS = Report(
    verdict=Verdict.CONFORMS,
    clauses=(),
    violations=(),
    exchanges=(),
    generated=(),
    unanswered=0,
    behaviors={},
    seconds=1.0,
)


def saying(problem: str) -> dict[str, Any]:
    return document_of(replace(CONFORMS, problem=problem))


def told(path: Path) -> str:
    return str(json.loads(path.read_bytes())["problem"])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_is_not_left_behind_before_there_is_a_report(tmp_path: Path) -> None:
    ReportFile(tmp_path / "report.json")

    assert [] == names(tmp_path)


def test_what_an_old_report_holds_stays_until_there_is_a_new_one(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("old")

    file = ReportFile(path)

    assert "old" == path.read_text()
    file.write(saying("new"))
    assert "new" == told(path)
    assert ["report.json"] == names(tmp_path)


@pytest.mark.parametrize("name", ["report.txt", "report", "report.JSON", ".json"])
def test_a_name_of_no_form_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ReportFileError, match=r"--report .*: the name must end in \.json, \.xml, "):
        ReportFile(tmp_path / name)

    assert [] == names(tmp_path)


def test_a_name_is_told_in_one_line_that_no_terminal_acts_on(tmp_path: Path) -> None:
    with pytest.raises(ReportFileError) as raised:
        ReportFile(tmp_path / "a\nb\x1b[31m.txt")

    assert r"a\nb\x1b[31m.txt: the name must end in" in str(raised.value)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "report.json").mkdir()

    with pytest.raises(ReportFileError, match=r"--report .*report\.json: that is a folder"):
        ReportFile(tmp_path / "report.json")


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("no-folder/report.json", "no such file or directory"),
        ("file/report.json", "not a directory"),
        ("x" * 300 + ".json", "file name too long"),
    ],
)
def test_a_place_that_cannot_be_written_is_refused_with_the_reason(path: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(ReportFileError, match=f"cannot be written: {reason}"):
        ReportFile(tmp_path / path)

    assert ["file"] == names(tmp_path)


@pytest.mark.skipif(ROOT_USER, reason="root may write everywhere")
def test_a_file_that_may_not_be_written_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("old")
    path.chmod(0o400)

    with pytest.raises(ReportFileError, match="permission denied"):
        ReportFile(path)


def test_a_name_so_long_that_no_draft_fits_beside_it_is_refused_at_once(tmp_path: Path) -> None:
    # The name alone fits; that of the draft, which is longer, does not.
    path = tmp_path / ("x" * 248 + ".json")

    with pytest.raises(ReportFileError, match="file name too long"):
        ReportFile(path)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    link, real = tmp_path / "report.json", tmp_path / "there" / "real.json"
    link.symlink_to(real)

    ReportFile(link).write(saying("new"))

    assert link.is_symlink()
    assert "new" == told(real)


def test_the_permissions_of_an_old_report_stay(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("old")
    path.chmod(0o600)

    ReportFile(path).write(saying("new"))

    assert 0o600 == path.stat().st_mode & 0o777


def test_a_report_that_cannot_be_written_leaves_the_old_one_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.json"
    path.write_text("old")
    file = ReportFile(path)

    def write_some(draft: Path, text: str, **_: object) -> int:
        draft.write_bytes(text[:3].encode())
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", write_some)
    with pytest.raises(
        ReportFileError, match=r"report\.json cannot be written: no space left on device; what was there is there still"
    ):
        file.write(saying("new"))

    assert "old" == path.read_text()
    assert ["report.json"] == names(tmp_path)


def limited(path: Path, document: dict[str, Any], most: int) -> str:
    """Write a report where no file may be larger, and give what is said."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        with pytest.raises(ReportFileError) as raised:
            ReportFile(path).write(document)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    return str(raised.value)


def document_of_a_run() -> dict[str, Any]:
    return document_of(verify(DEFECTS["limit abc is a 422"].make(existing=25)))


def sizes(document: dict[str, Any]) -> tuple[int, int, int]:
    """Give the lengths of a report, of one with the exchanges of violations, and of one without any."""
    return tuple(len(to_json(each)) for each in (document, *abridged(document, "file too large")))  # type: ignore[return-value]


@pytest.mark.parametrize("old", [None, "old"])
@pytest.mark.parametrize("form", [1, 2])
def test_where_there_is_no_room_a_shorter_report_is_left_and_marked_incomplete(
    tmp_path: Path, old: str | None, form: int
) -> None:
    path = tmp_path / "report.json"
    if old:
        path.write_text(old)
    document = document_of_a_run()

    told = limited(path, document, sizes(document)[form])

    assert told.endswith("report.json cannot be written: file too large; a shorter one is there")
    left = json.loads(path.read_bytes())
    assert ("violates", False, document["clauses"]) == (left["verdict"], left["complete"], left["clauses"])
    assert left["problem"].startswith("file too large, and ")
    assert len(left["violations"]) == len(document["violations"])
    for violation, whole in zip(left["violations"], document["violations"], strict=True):
        kept = violation["exchange"]
        assert (kept is None) == (form == 2)
        if kept is not None:
            assert left["exchanges"][kept] == document["exchanges"][whole["exchange"]]
    assert [] == [error.message for error in Draft202012Validator(SCHEMA).iter_errors(left)]
    assert ["report.json"] == names(tmp_path)


def test_where_there_is_no_room_at_all_the_old_report_is_left(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("old")

    assert limited(path, document_of_a_run(), 100).endswith("what was there is there still")

    assert "old" == path.read_text()
    assert ["report.json"] == names(tmp_path)


def test_a_folder_that_goes_away_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    file = ReportFile(folder / "report.json")
    folder.rmdir()

    with pytest.raises(ReportFileError, match="no such file or directory"):
        file.write(saying("new"))


class Kept:
    """A file that is kept, and how often it asked for a report."""

    def __init__(self, path: Path) -> None:
        self.file = ReportFile(path)
        self.asked = 0

    def keep(self, now: float, generated: int = 0) -> int:
        def report() -> dict[str, Any]:
            self.asked += 1
            return saying(f"at {now:g}")

        self.file.keep(report, generated=generated, now=now)
        return self.asked


def test_a_report_is_kept_now_and_then(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "report.json")

    assert [1, 1, 1, 2, 2] == [kept.keep(now) for now in (5.0, 5.1, 6.9, 8.0, 8.1)]
    assert "at 8" == told(tmp_path / "report.json")


def test_a_report_is_kept_at_once_when_there_is_another_app_code(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "report.json")

    assert [1, 1, 2] == [kept.keep(now, generated) for now, generated in ((5.1, 4), (5.2, 4), (5.3, 5))]
    assert "at 5.3" == told(tmp_path / "report.json")


def test_a_report_that_cannot_be_kept_does_not_end_the_run(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    kept = Kept(folder / "report.json")
    folder.rmdir()

    assert 1 == kept.keep(5.0)

    folder.mkdir()
    assert 2 == kept.keep(8.0)
    assert ["report.json"] == names(folder)


def test_a_report_is_written_in_utf_8_whatever_the_system_uses(tmp_path: Path) -> None:
    path = tmp_path / "report.md"

    ReportFile(path).write(saying("\u4ee4\u724c"))

    assert "\u4ee4\u724c".encode() in path.read_bytes()


def test_several_reports_are_written_each_in_its_form(tmp_path: Path) -> None:
    paths = [tmp_path / f"report{suffix}" for suffix in FORMS]

    for file in report_files(paths):
        file.write(document_of(CONFORMS))

    assert [form(document_of(CONFORMS)) for form in FORMS.values()] == [path.read_text("utf-8") for path in paths]


def test_a_report_that_is_named_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link.json").symlink_to(tmp_path / "report.json")

    with pytest.raises(ReportFileError, match=r"report\.json: the file is named twice"):
        report_files([tmp_path / "report.json", tmp_path / "report.md", tmp_path / "link.json"])

    assert ["link.json"] == names(tmp_path)
