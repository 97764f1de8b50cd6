"""httpx in process: a handler as a transport for ``httpx.Client`` and ``httpx.AsyncClient``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from appcode_contract.messages import DeliveryError, Request

if TYPE_CHECKING:
    from appcode_contract.messages import Delivery, Handler


def httpx_transport(handler: Handler) -> httpx.MockTransport:
    """Give a transport whose requests a handler answers.

    Args:
        handler: Who answers; a ``FakeAppCodes``, say.

    Returns:
        A transport for ``httpx.Client(transport=…)`` and ``httpx.AsyncClient(transport=…)``. Every host leads to the
        handler; nothing reaches the network.
    """

    def answer(asked: httpx.Request) -> httpx.Response:
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in asked.headers.raw]
        response = handler.handle(Request(asked.method, str(asked.url), headers, asked.content))
        _deliver(response.delivery, asked)
        return httpx.Response(response.status, headers=list(response.headers), content=response.body)

    return httpx.MockTransport(answer)


def _deliver(delivery: Delivery, asked: httpx.Request) -> None:
    """Do to the client what a connection would have done, as far as httpx can be told."""
    manner = delivery.manner
    if manner == "whole":
        return
    timeout = asked.extensions.get("timeout", {}).get("read")
    if manner == "hang" and timeout is not None:
        msg = "no answer came before the timeout"
        raise httpx.ReadTimeout(msg, request=asked)
    if manner in {"hang", "slow_start", "dribble"}:
        why = "without a timeout it would never end" if manner == "hang" else "it takes time"
        msg = f"an answer in the manner {manner!r} cannot be given in process, {why}; use appcode_server"
        raise DeliveryError(msg)
    msg = f"the connection ended without a whole answer ({manner})"
    if manner == "reset":
        raise httpx.ReadError(msg, request=asked)
    raise httpx.RemoteProtocolError(msg, request=asked)
