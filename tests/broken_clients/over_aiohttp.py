"""A client over aiohttp."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiohttp
from yarl import URL

from tests.broken_clients.client import Answer, ClientError
from tests.broken_clients.kinds import AsyncClient

if TYPE_CHECKING:
    from datetime import datetime

    from appcode_contract.client_contract import Endpoint
    from tests.broken_clients.client import Call


async def once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Send once only: aiohttp repeats a PUT that found no answer, unless the error is not one of its own."""
    try:
        return await handler(request)
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise lost(request.method, error) from error


def lost(method: str, error: Exception) -> ClientError:
    return ClientError(f"no answer to {method}: {type(error).__name__}")


class AiohttpClient(AsyncClient):
    """Gives create_time as it came; opens its session with the first request, in the loop that sends it."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint)
        self.session: aiohttp.ClientSession | None = None

    def new_session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=self.timeout), trust_env=False, middlewares=self.middlewares()
        )

    def middlewares(self) -> tuple[aiohttp.ClientMiddlewareType, ...]:
        return (once,)

    def options(self) -> dict[str, Any]:
        return {"allow_redirects": False}

    def read_time(self, text: str) -> datetime | str:
        super().read_time(text)
        return text

    async def send(self, call: Call) -> Answer:
        if self.session is None:
            self.session = self.new_session()
        url = URL(call.url, encoded=True).update_query(call.query)
        try:
            async with self.session.request(
                call.method, url, headers=call.headers, data=call.body, **self.options()
            ) as answer:
                return Answer(answer.status, answer.headers.get("Content-Type", ""), await answer.read())
        except (aiohttp.ClientError, TimeoutError) as error:
            raise lost(call.method, error) from error

    async def close(self) -> None:
        if self.session is not None:
            await self.session.close()
