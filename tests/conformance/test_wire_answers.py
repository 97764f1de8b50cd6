"""Whatever a server answers, an exchange comes of it, in time and with words for people."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

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
    import socket
    import threading

    from tests.conformance.raw_server import Answer

CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
SECRET = b"what-a-hostile-server-repeats"


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_environment(monkeypatch)


def hang(_: socket.socket, ended: threading.Event) -> None:
    ended.wait(10)


def dribbling(first: bytes, again: bytes = b"a") -> Answer:
    def answer(connection: socket.socket, ended: threading.Event) -> None:
        connection.sendall(first)
        while not ended.wait(0.05):
            connection.sendall(again)

    return answer


def flooding(first: bytes, again: bytes) -> Answer:
    def answer(connection: socket.socket, ended: threading.Event) -> None:
        connection.sendall(first)
        while not ended.is_set():
            connection.sendall(again)

    return answer


@pytest.mark.parametrize(
    "answer",
    [
        hang,
        dribbling(b"", b"H"),
        dribbling(b"HTTP/1.1 200 "),
        dribbling(HEAD + b"X-Slow: "),
        dribbling(HEAD, b"X-Slow: a\r\n"),
        dribbling(HEAD + b"Content-Length: 1000000\r\n\r\n"),
        dribbling(HEAD + b"\r\n"),
        dribbling(CHUNKED, b"1\r\na\r\n"),
        dribbling(CHUNKED + b"0\r\n", b"X-Slow: a\r\n"),
        dribbling(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
)
def test_an_answer_that_does_not_end_ends_at_the_time_limit(answer: Answer) -> None:
    begun = time.monotonic()
    with RawServer(answer) as server:
        exchange = get(server, timeout=TIMEOUT)
        taken = time.monotonic() - begun

    assert exchange.response is None
    # Some of it can be told to be no HTTP before the end.
    assert exchange.problem in {
        "no complete answer: it did not end within 0.5 s",
        "no complete answer: it breaks the rules of HTTP/1.1 (Expected HTTP/, RTSP/ or ICE/)",
    }
    assert TIMEOUT + 1 > taken


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (flooding(CHUNKED, b"10000\r\n" + b"a" * 65_536 + b"\r\n"), "the body is longer than 8388608 bytes"),
        (flooding(HEAD + b"\r\n", b"a" * 65_536), "the body is longer than 8388608 bytes"),
        (flooding(CHUNKED + b"1;", b"a" * 65_536), "the body is longer than 8388608 bytes"),
        (flooding(CHUNKED + b"0\r\nX: ", b"a" * 65_536), "the body is longer than 8388608 bytes"),
        (flooding(HEAD + b"X: ", b"a" * 65_536), "its headers are longer than 65536 bytes"),
        (flooding(HEAD, b"X: a\r\n" * 1000), "its headers are longer than 65536 bytes"),
        (flooding(HEAD + b"X:", b"\t" * 65_536), "its headers are longer than 65536 bytes"),
        (flooding(b"HTTP/1.1 200 ", b"a" * 65_536), "its headers are longer than 65536 bytes"),
        (flooding(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000), "its headers are longer than 65536 bytes"),
    ],
)
def test_an_answer_that_never_ends_is_cut(answer: Answer, told: str) -> None:
    with RawServer(answer) as server:
        exchange = get(server)

    assert exchange.response is None
    assert f"no complete answer: {told}" == exchange.problem


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1",
        b"HTTP/1.1 200 OK\r\n",
        HEAD,
        HEAD + b"X: " + SECRET,
        HEAD + b"Content-Length: 100\r\n\r\n{}",
        HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n",
        CHUNKED + b"2\r\n{}\r\n",
        CHUNKED + b"2\r\n{",
        CHUNKED + b"2\r\n{}\r\n0\r\nX: " + SECRET,
        b"HTTP/1.1 100 Continue\r\n\r\n",
    ],
)
def test_a_connection_that_is_closed_too_early_is_a_problem(answer: bytes) -> None:
    with answering(answer) as server:
        exchange = get(server)

    assert exchange.response is None
    assert "no complete answer: the connection was closed before the end of it" == exchange.problem


@pytest.mark.parametrize(
    "answer",
    [
        b"{}",
        b"<html>" + SECRET,
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x00\xff" * 100,
        b"\x15\x03\x01\x00\x02\x02\x16",
        b"HTTP/1.1 99 " + SECRET + b"\r\n\r\n",
        b"HTTP/1.1 1000 OK\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 -20 OK\r\n\r\n",
        b"HTTP/7.0 200 OK\r\n\r\n",
        HEAD + b"Content-Length: -1\r\n\r\n{}",
        HEAD + b"Content-Length: two\r\n\r\n{}",
        HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
        HEAD + b"Content-Length: 99999999999999999999999\r\n\r\n{}",
        HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        CHUNKED + b"zz\r\n{}",
        CHUNKED + b"-2\r\n{}\r\n0\r\n\r\n",
        CHUNKED + b"2\r\n{}}\r\n0\r\n\r\n",
        CHUNKED + b"fffffffffffffffffffff\r\n{}\r\n0\r\n\r\n",
        HEAD + b"X: a\x00b\r\n\r\n",
        HEAD + b"X: " + b"\t" * 60_000 + b"\x00\r\n\r\n",
        HEAD + b"X\x00: " + SECRET + b"\r\n\r\n",
        HEAD + b"X\xff: a\r\n\r\n",
        HEAD + b": a\r\n\r\n",
        HEAD + SECRET + b"\r\n\r\n",
    ],
)
def test_an_answer_that_is_no_http_is_a_problem(answer: bytes) -> None:
    begun = time.monotonic()
    with answering(answer) as server:
        exchange = get(server)

    assert exchange.response is None
    assert exchange.problem.startswith("no complete answer: it breaks the rules of HTTP/1.1 (")
    assert SECRET.decode() not in exchange.problem
    assert PATIENCE / 2 > time.monotonic() - begun


@pytest.mark.parametrize(
    ("answer", "status", "body"),
    [
        (WHOLE, 200, b"{}"),
        (WHOLE + b"and more", 200, b"{}"),
        (WHOLE + b"HTTP/1.1 500 No\r\nContent-Length: 3\r\n\r\n[1]", 200, b"{}"),
        (b"HTTP/1.0 200 OK\r\n\r\n{}", 200, b"{}"),
        (b"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", 200, b""),
        (b"HTTP/1.1 200 OK\nContent-Length: 2\n\n{}", 200, b"{}"),
        (b"HTTP/1.1 200 \xff\xfe\r\nContent-Length: 0\r\n\r\n", 200, b""),
        (b"HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n", 999, b""),
        (b"HTTP/1.1 099 What\r\nContent-Length: 0\r\n\r\n", 99, b""),
        (b"HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\nabc", 101, b""),
        (b"HTTP/1.1 204 None\r\nContent-Length: 2\r\n\r\n{}", 204, b""),
        (b"HTTP/1.1 304 Same\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 304, b""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{}", 200, b"{"),
        (HEAD + b"\r\n{}", 200, b"{}"),
        (CHUNKED + b"1;a=b;c\r\n{\r\n01\r\n}\r\n0\r\nX-Trailer: a\r\n\r\n", 200, b"{}"),
        (HEAD + b"Transfer-Encoding: Chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 200, b"{}"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + WHOLE, 200, b"{}"),
        (b"HTTP/1.1 102 Processing\r\nX: a\r\n\r\n" * 3 + b"HTTP/1.1 103 Early\r\nLink: a\r\n\r\n" + WHOLE, 200, b"{}"),
    ],
)
def test_an_answer_is_read_whatever_stands_around_it(answer: bytes, status: int, body: bytes) -> None:
    with answering(answer) as server:
        exchange = get(server)

    assert exchange.response is not None, exchange.problem
    assert (status, body) == (exchange.response.status, exchange.response.body)


def test_an_answer_is_read_in_any_parts() -> None:
    answer = b"HTTP/1.1 103 Early\r\nLink: a\r\n\r\n" + CHUNKED + b"2;a\r\n{}\r\n0\r\nX: a\r\n\r\n"
    with answering(*(answer[at : at + 1] for at in range(len(answer)))) as server:
        exchange = get(server)

    assert exchange.response is not None
    assert (("Content-Type", "application/json"), ("Transfer-Encoding", "chunked")) == exchange.response.headers
    assert b"{}" == exchange.response.body


def test_headers_are_kept_as_they_come() -> None:
    many = b"".join(b"X-%d: %d\r\n" % (number, number) for number in range(150))
    with answering(
        HEAD + many + b"x-TWO: 1\r\nx-TWO: 2\r\nX-Any: \xe4\xff\r\nX-None:\r\nContent-Length: 0\r\n\r\n"
    ) as server:
        exchange = get(server)

    assert exchange.response is not None
    assert 156 == len(exchange.response.headers)
    assert (("x-TWO", "1"), ("x-TWO", "2"), ("X-Any", "äÿ"), ("X-None", "")) == exchange.response.headers[-5:-1]


@pytest.mark.parametrize("head", [b"Content-Length: 2\r\n", b"Connection: keep-alive\r\nContent-Length: 2\r\n"])
def test_a_connection_that_is_kept_open_is_not_waited_for(head: bytes) -> None:
    def answer(connection: socket.socket, ended: threading.Event) -> None:
        connection.sendall(HEAD + head + b"\r\n{}")
        ended.wait(60)

    begun = time.monotonic()
    with RawServer(answer) as server:
        exchange = get(server, timeout=30)
        taken = time.monotonic() - begun

    assert exchange.response is not None
    assert 10 > taken


def test_a_hanging_server_does_not_keep_the_process_from_ending() -> None:
    program = (
        "import sys; from appcode_contract import Request; from appcode_contract.conformance.wire import Wire;"
        "print(Wire().send(Request('GET', sys.argv[1]), 0.2).problem)"
    )
    with RawServer(hang) as server:
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-c", program, server.url], capture_output=True, check=False, text=True, timeout=30
        )

    assert (0, "no complete answer: it did not end within 0.2 s\n", "") == (done.returncode, done.stdout, done.stderr)
