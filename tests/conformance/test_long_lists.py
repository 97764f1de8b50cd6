"""A list longer than is read again and again is read to its end once, and judged by it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest

from appcode_contract.conformance.runner import run
from appcode_contract.conformance.selection import Selection
from appcode_contract.messages import Response
from appcode_contract.report import Outcome
from tests.conformance.support import in_process, new_fake, outcomes, target_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from appcode_contract import AppCodeRecord, FakeAppCodes, Request
    from appcode_contract.report import Report

COUNT = 7_300
DEEP = 7_000
TOTAL = Selection(clauses=("list/total",))
BOTH = Selection(clauses=("list/total", "list/paging"))


class ChangesDeepPages:
    """Changes what the fake answers from an offset on."""

    def __init__(self, fake: FakeAppCodes, change: Callable[[dict[str, Any]], dict[str, Any]], status: int) -> None:
        self.fake = fake
        self.status = status
        self.change = change
        self.deep = 0

    def handle(self, request: Request) -> Response:
        answer = self.fake.handle(request)
        offset = next((part for part in request.query.split("&") if part.startswith("offset=")), "offset=0")
        if int(offset.removeprefix("offset=")) not in range(DEEP, COUNT):
            return answer
        self.deep += 1
        body = json.dumps(self.change(answer.json())).encode()
        headers = [(name, value) for name, value in answer.headers if name.lower() != "content-length"]
        return Response(self.status, headers, body)


@pytest.fixture(scope="module")
def fake() -> FakeAppCodes:
    made = new_fake(seed=1)
    made.seed(COUNT)
    return made


def judged(
    fake: FakeAppCodes,
    change: Callable[[dict[str, Any]], dict[str, Any]],
    status: int = 200,
    selection: Selection = TOTAL,
) -> Report:
    handler = ChangesDeepPages(fake, change, status)
    report = run(target_of(fake, read_only=True), selection, send=in_process(handler))
    assert handler.deep
    return report


def without_items(body: dict[str, Any], count: int) -> dict[str, Any]:
    kept = body["app_codes"][count:]
    return {**body, "app_codes": kept, "size": len(kept)}


def item_of(record: AppCodeRecord) -> dict[str, Any]:
    return {**asdict(record), "create_time": record.create_time[:19] + "Z"}


def evidence(report: Report) -> str:
    return next(clause.evidence for clause in report.clauses if clause.id == "list/total")


def test_a_long_list_is_counted_to_its_end(fake: FakeAppCodes) -> None:
    report = judged(fake, lambda body: body)

    assert Outcome.PASSED is outcomes(report)["list/total"]
    assert "7300 on 15 pages" == evidence(report)


def test_a_total_that_a_long_list_does_not_reach_is_a_violation(fake: FakeAppCodes) -> None:
    report = judged(fake, lambda body: without_items(body, 1))

    assert Outcome.FAILED is outcomes(report)["list/total"]
    assert "total 7300" in evidence(report)


def test_an_app_code_that_a_long_list_holds_twice_is_a_violation_of_paging(fake: FakeAppCodes) -> None:
    first = item_of(fake.app_codes()[0])
    report = judged(fake, lambda body: {**body, "app_codes": [first, *body["app_codes"][1:]]}, selection=BOTH)

    assert Outcome.NOT_EXERCISED is outcomes(report)["list/total"]
    assert {"list/paging"} == {each.clause for each in report.violations}
    assert "1 of 7300 AppCodes repeat another" in {each.actual for each in report.violations}


def test_a_total_that_changes_on_the_way_is_no_verdict(fake: FakeAppCodes) -> None:
    report = judged(fake, lambda body: {**body, "total": body["total"] + 1})

    assert Outcome.NOT_EXERCISED is outcomes(report)["list/total"]
    assert () == report.violations


def test_a_long_list_whose_end_is_not_reached_is_not_passed(fake: FakeAppCodes) -> None:
    report = judged(fake, lambda _: {"error_code": "APIG.9999", "error_msg": "failed"}, status=500)

    assert Outcome.NOT_EXERCISED is outcomes(report)["list/total"]
    assert "longer than 6500" in evidence(report)
