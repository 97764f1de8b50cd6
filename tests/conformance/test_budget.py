"""What a run may spend: requests to generate, time, and requests a second; nothing is ever spent twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from appcode_contract.conformance.runner import run
from appcode_contract.conformance.selection import Selection
from appcode_contract.messages import Exchange, Response
from appcode_contract.report import Outcome, Verdict
from tests.broken_servers.planting import plant
from tests.broken_servers.service import Service
from tests.broken_servers.values import Choices, RefusedError
from tests.broken_servers.verify import target_of
from tests.conformance.support import outcomes

if TYPE_CHECKING:
    from collections.abc import Callable

    from appcode_contract.messages import Request
    from appcode_contract.report import Report
    from tests.conformance.clock import Clock

    Answer = Callable[[Request], Exchange]

NOWHERE = "http://127.0.0.1:9"
QUOTA = 7
GENERATING = Selection(("generate", "error/no-effect", "error/404/generate", "path/app-id"))
"""The clauses whose tests send requests to generate, and not many others."""


class Sent:
    """A way to a server that keeps what was sent; requests to generate may be answered another way."""

    def __init__(self, service: Service, generates: Answer | None = None) -> None:
        self.service = service
        self.requests: list[Request] = []
        self._generates = generates or self.answer

    def answer(self, request: Request) -> Exchange:
        return Exchange(request, self.service.handle(request))

    def __call__(self, request: Request, _: float) -> Exchange:
        self.requests.append(request)
        return self._generates(request) if request.method == "PUT" else self.answer(request)

    @property
    def puts(self) -> int:
        return sum(request.method == "PUT" for request in self.requests)


def verify(sent: Sent, selection: Selection | None = None, *, max_generate: int = 5, **options: Any) -> Report:  # noqa: ANN401 - what a target takes
    target = target_of(sent.service, NOWHERE, max_generate, 0, **options)
    return run(target, selection or Selection(), send=sent)


def unanswered(request: Request) -> Exchange:
    return Exchange(request, None, "no complete answer: it did not end within 5 s")


def refusing(status: int) -> type[Service]:
    def generate(*_: object) -> None:
        raise RefusedError(status, f"APIG.{status}", "No")

    return plant(generate=generate)


def evidence(report: Report) -> dict[str, str]:
    return {clause.id: clause.evidence for clause in report.clauses}


@pytest.mark.parametrize(
    ("allowed", "existing"), [*((allowed, existing) for allowed in range(10) for existing in (0, 19)), (9, 500)]
)
def test_no_more_is_generated_than_allowed(allowed: int, existing: int) -> None:
    sent = Sent(Service(existing=existing))

    report = verify(sent, GENERATING, max_generate=allowed)

    assert sent.puts <= allowed
    made = [record.id for record in sent.service.apps[sent.service.app_id]][existing:]
    assert sorted(made) == sorted(report.generated)
    assert {Outcome.FAILED}.isdisjoint(outcomes(report).values())


@pytest.mark.parametrize("existing", [0, 19])
def test_a_whole_run_generates_no_more_than_allowed(existing: int) -> None:
    sent = Sent(Service(existing=existing))

    report = verify(sent, max_generate=9)

    assert 5 <= sent.puts <= 9
    assert Verdict.CONFORMS == report.verdict


@pytest.mark.parametrize(
    ("status", "allowed"), [(400, 1), (400, 9), (401, 9), (403, 9), (404, 9), (500, 1), (500, 9), (503, 9)]
)
def test_no_more_is_sent_when_every_generate_is_refused(status: int, allowed: int) -> None:
    sent = Sent(refusing(status)(existing=3))

    report = verify(sent, GENERATING, max_generate=allowed)

    assert sent.puts <= allowed
    assert () == report.generated


@pytest.mark.parametrize("existing", [0, 19])
@pytest.mark.parametrize("allowed", [1, 2, 4, 9])
def test_no_more_is_sent_when_no_generate_is_answered(allowed: int, existing: int) -> None:
    sent = Sent(Service(existing=existing), unanswered)

    report = verify(sent, GENERATING, max_generate=allowed)

    assert 1 <= sent.puts <= allowed
    assert sent.puts == report.unanswered
    assert () == report.generated


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.usefixtures("clock")
def test_a_server_that_wants_no_generate_gets_no_second_one(status: int) -> None:
    def slow_down(request: Request) -> Exchange:
        refused = refusing(429)().handle(request)
        headers = (("Content-Type", "application/json"), ("Retry-After", "2"))
        return Exchange(request, Response(status, headers, refused.body))

    sent = Sent(Service(existing=3), slow_down)

    report = verify(sent, GENERATING, max_generate=9)

    assert 4 == sent.puts  # at the same time
    assert Outcome.NOT_EXERCISED == outcomes(report)["generate/status"]
    assert f"the server answered {status} (too many requests)" in evidence(report)["generate/status"]


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("existing", [QUOTA - 3, QUOTA - 1, QUOTA])
@pytest.mark.parametrize(("rate", "at_once"), [(None, 4), (3.0, 0)], ids=["together", "one after the other"])
def test_a_quota_ends_generating_and_is_no_violation(existing: int, rate: float | None, at_once: int) -> None:
    service = Service(existing=existing, choices=Choices(quota=QUOTA))
    refused_at: list[int] = []

    def generate(request: Request) -> Exchange:
        exchange = sent.answer(request)
        if exchange.response is not None and exchange.response.status == 400:
            refused_at.append(sent.puts)
        return exchange

    sent = Sent(service, generate)

    report = verify(sent, max_generate=9, rate=rate)

    assert Verdict.CONFORMS == report.verdict
    assert sent.puts <= max(refused_at[0], at_once)
    assert QUOTA == len(service.apps[service.app_id])
    assert QUOTA - existing == len(report.generated)
    assert Outcome.FAILED not in outcomes(report).values()


def test_read_only_sends_no_generate() -> None:
    sent = Sent(Service(existing=30))

    report = verify(sent, max_generate=9, read_only=True)

    assert {"GET"} == {request.method for request in sent.requests}
    assert Verdict.CONFORMS == report.verdict
    assert {Outcome.SKIPPED} == {each for id_, each in outcomes(report).items() if id_.startswith("generate/status")}


def test_what_exists_is_enough_for_every_clause_of_paging() -> None:
    sent = Sent(Service(existing=600))

    report = verify(sent, Selection(("list",)))

    about = [
        id_ for id_ in outcomes(report) if id_.startswith(("list/limit", "list/offset", "list/paging", "list/total"))
    ]
    assert 0 == sent.puts
    assert len(about) > 8
    assert {Outcome.PASSED} == {outcomes(report)[id_] for id_ in about}


def test_what_is_missing_is_told_with_the_number_that_would_do() -> None:
    told = evidence(verify(Sent(Service(existing=19)), Selection(("list/limit",)), max_generate=1))

    assert "needs 21 AppCodes, the app has 19; --max-generate 2 would do" == told["list/limit/default"]


def test_what_is_said_to_do_does() -> None:
    report = verify(Sent(Service(existing=19)), Selection(("list/limit/default",)), max_generate=2)

    assert Outcome.PASSED == outcomes(report)["list/limit/default"]


def slowed(clock: Clock, sent: Sent, seconds: float) -> Callable[[Request, float], Exchange]:
    def send(request: Request, timeout: float) -> Exchange:
        clock.now += min(seconds, timeout)
        return sent(request, timeout) if seconds <= timeout else unanswered(request)

    return send


@pytest.mark.parametrize(("seconds", "deadline"), [(0.5, 1.0), (0.5, 10.0), (2.0, 1.0), (2.0, 60.0)])
def test_a_slow_server_ends_the_run_in_time(seconds: float, deadline: float, clock: Clock) -> None:
    sent = Sent(Service(existing=25))
    target = target_of(sent.service, NOWHERE, 5, 0, deadline=deadline)

    report = run(target, send=slowed(clock, sent, seconds))

    assert clock.now - 1000 <= deadline + 0.01
    assert Verdict.INCONCLUSIVE == report.verdict
    assert "--deadline" in report.problem
    assert Outcome.FAILED not in outcomes(report).values()


@pytest.mark.parametrize("deadline", [1.0, 7.0, 60.0])
def test_a_server_that_hangs_ends_the_run_in_time(deadline: float, clock: Clock) -> None:
    sent = Sent(Service(existing=25))

    report = run(target_of(sent.service, NOWHERE, 5, 0, deadline=deadline), send=slowed(clock, sent, 1e6))

    assert clock.now - 1000 <= deadline + 0.01
    assert Verdict.INCONCLUSIVE == report.verdict
    assert [] == sent.requests


def test_the_clauses_that_time_did_not_allow_name_the_deadline(clock: Clock) -> None:
    sent = Sent(Service(existing=25))

    report = run(target_of(sent.service, NOWHERE, 5, 0, deadline=20.0), send=slowed(clock, sent, 0.5))

    late = [each for each in report.clauses if each.outcome is Outcome.NOT_EXERCISED]
    assert len(late) > 5
    assert len([each for each in late if "--deadline" in each.evidence]) > 5
    assert any(each.outcome is Outcome.PASSED for each in report.clauses)


@pytest.mark.parametrize("rate", [0.5, 3.0, 10.0, 1000.0])
def test_requests_keep_the_rate(rate: float, clock: Clock) -> None:
    sent = Sent(Service(existing=25))
    moments: list[float] = []

    def send(request: Request, timeout: float) -> Exchange:
        moments.append(clock.now)
        return sent(request, timeout)

    selection = Selection(("generate/status", "generate/concurrent", "list/status", "list/total"))
    run(target_of(sent.service, NOWHERE, 5, 0, rate=rate, deadline=3600.0), selection, send=send)

    assert len(moments) > 15
    # Those sent at the same time are made up for before and after.
    for start in range(len(moments)):
        for number, moment in enumerate(moments[start:]):
            assert number <= (moment - moments[start]) * rate + 3 + 1e-6
    assert len(moments) <= (moments[-1] - moments[0]) * rate + 1 + 1e-6
