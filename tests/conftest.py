"""Wires: one way to a fake each, so that the same tests run over all of them, or over those in ``APPCODE_WIRES``."""

from __future__ import annotations

import asyncio
import http.client
import importlib
import os
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest
import requests

from appcode_contract import (
    FakeAppCodes,
    Request,
    Response,
    app_code_server,
    fake_app_codes,
)
from appcode_contract.transports.asgi import AsgiApp
from appcode_contract.transports.for_httpx import httpx_transport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from appcode_contract import AppCodeServer

SEED = 20200724
TIMEOUT_SECONDS = 10
WIRES = ("handle", "requests", "httpx", "asgi", "socket")


class Wire:
    """A fake and one way to it.

    Args:
        fake: Who answers; tests arrange and look there.
        carry: Brings a request to it and the answer back.
    """

    def __init__(self, fake: FakeAppCodes, carry: Callable[[Request], Response]) -> None:
        self.fake = fake
        self._carry = carry

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Response:
        """Send exactly this."""
        return self._carry(Request(method, url, tuple((headers or {}).items()), body))

    def generate(self, url: str | None = None, *, token: str | None = None) -> Response:
        """Generate an AppCode, for the first app and with the first token unless told otherwise."""
        return self.send("PUT", url or self.fake.url(), headers=self._token(token))

    def list(self, query: str = "", url: str | None = None, *, token: str | None = None) -> Response:
        """List AppCodes, of the first app and with the first token unless told otherwise."""
        target = (url or self.fake.url()) + (f"?{query}" if query else "")
        return self.send("GET", target, headers=self._token(token))

    def _token(self, token: str | None) -> dict[str, str]:
        return {"X-Auth-Token": self.fake.token if token is None else token}


def _through_requests(request: Request) -> Response:
    with requests.Session() as session:
        session.trust_env = False
        answer = session.request(
            request.method,
            request.url,
            headers=dict(request.headers),
            data=request.body or None,
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
        )
    return Response(answer.status_code, tuple(answer.headers.items()), answer.content)


def _through_httpx(fake: FakeAppCodes) -> Callable[[Request], Response]:
    def carry(request: Request) -> Response:
        with httpx.Client(transport=httpx_transport(fake)) as client:
            answer = client.send(_as_httpx(client, request))
        return Response(answer.status_code, answer.headers.multi_items(), answer.content)

    return carry


def _through_asgi(fake: FakeAppCodes) -> Callable[[Request], Response]:
    async def carry(request: Request) -> Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(AsgiApp(fake))) as client:
            answer = await client.send(_as_httpx(client, request))
        return Response(answer.status_code, answer.headers.multi_items(), answer.content)

    return lambda request: asyncio.run(carry(request))


def _as_httpx(client: httpx.Client | httpx.AsyncClient, request: Request) -> httpx.Request:
    made = client.build_request(request.method, "http://replaced.example", content=request.body or None)
    parts = urlsplit(request.url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    # As it is written: httpx would encode some characters once more.
    return httpx.Request(
        request.method,
        httpx.URL(scheme=parts.scheme, host=parts.hostname or "", port=parts.port, raw_path=target.encode("latin-1")),
        headers=[*((name, value) for name, value in made.headers.items() if name != "host"), *request.headers],
        content=request.body or None,
    )


def _through_a_socket(request: Request) -> Response:
    parts = urlsplit(request.url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=TIMEOUT_SECONDS)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(request.method, target, body=request.body or None, headers=dict(request.headers))
        answer = connection.getresponse()
        return Response(answer.status, tuple(answer.getheaders()), answer.read())
    finally:
        connection.close()


@contextmanager
def _open_wire(name: str, server: Callable[[], AppCodeServer]) -> Iterator[Wire]:
    match name:
        case "handle":
            fake = FakeAppCodes(seed=SEED)
            yield Wire(fake, fake.handle)
        case "requests":
            with fake_app_codes(seed=SEED) as fake:
                yield Wire(fake, _through_requests)
        case "httpx":
            fake = FakeAppCodes(seed=SEED)
            yield Wire(fake, _through_httpx(fake))
        case "asgi":
            fake = FakeAppCodes(seed=SEED)
            yield Wire(fake, _through_asgi(fake))
        case _:
            fake = server().fake
            fake.reset()
            yield Wire(fake, _through_a_socket)


@pytest.fixture(scope="session")
def _seeded_server() -> Iterator[AppCodeServer]:
    with app_code_server(seed=SEED) as server:
        yield server


def _server_when_needed(request: pytest.FixtureRequest) -> Callable[[], AppCodeServer]:
    def server() -> AppCodeServer:
        running: AppCodeServer = request.getfixturevalue("_seeded_server")
        return running

    return server


@pytest.fixture(params=os.environ.get("APPCODE_WIRES", " ".join(WIRES)).split())
def wire(request: pytest.FixtureRequest) -> Iterator[Wire]:
    """One of the ways to a seeded fake; a test that asks for it runs over each that is wanted."""
    with _open_wire(request.param, _server_when_needed(request)) as opened:
        yield opened


@pytest.fixture
def every_wire(request: pytest.FixtureRequest) -> Iterator[dict[str, Wire]]:
    """All the ways at once, each to a fake of its own with the same seed."""
    with ExitStack() as stack:
        server = _server_when_needed(request)
        yield {name: stack.enter_context(_open_wire(name, server)) for name in WIRES}


@pytest.fixture(scope="session")
def _everything_imported() -> None:
    """Import whatever the package imports late, so that pytester does not have to.

    A pytester run inside this process makes the process forget what it imported; a second import of an extension
    module would leave two of each of its classes, and an ``except`` of one does not catch the other.
    """
    for name in ("faker", "hypothesis", "appcode_contract.client_contract", "appcode_contract.session_report"):
        importlib.import_module(name)
    with fake_app_codes() as fake:
        requests.get(fake.url(), timeout=TIMEOUT_SECONDS)
        assert fake.violations
    with app_code_server() as server:
        _through_a_socket(Request("GET", server.fake.url()))


@pytest.fixture
def pytester(pytester: pytest.Pytester, _everything_imported: None) -> pytest.Pytester:
    """pytester, after everything is imported."""
    return pytester
