"""What the plugin costs a session: nothing heavy before it is needed."""

from __future__ import annotations

import pytest

from tests.plugin.project import run, run_alone

HEAVY = ("faker", "httpx", "hypothesis", "jsonschema", "requests", "responses", "rich", "uvicorn")


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
