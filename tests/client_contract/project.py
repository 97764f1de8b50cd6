"""A project whose client is held to the contract: its test file, and how pytest runs it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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


class Session(NamedTuple):
    """A session with several test files.

    Attributes:
        written: All that pytest printed.
        reports: What it reported of each test, by the name of its file's case.
    """

    written: str
    reports: Mapping[str, Sequence[pytest.TestReport]]

    @property
    def told(self) -> dict[str, str]:
        """What is told of the failures in each file."""
        return {
            name: "\n".join(report.longreprtext for report in reports if report.failed)
            for name, reports in self.reports.items()
        }


class _Listener:
    """Hears the reports."""

    def __init__(self) -> None:
        self.reports: list[pytest.TestReport] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.reports.append(report)


def file_of(name: str) -> str:
    """Give the name of the test file of a case, without its ending."""
    return "test_" + re.sub(r"\W", "_", name)


def only(*tests: str) -> tuple[str, str]:
    """Let pytest collect no other tests: to collect all that a client is held to takes longer than to run one."""
    return "-o", "python_functions=" + " ".join(sorted({test.partition("[")[0] for test in tests}))


def run_files(pytester: pytest.Pytester, tests: Mapping[str, str], *arguments: str) -> Session:
    """Run a project's test files, which are given by the names of their cases, in one session in this process."""
    files = {name: file_of(name) for name in tests}
    assert len(files) == len(set(files.values()))
    pytester.makepyfile(**{files[name]: CLIENT + test for name, test in tests.items()})
    heard = _Listener()

    result = pytester.runpytest_inprocess(*OPTIONS, *arguments, plugins=[heard])

    reports = {name: [each for each in heard.reports if Path(each.fspath).stem == file] for name, file in files.items()}
    return Session(result.stdout.str() + result.stderr.str(), reports)


def run_each(
    pytester: pytest.Pytester, cases: Mapping[str, tuple[str, str]], *arguments: str, when: str = "call"
) -> Session:
    """Run one test over each of many clients, which each must fail, once.

    Args:
        pytester: Runs it.
        cases: By name, a test file with a class ``TestMine``, and the name of a test with its parameters.
        arguments: Options of pytest.
        when: When they must fail; "setup" is before the test.

    Returns:
        The session.
    """
    names = [name for _, name in cases.values()]
    chosen = [f"{file_of(case)}.py::TestMine::{name}" for case, (_, name) in cases.items()]

    session = run_files(pytester, {case: test for case, (test, _) in cases.items()}, *only(*names), *arguments, *chosen)

    failed = {case: [each.when for each in reports if each.failed] for case, reports in session.reports.items()}
    assert failed == {case: [when] for case in cases}, session.written
    return session


def run_one(pytester: pytest.Pytester, test: str, name: str) -> str:
    """Run one test of the contract, which must fail, and give what pytest tells of it."""
    return run_each(pytester, {"one": (test, name)}).written
