"""A handler behind ASGI, driven by hand: what becomes of scope and body, and what comes back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from appcode_contract import FakeAppCodes, Request, Response
from appcode_contract.messages import MAXIMUM_BODY, Delivery
from appcode_contract.transports.asgi import CONNECTION, AsgiApp

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    Message = MutableMapping[str, Any]

ANSWER = Response(
    201,
    (("Content-Type", "application/json"), ("X-Note", "caf\xe9")),
    b'{"a":"\xc3\xbc"}',
)


class Recorder:
    def __init__(self) -> None:
        self.requests: list[Request] = []

    def handle(self, request: Request) -> Response:
        self.requests.append(request)
        return ANSWER


def scope(**changes: object) -> Message:
    given: Message = {
        "type": "http",
        "method": "PUT",
        "scheme": "http",
        "path": "/v2/x",
        "raw_path": b"/v2/%78",
        "query_string": b"a=%31&a=2",
        "headers": [(b"host", b"roma.example:80"), (b"x-auth-token", b"tok\xe9n")],
    }
    return {**given, **changes}


def chunk(body: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def run(handler: Recorder | FakeAppCodes, asked: Message, *incoming: Message) -> list[Message]:
    waiting = list(incoming)
    sent: list[Message] = []

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(AsgiApp(handler)(asked, receive, send))
    return sent


def test_the_request_reaches_the_handler_as_it_was_sent() -> None:
    recorder = Recorder()

    run(recorder, scope(), chunk(b"body"))

    assert recorder.requests == [
        Request(
            "PUT",
            "http://roma.example:80/v2/%78?a=%31&a=2",
            (("host", "roma.example:80"), ("x-auth-token", "tok\xe9n")),
            b"body",
        )
    ]


def test_the_answer_is_sent_as_the_handler_gave_it() -> None:
    start, body = run(Recorder(), scope(), chunk(b""))

    assert start == {
        "type": "http.response.start",
        "status": 201,
        "headers": [(b"content-type", b"application/json"), (b"x-note", b"caf\xe9")],
    }
    assert body == {"type": "http.response.body", "body": ANSWER.body}


def test_a_body_in_several_pieces_is_joined() -> None:
    recorder = Recorder()

    run(
        recorder,
        scope(),
        chunk(b"one ", more=True),
        chunk(b"", more=True),
        {"type": "http.request"},
    )

    assert [request.body for request in recorder.requests] == [b"one "]


def test_without_a_query_the_url_has_no_question_mark() -> None:
    recorder = Recorder()

    run(recorder, scope(query_string=b""), chunk(b""))

    assert recorder.requests[0].url == "http://roma.example:80/v2/%78"


def test_a_raw_path_with_the_query_in_it_does_not_repeat_the_query() -> None:
    recorder = Recorder()

    run(recorder, scope(raw_path=b"/v2/%78?a=%31&a=2"), chunk(b""))

    assert recorder.requests[0].url == "http://roma.example:80/v2/%78?a=%31&a=2"


def test_a_server_that_gives_no_raw_path_gets_the_path_encoded_again() -> None:
    recorder = Recorder()

    run(recorder, scope(path="/v2/a b/ü", raw_path=None), chunk(b""))

    assert recorder.requests[0].path == "/v2/a%20b/%C3%BC"


def test_a_request_without_host_is_for_localhost() -> None:
    recorder = Recorder()

    run(recorder, scope(headers=[]), chunk(b""))

    assert recorder.requests[0].url == "http://localhost/v2/%78?a=%31&a=2"


@pytest.mark.parametrize("kind", ["lifespan", "websocket"])
def test_what_is_not_http_is_left_alone(kind: str) -> None:
    recorder = Recorder()

    assert run(recorder, {"type": kind}) == []
    assert recorder.requests == []


def test_a_body_of_the_maximum_size_is_taken() -> None:
    recorder = Recorder()

    start, _ = run(
        recorder,
        scope(),
        chunk(b"x" * (MAXIMUM_BODY - 1), more=True),
        chunk(b"x"),
    )

    assert start["status"] == 201
    assert len(recorder.requests[0].body) == MAXIMUM_BODY


def test_of_a_body_over_the_maximum_no_more_is_read_than_shows_it() -> None:
    recorder = Recorder()

    run(recorder, scope(), chunk(b"x" * MAXIMUM_BODY, more=True), chunk(b"xyz", more=True))

    assert len(recorder.requests[0].body) == MAXIMUM_BODY + 1


def test_a_request_that_breaks_off_in_its_body_is_not_carried_out() -> None:
    fake = FakeAppCodes(seed=1)
    asked = scope(
        raw_path=Request("PUT", fake.url()).path.encode(),
        query_string=b"",
        headers=[(b"x-auth-token", fake.token.encode())],
    )

    run(fake, asked, chunk(b"half", more=True), {"type": "http.disconnect"})

    assert fake.app_codes() == ()


@pytest.mark.parametrize("host", [b"roma.example/x", b"roma.example?x", b"roma.example#x", b"user@roma.example"])
def test_the_host_header_cannot_change_path_or_query(host: bytes) -> None:
    recorder = Recorder()

    run(recorder, scope(headers=[(b"host", host)]), chunk(b""))

    (request,) = recorder.requests
    assert (request.path, request.query) == ("/v2/%78", "a=%31&a=2")
    assert "user" not in request.url


def test_no_body_is_waited_for_where_no_header_announces_one() -> None:
    recorder = Recorder()

    run(recorder, scope(http_version="1.1"))

    assert recorder.requests[0].body == b""


@pytest.mark.parametrize(
    ("version", "header"),
    [
        ("1.1", (b"content-length", b"4")),
        ("1.0", (b"Content-Length", b"4")),
        ("1.1", (b"transfer-encoding", b"chunked")),
    ],
)
def test_a_body_that_a_header_announces_is_read(version: str, header: tuple[bytes, bytes]) -> None:
    recorder = Recorder()

    run(recorder, scope(http_version=version, headers=[(b"host", b"a.example"), header]), chunk(b"body"))

    assert recorder.requests[0].body == b"body"


def test_a_body_of_http_2_needs_no_header() -> None:
    recorder = Recorder()

    run(recorder, scope(http_version="2"), chunk(b"body"))

    assert recorder.requests[0].body == b"body"


class Answering:
    """Answers in some manner, and is the connection: it tells what happens on it, in order."""

    def __init__(self, delivery: Delivery) -> None:
        self.answer = Response(ANSWER.status, ANSWER.headers, ANSWER.body, delivery)
        self.events: list[str] = []

    def handle(self, request: Request) -> Response:
        del request
        return self.answer

    def hold(self) -> None:
        self.events.append("hold")

    def release(self) -> None:
        self.events.append("release")

    def run(self) -> list[str]:
        async def receive() -> Message:
            return chunk(b"")

        async def send(message: Message) -> None:
            self.events.append(message["type"].rpartition(".")[2])

        asyncio.run(AsgiApp(self)(scope(extensions={CONNECTION: self}), receive, send))
        return self.events


def test_head_and_body_of_a_whole_answer_are_sent_in_one_piece() -> None:
    assert Answering(Delivery()).run() == ["hold", "start", "body", "release"]


def test_a_dribbling_answer_is_not_held_back() -> None:
    events = Answering(Delivery("dribble", 0.0)).run()

    assert "hold" not in events
    assert events[:2] == ["start", "body"]
