"""httpx in process: a handler as a transport for ``httpx.Client`` and ``httpx.AsyncClient``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from appcode_contract.messages import DeliveryError, Request

if TYPE_CHECKING:
    from appcode_contract.messages import Delivery, Handler


def httpx_transport(handler: Handler, base_url: str | None = None) -> httpx.MockTransport:
    """Give a transport whose requests a handler answers.

    Args:
        handler: Who answers; a ``FakeAppCodes``, say.
        base_url: Scheme, host and port where it answers; the handler's own ``base_url`` when left out, and everywhere
            when it has none.

    Returns:
        A transport for ``httpx.Client(transport=…)`` and ``httpx.AsyncClient(transport=…)``. A request to another host
        raises ``httpx.ConnectError``; nothing reaches the network.
    """
    told: str | None = getattr(handler, "base_url", None) if base_url is None else base_url
    place = None if told is None else _place(httpx.URL(told))

    def answer(asked: httpx.Request) -> httpx.Response:
        if place is not None and _place(asked.url) != place:
            scheme, host, port = _place(asked.url)
            msg = f"the fake of appcode-contract answers {told} and refuses {scheme}://{host}:{port}"
            raise httpx.ConnectError(msg, request=asked)
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in asked.headers.raw]
        response = handler.handle(Request(asked.method, str(asked.url), headers, asked.content))
        _deliver(response.delivery, asked)
        return httpx.Response(response.status, headers=list(response.headers), content=response.body)

    return httpx.MockTransport(answer)


def _place(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme)


def _deliver(delivery: Delivery, asked: httpx.Request) -> None:
    """Do to the client what a connection would have done, as far as httpx can be told."""
    manner = delivery.manner
    if manner == "whole":
        return
    timeout = asked.extensions.get("timeout", {}).get("read")
    if manner in {"hang", "stall"} and timeout is not None:
        msg = "no whole answer came before the timeout"
        raise httpx.ReadTimeout(msg, request=asked)
    if manner in {"hang", "stall", "slow_start", "dribble"}:
        why = "without a timeout it would never end" if manner in {"hang", "stall"} else "it takes time"
        msg = f"an answer in the manner {manner!r} cannot be given in process, {why}; use appcode_server"
        raise DeliveryError(msg)
    msg = f"the connection ended without a whole answer ({manner})"
    if manner == "reset":
        raise httpx.ReadError(msg, request=asked)
    raise httpx.RemoteProtocolError(msg, request=asked)
