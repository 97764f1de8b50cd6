"""A project whose client is held to the contract: its test file, and how pytest runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

CLIENT = """\
from __future__ import annotations

import asyncio
import logging
import sys
import warnings
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace

import requests

from appcode_contract.client_contract import AppCodeClientContract, AsyncAppCodeClientContract, Endpoint


@dataclass
class Record:
    app_code: str = field(repr=False)
    id: str
    app_id: str
    create_time: object


class Error(Exception):
    def __init__(self, status, body=None):
        super().__init__(f"status {status}")
        self.status, body = status, body or {}
        self.error_code, self.error_msg = body.get("error_code"), body.get("error_msg")


class Client:
    method, timeout, repeats, page_size, follows = "PUT", 1.0, 1, 500, False

    def __init__(self, endpoint):
        self.base = f"{endpoint.base_url}/v2/{endpoint.project_id}/apic/instances/{endpoint.instance_id}/apps"
        self.session = requests.Session()
        self.session.headers["X-Auth-Token"] = endpoint.token

    def close(self):
        self.session.close()

    def call(self, method, app_id, **query):
        url = f"{self.base}/{app_id}/app-codes"
        answer = self.session.request(
            method, url, params=query, timeout=self.timeout, allow_redirects=self.follows, **self.more(method)
        )
        try:
            body = answer.json()
        except ValueError:
            raise Error(answer.status_code) from None
        if answer.status_code not in (200, 201) or not isinstance(body, dict):
            raise Error(answer.status_code, body if isinstance(body, dict) else None)
        return body

    def more(self, method):
        return {}

    def record(self, item):
        return Record(item["app_code"], item["id"], item["app_id"], self.time(item["create_time"]))

    def time(self, text):
        return datetime.fromisoformat(text)

    def generate(self, app_id):
        return self.record(self.call(self.method, app_id))

    def list_page(self, app_id, offset=None, limit=None):
        body = self.call("GET", app_id, offset=offset, limit=limit)
        items = [self.record(item) for item in body["app_codes"]]
        return SimpleNamespace(total=body["total"], size=body["size"], app_codes=items)

    def list_all(self, app_id):
        offset = 0
        while True:
            page = self.list_page(app_id, offset, self.page_size)
            yield from page.app_codes
            offset += len(page.app_codes)
            if not page.app_codes or offset >= page.total:
                return


class AwaitedClient:
    def __init__(self, endpoint):
        self.client = Client(endpoint)

    async def generate(self, app_id):
        return await asyncio.to_thread(self.client.generate, app_id)

    async def list_page(self, app_id, offset=None, limit=None):
        return await asyncio.to_thread(self.client.list_page, app_id, offset, limit)

    async def list_all(self, app_id):
        return await asyncio.to_thread(lambda: list(self.client.list_all(app_id)))

    async def close(self):
        self.client.close()


"""
OPTIONS = ("-p", "no:cacheprovider", "-p", "no:asyncio", "-p", "no:randomly")


def run(pytester: pytest.Pytester, test: str, *arguments: str) -> pytest.RunResult:
    """Run the tests of a project in this process."""
    pytester.makepyfile(CLIENT + test)
    return pytester.runpytest_inprocess(*OPTIONS, *arguments)


def run_one(pytester: pytest.Pytester, test: str, name: str) -> str:
    """Run one test of the contract, which must fail, and give what pytest tells of it."""
    result = run(pytester, test, "-k", name, "-x")
    outcomes = result.parseoutcomes()
    assert outcomes.get("failed") == 1, result.stdout.str()
    assert "errors" not in outcomes
    return result.stdout.str()
