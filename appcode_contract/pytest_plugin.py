"""The pytest plugin: markers and fixtures. It wires and decides nothing.

pytest imports this module in every session of every project that has the package installed, so nothing heavy is
imported before a fixture is used.
"""

from __future__ import annotations

import sys
import warnings
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from appcode_contract import __version__
from appcode_contract.accounts import keep_account, take_accounts, wants_accounts
from appcode_contract.conformance.options import GAVE_UP, add_options

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence

    from appcode_contract.behavior import Behavior
    from appcode_contract.mock_server import AppCodeServer
    from appcode_contract.stand_in import AppCodeApp, FakeAppCodes

_NOTHING_JUDGED = 3
_GAVE_UP = pytest.StashKey[bool]()
_MARKER = (
    "appcode(strict=True, behavior=None): how appcode_fake and appcode_server treat this test: strict fails it at "
    "teardown when its client broke the contract; behavior is an appcode_contract.Behavior."
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the settings of the configuration file, the options of the conformance tests, and that of the report."""
    group = add_options(parser)
    group.addoption(
        "--appcode-report",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="Write what the clients of this session broke: .json, .xml, .html, .har, .md; may be repeated.",
    )
    parser.addini("appcode_strict", "Fail tests whose client broke the contract.", type="bool", default=True)
    parser.addini(
        "appcode_behavior",
        "Choices of the fake where the documentation is silent, as list_order=oldest_first quota=3.",
        type="args",
        default=[],
    )


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:  # noqa: ANN401 - a worker of pytest-xdist
    """Hear from a process that could judge nothing."""
    if getattr(node, "workeroutput", {}).get(GAVE_UP):
        node.config.stash[_GAVE_UP] = True


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Give an exit code to conformance tests that judged nothing; spare the session an import of Hypothesis.

    The session's fixtures end in this hook, too, so it comes last. Only pytest's summary comes after it.
    """
    reporter = session.config.pluginmanager.getplugin("terminalreporter")
    if reporter is None:
        return
    _never_succeed_without_a_verdict(session, exitstatus, reporter.stats)
    if not _hypothesis_was_used(reporter.stats):
        # Its plugin imports all of Hypothesis for its part of the summary, only to print nothing.
        session.config.pluginmanager.unregister(name="hypothesispytest")


def _never_succeed_without_a_verdict(
    session: pytest.Session, exitstatus: int, stats: Mapping[str, Sequence[object]]
) -> None:
    conformance = any("appcode_contract.conformance" in argument for argument in session.config.args)
    if not conformance or session.config.option.collectonly:
        return
    judged = any(stats.get(each) for each in ("passed", "failed"))
    nothing = exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED} and not judged
    if nothing or session.config.stash.get(_GAVE_UP, False):
        session.exitstatus = _NOTHING_JUDGED


def _hypothesis_was_used(stats: Mapping[str, Sequence[object]]) -> bool:
    if "hypothesis" in sys.modules:
        return True
    # Workers of pytest-xdist send reports, which name the markers of their test. Hypothesis marks tests of its own.
    reports = (each for each in chain.from_iterable(stats.values()) if isinstance(each, pytest.TestReport))
    return any("hypothesis" in report.keywords for report in reports)


def pytest_report_header() -> str:
    """Say which version, of which revisions of the pages."""
    from appcode_contract.revisions import REVISIONS  # noqa: PLC0415 - not at import time

    return f"appcode-contract: {__version__}, pages of {', '.join(REVISIONS.values())}"


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and refuse settings that cannot be."""
    config.addinivalue_line("markers", _MARKER)
    try:
        config.getini("appcode_strict")
    except (ValueError, pytest.UsageError) as error:
        msg = f"appcode_strict: {error}; it must be true or false"
        raise pytest.UsageError(msg) from None
    if config.getini("appcode_behavior"):
        _check_behavior(config)
    reports = config.getoption("appcode_report")
    if reports and not hasattr(config, "workerinput"):
        from appcode_contract.session_report import SessionReport  # noqa: PLC0415 - only where a report is wanted

        config.pluginmanager.register(SessionReport(reports), "appcode_session_report")


def _check_behavior(config: pytest.Config) -> None:
    from appcode_contract.behavior import read_behavior  # noqa: PLC0415 - only where there is such a setting

    try:
        read_behavior(config.getini("appcode_behavior"))
    except ValueError as error:
        msg = f"appcode_behavior: {error}"
        raise pytest.UsageError(msg) from None


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Compare messages and records without what they hide; pytest's own comparison shows every field."""
    from appcode_contract.messages import differing_fields  # noqa: PLC0415 - nothing before an assertion fails

    fields = differing_fields(left, right)
    if op != "==" or fields is None:
        return None
    return [f"{left!r} {op} {right!r}", "", "Differing attributes: " + ", ".join(fields)]


def _settings(request: pytest.FixtureRequest) -> tuple[bool, Behavior]:
    """Give strict and behavior: the closest marker's, or else those of the configuration."""
    from appcode_contract.behavior import Behavior, read_behavior  # noqa: PLC0415 - nothing before a fixture is used

    behavior = read_behavior(request.config.getini("appcode_behavior"))
    settings: dict[str, Any] = {"strict": request.config.getini("appcode_strict"), "behavior": behavior}
    # The closest comes last and counts most.
    for marker in reversed(list(request.node.iter_markers("appcode"))):
        unknown = sorted(marker.kwargs.keys() - settings.keys())
        if marker.args or unknown:
            wrong = ", ".join([*map(repr, marker.args), *unknown])
            msg = f"@pytest.mark.appcode takes the keywords strict and behavior, not {wrong}"
            pytest.fail(msg, pytrace=False)
        settings |= marker.kwargs
    settings["behavior"] = settings["behavior"] or behavior  # a marker may say None, too
    for name, kind in (("strict", bool), ("behavior", Behavior)):
        if not isinstance(settings[name], kind):
            wanted = "True or False" if name == "strict" else "an appcode_contract.Behavior"
            msg = f"@pytest.mark.appcode: {name} is {settings[name]!r}; it must be {wanted}"
            pytest.fail(msg, pytrace=False)
    return settings["strict"], settings["behavior"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Give a test's accounts to its report, which pytest-xdist brings to the process that writes."""
    report = yield
    if report.when == "teardown" and (accounts := take_accounts(item)):
        from appcode_contract.session_report import ACCOUNTS  # noqa: PLC0415 - only where a report is wanted

        setattr(report, ACCOUNTS, accounts)
    return report


def _judge(fake: FakeAppCodes, item: pytest.Item) -> None:
    from appcode_contract.schema_store import SchemaFileError  # noqa: PLC0415 - nothing heavy before a fixture is used

    if wants_accounts(item.config):
        from appcode_contract.reporting.session import account_of  # noqa: PLC0415 - only where a report is wanted

        keep_account(item, account_of(fake, item.nodeid))
    try:
        violations = fake.violations
    except SchemaFileError as error:
        pytest.fail(str(error), pytrace=False)
    if fake.dropped_exchanges:
        msg = f"{fake.dropped_exchanges} exchanges had to go to make room for newer ones and were not judged"
        warnings.warn(pytest.PytestWarning(msg), stacklevel=2)
    if violations:
        from appcode_contract.reporting.text import (  # noqa: PLC0415 - nothing heavy before a fixture is used
            describe_violations,
        )

        variables = {fake.token: "$APPCODE_TOKEN"}
        text = describe_violations(violations, secrets=fake.secrets(), variables=variables)
        pytest.fail(f"the client broke the contract\n\n{text}", pytrace=False)


@pytest.fixture
def appcode_fake(request: pytest.FixtureRequest) -> Iterator[FakeAppCodes]:
    """A fake of both operations that answers the requests library in this process.

    At the end the test fails when its client broke the contract, unless it is marked
    ``@pytest.mark.appcode(strict=False)``.
    """
    from appcode_contract.stand_in import fake_app_codes  # noqa: PLC0415 - nothing heavy before a fixture is used

    strict, behavior = _settings(request)
    with fake_app_codes(behavior=behavior) as fake:
        yield fake
        if strict:
            _judge(fake, request.node)


@pytest.fixture(scope="session")
def _appcode_session_server() -> Iterator[AppCodeServer]:
    from appcode_contract.mock_server import app_code_server  # noqa: PLC0415 - nothing heavy before a fixture is used

    with app_code_server() as server:
        yield server


@pytest.fixture
def appcode_server(request: pytest.FixtureRequest, _appcode_session_server: AppCodeServer) -> Iterator[AppCodeServer]:
    """A mock server on this machine with ``.url`` and ``.fake``; one for the session, with a new fake for each test.

    At the end the test fails when its client broke the contract, unless it is marked
    ``@pytest.mark.appcode(strict=False)``.
    """
    strict, behavior = _settings(request)
    _appcode_session_server.renew(behavior)
    fake = _appcode_session_server.fake
    yield _appcode_session_server
    if strict:
        _judge(fake, request.node)


@pytest.fixture
def appcode_app(request: pytest.FixtureRequest) -> AppCodeApp:
    """An app of this test's own, without AppCodes, with ``.app_id``, ``.url`` and ``.token``.

    It is a new app of the fake that the test uses: of ``appcode_fake`` if the test asks for that and not for
    ``appcode_server``, of ``appcode_server`` otherwise. That fake judges the client, as ever. Both are looked up by
    name, as pytest does, so that a project whose own ``appcode_server`` lasts for many tests has an app for each of
    them: the app's id is the test's own, and what others generate meanwhile, in other apps, is not listed in it.
    """
    from appcode_contract.stand_in import AppCodeApp  # noqa: PLC0415 - nothing heavy before a fixture is used

    asked = set(request.fixturenames)
    if "appcode_fake" in asked and "appcode_server" not in asked:
        fake: FakeAppCodes = request.getfixturevalue("appcode_fake")
    else:
        fake = request.getfixturevalue("appcode_server").fake
    app_id = fake.add_app()
    return AppCodeApp(app_id, fake.url(app_id), fake.token)
