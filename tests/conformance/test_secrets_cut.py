"""Parts of secrets are secrets: where a text is cut, and where a server tells one in pieces. Long ids are none."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from appcode_contract.conformance.runner import run
from appcode_contract.conformance.selection import Selection
from appcode_contract.messages import Exchange, Request, Response, Violation
from appcode_contract.report import Report, Verdict
from appcode_contract.reporting.document import document_of, to_json
from appcode_contract.reporting.terminal import show
from tests.broken_servers.planting import plant
from tests.broken_servers.service import Service
from tests.broken_servers.verify import target_of, verify
from tests.conformance.broken import with_body
from tests.conformance.project import ALONE, Project

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.broken_servers.values import Record

TOKEN = "GHJKMNPQRSTVWXYZ23456789ZYXWVTSRQPNM"
"""Of characters that hexadecimal digits and words have not got in a row."""
PART = 6
BEGIN = '{"error_code": "APIG.9999", "error_msg": "'
WORDS = "a b " * 2000
REFUSALS = Selection(("error", "list/limit/type"))


def parts(secret: str, length: int) -> set[str]:
    return {secret[at : at + length] for at in range(len(secret) - length + 1)}


def on_terminal(report: Report, width: int = 100) -> str:
    written = StringIO()
    show(report, Console(file=written, width=width))
    return written.getvalue()


def forms(report: Report) -> dict[str, str]:
    return {"JSON": to_json(document_of(report)), "terminal": on_terminal(report), "narrow": on_terminal(report, 50)}


def told_of_the_token(report: Report) -> dict[str, list[str]]:
    told = {form: sorted(part for part in parts(TOKEN, PART) if part in text) for form, text in forms(report).items()}
    return {form: found for form, found in told.items() if found}


@cache
def a_report() -> Report:
    service = Service(existing=1)
    service.token = TOKEN

    def send(request: Request, _: float) -> Exchange:
        return Exchange(request, service.handle(request))

    return run(target_of(service, "http://127.0.0.1:9", 0, 0), Selection(("list/status",)), send=send)


def telling(body: bytes) -> Report:
    """Make the report of a run that was answered with this body once."""
    request = Request("GET", "http://127.0.0.1:9/v2/p", {"X-Auth-Token": TOKEN})
    exchange = Exchange(request, Response(500, {"Content-Type": "application/json"}, body))
    return replace(a_report(), verdict=Verdict.VIOLATES, violations=(Violation("list/status", "200", "500", exchange),))


@pytest.mark.parametrize("cut", [300, 4096])
def test_a_token_is_not_told_where_a_body_is_cut(cut: int) -> None:
    for before in range(len(TOKEN) + 1):
        filler = WORDS[: cut - len(BEGIN) - before]
        report = telling(f'{BEGIN}{filler}{TOKEN}, and more words after it"}}'.encode())

        assert {} == told_of_the_token(report)


@pytest.mark.parametrize("blank", [" ", "\n"])
def test_a_token_is_not_told_where_a_long_body_is_no_longer_read(blank: str) -> None:
    for before in range(len(TOKEN) + 1):
        report = telling((blank * (65_536 - before) + TOKEN).encode())

        assert {} == told_of_the_token(report)


# ---- in a whole run


def quoting(status: int, field: str, filler: int) -> Service:
    """Make a server whose refusals with a status become a 500 that tells the token of somebody else."""

    class Quoting(Service):
        def handle(self, request: Request) -> Response:
            response = super().handle(request)
            told = {"error_code": "APIG.9999", "error_msg": "", field: WORDS[:filler] + self.token}
            return with_body(response, told, 500) if response.status == status else response

    service = Quoting(existing=3)
    service.token = TOKEN
    return service


@pytest.mark.parametrize("before", [6, 11, 20])
@pytest.mark.parametrize("cut", [120, 300, 4096])
@pytest.mark.parametrize("status", [400, 401], ids=["its own", "of another"])
def test_no_part_of_a_token_is_told_by_a_run(status: int, cut: int, before: int) -> None:
    report = verify(quoting(status, "error_msg", cut - len(BEGIN) - before), selection=REFUSALS, read_only=True)

    assert Verdict.VIOLATES == report.verdict
    assert {} == told_of_the_token(report)


@pytest.mark.parametrize("before", [6, 11, 20])
@pytest.mark.parametrize("status", [400, 401], ids=["its own", "of another"])
def test_no_part_of_a_token_is_told_of_a_field(status: int, before: int) -> None:
    report = verify(quoting(status, "error_code", 120 - 1 - before), selection=REFUSALS, read_only=True)

    assert Verdict.VIOLATES == report.verdict
    assert {} == told_of_the_token(report)


# ---- with pytest itself


def in_pieces(length: int) -> Callable[..., Service]:
    """Make servers that refuse to generate, answer 404 for 401, and tell an AppCode in pieces when they refuse."""

    def generate(self: Service, *_: Any) -> Response:  # noqa: ANN401 - whatever generate gets
        raise self.refused(500)

    def respond(self: Service, status: int, body: Any) -> Response:  # noqa: ANN401 - any body
        if status < 400:
            return Service.respond(self, status, body)
        code = self.apps[self.app_id][0].app_code
        pieces = (code[at : at + length] for at in range(0, len(code), length))
        return Service.respond(self, 404 if status == 401 else status, {**body, "error_msg": " - ".join(pieces)})

    return plant(generate=generate, respond=respond)


def test_pytest_tells_no_app_code_in_pieces(project: Project) -> None:
    service = in_pieces(30)(existing=3)
    code = service.apps[service.app_id][0].app_code

    session = project.verify(service, *ALONE, "-rs", "--junitxml", "junit.xml")

    junit = (project.folder / "junit.xml").read_text()
    assert 1 == session.code
    for text in (session.text, junit):
        assert "[redacted: " in text
        assert "no AppCode was generated: status 500" in text
        assert [] == sorted(part for part in parts(code, 12) if part in text)


# ---- what is no secret


class LongIds(Service):
    """A server whose AppCodes have ids of 64 hexadecimal digits."""

    def new_record(self, app_id: str) -> Record:
        return replace(super().new_record(app_id), id=self.new_hex() + self.new_hex())


def ids_of(service: Service, existing: int) -> list[str]:
    made = [record.id for record in service.apps[service.app_id][existing:]]
    assert {64} == set(map(len, made))
    return sorted(made)


def test_long_ids_of_what_was_generated_are_told_in_full() -> None:
    service = LongIds(existing=3)

    report = verify(service)

    made = ids_of(service, 3)
    assert made == sorted(json.loads(to_json(document_of(report)))["generated"])
    for width in (50, 80, 300):
        shown = "".join(on_terminal(report, width).split())
        assert made == sorted(id_ for id_ in made if id_ in shown)


def test_pytest_tells_long_ids_of_what_was_generated_in_full(project: Project) -> None:
    service = LongIds(existing=3)

    session = project.verify(service, *ALONE, "--appcode-clause", "generate")

    made = ids_of(service, 3)
    told = "".join(session.text.split())
    assert 0 == session.code
    assert f"{len(made)} AppCodes were made and stay, by id: " in session.text
    assert made == sorted(id_ for id_ in made if id_ in told)
