"""Certificates are verified unless told otherwise, and whoever asks may say which to trust."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

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

TOKEN = "secret-token-of-the-wire"


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_environment(monkeypatch)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return path


@pytest.fixture
def another(tmp_path: Path) -> Path:
    path = tmp_path / "another.pem"
    trustme.CA().cert_pem.write_to_path(path)
    return path


def server_with(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


@pytest.fixture
def tls(authority: trustme.CA) -> ssl.SSLContext:
    return server_with(authority.issue_cert("127.0.0.1"))


def refusal(wire: Wire, tls: ssl.SSLContext) -> str:
    with answering(WHOLE, tls=tls) as server, pytest.raises(Unreachable) as raised:
        get(server, wire, token=TOKEN)
    assert [] == server.requests
    assert TOKEN not in "".join(traceback.format_exception(raised.value))
    return str(raised.value)


def answers(wire: Wire, tls: ssl.SSLContext) -> bool:
    with answering(WHOLE, tls=tls) as server:
        exchange = get(server, wire)
    return exchange.response is not None and b"{}" == exchange.response.body


def test_a_certificate_that_nobody_signed_for_us_is_refused(tls: ssl.SSLContext) -> None:
    told = refusal(Wire(), tls)

    assert told.startswith("the certificate is not trusted: ")
    assert "--ca-bundle" in told


def test_a_certificate_signed_by_another_authority_is_refused(tls: ssl.SSLContext, another: Path) -> None:
    assert "--ca-bundle" in refusal(Wire(ca_bundle=another), tls)


def test_a_certificate_of_another_host_is_refused(authority: trustme.CA, trusted: Path) -> None:
    told = refusal(Wire(ca_bundle=trusted), server_with(authority.issue_cert("roma.example")))

    assert "certificate is not valid for '127.0.0.1'" in told
    assert told.endswith("(the URL must name the host of the certificate)")


def test_a_certificate_whose_time_is_over_is_refused(authority: trustme.CA, trusted: Path) -> None:
    past = authority.issue_cert(
        "127.0.0.1", not_before=datetime(2020, 1, 1, tzinfo=UTC), not_after=datetime(2021, 1, 1, tzinfo=UTC)
    )
    told = refusal(Wire(ca_bundle=trusted), server_with(past))

    assert "certificate has expired" in told
    assert "--ca-bundle" in told


def test_the_certificates_named_are_trusted(tls: ssl.SSLContext, trusted: Path) -> None:
    wire = Wire(ca_bundle=trusted)

    assert "" == wire.problem()
    assert answers(wire, tls)
    assert answers(wire, tls)


def test_a_folder_of_certificates_is_trusted(tls: ssl.SSLContext, trusted: Path, another: Path) -> None:
    (trusted.parent / "README").write_text("No certificate.")
    (trusted.parent / "folder").mkdir()
    wire = Wire(ca_bundle=another.parent)

    assert "" == wire.problem()
    assert answers(wire, tls)


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_the_certificates_of_the_environment_are_trusted(
    tls: ssl.SSLContext, trusted: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, str(trusted))

    assert answers(Wire(), tls)


def test_the_certificates_named_stand_for_those_of_the_environment(
    tls: ssl.SSLContext, trusted: Path, another: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(another))
    assert answers(Wire(ca_bundle=trusted), tls)

    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(trusted))
    refusal(Wire(ca_bundle=another), tls)


def test_the_authorities_of_the_world_are_trusted_also_where_python_finds_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ssl.SSLContext, "load_default_certs", lambda _: None)
    context = Wire()._context  # noqa: SLF001 - no server of the world can be asked in a test

    assert ssl.CERT_REQUIRED == context.verify_mode
    assert context.check_hostname
    assert 50 < context.cert_store_stats()["x509_ca"]


def test_the_certificates_of_the_environment_stand_for_all_others(
    another: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(another))
    monkeypatch.setenv("SSL_CERT_DIR", str(another.parent / "none"))

    assert 1 == Wire()._context.cert_store_stats()["x509"]  # noqa: SLF001 - as above


def test_who_is_insecure_gets_an_answer_whatever_the_environment_says(
    authority: trustme.CA, another: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(another))

    assert answers(Wire(insecure=True), server_with(authority.issue_cert("roma.example")))
    assert answers(Wire(insecure=True, ca_bundle=another), server_with(authority.issue_cert("roma.example")))


def test_who_is_insecure_is_not_warned_here(tls: ssl.SSLContext) -> None:
    program = (
        "import sys; from appcode_contract import Request; from appcode_contract.conformance.wire import Wire;"
        "print(Wire(insecure=True).send(Request('GET', sys.argv[1]), 10).response.status)"
    )
    with answering(WHOLE, tls=tls) as server:
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-W", "always", "-c", program, server.url],
            capture_output=True,
            check=False,
            text=True,
            timeout=30,
        )

    assert (0, "200\n", "") == (done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize(
    "content", [None, b"", b"no certificate", b"\0\xff" * 100, b"-----BEGIN CERTIFICATE-----\nno\n"]
)
def test_a_file_without_certificates_is_a_problem(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    told = Wire(ca_bundle=path).problem()

    assert ("No such file or directory" if content is None else "no certificate in PEM form in this file") == told


def test_a_folder_without_certificates_is_a_problem(tmp_path: Path) -> None:
    assert "no certificate in PEM form in this folder" == Wire(ca_bundle=tmp_path).problem()


def test_a_path_that_cannot_be_is_a_problem() -> None:
    assert "not the path of a file" == Wire(ca_bundle=Path("a\0b")).problem()


def test_a_key_is_no_certificate_to_trust(authority: trustme.CA, tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    authority.private_key_pem.write_to_path(path)

    assert "no certificate in PEM form in this file" == Wire(ca_bundle=path).problem()


def test_no_problem_is_found_where_nothing_is_named() -> None:
    assert "" == Wire().problem()


def test_certificates_that_cannot_be_used_are_named_when_they_are_needed(
    tls: ssl.SSLContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "--ca-bundle: No such file or directory" == refusal(Wire(ca_bundle=tmp_path / "none.pem"), tls)

    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
    assert "REQUESTS_CA_BUNDLE: No such file or directory" == refusal(Wire(), tls)


def test_a_server_that_speaks_no_tls_is_told_so() -> None:
    class Hasty(RawServer):
        def _handle(self, connection: socket.socket) -> None:
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            self.ended.wait(10)

    with Hasty(writing()) as server, pytest.raises(Unreachable, match="TLS failed: wrong version number"):
        Wire().send(Request("GET", server.url.replace("http", "https")), PATIENCE)


def test_a_handshake_takes_the_time_limit_at_most() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(Unreachable, match=r"within 0\.5 s"):
        Wire().send(Request("GET", f"https://127.0.0.1:{silent.getsockname()[1]}/"), TIMEOUT)


def test_an_answer_over_tls_that_does_not_end_ends_at_the_time_limit(tls: ssl.SSLContext, trusted: Path) -> None:
    def dribble(connection: socket.socket, ended: threading.Event) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not ended.wait(0.05):
            connection.sendall(b"a")

    with RawServer(dribble, tls) as server:
        wire = Wire(ca_bundle=trusted)
        wire.problem()
        exchange = get(server, wire, timeout=2 * TIMEOUT)

    assert "no complete answer: it did not end within 1 s" == exchange.problem


def test_an_answer_over_tls_that_is_closed_without_a_word_is_judged_as_any(tls: ssl.SSLContext, trusted: Path) -> None:
    wire = Wire(ca_bundle=trusted)
    with answering(b"HTTP/1.1 200 OK\r\n\r\n{}", tls=tls) as server:
        exchange = get(server, wire)
    with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}", tls=tls) as server:
        cut = get(server, wire)

    assert exchange.response is not None
    assert b"{}" == exchange.response.body
    assert "no complete answer: the connection was closed before the end of it" == cut.problem


def test_a_request_longer_than_a_record_arrives_over_tls(tls: ssl.SSLContext, trusted: Path) -> None:
    arrived: list[int] = []

    def count(connection: socket.socket, _: threading.Event) -> None:
        received = len(server.requests[0].partition(b"\r\n\r\n")[2])
        while received < 100_000:
            received += len(connection.recv(65_536))
        arrived.append(received)
        connection.sendall(WHOLE)

    with RawServer(count, tls) as server:
        exchange = Wire(ca_bundle=trusted).send(Request("PUT", server.url, body=b"a" * 100_000), PATIENCE)

    assert exchange.response is not None
    assert [100_000] == arrived
