"""Clients over httpx, one that waits and one that is awaited."""

from __future__ import annotations

import ssl
from functools import cache
from typing import TYPE_CHECKING, Any

import httpx

from tests.broken_clients.client import Answer, ClientError
from tests.broken_clients.kinds import AsyncClient, SyncClient

if TYPE_CHECKING:
    from appcode_contract.client_contract import Endpoint
    from tests.broken_clients.client import Call


@cache
def trusted() -> ssl.SSLContext:
    """Make it once: it takes longer than all the rest of a client."""
    return ssl.create_default_context()


def as_answer(answer: httpx.Response) -> Answer:
    return Answer(answer.status_code, answer.headers.get("Content-Type", ""), answer.content)


def lost(call: Call, error: Exception) -> ClientError:
    return ClientError(f"no answer to {call.method}: {type(error).__name__}")


class HttpxClient(SyncClient):
    """Takes nothing from the environment, repeats nothing and follows no redirect."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint)
        self.client = httpx.Client(**self.options())

    def options(self) -> dict[str, Any]:
        return {"timeout": self.timeout, "trust_env": False, "follow_redirects": False, "verify": trusted()}

    def send(self, call: Call) -> Answer:
        try:
            return as_answer(
                self.client.request(
                    call.method, call.url, headers=call.headers, params=call.query or None, content=call.body
                )
            )
        except httpx.HTTPError as error:
            raise lost(call, error) from error

    def close(self) -> None:
        self.client.close()


class AsyncHttpxClient(AsyncClient):
    """The same, awaited."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint)
        self.client = httpx.AsyncClient(**self.options())

    def options(self) -> dict[str, Any]:
        return {"timeout": self.timeout, "trust_env": False, "follow_redirects": False, "verify": trusted()}

    async def send(self, call: Call) -> Answer:
        try:
            return as_answer(
                await self.client.request(
                    call.method, call.url, headers=call.headers, params=call.query or None, content=call.body
                )
            )
        except httpx.HTTPError as error:
            raise lost(call, error) from error

    async def close(self) -> None:
        await self.client.aclose()
