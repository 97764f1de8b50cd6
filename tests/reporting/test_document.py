"""The JSON report is what its schema says, of every kind of server, and holds what the other forms need."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

import appcode_contract.reporting
from appcode_contract.conformance.runner import run
from appcode_contract.conformance.selection import Selection
from appcode_contract.json_schema import Validator
from appcode_contract.messages import Exchange, Request
from appcode_contract.redaction import Redactor
from appcode_contract.report import Outcome
from appcode_contract.reporting.document import document_of, exchange_of, to_json
from appcode_contract.reporting.forms import FORMS
from tests.broken_servers.defects import DEFECTS
from tests.broken_servers.service import Service
from tests.broken_servers.verify import target_of, verify
from tests.reporting.reports import kept, reading_only, with_defect

if TYPE_CHECKING:
    from collections.abc import Callable

    from appcode_contract.report import Report

SCHEMA = json.loads(Path(appcode_contract.reporting.__file__).with_name("report.schema.json").read_text("utf-8"))
VALIDATOR = Validator(SCHEMA)
DEFECT = "limit abc is a 422"


def written(report: Report) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(to_json(document_of(report)))
    return document


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    "make",
    [
        kept,
        lambda: with_defect(DEFECT),
        reading_only,
        lambda: verify(Service(), deadline=1e-9),
        lambda: verify(Service(), token="another-token"),
    ],
    ids=["conforms", "violates", "read-only", "broken off", "refused"],
)
def test_a_report_keeps_the_schema(make: Callable[[], Report]) -> None:
    errors = [error.message for error in VALIDATOR.iter_errors(written(make()))]
    assert [] == errors


def test_a_report_with_another_key_or_without_one_does_not_keep_it() -> None:
    document = written(reading_only())

    assert not VALIDATOR.is_valid(document | {"more": 1})
    for name in document:
        assert not VALIDATOR.is_valid({key: value for key, value in document.items() if key != name})


def test_a_violation_names_its_exchange_its_finder_and_how_to_repeat_it() -> None:
    document = written(with_defect(DEFECT))

    told = next(each for each in document["violations"] if each["clause"] == "status/documented")
    exchange = document["exchanges"][told["exchange"]]
    assert told["found_by"] in {each["id"] for each in document["clauses"]}
    assert (422, "GET") == (exchange["response"]["status"], exchange["request"]["method"])
    assert re.search(r"[?&]limit=[a-z]", exchange["request"]["url"])
    assert f"curl -i -X GET -H \"X-Auth-Token: $APPCODE_TOKEN\" '{exchange['request']['url']}'" == told["repeat"]


def test_every_exchange_is_there_with_its_time() -> None:
    report = kept()
    document = written(report)

    assert len(report.exchanges) == document["requests"] == len(document["exchanges"])
    begun = [each["started"] for each in document["exchanges"] if each["request"]["method"] == "GET"]
    assert sorted(begun) == begun
    assert document["started"] == document["exchanges"][0]["started"]
    assert all(each["seconds"] >= 0 for each in document["exchanges"])


def test_the_body_of_a_request_is_told_by_its_size() -> None:
    exchange = exchange_of(Exchange(Request("PUT", "http://127.0.0.1/", (), b'{"a": "secret"}'), None), Redactor())

    assert 15 == exchange["request"]["body_bytes"]
    assert "secret" not in json.dumps(exchange)
    document = written(reading_only())
    del document["exchanges"][0]["request"]["body_bytes"]
    assert not VALIDATOR.is_valid(document)


def test_an_answer_that_did_not_come_is_told_with_its_reason() -> None:
    service = Service()

    def send(request: Request, _: float) -> Exchange:
        response = service.handle(request)
        if service.count["all"] < 5:
            return Exchange(request, response)
        return Exchange(request, None, "no complete answer: the line broke")

    document = written(run(target_of(service, "http://127.0.0.1:9", 0, 0), send=send))

    lost = [each for each in document["exchanges"] if each["response"] is None]
    assert lost
    assert {"no complete answer: the line broke"} == {each["problem"] for each in lost}


def test_outcomes_are_those_of_the_report() -> None:
    report = reading_only()
    document = written(report)

    assert [(each.id, str(each.outcome)) for each in report.clauses] == [
        (each["id"], each["outcome"]) for each in document["clauses"]
    ]
    assert {str(each) for each in Outcome} >= {each["outcome"] for each in document["clauses"]}


@pytest.mark.parametrize("token", ["token", "list", "pass", "seed", "started", "failed", "server", "documented"])
def test_a_token_that_is_a_word_of_the_report_spoils_no_form(token: str) -> None:
    service = DEFECTS[DEFECT].make()
    service.token = token
    report = verify(service, selection=Selection(("list/limit", "status")), max_generate=0)

    document = written(report)

    assert [] == [error.message for error in VALIDATOR.iter_errors(document)]
    assert [each.id for each in report.clauses] == [each["id"] for each in document["clauses"]]
    assert "list/limit/type" in {each["clause"] for each in document["violations"]}
    assert all("list/limit/type" in form(document) for form in FORMS.values())
