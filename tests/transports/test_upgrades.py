"""A request that asks for another protocol gets its answer in HTTP/1.1, as if it had not asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.transports.raw import Raw, request

if TYPE_CHECKING:
    from appcode_contract import AppCodeServer

HTTP_2 = (
    "Connection: Upgrade, HTTP2-Settings",
    "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA",
    "Upgrade: h2c",
)
"""What Java's HttpClient sends when nobody told it a version."""
WEBSOCKET = (
    "Connection: keep-alive, Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
)
UPGRADES = pytest.mark.parametrize("upgrade", [HTTP_2, WEBSOCKET], ids=["HTTP/2", "websocket"])
CHUNKS = b"3\r\none\r\n3;a=b\r\ntwo\r\n0\r\n\r\n"


@UPGRADES
@pytest.mark.parametrize(("method", "status"), [("GET", 200), ("PUT", 201)])
def test_a_request_to_upgrade_is_answered_and_so_is_the_next_one(
    server: AppCodeServer, upgrade: tuple[str, ...], method: str, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    with Raw(server.url) as client:
        statuses = [
            client.ask(request(server, method, *upgrade))[0],
            client.ask(request(server, method, *upgrade))[0],
            client.ask(request(server, "GET"))[0],
        ]

    assert statuses == [status, status, 200]
    assert caplog.messages == []


@UPGRADES
@pytest.mark.parametrize(
    ("framing", "sent"),
    [("Content-Length: 6", b"onetwo"), ("Transfer-Encoding: chunked", CHUNKS)],
    ids=["length", "chunks"],
)
@pytest.mark.parametrize("apart", [False, True])
def test_a_request_to_upgrade_keeps_its_body(
    server: AppCodeServer, upgrade: tuple[str, ...], framing: str, sent: bytes, *, apart: bool
) -> None:
    asked = request(server, "PUT", *upgrade, framing, body=sent)
    pieces = [asked[at : at + 1] for at in range(len(asked))] if apart else [asked]

    with Raw(server.url) as client:
        statuses = [client.ask(*pieces)[0], client.ask(request(server, "GET"))[0]]

    assert statuses == [201, 200]
    assert [exchange.request.body for exchange in server.fake.exchanges] == [b"onetwo", b""]


def test_a_request_to_upgrade_is_remembered_with_the_headers_that_it_had(server: AppCodeServer) -> None:
    with Raw(server.url) as client:
        client.ask(request(server, "GET", *HTTP_2, "X-Twice: 1", "X-Twice: 2"))

    (exchange,) = server.fake.exchanges
    assert [f"{name}: {value}" for name, value in exchange.request.headers] == [
        "host: roma.example",
        f"x-auth-token: {server.fake.token}",
        "connection: Upgrade, HTTP2-Settings",
        HTTP_2[1].replace("HTTP2-Settings", "http2-settings"),
        "upgrade: h2c",
        "x-twice: 1",
        "x-twice: 2",
    ]


@pytest.mark.parametrize(("version", "connection"), [("1.0", "Upgrade"), ("1.1", "close, Upgrade")])
def test_a_request_to_upgrade_that_ends_its_connection_is_answered_with_its_body(
    server: AppCodeServer, version: str, connection: str
) -> None:
    headers = (f"Connection: {connection}", "Upgrade: h2c", "Content-Length: 4")

    with Raw(server.url) as client:
        client.socket.sendall(request(server, "PUT", *headers, body=b"body" + b"and more", version=version))
        answer = client.rest()

    assert answer.startswith(b"HTTP/1.1 201 ")
    assert answer.count(b"HTTP/1.1") == 1
    assert server.fake.exchanges[0].request.body == b"body"


def test_many_requests_to_upgrade_at_once_are_answered(server: AppCodeServer) -> None:
    count = 1500
    upgrading = request(server, "GET", "Connection: Upgrade", "Upgrade: h2c")

    with Raw(server.url) as client:
        client.socket.sendall(upgrading * count + request(server, "GET", "Connection: close"))
        answers = client.rest()

    assert answers.count(b"HTTP/1.1 200 ") == count + 1


@pytest.mark.parametrize("target", [b"roma.example:443", b"/v2"])
def test_a_tunnel_is_refused(server: AppCodeServer, target: bytes) -> None:
    with Raw(server.url) as client:
        client.socket.sendall(b"CONNECT " + target + b" HTTP/1.1\r\nHost: roma.example\r\n\r\n")
        answer = client.rest()

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert server.fake.exchanges == ()
