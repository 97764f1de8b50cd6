"""The command diff: what changed between two reports, told in the order of the pages, and how it ends."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from appcode_contract.commands.diff import diff
from appcode_contract.reporting.document import document_of, to_json
from appcode_contract.reporting.reading import read_report
from tests.broken_servers.planting import plant
from tests.broken_servers.service import Service
from tests.broken_servers.verify import verify
from tests.commands import command

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from appcode_contract.report import Report

APP_CODE = "qVx7+Lw0Zr/T_2nE!9yK@d5M#u3H$f8B%c6P=aGjS1oNkQeXiRtYvWzAbCdDhJlU"


def written(report: Report) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(to_json(document_of(report)))
    return document


@pytest.fixture(scope="module")
def fine() -> dict[str, Any]:
    return written(verify(Service(existing=25), read_only=True))


@pytest.fixture(scope="module")
def broken() -> dict[str, Any]:
    return written(verify(plant(default_limit=10, listed_status=206)(existing=25), read_only=True))


def compare(old: dict[str, Any], new: dict[str, Any], folder: Path) -> tuple[int, list[str]]:
    for name, document in (("old.json", old), ("new.json", new)):
        (folder / name).write_text(json.dumps(document))
        read_report(folder / name)
    done = CliRunner().invoke(diff, [str(folder / "old.json"), str(folder / "new.json")])
    assert "" == done.stderr
    return done.exit_code, done.stdout.splitlines()


def with_outcomes(document: dict[str, Any], **outcomes: str) -> dict[str, Any]:
    """Change outcomes; in names __ stands for / and _ for -."""
    changed = deepcopy(document)
    for name, outcome in outcomes.items():
        clause = name.replace("__", "/").replace("_", "-")
        (found,) = [each for each in changed["clauses"] if each["id"] == clause]
        found.update(outcome=outcome, evidence=f"seen of {clause}")
    return changed


def test_a_report_differs_in_nothing_from_itself(broken: dict[str, Any], tmp_path: Path) -> None:
    assert (0, ["clauses: 0 began to fail, 0 stopped failing, 0 changed otherwise"]) == compare(
        broken, broken, tmp_path
    )


def test_reports_of_real_runs_tell_what_began_and_what_stopped(
    fine: dict[str, Any], broken: dict[str, Any], tmp_path: Path
) -> None:
    failing = [each["id"] for each in broken["clauses"] if each["outcome"] == "failed"]
    assert {"list/status", "status/documented"} <= set(failing)

    began, told = compare(fine, broken, tmp_path)
    stopped, told_back = compare(broken, fine, tmp_path)

    assert (1, 0) == (began, stopped)
    start = told.index("began to fail:")
    assert failing == [line.split(":")[0].strip() for line in told[start + 1 : start + 1 + len(failing)]]
    assert any(line.startswith("  status/documented: passed → failed: status 206") for line in told)
    start = told_back.index("stopped failing:")
    assert failing == [line.split(":")[0].strip() for line in told_back[start + 1 : start + 1 + len(failing)]]
    assert f"{len(failing)} stopped failing" in told_back[-1]


@pytest.mark.parametrize(
    ("change", "title"),
    [
        ("passed failed", "began to fail"),
        ("not_exercised failed", "began to fail"),
        ("skipped failed", "began to fail"),
        ("known failed", "began to fail"),
        ("failed passed", "stopped failing"),
        ("known passed", "stopped failing"),
        ("failed not_exercised", "changed otherwise"),
        ("failed skipped", "changed otherwise"),
        ("failed known", "changed otherwise"),
        ("passed known", "changed otherwise"),
        ("passed not_exercised", "changed otherwise"),
        ("not_exercised passed", "changed otherwise"),
    ],
)
def test_each_change_is_told_under_its_title(change: str, title: str, fine: dict[str, Any], tmp_path: Path) -> None:
    before, after = change.split()
    old, new = with_outcomes(fine, list__total=before), with_outcomes(fine, list__total=after)

    ended, told = compare(old, new, tmp_path)

    words = [each.replace("known", "known deviation").replace("_", " ") for each in (before, after)]
    seen = "" if after == "passed" else ": seen of list/total"
    assert [f"{title}:", f"  list/total: {words[0]} → {words[1]}{seen}"] == told[:2]
    assert (title == "began to fail") == ended
    assert f"1 {title}" in told[2]


def test_clauses_come_in_the_order_of_the_pages(fine: dict[str, Any], tmp_path: Path) -> None:
    names = ("body__json", "list__total", "path__uri", "list__limit__type")
    new = with_outcomes(fine, **dict.fromkeys(names, "failed"))
    new["clauses"].reverse()

    _, told = compare(fine, new, tmp_path)

    told_of = [line.split(":")[0].strip() for line in told[1:5]]
    assert ["path/uri", "list/limit/type", "list/total", "body/json"] == told_of


def test_a_clause_that_only_one_run_asked_for_is_told(fine: dict[str, Any], tmp_path: Path) -> None:
    less = deepcopy(fine)
    less["clauses"] = [each for each in fine["clauses"] if each["id"] != "list/total"]

    code, told = compare(fine, less, tmp_path)
    assert (0, "  list/total: passed → not asked for") == (code, told[1])
    code, told = compare(less, with_outcomes(fine, list__total="failed"), tmp_path)
    assert (1, "  list/total: not asked for → failed: seen of list/total") == (code, told[1])


def test_clauses_that_a_replay_did_not_ask_for_are_told_by_their_number(fine: dict[str, Any], tmp_path: Path) -> None:
    old = with_outcomes(fine, list__total="failed", list__size="skipped")
    less = deepcopy(fine)
    less["clauses"] = [each for each in fine["clauses"] if each["id"] == "list/total"]
    passed = [each["outcome"] for each in old["clauses"]].count("passed")

    code, told = compare(old, less, tmp_path)

    assert (0, 2) == (code, told.index("changed otherwise:"))
    assert f"  {passed} clauses: passed → not asked for" in told
    assert len([line for line in told if line.endswith(": passed → not asked for")]) == 1


def _differ(**values: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:  # noqa: ANN401 - any JSON value
    return lambda document: {**deepcopy(document), **values}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_differ(url="https://other.example"), "server http://127.0.0.1:9 → https://other.example"),
        (_differ(seed=7), "seed 0 → 7"),
        (_differ(kind="client"), "who was judged server → client"),
        (
            _differ(pages={"G": "2026-01-01", "L": "2023-06-29"}),
            "revisions of the pages G 2025-03-26, L 2023-06-29 → G 2026-01-01, L 2023-06-29",
        ),
    ],
)
def test_other_circumstances_are_told_in_a_line(
    change: Callable[[dict[str, Any]], dict[str, Any]], told: str, fine: dict[str, Any], tmp_path: Path
) -> None:
    code, lines = compare(fine, change(fine), tmp_path)

    assert (0, f"compared all the same, although the runs differ: {told}") == (code, lines[0])


def test_what_was_generated_and_chosen_is_told_when_it_changed(fine: dict[str, Any], tmp_path: Path) -> None:
    old = _differ(generated=["a", "b"], behaviors={"list_order": "oldest_first", "quota": "reached"})(fine)
    new = _differ(generated=["c"], unanswered=2, behaviors={"list_order": "newest_first", "z": "1"})(fine)

    code, told = compare(old, new, tmp_path)

    assert 0 == code
    assert [
        "AppCodes generated: 2 → 1",
        "requests to generate without an answer: 0 → 2",
        "list_order: oldest_first → newest_first",
        "quota: reached → not seen",
        "z: not seen → 1",
    ] == told[:-1]


@pytest.mark.parametrize(
    ("which", "outcome", "code"), [("old", "passed", 3), ("new", "passed", 3), ("new", "failed", 1)]
)
def test_an_incomplete_report_is_told_and_only_a_new_failure_weighs_more(
    which: str, outcome: str, code: int, fine: dict[str, Any], tmp_path: Path
) -> None:
    documents = {"old": fine, "new": with_outcomes(fine, list__total=outcome)}
    documents[which] = _differ(complete=False, problem="interrupted")(documents[which])

    ended, told = compare(documents["old"], documents["new"], tmp_path)

    assert code == ended
    assert f"the {which} report is incomplete: interrupted" == told[0]


def test_texts_of_a_report_neither_act_on_the_terminal_nor_tell_a_secret(fine: dict[str, Any], tmp_path: Path) -> None:
    hostile = f'\x1b[2J\nline {APP_CODE} \ud800 "token": "short-one" \u202e'
    new = with_outcomes(fine, list__total="failed")
    next(each for each in new["clauses"] if each["id"] == "list/total")["evidence"] = hostile
    new = _differ(problem=hostile, complete=False, url=hostile, behaviors={hostile: hostile}, pages={hostile: hostile})(
        new
    )

    code, told = compare(fine, new, tmp_path)

    text = "\n".join(told)
    assert 1 == code
    assert 5 <= text.count(r"\x1b[2J\nline ") == text.count("[redacted: 64 characters")
    assert text.replace("\n", "").isprintable()
    assert "\ufffd" not in text
    assert APP_CODE[:20] not in text
    assert "short-one" not in text


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("old.json",), "NEW.json"),
        (("old.json", "missing.json"), "missing.json cannot be read: no such file or directory"),
        (("damaged.json", "old.json"), "damaged.json, line 1, column 2: not JSON"),
        (("old.json", "old.json", "old.json"), "unexpected extra argument"),
        (("old.json", "--seed", "1"), "--seed"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(
    arguments: tuple[str, ...], told: str, fine: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "old.json").write_text(json.dumps(fine))
    (tmp_path / "damaged.json").write_text("{")

    code, out, err = command("diff", *arguments, cwd=tmp_path)

    assert (2, "") == (code, out)
    assert err.startswith("appcode-contract: ")
    assert told in err
    assert 1 == err.count("\n")
