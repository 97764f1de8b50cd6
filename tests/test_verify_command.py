"""The command verify, from its options to its end: what it sends and tells, and what is left when it is stopped."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from appcode_contract.clauses import BY_ID
from appcode_contract.messages import Response
from tests.broken_servers.http_server import Transport, serving
from tests.broken_servers.planting import plant
from tests.broken_servers.service import Service
from tests.commands import LIMIT, PROGRAM, command, without_progress

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from appcode_contract.messages import Request

QUICK = ("--clause", "list/status", "--read-only")


class Watched(Service):
    """A server that keeps what it was sent, and can be told to wait."""

    def __init__(self, existing: int = 0) -> None:
        super().__init__(existing=existing)
        self.requests: list[tuple[str, str]] = []
        self.reached, self.released = threading.Event(), threading.Event()
        self.waits_for = ""

    def handle(self, request: Request) -> Response:
        target = request.path + ("?" + request.query if request.query else "")
        with self.lock:
            self.requests.append((request.method, target))
        if self.waits_for and self.waits_for in target:
            self.reached.set()
            self.released.wait(LIMIT)
        return super().handle(request)


def settings(service: Service, url: str = "") -> dict[str, str]:
    return {
        "APPCODE_URL": url,
        "APPCODE_PROJECT_ID": service.project_id,
        "APPCODE_INSTANCE_ID": service.instance_id,
        "APPCODE_APP_ID": service.app_id,
        "APPCODE_TOKEN": service.token,
        "APPCODE_FORBIDDEN_TOKEN": service.forbidden_token,
        "NO_PROXY": "127.0.0.1",
    }


def verify(service: Service, *arguments: str, transport: Transport | None = None) -> tuple[int, str, str]:
    with serving(service.handle, transport) as url:
        return command("verify", *arguments, env=settings(service, url))


def test_a_list_of_tests_needs_no_server() -> None:
    code, out, err = command("verify", "--list")

    clauses = [line.split(" (")[0] for line in out.splitlines() if not line.startswith(" ")]
    assert (0, "") == (code, err)
    assert [id_ for id_, clause in BY_ID.items() if not clause.binds_client_only] == clauses
    assert "  a limit that is no integer is refused (15 times)" in out


def test_a_list_of_tests_sends_nothing() -> None:
    service = Watched()

    code, out, _ = verify(service, "--list", "--clause", "list/limit", "--level", "documented")

    assert 0 == code
    assert "list/limit/default (documented" in out
    assert "list/total" not in out
    assert [] == service.requests


def test_only_what_is_selected_is_tried() -> None:
    service = Watched(existing=2)

    code, out, _ = verify(service, "--clause", "list/total", "--clause", "header")

    assert 0 == code
    assert {"list/total", "header/x-auth-token"} == set(re.findall(r"^([a-z]+/\S+)", out, re.MULTILINE))
    assert {"GET"} == {method for method, _ in service.requests}


def test_a_level_leaves_out_what_is_less_firm() -> None:
    _, out, _ = verify(Service(existing=2), "--level", "documented", "--clause", "generate", "--max-generate", "1")

    told = re.findall(r"^([a-z]+/\S+)", out, re.MULTILINE)
    assert {"documented"} == {str(BY_ID[clause].level) for clause in told}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--clause", "list/limits"), "did you mean list/limit"),
        (("--clause", "list/query"), "no clause that binds servers is called 'list/query'"),
        (("--clause", "list/paging", "--level", "documented"), "no clause of list/paging is at level documented"),
        (("--level", "firm"), "--level"),
        (("--seed", "x"), "--seed"),
        (("--max-generate", "1.5"), "--max-generate"),
        (("--timeout", "0"), "timeout is 0"),
        (("--timeout", "nan"), "timeout is nan"),
        (("--deadline", "-1"), "deadline is -1"),
        (("--deadline", "inf"), "deadline is inf"),
        (("--rate", "0"), "rate is 0"),
        (("--rate", "1001"), "rate is 1001"),
        (("--ca-bundle", "no-such-file.pem"), "no-such-file.pem"),
        (("--report", "report.txt"), "must end in .json"),
        (("--report", "x" * 300 + ".json"), "file name too long"),
        (("--project-id", ""), "--project-id is missing"),
        (("--app-id", " "), "app_id is empty"),
        (("--token", "two\nlines"), "token must be"),
        (("--forbidden-token", "\u0442"), "forbidden_token must be"),
        (("http://127.0.0.1:1/v2/x",), "the URL already holds the path"),
        (("http://127.0.0.1:1", "more"), "more"),
    ],
)
def test_a_wrong_value_is_told_in_one_line_and_nothing_is_sent(
    arguments: tuple[str, ...], told: str, tmp_path: Path
) -> None:
    service = Watched()
    with serving(service.handle) as url:
        code, out, err = command("verify", *arguments, env=settings(service, url), cwd=tmp_path)

    assert (2, "") == (code, out)
    assert err.startswith("appcode-contract: ")
    assert told in err
    assert 1 == err.count("\n")
    assert [] == service.requests
    assert [] == list(tmp_path.iterdir())


def test_a_seed_repeats_a_run() -> None:
    def requests(seed: int) -> list[tuple[str, str]]:
        service = Watched(existing=25)
        assert 0 == verify(service, "--seed", str(seed), "--clause", "list/limit")[0]
        return service.requests

    first, again, other = requests(5), requests(5), requests(6)

    assert first == again
    assert first != other


def test_insecure_is_warned_of() -> None:
    code, _, err = verify(Service(existing=1), *QUICK, "--insecure")

    assert 0 == code
    assert "appcode-contract: --insecure verifies no certificate: anybody may answer\n" == err


def test_progress_is_shown_on_a_terminal() -> None:
    service = Service(existing=1)
    terminal, other_end = pty.openpty()
    shown: list[bytes] = []

    def read() -> None:
        with suppress(OSError):  # nobody holds the other end any more
            while received := os.read(terminal, 65_536):
                shown.append(received)

    reader = threading.Thread(target=read)
    reader.start()
    with serving(service.handle, Transport(delay=0.02)) as url:
        done = subprocess.run(  # noqa: S603 - our own command
            [*PROGRAM, "verify", "--read-only", "--clause", "list/limit"],
            check=False,
            env={**os.environ, **settings(service, url), "TERM": "xterm", "COLUMNS": "80"},
            stderr=other_end,
            stdout=subprocess.PIPE,
            timeout=LIMIT,
        )
    os.close(other_end)
    reader.join(LIMIT)
    os.close(terminal)

    told = b"".join(shown).decode()
    assert 0 == done.returncode
    assert re.search(r"\d+ of \d+ tests, \d+ requests, 0 clauses broken", told)
    assert told.rindex("\x1b[?25h") > told.rindex("\x1b[?25l")  # the cursor is there again
    assert b"clauses broken" not in done.stdout


@contextmanager
def stopped(service: Watched, number: signal.Signals, folder: Path) -> Iterator[subprocess.CompletedProcess[str]]:
    """Run the command until the server waits, and send it a signal."""
    service.waits_for = "offset=-9223372036854775808"
    with serving(service.handle) as url:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*PROGRAM, "verify", "--report", "report.json", "--timeout", "30"],
            cwd=folder,
            env={**os.environ, **settings(service, url)},
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        with process:
            try:
                assert service.reached.wait(LIMIT)
                process.send_signal(number)
                out, err = process.communicate(timeout=LIMIT)
            finally:
                process.kill()
                service.released.set()
    yield subprocess.CompletedProcess(process.args, process.returncode, out, without_progress(err))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_stopped_tells_what_it_made_and_judged(number: signal.Signals, tmp_path: Path) -> None:
    service = Watched(existing=3)
    with stopped(service, number, tmp_path) as done:
        report = json.loads((tmp_path / "report.json").read_text())

    made = {record.id for record in service.apps[service.app_id][3:]}
    outcomes = {clause["outcome"] for clause in report["clauses"]}
    assert (3, "") == (done.returncode, done.stderr)
    assert "inconclusive: interrupted" in done.stdout
    assert "Traceback" not in done.stdout
    assert made
    assert made == set(report["generated"])
    assert all(id_ in "".join(done.stdout.split()) for id_ in made)
    assert {"passed", "not_exercised"} <= outcomes
    assert ("inconclusive", "interrupted") == (report["verdict"], report["problem"])


@pytest.mark.parametrize("old", [None, "old"])
def test_a_run_that_is_killed_leaves_a_whole_report(old: str | None, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    if old is not None:
        path.write_text(json.dumps(old))
    service = Watched(existing=3)

    with stopped(service, signal.SIGKILL, tmp_path) as done:
        report = json.loads(path.read_text())

    assert -signal.SIGKILL == done.returncode
    assert "the run has not ended" == report["problem"]
    assert {record.id for record in service.apps[service.app_id][3:]} == set(report["generated"])


def test_a_violation_is_told_with_all_that_is_needed_to_see_it_again() -> None:
    code, out, err = verify(plant(generated_status=202)(), "--clause", "generate/status")

    told = out[out.index("generate/status (documented: Generating an AppCode, Status code 201)") :].splitlines()
    assert (1, "") == (code, err)
    assert "  expected: A generated AppCode is answered with 201." == told[1]
    assert re.fullmatch(r"  actual:   status 202.*", told[2])
    assert re.fullmatch(r"  answer:   status 202, application/json, \d+ bytes", told[3])
    assert told[4].startswith('  repeat:   curl -i -X PUT -H "X-Auth-Token: $APPCODE_TOKEN" http://127.0.0.1:')


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_the_curl_that_is_told_repeats_what_was_answered() -> None:
    def answer(self: Service, request: Request) -> Response:
        refused = request.method == "PUT" or "limit" in request.query
        return self.respond(418, {}) if refused else Service.answer(self, request)

    service = plant(answer=answer)(existing=3)
    with serving(service.handle) as url:
        env = settings(service, url)
        code, out, _ = command("verify", env=env)
        curls = re.findall(r"^  answer:   (?:status (\d+)).*\n  repeat:   (curl .*)$", out, re.MULTILINE)
        repeated = [
            (
                status,
                subprocess.run(  # noqa: S603 - the command that a person would paste
                    ["/bin/sh", "-c", line], capture_output=True, check=True, env={**os.environ, **env}, text=True
                ).stdout.split()[1],
            )
            for status, line in dict.fromkeys(curls)
        ]

    assert 1 == code
    assert len(repeated) > 2
    assert "418" in {status for status, _ in repeated}
    assert [] == [pair for pair in repeated if pair[0] != pair[1]]


def test_an_id_of_the_server_adds_no_line_to_what_is_told() -> None:
    def answer(self: Service, request: Request) -> Response:
        response = Service.answer(self, request)
        if response.status == 201:
            record = json.loads(response.body)
            return Response(201, response.headers, json.dumps({**record, "id": f"{record['id']}\nforged"}).encode())
        return response

    service = plant(answer=answer)(existing=2)
    with serving(service.handle) as url:
        _, out, _ = command("verify", "--clause", "generate/status", "--max-generate", "1", env=settings(service, url))

    assert "1 AppCode was made and stays, by id: " in out
    assert not any(line.startswith("forged") for line in out.splitlines())
