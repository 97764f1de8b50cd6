"""Replaying what failed: a mistake that is still there is never called fixed, and one that is gone always is."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import pytest

from appcode_contract.conformance.replay import (
    Fate,
    Finding,
    also_failing,
    changed_since,
    exit_code_of,
    failures_in,
    ids_in,
    judge_again,
    queries_in,
    selection_of,
)
from appcode_contract.conformance.runner import run
from appcode_contract.messages import Exchange, Response
from appcode_contract.report import Outcome
from appcode_contract.reporting.document import document_of
from tests.broken_servers.defects import DEFECTS
from tests.broken_servers.planting import plant
from tests.broken_servers.service import Service
from tests.broken_servers.values import Choices
from tests.broken_servers.verify import target_of, verify

if TYPE_CHECKING:
    from typing import Any

    from appcode_contract.conformance.replay import Failure
    from appcode_contract.messages import Request
    from appcode_contract.report import Report

OLDEST_FIRST = Choices(list_order="oldest_first")
ANYWHERE = "http://other.example:8080/base"


def failed(service: Service, max_generate: int = 5, seed: int = 0) -> tuple[dict[str, Any], list[Failure]]:
    report = verify(service, max_generate=max_generate, seed=seed)
    document: dict[str, Any] = json.loads(json.dumps(document_of(report)))
    return document, failures_in(document)


def again(service: Service, document: dict[str, Any], failures: list[Failure], max_generate: int = 5) -> Report:
    def send(request: Request, _: float) -> Exchange:
        return Exchange(request, service.handle(request))

    selection = selection_of(document, failures)
    assert selection is not None
    service.base_path = "/base"
    return run(target_of(service, ANYWHERE.removesuffix("/base"), max_generate, 0), selection, send=send)


@pytest.mark.parametrize(
    "name",
    [
        "limit abc is a 422",
        "AppCodes have 63 characters",
        "the list shows AppCodes with a blank for plus",
        "offset counts pages",
    ],
)
def test_a_defect_that_stays_still_fails_and_one_that_is_mended_is_fixed(name: str) -> None:
    defect = DEFECTS[name]
    service = defect.make(existing=defect.existing)
    document, failures = failed(service)
    assert defect.clause in {each.clause for each in failures}

    report = again(service, document, failures)
    still = judge_again(document, failures, report)
    unasked = judge_again(document, failures, again(service, document, failures, max_generate=0))
    mended = again(Service(existing=defect.existing), document, failures)
    fixed = judge_again(document, failures, mended)

    assert [each.clause for each in failures] == [each.clause for each in still] == [each.clause for each in fixed]
    assert Fate.FIXED not in {each.fate for each in (*still, *unasked)}
    assert Fate.STILL_FAILS is {each.clause: each.fate for each in still}[defect.clause]
    assert {Fate.FIXED} == {each.fate for each in fixed}
    assert (1, 0) == (exit_code_of(still, report), exit_code_of(fixed, mended))


def test_a_clause_that_began_to_fail_is_told_and_weighs() -> None:
    document, failures = failed(DEFECTS["limit abc is a 422"].make(existing=25), max_generate=0)
    assert {"list/limit/type", "status/documented"} == {each.clause for each in failures}
    before = [each for each in failures if each.clause == "list/limit/type"]
    without = {**document, "clauses": [each for each in document["clauses"] if each["id"] != "status/documented"]}

    report = again(DEFECTS["limit abc is a 422"].make(existing=25), document, failures, max_generate=0)

    (told,) = also_failing(without, report)
    assert "status/documented" == told.id
    fixed = [replace(each, fate=Fate.FIXED) for each in judge_again(document, before, report)]
    assert 1 == exit_code_of(fixed, report)


def test_an_app_whose_list_changed_is_told() -> None:
    service = plant(default_limit=10)(existing=25)
    document, failures = failed(service, max_generate=0)
    mended = Service(existing=25)
    mended.default_limit = 10

    assert "" == changed_since(document, again(mended, document, failures, max_generate=0))
    mended.fill(mended.app_id, 3)
    told = changed_since(document, again(mended, document, failures, max_generate=0))
    assert "the app has 28 AppCodes, and had 25 when the report was made; what showed only" in told


def test_only_the_tests_of_what_failed_and_of_what_found_it_are_run() -> None:
    document, failures = failed(DEFECTS["limit abc is a 422"].make(existing=25), max_generate=0)
    selection = selection_of(document, failures)

    assert selection is not None
    assert selection.exact
    assert {"list/limit/type", "status/documented"} <= set(selection.clauses)
    assert len(selection.clauses) < 8


def test_a_known_deviation_is_no_failure() -> None:
    document, failures = failed(plant(default_limit=10)(existing=25), max_generate=0)
    document["clauses"] = [
        {**each, "outcome": "known"} if each["outcome"] == "failed" else each for each in document["clauses"]
    ]

    assert failures
    assert [] == failures_in(document)
    assert selection_of(document, []) is None


def test_what_passed_in_a_run_that_broke_off_is_not_fixed() -> None:
    document, failures = failed(plant(default_limit=10)(existing=25), max_generate=0)
    report = replace(again(Service(existing=25), document, failures), problem="interrupted", ended=False)

    (told,) = judge_again(document, failures, report)

    assert Fate.NOT_EXERCISED is told.fate
    assert "it passed as far as it was tried, and the run did not come to its end: interrupted" == told.reason
    assert 3 == exit_code_of([told], report)


def test_a_test_that_had_come_no_further_must_send_the_same_request() -> None:
    document, failures = failed(DEFECTS["size is one more"].make(existing=3))
    report = again(Service(existing=3), document, failures)
    (failure,) = failures
    (short,) = [each for each in failure.findings if each.found_by == "list/limit/default"][:1]
    assert "needs  AppCodes, the app has " == short.lacking
    assert {"list/limit/default": Outcome.NOT_EXERCISED}.items() <= {
        each.id: each.outcome for each in report.clauses
    }.items()

    def fate(finding: Finding) -> Fate:
        (told,) = judge_again(document, [replace(failure, findings=(finding,))], report)
        return told.fate

    assert Fate.FIXED is fate(short)
    assert Fate.NOT_EXERCISED is fate(replace(short, request="GET /elsewhere"))
    assert Fate.NOT_EXERCISED is fate(replace(short, lacking=""))
    assert Fate.NOT_EXERCISED is fate(replace(short, lacking="needs a token"))
    assert Fate.NOT_EXERCISED is fate(replace(short, found_by="no/such"))
    assert Fate.FIXED is fate(replace(short, found_by="", request=None))


def test_ids_are_those_of_the_first_request_that_has_them() -> None:
    service = Service(existing=2)
    document, _ = failed(service, max_generate=0)

    ids = {"project_id": service.project_id, "instance_id": service.instance_id, "app_id": service.app_id}
    assert ids == ids_in(document)


@pytest.mark.parametrize("url", ["", "nonsense", "http://[", "http://x/v2/a/apic/instances//apps/b/app-codes"])
def test_ids_of_a_url_that_has_none_are_not_made_up(url: str) -> None:
    assert {} == ids_in({"exchanges": [{"request": {"url": url}}]})


def test_ids_are_decoded_and_what_was_hidden_is_left_out() -> None:
    url = "http://x/v2/a%2Fb/apic/instances/[redacted: 64 characters #00000000]/apps/c/app-codes?limit=1"

    assert {"project_id": "a/b", "app_id": "c"} == ids_in({"exchanges": [{"request": {"url": url}}]})


class Special(Service):
    """A server that is wrong at one offset of its list, for some limits."""

    wrong_limits = range(1, 501)
    wrong_at = 37

    def handle(self, request: Request) -> Response:
        query = dict(parse_qsl(request.query))
        offset, limit = query.get("offset", ""), query.get("limit", "20")
        if (
            request.method == "GET"
            and offset == str(self.wrong_at)
            and limit.isdigit()
            and int(limit) in self.wrong_limits
        ):
            url = request.url.replace(f"offset={offset}", f"offset={int(offset) + 1}")
            return super().handle(replace(request, url=url))
        return super().handle(request)


def fates(
    service: Service, document: dict[str, Any], failures: list[Failure], max_generate: int = 0
) -> dict[str, tuple[Fate, str]]:
    report = again(service, document, failures, max_generate)
    return {each.clause: (each.fate, each.reason) for each in judge_again(document, failures, report)}


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_wrong_for_one_query_alone_is_asked_again(seed: int) -> None:
    service = Special(existing=45, choices=OLDEST_FIRST)
    document, failures = failed(service, max_generate=0, seed=seed)
    (shown,) = queries_in(document)[-1:]
    assert "37" == shown["offset"]
    assert Fate.STILL_FAILS is fates(service, document, failures)["list/paging"][0]

    service.wrong_limits = range(int(shown["limit"]), int(shown["limit"]) + 1)
    assert Fate.STILL_FAILS is fates(service, document, failures)["list/paging"][0]
    service.fill(service.app_id, 10)
    assert Fate.STILL_FAILS is fates(service, document, failures)["list/paging"][0]
    service.wrong_limits = range(0)
    assert {Fate.FIXED} == {fate for fate, _ in fates(service, document, failures).values()}


def test_nothing_of_a_list_is_fixed_when_the_list_is_shorter() -> None:
    service = Special(existing=45, choices=OLDEST_FIRST)
    document, failures = failed(service, max_generate=0, seed=1)
    shorter = Special(existing=30, choices=OLDEST_FIRST)

    fate, reason = fates(shorter, document, failures)["list/paging"]

    assert Fate.NOT_EXERCISED is fate
    assert "it failed when the app had 45 AppCodes, and it has 30 now" == reason


def test_a_clause_whose_test_ends_earlier_now_is_asked_again() -> None:
    class Plain(Service):
        """Refuses one text that is no number in plain text."""

        taken = ""

        def handle(self, request: Request) -> Response:
            asked = dict(parse_qsl(request.query))
            if asked.get("limit") == "4.0":
                return Response(400, [("Content-Type", "text/plain")], b"no")
            if asked.get("limit") == self.taken:
                return super().handle(replace(request, url=request.url.replace(f"limit={self.taken}", "limit=20")))
            return super().handle(request)

    service = Plain(existing=25)
    document, failures = failed(service, max_generate=0)
    assert "body/json" in {each.clause for each in failures}

    service.taken = "abc"

    assert Fate.STILL_FAILS is fates(service, document, failures)["body/json"][0]


def test_a_known_deviation_of_the_report_does_not_fail_now_only() -> None:
    document, failures = failed(DEFECTS["limit abc is a 422"].make(existing=25), max_generate=0)
    known = [
        {**each, "outcome": "known"} if each["id"] == "status/documented" else each for each in document["clauses"]
    ]
    report = again(DEFECTS["limit abc is a 422"].make(existing=25), document, failures, max_generate=0)

    assert [] == also_failing({**document, "clauses": known}, report)
