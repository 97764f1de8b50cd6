"""What goes over the wire: each request once, as it is, to one server, with nothing added that could harm."""

from __future__ import annotations

import socket
import threading
import time
import traceback
from typing import TYPE_CHECKING

import pytest

from appcode_contract import Request
from appcode_contract.conformance.wire import Unreachable, Wire
from tests.conformance.raw_server import (
    HEAD,
    PATIENCE,
    TIMEOUT,
    WHOLE,
    RawServer,
    answering,
    forget_environment,
    get,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conformance.raw_server import Answer

TOKEN = "secret-token-of-the-wire"


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_environment(monkeypatch)


def test_an_answer_is_read_with_status_headers_and_body() -> None:
    with answering(HEAD + b"Content-Length: 2\r\nX-A: b\r\n\r\n{}") as server:
        exchange = get(server)

    assert exchange.response is not None
    assert (200, "b", b"{}") == (exchange.response.status, exchange.response.header("X-A"), exchange.response.body)


def test_a_request_is_written_as_it_is() -> None:
    headers = (("Accept", "application/json"), ("x-AUTH-token", TOKEN), ("X-Two", "1"), ("X-Two", "2"))
    with answering(WHOLE) as server:
        Wire().send(Request("PUT", f"{server.url}/%2e%2E/./a?b=%20&c#d", headers, b"{}"), PATIENCE)

    assert [
        "PUT /v2/%2e%2E/./a?b=%20&c HTTP/1.1",
        f"Host: 127.0.0.1:{server.port}",
        "Connection: close",
        "Content-Length: 2",
        "Accept: application/json",
        f"x-AUTH-token: {TOKEN}",
        "X-Two: 1",
        "X-Two: 2",
        "",
        "{}",
    ] == server.requests[0].decode().split("\r\n")


def test_headers_of_a_request_stand_for_ours() -> None:
    with answering(WHOLE) as server:
        Wire().send(Request("GET", server.url, {"host": "roma.example"}), PATIENCE)

    assert [b"host: roma.example"] == [
        line for line in server.requests[0].split(b"\r\n") if line[:5].lower() == b"host:"
    ]


@pytest.mark.parametrize("url", ["ftp://a/b", "http://a:b/c", "http://[/", "nothing", "http://" + "a" * 64])
def test_where_there_can_be_nothing_cannot_be_reached(url: str) -> None:
    with pytest.raises(Unreachable):
        Wire().send(Request("GET", url), PATIENCE)


@pytest.mark.parametrize("path", ["/a b", "/ä", "/a\r\nX:b", "/a\0"])
def test_a_path_that_cannot_be_written_is_not_sent(path: str) -> None:
    with answering(WHOLE) as server, pytest.raises(Unreachable, match="cannot be written"):
        Wire().send(Request("GET", server.url + path), PATIENCE)

    assert [] == server.requests


@pytest.mark.parametrize("value", [f"{TOKEN}\r\nX: b", f"{TOKEN}\0", f"{TOKEN}☃"])
def test_a_header_that_cannot_be_written_is_told_without_its_value(value: str) -> None:
    with answering(WHOLE) as server, pytest.raises(Unreachable) as raised:
        get(server, token=value)

    assert [] == server.requests
    assert TOKEN not in "".join(traceback.format_exception(raised.value))


@pytest.mark.parametrize("status", [b"301 Moved", b"302 Found", b"303 See Other", b"307 Temporary", b"308 Permanent"])
def test_a_redirect_is_not_followed_to_another_server_or_the_same(status: bytes) -> None:
    with answering(WHOLE) as other:
        for to in (other.url.encode(), b"/v2/other"):
            moved = b"HTTP/1.1 %s\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % (status, to)
            with answering(moved) as server:
                exchange = get(server, token=TOKEN)

            assert exchange.response is not None
            assert int(status[:3]) == exchange.response.status
            assert 1 == len(server.requests)
    assert [] == other.requests


def reset(connection: socket.socket, _: threading.Event) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


def half(connection: socket.socket, _: threading.Event) -> None:
    connection.sendall(HEAD + b"Content-Length: 20\r\n\r\n{}")


def silence(_: socket.socket, ended: threading.Event) -> None:
    ended.wait(10)


@pytest.mark.parametrize("answer", [reset, half, silence])
def test_a_request_without_a_whole_answer_is_sent_once(answer: Answer) -> None:
    with RawServer(answer) as server:
        exchange = Wire().send(Request("PUT", server.url), TIMEOUT)

    assert exchange.response is None
    assert "no complete answer" in exchange.problem
    assert 1 == len(server.requests)


def test_a_request_that_is_to_be_tried_again_later_is_sent_once() -> None:
    with answering(b"HTTP/1.1 503 Later\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n") as server:
        exchange = get(server)

    assert exchange.response is not None
    assert 503 == exchange.response.status
    assert 1 == len(server.requests)


def test_a_cookie_is_not_kept() -> None:
    with answering(HEAD + b"Set-Cookie: a=b\r\nContent-Length: 2\r\n\r\n{}") as server:
        wire = Wire()
        get(server, wire)
        get(server, wire)

    assert 2 == len(server.requests)
    assert b"cookie" not in server.requests[1].lower()


def test_nothing_of_netrc_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password of-netrc\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with answering(WHOLE) as server:
        get(server)

    assert b"authorization" not in server.requests[0].lower()


def test_an_answer_that_precedes_the_end_of_the_request_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    send_all = socket.socket.sendall

    def broken(self: socket.socket, data: bytes, flags: int = 0) -> None:
        send_all(self, data, flags)
        if data.startswith(b"PUT"):
            raise BrokenPipeError

    monkeypatch.setattr(socket.socket, "sendall", broken)
    with answering(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n") as server:
        exchange = Wire().send(Request("PUT", server.url), PATIENCE)

    assert exchange.response is not None
    assert 413 == exchange.response.status


def test_no_connection_is_told_apart_from_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    with pytest.raises(Unreachable, match="Connection refused") as raised:
        Wire().send(Request("GET", f"http://127.0.0.1:{port}/v2", {"X-Auth-Token": TOKEN}), PATIENCE)

    assert TOKEN not in "".join(traceback.format_exception(raised.value))


def test_a_host_without_an_address_cannot_be_reached() -> None:
    with pytest.raises(Unreachable):
        Wire().send(Request("GET", "http://nowhere.invalid/v2"), PATIENCE)


def test_a_server_that_accepts_no_connection_takes_the_time_limit_at_most() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)  # noqa: FBT003 - the socket's own signature
            each.connect_ex(full.getsockname())
        begun = time.monotonic()

        with pytest.raises(Unreachable, match=r"no connection within 0\.5 s"):
            Wire().send(Request("GET", f"http://127.0.0.1:{full.getsockname()[1]}/"), TIMEOUT)

        assert TIMEOUT + 1 > time.monotonic() - begun
        for each in waiting:
            each.close()


def test_a_search_for_a_host_takes_the_time_limit_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    found, search = threading.Event(), socket.getaddrinfo

    def slow(host: str, port: int, flags: int = 0, **options: int) -> list[tuple[object, ...]]:
        if not flags & socket.AI_NUMERICHOST:
            found.wait(10)
        return [*search(host, port, flags=flags, **options)]

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    before = threading.enumerate()
    begun = time.monotonic()
    with pytest.raises(Unreachable, match=r"no connection within 0\.5 s"):
        Wire().send(Request("GET", "http://localhost:1/"), TIMEOUT)

    assert TIMEOUT + 1 > time.monotonic() - begun
    late = [thread for thread in threading.enumerate() if thread not in before]
    assert all(thread.daemon for thread in late)
    found.set()
    for thread in late:
        thread.join(10)
    assert not any(thread.is_alive() for thread in late)


def test_every_address_of_a_host_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    search = socket.getaddrinfo

    def two(host: str, port: int, **options: int) -> list[tuple[object, ...]]:
        right = search(host, port, **options)
        return [(*right[0][:4], ("127.0.0.1", 1)), *right]

    monkeypatch.setattr(socket, "getaddrinfo", two)
    with answering(WHOLE) as server:
        assert get(server).response is not None


@pytest.mark.parametrize("answer", [silence, half])
def test_nothing_is_left_of_a_request_whose_server_hangs(answer: Answer) -> None:
    closed: list[bytes] = []

    def hang(connection: socket.socket, ended: threading.Event) -> None:
        if answer is half:
            half(connection, ended)
        closed.append(connection.recv(1))

    before = set(threading.enumerate())
    with RawServer(hang) as server:
        for _ in range(3):
            get(server, timeout=0.1)
        while len(closed) < 3:
            for thread in set(threading.enumerate()) - before:
                thread.join(0.01)

    assert [b"", b"", b""] == closed
    assert before >= set(threading.enumerate())
