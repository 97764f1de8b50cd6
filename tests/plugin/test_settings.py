"""How the marker and the configuration settle what the fixtures do, and where pytest tells of them."""

from __future__ import annotations

import pytest

from appcode_contract import __version__
from tests.plugin.project import ALONE, BOTH, fake_of, run


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

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: appcode_behavior: *the choices are newest_first, oldest_first*"])


def test_a_wrong_strictness_in_the_configuration_is_told(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nappcode_strict = maybe\n")

    result = run(pytester, "def test_it(): pass")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: appcode_strict: *'maybe'*it must be true or false"])


WRONG_ARGUMENTS = {
    "strictly=False": "takes the keywords strict and behavior, not strictly",
    "False": "takes the keywords strict and behavior, not False",
    "'x', seed=1": "takes the keywords strict and behavior, not 'x', seed",
    "behavior='clamp'": "behavior is 'clamp'; it must be an appcode_contract.Behavior",
    "strict='no'": "strict is 'no'; it must be True or False",
}


@BOTH
def test_a_wrong_marker_argument_is_told(pytester: pytest.Pytester, fixture: str) -> None:
    tests = [
        f"""
@pytest.mark.appcode({arguments})
def test_{number}({fixture}):
    page({fake_of(fixture)})
"""
        for number, arguments in enumerate(WRONG_ARGUMENTS)
    ]

    result = run(pytester, "".join(tests))

    result.assert_outcomes(errors=len(tests))
    for number, told in enumerate(WRONG_ARGUMENTS.values()):
        expected = [f"*ERROR at setup of test_{number} *", f"@pytest.mark.appcode*{told}*"]
        result.stdout.fnmatch_lines(expected)
    result.stdout.no_fnmatch_line("*pytest_plugin.py*")


def test_the_marker_is_listed_with_its_arguments(pytester: pytest.Pytester) -> None:
    result = run(pytester, "", "--markers")

    result.stdout.fnmatch_lines(["@pytest.mark.appcode(strict=True, behavior=None): *"])


def test_pytest_tells_of_the_plugin_in_its_header_and_in_its_help(pytester: pytest.Pytester) -> None:
    header = pytester.runpytest(*ALONE, "--collect-only")
    helped = pytester.runpytest(*ALONE, "--help")

    header.stdout.fnmatch_lines([f"appcode-contract: {__version__}, pages of 2025-03-26, 2023-06-29"])
    helped.stdout.fnmatch_lines(["*appcode_strict (bool)*", "*appcode_behavior (args)*"])
