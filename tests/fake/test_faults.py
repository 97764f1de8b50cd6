"""Misbehavior on command: which calls it meets, what the client sees, and whether the request was carried out."""

from __future__ import annotations

import asyncio
import http.client
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from appcode_contract import FakeAppCodes, Request, app_code_server, fake_app_codes
from appcode_contract.fake.faults import FAULT_NAMES
from appcode_contract.messages import DeliveryError
from appcode_contract.transports.asgi import AsgiApp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from appcode_contract import AppCodeServer
    from tests.conftest import Wire

IN_THE_BODY = ("empty_body", "truncated_json", "wrong_content_type", "wrong_charset")
CARRIED_OUT = {
    *IN_THE_BODY,
    *("slow_start", "dribble", "stall", "close_in_headers", "close_after_headers", "lost_response"),
}
CUT_OFF = {
    "close_before_headers": http.client.RemoteDisconnected,
    "lost_response": http.client.RemoteDisconnected,
    "close_after_headers": http.client.IncompleteRead,
    "reset": ConnectionResetError,
}
TITLES = {429: "Too Many Requests", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}
SHORT = 0.2
PATIENT = 10.0


@pytest.fixture(scope="module")
def _server() -> Iterator[AppCodeServer]:
    with app_code_server(seed=1) as server:
        yield server


@pytest.fixture
def live(_server: AppCodeServer) -> FakeAppCodes:
    _server.fake.reset()
    return _server.fake


class Connection:
    """A connection to the live server, as a client without any leniency has it."""

    def __init__(self, fake: FakeAppCodes, timeout: float = PATIENT) -> None:
        parts = urlsplit(fake.url())
        self._connection = http.client.HTTPConnection(parts.netloc, timeout=timeout)
        self._path, self._token = parts.path, fake.token

    def ask(self, method: str) -> http.client.HTTPResponse:
        self._connection.request(method, self._path, headers={"X-Auth-Token": self._token})
        return self._connection.getresponse()

    def close(self) -> None:
        self._connection.close()


def ask(fake: FakeAppCodes, method: str = "PUT", timeout: float = PATIENT) -> tuple[int, bytes]:
    connection = Connection(fake, timeout)
    try:
        answer = connection.ask(method)
        return answer.status, answer.read()
    finally:
        connection.close()


# ---- what the client sees


def test_an_empty_body_has_nothing_in_it(wire: Wire) -> None:
    wire.fake.fail(fault="empty_body")

    answer = wire.generate()

    assert (answer.status, answer.body, answer.header("Content-Length")) == (201, b"", "0")


def test_truncated_json_ends_in_the_middle(wire: Wire) -> None:
    wire.fake.fail(fault="truncated_json")

    answer = wire.generate()

    assert answer.status == 201
    assert answer.body.startswith(b'{"app_code":"')
    with pytest.raises(ValueError, match="not JSON"):
        answer.json()


def test_a_wrong_content_type_says_html_of_json(wire: Wire) -> None:
    wire.fake.fail(fault="wrong_content_type")

    answer = wire.list()

    assert (answer.status, answer.header("Content-Type")) == (200, "text/html")
    assert answer.json()["total"] == 0


def test_a_wrong_charset_is_not_the_one_that_is_told(wire: Wire) -> None:
    wire.fake.fail(fault="wrong_charset")

    answer = wire.list()

    assert answer.header("Content-Type") == "application/json;charset=UTF-8"
    assert json.loads(answer.body.decode("utf-16"))["total"] == 0
    with pytest.raises(ValueError, match="not UTF-8"):
        answer.json()


@pytest.mark.parametrize("status", TITLES)
def test_a_gateway_answers_in_html(wire: Wire, status: int) -> None:
    wire.fake.fail(status=status)

    answer = wire.generate()

    assert (answer.status, answer.header("Content-Type")) == (status, "text/html")
    assert TITLES[status].encode() in answer.body
    assert len(wire.fake.app_codes()) == 0


@pytest.mark.parametrize(
    ("status", "told", "header"), [(429, None, "0"), (429, 7, "7"), (503, None, None), (503, 2, "2")]
)
def test_retry_after_is_sent_as_told(wire: Wire, status: int, told: int | None, header: str | None) -> None:
    wire.fake.fail(status=status, retry_after=told)

    assert wire.list().header("Retry-After") == header


def test_a_redirect_leads_to_the_same_path_of_another_host(wire: Wire) -> None:
    wire.fake.fail(fault="redirect", location="http://other.example:8080")

    answer = wire.list("limit=4")

    path = urlsplit(wire.fake.url()).path
    assert (answer.status, answer.header("Location")) == (307, f"http://other.example:8080{path}?limit=4")


@pytest.mark.parametrize("fault", IN_THE_BODY)
def test_the_same_fault_gives_the_same_bytes_over_every_wire(every_wire: dict[str, Wire], fault: Any) -> None:  # noqa: ANN401 - a literal
    for wire in every_wire.values():
        wire.fake.fail(fault=fault)

    answers = [wire.generate() for wire in every_wire.values()]

    assert len({(answer.status, answer.header("Content-Type"), answer.body) for answer in answers}) == 1


# ---- what becomes of the request


@pytest.mark.parametrize("fault", FAULT_NAMES)
def test_a_fault_says_whether_the_request_was_carried_out(fault: Any) -> None:  # noqa: ANN401 - a literal
    fake = FakeAppCodes()
    fake.fail("generate", fault=fault)

    fake.handle(Request("PUT", fake.url(), {"X-Auth-Token": fake.token}))

    assert len(fake.app_codes()) == (1 if fault in CARRIED_OUT else 0)
    (exchange,) = fake.exchanges
    arrives = fault not in {"hang", "stall", "lost_response", "reset"} and not fault.startswith("close_")
    assert (exchange.response is not None, exchange.problem == "") == (arrives, arrives)


def test_a_refusal_is_spoilt_like_any_answer(wire: Wire) -> None:
    wire.fake.fail(fault="empty_body")

    answer = wire.generate(token="nobody's")

    assert (answer.status, answer.body) == (401, b"")


# ---- over a connection


@pytest.mark.parametrize("method", ["GET", "PUT"])
@pytest.mark.parametrize("fault", CUT_OFF)
def test_a_connection_ends_as_told_and_the_next_one_is_answered(live: FakeAppCodes, fault: Any, method: str) -> None:  # noqa: ANN401 - a literal
    live.fail(fault=fault)

    with pytest.raises(CUT_OFF[fault]):
        ask(live, method)

    assert ask(live, method)[0] in {200, 201}


def test_a_connection_may_end_within_the_headers(live: FakeAppCodes) -> None:
    live.fail(fault="close_in_headers")
    connection = Connection(live)
    try:
        answer = connection.ask("GET")

        # This client takes what came for a whole head; the type that it reads is cut off.
        assert "application/json".startswith(answer.headers["Content-Type"])
        assert (answer.headers["Content-Length"], answer.read()) == (None, b"")
    finally:
        connection.close()


def test_a_hanging_answer_lasts_until_the_client_gives_up(live: FakeAppCodes) -> None:
    live.fail(fault="hang")

    with pytest.raises(TimeoutError):
        ask(live, timeout=SHORT)

    assert ask(live)[0] == 201
    assert len(live.app_codes()) == 1


def test_a_stalling_answer_begins_and_never_ends(live: FakeAppCodes) -> None:
    live.seed(3)
    live.fail(fault="stall")
    connection = Connection(live, SHORT)
    try:
        answer = connection.ask("GET")
        whole = int(answer.headers["Content-Length"])

        assert (answer.status, len(answer.read(whole // 2))) == (200, whole // 2)
        with pytest.raises(TimeoutError):
            answer.read(1)
    finally:
        connection.close()

    assert ask(live, "GET")[0] == 200


def test_a_slow_start_keeps_the_client_waiting(live: FakeAppCodes) -> None:
    live.fail(fault="slow_start", seconds=60)

    with pytest.raises(TimeoutError):
        ask(live, timeout=SHORT)

    assert len(live.app_codes()) == 1


def test_a_slow_answer_is_whole_in_the_end(live: FakeAppCodes) -> None:
    live.seed(3)
    expected = ask(live, "GET")
    live.fail(fault="slow_start", seconds=0.01)
    live.fail(fault="dribble", seconds=0.05)

    assert [ask(live, "GET"), ask(live, "GET")] == [expected, expected]


def test_a_dribbling_answer_comes_in_parts(live: FakeAppCodes) -> None:
    live.seed(3)
    live.fail(fault="dribble", seconds=600)
    connection = Connection(live, SHORT)
    try:
        answer = connection.ask("GET")

        assert 0 < len(answer.read1()) < int(answer.headers["Content-Length"])
        with pytest.raises(TimeoutError):
            answer.read()
    finally:
        connection.close()


# ---- in process


def what_requests_sees(fake: FakeAppCodes, fault: Any) -> object:  # noqa: ANN401 - a literal
    fake.fail(fault=fault)
    with requests.Session() as session:
        session.trust_env = False
        try:
            answer = session.put(fake.url(), headers={"X-Auth-Token": fake.token}, timeout=PATIENT)
        except requests.exceptions.RequestException as error:
            return type(error)
        return answer.status_code, dict(answer.headers), answer.content


@pytest.mark.parametrize("fault", [*CUT_OFF, "close_in_headers"])
def test_the_requests_library_sees_the_same_in_process_as_over_a_connection(live: FakeAppCodes, fault: Any) -> None:  # noqa: ANN401 - a literal
    over_a_connection = what_requests_sees(live, fault)
    with fake_app_codes() as fake:
        in_process = what_requests_sees(fake, fault)

    assert in_process == over_a_connection
    assert len(fake.app_codes()) == len(live.app_codes())


def repeated(fake: FakeAppCodes, fault: Any, retries: Retry) -> object:  # noqa: ANN401 - a literal
    """Say what a client sees that repeats, what the fake was asked, and how many AppCodes there are then."""
    fake.fail(fault=fault, times=2)
    with requests.Session() as session:
        session.trust_env = False
        session.mount("http", HTTPAdapter(max_retries=retries))
        try:
            told: object = session.put(fake.url(), headers={"X-Auth-Token": fake.token}, timeout=SHORT).status_code
        except requests.exceptions.RequestException as error:
            told = type(error)
    asked = [(each.problem, each.response and each.response.status) for each in fake.exchanges]
    return told, asked, len(fake.app_codes())


@pytest.mark.parametrize(
    "retries",
    [Retry(3), Retry(1), Retry(0, read=False), Retry(3, allowed_methods=["GET"]), Retry(3, read=0)],
    ids=["thrice", "once", "as it is", "GET only", "no read"],
)
@pytest.mark.parametrize("fault", [*CUT_OFF, "close_in_headers", "hang", "stall"])
def test_urllib3_repeats_a_put_in_process_as_over_a_connection(live: FakeAppCodes, fault: Any, retries: Retry) -> None:  # noqa: ANN401 - a literal
    over_a_connection = repeated(live, fault, retries)
    with fake_app_codes() as fake:
        in_process = repeated(fake, fault, retries)

    assert in_process == over_a_connection


def test_a_hanging_answer_is_a_timeout_at_once_in_process() -> None:
    with fake_app_codes() as fake:
        fake.fail(fault="hang")

        with pytest.raises(requests.exceptions.ReadTimeout):
            requests.get(fake.url(), headers={"X-Auth-Token": fake.token}, timeout=3600)


def test_a_stalling_answer_is_the_error_of_a_connection_at_once_in_process(live: FakeAppCodes) -> None:
    kinds = []
    with fake_app_codes() as fake:
        for each, timeout in ((live, SHORT), (fake, 3600)):
            each.fail(fault="stall")
            with pytest.raises(requests.exceptions.RequestException) as raised:
                requests.get(each.url(), headers={"X-Auth-Token": each.token}, timeout=timeout)
            kinds.append(raised.type)

    assert kinds == [requests.exceptions.ConnectionError] * 2


@pytest.mark.parametrize(("fault", "timeout"), [("hang", None), ("stall", None), ("slow_start", 1), ("dribble", 1)])
def test_what_cannot_be_shown_in_process_says_what_to_use(fault: Any, timeout: float | None) -> None:  # noqa: ANN401 - a literal
    with fake_app_codes() as fake:
        fake.fail(fault=fault)

        with pytest.raises(DeliveryError, match="use appcode_server"):
            requests.get(fake.url(), headers={"X-Auth-Token": fake.token}, timeout=timeout)


@pytest.mark.parametrize("fault", [*CUT_OFF, "close_in_headers"])
def test_another_asgi_server_cannot_cut_a_connection_and_says_so(fault: Any) -> None:  # noqa: ANN401 - a literal
    fake = FakeAppCodes()
    fake.fail(fault=fault)
    scope = {"type": "http", "method": "GET", "path": urlsplit(fake.url()).path, "query_string": b"", "headers": []}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:  # noqa: ANN401 - an ASGI message
        pytest.fail(f"sent {message['type']}")

    with pytest.raises(DeliveryError, match="use appcode_server"):
        asyncio.run(AsgiApp(fake)(scope, receive, send))


# ---- which calls


def statuses(wire: Wire, count: int) -> list[int]:
    return [wire.list().status for _ in range(count)]


def test_a_fault_meets_every_so_many_calls(wire: Wire) -> None:
    wire.fake.fail(status=503, every=3, times=2)

    assert statuses(wire, 10) == [200, 200, 503, 200, 200, 503, 200, 200, 200, 200]


def test_a_fault_without_an_end_lasts_until_faults_are_cleared(wire: Wire) -> None:
    wire.fake.fail("list", status=500, times=None)

    assert statuses(wire, 30) == [500] * 30
    assert wire.generate().status == 201
    wire.fake.clear_faults()
    assert statuses(wire, 1) == [200]


def test_a_seed_repeats_which_calls_a_chance_meets(wire: Wire) -> None:
    wire.fake.fail(status=503, probability=0.5, times=None)
    first = statuses(wire, 40)

    wire.fake.reset()
    wire.fake.fail(status=503, probability=0.5, times=None)

    assert statuses(wire, 40) == first
    assert 5 < first.count(503) < 35


def test_without_a_seed_other_calls_are_met_after_a_reset() -> None:
    fake = FakeAppCodes()

    def met() -> list[int]:
        fake.reset()
        fake.fail(status=503, probability=0.5, times=None)
        return [fake.handle(Request("GET", fake.url(), {"X-Auth-Token": fake.token})).status for _ in range(100)]

    assert met() != met()


def test_a_reset_ends_every_fault(wire: Wire) -> None:
    wire.fake.fail(fault="empty_body", times=None)

    wire.fake.reset()

    assert wire.list().json()["total"] == 0


def test_a_fault_leaves_the_values_of_a_seed_alone() -> None:
    bothered, calm = FakeAppCodes(seed=1), FakeAppCodes(seed=1)
    bothered.fail(status=503, probability=0.5, times=None)
    for _ in range(10):
        bothered.handle(Request("GET", bothered.url(), {"X-Auth-Token": bothered.token}))

    assert bothered.seed(3) == calm.seed(3)


# ---- what cannot be


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({}, "give either a status or a fault"),
        ({"status": 500, "fault": "hang"}, "give either a status or a fault"),
        ({"status": 200}, "it must be one of 400, 401, 403, 404, 500, 429, 502, 503, 504"),
        ({"fault": "explode"}, "it must be one of empty_body, truncated_json"),
        ({"status": 500, "times": 0}, "times is 0; it must be a whole number, at least 1, or None"),
        ({"status": 500, "times": 1.5}, "times is 1.5; it must be a whole number"),
        ({"status": 500, "every": 0}, "every is 0; it must be a whole number, at least 1"),
        ({"status": 500, "probability": 0}, "probability is 0; it must be above 0, at most 1"),
        ({"status": 500, "probability": 1.1}, "it must be above 0, at most 1"),
        ({"fault": "dribble", "seconds": -1}, "seconds is -1; it must be at least 0"),
        ({"status": 429, "retry_after": -1}, "retry_after is -1; it must be at least 0"),
        ({"status": 500, "retry_after": 1}, "it goes with a status of 429, 502, 503, 504 only"),
        ({"status": 503.0}, "it must be one of 400"),
        ({"fault": "slow_start", "seconds": float("inf")}, "at most 3600"),
        ({"fault": "redirect", "location": "http://other.example/path"}, "it must be scheme, host and port"),
        ({"fault": "redirect", "location": "http://a\r\nX: y"}, "it must be scheme, host and port"),
        ({"status": 500, "operation": "delete"}, "'delete'; it must be 'generate', 'list' or None"),
    ],
)
def test_what_cannot_be_is_refused_and_it_is_said_what_would_be_right(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        FakeAppCodes().fail(**wrong)
