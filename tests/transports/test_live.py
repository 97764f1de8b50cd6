"""A real HTTP server on a socket of this machine: ports, threads, bodies and broken requests."""

from __future__ import annotations

import contextlib
import http.client
import json
import logging
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from appcode_contract import FakeAppCodes, Request, app_code_server
from appcode_contract.messages import MAXIMUM_BODY
from appcode_contract.transports.live import LiveServer, ServerStartError, listen

if TYPE_CHECKING:
    from appcode_contract import AppCodeServer

TIMEOUT_SECONDS = 10
THREAD = "appcode-contract server"


def connect(server: AppCodeServer) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=TIMEOUT_SECONDS)


def ask(server: AppCodeServer, method: str = "GET", body: bytes | None = None) -> tuple[int, bytes]:
    with contextlib.closing(connect(server)) as connection:
        path = Request(method, server.fake.url()).path
        connection.request(method, path, body=body, headers={"X-Auth-Token": server.fake.token})
        response = connection.getresponse()
        return response.status, response.read()


def talk(server: AppCodeServer, *pieces: bytes, break_off: bool = False) -> bytes:
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port), TIMEOUT_SECONDS) as raw:
        for piece in pieces:
            raw.sendall(piece)
        if break_off:
            raw.shutdown(socket.SHUT_WR)
        answer = b""
        while received := raw.recv(65_536):
            answer += received
        return answer


def head(server: AppCodeServer, method: str = "PUT", *extra: bytes) -> bytes:
    lines = [
        f"{method} {Request(method, server.fake.url()).path} HTTP/1.1".encode(),
        b"Host: roma.example",
        f"X-Auth-Token: {server.fake.token}".encode(),
        *extra,
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def server_threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name == THREAD}


def test_a_server_answers_from_the_first_moment_where_its_url_says() -> None:
    with app_code_server(seed=1) as server:
        status, _ = ask(server)

    assert status == 200
    assert server.fake.base_url == server.url
    assert server.url.startswith("http://127.0.0.1:")


def test_servers_take_free_ports_side_by_side_and_keep_apart() -> None:
    with app_code_server(seed=1) as first, app_code_server(seed=1) as second:
        ask(first, "PUT")

        assert first.url != second.url
        assert [len(server.fake.app_codes()) for server in (first, second)] == [1, 0]


def test_a_chosen_port_is_taken_and_free_again_afterwards() -> None:
    with listen() as found:
        port = found.getsockname()[1]

    for _ in range(2):
        with app_code_server(port=port) as server:
            assert server.url == f"http://127.0.0.1:{port}"
            assert ask(server)[0] == 200


def test_a_port_in_use_is_told_with_host_and_port() -> None:
    before = server_threads()
    with listen() as taken:
        port = taken.getsockname()[1]

        with pytest.raises(ServerStartError, match=f"cannot listen on 127.0.0.1 port {port}: .*in use"):
            app_code_server(port=port).__enter__()

    assert server_threads() == before


def test_an_address_of_another_machine_is_told() -> None:
    with pytest.raises(ServerStartError, match=r"cannot listen on 192\.0\.2\.1 port 0: "):
        listen("192.0.2.1")


@pytest.mark.parametrize(
    ("host", "port"),
    [
        ("127.0.0.1", -1),
        ("127.0.0.1", 65_536),
        ("roma..example", 0),
    ],
)
def test_a_port_or_host_that_cannot_be_is_told(host: str, port: int) -> None:
    with pytest.raises(ServerStartError, match="cannot listen on"):
        listen(host, port)


def test_a_refused_argument_leaves_no_server_behind() -> None:
    before = server_threads()
    with listen() as found:
        port = found.getsockname()[1]

    with pytest.raises(ValueError, match="app_id is ''"):
        app_code_server(port=port, app_id="").__enter__()

    assert server_threads() == before
    listen(port=port).close()


def test_the_end_of_the_context_ends_the_thread_and_frees_the_port() -> None:
    before = server_threads()
    with app_code_server() as server:
        assert len(server_threads() - before) == 1

    assert server_threads() == before
    with pytest.raises(ConnectionError):
        ask(server)


def test_an_exception_in_the_context_ends_the_thread_too() -> None:
    before = server_threads()

    def fail() -> None:
        with app_code_server():
            raise KeyError

    with pytest.raises(KeyError):
        fail()

    assert server_threads() == before


def test_a_client_that_keeps_its_connection_open_does_not_keep_the_thread() -> None:
    before = server_threads()
    with contextlib.ExitStack() as still_open:
        with app_code_server(seed=1) as server:
            connection = still_open.enter_context(contextlib.closing(connect(server)))
            connection.request("GET", "/")
            connection.getresponse().read()
            assert len(server_threads() - before) == 1

        assert server_threads() == before


def test_a_client_that_never_ends_its_request_does_not_keep_the_thread() -> None:
    before = server_threads()
    with contextlib.ExitStack() as still_open:
        with app_code_server(seed=1) as server:
            parts = urlsplit(server.url)
            raw = socket.create_connection((parts.hostname, parts.port), TIMEOUT_SECONDS)
            still_open.enter_context(raw)
            raw.sendall(head(server, "PUT", b"Content-Length: 10", b"Expect: 100-continue"))
            assert raw.recv(64).startswith(b"HTTP/1.1 100 ")

        assert server_threads() == before
        assert server.fake.app_codes() == ()


def test_the_end_of_the_context_is_told_to_a_client_that_kept_its_connection() -> None:
    with contextlib.ExitStack() as still_open:
        with app_code_server(seed=1) as server:
            connection = still_open.enter_context(contextlib.closing(connect(server)))
            connection.request("GET", "/")
            connection.getresponse().read()

        assert connection.sock.recv(1) == b""


def test_one_connection_carries_many_requests(server: AppCodeServer) -> None:
    path = Request("PUT", server.fake.url()).path
    with contextlib.closing(connect(server)) as connection:
        for _ in range(20):
            connection.request("PUT", path, headers={"X-Auth-Token": server.fake.token})
            response = connection.getresponse()
            response.read()
            assert response.status == 201

    assert len(server.fake.app_codes()) == 20


def test_many_connections_at_once_lose_nothing(server: AppCodeServer) -> None:
    with ThreadPoolExecutor(max_workers=16) as pool:
        answers = list(pool.map(lambda _: ask(server, "PUT"), range(100)))

    assert {status for status, _ in answers} == {201}
    assert {json.loads(body)["id"] for _, body in answers} == {record.id for record in server.fake.app_codes()}


def test_a_server_adds_no_headers_of_its_own(server: AppCodeServer) -> None:
    with contextlib.closing(connect(server)) as connection:
        connection.request("GET", "/")
        headers = connection.getresponse().getheaders()

    assert {name.lower() for name, _ in headers} == {"content-type", "content-length"}


def test_the_path_arrives_percent_encoded_as_it_was_sent(server: AppCodeServer) -> None:
    with contextlib.closing(connect(server)) as connection:
        connection.request("GET", "/v2/%41%2Fb;c=d//e?f=%67&h")
        connection.getresponse().read()

    (exchange,) = server.fake.exchanges
    assert exchange.request.url == server.url + "/v2/%41%2Fb;c=d//e?f=%67&h"


def test_a_body_of_the_maximum_size_is_taken(server: AppCodeServer) -> None:
    status, _ = ask(server, "PUT", b"x" * MAXIMUM_BODY)

    assert status == 201
    assert len(server.fake.exchanges[0].request.body) == MAXIMUM_BODY


def test_a_body_over_the_maximum_is_refused_and_changes_nothing(
    server: AppCodeServer,
) -> None:
    size = MAXIMUM_BODY + 1

    answer = talk(
        server,
        head(server, "PUT", f"Content-Length: {size}".encode()),
        b"x" * size,
    )

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert server.fake.app_codes() == ()
    assert [violation.clause for violation in server.fake.violations] == ["generate/no-body"]
    assert ask(server)[0] == 200


def test_a_body_in_chunks_is_joined(server: AppCodeServer) -> None:
    answer = talk(
        server,
        head(server, "PUT", b"Transfer-Encoding: chunked", b"Connection: close"),
        b"3\r\none\r\n",
        b"3\r\ntwo\r\n",
        b"0\r\n\r\n",
    )

    assert answer.startswith(b"HTTP/1.1 201 ")
    assert server.fake.exchanges[0].request.body == b"onetwo"


@pytest.mark.parametrize("around", [(b"", b" "), (b"  ", b""), (b"\t", b" \t ")])
def test_blanks_around_the_value_of_a_header_are_no_part_of_it(
    server: AppCodeServer, around: tuple[bytes, bytes]
) -> None:
    token = server.fake.token.encode()
    asked = head(server, "GET", b"Connection: close").replace(b" " + token, token.join(around))

    answer = talk(server, asked)

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert server.fake.exchanges[0].request.header("X-Auth-Token") == server.fake.token


def test_a_client_of_http_1_0_is_answered(server: AppCodeServer) -> None:
    answer = talk(
        server,
        head(server, "GET").replace(b"HTTP/1.1", b"HTTP/1.0").replace(b"Host: roma.example\r\n", b""),
    )

    assert b" 200 " in answer.splitlines()[0]
    assert answer.endswith(b'{"total":0,"size":0,"app_codes":[]}')


def test_what_is_no_http_is_refused_and_the_server_goes_on(
    server: AppCodeServer,
) -> None:
    answer = talk(server, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert server.fake.exchanges == ()
    assert ask(server)[0] == 200


def test_a_request_that_breaks_off_in_its_body_makes_no_app_code(
    server: AppCodeServer,
) -> None:
    talk(server, head(server, "PUT", b"Content-Length: 10"), b"half", break_off=True)

    ask(server)
    assert server.fake.app_codes() == ()


@pytest.mark.parametrize("host", [b"[x", b"roma.example/x", b"roma.example?x", b"roma.example#x"])
def test_whatever_the_host_header_says_the_request_is_answered(server: AppCodeServer, host: bytes) -> None:
    answer = talk(
        server,
        head(server, "GET", b"Connection: close").replace(b"roma.example", host),
    )

    assert answer.startswith(b"HTTP/1.1 200 ")


def test_a_client_cannot_say_that_it_came_over_another_scheme(server: AppCodeServer) -> None:
    with contextlib.closing(connect(server)) as connection:
        connection.request("GET", "/", headers={"X-Forwarded-Proto": "https"})
        connection.getresponse().read()

    (exchange,) = server.fake.exchanges
    assert exchange.request.url == server.url + "/"


def test_an_ipv6_address_stands_in_brackets() -> None:
    try:
        listening = listen("::1")
    except ServerStartError:
        pytest.skip("this machine has no IPv6")
    fake = FakeAppCodes()
    with LiveServer(fake, listening) as server:
        port = listening.getsockname()[1]

        assert server.url == f"http://[::1]:{port}"
        with contextlib.closing(http.client.HTTPConnection("::1", port, timeout=TIMEOUT_SECONDS)) as connection:
            connection.request("GET", "/")
            assert connection.getresponse().status == 404


def test_a_server_leaves_the_logging_of_the_process_alone() -> None:
    program = """\
import logging
from appcode_contract import app_code_server

with app_code_server():
    print([len(logging.getLogger(name).handlers) for name in ("uvicorn", "uvicorn.access", "uvicorn.error")])
    print(logging.getLogger().handlers, logging.getLogger().level == logging.WARNING)
"""

    finished = subprocess.run(  # noqa: S603 - this Python and the program above
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=TIMEOUT_SECONDS
    )

    assert finished.stdout.splitlines() == ["[0, 0, 0]", "[] True"]


def test_a_server_does_not_look_for_libraries_of_websockets() -> None:
    program = """\
import sys
from appcode_contract import app_code_server

with app_code_server():
    print("uvicorn.protocols.websockets.auto" in sys.modules)
"""

    finished = subprocess.run(  # noqa: S603 - this Python and the program above
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=TIMEOUT_SECONDS
    )

    assert finished.stdout == "False\n"


def test_no_request_is_logged(server: AppCodeServer, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        ask(server, "PUT")

    assert [record.getMessage() for record in caplog.records if record.name.startswith("uvicorn")] == []


@pytest.mark.skipif(sys.platform == "win32", reason="a process on Windows takes no SIGINT of its own")
def test_serving_in_the_foreground_ends_quietly_with_sigint() -> None:
    program = """\
import sys
from appcode_contract import FakeAppCodes
from appcode_contract.transports.live import listen, serve_forever, url_of

listening = listen()
print(url_of(listening), flush=True)
serve_forever(FakeAppCodes(), listening)
print("ended", flush=True)
"""
    with subprocess.Popen(  # noqa: S603 - this Python and the program above
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        with contextlib.closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=TIMEOUT_SECONDS)) as client:
            client.request("GET", "/")
            status = client.getresponse().status
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=TIMEOUT_SECONDS)

    assert status == 404
    assert (output, errors, process.returncode) == ("ended\n", "", 0)


@pytest.mark.parametrize(
    "junk", [b"junk\r\n\r\n", b"GET /\x00 HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nA" + b"a" * 300_000]
)
def test_what_is_no_http_is_answered_with_a_documented_error(server: AppCodeServer, junk: bytes) -> None:
    answer = talk(server, junk)

    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"Content-Type: application/json\r\n" in head
    assert json.loads(body)["error_code"] == "APIG.2012"
