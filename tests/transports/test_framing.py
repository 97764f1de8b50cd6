"""What stands around a body: trailers are no headers, and nothing of it may go on for ever."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from appcode_contract import Request, Response
from appcode_contract.transports.live import LiveServer, listen
from tests.transports.raw import Raw, request

if TYPE_CHECKING:
    from appcode_contract import AppCodeServer

CHUNKED = "Transfer-Encoding: chunked"
LAST = ("Transfer-Encoding: chunked", "Connection: close")
KIB = 1024
FIELD = b"X: " + b"x" * 59 + b"\r\n"
AROUND = {
    "trailers": lambda size: b"0\r\n" + FIELD * (size // len(FIELD)) + b"\r\n",
    "one trailer": lambda size: b"0\r\nX: " + b"x" * size + b"\r\n\r\n",
    "extensions of a chunk": lambda size: b"1;" + b"x" * size + b"\r\nb\r\n0\r\n\r\n",
    "extensions of the last chunk": lambda size: b"0;" + b"x" * size + b"\r\n\r\n",
}


def talk(server: AppCodeServer, sent: bytes) -> bytes:
    """Send, and read to the end; a client that is still sending may miss its refusal."""
    received = b""
    with Raw(server.url) as client, contextlib.suppress(ConnectionError):
        client.socket.sendall(sent)
        received = client.rest()
    return received


def test_a_trailer_is_no_header(server: AppCodeServer) -> None:
    token = f"X-Auth-Token: {server.fake.token}\r\n".encode()
    asked = request(server, "PUT", *LAST).replace(token, b"")

    answer = talk(server, asked + b"3\r\none\r\n0\r\n" + token + b"\r\n")

    assert answer.startswith(b"HTTP/1.1 401 ")
    assert server.fake.exchanges[0].request.header("X-Auth-Token") is None


def test_a_trailer_is_no_header_of_the_next_request_either(server: AppCodeServer) -> None:
    token = f"X-Auth-Token: {server.fake.token}\r\n".encode()

    with Raw(server.url) as client:
        first, _ = client.ask(request(server, "PUT", CHUNKED, body=b"0\r\n" + token + b"\r\n"))
        second, _ = client.ask(request(server, "GET").replace(token, b""))

    assert (first, second) == (201, 401)


@pytest.mark.parametrize("what", AROUND)
def test_what_is_long_is_read(server: AppCodeServer, what: str) -> None:
    answer = talk(server, request(server, "PUT", *LAST, body=AROUND[what](64 * KIB)))

    assert answer.startswith(b"HTTP/1.1 201 ")


@pytest.mark.parametrize("what", AROUND)
def test_what_is_far_too_long_is_refused_and_not_carried_out(
    server: AppCodeServer, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = talk(server, request(server, "PUT", *LAST, body=AROUND[what](4096 * KIB)))

    assert answer == b"" or answer.startswith(b"HTTP/1.1 400 ")
    assert server.fake.exchanges == ()
    assert caplog.messages == []


def test_the_trailers_of_a_request_do_not_count_for_the_next_one(server: AppCodeServer) -> None:
    with Raw(server.url) as client:
        client.ask(request(server, "PUT", CHUNKED, body=AROUND["trailers"](200 * KIB)))
        status, _ = client.ask(request(server, "GET", "X: " + "x" * 200 * KIB))

    assert status == 200


def test_small_chunks_may_be_many(server: AppCodeServer) -> None:
    size = 100 * KIB

    answer = talk(server, request(server, "PUT", *LAST, body=b"1;a=b\r\nx\r\n" * size + b"0\r\n\r\n"))

    assert answer.startswith(b"HTTP/1.1 201 ")
    assert len(server.fake.exchanges[0].request.body) == size


def test_requests_at_once_may_be_many(server: AppCodeServer) -> None:
    count = 4000

    answers = talk(server, request(server, "GET") * count + request(server, "GET", "Connection: close"))

    assert answers.count(b"HTTP/1.1 200 ") == count + 1


@pytest.mark.parametrize(("version", "chunked"), [("1.0", False), ("1.1", True)])
def test_only_http_1_1_is_answered_in_chunks(version: str, chunked: bool) -> None:  # noqa: FBT001 - a parameter
    class Unsized:
        def handle(self, _: Request) -> Response:
            return Response(200, [("Content-Type", "text/plain")], b"whole")

    with listen() as listening, LiveServer(Unsized(), listening) as server, Raw(server.url) as client:
        client.socket.sendall(f"GET / HTTP/{version}\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
        head, _, body = client.rest().partition(b"\r\n\r\n")

    assert chunked == (b"transfer-encoding: chunked" in head.lower())
    assert (b"5\r\nwhole\r\n0\r\n\r\n" if chunked else b"whole") == body
