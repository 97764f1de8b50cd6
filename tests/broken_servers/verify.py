"""Runs conformance against one of these servers, and says shortly what it found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from appcode_contract.conformance.runner import run
from appcode_contract.conformance.selection import Selection
from appcode_contract.conformance.target import Target
from appcode_contract.messages import Exchange
from appcode_contract.report import Outcome, Report
from tests.broken_servers.http_server import Transport, serving

if TYPE_CHECKING:
    from appcode_contract.messages import Request
    from tests.broken_servers.faithful_server import Faithful
    from tests.broken_servers.planting import Defect
    from tests.broken_servers.service import Service

TIMEOUT = 3.0


@dataclass(frozen=True, slots=True)
class Found:
    """What a run found: failed clauses, each with the words of its first violation, and what it could not try."""

    failed: dict[str, str]
    not_exercised: dict[str, str]
    requests: int
    seconds: float
    problem: str


def verify(
    service: Service,
    *,
    transport: Transport | None = None,
    selection: Selection = Selection(),  # noqa: B008 - a value
    max_generate: int = 5,
    seed: int = 0,
    **options: Any,  # noqa: ANN401 - what a target takes
) -> Report:
    """Verify a server, in process where no transport matters."""
    if (transport or Transport()) == Transport():

        def send(request: Request, _: float) -> Exchange:
            return Exchange(request, service.handle(request))

        target = target_of(service, "http://127.0.0.1:9", max_generate, seed, **options)
        return run(target, selection, send=send)
    with serving(service.handle, transport) as url:
        return run(target_of(service, url, max_generate, seed, **options), selection)


def target_of(service: Service, url: str, max_generate: int, seed: int, **options: Any) -> Target:  # noqa: ANN401 - what a target takes
    return Target(
        **{
            "url": url + service.base_path,
            "project_id": service.project_id,
            "instance_id": service.instance_id,
            "app_id": service.app_id,
            "token": service.token,
            "forbidden_token": service.forbidden_token,
            "max_generate": max_generate,
            "seed": seed,
            "timeout": TIMEOUT,
            **options,
        }
    )


def verify_defect(defect: Defect, seed: int) -> Found:
    service = defect.make(seed=seed, existing=defect.existing)
    return found(verify(service, transport=defect.transport, max_generate=defect.max_generate, seed=seed))


def verify_faithful(server: Faithful, seed: int) -> Found:
    service = server.make(seed=seed, existing=server.existing, choices=server.choices)
    with server.meanwhile(service):
        return found(verify(service, transport=server.transport, seed=seed, **server.options))


def found(report: Report) -> Found:
    failed = {
        clause.id: next((each.actual for each in report.violations if each.clause == clause.id), clause.evidence)
        for clause in report.clauses
        if clause.outcome is Outcome.FAILED
    }
    idle = {clause.id: clause.evidence for clause in report.clauses if clause.outcome is Outcome.NOT_EXERCISED}
    return Found(failed, idle, report.requests, report.seconds, report.problem)
