"""Sends one request and tells what came back, whatever came back."""

from __future__ import annotations

import threading
import time
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final

import requests
from requests.auth import AuthBase
from requests.utils import get_environ_proxies

from appcode_contract.messages import Exchange, Response

if TYPE_CHECKING:
    from appcode_contract.messages import Request

MAXIMUM_BODY: Final = 8 * 1024 * 1024
"""How many bytes of a body are read, after any decompression."""
_CHUNK: Final = 65_536
_GRACE: Final = 1.0
_NEVER_REACHED: Final = (
    requests.exceptions.ConnectTimeout,
    requests.exceptions.InvalidURL,
    requests.exceptions.ProxyError,
    requests.exceptions.SSLError,
)


class Unreachable(Exception):  # noqa: N818 - a state of the target, not an error of the program
    """No connection could be made; the message says why."""


class _BodyError(Exception):
    """A body that is not read to its end; the message says why, in our words."""


class _NoAuth(AuthBase):
    """Keeps requests from adding credentials of its own, from .netrc for one."""

    def __call__(self, prepared: requests.PreparedRequest) -> requests.PreparedRequest:
        return prepared


def send(request: Request, timeout: float) -> Exchange:
    """Send a request once, on a connection of its own.

    No redirect is followed and nothing is repeated. Proxies and certificates named in the environment count.

    Args:
        request: The request.
        timeout: Seconds for the connection, and again for the whole answer, however slowly it comes.

    Returns:
        The exchange, without a response but with the problem when no complete answer came.

    Raises:
        Unreachable: No connection could be made.
    """
    arrived: SimpleQueue[Exchange | Unreachable] = SimpleQueue()
    # A thread, since a server that sends a byte now and then starts the timeout of a socket again each time.
    threading.Thread(target=lambda: arrived.put(_attempt(request, timeout)), daemon=True).start()
    try:
        result = arrived.get(timeout=2 * timeout + _GRACE)
    except Empty:
        return Exchange(request, None, f"no complete answer within {timeout:g} s")
    if isinstance(result, Unreachable):
        raise result
    return result


def _attempt(request: Request, timeout: float) -> Exchange | Unreachable:
    try:
        with requests.Session() as session:
            return Exchange(request, _receive(session, request, timeout))
    except _NEVER_REACHED as error:
        return Unreachable(_reason(error) + _by_proxy(request))
    except requests.exceptions.ConnectionError as error:
        if "NewConnectionError" in repr(error) or "NameResolutionError" in repr(error):
            return Unreachable(_reason(error) + _by_proxy(request))
        return Exchange(request, None, f"no complete answer: {_reason(error)}")
    except Exception as error:  # noqa: BLE001 - whatever a server's bytes do to the libraries below
        return Exchange(request, None, f"no complete answer: {_reason(error)}")


def _by_proxy(request: Request) -> str:
    return " (the environment names a proxy for it)" if get_environ_proxies(request.url) else ""


def _receive(session: requests.Session, request: Request, timeout: float) -> Response:
    session.auth = _NoAuth()
    session.headers.clear()
    prepared = session.prepare_request(
        requests.Request(request.method, request.url, headers=dict(request.headers), data=request.body or None)
    )
    settings = session.merge_environment_settings(prepared.url, {}, None, None, None)
    begun = time.monotonic()
    with session.send(
        prepared,
        allow_redirects=False,
        stream=True,
        timeout=timeout,
        verify=settings["verify"],
        proxies=settings["proxies"],
    ) as answer:
        body = _read(answer, begun + timeout)
        return Response(answer.status_code, tuple(answer.raw.headers.items()), body)


def _read(answer: requests.Response, deadline: float) -> bytes:
    body = bytearray()
    for chunk in answer.iter_content(_CHUNK):
        body += chunk
        if len(body) > MAXIMUM_BODY:
            msg = f"the body is longer than {MAXIMUM_BODY} bytes"
            raise _BodyError(msg)
        if time.monotonic() > deadline:
            msg = "the body did not end in time"
            raise _BodyError(msg)
    return bytes(body)


def _reason(error: Exception) -> str:
    """Name a cause. Its words are left out unless they are the system's or ours: others repeat what was received."""
    if isinstance(error, _BodyError):
        return str(error)
    if isinstance(error, requests.exceptions.Timeout):
        return "timed out"
    root = _root(error)
    words = (root.strerror or "") if isinstance(root, OSError) and isinstance(root.strerror, str) else ""
    named = type(root).__name__ + (f": {words}" if words else "")
    return f"TLS failed ({named})" if isinstance(error, requests.exceptions.SSLError) else named


def _root(error: BaseException) -> BaseException:
    """Find the first cause."""
    seen: set[int] = set()
    while id(error) not in seen:
        seen.add(id(error))
        inner = [argument for argument in error.args if isinstance(argument, BaseException)]
        reason = getattr(error, "reason", None)
        following = reason if isinstance(reason, BaseException) else inner[0] if inner else error.__context__
        if following is None or (isinstance(error, OSError) and error.strerror):
            break
        error = following
    return error
