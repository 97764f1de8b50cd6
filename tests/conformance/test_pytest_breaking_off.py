"""The conformance tests in a session of somebody else's that breaks off, or whose tests run in other processes."""

from __future__ import annotations

import re
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from appcode_contract.messages import Request
from tests.broken_servers.http_server import Transport, serving
from tests.broken_servers.planting import alters, listed, plant, sets, takes
from tests.broken_servers.service import Service
from tests.conformance.project import ALONE, SUITE, Project, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOTHING_JUDGED = 3
EXISTING = 3
FORKING = """
import os
import pickle

import pytest
from _pytest.runner import runtestprotocol


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    config, reading = item.config, item.config.rootpath / "reports"
    child = os.fork()
    if not child:
        try:
            reports = runtestprotocol(item, nextitem=nextitem, log=False)
            told = [config.hook.pytest_report_to_serializable(config=config, report=each) for each in reports]
            reading.write_bytes(pickle.dumps(told))
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    for told in pickle.loads(reading.read_bytes()):
        report = config.hook.pytest_report_from_serializable(config=config, data=told)
        item.ihook.pytest_runtest_logreport(report=report)
    return True
"""


@contextmanager
def serving_at_first(service: Service, count: int) -> Iterator[str]:
    """Serve so many requests; then no connection can be made any more."""

    class Connection(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = f"http://{self.headers['Host']}{self.path}"
            response = service.handle(Request(self.command, url, tuple(self.headers.items())))
            if service.count["all"] == count:
                server.shutdown()
                server.socket.close()
            self.send_response_only(response.status)
            for name, value in response.headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(response.body)

        do_PUT = do_GET  # noqa: N815 - the name that http.server looks for

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Connection)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def ids_of(service: Service) -> set[str]:
    return {record.id for record in service.apps[service.app_id][EXISTING:]}


def told_ids(text: str) -> set[str]:
    lines = re.findall(r"^\d+ AppCodes? (?:was|were) made and stays?, by id: (.*)$", text, re.MULTILINE)
    return {id_ for line in lines for id_ in line.split(", ")}


# ---- that breaks off


def test_a_session_whose_server_is_gone_is_no_success(project: Project) -> None:
    service = Service(existing=EXISTING)

    with serving_at_first(service, 50) as url:
        session = project.pytest(*SUITE, *ALONE, env=settings(service, url))

    assert (NOTHING_JUDGED, 0) == (session.code, session.counted("failed"))
    assert "the server could not be reached any more: connection refused" in session.text.lower()
    assert "Traceback" not in session.text
    assert ids_of(service)
    assert ids_of(service) == told_ids(session.text)


def test_a_session_whose_time_is_over_is_no_success(project: Project) -> None:
    service = Service(existing=EXISTING)

    with serving(service.handle, Transport(delay=0.05)) as url:
        arguments = (*SUITE, *ALONE, "--appcode-deadline", "1")
        session = project.pytest(*arguments, env=settings(service, url))

    assert (NOTHING_JUDGED, 0) == (session.code, session.counted("failed"))
    assert "the run's 1 s are over (--deadline)" in session.text
    assert "Traceback" not in session.text


def test_a_violation_counts_more_than_a_session_that_breaks_off(project: Project) -> None:
    service = plant(generated_status=202)(existing=EXISTING)

    with serving_at_first(service, 50) as url:
        session = project.pytest(*SUITE, *ALONE, env=settings(service, url))

    assert 1 == session.code
    assert "generate/status (documented" in session.text
    assert "could not be reached any more" in session.text
    assert ids_of(service) == told_ids(session.text)


def test_what_was_generated_is_told_at_the_end(project: Project) -> None:
    service = Service(existing=EXISTING)

    session = project.verify(service, *ALONE, "--appcode-clause", "generate", "--appcode-max-generate", "9")

    assert 0 == session.code
    assert ids_of(service)
    assert ids_of(service) == told_ids(session.text)


@pytest.mark.parametrize("arguments", [("--appcode-read-only",), ("--appcode-clause", "list/status")])
def test_nothing_is_told_where_nothing_was_generated(project: Project, arguments: tuple[str, ...]) -> None:
    session = project.verify(Service(existing=EXISTING), *ALONE, *arguments)

    assert 0 == session.code
    assert "made and stay" not in session.text


# ---- in other processes


def test_workers_that_have_no_url_judge_nothing(project: Project) -> None:
    session = project.pytest(*SUITE, "-n", "2", "--appcode-clause", "list/total")

    assert (NOTHING_JUDGED, 0) == (session.code, session.counted("passed"))
    assert "--appcode-url is missing; give it, or set APPCODE_URL, or use --appcode-fake" in session.text
    assert 1 <= session.counted("error") <= 2


def test_workers_that_have_no_url_end_with_3_whatever_else_passed(project: Project) -> None:
    (project.folder / "test_own.py").write_text("def test_own():\n    assert True\n")

    session = project.pytest("test_own.py", *SUITE, "-n", "1", "--appcode-clause", "list/status")

    assert (NOTHING_JUDGED, 1) == (session.code, session.counted("passed"))


def test_a_mistake_in_a_test_of_ones_own_is_pytests_own_end(project: Project) -> None:
    (project.folder / "test_own.py").write_text("import nothing_of_that_name\n")

    session = project.pytest("test_own.py", *SUITE, "--appcode-fake", "--appcode-clause", "list/status")

    assert int(pytest.ExitCode.INTERRUPTED) == session.code


def test_tests_that_run_in_children_of_their_own_generate_nothing(project: Project) -> None:
    service = Service(existing=25)
    (project.folder / "conftest.py").write_text(FORKING)
    (project.folder / "test_own.py").write_text("def test_own():\n    assert True\n")
    arguments = ("--appcode-clause", "generate", "--appcode-clause", "list/limit/page")

    session = project.verify(service, "test_own.py", *ALONE, "--rootdir", str(project.folder), *arguments)

    assert 0 == service.count["PUT"]
    assert 0 < service.count["GET"]
    assert (0, 0) == (session.code, session.counted("failed"))
    assert 1 < session.counted("passed")
    assert 10 < session.counted("skipped")


# ---- once


@pytest.mark.parametrize(
    ("make", "clause"),
    [
        (plant(generated_status=202), "generate/status"),
        (plant(listed_status=202), "list/status"),
        (listed(lambda body: {**body, "total": body["total"] + 1}), "list/total"),
        (takes(lambda text: 4 if text == "4.0" else None), "list/limit/type"),
        (alters(404, sets(error_code="APIG.1")), "error/404/code"),
        (plant(keep=lambda *_: None), "generate/listed"),
    ],
)
def test_a_violation_is_told_once(make: Callable[..., Service], clause: str, project: Project) -> None:
    session = project.verify(make(existing=25), *ALONE, "--appcode-clause", clause)

    failed = re.findall(r"^FAILED \S+::(test_[a-z0-9_]+)", session.text, re.MULTILINE)
    told = re.findall(rf"^{clause} \(", session.text, re.MULTILINE)
    assert 1 == session.code
    assert len(told) == len(failed)
    assert 1 == len({name == "test_every_answer_keeps_the_clause" for name in failed})
