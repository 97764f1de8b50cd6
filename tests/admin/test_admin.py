"""The admin API over a real connection: everything a test in another language needs, and who is kept out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
import requests
from openapi_spec_validator import validate

from appcode_contract import AppCodeServer, Behavior, Request, app_code_server
from appcode_contract.admin.routes import ROUTES
from appcode_contract.fake.exchange_log import MOST_EXCHANGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from appcode_contract import Response

SECONDS = 10.0
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def _running() -> Iterator[AppCodeServer]:
    with app_code_server() as server:
        yield server


@pytest.fixture
def server(_running: AppCodeServer) -> AppCodeServer:
    _running.renew()
    return _running


def ask(
    server: AppCodeServer, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.request(
            method, f"{server.url}/__admin{path}", json=body, headers=headers, timeout=SECONDS, allow_redirects=False
        )


def call(server: AppCodeServer, method: str = "GET", query: str = "") -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        headers = {"X-Auth-Token": server.fake.token}
        return session.request(
            method, server.fake.url() + query, headers=headers, timeout=SECONDS, allow_redirects=False
        )


def test_health_says_that_the_server_runs(server: AppCodeServer) -> None:
    assert ask(server, "GET", "/health").json() == {"status": "ok", "revision": "2025-03-26"}


def test_the_state_is_enough_to_use_the_server(server: AppCodeServer) -> None:
    server.fake.seed(2)

    state = ask(server, "GET", "/state").json()

    path = "/v2/{project_id}/apic/instances/{instance_id}/apps/{app_id}/app-codes"
    listed = requests.get(
        state["base_url"] + path.format(**state), headers={"X-Auth-Token": state["token"]}, timeout=SECONDS
    )
    place = {name: state[name] for name in ("project_id", "instance_id", "app_id")}
    assert listed.json()["total"] == 2
    assert state["apps"] == [{**place, "app_codes": 2}]


def test_apps_are_added_and_app_codes_made_and_shown(server: AppCodeServer) -> None:
    added = ask(server, "POST", "/apps", {"app_id": "mine", "project_id": "p"})
    made = ask(server, "POST", "/app-codes", {"count": 3, "app_id": "mine", "project_id": "p"})
    shown = ask(server, "GET", "/app-codes?app_id=mine&project_id=p")

    assert (added.status_code, added.json()) == (201, {"app_id": "mine"})
    assert (made.status_code, shown.status_code) == (201, 200)
    assert made.json()["app_codes"] == shown.json()["app_codes"][::-1]
    assert [record.id for record in server.fake.app_codes("mine", project_id="p")] == [
        record["id"] for record in shown.json()["app_codes"]
    ]


def test_tokens_and_access_keys_are_made_known(server: AppCodeServer) -> None:
    statuses = [
        ask(server, "POST", "/tokens", {"token": "read-nothing", "forbidden": True}).status_code,
        ask(server, "POST", "/tokens", {"token": "second"}).status_code,
        ask(server, "POST", "/access-keys", {"access_key": "a", "secret_key": "secret-of-a"}).status_code,
    ]

    assert statuses == [204, 204, 204]
    assert {"read-nothing", "second", "secret-of-a"} <= server.fake.secrets()
    answers = [
        server.fake.handle(Request("GET", server.fake.url(), {"X-Auth-Token": token})).status
        for token in ("read-nothing", "second")
    ]
    assert answers == [403, 200]


def test_a_behavior_is_shown_and_set_as_a_whole(server: AppCodeServer) -> None:
    server.fake.behavior = Behavior(list_order="oldest_first")

    before = ask(server, "GET", "/behavior").json()
    after = ask(server, "PUT", "/behavior", {"quota": 3, "out_of_range_limit": "clamp"}).json()

    assert before["list_order"] == "oldest_first"
    assert server.fake.behavior == Behavior(quota=3, out_of_range_limit="clamp") == Behavior(**after)


def test_faults_happen_until_they_are_cleared(server: AppCodeServer) -> None:
    planned = ask(server, "POST", "/faults", {"operation": "list", "status": 503, "times": None, "retry_after": 2})
    met = call(server)
    cleared = ask(server, "DELETE", "/faults")

    assert (planned.status_code, cleared.status_code) == (204, 204)
    assert (met.status_code, met.headers["Retry-After"]) == (503, "2")
    assert call(server).status_code == 200


def test_exchanges_are_shown_with_what_they_broke_and_without_credentials(server: AppCodeServer) -> None:
    made = call(server, "PUT").json()
    requests.get(server.fake.url() + "?limit=x", headers={"X-Auth-Token": server.fake.token}, timeout=SECONDS)

    answer = ask(server, "GET", "/exchanges")

    first, second = answer.json()["exchanges"]
    assert (first["request"]["method"], first["response"]["status"], first["violations"]) == ("PUT", 201, [])
    assert json.loads(first["response"]["body"])["id"] == made["id"]
    assert [violation["clause"] for violation in second["violations"]] == ["list/limit/type"]
    assert server.fake.token not in answer.text
    assert made["app_code"] not in answer.text


def test_exchanges_come_in_pages(server: AppCodeServer) -> None:
    for offset in range(5):
        call(server, "GET", f"?offset={offset}")

    pages = [
        ask(server, "GET", f"/exchanges?{query}").json() for query in ("limit=2", "offset=2&limit=500", "offset=9")
    ]

    urls = [[each["request"]["url"].partition("?")[2] for each in page["exchanges"]] for page in pages]
    assert urls == [["offset=0", "offset=1"], ["offset=2", "offset=3", "offset=4"], []]
    assert [(page["total"], page["dropped"]) for page in pages] == [(5, 0)] * 3


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=501", "limit=x", "limit=", "offset=-1", "limit=1&limit=2", "since=1"]
)
def test_a_page_of_exchanges_that_cannot_be_is_refused(server: AppCodeServer, query: str) -> None:
    answer = ask(server, "GET", f"/exchanges?{query}")

    assert answer.status_code == 400
    assert "limit" in answer.json()["error"] or "offset" in answer.json()["error"]


def test_an_app_code_in_a_path_a_query_or_a_header_is_not_shown(server: AppCodeServer) -> None:
    code = next(record.app_code for record in server.fake.seed(500) if not set("?#") & set(record.app_code))
    server.fake.reset()  # it is no longer known, and hidden all the same
    token = {"X-Auth-Token": server.fake.token}
    quoted = quote(code, safe="")
    for url in (server.fake.url(quoted), server.fake.url(code), f"{server.fake.url()}?limit=1&app_code={quoted}"):
        requests.get(url, headers={**token, "X-Other": code, "Referer": f"http://a.example/?c={code}"}, timeout=SECONDS)

    told = ask(server, "GET", "/exchanges")

    assert len(told.json()["exchanges"]) == 3
    assert not any(secret in told.text for secret in (code[:20], quoted[:20], code[-20:], quoted[-20:]))


def test_the_query_of_a_redirect_is_shown_no_more_than_that_of_a_request(server: AppCodeServer) -> None:
    server.fake.fail(fault="redirect", times=None)
    call(server, "GET", f"?limit=4&t={'tok-en' * 5}")

    told = ask(server, "GET", "/exchanges")

    (exchange,) = told.json()["exchanges"]
    location = dict(exchange["response"]["headers"])["Location"]
    assert location.startswith("https://elsewhere.example/v2/")
    assert "limit=4" in location
    assert "tok-en" not in told.text
    assert told.headers["Cache-Control"] == "no-store"


def test_pages_of_exchanges_stay_where_they_are_when_older_ones_have_to_go(server: AppCodeServer) -> None:
    for number in range(MOST_EXCHANGES + 3):
        server.fake.handle(Request("GET", f"{server.fake.url()}?offset={number}"))

    told = ask(server, "GET", f"/exchanges?offset={MOST_EXCHANGES}").json()
    gone = ask(server, "GET", "/exchanges?limit=1").json()

    numbers = [each["request"]["url"].partition("offset=")[2] for each in told["exchanges"]]
    assert numbers == [str(MOST_EXCHANGES + number) for number in range(3)]
    assert (told["total"], told["dropped"]) == (MOST_EXCHANGES + 3, 3)
    assert gone["exchanges"][0]["request"]["url"].endswith("offset=3")


def test_no_more_than_500_exchanges_are_shown_at_once(server: AppCodeServer) -> None:
    for _ in range(501):
        server.fake.handle(Request("GET", server.fake.url()))

    told = ask(server, "GET", "/exchanges").json()

    assert (len(told["exchanges"]), told["total"]) == (500, 501)


@pytest.mark.parametrize("fault", ["truncated_json", "wrong_charset"])
def test_a_spoilt_answer_is_shown_by_its_size_alone(server: AppCodeServer, fault: str) -> None:
    ask(server, "POST", "/faults", {"fault": fault})
    answered = call(server, "PUT")

    told = ask(server, "GET", "/exchanges").json()["exchanges"][0]["response"]

    assert told["body"] == f"[{len(answered.content)} bytes]"


def test_short_tokens_are_not_shown(server: AppCodeServer) -> None:
    server.fake.add_token("zq7")
    requests.get(server.fake.url(), headers={"X-Auth-Token": "zq7"}, timeout=SECONDS)

    assert "zq7" not in ask(server, "GET", "/exchanges").text


def test_a_reset_goes_back_to_the_beginning_that_was_set(server: AppCodeServer) -> None:
    server.fake.seed(3)
    server.fake.add_token("second")
    server.fake.begin_here()
    call(server, "PUT")

    ask(server, "POST", "/reset")

    assert len(server.fake.app_codes()) == 3
    assert server.fake.handle(Request("GET", server.fake.url(), {"X-Auth-Token": "second"})).status == 200


def test_a_reset_begins_again(server: AppCodeServer) -> None:
    call(server, "PUT")
    ask(server, "POST", "/faults", {"fault": "hang", "times": None})

    answer = ask(server, "POST", "/reset")

    assert answer.status_code == 204
    assert call(server).json()["total"] == 0
    assert len(server.fake.exchanges) == 1


def test_the_admin_api_describes_itself_completely(server: AppCodeServer) -> None:
    document = ask(server, "GET", "/openapi.json").json()

    validate(document)
    described = {(method.upper(), path) for path, operations in document["paths"].items() for method in operations}
    assert described == {(route.method, "/__admin" + route.path) for route in ROUTES}


def test_what_the_admin_api_is_asked_is_no_exchange_of_the_fake(server: AppCodeServer) -> None:
    ask(server, "GET", "/state")
    ask(server, "GET", "/nothing")

    assert server.fake.exchanges == ()


# ---- wrong requests


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "told"),
    [
        ("GET", "/nothing", None, 404, "there is no /__admin/nothing; there are /__admin/access-keys"),
        ("GET", "", None, 404, "The API does not exist"),
        ("PATCH", "/behavior", {}, 405, "/__admin/behavior has the methods GET, PUT"),
        ("GET", "/state?x=1", None, 400, "a query parameter is unknown or repeated; there are none"),
        ("GET", "/app-codes?app_id=a&app_id=b", None, 400, "there are app_id, project_id, instance_id"),
        ("GET", "/app-codes?app_id=nobody", None, 400, "no app nobody"),
        ("POST", "/reset", {}, 400, "this request has no body"),
        ("POST", "/app-codes", {}, 400, "$: 'count' is a required property"),
        ("POST", "/app-codes", {"count": -1}, 400, "$.count: -1 is less than the minimum of 0"),
        ("POST", "/app-codes", {"count": 1, "app_id": "nobody"}, 400, "no app nobody"),
        ("POST", "/app-codes", [], 400, "$: it must be of type object"),
        ("POST", "/apps", {"app_id": "a b"}, 400, "it must be 1 to 64 letters, digits, - and _"),
        ("POST", "/tokens", {"token": 7}, 400, "$.token: it must be of type string"),
        ("POST", "/tokens", {"token": ""}, 400, "at least one printable ASCII character"),
        ("PUT", "/behavior", {"list_order": "up"}, 400, "$.list_order: 'up' is not one of"),
        ("PUT", "/behavior", {"order": "up"}, 400, "unknown: order; there are out_of_range_limit, list_order, "),
        ("POST", "/faults", {}, 400, "give either a status or a fault"),
        ("POST", "/faults", {"status": 500, "fault": "hang"}, 400, "give either a status or a fault"),
        ("POST", "/faults", {"fault": "explode"}, 400, "'explode' is not one of"),
        ("POST", "/faults", {"status": 500, "retry_after": 1}, 400, "it goes with a status of 429, 502, 503, 504 only"),
        ("POST", "/faults", {"fault": "redirect", "location": "http://a\r\nX: y"}, 400, "scheme, host and port"),
    ],
)
def test_a_wrong_request_is_told_what_would_be_right(  # noqa: PLR0913, PLR0917 - the columns of the table
    server: AppCodeServer, method: str, path: str, body: object, status: int, told: str
) -> None:
    answer = ask(server, method, path, body)

    assert answer.status_code == status
    assert told in (answer.json().get("error") or answer.json()["error_msg"])


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b'{"count": 1}', {"Content-Type": "text/plain"}, 415),
        (b'{"count": 1}', {}, 415),
        (b'{"count": ', JSON, 400),
        (b"\xff", JSON, 400),
        (b'{"count": NaN}', JSON, 400),
        (b"[" * 100_000, JSON, 400),
        (b'{"count": 1, "x": "' + b"x" * 1_048_577 + b'"}', JSON, 413),
    ],
)
def test_a_body_that_is_no_json_is_refused(
    server: AppCodeServer, body: bytes, headers: dict[str, str], status: int
) -> None:
    answer = requests.post(f"{server.url}/__admin/app-codes", data=body, headers=headers, timeout=SECONDS)

    assert answer.status_code == status
    assert server.fake.app_codes() == ()


# ---- who is kept out


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.1", "[::", ""])
def test_a_foreign_host_is_refused(server: AppCodeServer, host: str) -> None:
    answer = server.handle(Request("POST", f"{server.url}/__admin/reset", {"Host": host}))

    assert (answer.status, "is not this machine" in answer.json()["error"]) == (403, True)


def test_a_foreign_host_is_refused_where_a_token_is_demanded_too() -> None:
    with app_code_server(admin_token="admin-token") as guarded:
        headers = {"Host": "evil.example", "Authorization": "Bearer admin-token"}
        answer = guarded.handle(Request("GET", f"{guarded.url}/__admin/health", headers))

    assert (answer.status, "is not this machine" in answer.json()["error"]) == (403, True)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8080", "LOCALHOST", "[::1]:80", "127.9.9.9"])
def test_a_host_of_this_machine_is_welcome(server: AppCodeServer, host: str) -> None:
    assert server.handle(Request("GET", f"{server.url}/__admin/health", {"Host": host})).status == 200


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_pages_of_browsers_are_kept_out(server: AppCodeServer, method: str) -> None:
    answer = ask(server, method, "/reset", headers={"Origin": "http://127.0.0.1:3000"})

    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


def admin_of(server: AppCodeServer, authorization: str | None) -> Response:
    headers = {} if authorization is None else {"Authorization": authorization}
    return server.handle(Request("GET", f"{server.url}/__admin/state", headers))


@pytest.mark.parametrize(
    "url", ["http://0.0.0.0:8080", "http://192.0.2.1:8080", "http://build.example", "http://[::]:1"]
)
def test_where_others_can_reach_the_server_a_token_is_made_up_and_demanded(url: str) -> None:
    server = AppCodeServer(url)

    refusals = [admin_of(server, given).status for given in (None, "", "Bearer", "Bearer nobody's", "Basic eDp5")]

    assert refusals == [401] * 5
    assert admin_of(server, f"Bearer {server.admin_token}").status == 200


@pytest.mark.parametrize("token", ["", "a b", "t\u00e9", "a\n"])
def test_an_admin_token_that_cannot_be_sent_is_refused(token: str) -> None:
    with pytest.raises(ValueError, match="an admin token must be"):
        AppCodeServer("http://127.0.0.1:1", token)


def test_a_token_that_was_given_is_demanded_here_too() -> None:
    server = AppCodeServer("http://127.0.0.1:1", "given-admin-token")

    statuses = [
        admin_of(server, given).status for given in (None, "Bearer given-admin-token", "bearer given-admin-token")
    ]
    assert statuses == [401, 200, 200]
    assert admin_of(server, None).header("WWW-Authenticate") == "Bearer"


def test_on_this_machine_alone_no_token_is_demanded() -> None:
    assert AppCodeServer("http://[::1]:1").admin_token is None
