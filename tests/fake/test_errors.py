"""Every documented error, the undocumented 405, which of them comes first, and that none has an effect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from appcode_contract import Behavior, FakeAppCodes, Request
from appcode_contract.messages import MAXIMUM_BODY

if TYPE_CHECKING:
    from collections.abc import Callable

    from appcode_contract import Response
    from tests.conftest import Wire

OPERATIONS = {"generate": "PUT", "list": "GET"}
BOTH = pytest.mark.parametrize("method", OPERATIONS.values(), ids=OPERATIONS)
DOCUMENTED = {
    400: (
        "APIG.2012",
        "Invalid parameter value,parameterName:app_id. Please refer to the support documentation",
    ),
    401: ("APIG.1002", "Incorrect token or token resolution failed"),
    403: ("APIG.1005", "No permissions to request this method"),
    404: ("APIG.3004", "App {app_id} does not exist"),
    500: ("APIG.9999", "System error"),
}
MALFORMED_IDS = {
    "blank": "a%20b",
    "dot": "a.b",
    "slash": "a%2Fb",
    "umlaut": "%C3%BC",
    "newline": "abc%0A",
    "nul": "%00",
    "65 characters": "a" * 65,
    "broken utf-8": "%FF",
    "tilde": "a~b",
}
OTHER_METHODS = ["DELETE", "HEAD", "OPTIONS", "PATCH", "POST", "TRACE"]


def documented(status: int, app_id: str) -> tuple[int, dict[str, str]]:
    code, text = DOCUMENTED[status]
    return status, {"error_code": code, "error_msg": text.format(app_id=app_id)}


def told(response: Response) -> tuple[int, Any]:
    return response.status, response.json()


def token_of(wire: Wire) -> dict[str, str]:
    return {"X-Auth-Token": wire.fake.token}


@BOTH
def test_a_missing_token_is_401(wire: Wire, method: str) -> None:
    response = wire.send(method, wire.fake.url())

    assert told(response) == documented(401, wire.fake.app_id)
    assert [violation.clause for violation in wire.fake.violations] == ["header/x-auth-token"]


@BOTH
def test_an_empty_token_is_401(wire: Wire, method: str) -> None:
    response = wire.send(method, wire.fake.url(), headers={"X-Auth-Token": ""})

    assert told(response) == documented(401, wire.fake.app_id)
    assert [violation.clause for violation in wire.fake.violations] == ["header/x-auth-token"]


@BOTH
@pytest.mark.parametrize("change", [str.swapcase, lambda token: token[:-1], lambda token: token + "x"])
def test_a_wrong_token_is_401_and_no_violation(wire: Wire, method: str, change: Callable[[str], str]) -> None:
    response = wire.send(method, wire.fake.url(), headers={"X-Auth-Token": change(wire.fake.token)})

    assert told(response) == documented(401, wire.fake.app_id)
    assert wire.fake.violations == ()


@BOTH
def test_the_token_of_another_fake_is_401(wire: Wire, method: str) -> None:
    response = wire.send(
        method,
        wire.fake.url(),
        headers={"X-Auth-Token": FakeAppCodes(seed=1).token},
    )

    assert response.status == 401


@BOTH
@pytest.mark.parametrize("name", ["Authorization", "X-Subject-Token", "Cookie"])
def test_a_token_in_another_header_is_401(wire: Wire, method: str, name: str) -> None:
    assert wire.send(method, wire.fake.url(), headers={name: wire.fake.token}).status == 401


def test_a_token_sent_twice_is_401() -> None:
    fake = FakeAppCodes(seed=1)
    twice = (("X-Auth-Token", fake.token), ("x-auth-token", fake.token))

    assert fake.handle(Request("PUT", fake.url(), twice)).status == 401


@BOTH
def test_a_forbidden_token_is_403(wire: Wire, method: str) -> None:
    wire.fake.add_token("read-nothing", forbidden=True)

    response = wire.send(method, wire.fake.url(), headers={"X-Auth-Token": "read-nothing"})

    assert told(response) == documented(403, wire.fake.app_id)


@BOTH
def test_an_unknown_app_is_404_and_named(wire: Wire, method: str) -> None:
    response = wire.send(method, wire.fake.url("no-such-app"), headers=token_of(wire))

    assert told(response) == documented(404, "no-such-app")


@BOTH
@pytest.mark.parametrize("part", ["project_id", "instance_id"])
def test_an_app_of_another_project_or_instance_is_404(wire: Wire, method: str, part: str) -> None:
    url = wire.fake.url().replace(getattr(wire.fake, part), "another")

    response = wire.send(method, url, headers=token_of(wire))

    assert told(response) == documented(404, wire.fake.app_id)


@BOTH
@pytest.mark.parametrize("app_id", MALFORMED_IDS.values(), ids=MALFORMED_IDS)
def test_a_malformed_app_id_is_400(wire: Wire, method: str, app_id: str) -> None:
    url = wire.fake.url().replace(wire.fake.app_id, app_id)

    response = wire.send(method, url, headers=token_of(wire))

    assert told(response) == documented(400, app_id)


@BOTH
@pytest.mark.parametrize("part", ["project_id", "instance_id"])
def test_what_an_app_id_may_look_like_counts_only_where_apps_are(wire: Wire, method: str, part: str) -> None:
    url = wire.fake.url().replace(wire.fake.app_id, "a.b").replace(getattr(wire.fake, part), "another")

    response = wire.send(method, url, headers=token_of(wire))

    assert told(response) == documented(404, "a.b")


@BOTH
def test_an_app_id_of_64_characters_is_well_formed(wire: Wire, method: str) -> None:
    wire.fake.add_app("a" * 64)

    response = wire.send(method, wire.fake.url("a" * 64), headers=token_of(wire))

    assert response.status in {200, 201}


@BOTH
@pytest.mark.parametrize(
    "change",
    [
        ("/v2/", "/v1/"),
        ("/v2/", "/V2/"),
        ("/app-codes", "/app-codes/"),
        ("/app-codes", ""),
        ("/app-codes", "/app_codes"),
        ("/app-codes", "/app-codes/extra"),
        ("/apic/", "/"),
        ("/instances/", "/instance/"),
        ("/apps/", "/apps//"),
    ],
    ids="->".join,
)
def test_an_unknown_path_is_404_and_the_clients_violation(wire: Wire, method: str, change: tuple[str, str]) -> None:
    response = wire.send(method, wire.fake.url().replace(*change), headers=token_of(wire))

    assert (response.status, response.json()["error_code"]) == (404, "APIG.0101")
    assert [violation.clause for violation in wire.fake.violations] == ["path/uri"]


@BOTH
@pytest.mark.parametrize("part", ["project_id", "instance_id", "app_id"])
def test_an_empty_identifier_in_the_path_is_404(wire: Wire, method: str, part: str) -> None:
    url = wire.fake.url().replace(getattr(wire.fake, part), "")

    response = wire.send(method, url, headers=token_of(wire))

    assert (response.status, response.json()["error_code"]) == (404, "APIG.0101")
    assert [violation.clause for violation in wire.fake.violations] == ["path/" + part.replace("_", "-")]


@pytest.mark.parametrize("method", OTHER_METHODS)
def test_another_method_is_405_and_told_which_are_allowed(wire: Wire, method: str) -> None:
    response = wire.send(method, wire.fake.url(), headers=token_of(wire))

    assert response.status == 405
    assert response.header("Allow") == "GET, PUT"
    assert [violation.clause for violation in wire.fake.violations] == ["path/uri"]


def test_a_method_that_nobody_registered_is_405(every_wire: dict[str, Wire]) -> None:
    for name in ("handle", "socket"):
        opened = every_wire[name]

        assert opened.send("PROPFIND", opened.fake.url(), headers=token_of(opened)).status == 405


def test_head_is_answered_without_a_body_and_told_its_length(wire: Wire) -> None:
    response = wire.send("HEAD", wire.fake.url(), headers=token_of(wire))

    written = wire.send("POST", wire.fake.url(), headers=token_of(wire)).body
    assert response.body == b""
    assert response.header("Content-Length") == str(len(written))


@BOTH
@pytest.mark.parametrize("status", DOCUMENTED)
def test_fail_answers_the_next_call_with_the_documented_error(wire: Wire, method: str, status: int) -> None:
    wire.fake.fail(status=status)

    failed = wire.send(method, wire.fake.url(), headers=token_of(wire))
    after = wire.send(method, wire.fake.url(), headers=token_of(wire))

    assert told(failed) == documented(status, wire.fake.app_id)
    assert after.status in {200, 201}


@pytest.mark.parametrize("status", DOCUMENTED)
def test_a_refused_generate_makes_no_app_code(wire: Wire, status: int) -> None:
    wire.fake.fail("generate", status=status)

    wire.generate()

    assert wire.fake.app_codes() == ()


def test_refusals_leave_a_seeded_fake_where_it_was() -> None:
    bothered, calm = FakeAppCodes(seed=1), FakeAppCodes(seed=1)
    for method, url in (
        ("PUT", bothered.url("nobody")),
        ("POST", bothered.url()),
        ("PUT", bothered.url() + "/x"),
    ):
        bothered.handle(Request(method, url, {"X-Auth-Token": bothered.token}))
    bothered.handle(Request("PUT", bothered.url()))

    assert bothered.seed(1) == calm.seed(1)


def test_fail_holds_for_as_many_calls_as_asked(wire: Wire) -> None:
    wire.fake.fail(status=500, times=3)

    assert [wire.list().status for _ in range(4)] == [500, 500, 500, 200]


def test_fail_for_one_operation_leaves_the_other_alone(wire: Wire) -> None:
    wire.fake.fail("generate", status=500)

    assert wire.list().status == 200
    assert wire.generate().status == 500
    assert wire.generate().status == 201


def test_faults_come_in_the_order_they_were_asked_for(wire: Wire) -> None:
    wire.fake.fail("list", status=403)
    wire.fake.fail(status=500)
    wire.fake.fail("generate", status=401)

    seen = [wire.generate().status, wire.generate().status, wire.list().status]

    assert seen == [500, 401, 403]
    assert (wire.generate().status, wire.list().status) == (201, 200)


def test_unknown_paths_and_methods_use_up_no_fault(wire: Wire) -> None:
    wire.fake.fail(status=500)

    wire.send("PUT", wire.fake.url() + "/x", headers=token_of(wire))
    wire.send("POST", wire.fake.url(), headers=token_of(wire))

    assert wire.generate().status == 500


def test_a_path_is_judged_before_everything_else(wire: Wire) -> None:
    wire.fake.fail(status=500)

    response = wire.send("POST", wire.fake.url() + "/x?limit=x")

    assert (response.status, response.json()["error_code"]) == (404, "APIG.0101")


def test_a_method_is_judged_before_the_token(wire: Wire) -> None:
    assert wire.send("POST", wire.fake.url()).status == 405


def test_a_token_is_judged_before_the_parameters(wire: Wire) -> None:
    malformed = wire.fake.url().replace(wire.fake.app_id, "a.b") + "?limit=x"

    assert wire.send("GET", malformed).status == 401


def test_a_permission_is_judged_before_the_parameters(wire: Wire) -> None:
    wire.fake.add_token("read-nothing", forbidden=True)
    malformed = wire.fake.url().replace(wire.fake.app_id, "a.b") + "?limit=x"

    assert wire.list(url=malformed, token="read-nothing").status == 403


def test_parameters_are_judged_before_the_app(wire: Wire) -> None:
    assert wire.list("limit=x", wire.fake.url("nobody")).status == 400


def test_the_app_id_is_judged_before_the_query(wire: Wire) -> None:
    malformed = wire.fake.url().replace(wire.fake.app_id, "a.b")

    assert "parameterName:app_id." in wire.list("limit=x", malformed).json()["error_msg"]


def test_translated_texts_keep_code_and_subject(wire: Wire) -> None:
    wire.fake.behavior = Behavior(error_texts="translated")

    unknown = wire.list(url=wire.fake.url("nobody")).json()
    invalid = wire.list("limit=x").json()
    no_token = wire.send("GET", wire.fake.url()).json()

    assert (unknown["error_code"], unknown["error_msg"]) == (
        "APIG.3004",
        "应用 nobody 不存在",
    )
    assert (invalid["error_code"], invalid["error_msg"]) == (
        "APIG.2012",
        "参数值不合法: limit",
    )
    assert no_token["error_code"] == "APIG.1002"
    assert "应用 nobody 不存在".encode() in wire.list(url=wire.fake.url("nobody")).body


def test_nothing_that_a_client_sends_raises_an_exception() -> None:
    fake = FakeAppCodes(seed=1)
    strange = [
        Request("", ""),
        Request("GET", "no url"),
        Request("PUT", "/v2//apic/instances//apps//app-codes"),
        Request("GET", fake.url() + "?" + "&" * 1000),
        Request("GET", fake.url() + "?limit=\udc80", (("X-Auth-Token", fake.token),)),
        Request("GET", fake.url().replace(fake.app_id, "\udc80"), (("X-Auth-Token", fake.token),)),
        Request("GET", fake.url(), (("X-Auth-Token", "\x00"), ("", "")), b"\xff" * 100),
    ]

    statuses = [fake.handle(request).status for request in strange]

    assert statuses == [404, 404, 404, 401, 400, 400, 401]
    assert [exchange.request for exchange in fake.exchanges] == strange


def test_a_url_with_a_broken_host_is_answered_too() -> None:
    fake = FakeAppCodes(seed=1)
    path = fake.url().removeprefix(fake.base_url)

    response = fake.handle(Request("GET", f"http://[x{path}", (("X-Auth-Token", fake.token),)))

    assert response.status == 200


def test_a_body_above_1_mib_is_refused_over_every_wire_and_is_the_clients_violation(wire: Wire) -> None:
    headers = {"X-Auth-Token": wire.fake.token}

    least = wire.send("PUT", wire.fake.url(), headers=headers, body=b"x" * MAXIMUM_BODY)
    response = wire.send("PUT", wire.fake.url(), headers=headers, body=b"x" * (MAXIMUM_BODY + 1))

    assert (least.status, response.status, response.json()["error_code"]) == (201, 413, "APIG.0201")
    assert len(wire.fake.app_codes()) == 1
    assert [violation.clause for violation in wire.fake.violations] == ["generate/no-body"] * 2
