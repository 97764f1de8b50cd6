"""Hypothesis' own plugin at the end of a session: not imported where nobody used it, complete where somebody did."""

from __future__ import annotations

import pytest

from tests.plugin.project import STRICT, text_of

PROCESSES = pytest.mark.parametrize("processes", [(), ("-n", "1")], ids=["one process", "xdist"])
# The summary is where Hypothesis' plugin speaks; after pytest_unconfigure there is no hook.
CONFTEST = """
import sys


def pytest_terminal_summary(terminalreporter, config):
    has = config.pluginmanager.hasplugin("hypothesispytest")
    terminalreporter.write_line(f"Hypothesis' plugin is {'here' if has else 'gone'}")


def pytest_unconfigure(config):
    process = getattr(config, "workerinput", {}).get("workerid", "main")
    with open(process + ".txt", "w") as file:
        file.write("imported" if "hypothesis" in sys.modules else "not imported")
"""
UNRELATED = """
def test_passes(request):
    assert request.config.pluginmanager.hasplugin("hypothesispytest")


def test_fails():
    assert False
"""
OF_HYPOTHESIS = """
from hypothesis import given, strategies as st


@given(st.integers())
def test_numbers(number):
    assert isinstance(number, int)
"""
LATE = """
import pytest


@pytest.fixture(scope="session")
def late():
    yield
    import hypothesis


def test_ends_the_session(late):
    pytest.exit("enough")
"""


def run(pytester: pytest.Pytester, test: str, *arguments: str) -> pytest.RunResult:
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(test)
    others = [argument for name in ("asyncio", "faker", "randomly") for argument in ("-p", f"no:{name}")]
    return pytester.runpytest_subprocess(*STRICT, *others, *arguments)


def at_the_end(pytester: pytest.Pytester) -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in pytester.path.glob("*.txt")}


@PROCESSES
def test_where_nobody_uses_hypothesis_no_process_has_imported_it_at_the_end(
    pytester: pytest.Pytester, processes: tuple[str, ...]
) -> None:
    result = run(pytester, UNRELATED, *processes)

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["FAILED test_where_*::test_fails*"])
    assert at_the_end(pytester) == dict.fromkeys(["main", "gw0"] if processes else ["main"], "not imported")


@PROCESSES
def test_the_statistics_that_were_asked_for_are_shown(pytester: pytest.Pytester, processes: tuple[str, ...]) -> None:
    result = run(pytester, OF_HYPOTHESIS, "--hypothesis-show-statistics", *processes)

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*= Hypothesis Statistics =*", "*::test_numbers:", "*100 passing*"])


def test_where_only_workers_use_hypothesis_its_plugin_has_its_part_in_the_summary(pytester: pytest.Pytester) -> None:
    result = run(pytester, OF_HYPOTHESIS, "-n", "1")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["Hypothesis' plugin is here"])


def test_a_fixture_that_uses_hypothesis_when_the_session_ends_is_not_too_late(pytester: pytest.Pytester) -> None:
    result = run(pytester, LATE)

    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["Hypothesis' plugin is here"])


@pytest.mark.parametrize("missing", ["hypothesispytest", "terminal"])
def test_hypothesis_plugin_and_the_summary_may_be_missing(pytester: pytest.Pytester, missing: str) -> None:
    result = run(pytester, "def test_passes(): pass", "-p", f"no:{missing}")

    assert result.ret == pytest.ExitCode.OK
    assert "Error" not in text_of(result)
