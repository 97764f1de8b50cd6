"""Known deviations: shown, and not counted; an entry that is out of date is told, and a damaged list is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from appcode_contract.conformance.deviation_file import DeviationError, read_deviations
from appcode_contract.conformance.known import with_deviations
from appcode_contract.conformance.runner import run as run_tests
from appcode_contract.deviations import Deviation
from appcode_contract.messages import Exchange, Request, Response
from appcode_contract.report import Outcome, Report, Verdict
from tests.broken_servers.http_server import serving
from tests.broken_servers.planting import plant
from tests.broken_servers.service import Service
from tests.broken_servers.verify import target_of, verify
from tests.commands import command
from tests.test_verify_command import Watched, settings

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2030, 6, 15)
LIMIT = Deviation("list/limit/default", "ticket 7", place="known.toml, line 1")
APP_CODE = "qVx7+Lw0Zr/T_2nE!9yK@d5M#u3H$f8B%c6P=aGjS1oNkQeXiRtYvWzAbCdDhJlU"
BROKEN = plant(default_limit=10)
ENTRY = '[[deviation]]\nclause = "list/limit/default"\nreason = "ticket 7"\n'


@pytest.fixture(scope="module")
def found() -> Report:
    report = verify(BROKEN(existing=25), read_only=True)
    assert {"list/limit/default"} == failing(report)
    return report


def failing(report: Report, outcome: Outcome = Outcome.FAILED) -> set[str]:
    return {each.id for each in report.clauses if each.outcome is outcome}


def states(report: Report) -> list[str]:
    return [str(each.state) for each in report.deviations]


# ---- what they make of a report


def test_without_deviations_a_report_stays_as_it_is(found: Report) -> None:
    assert with_deviations(found, (), TODAY) is found


def test_a_known_deviation_is_shown_and_not_counted(found: Report) -> None:
    report = with_deviations(found, [LIMIT], TODAY)

    assert (Verdict.CONFORMS, 0, ["known"]) == (report.verdict, report.exit_code, states(report))
    assert (set(), {"list/limit/default"}) == (failing(report), failing(report, Outcome.KNOWN))
    assert found.violations == report.violations
    (evidence,) = [each.evidence for each in report.clauses if each.outcome is Outcome.KNOWN]
    assert "10 items: positions 0-9 (known: ticket 7)" == evidence


def test_what_is_not_known_counts_as_ever() -> None:
    report = verify(plant(default_limit=10, listed_status=206)(existing=25), read_only=True)
    known = with_deviations(report, [LIMIT], TODAY)

    assert Verdict.VIOLATES == known.verdict
    assert failing(report) - {"list/limit/default"} == failing(known) != set()


@pytest.mark.parametrize(("days", "state", "code"), [(0, "known", 0), (1, "known", 0), (-1, "expired", 1)])
def test_a_deviation_counts_to_the_end_of_its_last_day(days: int, state: str, code: int, found: Report) -> None:
    report = with_deviations(found, [replace(LIMIT, expires=TODAY + timedelta(days))], TODAY)

    assert ([state], code) == (states(report), report.exit_code)
    assert (Verdict.VIOLATES if code else Verdict.CONFORMS) is report.verdict
    told = (
        "known.toml, line 1: list/limit/default was accepted until 2030-06-14; remove the entry, or give a later date"
    )
    assert ([told] if code else []) == report.deviation_problems


def test_a_clause_that_is_kept_makes_its_entry_a_mistake(found: Report) -> None:
    report = with_deviations(found, [LIMIT, Deviation("list/total", "x", place="known.toml, line 9")], TODAY)

    assert ["known", "resolved"] == states(report)
    assert ["known.toml, line 9: list/total is kept now; remove the entry"] == report.deviation_problems
    # The server is not to blame for the list; the command ends with 1 all the same.
    assert (Verdict.CONFORMS, 1) == (report.verdict, report.exit_code)


@pytest.mark.parametrize("clause", ["generate/status", "list/limit/cap"])
def test_a_clause_that_was_not_tried_is_only_told(clause: str, found: Report) -> None:
    report = with_deviations(found, [LIMIT, Deviation(clause, "x")], TODAY)

    assert ["known", "not_exercised"] == states(report)
    assert ([], 0) == (report.deviation_problems, report.exit_code)


def test_a_clause_that_was_not_asked_for_is_only_told(found: Report) -> None:
    part = replace(found, clauses=tuple(each for each in found.clauses if each.id != "list/total"))

    report = with_deviations(part, [LIMIT, Deviation("list/total", "x")], TODAY)

    assert (["known", "not_exercised"], 0) == (states(report), report.exit_code)


def test_a_run_that_broke_off_says_of_no_entry_that_it_must_go(found: Report) -> None:
    cut = replace(found, problem="interrupted", ended=False)

    report = with_deviations(cut, [LIMIT, Deviation("list/total", "x")], TODAY)

    assert (["known", "not_exercised"], 3) == (states(report), report.exit_code)
    assert (Verdict.INCONCLUSIVE, "interrupted") == (report.verdict, report.problem)


def test_nothing_but_known_deviations_is_no_failure() -> None:
    service = plant(generated_status=200)()
    report = verify(service, max_generate=1)
    clauses = tuple(each for each in report.clauses if each.id == "generate/status")
    assert {Outcome.FAILED} == {each.outcome for each in clauses}

    known = with_deviations(replace(report, clauses=clauses), [Deviation("generate/status", "x")], TODAY)

    assert (Verdict.CONFORMS, "") == (known.verdict, known.problem)


def test_a_clause_that_is_kept_is_told_as_that_also_after_its_last_day(found: Report) -> None:
    report = with_deviations(found, [LIMIT, Deviation("list/total", "x", date(2001, 1, 1))], TODAY)

    assert ["known", "resolved"] == states(report)


# ---- the file


def written(text: str | bytes, folder: Path) -> Path:
    path = folder / "known.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_a_list_is_read_in_its_order(tmp_path: Path) -> None:
    path = written(
        '# ours\n[[deviation]]\nclause = "list/total"\nreason = """\n  told to the vendor,\n[[deviation]] 5 """\n'
        'expires = 2030-12-31\n\n  [[ "deviation" ]] # two\nclause = "body/json"\nreason = "b"\n',
        tmp_path,
    )

    assert (
        Deviation("list/total", "told to the vendor, [[deviation]] 5", date(2030, 12, 31), f"{path}, entry 1"),
        Deviation("body/json", "b", None, f"{path}, entry 2"),
    ) == read_deviations(path)


def test_an_entry_is_named_by_its_line(tmp_path: Path) -> None:
    path = written('\n[[deviation]]\nclause = "list/total"\nreason = "a"\n\n[[deviation]]\n' + ENTRY[14:], tmp_path)

    assert [f"{path}, line 2", f"{path}, line 6"] == [each.place for each in read_deviations(path)]


@pytest.mark.parametrize("text", ["", "# none yet\n", "deviation = []\n"])
def test_a_list_may_be_empty(text: str, tmp_path: Path) -> None:
    assert () == read_deviations(written(text, tmp_path))


WRONG: dict[str, tuple[str | bytes, str]] = {
    "unknown clause": (ENTRY.replace("default", "defaults"), "line 1: no clause that binds servers is called"),
    "close matches": (ENTRY.replace("default", "defaults"), "did you mean list/limit/default"),
    "part of ids": (ENTRY.replace("/default", ""), "line 1: no clause that binds servers is called 'list/limit'"),
    "long clause": (ENTRY.replace("default", "d" * 300), "line 1: no clause has such a long name"),
    "client's clause": (ENTRY.replace("list/limit/default", "list/query"), "no clause that binds servers is called"),
    "missing clause": ('[[deviation]]\nreason = "x"\n', "line 1: clause is missing"),
    "missing reason": ('\n[[deviation]]\nclause = "list/total"\n', "line 2: reason is missing"),
    "empty reason": (ENTRY.replace("ticket 7", " "), "line 1: reason must be a text that is not empty"),
    "reason no text": (ENTRY.replace('"ticket 7"', "7"), "line 1: reason must be a text that is not empty"),
    "clause no text": (ENTRY.replace('"list/limit/default"', "[]"), "line 1: clause must be a text"),
    "date as text": (ENTRY + 'expires = "2030-12-31"\n', "line 1: expires must be a day without quotes, as 2030-12-31"),
    "date with time": (ENTRY + "expires = 2030-12-31T00:00:00Z\n", "line 1: expires must be a day without quotes"),
    "date that is none": (ENTRY + "expires = 2030-02-30\n", "not TOML: invalid date or datetime (at line 4, column 1"),
    "unknown key": (ENTRY + 'until = "x"\n', "line 1: the key 'until' is unknown; right are clause, reason, expires"),
    "unknown table": (ENTRY + "[other]\n", "line 4: the key 'other' is unknown; it must be [[deviation]] with"),
    "single table": (ENTRY.replace("[[", "[").replace("]]", "]"), "line 1: deviation must be tables: [[deviation]]"),
    "no tables": ('deviation = ["x"]\n', "line 1: deviation must be tables"),
    "twice": (ENTRY + "\n" + ENTRY, "line 5: list/limit/default is there twice, first at line 1; keep one"),
    "damaged": (ENTRY + 'x = "\n', "not TOML: illegal character '\\n' (at line 4, column 6)"),
    "ends early": (ENTRY + "x = ", "not TOML: invalid value (at line 4, the end)"),
    "number too long": (ENTRY + "x = " + "9" * 5000, "not TOML: "),
    "too deep": ("x = " + "[" * 50_000, "nested too deeply"),
    "no UTF-8": (ENTRY.encode() + b'x = "\xff"', "line 4: not UTF-8"),
    "too large": ("#" * 1024 * 1024 + "\n", "larger than 1 MiB"),
    "control characters": (ENTRY + '"\\u001b[2J\\n" = 1\n', "line 1: the key '\\x1b[2J\\n' is unknown"),
    "a secret": (ENTRY + f'"{APP_CODE}" = 1\n', "the key '[redacted: "),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_in_one_line_with_its_place(name: str, tmp_path: Path) -> None:
    text, told = WRONG[name]
    path = written(text, tmp_path)

    with pytest.raises(DeviationError) as refused:
        read_deviations(path)

    message = str(refused.value)
    assert message.startswith(str(path))
    assert told.lower() in message.lower()
    assert message.isprintable()
    assert len(message) < 600
    assert APP_CODE[:20] not in message


def test_a_list_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeviationError, match="cannot be read: no such file or directory"):
        read_deviations(tmp_path / "known.toml")


# ---- the command


def run(service: Service, folder: Path, *arguments: str) -> tuple[int, str, str]:
    with serving(service.handle) as url:
        clauses = ("--clause", "list/limit/default", "--clause", "list/total")
        options = ("--known-deviations", "known.toml", "--read-only", *clauses, *arguments)
        return command("verify", *options, env=settings(service, url), cwd=folder)


def test_verify_ends_with_0_when_all_that_fails_is_known(tmp_path: Path) -> None:
    written(ENTRY, tmp_path)

    code, out, err = run(BROKEN(existing=25), tmp_path, "--report", "report.json")

    document: dict[str, Any] = json.loads((tmp_path / "report.json").read_text())
    assert (0, "") == (code, err)
    assert "1 known deviation" in out
    assert "list/limit/default (documented: Querying AppCodes of an App, Table 2)\n  known:    ticket 7\n" in out
    assert "the server conforms, but for 1 known deviation, as far as it was tried" in out
    assert ("conforms", True) == (document["verdict"], document["complete"])
    assert [
        {"clause": "list/limit/default", "reason": "ticket 7", "expires": None, "state": "known", "problem": ""}
    ] == document["deviations"]
    assert "known" in {each["outcome"] for each in document["clauses"]}
    assert {"list/limit/default"} == {each["clause"] for each in document["violations"]}


def test_verify_ends_with_1_when_an_entry_is_out_of_date(tmp_path: Path) -> None:
    written(ENTRY + '[[deviation]]\nclause = "list/total"\nreason = "x"\nexpires = 2001-01-01\n', tmp_path)

    code, out, _ = run(Service(existing=25), tmp_path, "--report", "report.json")

    document = json.loads((tmp_path / "report.json").read_text())
    entries = [(1, "list/limit/default"), (4, "list/total")]
    told = [f"known.toml, line {line}: {clause} is kept now; remove the entry" for line, clause in entries]
    assert 1 == code
    assert told == [line for line in out.splitlines() if line.startswith("known.toml")]
    assert "the server conforms, as far as it was tried: " in out
    assert "; out of date: 2 entries of the known deviations" in out
    assert told == [each["problem"] for each in document["deviations"]]


def test_verify_counts_what_has_expired(tmp_path: Path) -> None:
    written(ENTRY + "expires = 2001-01-01\n", tmp_path)

    code, out, _ = run(BROKEN(existing=25), tmp_path)

    assert 1 == code
    assert "known.toml, line 1: list/limit/default was accepted until 2001-01-01; remove the entry" in out
    assert "the server violates the contract; out of date: 1 entry of the known deviations" in out


def test_verify_tells_of_entries_that_were_not_tried(tmp_path: Path) -> None:
    written(ENTRY + '[[deviation]]\nclause = "generate/status"\nreason = "x"\n', tmp_path)

    code, out, _ = run(BROKEN(existing=25), tmp_path)

    assert 0 == code
    assert "known deviations that the run says nothing of: generate/status" in out


def test_a_wrong_list_ends_the_command_before_anything_is_sent(tmp_path: Path) -> None:
    written(ENTRY + "[", tmp_path)
    service = Watched(existing=1)

    code, out, err = run(service, tmp_path, "--report", "report.json")

    assert (2, "", 1) == (code, out, err.count("\n"))
    assert err.startswith("appcode-contract: known.toml: not TOML: ")
    assert [] == service.requests
    assert not (tmp_path / "report.json").exists()


def test_a_reason_tells_no_secret_and_no_terminal_acts_on_it(tmp_path: Path) -> None:
    service = BROKEN(existing=25)
    written(ENTRY.replace("ticket 7", f"\\u001b[2J {APP_CODE} {service.token}"), tmp_path)

    code, out, err = run(service, tmp_path, "--report", "report.json")

    told = "".join((out + err).split()) + (tmp_path / "report.json").read_text()
    assert 0 == code
    assert "\x1b" not in told
    assert APP_CODE[:20] not in told
    assert service.token not in told


def test_a_mark_of_byte_order_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "known.toml").write_bytes(b"\xef\xbb\xbf" + ENTRY.encode())

    assert ["list/limit/default"] == [each.clause for each in read_deviations(tmp_path / "known.toml")]


def test_a_run_that_never_generates_says_nothing_of_answers_to_a_generate() -> None:
    """They may still be wrong as they were known to be."""

    def answer(self: Service, request: Request) -> Response:
        response = Service.answer(self, request)
        plain = request.method == "PUT" and response.status == 201
        return Response(201, [("Content-Type", "text/plain")], response.body) if plain else response

    service = plant(answer=answer)(existing=25)
    known = [Deviation("body/json", "ticket 7"), Deviation("list/limit/default", "ticket 8")]

    def states_with(max_generate: int) -> dict[str, str]:
        def send(request: Request, _: float) -> Exchange:
            return Exchange(request, service.handle(request))

        report = run_tests(target_of(service, "http://127.0.0.1:9", max_generate, 0), send=send, deviations=known)
        return {each.deviation.clause: each.state for each in report.deviations}

    assert {"body/json": "not_exercised", "list/limit/default": "resolved"} == states_with(0)
    assert {"body/json": "known", "list/limit/default": "resolved"} == states_with(5)


def test_replay_takes_them_too(tmp_path: Path) -> None:
    service = BROKEN(existing=25)
    written("", tmp_path)
    with serving(service.handle) as url:
        env = settings(service, url)
        arguments = ("--read-only", "--clause", "list/limit/default", "--report", "report.json")
        assert 1 == command("verify", *arguments, env=env, cwd=tmp_path)[0]
        written(ENTRY, tmp_path)
        code, out, _ = command("replay", "report.json", "--known-deviations", "known.toml", env=env, cwd=tmp_path)
        service.default_limit = 20
        stale, told, _ = command("replay", "report.json", "--known-deviations", "known.toml", env=env, cwd=tmp_path)

    assert 0 == code
    assert "KNOWN DEVIATION  list/limit/default: 10 items: positions 0-9 (known: ticket 7)" in out
    assert 0 == stale
    assert "FIXED  list/limit/default: " in told
    assert "kept now" not in told  # a replay runs too few tests to say so
