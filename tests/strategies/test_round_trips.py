"""Over a real socket every value arrives as it was sent, and is as valid or as invalid there as it was here."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import pytest
import requests as requests_library
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from appcode_contract import Exchange, Request, Response
from appcode_contract.checks import judge_request, judge_response
from appcode_contract.schema_store import validator
from appcode_contract.strategies import (
    Invalid,
    app_codes,
    error_responses,
    exchanges,
    generate_responses,
    ids,
    invalid_app_codes,
    invalid_list_queries,
    invalid_requests,
    invalid_responses,
    list_queries,
    list_responses,
    requests,
    tokens,
)
from appcode_contract.transports.live import LiveServer, listen
from tests.strategies.amounts import amount

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from appcode_contract.strategies import Query

TIMEOUT_SECONDS = 10
EXAMPLES = amount(40, 150)
bounded = settings(
    derandomize=True,
    max_examples=EXAMPLES,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
)

APP_ID = "9ed8b7fe84224de681e7d7a5587e76dc"
PATH = f"/v2/p/apic/instances/i/apps/{APP_ID}/app-codes"
HEADER = "X-Apig-AppCode"
TOKEN = {"X-Auth-Token": "token"}
DONE = Response(200, {"Content-Length": "0"})
OF_THE_CONNECTION = {"host", "content-length"}


class Peer:
    """The other end: remembers what arrived and answers as it is told."""

    def __init__(self) -> None:
        self.url = ""
        self.received: Request | None = None
        self.respond: Callable[[Request], Response] = lambda _: DONE

    def handle(self, request: Request) -> Response:
        self.received = request
        return self.respond(request)

    @property
    def arrived(self) -> Request:
        assert self.received is not None
        return self.received


class Client(Protocol):
    """A library that sends requests: each value encoded by its own means."""

    def ask(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str] | None = None,
        params: Query = (),
        document: dict[str, Any] | None = None,
    ) -> Response: ...


class WithRequests:
    """The requests library, with one session for all requests."""

    def __init__(self) -> None:
        self.session = requests_library.Session()
        self.session.trust_env = False

    def ask(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str] | None = None,
        params: Query = (),
        document: dict[str, Any] | None = None,
    ) -> Response:
        answer = self.session.request(
            method,
            url,
            headers=headers,
            params=list(params),
            json=document,
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
        )
        return Response(answer.status_code, answer.headers, answer.content)


class WithUrllib:
    """The standard library's urllib.request, with a connection for each request."""

    def __init__(self) -> None:
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def ask(
        self,
        method: str,
        url: str,
        *,
        headers: dict[str, str] | None = None,
        params: Query = (),
        document: dict[str, Any] | None = None,
    ) -> Response:
        target = f"{url}?{urlencode(params)}" if params else url
        body = None if document is None else json.dumps(document).encode()
        asked = urllib.request.Request(target, body, headers or {}, method=method)  # noqa: S310 - our own server
        try:
            answer = self.opener.open(asked, timeout=TIMEOUT_SECONDS)
        except urllib.error.HTTPError as refusal:
            answer = refusal
        with answer:
            return Response(answer.status, answer.headers.items(), answer.read())


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    peer = Peer()
    with LiveServer(peer, listen()) as server:
        peer.url = server.url
        yield peer


@pytest.fixture(scope="module", params=["requests", "urllib"])
def client(request: pytest.FixtureRequest) -> Iterator[Client]:
    if request.param == "urllib":
        yield WithUrllib()
        return
    client = WithRequests()
    with client.session:
        yield client


def begin(peer: Peer, respond: Callable[[Request], Response] = lambda _: DONE) -> None:
    peer.received = None
    peer.respond = respond


def send(peer: Peer, request: Request, answer: Response = DONE) -> Response:
    """Send exactly this, the method, the target and each header as they are written, and have it answered."""
    begin(peer, lambda _: answer)
    target = request.path + (f"?{request.query}" if request.query else "")
    with closing(http.client.HTTPConnection(urlsplit(peer.url).netloc, timeout=TIMEOUT_SECONDS)) as connection:
        connection.putrequest(request.method, target, skip_accept_encoding=True)
        for name, value in request.headers:
            connection.putheader(name, value)
        if request.body:
            connection.putheader("Content-Length", str(len(request.body)))
        connection.endheaders(request.body or None)
        received = connection.getresponse()
        return Response(received.status, received.getheaders(), received.read())


def parts(request: Request) -> tuple[object, ...]:
    """Give all of a request but its host; the names of headers have no letter case."""
    headers = [(name.lower(), value) for name, value in request.headers if name.lower() not in OF_THE_CONNECTION]
    return request.method, request.path, request.query, headers, request.body


def rewritten(request: Request) -> Response:
    """Read a document and write it anew, in UTF-8 without escapes."""
    body = json.dumps(json.loads(request.body), ensure_ascii=False).encode()
    return Response(200, {"Content-Type": "application/json"}, body)


def verdict(code: object) -> list[str]:
    return [str(error.validator) for error in validator("app-code").iter_errors(code)]


def clauses_of_request(request: Request) -> set[str]:
    return {violation.clause for violation in judge_request(Exchange(request, None)).violations}


def clauses_of_response(request: Request, response: Response) -> set[str]:
    return {violation.clause for violation in judge_response(Exchange(request, response)).violations}


def documented(response: Response, sent: Response) -> tuple[object, ...]:
    """Give of an answer what was sent with it; servers and clients may add headers, though not a media type."""
    names = {"content-type", *(name.lower() for name, _ in sent.headers)}
    return response.status, {name: response.header(name) for name in names}, response.body


texts = st.one_of(app_codes(), ids(), tokens())


@bounded
@given(text=texts)
def test_app_codes_ids_and_tokens_arrive_in_a_header_unchanged(peer: Peer, client: Client, text: str) -> None:
    begin(peer)

    client.ask("GET", peer.url, headers={HEADER: text})

    assert text == peer.arrived.header(HEADER)


@bounded
@given(text=texts)
def test_app_codes_ids_and_tokens_arrive_in_a_url_unchanged(peer: Peer, client: Client, text: str) -> None:
    begin(peer)

    client.ask("GET", f"{peer.url}/a/{quote(text, safe='')}/b", params=(("code", text),))

    assert ["", "a", text, "b"] == [unquote(segment) for segment in peer.arrived.path.split("/")]
    assert [("code", text)] == parse_qsl(peer.arrived.query)


@bounded
@given(text=texts)
def test_app_codes_ids_and_tokens_go_through_json_bodies_and_back_unchanged(
    peer: Peer, client: Client, text: str
) -> None:
    begin(peer, rewritten)

    response = client.ask("PUT", peer.url, document={"app_code": text})

    assert {"app_code": text} == json.loads(peer.arrived.body)
    assert {"app_code": text} == response.json()


@bounded
@given(invalid=invalid_app_codes())
def test_invalid_app_codes_go_through_json_bodies_and_back_as_invalid_as_they_were(
    peer: Peer, client: Client, invalid: Invalid[object]
) -> None:
    begin(peer, rewritten)

    response = client.ask("PUT", peer.url, document={"app_code": invalid.value})

    for received in (json.loads(peer.arrived.body)["app_code"], response.json()["app_code"]):
        assert (type(invalid.value), invalid.value) == (type(received), received)
        assert verdict(invalid.value) == verdict(received) != []


@bounded
@given(invalid=invalid_app_codes())
def test_invalid_app_codes_that_are_strings_arrive_in_a_url_unchanged(
    peer: Peer, client: Client, invalid: Invalid[object]
) -> None:
    begin(peer)
    if not isinstance(invalid.value, str):
        return

    client.ask("GET", f"{peer.url}/a/{quote(invalid.value, safe='')}/b", params=(("code", invalid.value),))

    assert ["", "a", invalid.value, "b"] == [unquote(segment) for segment in peer.arrived.path.split("/")]
    assert [("code", invalid.value)] == parse_qsl(peer.arrived.query, keep_blank_values=True)


# A header's value ends before its line does, and no server reads a control character; Python writes it in Latin 1.
NOT_IN_A_HEADER = {
    "ends with NUL",
    "ends with a newline",
    "holds NUL",
    "holds a newline",
    "holds another control character",
    "holds a letter beyond ASCII",
    "holds a digit beyond ASCII",
    "holds an invisible character beyond ASCII",
}
# HTTP does not count blanks at the end as part of a header's value (RFC 9110, 5.5), so that a server may cut them.
CUT_IN_A_HEADER = "ends with a blank"


def test_invalid_app_codes_arrive_in_a_header_unchanged_or_are_refused(peer: Peer, client: Client) -> None:
    arrived: list[str] = []
    refused: list[str] = []

    @bounded
    @given(invalid_app_codes())
    def run(invalid: Invalid[object]) -> None:
        if not isinstance(invalid.value, str):
            return
        begin(peer)
        try:
            status = client.ask("GET", peer.url, headers={HEADER: invalid.value}).status
        except ValueError:  # the client's own
            status = 0
        if peer.received is None:
            assert status in {0, 400}
            refused.append(invalid.kind)
            return
        received = peer.arrived.header(HEADER) or ""
        if invalid.kind == CUT_IN_A_HEADER:
            assert invalid.value.rstrip(" ") == received.rstrip(" ")
            return
        assert invalid.value == received
        assert verdict(invalid.value) == verdict(received) != []
        arrived.append(invalid.kind)

    run()
    assert set(refused) <= NOT_IN_A_HEADER
    assert len(arrived) > len(refused)


@bounded
@given(query=list_queries())
def test_queries_arrive_as_the_same_pairs_and_break_nothing(peer: Peer, client: Client, query: dict[str, str]) -> None:
    begin(peer)

    client.ask("GET", peer.url + PATH, headers=TOKEN, params=tuple(query.items()))

    assert query == dict(parse_qsl(peer.arrived.query, keep_blank_values=True))
    assert set() == clauses_of_request(peer.arrived)


@bounded
@given(invalid=invalid_list_queries())
def test_invalid_queries_arrive_as_the_same_pairs_and_break_the_same_clause(
    peer: Peer, client: Client, invalid: Invalid[Query]
) -> None:
    begin(peer)
    sent = Request("GET", f"{peer.url}{PATH}?{urlencode(invalid.value)}", TOKEN)

    client.ask("GET", peer.url + PATH, headers=TOKEN, params=invalid.value)

    assert [*invalid.value] == parse_qsl(peer.arrived.query, keep_blank_values=True)
    assert {invalid.clause} == clauses_of_request(sent) == clauses_of_request(peer.arrived)


@bounded
@given(sent=requests())
def test_requests_arrive_as_they_were_sent_and_break_nothing(peer: Peer, sent: Request) -> None:
    send(peer, sent)

    assert parts(sent) == parts(peer.arrived)
    assert set() == clauses_of_request(peer.arrived)


def test_invalid_requests_arrive_as_they_were_sent_and_break_the_same_clause(peer: Peer) -> None:
    """A method in lower case is none that the server's parser knows; such a request is refused before it arrives."""
    arrived: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    methods: set[str] = set()

    @settings(bounded, max_examples=amount(250, 450))
    @given(invalid_requests())
    def run(invalid: Invalid[Request]) -> None:
        answer = send(peer, invalid.value)
        if peer.received is None:
            assert answer.status == 400
            refused[invalid.value.method] += 1
            return
        assert parts(invalid.value) == parts(peer.arrived)
        assert {invalid.clause} == clauses_of_request(invalid.value) == clauses_of_request(peer.arrived)
        arrived[invalid.clause] += 1
        methods.add(invalid.value.method)

    run()
    assert refused.keys() <= {"put", "get"}
    assert methods > {"PUT", "GET"}
    assert len(arrived) == 13
    assert arrived.total() > 10 * refused.total()


def answers(operation: str) -> st.SearchStrategy[Response]:
    of_success = generate_responses(app_id=APP_ID) if operation == "PUT" else list_responses(app_id=APP_ID)
    return st.one_of(of_success, error_responses(app_id=APP_ID))


@pytest.mark.parametrize("method", ["PUT", "GET"])
def test_answers_arrive_as_they_were_sent_and_break_nothing(peer: Peer, client: Client, method: str) -> None:
    request = Request(method, peer.url + PATH, TOKEN)

    @bounded
    @given(answers(method))
    def run(sent: Response) -> None:
        begin(peer, lambda _: sent)

        received = client.ask(method, peer.url + PATH, headers=TOKEN)

        assert documented(sent, sent) == documented(received, sent)
        assert set() == clauses_of_response(request, sent) == clauses_of_response(request, received)

    run()


@bounded
@given(exchange=exchanges())
def test_exchanges_arrive_at_both_ends_and_break_nothing(peer: Peer, exchange: Exchange) -> None:
    assert exchange.response is not None
    sent = exchange.response

    received = send(peer, exchange.request, sent)

    assert parts(exchange.request) == parts(peer.arrived)
    assert documented(sent, sent) == documented(received, sent)
    assert set() == clauses_of_request(peer.arrived) == clauses_of_response(peer.arrived, received)


@bounded
@given(invalid=invalid_responses())
def test_invalid_answers_arrive_as_they_were_sent_and_break_the_same_clauses(
    peer: Peer, invalid: Invalid[Exchange]
) -> None:
    assert invalid.value.response is not None
    sent = invalid.value.response

    received = send(peer, invalid.value.request, sent)

    assert documented(sent, sent) == documented(received, sent)
    assert {invalid.clause, *invalid.also} == clauses_of_response(peer.arrived, received)


@settings(bounded, max_examples=2 * EXAMPLES)
@given(invalid=invalid_responses())
def test_clients_receive_invalid_answers_as_they_were_sent(
    peer: Peer, client: Client, invalid: Invalid[Exchange]
) -> None:
    assert invalid.value.response is not None
    sent = invalid.value.response
    begin(peer, lambda _: sent)

    received = client.ask(invalid.value.request.method, peer.url)

    assert documented(sent, sent) == documented(received, sent)
