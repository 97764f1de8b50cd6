"""The fake behind httpx, sync and async."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from appcode_contract import FakeAppCodes, Request, Response
from appcode_contract.messages import DeliveryError
from appcode_contract.transports.for_httpx import httpx_transport

CUT_OFF = {
    "close_before_headers": httpx.RemoteProtocolError,
    "close_in_headers": httpx.RemoteProtocolError,
    "close_after_headers": httpx.RemoteProtocolError,
    "lost_response": httpx.RemoteProtocolError,
    "reset": httpx.ReadError,
}


def ask(fake: FakeAppCodes, method: str, timeout: float | None = 5) -> httpx.Response:
    with httpx.Client(transport=httpx_transport(fake), timeout=timeout) as client:
        return client.request(method, fake.url(), headers={"X-Auth-Token": fake.token})


def test_a_sync_client_generates_and_lists() -> None:
    fake = FakeAppCodes()

    made = ask(fake, "PUT").json()

    assert [made["app_code"]] == [item["app_code"] for item in ask(fake, "GET").json()["app_codes"]]
    assert fake.violations == ()


def test_async_clients_generate_at_the_same_time() -> None:
    fake = FakeAppCodes()

    async def generate() -> list[str]:
        async with httpx.AsyncClient(transport=httpx_transport(fake)) as client:
            made = [client.put(fake.url(), headers={"X-Auth-Token": fake.token}) for _ in range(10)]
            return [answer.json()["id"] for answer in await asyncio.gather(*made)]

    assert sorted(asyncio.run(generate())) == sorted(record.id for record in fake.app_codes())


@pytest.mark.parametrize("fault", CUT_OFF)
def test_a_broken_connection_is_an_error_of_httpx(fault: Any) -> None:  # noqa: ANN401 - a literal
    fake = FakeAppCodes()
    fake.fail(fault=fault)

    with pytest.raises(CUT_OFF[fault], match="the connection ended"):
        ask(fake, "PUT")


@pytest.mark.parametrize("fault", ["hang", "stall"])
def test_an_answer_that_does_not_come_is_a_timeout_at_once(fault: Any) -> None:  # noqa: ANN401 - a literal
    fake = FakeAppCodes()
    fake.fail(fault=fault)

    with pytest.raises(httpx.ReadTimeout):
        ask(fake, "GET", timeout=3600)


@pytest.mark.parametrize(("fault", "timeout"), [("hang", None), ("stall", None), ("slow_start", 1), ("dribble", 1)])
def test_what_cannot_be_shown_in_process_says_what_to_use(fault: Any, timeout: float | None) -> None:  # noqa: ANN401 - a literal
    fake = FakeAppCodes()
    fake.fail(fault=fault)

    with pytest.raises(DeliveryError, match="use appcode_server"):
        ask(fake, "GET", timeout)


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/v2",
        "http://roma.example/v2",
        "https://roma.example:8443/v2",
        "https://ROMA.example.org/",
    ],
)
def test_a_request_to_another_place_is_refused_and_not_recorded(url: str) -> None:
    fake = FakeAppCodes()
    with (
        httpx.Client(transport=httpx_transport(fake)) as client,
        pytest.raises(httpx.ConnectError, match="refuses http"),
    ):
        client.get(url)

    assert fake.exchanges == ()


@pytest.mark.parametrize("url", ["https://ROMA.example:443/x", "https://user:pw@roma.example/x"])
def test_the_same_place_in_other_words_is_answered(url: str) -> None:
    with httpx.Client(transport=httpx_transport(FakeAppCodes())) as client:
        assert client.get(url).status_code == 404


def test_a_redirect_to_another_host_is_not_followed_to_the_fake() -> None:
    fake = FakeAppCodes()
    fake.fail(fault="redirect")
    with (
        httpx.Client(transport=httpx_transport(fake), follow_redirects=True) as client,
        pytest.raises(httpx.ConnectError, match=r"refuses https://elsewhere\.example:443"),
    ):
        client.get(fake.url(), headers={"X-Auth-Token": fake.token})

    assert len(fake.exchanges) == 1


def test_a_handler_that_is_nowhere_answers_everywhere_unless_told() -> None:
    fake = FakeAppCodes()

    class Nowhere:
        def handle(self, request: Request) -> Response:
            return fake.handle(request)

    with httpx.Client(transport=httpx_transport(Nowhere())) as client:
        assert client.get("http://any.example/").status_code == 404
    with (
        httpx.Client(transport=httpx_transport(Nowhere(), "http://one.example")) as client,
        pytest.raises(httpx.ConnectError),
    ):
        client.get("http://any.example/")
