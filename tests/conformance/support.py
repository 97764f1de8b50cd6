"""Runs conformance against a handler, behind a real server or in this process."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict, Unpack

from appcode_contract import FakeAppCodes
from appcode_contract.conformance.runner import run
from appcode_contract.conformance.target import Target
from appcode_contract.messages import Exchange
from appcode_contract.transports.live import LiveServer, listen
from tests.conformance.broken import FORBIDDEN

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from appcode_contract import Request
    from appcode_contract.messages import Handler
    from appcode_contract.report import Outcome, Report
    from appcode_contract.stand_in import FakeOptions


class TargetOptions(TypedDict, total=False):
    """What a test changes of a target."""

    project_id: str
    instance_id: str
    app_id: str
    token: str
    forbidden_token: str | None
    max_generate: int
    read_only: bool
    seed: int
    timeout: float
    deadline: float
    rate: float | None
    ca_bundle: Path | None
    insecure: bool


def new_fake(**options: Unpack[FakeOptions]) -> FakeAppCodes:
    fake = FakeAppCodes(**options)
    fake.add_token(FORBIDDEN, forbidden=True)
    return fake


def target_of(fake: FakeAppCodes, url: str = "", **options: Unpack[TargetOptions]) -> Target:
    target = Target(
        url=url or fake.base_url,
        project_id=fake.project_id,
        instance_id=fake.instance_id,
        app_id=fake.app_id,
        token=fake.token,
        forbidden_token=FORBIDDEN,
        timeout=5.0,
    )
    return replace(target, **options)


def in_process(handler: Handler) -> Callable[[Request, float], Exchange]:
    """A way to a handler without a network."""
    return lambda request, _: Exchange(request, handler.handle(request))


def verify(fake: FakeAppCodes, handler: Handler | None = None, **options: Unpack[TargetOptions]) -> Report:
    """Verify without a network."""
    return run(target_of(fake, **options), send=in_process(handler or fake))


def verify_over_http(fake: FakeAppCodes, handler: Handler, **options: Unpack[TargetOptions]) -> Report:
    """Verify where it matters what arrives of an answer."""
    with LiveServer(handler, listen()) as server:
        return run(target_of(fake, server.url, **options))


def outcomes(report: Report) -> dict[str, Outcome]:
    return {clause.id: clause.outcome for clause in report.clauses}
