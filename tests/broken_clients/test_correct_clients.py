"""The suite, over a correct client of each library: no test fails but for what the vendor's SDK is known to do."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, ClassVar

import pytest

from appcode_contract.client_contract import AppCodeClientContract, AsyncAppCodeClientContract
from tests.broken_clients import classes
from tests.broken_clients.choices import CHOICES
from tests.broken_clients.over_aiohttp import AiohttpClient
from tests.broken_clients.over_httpx import AsyncHttpxClient, HttpxClient
from tests.broken_clients.over_requests import RequestsClient
from tests.broken_clients.over_the_sdk import DEVIATIONS
from tests.broken_clients.over_urllib import UrllibClient
from tests.broken_clients.running import run_class

if TYPE_CHECKING:
    from collections.abc import Mapping

    from appcode_contract.client_contract import Endpoint

DEADLINE = 5.0
RUNS = int(os.environ.get("APPCODE_CLIENT_RUNS", "0"))


class TestClientOverRequests(AppCodeClientContract):
    deadline = DEADLINE

    def make_client(self, endpoint: Endpoint) -> RequestsClient:
        return RequestsClient(endpoint)


class TestClientOverUrllib(AppCodeClientContract):
    deadline = DEADLINE

    def make_client(self, endpoint: Endpoint) -> UrllibClient:
        return UrllibClient(endpoint)


class TestClientOverHttpx(AppCodeClientContract):
    deadline = DEADLINE

    def make_client(self, endpoint: Endpoint) -> HttpxClient:
        return HttpxClient(endpoint)


class TestAwaitedClientOverHttpx(AsyncAppCodeClientContract):
    deadline = DEADLINE

    def make_client(self, endpoint: Endpoint) -> AsyncHttpxClient:
        return AsyncHttpxClient(endpoint)


class TestAwaitedClientOverAiohttp(AsyncAppCodeClientContract):
    deadline = DEADLINE

    def make_client(self, endpoint: Endpoint) -> AiohttpClient:
        return AiohttpClient(endpoint)


@pytest.mark.filterwarnings("ignore:Unable to convert string to datetime")
class TestClientOverTheSdk(classes.TestSdk):
    deadline = DEADLINE
    cannot: ClassVar[Mapping[str, str]] = DEVIATIONS


def test_the_sdk_deviates_where_it_is_known_to_and_nowhere_else() -> None:
    found = run_class("TestSdk")

    assert DEVIATIONS.keys() == found.failed.keys(), found.failed


@pytest.mark.parametrize("name", CHOICES)
def test_who_chose_otherwise_where_nothing_is_demanded_passes(name: str) -> None:
    found = run_class(classes.CHOICE_CLASSES[name])

    assert {} == found.failed
    assert found.passed


@pytest.mark.skipif(RUNS == 0, reason="asked for with APPCODE_CLIENT_RUNS=25")
@pytest.mark.parametrize("seed", range(1, max(RUNS, 1) + 1))
def test_no_correct_client_fails_in_any_order(seed: int) -> None:
    options = ["--quiet", "-p", "no:cacheprovider", f"--randomly-seed={seed}", "-k", "TestClient or TestAwaited"]
    command = [sys.executable, "-m", "pytest", __file__, *options]
    environment = {name: value for name, value in os.environ.items() if name != "APPCODE_CLIENT_RUNS"}

    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=600)  # noqa: S603 - this file

    assert 0 == run.returncode, run.stdout
