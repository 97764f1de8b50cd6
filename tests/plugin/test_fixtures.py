"""What appcode_fake and appcode_server give a test."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.plugin.project import BOTH, fake_of, run, run_alone, text_of

if TYPE_CHECKING:
    import pytest


@BOTH
def test_a_client_that_keeps_the_contract_passes(pytester: pytest.Pytester, fixture: str) -> None:
    result = run(
        pytester,
        f"""
def test_client({fixture}):
    fake = {fake_of(fixture)}
    made = generate(fake).json()
    assert page(fake, "?limit=1").json()["app_codes"][0]["app_code"] == made["app_code"]
    assert len(fake.exchanges) == 2


def test_type({fixture}):
    assert isinstance({fake_of(fixture)}, FakeAppCodes)
""",
    )

    result.assert_outcomes(passed=2)


def test_the_server_is_one_for_the_session_and_has_a_new_fake_for_each_test(
    pytester: pytest.Pytester,
) -> None:
    result = run(
        pytester,
        """
urls = set()
fakes = []


@pytest.mark.parametrize("number", range(3))
def test_server(appcode_server, number):
    fake = appcode_server.fake
    urls.add(appcode_server.url)
    assert len(urls) == 1
    assert fake.url().startswith(appcode_server.url)
    assert (fake.app_codes(), fake.exchanges, fake.violations) == ((), (), ())
    assert requests.get(fake.url("another"), headers={"X-Auth-Token": fake.token}, timeout=TIMEOUT).status_code == 404
    for older in fakes:  # what a client of an earlier test still sends changes nothing here
        late = requests.put(older.url(), headers={"X-Auth-Token": older.token}, timeout=TIMEOUT)
        assert late.status_code == 401
    fakes.append(fake)
    generate(fake)
    assert [len(each.app_codes()) for each in fakes] == [1] * len(fakes)
    fake.add_app("another")
    fake.fail(status=500)
""",
    )

    result.assert_outcomes(passed=3)


def test_both_fixtures_work_in_one_test_when_the_client_goes_round_the_fake(
    pytester: pytest.Pytester,
) -> None:
    result = run(
        pytester,
        """
import http.client
from urllib.parse import urlsplit


def test_client(appcode_fake, appcode_server):
    generate(appcode_fake)
    parts = urlsplit(appcode_server.fake.url())
    connection = http.client.HTTPConnection(parts.netloc, timeout=TIMEOUT)
    connection.request("PUT", parts.path, headers={"X-Auth-Token": appcode_server.fake.token})
    assert connection.getresponse().status == 201
    connection.close()
    assert [len(fake.app_codes()) for fake in (appcode_fake, appcode_server.fake)] == [1, 1]
""",
    )

    result.assert_outcomes(passed=1)


@BOTH
def test_exchanges_that_had_to_go_are_told(pytester: pytest.Pytester, fixture: str) -> None:
    result = run(
        pytester,
        f"""
from appcode_contract import Request


def test_it({fixture}):
    fake = {fake_of(fixture)}
    for _ in range(10_003):
        fake.handle(Request("GET", fake.url(), {{"X-Auth-Token": fake.token}}))
""",
        *("-W", "default"),
    )

    result.assert_outcomes(passed=1, warnings=1)
    result.stdout.fnmatch_lines(
        ["*PytestWarning: 3 exchanges had to go to make room for newer ones and were not judged"]
    )


def test_a_session_with_a_server_ends_quietly_and_without_threads(
    pytester: pytest.Pytester,
) -> None:
    pytester.makeconftest(
        """
import threading


def pytest_unconfigure(config):
    names = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    print("threads left:", names)
"""
    )

    result = run_alone(
        pytester,
        """
def test_client(appcode_server):
    generate(appcode_server.fake)
""",
        "-s",
    )

    result.assert_outcomes(passed=1)
    assert re.search(r"^threads left: \[\]$", result.stdout.str(), re.MULTILINE)
    assert "warning" not in text_of(result).lower()


def test_the_fixtures_are_listed_with_what_they_are_for(
    pytester: pytest.Pytester,
) -> None:
    result = run(pytester, "", "--fixtures")

    result.stdout.fnmatch_lines(["appcode_fake -- *", "*A fake of both operations*"])
    result.stdout.fnmatch_lines(["appcode_server -- *", "*A mock server on this machine*"])
    result.stdout.fnmatch_lines(["appcode_app -- *", "*An app of this test's own*"])
