"""Sends one request and tells what came back, whatever came back."""

from __future__ import annotations

import os
import ssl
import time
from base64 import b64encode
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit
from urllib.request import getproxies

from appcode_contract.conformance.answer import Problem, read_answer
from appcode_contract.conformance.line import Line, connect
from appcode_contract.messages import Exchange

if TYPE_CHECKING:
    import socket

    from urllib3.util.ssltransport import SSLTransport

    from appcode_contract.messages import Request

    _Way = Line | SSLTransport

_PORTS: Final = {"http": 80, "https": 443}
_PROXY_WANTS_LOGIN: Final = 407


class Unreachable(Exception):  # noqa: N818 - a state of the target, not an error of the program
    """No connection could be made; the message says why."""


_NO_TLS: Final = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"})
_FAILURES: Final = (OSError, ValueError, Problem)


@dataclass(frozen=True)
class Wire:
    """How requests travel: each on a connection of its own, and once; no redirect is followed.

    The environment counts: its proxies, and the certificates that it trusts (REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE,
    SSL_CERT_FILE, SSL_CERT_DIR).

    Attributes:
        ca_bundle: A PEM file, or a folder of them, to trust instead of any other certificates.
        insecure: Verify no certificate at all.
    """

    ca_bundle: Path | None = None
    insecure: bool = False

    def problem(self) -> str:
        """Say why ``ca_bundle`` cannot be used.

        Returns:
            The reason, without the path; empty when it can be used, and when there is none.
        """
        try:
            if self.ca_bundle is not None:
                _trust(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), self.ca_bundle)
        except Problem as problem:
            return str(problem)
        return ""

    def send(self, request: Request, timeout: float) -> Exchange:
        """Send a request.

        Args:
            request: The request.
            timeout: Seconds for everything: to find the host, to connect, and until the answer is complete.

        Returns:
            The exchange, without a response but with the problem when no complete answer came.

        Raises:
            Unreachable: No connection could be made.
        """
        deadline = time.monotonic() + timeout
        by_proxy = ""
        try:
            proxy = _proxy(request.url)
            by_proxy = " (the environment names a proxy for it)" if proxy else ""
            server, nearest = _split(request.url), _split(proxy or request.url)
            written = _write(request, server, proxy)
            way = self._open(server, nearest, proxy, deadline)
        except _FAILURES as error:
            raise Unreachable(_reason(error, f"no connection within {timeout:g} s") + by_proxy) from None
        with closing(way):
            try:
                way.sendall(written)
                response = read_answer(way.recv).response()
            except _FAILURES as error:
                reason = _reason(error, f"it did not end within {timeout:g} s")
                return Exchange(request, None, f"no complete answer: {reason}")
        if by_proxy and response.status == _PROXY_WANTS_LOGIN:
            raise Unreachable(f"the proxy answered {response.status}" + by_proxy)
        return Exchange(request, response)

    def _open(self, server: SplitResult, nearest: SplitResult, proxy: str | None, deadline: float) -> _Way:
        if nearest.scheme not in _PORTS:
            msg = f"{nearest.scheme}:// is not spoken here, only http:// and https://"
            raise Problem(msg)
        way: _Way = connect(nearest.hostname or "", nearest.port or _PORTS[nearest.scheme], deadline)
        try:
            if nearest.scheme == "https":
                way = self._secure(way, nearest)
            if proxy and server.scheme == "https":
                _tunnel(way, server, proxy)
                way = self._secure(way, server)
        except BaseException:
            way.close()
            raise
        return way

    def _secure(self, way: _Way, place: SplitResult) -> SSLTransport:
        from urllib3.util.ssltransport import SSLTransport  # noqa: PLC0415 - http needs none of urllib3

        return SSLTransport(cast("socket.socket", way), self._context, place.hostname)

    @cached_property
    def _context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.set_alpn_protocols(["http/1.1"])
        named = [name for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE") if os.environ.get(name)]
        if self.insecure:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        elif self.ca_bundle is not None:
            _trust(context, self.ca_bundle, "--ca-bundle: ")
        elif named:
            _trust(context, Path(os.environ[named[0]]), f"{named[0]}: ")
        else:
            context.load_default_certs()
            if not os.environ.get("SSL_CERT_FILE") and not os.environ.get("SSL_CERT_DIR"):
                from requests.utils import DEFAULT_CA_BUNDLE_PATH  # noqa: PLC0415 - http needs none of requests

                # Python does not find the system's certificates everywhere.
                context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
        return context


def _trust(context: ssl.SSLContext, bundle: Path, source: str = "") -> None:
    try:
        folder = bundle.is_dir()
        for file in bundle.iterdir() if folder else [bundle]:
            with suppress(OSError if folder else ssl.SSLError):  # a file without certificates counts below
                context.load_verify_locations(file)
    except (OSError, ValueError) as error:
        msg = source + (getattr(error, "strerror", None) or "not the path of a file")
        raise Problem(msg) from None
    if not context.cert_store_stats()["x509"]:
        msg = f"{source}no certificate in PEM form in this {'folder' if folder else 'file'}"
        raise Problem(msg)


def _tunnel(way: _Way, server: SplitResult, proxy: str) -> None:
    target = server.netloc if server.port else f"{server.netloc}:{_PORTS[server.scheme]}"
    way.sendall(_head(f"CONNECT {target} HTTP/1.1", [("Host", target), *_login(proxy)]))
    status = read_answer(way.recv, head_only=True).status
    if status is None or not 200 <= status < 300:  # noqa: PLR2004 - success
        msg = f"the proxy answered {status}"
        raise Problem(msg)


def _proxy(url: str) -> str | None:
    if getproxies().keys() <= {"no"}:
        return None
    from requests.utils import get_environ_proxies, select_proxy  # noqa: PLC0415 - its import takes a tenth of a second

    proxy = select_proxy(url, get_environ_proxies(url))
    return f"http://{proxy}" if proxy and "://" not in proxy else proxy


def _login(proxy: str) -> list[tuple[str, str]]:
    user, at, _ = urlsplit(proxy).netloc.rpartition("@")
    name, _, password = user.partition(":")
    login = unquote_to_bytes(name) + b":" + unquote_to_bytes(password)
    return [("Proxy-Authorization", f"Basic {b64encode(login).decode()}")] if at else []


def _split(url: str) -> SplitResult:
    """Take a URL apart, without a user and with its host as the wire knows it."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2].encode("idna").decode())


def _write(request: Request, server: SplitResult, proxy: str | None) -> bytes:
    target = (request.path or "/") + (f"?{request.query}" if request.query else "")
    own = [("Host", server.netloc), ("Connection", "close")]
    if request.body or request.method in {"PATCH", "POST", "PUT"}:
        own.append(("Content-Length", str(len(request.body))))
    if proxy and server.scheme == "http":
        target = f"http://{server.netloc}{target}"
        own += _login(proxy)
    headers = [*(pair for pair in own if request.header(pair[0]) is None), *request.headers]
    return _head(f"{request.method} {target} HTTP/1.1", headers) + request.body


def _head(first: str, headers: list[tuple[str, str]]) -> bytes:
    lines = [first, *(f"{name}: {value}" for name, value in headers)]
    if not first.isascii() or first.count(" ") != 2 or not all(line.isprintable() for line in lines):  # noqa: PLR2004 - method, target, version
        msg = "the request cannot be written in HTTP"
        raise Problem(msg)
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _reason(error: Exception, late: str) -> str:
    match error:
        case Problem():
            return str(error)
        case TimeoutError():
            return late
        case ssl.SSLCertVerificationError():
            told = error.verify_message.rstrip(".")
            another = "mismatch" in told.lower() or "not valid for" in told.lower()
            advice = "the URL must name the host of the certificate" if another else "--ca-bundle names what to trust"
            return f"the certificate is not trusted: {told} ({advice})"
        case ssl.SSLError():
            told = (error.reason or "no reason given").replace("_", " ").lower()
            return f"TLS failed: {told}" + (" (does the server speak http?)" if error.reason in _NO_TLS else "")
        case OSError():
            return error.strerror or type(error).__name__
    return "the address is malformed"
