"""The command: what it prints, how it ends, and that it never shows a credential or a traceback."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

from appcode_contract import FakeAppCodes, __version__, app_code_server
from appcode_contract.transports.live import LiveServer, listen
from tests.commands import LIMIT, PROGRAM, command, process, without_progress
from tests.conformance.broken import DEFECTS, BrokenServer
from tests.conformance.raw_server import RawServer
from tests.signer import signed

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parent.parent
FEW = ("--clause", "list/limit", "--read-only")


@contextmanager
def serving(*arguments: str, env: Mapping[str, str] | None = None) -> Iterator[tuple[dict[str, str], str]]:
    process = subprocess.Popen(  # noqa: S603 - our own command
        [*PROGRAM, "serve", *arguments],
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    lines: list[str] = []
    try:
        for line in process.stdout:
            if not line.startswith("export "):
                break
            lines.append(line)
        yield dict(line.removeprefix("export ").strip().split("=", 1) for line in lines), "".join(lines)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(LIMIT)
        process.stdout.close()


def settings(fake: FakeAppCodes) -> dict[str, str]:
    return {
        "APPCODE_PROJECT_ID": fake.project_id,
        "APPCODE_INSTANCE_ID": fake.instance_id,
        "APPCODE_APP_ID": fake.app_id,
        "APPCODE_TOKEN": fake.token,
    }


def app_url(exported: Mapping[str, str]) -> str:
    path = "/v2/{APPCODE_PROJECT_ID}/apic/instances/{APPCODE_INSTANCE_ID}/apps/{APPCODE_APP_ID}/app-codes"
    return exported["APPCODE_URL"] + path.format(**exported)


def ask(exported: Mapping[str, str], method: str) -> requests.Response:
    return requests.request(
        method, app_url(exported), headers={"X-Auth-Token": exported["APPCODE_TOKEN"]}, timeout=LIMIT
    )


def test_the_version_is_told() -> None:
    assert (0, f"appcode-contract, version {__version__}\n", "") == process("--version")


def test_what_serve_prints_is_enough_to_use_it() -> None:
    with serving("--preload", "3") as (exported, _):
        answer = ask(exported, "GET")

    assert 200 == answer.status_code
    assert 3 == answer.json()["total"]


def test_serve_takes_ids_apps_and_tokens() -> None:
    arguments = ("--project-id", "p", "--instance-id", "i", "--app", "a", "--app", "b", "--token", "given-token")
    with serving(*arguments, "--forbidden-token", "other-token") as (exported, printed):
        url = exported["APPCODE_URL"] + "/v2/p/apic/instances/i/apps/b/app-codes"
        good = requests.get(url, headers={"X-Auth-Token": "given-token"}, timeout=LIMIT)
        forbidden = requests.get(url, headers={"X-Auth-Token": "other-token"}, timeout=LIMIT)

    assert (200, 403) == (good.status_code, forbidden.status_code)
    assert ("p", "i", "a") == tuple(exported[f"APPCODE_{part}_ID"] for part in ("PROJECT", "INSTANCE", "APP"))
    assert "given-token" not in printed
    assert "other-token" not in printed


def test_serve_takes_a_token_from_the_environment() -> None:
    with serving(env={"APPCODE_SERVE_TOKEN": "given-token"}) as (exported, printed):
        answer = requests.get(app_url(exported), headers={"X-Auth-Token": "given-token"}, timeout=LIMIT)

    assert 200 == answer.status_code
    assert "given-token" not in printed


def test_with_a_seed_serve_makes_the_same_values_again() -> None:
    with serving("--seed", "5") as (first, _), serving("--seed", "5") as (second, _):
        del first["APPCODE_URL"], second["APPCODE_URL"]

        assert first == second


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("milliseconds", [0, 20, 50])
def test_serve_ends_well_at_whatever_moment_it_is_told_to(number: int, milliseconds: int) -> None:
    process = subprocess.Popen([*PROGRAM, "serve"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603 - our own command
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        # No event tells how far the event loop has come: every moment is one at which a user may press Ctrl-C.
        threading.Event().wait(milliseconds / 1000)
        process.send_signal(number)
        _, err = process.communicate(timeout=LIMIT)

    assert (0, "") == (process.returncode, err)


def test_a_port_in_use_is_told_in_one_line() -> None:
    with listen() as taken:
        port = taken.getsockname()[1]

        code, out, err = command("serve", "--port", str(port))

    assert (2, "") == (code, out)
    assert f"appcode-contract: cannot listen on 127.0.0.1 port {port}: address already in use\n" == err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["serve", "--no-such-option"], "--no-such-option"),
        (["serve", "--port", "70000"], "--port"),
        (["serve", "--preload", "-1"], "--preload"),
        (["serve", "--behavior", "list_order"], "must be FIELD=CHOICE, the fields are out_of_range_limit, list_order"),
        (["serve", "--behavior", "list_order=up"], "the choices are newest_first, oldest_first"),
        (["serve", "--behavior", "quota=many"], "None or a whole number, at least 1"),
        (["serve", "--access-key", "no-colon"], "ID:SECRET"),
        (["serve", "--app", "not/an/id"], "app_id"),
        (["serve", "--token", ""], "token"),
        (["serve", "--host", "192.0.2.1"], "192.0.2.1"),
        (["no-such-command"], "no-such-command"),
        (["schema", "app_code"], "no schema is named 'app_code'"),
        (["openapi", "--version", "2.0"], "--version"),
        (["verify"], "URL"),
        (["verify", "nonsense", "--project-id", "p", "--instance-id", "i", "--app-id", "a", "--token", "t"], "the URL"),
        (["verify", "http://127.0.0.1:1"], "--project-id"),
        (["verify", "http://127.0.0.1:1", "--project-id", "p", "--instance-id", "i", "--app-id", "a"], "--token"),
        (["verify", "http://127.0.0.1:1", "--max-generate", "-1"], "--max-generate"),
        (["verify", "http://127.0.0.1:1", "--timeout", "soon"], "--timeout"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(arguments: list[str], told: str) -> None:
    code, out, err = command(*arguments)

    assert (2, "") == (code, out)
    assert err.startswith("appcode-contract: ")
    assert told in err
    assert 1 == err.count("\n")


@pytest.mark.parametrize("report", ["report.txt", "no-such-folder/report.json", ".json", "/dev/null/report.json"])
def test_a_report_that_cannot_be_written_is_told_before_anything_is_sent(report: str, tmp_path: Path) -> None:
    with app_code_server() as server:
        code, _, err = command("verify", server.url, "--report", report, env=settings(server.fake), cwd=tmp_path)

        assert 2 == code
        assert f"--report {report}" in err
        assert () == server.fake.exchanges


def test_verify_finds_the_mock_server_to_conform(tmp_path: Path) -> None:
    with app_code_server() as server:
        server.fake.seed(2)
        report = tmp_path / "report.json"

        code, out, err = command("verify", server.url, "--report", str(report), env=settings(server.fake))

        assert (0, "") == (code, err)
        assert "the server conforms" in out
        assert "list/limit/maximum" in out
        assert "conforms" == json.loads(report.read_text())["verdict"]
        assert all(len(line) <= 80 for line in out.splitlines())
        for secret in server.fake.secrets():
            assert secret not in out
            assert secret not in report.read_text()


def test_verify_finds_a_wrong_status_and_says_how_to_repeat_it(tmp_path: Path) -> None:
    fake = FakeAppCodes()
    report = tmp_path / "report.json"
    with LiveServer(BrokenServer(fake, DEFECTS["generate answers 200"]), listen()) as server:
        code, out, err = command("verify", server.url, "--report", str(report), env=settings(fake))

    assert (1, "") == (code, err)
    assert "generate/status (documented: Generating an AppCode, Status code 201)" in out
    assert "the server violates the contract" in out
    assert "$APPCODE_TOKEN" in out
    assert "violates" == json.loads(report.read_text())["verdict"]
    for secret in fake.secrets():
        assert secret not in out
        assert secret not in report.read_text()


def test_verify_ends_with_3_when_the_token_is_refused() -> None:
    with app_code_server() as server:
        code, out, _ = command("verify", server.url, env={**settings(server.fake), "APPCODE_TOKEN": "another-token"})

    assert 3 == code
    assert "inconclusive: the server refused the token" in out
    assert "another-token" not in out


def test_serve_behaves_as_it_is_told() -> None:
    preloaded = ("--seed", "5", "--preload", "2")
    told = {"APPCODE_SERVE_BEHAVIOR": "quota=2 list_order=oldest_first"}
    with serving(*preloaded) as (exported, _), serving(*preloaded, env=told) as (other, _):
        newest_first, oldest_first = (ask(each, "GET").json()["app_codes"] for each in (exported, other))
        refused = ask(other, "PUT")
    with serving("--behavior", "quota=1", "--behavior", "content_type=charset") as (exported, _):
        made = ask(exported, "PUT")

    assert newest_first == oldest_first[::-1]
    assert (400, "APIG.3310") == (refused.status_code, refused.json()["error_code"])
    assert (201, "application/json;charset=UTF-8") == (made.status_code, made.headers["Content-Type"])


def test_serve_accepts_what_a_known_access_key_signed() -> None:
    arguments = ("--behavior", "signed_requests=accepted", "--access-key", "made-up-key:made-up-secret")
    with serving(*arguments) as (exported, printed):
        url = app_url(exported)
        statuses = [
            requests.get(url, headers=dict(signed(key, url).headers), timeout=LIMIT).status_code
            for key in (("made-up-key", "made-up-secret"), ("made-up-key", "another-secret"))
        ]

    assert [200, 401] == statuses
    assert "made-up-secret" not in printed


def test_serve_demands_an_admin_token_that_it_was_given() -> None:
    with serving("--admin-token", "given-admin-token") as (exported, printed):
        state = exported["APPCODE_URL"] + "/__admin/state"
        answers = [
            requests.get(state, headers=headers, timeout=LIMIT)
            for headers in ({}, {"Authorization": "Bearer given-admin-token"})
        ]

    assert [401, 200] == [answer.status_code for answer in answers]
    assert exported["APPCODE_APP_ID"] == answers[1].json()["app_id"]
    assert "given-admin-token" not in printed


def test_verify_ends_with_3_when_nobody_listens() -> None:
    fake = FakeAppCodes()
    with listen() as closed:
        port = closed.getsockname()[1]

    code, out, err = command("verify", f"http://127.0.0.1:{port}", env=settings(fake))

    assert (3, "") == (code, err)
    assert "cannot be reached" in out


IMPORTED = (
    sys.executable,
    "-c",
    """
import sys
from appcode_contract.cli import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    print(end.code, {"pytest", "hypothesis"} & {*sys.modules})
""",
)
"""Runs the command, and prints its exit code and what it imported of the packages that take long."""


def test_pytest_is_imported_only_when_there_is_something_to_test() -> None:
    with listen() as closed:
        port = closed.getsockname()[1]

    code, out, _ = process("verify", f"http://127.0.0.1:{port}", env=settings(FakeAppCodes()), program=IMPORTED)

    assert 0 == code
    assert "3 set()" == out.splitlines()[-1]


@pytest.fixture
def damaged_package(tmp_path: Path) -> Path:
    """A copy of the package, one of whose schema files is damaged."""
    for folder in ("appcode_contract", "schemas"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "schemas" / "error-body.json").write_text('{"type": ')
    return tmp_path


def test_verify_names_a_damaged_schema_file(damaged_package: Path) -> None:
    with app_code_server() as server:
        code, out, err = process("verify", server.url, env=settings(server.fake), copy=damaged_package)

    assert (3, "") == (code, err)
    assert f"schema file {damaged_package / 'schemas' / 'error-body.json'} is damaged" in " ".join(out.split())


def test_a_fixture_names_a_damaged_schema_file(damaged_package: Path) -> None:
    test = damaged_package / "test_it.py"
    test.write_text("import requests\ndef test_it(appcode_fake):\n    requests.get(appcode_fake.url(), timeout=5)\n")

    pytest_of = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:randomly")
    code, out, _ = process(str(test), copy=damaged_package, program=pytest_of)

    assert 1 == code
    assert f"schema file {damaged_package / 'schemas' / 'error-body.json'} is damaged" in out
    assert "Traceback" not in out


def test_verify_read_only_generates_nothing() -> None:
    with app_code_server() as server:
        server.fake.seed(25)

        code, _, _ = command("verify", server.url, "--read-only", env=settings(server.fake))

        assert 0 == code
        assert {"GET"} == {exchange.request.method for exchange in server.fake.exchanges}


def test_serve_tells_at_its_end_what_its_clients_broke() -> None:
    process = subprocess.Popen(  # noqa: S603 - our own command
        [*PROGRAM, "serve", "--token", "given-token"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        url = process.stdout.readline().strip().removeprefix("export APPCODE_URL=")
        while process.stdout.readline().startswith("export"):
            pass
        requests.get(url + "/v2/nonsense", headers={"X-Auth-Token": "given-token"}, timeout=LIMIT)
        process.terminate()
        _, told = process.communicate(timeout=LIMIT)

    assert 0 == process.returncode
    assert told.startswith("clients broke the contract\n\npath/uri (documented: ")
    assert "given-token" not in told


@pytest.mark.parametrize("banner", [b"SSH-2.0-OpenSSH_9.2\r\n", b""])
def test_verify_ends_with_3_when_what_answers_is_no_http(banner: bytes) -> None:
    def answer(connection: socket.socket, _: threading.Event) -> None:
        connection.sendall(banner)

    with RawServer(answer) as server:
        code, out, err = command("verify", server.url.removesuffix("/v2"), env=settings(FakeAppCodes()))

    assert (3, "") == (code, err)
    assert "inconclusive: the server does not answer as HTTP has it" in out
    assert "1 request to generate had no answer" in out


def test_verify_ends_with_3_when_the_ids_are_refused() -> None:
    with app_code_server() as server:
        code, out, _ = command("verify", server.url, env={**settings(server.fake), "APPCODE_APP_ID": "no id"})

    assert 3 == code
    assert "the server refused the ids" in out


@pytest.mark.parametrize("env", [{"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "cp1252"}])
def test_verify_prints_in_any_encoding(env: dict[str, str]) -> None:
    with app_code_server() as server:
        code, out, err = process("verify", server.url, *FEW, env={**settings(server.fake), **env})

    assert (0, "") == (code, err)
    assert "the server conforms" in out


@pytest.mark.parametrize("columns", ["0", "1", "40", "71", "200"])
def test_verify_tells_every_outcome_at_any_width(columns: str) -> None:
    with app_code_server() as server:
        code, out, _ = command("verify", server.url, *FEW, env={**settings(server.fake), "COLUMNS": columns})

    words = " ".join(out.split())
    assert 0 == code
    assert "list/limit/cap" in words
    assert "not exercised" in words
    assert "needs 501 AppCodes" in words


def test_a_reader_that_goes_away_does_not_change_the_verdict(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    with app_code_server() as server:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*PROGRAM, "verify", server.url, *FEW, "--report", str(report)],
            env={**os.environ, **settings(server.fake)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        told = process.stderr.read()
        process.stderr.close()

        assert 0 == process.wait(LIMIT)

    assert "" == without_progress(told.decode())
    assert "conforms" == json.loads(report.read_text())["verdict"]


def test_an_old_report_is_replaced_whole(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    report.write_text("x" * 1_000_000)
    with app_code_server() as server:
        command("verify", server.url, *FEW, "--report", str(report), env=settings(server.fake))

    assert "conforms" == json.loads(report.read_text())["verdict"]
    assert ["report.json"] == [path.name for path in tmp_path.iterdir()]
