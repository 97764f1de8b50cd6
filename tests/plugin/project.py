"""A project that has the package installed: its tests, and how pytest runs them."""

from __future__ import annotations

import pytest

CLIENT = """\
from __future__ import annotations

import pytest
import requests

from appcode_contract import Behavior, FakeAppCodes, app_code_server

TIMEOUT = 10


def generate(fake):
    return requests.put(fake.url(), headers={"X-Auth-Token": fake.token}, timeout=TIMEOUT)


def page(fake, query=""):
    return requests.get(fake.url() + query, headers={"X-Auth-Token": fake.token}, timeout=TIMEOUT)

"""
BOTH = pytest.mark.parametrize("fixture", ["appcode_fake", "appcode_server"])
STRICT = ("-p", "no:cacheprovider", "-W", "error", "--strict-markers")
ALONE = tuple(
    argument for name in ("asyncio", "faker", "hypothesispytest", "randomly") for argument in ("-p", f"no:{name}")
)


def run(pytester: pytest.Pytester, test: str, *arguments: str) -> pytest.RunResult:
    """Run a test in this process, without other plugins."""
    pytester.makepyfile(CLIENT + test)
    return pytester.runpytest_inprocess(*STRICT, *ALONE, *arguments)


def run_beside(pytester: pytest.Pytester, test: str, *arguments: str) -> pytest.RunResult:
    """Run a test in this process, with every plugin that is installed."""
    pytester.makepyfile(CLIENT + test)
    return pytester.runpytest_inprocess(*STRICT, *arguments)


def run_alone(pytester: pytest.Pytester, test: str, *arguments: str) -> pytest.RunResult:
    """Run a test in a process of its own, without other plugins."""
    return run_among_others(pytester, test, *ALONE, *arguments)


def run_among_others(pytester: pytest.Pytester, test: str, *arguments: str) -> pytest.RunResult:
    """Run a test in a process of its own, with every plugin that is installed."""
    pytester.makepyfile(CLIENT + test)
    return pytester.runpytest_subprocess(*STRICT, *arguments)


def text_of(result: pytest.RunResult) -> str:
    """Give everything that was printed."""
    return result.stdout.str() + result.stderr.str()


def fake_of(fixture: str) -> str:
    """Write the expression for the fake of a fixture."""
    return "appcode_fake" if fixture == "appcode_fake" else "appcode_server.fake"
