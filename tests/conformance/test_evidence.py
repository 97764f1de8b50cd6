"""What a report says was seen: of a clause that passed, nothing that was not answered."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import pytest

from appcode_contract.conformance.runner import run
from appcode_contract.messages import Exchange, Response
from appcode_contract.report import Outcome, Report
from tests.broken_servers.planting import plant
from tests.broken_servers.service import Service
from tests.broken_servers.values import Choices
from tests.broken_servers.verify import target_of, verify

if TYPE_CHECKING:
    from collections.abc import Callable

    from appcode_contract.messages import Request

EXISTING = 25
STATUS = re.compile(r"\b(?:200|201|302|40[0134]|418)\b(?! bytes| responses)")
COUNTED = re.compile(r"(\d+) answers with (\d+)")


def away(self: Service, request: Request) -> Response:
    response = Service.handle(self, request)
    if self.count["all"] == 1:
        return response
    return Response(302, {"Location": "https://login.example/", "Content-Length": "0"})


def instead(documented: int, status: int) -> Callable[..., Service]:
    return plant(respond=lambda self, code, body: Service.respond(self, status if code == documented else code, body))


SERVERS: dict[str, Callable[..., Service]] = {
    "correct": Service,
    "302 after the first query": plant(handle=away),
    "418 instead of 401": instead(401, 418),
    "400 instead of 401": instead(401, 400),
    "403 instead of 401": instead(401, 403),
    "500 instead of 401": instead(401, 500),
    "401 instead of 403": instead(403, 401),
    "403 instead of 404": instead(404, 403),
    "404 instead of 400": instead(400, 404),
    "the list for any app": plant(
        require_app=lambda *_: None, records=lambda self, _: Service.records(self, self.app_id)
    ),
    "nothing is stored": plant(keep=lambda *_: None),
}


@dataclass
class Seen:
    """A run's report, and how often each status was answered."""

    report: Report
    answered: Counter[int] = field(default_factory=Counter)

    @property
    def passed(self) -> dict[str, str]:
        return {each.id: each.evidence for each in self.report.clauses if each.outcome is Outcome.PASSED}


@cache
def seen(name: str, max_generate: int) -> Seen:
    service = SERVERS[name](existing=EXISTING)
    answered: Counter[int] = Counter()

    def send(request: Request, _: float) -> Exchange:
        exchange = Exchange(request, service.handle(request))
        with service.lock:
            answered[exchange.response.status if exchange.response else 0] += 1
        return exchange

    return Seen(run(target_of(service, "http://127.0.0.1:9", max_generate, 0), send=send), answered)


@pytest.mark.parametrize("max_generate", [5, 9])
@pytest.mark.parametrize("name", SERVERS)
def test_nothing_is_told_of_a_clause_that_passed_but_what_was_answered(name: str, max_generate: int) -> None:
    run_seen = seen(name, max_generate)

    told = {clause: set(map(int, STATUS.findall(evidence))) for clause, evidence in run_seen.passed.items()}
    assert any(told.values())
    assert {} == {clause: statuses for clause, statuses in told.items() if not statuses <= run_seen.answered.keys()}
    assert [] == [(clause, evidence) for clause, evidence in run_seen.passed.items() if re.match(r"0 ", evidence)]
    for evidence in run_seen.passed.values():
        for number, status in COUNTED.findall(evidence):
            assert 1 <= int(number) <= run_seen.answered[int(status)]


@pytest.mark.parametrize(
    ("name", "clauses"),
    [
        ("302 after the first query", ("header/x-auth-token", "error/401/code", "error/404/code", "error/no-effect",
                                       "generate/status", "generate/single", "list/total", "list/limit/type")),
        ("418 instead of 401", ("header/x-auth-token", "error/401/code", "error/no-effect/wrong-token")),
        ("the list for any app", ("error/404/code", "error/404/generate", "path/app-id", "list/app-codes/own")),
        ("nothing is stored", ("generate/single", "generate/listed", "generate/concurrent")),
    ],
)  # fmt: skip
def test_what_was_not_seen_has_not_passed(name: str, clauses: tuple[str, ...]) -> None:
    for max_generate in (5, 9):
        assert set(clauses).isdisjoint(seen(name, max_generate).passed)


@pytest.mark.parametrize(
    ("choices", "below", "above"),
    [
        (Choices(out_of_range_limit="reject"), "below 1: refused", "above 500: refused"),
        (Choices(out_of_range_limit="clamp"), "below 1: taken as 20", "above 500: answered with all 25"),
    ],
    ids=["reject", "clamp"],
)
def test_what_became_of_a_limit_out_of_range_is_told(choices: Choices, below: str, above: str) -> None:
    report = verify(Service(existing=EXISTING, choices=choices), read_only=True)

    told = {each.id: each.evidence for each in report.clauses}
    assert f"1 of 25 AppCodes; {below}" == told["list/limit/minimum"]
    assert f"25 AppCodes with limit 500; {above}" == told["list/limit/maximum"]


def test_a_limit_above_500_is_told_as_taken_where_it_shows() -> None:
    service = Service(existing=501, choices=Choices(out_of_range_limit="clamp"))

    told = {each.id: each.evidence for each in verify(service, read_only=True).clauses}

    assert "500 AppCodes with limit 500; above 500: taken as 500" == told["list/limit/maximum"]


def test_a_limit_below_1_of_a_short_list_is_not_told_as_taken() -> None:
    service = Service(existing=20, choices=Choices(out_of_range_limit="clamp"))

    told = {each.id: each.evidence for each in verify(service, read_only=True).clauses}

    assert "1 of 20 AppCodes; below 1: answered with all 20" == told["list/limit/minimum"]
