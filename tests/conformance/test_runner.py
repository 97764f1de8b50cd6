"""A run spends no more than it may, needs nothing of the caller's project, and never calls nothing a success."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import pytest

from appcode_contract import FakeAppCodes, Request, Response
from appcode_contract.clauses import CLAUSES
from appcode_contract.conformance.runner import run
from appcode_contract.conformance.target import Target, TargetError
from appcode_contract.report import Outcome, Verdict
from appcode_contract.reporting.document import document_of, to_json
from tests.conformance.broken import DEFECTS, FORBIDDEN, BrokenServer, sets, with_body
from tests.conformance.support import TargetOptions, new_fake, outcomes, target_of, verify, verify_over_http

if TYPE_CHECKING:
    from pathlib import Path


def puts(fake: FakeAppCodes) -> int:
    return sum(exchange.request.method == "PUT" for exchange in fake.exchanges)


@pytest.mark.parametrize("max_generate", [0, 1, 2, 3, 5, 7, 30])
def test_no_more_generates_are_sent_than_allowed(max_generate: int) -> None:
    fake = new_fake()

    report = verify(fake, max_generate=max_generate)

    assert puts(fake) <= max_generate
    assert {record.id for record in fake.app_codes()} == set(report.generated)


@pytest.mark.parametrize("name", ["generate answers 500", "generate answers 200", "no token needed", "two at a time"])
def test_a_broken_server_does_not_get_more_generates(name: str) -> None:
    fake = new_fake()
    asked: list[str] = []

    def handle(inner: FakeAppCodes, request: Request) -> Response:
        asked.append(request.method)
        return DEFECTS[name](inner, request)

    verify(fake, BrokenServer(fake, handle))

    assert asked.count("PUT") <= 5


def test_a_generate_is_not_repeated_when_the_answer_is_lost() -> None:
    fake = new_fake()

    def handle(inner: FakeAppCodes, request: Request) -> Response:
        response = inner.handle(request)
        if request.method == "PUT":
            return Response(201, (("Content-Type", "application/json"), ("Content-Length", "9999")), response.body)
        return response

    report = verify_over_http(fake, BrokenServer(fake, handle), timeout=1.0)

    assert puts(fake) <= 5
    assert Verdict.VIOLATES == report.verdict


def test_read_only_sends_no_generate() -> None:
    fake = new_fake()
    fake.seed(30)

    report = verify(fake, read_only=True)

    assert 0 == puts(fake)
    assert Outcome.SKIPPED == outcomes(report)["generate/status"]
    assert Verdict.CONFORMS == report.verdict


def test_every_clause_that_binds_servers_is_in_the_report() -> None:
    report = verify(new_fake())

    assert [clause.id for clause in CLAUSES if not clause.binds_client_only] == [clause.id for clause in report.clauses]


def test_what_needs_more_app_codes_than_there_are_is_not_called_passed() -> None:
    fake = new_fake()

    report = verify(fake)

    evidence = {clause.id: clause.evidence for clause in report.clauses}
    assert Outcome.NOT_EXERCISED == outcomes(report)["list/limit/default"]
    assert Outcome.NOT_EXERCISED == outcomes(report)["list/limit/cap"]
    assert "needs 501 AppCodes, the app has 4" == evidence["list/limit/cap"]


def test_a_page_of_more_than_500_is_found_when_there_are_so_many() -> None:
    fake = new_fake()
    fake.seed(520)

    def handle(inner: FakeAppCodes, request: Request) -> Response:
        if request.method == "GET" and "limit=501" in request.query:
            first = inner.handle(Request("GET", inner.url() + "?limit=500", request.headers)).json()
            second = inner.handle(Request("GET", inner.url() + "?limit=1&offset=500", request.headers))
            items = [*first["app_codes"], *second.json()["app_codes"]]
            return with_body(second, {"total": first["total"], "size": len(items), "app_codes": items})
        return inner.handle(request)

    report = verify(fake, BrokenServer(fake, handle), read_only=True)

    assert Outcome.FAILED == outcomes(report)["list/limit/cap"]


def test_a_wrong_default_limit_is_found_when_there_are_so_many() -> None:
    fake = new_fake()
    fake.seed(60)

    def handle(inner: FakeAppCodes, request: Request) -> Response:
        bare = request.method == "GET" and "limit" not in request.query
        url = request.url + ("&" if request.query else "?") + "limit=50" if bare else request.url
        return inner.handle(Request(request.method, url, request.headers))

    report = verify(fake, BrokenServer(fake, handle), read_only=True)

    assert Outcome.FAILED == outcomes(report)["list/limit/default"]


def test_an_unreachable_server_is_inconclusive() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    report = run(target_of(new_fake(), f"http://127.0.0.1:{port}"))

    assert Verdict.INCONCLUSIVE == report.verdict
    assert "cannot be reached" in report.problem


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"token": "another-token"}, "the server refused the token"),
        ({"token": FORBIDDEN, "forbidden_token": None}, "the token may not do this"),
        ({"app_id": "another-app"}, "the server does not know the app"),
    ],
)
def test_a_refusal_at_the_start_is_inconclusive(options: TargetOptions, problem: str) -> None:
    report = verify(new_fake(), **options)

    assert Verdict.INCONCLUSIVE == report.verdict
    assert problem in report.problem
    assert {Outcome.NOT_EXERCISED} == set(outcomes(report).values())


def test_a_server_that_refuses_only_to_list_is_judged() -> None:
    fake = new_fake()

    def handle(inner: FakeAppCodes, request: Request) -> Response:
        if request.method == "GET":
            inner.fail("list", status=401)
        return inner.handle(request)

    report = verify(fake, BrokenServer(fake, handle))

    assert Verdict.VIOLATES == report.verdict
    assert Outcome.FAILED == outcomes(report)["list/status"]


def test_the_callers_pytest_settings_do_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    (tmp_path / "conftest.py").write_text("raise SystemExit('the conftest of the caller was loaded')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    monkeypatch.setenv("PYTEST_PLUGINS", "no_such_plugin")

    report = verify(new_fake())

    assert Verdict.CONFORMS == report.verdict
    assert {"pytest.ini", "conftest.py"} == {path.name for path in tmp_path.iterdir()}


def test_the_callers_environment_is_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "--maxfail=3")

    verify(new_fake())

    import os  # noqa: PLC0415 - read after the run

    assert "--maxfail=3" == os.environ["PYTEST_ADDOPTS"]
    assert "PYTEST_DISABLE_PLUGIN_AUTOLOAD" not in os.environ


@pytest.mark.parametrize("name", ["63 characters", "listed in lower case", "truncated JSON", "app_code renamed"])
def test_a_report_holds_no_credential(name: str) -> None:
    fake = new_fake()
    fake.seed(5)
    sent: list[bytes] = []

    def handle(inner: FakeAppCodes, request: Request) -> Response:
        response = DEFECTS[name](inner, request)
        sent.append(response.body)
        return response

    written = to_json(document_of(verify(fake, BrokenServer(fake, handle))))

    assert fake.token not in written
    assert FORBIDDEN not in written
    codes = {record.app_code for record in fake.app_codes()}
    for code in codes | {code.lower() for code in codes}:
        assert code[8:40] not in written


def test_a_token_that_the_server_repeats_is_hidden() -> None:
    fake = new_fake()

    def handle(inner: FakeAppCodes, request: Request) -> Response:
        response = inner.handle(request)
        told = {"error_code": "APIG.1", "error_msg": f"no: {request.header('X-Auth-Token')}"}
        return with_body(response, told) if response.status == 400 else response

    written = to_json(document_of(verify(fake, BrokenServer(fake, handle))))

    assert fake.token not in written
    assert "redacted" in written


@pytest.mark.parametrize(
    "url",
    ["", "roma.example", "ftp://roma.example", "http://", "http://[", "http://roma.example:x", "http://u:p@roma.example",
     "http://roma.example?x=1", "http://roma.example/v2/p/apic", "http://roma example", "http://a..b"],
)  # fmt: skip
def test_a_malformed_url_is_refused(url: str) -> None:
    with pytest.raises(TargetError, match=r"the URL .* as in https://roma\.example"):
        Target(url=url, project_id="p", instance_id="i", app_id="a", token="t")


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"project_id": ""}, "project_id"),
        ({"instance_id": " "}, "instance_id"),
        ({"app_id": ""}, "app_id"),
        ({"token": "a\nb"}, "token"),
        ({"forbidden_token": " "}, "forbidden_token"),
        ({"max_generate": -1}, "max_generate"),
        ({"timeout": 0.0}, "timeout"),
        ({"timeout": float("nan")}, "timeout"),
    ],
)
def test_a_malformed_part_of_a_target_is_named(options: TargetOptions, named: str) -> None:
    with pytest.raises(TargetError, match=named):
        target_of(new_fake(), "http://127.0.0.1:1", **options)


def test_a_target_shows_no_token() -> None:
    fake = new_fake()

    assert fake.token not in repr(target_of(fake, "http://127.0.0.1:1"))


@pytest.mark.parametrize(
    ("clause", "token", "by_few"),
    [
        ("error/no-effect/wrong-token", None, Outcome.NOT_EXERCISED),
        ("error/no-effect/forbidden-token", FORBIDDEN, Outcome.FAILED),
    ],
)
def test_a_server_that_generates_for_another_token_is_found_with_enough_requests(
    clause: str, token: str | None, by_few: Outcome
) -> None:
    fake = new_fake()

    def handle(inner: FakeAppCodes, request: Request) -> Response:
        given = request.header("X-Auth-Token")
        careless = request.method == "PUT" and (
            given == token if token else given not in {None, inner.token, FORBIDDEN}
        )
        return inner.handle(Request("PUT", request.url, {"X-Auth-Token": inner.token}) if careless else request)

    few = verify(fake, BrokenServer(fake, handle))
    many = verify(fake, BrokenServer(fake, handle), max_generate=8)

    assert by_few == outcomes(few)[clause]
    assert Outcome.FAILED == outcomes(many)[clause]


def test_a_generate_for_an_unknown_app_is_tried_with_enough_requests() -> None:
    fake = new_fake()

    def handle(inner: FakeAppCodes, request: Request) -> Response:
        if request.method == "PUT":
            inner.add_app(request.path.split("/")[-2])
        return inner.handle(request)

    report = verify(fake, BrokenServer(fake, handle), max_generate=8)

    assert Outcome.FAILED == outcomes(report)["error/404/generate"]


def test_generates_without_an_answer_are_counted() -> None:
    fake = new_fake()

    def handle(inner: FakeAppCodes, request: Request) -> Response:
        response = inner.handle(request)
        short = (("Content-Type", "application/json"), ("Content-Length", "9999"))
        return Response(201, short, response.body) if response.status == 201 else response

    report = verify_over_http(fake, BrokenServer(fake, handle), timeout=1.0)

    assert len(fake.app_codes()) == report.unanswered


def test_a_strange_id_does_not_break_the_report() -> None:
    fake = new_fake()

    report = verify(fake, BrokenServer(fake, sets(201, id="\ud800\x1b[2J")))

    assert json.loads(to_json(document_of(report)).encode())["generated"] == ["\ud800\x1b[2J"] * 4


def test_a_body_of_another_encoding_is_not_repeated() -> None:
    fake = new_fake()

    def handle(inner: FakeAppCodes, request: Request) -> Response:
        response = inner.handle(request)
        body = response.body.decode().encode("utf-16")
        return Response(
            response.status, (("Content-Type", "application/json"), ("Content-Length", str(len(body)))), body
        )

    written = to_json(document_of(verify(fake, BrokenServer(fake, handle))))

    for record in fake.app_codes():
        assert "\\u0000".join(record.app_code[:20]) not in written
        assert record.app_code[:20] not in written
