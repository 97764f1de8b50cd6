"""How verify ends when nobody reads it, when its report has no place any more, and when it is stopped in a hurry."""

from __future__ import annotations

import json
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from io import StringIO
from itertools import cycle
from subprocess import Popen
from typing import TYPE_CHECKING

import pytest

from appcode_contract.commands.progress import Progress
from appcode_contract.conformance import runner
from appcode_contract.messages import Exchange
from appcode_contract.report import Verdict
from tests.broken_servers.http_server import serving
from tests.broken_servers.planting import plant
from tests.broken_servers.service import Service
from tests.broken_servers.verify import target_of
from tests.commands import LIMIT, PROGRAM, command
from tests.conformance.clock import Clock
from tests.test_verify_command import QUICK, Watched, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from appcode_contract.messages import Request, Response

LISTS = ("--clause", "list", "--read-only")
VERIFY = (*PROGRAM, "verify")


ENDINGS: dict[int, Callable[..., Service]] = {
    0: Service,
    1: plant(listed_status=202),
    3: plant(is_known=lambda *_: False),
}
"""Servers by the code that a run against them ends with."""


def through_a_shell(
    redirection: str, service: Service, *arguments: str, cwd: Path | None = None
) -> tuple[int, str, str]:
    with serving(service.handle) as url:
        done = subprocess.run(  # noqa: S603 - our own command
            ["/bin/sh", "-c", f'"$@" {redirection}', "sh", *VERIFY, *arguments],
            capture_output=True,
            check=False,
            cwd=cwd,
            env={**os.environ, **settings(service, url)},
            text=True,
            timeout=LIMIT,
        )
    return done.returncode, done.stdout, done.stderr


# ---- nobody reads


@pytest.mark.parametrize("code", ENDINGS)
def test_a_closed_output_changes_no_verdict(code: int, tmp_path: Path) -> None:
    arguments = (*QUICK, "--report", "report.json")

    assert (code, "", "") == through_a_shell(">&-", ENDINGS[code](existing=3), *arguments, cwd=tmp_path)
    report = json.loads((tmp_path / "report.json").read_text())
    assert {0: "conforms", 1: "violates", 3: "inconclusive"}[code] == report["verdict"]


def test_a_list_of_tests_for_a_closed_output_is_no_failure() -> None:
    assert (0, "", "") == through_a_shell(">&-", Service(), "--list")


@pytest.mark.parametrize(("redirection", "code"), [("2>&-", 0), (">&- 2>&-", 1), ("<&- >&- 2>&-", 3)])
def test_closed_errors_change_no_verdict(redirection: str, code: int) -> None:
    assert code == through_a_shell(redirection, ENDINGS[code](existing=3), *QUICK, "--insecure")[0]


@contextmanager
def no_reader() -> Iterator[int]:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        yield writing
    finally:
        os.close(writing)


@pytest.mark.parametrize(("arguments", "code"), [((), 0), (("--insecure",), 0), (("--insecure",), 1), ((), 3)])
def test_errors_that_nobody_reads_change_no_verdict(arguments: tuple[str, ...], code: int) -> None:
    service = ENDINGS[code](existing=3)

    with serving(service.handle) as url, no_reader() as errors:
        done = subprocess.run(  # noqa: S603 - our own command
            [*VERIFY, *QUICK, *arguments],
            check=False,
            env={**os.environ, **settings(service, url)},
            stderr=errors,
            stdout=subprocess.PIPE,
            text=True,
            timeout=LIMIT,
        )

    assert code == done.returncode
    assert {0: "the server conforms", 1: "the server violates", 3: "inconclusive"}[code] in done.stdout


class Gone(StringIO):
    """Errors whose reader went away."""

    def write(self, _: str) -> int:
        raise BrokenPipeError


class Hurrying(Clock):
    """A clock by which everything takes long enough to tell how far it is."""

    def monotonic(self) -> float:
        self.now += 60
        return self.now


def test_progress_that_nobody_reads_does_not_end_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service(existing=3)
    monkeypatch.setattr(sys, "stderr", Gone())
    monkeypatch.setattr(runner, "time", Hurrying())

    with Progress() as progress:
        target = target_of(service, "http://127.0.0.1:9", 0, 0)
        report = runner.run(target, send=lambda each, _: Exchange(each, service.handle(each)), watch=progress)

    assert Verdict.CONFORMS == report.verdict


@contextmanager
def started(service: Watched, url: str, *arguments: str, errors: int = subprocess.PIPE) -> Iterator[Popen[str]]:
    env = {**os.environ, **settings(service, url), "TERM": "xterm"}
    process = Popen([*VERIFY, *arguments], env=env, stderr=errors, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own command
    with process:
        try:
            yield process
        finally:
            process.kill()
            service.released.set()


def test_a_terminal_that_goes_away_does_not_end_the_run() -> None:
    service = Watched(existing=3)
    service.waits_for = "offset=-9223372036854775808"
    terminal, other_end = pty.openpty()

    with serving(service.handle) as url, started(service, url, *LISTS, errors=other_end) as process:
        os.close(other_end)
        assert os.read(terminal, 1)
        assert service.reached.wait(LIMIT)
        os.close(terminal)
        service.released.set()
        out, _ = process.communicate(timeout=LIMIT)

    assert 0 == process.returncode
    assert "the server conforms" in out


# ---- a report without a place


def test_a_report_behind_a_circle_of_links_is_refused(tmp_path: Path) -> None:
    (tmp_path / "report.json").symlink_to("other.json")
    (tmp_path / "other.json").symlink_to("report.json")
    service = Watched()

    with serving(service.handle) as url:
        code, out, err = command("verify", "--report", "report.json", env=settings(service, url), cwd=tmp_path)

    assert (2, "") == (code, out)
    assert "appcode-contract: --report report.json cannot be written: " in err
    assert 1 == err.count("\n")
    assert [] == service.requests


def nothing(_: Path) -> None: ...


def a_file(folder: Path) -> None:
    folder.write_text("")


@pytest.mark.parametrize("code", [0, 1])
@pytest.mark.parametrize("put", [nothing, a_file])
def test_a_report_whose_folder_is_gone_is_told(put: Callable[[Path], None], code: int, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    service = ENDINGS[code](existing=3)

    def handle(request: Request) -> Response:
        if folder.is_dir():
            shutil.rmtree(folder)
            put(folder)
        return service.handle(request)

    with serving(handle) as url:
        arguments = (*QUICK, "--report", str(folder / "report.json"))
        ended, out, err = command("verify", *arguments, env=settings(service, url))

    assert {0: 3, 1: 1}[code] == ended
    assert err.startswith(f"appcode-contract: --report {folder / 'report.json'} cannot be written: ")
    assert 1 == err.count("\n")
    assert "the server " in out


# ---- stopped in a hurry


@pytest.mark.parametrize("numbers", [[signal.SIGINT], [signal.SIGTERM], [signal.SIGINT, signal.SIGTERM]])
def test_a_run_that_is_stopped_again_and_again_tells_what_it_made(numbers: list[signal.Signals]) -> None:
    service = Watched(existing=3)
    service.waits_for = "offset=-9223372036854775808"

    with serving(service.handle) as url, started(service, url, "--timeout", "30") as process:
        assert process.stdout is not None
        assert service.reached.wait(LIMIT)
        for number in cycle(numbers):
            process.send_signal(number)
            if select.select([process.stdout], [], [], 0.005)[0]:
                break
        out, _ = process.communicate(timeout=LIMIT)

    made = {record.id for record in service.apps[service.app_id][3:]}
    assert made
    assert all(id_ in "".join(out.split()) for id_ in made)
    assert "inconclusive: interrupted" in out
