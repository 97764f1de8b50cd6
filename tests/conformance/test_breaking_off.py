"""Runs that cannot go on: what happened on the way is no mistake of the server, and nothing more is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from appcode_contract.conformance.pace import wait_asked_for
from appcode_contract.conformance.runner import run
from appcode_contract.conformance.selection import Selection
from appcode_contract.conformance.wire import Unreachable
from appcode_contract.messages import Exchange, Response
from appcode_contract.report import Outcome, Report, Verdict
from tests.broken_servers.planting import plant
from tests.broken_servers.service import Service
from tests.broken_servers.verify import target_of, verify

if TYPE_CHECKING:
    from appcode_contract.conformance.sender import Send
    from appcode_contract.messages import Request

NOWHERE = "http://127.0.0.1:9"
FEW = 10
"""So many requests may be on their way, or be sent to make sure."""


def verify_through(send: Send, service: Service, **options: Any) -> Report:  # noqa: ANN401 - what a target takes
    return run(target_of(service, NOWHERE, 5, 0, **options), send=send)


def failed(report: Report) -> dict[str, str]:
    return {each.id: each.evidence for each in report.clauses if each.outcome is Outcome.FAILED}


# ---- a token that is good only for a while, or not for everything


class Expiring(Service):
    """Refuses its token after some requests, and counts what comes from then on."""

    def __init__(self, last: int) -> None:
        super().__init__(existing=25)
        self.last = last
        self.refused_at = 0

    def is_known(self, token: str | None) -> bool:
        if token == self.token and self.count["all"] > self.last:
            self.refused_at = self.refused_at or self.count["all"]
            return False
        return super().is_known(token)


@pytest.mark.parametrize("last", [20, 45, 90, 150])
def test_a_token_that_expires_is_no_violation(last: int) -> None:
    service = Expiring(last)

    report = verify(service)

    assert Verdict.INCONCLUSIVE == report.verdict
    assert {} == failed(report)
    assert () == report.violations
    assert "the token was accepted before and is not any more" in report.problem
    assert service.count["all"] <= service.refused_at + FEW


@pytest.mark.parametrize("name", ["x-auth-token", "X-AUTH-TOKEN"])
def test_a_token_that_expires_while_letter_cases_are_tried_is_no_violation(name: str) -> None:
    service = Expiring(10**6)

    def send(request: Request, _: float) -> Exchange:
        if name in dict(request.headers):
            service.last = 0
        return Exchange(request, service.handle(request))

    report = verify_through(send, service)

    assert {} == failed(report)
    assert "the token was accepted before and is not any more" in report.problem


def test_a_token_that_may_generate_and_not_list_judges_nothing() -> None:
    service = plant(may=lambda self, token, method: token == self.token and method == "PUT")(existing=3)

    report = verify(service)

    assert Verdict.INCONCLUSIVE == report.verdict
    assert "the token may not do this" in report.problem
    assert {} == failed(report)
    assert 0 == service.count["PUT"]


def test_a_401_for_limits_that_are_no_integers_is_a_violation() -> None:
    def integer(self: Service, name: str, text: str) -> int:
        if name == "limit" and not text.lstrip("-").isdecimal():
            raise self.refused(401)
        return Service.integer(self, name, text)

    report = verify(plant(integer=integer)(existing=25))

    assert Verdict.VIOLATES == report.verdict
    assert "list/limit/type" in failed(report)
    assert "" == report.problem


# ---- a server that wants to be left alone


def test_a_long_wait_after_what_was_generated_is_no_violation() -> None:
    class Tired(Service):
        wants_rest = False

        def handle(self, request: Request) -> Response:
            self.wants_rest = self.wants_rest or request.method == "PUT"
            if request.method == "GET" and self.wants_rest:
                self.count["refused"] += 1
                return Response(429, {"Retry-After": "600", "Content-Length": "0"})
            return super().handle(request)

    service = Tired(existing=3)

    report = verify(service)

    assert Verdict.INCONCLUSIVE == report.verdict
    assert "600 s" in report.problem
    assert {} == failed(report)
    assert 1 == service.count["refused"]
    assert {record.id for record in service.apps[service.app_id][3:]} == set(report.generated)


def test_a_year_that_no_calendar_has_is_taken_for_one_second() -> None:
    assert 1 == wait_asked_for(Response(429, {"Retry-After": "Wed, 21 Oct 99999999999 07:28:00 GMT"}))


@pytest.mark.usefixtures("clock")
def test_a_year_that_no_calendar_has_ends_no_run() -> None:
    class Confused(Service):
        def handle(self, request: Request) -> Response:
            response = super().handle(request)
            late = {"Retry-After": "Wed, 21 Oct 99999999999 07:28:00 GMT", "Content-Length": "0"}
            return Response(429, late) if self.count["all"] == 30 else response

    report = verify(Confused(existing=25))

    assert (Verdict.CONFORMS, "") == (report.verdict, report.problem)


# ---- a server that is somewhere else


def redirecting(status: int, base: str, path: str = "{path}") -> Service:
    """Make a server that sends everybody away."""

    def handle(self: Service, request: Request) -> Response:
        self.count[request.method] += 1
        query = f"?{request.query}" if request.query else ""
        return Response(status, {"Location": base + path.format(path=request.path) + query, "Content-Length": "0"})

    return plant(handle=handle)(existing=3)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("base", ["https://127.0.0.1", "https://127.0.0.1:9", "https://127.0.0.1:8443"])
def test_a_server_that_sends_everybody_to_https_is_told_by_that_url(base: str, status: int) -> None:
    service = redirecting(status, base)

    report = verify(service)

    assert Verdict.INCONCLUSIVE == report.verdict
    assert f"give {base} as the URL" in report.problem
    assert {} == failed(report)
    assert 0 == service.count["PUT"]


def test_what_precedes_the_path_is_part_of_the_url_that_is_told() -> None:
    service = redirecting(301, "https://127.0.0.1")
    service.base_path = "/gateway"

    assert "give https://127.0.0.1/gateway as the URL" in verify(service).problem


@pytest.mark.parametrize(
    ("base", "path"),
    [
        ("https://login.example", "{path}"),
        ("https://127.0.0.1", "/login"),
        ("https://127.0.0.1", "{path}/"),
        ("http://127.0.0.1:9", "{path}"),
        ("http://127.0.0.1:8080", "{path}"),
        ("", "/login"),
        ("https://[", "{path}"),
    ],
)
def test_a_server_that_sends_everybody_elsewhere_violates(base: str, path: str) -> None:
    report = verify(redirecting(302, base, path), selection=Selection(("list/status",)))

    assert Verdict.VIOLATES == report.verdict
    assert "status 302" in failed(report)["list/status"]


# ---- a server that is gone


def test_a_server_that_falls_silent_is_told_once_and_soon_left() -> None:
    service = Service(existing=25)
    silent: list[Request] = []

    def send(request: Request, _: float) -> Exchange:
        if service.count["all"] < 50:
            return Exchange(request, service.handle(request))
        silent.append(request)
        return Exchange(request, None, "no answer within 3 s")

    report = verify_through(send, service)

    assert ["list/status"] == list(failed(report))
    assert Verdict.VIOLATES == report.verdict
    assert "the server does not answer any more" in report.problem
    assert len(silent) <= FEW


@pytest.mark.parametrize("lost", range(1, 5))
def test_a_generate_that_does_not_reach_the_server_takes_no_other_with_it(lost: int) -> None:
    service = Service(existing=25)
    puts: list[Request] = []

    def send(request: Request, _: float) -> Exchange:
        if request.method == "PUT":
            with service.lock:
                puts.append(request)
                number = len(puts)
            if number == lost:
                msg = "connection refused"
                raise Unreachable(msg)
        return Exchange(request, service.handle(request))

    report = verify_through(send, service)

    made = {record.id for record in service.apps[service.app_id][25:]}
    assert 3 <= len(made)
    assert made == set(report.generated)
    assert {} == failed(report)
    assert "the server could not be reached any more: connection refused" in report.problem
    assert [] == [each.id for each in report.clauses if each.evidence.startswith("error: ")]
    assert "went wrong" not in report.problem
