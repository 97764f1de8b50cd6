"""Clients of other libraries against the live server: aiohttp and urllib.request."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from appcode_contract import AppCodeServer, FakeAppCodes

SECONDS = 10.0
ALONE = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def through_urllib(method: str, url: str, token: str) -> tuple[int, Any]:
    request = urllib.request.Request(url, method=method, headers={"X-Auth-Token": token})  # noqa: S310 - a loopback URL
    try:
        with ALONE.open(request, timeout=SECONDS) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def through_aiohttp(method: str, url: str, token: str) -> tuple[int, Any]:
    async def ask() -> tuple[int, Any]:
        patience = aiohttp.ClientTimeout(total=SECONDS)
        async with (
            aiohttp.ClientSession(timeout=patience) as session,
            session.request(method, url, headers={"X-Auth-Token": token}) as answer,
        ):
            return answer.status, await answer.json()

    return asyncio.run(ask())


CLIENTS = pytest.mark.parametrize("ask", [through_urllib, through_aiohttp])


@CLIENTS
def test_app_codes_are_generated_and_listed_page_by_page(
    appcode_server: AppCodeServer, ask: Callable[[str, str, str], tuple[int, Any]]
) -> None:
    fake = appcode_server.fake
    fake.seed(44)
    status, made = ask("PUT", fake.url(), fake.token)

    pages = [ask("GET", f"{fake.url()}?offset={offset}", fake.token) for offset in (0, 20, 40)]

    assert (status, [answered for answered, _ in pages]) == (201, [200, 200, 200])
    listed = [item["id"] for _, page in pages for item in page["app_codes"]]
    assert listed == [record.id for record in fake.app_codes()]
    assert made["app_code"] == fake.app_codes()[0].app_code


REFUSALS: dict[int, Callable[[FakeAppCodes], tuple[str, str]]] = {
    400: lambda fake: (fake.url() + "?limit=501", fake.token),
    401: lambda fake: (fake.url(), "nobody's"),
    404: lambda fake: (fake.url("nobody"), fake.token),
}


@CLIENTS
@pytest.mark.appcode(strict=False)
@pytest.mark.parametrize("status", REFUSALS)
def test_a_refusal_arrives(
    appcode_server: AppCodeServer, ask: Callable[[str, str, str], tuple[int, Any]], status: int
) -> None:
    url, token = REFUSALS[status](appcode_server.fake)

    answered, body = ask("GET", url, token)

    assert answered == status
    assert body.keys() == {"error_code", "error_msg"}
