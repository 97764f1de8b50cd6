"""Replaying what failed: a mistake that is still there is never called fixed, and one that is gone always is."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

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
    selection_of,
)
from appcode_contract.conformance.runner import run
from appcode_contract.messages import Exchange
from appcode_contract.report import Outcome
from appcode_contract.reporting.document import document_of
from tests.broken_servers.defects import DEFECTS
from tests.broken_servers.planting import plant
from tests.broken_servers.service import Service
from tests.broken_servers.verify import target_of, verify

if TYPE_CHECKING:
    from typing import Any

    from appcode_contract.conformance.replay import Failure
    from appcode_contract.messages import Request
    from appcode_contract.report import Report

ANYWHERE = "http://other.example:8080/base"


def failed(service: Service, max_generate: int = 5) -> tuple[dict[str, Any], list[Failure]]:
    document: dict[str, Any] = json.loads(json.dumps(document_of(verify(service, max_generate=max_generate))))
    return document, failures_in(document)


def again(service: Service, failures: list[Failure], max_generate: int = 5) -> Report:
    def send(request: Request, _: float) -> Exchange:
        return Exchange(request, service.handle(request))

    selection = selection_of(failures)
    assert selection is not None
    service.base_path = "/base"
    return run(target_of(service, ANYWHERE.removesuffix("/base"), max_generate, 0), selection, send=send)


@pytest.mark.parametrize(
    "name",
    [
        "limit abc is a 422",
        "size is one more",
        "AppCodes have 63 characters",
        "the list shows AppCodes with a blank for plus",
        "items have no id",
        "offset counts pages",
    ],
)
def test_a_defect_that_stays_still_fails_and_one_that_is_mended_is_fixed(name: str) -> None:
    defect = DEFECTS[name]
    service = defect.make(existing=defect.existing)
    _, failures = failed(service)
    assert defect.clause in {each.clause for each in failures}

    report = again(service, failures)
    still = judge_again(failures, report)
    unasked = judge_again(failures, again(service, failures, max_generate=0))
    mended = again(Service(existing=defect.existing), failures)
    fixed = judge_again(failures, mended)

    assert [each.clause for each in failures] == [each.clause for each in still] == [each.clause for each in fixed]
    assert Fate.FIXED not in {each.fate for each in (*still, *unasked)}
    assert Fate.STILL_FAILS is {each.clause: each.fate for each in still}[defect.clause]
    assert {Fate.FIXED} == {each.fate for each in fixed}
    assert (1, 0) == (exit_code_of(still, report), exit_code_of(fixed, mended))


def test_a_clause_that_began_to_fail_is_told_and_weighs() -> None:
    _, failures = failed(DEFECTS["limit abc is a 422"].make(existing=25), max_generate=0)
    assert {"list/limit/type", "status/documented"} == {each.clause for each in failures}
    before = [each for each in failures if each.clause == "list/limit/type"]

    report = again(DEFECTS["limit abc is a 422"].make(existing=25), failures, max_generate=0)

    (told,) = also_failing(before, report)
    assert "status/documented" == told.id
    fixed = [replace(each, fate=Fate.FIXED) for each in judge_again(before, report)]
    assert 1 == exit_code_of(fixed, report)


def test_an_app_whose_list_changed_is_told() -> None:
    service = plant(default_limit=10)(existing=25)
    document, failures = failed(service, max_generate=0)
    mended = Service(existing=25)
    mended.default_limit = 10

    assert "" == changed_since(document, again(mended, failures, max_generate=0))
    mended.fill(mended.app_id, 3)
    assert "the app's list is not what it was" in changed_since(document, again(mended, failures, max_generate=0))


def test_only_the_tests_of_what_failed_and_of_what_found_it_are_run() -> None:
    _, failures = failed(DEFECTS["limit abc is a 422"].make(existing=25), max_generate=0)
    selection = selection_of(failures)

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
    assert selection_of([]) is None


def test_what_passed_in_a_run_that_broke_off_is_not_fixed() -> None:
    _, failures = failed(plant(default_limit=10)(existing=25), max_generate=0)
    report = replace(again(Service(existing=25), failures), problem="interrupted", ended=False)

    (told,) = judge_again(failures, report)

    assert Fate.NOT_EXERCISED is told.fate
    assert "it passed as far as it was tried, and the run did not come to its end: interrupted" == told.reason
    assert 3 == exit_code_of([told], report)


def test_a_test_that_had_come_no_further_must_send_the_same_request() -> None:
    _, failures = failed(DEFECTS["size is one more"].make(existing=3))
    report = again(Service(existing=3), failures)
    (failure,) = failures
    (short,) = [each for each in failure.findings if each.found_by == "list/limit/default"][:1]
    assert "needs  AppCodes, the app has " == short.lacking
    assert {"list/limit/default": Outcome.NOT_EXERCISED}.items() <= {
        each.id: each.outcome for each in report.clauses
    }.items()

    def fate(finding: Finding) -> Fate:
        (told,) = judge_again([replace(failure, findings=(finding,))], report)
        return told.fate

    assert Fate.FIXED is fate(short)
    assert Fate.NOT_EXERCISED is fate(replace(short, request="GET /elsewhere"))
    assert Fate.NOT_EXERCISED is fate(replace(short, lacking=""))
    assert Fate.NOT_EXERCISED is fate(replace(short, lacking="needs a token"))
    assert Fate.NOT_EXERCISED is fate(replace(short, found_by="no/such"))
    assert Fate.FIXED is fate(replace(short, found_by=""))


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
