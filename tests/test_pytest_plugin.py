"""The pytest plugin as a project sees it that has the package installed."""

from __future__ import annotations

import glob
import re
from typing import TYPE_CHECKING

import pytest

from appcode_contract import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable

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
ARGUMENTS = (
    *("-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:faker", "-p", "no:hypothesispytest"),
    *("-W", "error", "--strict-markers"),
)
HEAVY = ("faker", "httpx", "hypothesis", "jsonschema", "requests", "responses", "rich", "uvicorn")


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def run(pytester: pytest.Pytester, test: str, *arguments: str) -> pytest.RunResult:
    pytester.makepyfile(CLIENT + test)
    return pytester.runpytest_inprocess(*ARGUMENTS, *arguments)


def run_alone(pytester: pytest.Pytester, test: str, *arguments: str) -> pytest.RunResult:
    pytester.makepyfile(CLIENT + test)
    return pytester.runpytest_subprocess(*ARGUMENTS, *arguments)


def text_of(result: pytest.RunResult) -> str:
    return result.stdout.str() + result.stderr.str()


def fake_of(fixture: str) -> str:
    return "appcode_fake" if fixture == "appcode_fake" else "appcode_server.fake"


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


@BOTH
def test_a_client_that_breaks_the_contract_fails_at_teardown_with_clause_expected_and_actual(
    pytester: pytest.Pytester, fixture: str
) -> None:
    result = run(
        pytester,
        f"""
def test_client({fixture}):
    page({fake_of(fixture)}, "?limit=4.0")
    page({fake_of(fixture)}, "?limit=4.0")
    requests.put({fake_of(fixture)}.url(), timeout=TIMEOUT)
""",
    )

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [
            "*ERROR at teardown of test_client*",
            "the client broke the contract",
            "list/limit/type (documented: Querying AppCodes of an App, Table 2)",
            "  expected: limit is an integer; anything else is refused with 400.",
            "  actual:   limit is '4.0' (2 times)",
            "  repeat:   curl -i -X GET*$APPCODE_TOKEN*limit=4.0*",
            "header/x-auth-token (documented: Generating an AppCode, Table 2; Querying AppCodes of an App, Table 3)",
            "  expected: *X-Auth-Token*",
            "  actual:   X-Auth-Token is missing",
        ],
        consecutive=False,
    )


@BOTH
def test_a_test_that_fails_by_itself_tells_both(pytester: pytest.Pytester, fixture: str) -> None:
    result = run(
        pytester,
        f"""
def test_client({fixture}):
    assert page({fake_of(fixture)}, "?limit=501").status_code == 200
""",
    )

    result.assert_outcomes(failed=1, errors=1)
    result.stdout.fnmatch_lines(["list/limit/maximum *"])


@BOTH
def test_a_test_may_break_the_contract_on_purpose(pytester: pytest.Pytester, fixture: str) -> None:
    result = run(
        pytester,
        f"""
@pytest.mark.appcode(strict=False)
def test_client({fixture}):
    fake = {fake_of(fixture)}
    assert page(fake, "?limit=501").status_code == 400
    assert [violation.clause for violation in fake.violations] == ["list/limit/maximum"]
""",
    )

    result.assert_outcomes(passed=1)


def test_the_marker_of_a_test_wins_over_its_class_and_module(
    pytester: pytest.Pytester,
) -> None:
    result = run(
        pytester,
        """
pytestmark = pytest.mark.appcode(strict=False)


def test_of_the_module(appcode_fake):
    page(appcode_fake, "?limit=x")


@pytest.mark.appcode(strict=True)
class TestStrict:
    def test_of_the_class(self, appcode_fake):
        page(appcode_fake, "?limit=x")

    @pytest.mark.appcode(strict=False)
    def test_of_its_own(self, appcode_fake):
        page(appcode_fake, "?limit=x")
""",
    )

    result.assert_outcomes(passed=3, errors=1)
    result.stdout.fnmatch_lines(["*ERROR at teardown of TestStrict.test_of_the_class*"])


@BOTH
def test_a_behavior_comes_through_the_marker_and_holds_for_one_test(pytester: pytest.Pytester, fixture: str) -> None:
    result = run(
        pytester,
        f"""
@pytest.mark.appcode(behavior=Behavior(app_code_length="longest"))
def test_longest({fixture}):
    assert len(generate({fake_of(fixture)}).json()["app_code"]) == 180
    assert {fake_of(fixture)}.behavior.app_code_length == "longest"


def test_default({fixture}):
    assert {fake_of(fixture)}.behavior == Behavior()


@pytest.mark.appcode(behavior=Behavior(out_of_range_limit="clamp"), strict=False)
def test_clamped({fixture}):
    assert page({fake_of(fixture)}, "?limit=0").status_code == 200
""",
    )

    result.assert_outcomes(passed=3)


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


@BOTH
def test_the_configuration_says_how_fakes_behave_and_a_marker_says_it_better(
    pytester: pytest.Pytester, fixture: str
) -> None:
    pytester.makeini("[pytest]\nappcode_strict = false\nappcode_behavior = list_order=oldest_first quota=7\n")

    result = run(
        pytester,
        f"""
def test_configured({fixture}):
    assert {fake_of(fixture)}.behavior == Behavior(list_order="oldest_first", quota=7)
    requests.put({fake_of(fixture)}.url(), timeout=TIMEOUT)  # without a token


@pytest.mark.appcode(strict=True, behavior=Behavior(quota=3))
def test_marked({fixture}):
    assert {fake_of(fixture)}.behavior == Behavior(quota=3)
    requests.put({fake_of(fixture)}.url(), timeout=TIMEOUT)
""",
    )

    result.assert_outcomes(passed=2, errors=1)


@BOTH
def test_a_wrong_behavior_in_the_configuration_is_told(pytester: pytest.Pytester, fixture: str) -> None:
    pytester.makeini("[pytest]\nappcode_behavior = list_order=up\n")

    result = run(pytester, f"def test_it({fixture}): pass")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*appcode_behavior: *the choices are newest_first, oldest_first*"])


def test_pytest_tells_of_the_plugin_in_its_header_and_in_its_help(pytester: pytest.Pytester) -> None:
    header = pytester.runpytest("--collect-only")
    helped = pytester.runpytest("--help")

    header.stdout.fnmatch_lines([f"appcode-contract: {__version__}, pages of 2025-03-26, 2023-06-29"])
    helped.stdout.fnmatch_lines(["*appcode_strict (bool)*", "*appcode_behavior (args)*"])


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


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("strictly=False", "takes the keywords strict and behavior, not strictly"),
        ("False", "takes the keywords strict and behavior, not False"),
        ("'x', seed=1", "takes the keywords strict and behavior, not 'x', seed"),
        ("behavior='clamp'", "behavior is 'clamp'; it must be an appcode_contract.Behavior"),
        ("strict='no'", "strict is 'no'; it must be True or False"),
    ],
)
@BOTH
def test_a_wrong_marker_argument_is_told(pytester: pytest.Pytester, fixture: str, arguments: str, told: str) -> None:
    result = run(
        pytester,
        f"""
@pytest.mark.appcode({arguments})
def test_client({fixture}):
    page({fake_of(fixture)})
""",
    )

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"*@pytest.mark.appcode*{told}*"])


def test_the_marker_is_listed_with_its_arguments(pytester: pytest.Pytester) -> None:
    result = run(pytester, "", "--markers")

    result.stdout.fnmatch_lines(["@pytest.mark.appcode(strict=True, behavior=None): *"])


def test_the_fixtures_are_listed_with_what_they_are_for(
    pytester: pytest.Pytester,
) -> None:
    result = run(pytester, "", "--fixtures")

    result.stdout.fnmatch_lines(["appcode_fake -- *", "*A fake of both operations*"])
    result.stdout.fnmatch_lines(["appcode_server -- *", "*A mock server on this machine*"])


LEAKY = """
def test_client({fixture}):
    fake = {fake}
    made = generate(fake).json()["app_code"]
    fake.add_token("a-short-token")
    with open("secrets.txt", "w") as file:
        file.write("\\n".join([fake.token, made, "a-short-token", "sent-but-unknown"]))
    from urllib.parse import quote, quote_plus
    for secret in (fake.token, made, "a-short-token"):
        page(fake, "?limit=" + quote(secret, safe=""))
        page(fake, "?" + quote_plus(secret) + "=1")
        page(fake, "?page=" + quote(secret))
        requests.put(fake.url() + "/" + quote(secret, safe=""), headers={{"X-Auth-Token": secret}}, timeout=TIMEOUT)
        requests.put(fake.url(), data=secret, headers={{"X-Auth-Token": "sent-but-unknown"}}, timeout=TIMEOUT)
        requests.put(fake.url(quote(secret, safe="")), headers={{"Authorization": secret}}, timeout=TIMEOUT)
"""


@BOTH
@pytest.mark.parametrize("arguments", [(), ("-vv", "--showlocals", "--tb=long", "-rA")], ids=["plain", "verbose"])
def test_no_credential_is_shown_when_a_test_fails_at_teardown(
    pytester: pytest.Pytester, fixture: str, arguments: tuple[str, ...]
) -> None:
    result = run(
        pytester,
        LEAKY.format(fixture=fixture, fake=fake_of(fixture)),
        *arguments,
    )

    result.assert_outcomes(passed=1, errors=1)
    shown = text_of(result)
    secrets = (pytester.path / "secrets.txt").read_text(encoding="utf-8").splitlines()
    assert len(secrets) == 4
    assert [secret for secret in every_form(secrets) if secret in shown] == []


@pytest.mark.parametrize(
    "client",
    [
        'page(fake, "?limit=" + ",." * 15 + fake.token)',
        'page(fake, "?" + ",." * 85 + fake.token)',
        'requests.put(fake.url() + "/" + ",." * 20 + fake.token, timeout=TIMEOUT)',
    ],
    ids=["value", "name", "path"],
)
def test_not_even_the_beginning_of_a_credential_is_shown(pytester: pytest.Pytester, client: str) -> None:
    result = run(
        pytester,
        f"""
def test_client(appcode_fake):
    fake = appcode_fake
    with open("secrets.txt", "w") as file:
        file.write(fake.token)
    {client}
""",
    )

    result.assert_outcomes(passed=1, errors=1)
    token = (pytester.path / "secrets.txt").read_text(encoding="utf-8")
    assert token[:12] not in text_of(result)


def test_a_wrong_path_is_shown_as_it_was_sent(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
def test_client(appcode_fake):
    requests.put(appcode_fake.url() + "/extra", timeout=TIMEOUT)
""",
    )

    result.stdout.fnmatch_lines(["  actual:   PUT */app-codes/extra"])


def every_form(secrets: Iterable[str]) -> list[str]:
    from urllib.parse import quote, quote_plus  # noqa: PLC0415 - used here only

    return [form for secret in secrets for form in (secret, quote(secret), quote(secret, safe=""), quote_plus(secret))]


@pytest.mark.parametrize("loaded", [True, False], ids=["loaded", "not loaded"])
def test_nothing_heavy_is_imported_in_a_session_that_does_not_use_the_plugin(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, *, loaded: bool
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(
        f"""
        import sys

        def test_modules(request):
            assert ("appcode_contract.pytest_plugin" in sys.modules) is {loaded}
            assert request.config.pluginmanager.hasplugin("appcode_contract") is {loaded}
            assert [name for name in {HEAVY!r} if name in sys.modules] == []
        """
    )

    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", *(("-p", "appcode_contract") if loaded else ()))

    result.assert_outcomes(passed=1)


def test_the_plugin_is_there_without_being_asked_for(
    pytester: pytest.Pytester,
) -> None:
    result = run(
        pytester,
        """
def test_plugin(request):
    assert request.config.pluginmanager.hasplugin("appcode_contract")
""",
    )

    result.assert_outcomes(passed=1)


def test_a_fake_in_process_needs_neither_a_server_nor_the_strategies(
    pytester: pytest.Pytester,
) -> None:
    result = run_alone(
        pytester,
        """
import sys


def test_client(appcode_fake):
    generate(appcode_fake)
    assert [name for name in ("uvicorn", "hypothesis", "faker") if name in sys.modules] == []
""",
    )

    result.assert_outcomes(passed=1)


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


@pytest.mark.parametrize("pair", ["made, others", "exchanges[0].request, exchanges[1].request", "*exchanges"])
def test_a_comparison_that_fails_shows_no_credential(pytester: pytest.Pytester, pair: str) -> None:
    pytester.makepyfile(
        f"""
        import requests

        def same(left, right):
            assert left == right

        def test_client(appcode_fake):
            other = "-".join(["another", "token"])  # in one piece it would be shown with the test's own text
            appcode_fake.add_token(other)
            made, others = appcode_fake.seed(2)
            for token in (appcode_fake.token, other):
                requests.get(appcode_fake.url(), headers={{"X-Auth-Token": token}}, timeout=5)
            with open("secrets.txt", "w") as file:
                file.write("\\n".join([other, *appcode_fake.secrets()]))
            exchanges = appcode_fake.exchanges
            same({pair})
        """
    )

    result = pytester.runpytest_inprocess("-p", "no:randomly", "-p", "no:cacheprovider", "-vv")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*Differing attributes: *"])
    for secret in (pytester.path / "secrets.txt").read_text().splitlines():
        result.stdout.no_fnmatch_line(f"*{glob.escape(secret)}*")
