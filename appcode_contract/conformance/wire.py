"""Sends one request and tells what came back, whatever came back."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import requests
from requests.auth import AuthBase
from requests.utils import get_environ_proxies
from urllib3.exceptions import HTTPError

from appcode_contract.messages import Exchange, Response

if TYPE_CHECKING:
    from appcode_contract.messages import Request

MAXIMUM_BODY: Final = 8 * 1024 * 1024
"""How many bytes of a body are read, after any decompression."""
_CHUNK: Final = 65_536
_NEVER_REACHED: Final = (
    requests.exceptions.ConnectTimeout,
    requests.exceptions.InvalidURL,
    requests.exceptions.ProxyError,
    requests.exceptions.SSLError,
)


class Unreachable(Exception):  # noqa: N818 - a state of the target, not an error of the program
    """No connection could be made; the message says why."""


class _NoAuth(AuthBase):
    """Keeps requests from adding credentials of its own, from .netrc for one."""

    def __call__(self, prepared: requests.PreparedRequest) -> requests.PreparedRequest:
        return prepared


def send(request: Request, timeout: float) -> Exchange:
    """Send a request once, on a connection of its own.

    No redirect is followed and nothing is repeated. Proxies and certificates named in the environment count.

    Args:
        request: The request.
        timeout: Seconds for the connection, and again for the whole answer.

    Returns:
        The exchange, without a response but with the problem when no complete answer came.

    Raises:
        Unreachable: No connection could be made.
    """
    try:
        with requests.Session() as session:
            return Exchange(request, _receive(session, request, timeout))
    except _NEVER_REACHED as error:
        raise Unreachable(_reason(error)) from None
    except requests.exceptions.ConnectionError as error:
        if "NewConnectionError" in repr(error) or "NameResolutionError" in repr(error):
            raise Unreachable(_reason(error)) from None
        return Exchange(request, None, f"no complete answer: {_reason(error)}")
    except (requests.RequestException, HTTPError, OSError, ValueError) as error:
        return Exchange(request, None, f"no complete answer: {_reason(error)}")


def _receive(session: requests.Session, request: Request, timeout: float) -> Response:
    session.trust_env = False
    session.auth = _NoAuth()
    session.headers.clear()
    prepared = session.prepare_request(
        requests.Request(request.method, request.url, headers=dict(request.headers), data=request.body or None)
    )
    begun = time.monotonic()
    settings = requests.Session().merge_environment_settings(
        prepared.url, get_environ_proxies(request.url), None, None, None
    )
    with session.send(
        prepared,
        allow_redirects=False,
        stream=True,
        timeout=timeout,
        verify=settings["verify"],
        proxies=settings["proxies"],
    ) as answer:
        body = bytearray()
        for chunk in answer.iter_content(_CHUNK):
            body += chunk
            if len(body) > MAXIMUM_BODY:
                msg = f"the body is longer than {MAXIMUM_BODY} bytes"
                raise ValueError(msg)
            if time.monotonic() - begun > timeout:
                msg = f"the body did not end within {timeout:g} s"
                raise ValueError(msg)
        return Response(answer.status_code, tuple(answer.raw.headers.items()), bytes(body))


def _reason(error: Exception) -> str:
    if isinstance(error, requests.exceptions.Timeout):
        return "timed out"
    if isinstance(error, requests.exceptions.SSLError):
        return f"TLS failed ({_root(error)})"
    return _root(error)


def _root(error: BaseException) -> str:
    """Find the words of the first cause; the outer ones repeat URLs."""
    seen: set[int] = set()
    while id(error) not in seen:
        seen.add(id(error))
        inner = [argument for argument in error.args if isinstance(argument, BaseException)]
        reason = getattr(error, "reason", None)
        following = reason if isinstance(reason, BaseException) else inner[0] if inner else error.__context__
        if following is None or (isinstance(error, OSError) and error.strerror):
            break
        error = following
    text = getattr(error, "strerror", None) or str(error.args[-1] if error.args else error)
    return f"{type(error).__name__}: {text}"[:200]
