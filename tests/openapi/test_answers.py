"""Read by the document alone, the answers of the fake are right and those of broken servers are wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import pytest
from jsonschema import Draft202012Validator
from openapi_schema_validator import OAS30Validator

from appcode_contract import FakeAppCodes, Request, Response
from appcode_contract.openapi import OpenApiVersion, openapi_document
from tests.conformance.broken import DEFECTS, BrokenServer
from tests.openapi.walk import PATH, VERSIONS, followed, operation

if TYPE_CHECKING:
    from collections.abc import Iterator

BOTH = pytest.mark.parametrize("version", VERSIONS)
ENGINES: dict[OpenApiVersion, Any] = {"3.1": Draft202012Validator, "3.0": OAS30Validator}
FOUND = {
    "63 characters": {"put: a body that breaks its schema"},
    "generate answers 202": {"put: status 202 is not documented"},
    "no token needed": {"put: no token is needed", "get: no token is needed"},
    "limit 0 is an empty page": {"get: limit=0 is accepted"},
}
"""Planted defects, and what the document says of them."""


class Server(Protocol):
    """Answers requests."""

    def handle(self, request: Request) -> Response: ...


def queries(document: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """Give each bound of each parameter of the query, and what is next to it, with whether it keeps the schema."""
    for each in operation(document, "get")["parameters"]:
        parameter = followed(document, each)
        name, own = parameter["name"], parameter["schema"]
        yield from ((f"{name}={own[bound]}", True) for bound in ("minimum", "maximum", "default"))
        yield from ((f"{name}={value}", False) for value in (own["minimum"] - 1, own["maximum"] + 1, "abc"))


def fault(version: OpenApiVersion, method: str, response: Response) -> str:
    """Say what the document does not know of an answer."""
    document = openapi_document(version)
    answers = operation(document, method)["responses"]
    if str(response.status) not in answers:
        return f"status {response.status} is not documented"
    (kind, content), *_ = followed(document, answers[str(response.status)])["content"].items()
    if response.header("Content-Type") != kind:
        return f"not {kind}"
    schema = {**content["schema"], "components": document["components"]}
    return "" if ENGINES[version](schema).is_valid(response.json()) else "a body that breaks its schema"


def faults(server: Server, fake: FakeAppCodes, version: OpenApiVersion, ids: dict[str, str]) -> set[str]:
    """Send what the document allows and what it forbids; of ids that do not exist any documented answer will do."""
    document, token = openapi_document(version), {"X-Auth-Token": fake.token}
    url = "https://roma.example" + PATH.format(**ids)
    exist = url.endswith(Request("GET", fake.url()).path)
    found = set()
    for method, query, kept in [("put", "", True), ("get", "", True), *(("get", *each) for each in queries(document))]:
        response = server.handle(Request(method.upper(), f"{url}?{query}" if query else url, token))
        found |= {f"{method}: {told}" for told in [fault(version, method, response)] if told}
        if response.status >= 300 and kept and exist:
            found.add(f"{method}: {query} is refused")
        if response.status < 300 and not kept:
            found.add(f"{method}: {query} is accepted")
    for method in ("put", "get"):
        if server.handle(Request(method.upper(), url)).status != 401:
            found.add(f"{method}: no token is needed")
    return found


def ids_of(fake: FakeAppCodes) -> dict[str, str]:
    return {name: getattr(fake, name) for name in ("project_id", "instance_id", "app_id")}


@BOTH
def test_nothing_is_found_in_the_fake(version: OpenApiVersion) -> None:
    fake = FakeAppCodes(seed=1)

    assert set() == faults(fake, fake, version, ids_of(fake))
    assert 1 == fake.handle(Request("GET", fake.url(), {"X-Auth-Token": fake.token})).json()["total"]


@BOTH
@pytest.mark.parametrize("name", ["project_id", "instance_id", "app_id"])
def test_nothing_is_found_when_an_id_does_not_exist(version: OpenApiVersion, name: str) -> None:
    fake = FakeAppCodes(seed=1)

    assert set() == faults(fake, fake, version, {**ids_of(fake), name: "0"})


@BOTH
@pytest.mark.parametrize(("defect", "told"), FOUND.items())
def test_a_planted_defect_is_found(version: OpenApiVersion, defect: str, told: set[str]) -> None:
    fake = FakeAppCodes(seed=1)

    assert told == faults(BrokenServer(fake, DEFECTS[defect]), fake, version, ids_of(fake))
