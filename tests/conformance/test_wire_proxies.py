"""Proxies that the environment names are used, and their passwords told to nobody else."""

from __future__ import annotations

import selectors
import socket
import ssl
import traceback
from base64 import b64encode
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import trustme

from appcode_contract import Request
from appcode_contract.conformance.wire import Unreachable, Wire
from tests.conformance.raw_server import (
    PATIENCE,
    TIMEOUT,
    WHOLE,
    RawServer,
    answering,
    forget_environment,
    get,
    writing,
)

if TYPE_CHECKING:
    import threading
    from pathlib import Path

TOKEN = "secret-token-of-the-wire"
PASSWORD = "p@ss word"
LOGIN = b"Proxy-Authorization: Basic " + b64encode(f"me:{PASSWORD}".encode())
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\nX-Proxy: a\r\n\r\n"


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_environment(monkeypatch)


class Proxy(RawServer):
    """Forwards what has a whole URL, and opens tunnels."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(self._forward, tls)

    def login(self) -> str:
        return f"{urlsplit(self.url).scheme}://me:p%40ss%20word@127.0.0.1:{self.port}"

    def _forward(self, connection: socket.socket, _: threading.Event) -> None:
        head = self.requests[-1]
        method, target = head.decode("latin-1").split(" ")[:2]
        place = urlsplit(f"//{target}" if method == "CONNECT" else target)
        with socket.create_connection((place.hostname, place.port), 10) as server:
            if method == "CONNECT":
                connection.sendall(ESTABLISHED)
            else:
                server.sendall(head)
            _pump(connection, server)


def _pump(client: socket.socket, server: socket.socket) -> None:
    """Carry bytes both ways until either side ends: one thread, as TLS is not to be read and written at once."""
    with selectors.DefaultSelector() as readable:
        readable.register(client, selectors.EVENT_READ, server)
        readable.register(server, selectors.EVENT_READ, client)
        while ready := readable.select(10):
            for key, _ in ready:
                source, to = key.fileobj, key.data
                assert isinstance(source, socket.socket)
                received = source.recv(65_536)
                if not received:
                    return
                to.sendall(received)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def wire(authority: trustme.CA, tmp_path: Path) -> Wire:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    return Wire(ca_bundle=tmp_path / "ca.pem")


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_a_request_goes_through_the_proxy_for_http(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with Proxy() as proxy, answering(WHOLE) as server:
        monkeypatch.setenv(name, proxy.url)
        exchange = get(server, token=TOKEN)

    assert exchange.response is not None
    assert proxy.requests[0].startswith(
        b"GET http://127.0.0.1:%d/v2 HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n" % (server.port, server.port)
    )
    assert 1 == len(server.requests)


@pytest.mark.parametrize("scheme", ["http://", ""])
def test_a_request_goes_through_a_tunnel_for_https(
    monkeypatch: pytest.MonkeyPatch, tls: ssl.SSLContext, wire: Wire, scheme: str
) -> None:
    with Proxy() as proxy, answering(WHOLE, tls=tls) as server:
        monkeypatch.setenv("HTTPS_PROXY", f"{scheme}127.0.0.1:{proxy.port}")
        exchange = get(server, wire, token=TOKEN)

    assert exchange.response is not None
    assert [
        b"CONNECT 127.0.0.1:%d HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % (server.port, server.port)
    ] == proxy.requests
    assert server.requests[0].startswith(b"GET /v2 HTTP/1.1\r\n")


def test_a_tunnel_is_verified_as_any_connection(monkeypatch: pytest.MonkeyPatch, tls: ssl.SSLContext) -> None:
    with Proxy() as proxy, answering(WHOLE, tls=tls) as server:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with pytest.raises(Unreachable, match="--ca-bundle"):
            get(server)

    assert [] == server.requests


def test_a_proxy_may_speak_tls_itself(monkeypatch: pytest.MonkeyPatch, tls: ssl.SSLContext, wire: Wire) -> None:
    with Proxy(tls) as proxy, answering(WHOLE, tls=tls) as server, answering(WHOLE) as plain:
        monkeypatch.setenv("ALL_PROXY", proxy.url)

        assert get(server, wire).response is not None
        assert get(plain, wire).response is not None
        with pytest.raises(Unreachable, match="--ca-bundle"):
            get(server)

    assert 2 == len(proxy.requests)


def test_a_login_goes_to_the_proxy_only(monkeypatch: pytest.MonkeyPatch, tls: ssl.SSLContext, wire: Wire) -> None:
    with Proxy() as proxy, answering(WHOLE, tls=tls) as server, answering(WHOLE) as plain:
        monkeypatch.setenv("ALL_PROXY", proxy.login())
        get(server, wire)
        get(plain, wire)

    assert all(LOGIN in request for request in proxy.requests)
    assert b"proxy" not in server.requests[0].lower()


def test_what_needs_no_proxy_goes_straight(monkeypatch: pytest.MonkeyPatch) -> None:
    with Proxy() as proxy, answering(WHOLE) as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        for without in ("127.0.0.1", "127.0.0.0/8", "*"):
            monkeypatch.setenv("NO_PROXY", without)
            assert get(server).response is not None

    assert [] == proxy.requests


def refusal(monkeypatch: pytest.MonkeyPatch, wire: Wire, proxy: str, url: str, timeout: float = PATIENCE) -> str:
    monkeypatch.setenv("ALL_PROXY", proxy)
    with pytest.raises(Unreachable) as raised:
        wire.send(Request("GET", url, {"X-Auth-Token": TOKEN}), timeout)
    told = "".join(traceback.format_exception(raised.value))
    for secret in (TOKEN, PASSWORD, "p%40ss", b64encode(f"me:{PASSWORD}".encode()).decode()):
        assert secret not in told
    assert str(raised.value).endswith(" (the environment names a proxy for it)")
    return str(raised.value).partition(" (the environment")[0]


@pytest.mark.parametrize(
    "status", [b"403 Forbidden", b"407 Log in", b"502 Bad", b"302 Found\r\nLocation: http://127.0.0.1"]
)
def test_a_proxy_that_opens_no_tunnel_makes_the_server_unreachable(
    monkeypatch: pytest.MonkeyPatch, wire: Wire, status: bytes
) -> None:
    with answering(b"HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n" % status) as proxy:
        named = f"http://me:p%40ss%20word@127.0.0.1:{proxy.port}"
        told = refusal(monkeypatch, wire, named, "https://roma.example/v2")

    assert f"the proxy answered {status[:3].decode()}" == told
    assert [b"CONNECT roma.example:443 HTTP/1.1"] == [request.partition(b"\r\n")[0] for request in proxy.requests]
    assert TOKEN.encode() not in proxy.requests[0]


def test_a_host_is_named_as_the_wire_knows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n") as proxy:
        refusal(monkeypatch, Wire(), proxy.url, "https://bücher.example/v2")

    assert proxy.requests[0].startswith(b"CONNECT xn--bcher-kva.example:443 HTTP/1.1\r\n")


def test_a_proxy_that_wants_a_login_makes_the_server_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(b"HTTP/1.1 407 Log in\r\nContent-Length: 0\r\n\r\n") as proxy:
        assert "the proxy answered 407" == refusal(monkeypatch, Wire(), proxy.url, "http://roma.example/v2")


def test_a_407_without_a_proxy_is_an_answer_of_the_server() -> None:
    with answering(b"HTTP/1.1 407 Log in\r\nContent-Length: 0\r\n\r\n") as server:
        assert get(server).response is not None


@pytest.mark.parametrize(
    ("proxy", "told"),
    [
        ("http://me:p%40ss%20word@127.0.0.1:1", "Connection refused"),
        ("http://me:p%40ss%20word@127.0.0.1:port", "the address is malformed"),
        ("http://me:p%40ss%20word@[", "the address is malformed"),
        ("http://me:p%40ss", "the address is malformed"),
        ("socks5://me:p%40ss%20word@127.0.0.1:1", "socks5:// is not spoken here, only http:// and https://"),
    ],
)
def test_a_proxy_that_cannot_be_used_makes_the_server_unreachable(
    monkeypatch: pytest.MonkeyPatch, proxy: str, told: str
) -> None:
    assert told == refusal(monkeypatch, Wire(), proxy, "https://roma.example/v2")


def test_a_proxy_that_hangs_takes_the_time_limit_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(_: socket.socket, ended: threading.Event) -> None:
        ended.wait(10)

    with RawServer(hang) as proxy:
        told = refusal(monkeypatch, Wire(), proxy.url, "https://roma.example/v2", TIMEOUT)

    assert "no connection within 0.5 s" == told


@pytest.mark.parametrize("answer", [b"", b"nonsense", b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000])
def test_a_proxy_that_speaks_no_http_makes_the_server_unreachable(
    monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    with RawServer(writing(answer)) as proxy:
        refusal(monkeypatch, Wire(), proxy.url, "https://roma.example/v2")
