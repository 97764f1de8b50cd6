"""The conformance tests in a pytest session of the caller's own: ``pytest --pyargs appcode_contract.conformance``.

``appcode-contract verify`` does not load this module. Which server is meant is told by options of the plugin, or by the
variables that ``verify`` knows, too.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

import pytest

from appcode_contract.clauses import Level
from appcode_contract.conformance.options import GAVE_UP, target_parts
from appcode_contract.conformance.outcomes import NotExercised, Untried, Violated, describe_error
from appcode_contract.conformance.plugin import MARKERS, arrange, judging, tried_by
from appcode_contract.conformance.probe import Probe
from appcode_contract.conformance.runner import check_certificates, preflight
from appcode_contract.conformance.selection import Selection, SelectionError
from appcode_contract.conformance.summary import curl_options, generated_id, variables_of
from appcode_contract.conformance.target import Target, TargetError
from appcode_contract.conformance.wire import Unreachable
from appcode_contract.messages import Exchange
from appcode_contract.redaction import Redactor, printable
from appcode_contract.reporting.terminal import generated_lines
from appcode_contract.reporting.text import describe_violations

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from appcode_contract.messages import Request

_HERE: Final = Path(__file__).parent
_NOTHING_JUDGED: Final = 3
_FORBIDDEN: Final = "forbidden-token-of-the-fake"
_PROBE: Final = pytest.StashKey[Probe]()
_TRIED: Final = pytest.StashKey[set[str]]()
_PROCESS: Final = pytest.StashKey[int]()


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers."""
    config.stash[_PROCESS] = os.getpid()
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is not selected, and put random and passive tests last."""
    level = config.getoption("appcode_level")
    try:
        selection = Selection(tuple(config.getoption("appcode_clause")), Level(level) if level else None)
    except SelectionError as error:
        raise pytest.UsageError(str(error)) from None
    ours = [item for item in items if _HERE in item.path.parents]
    others = [item for item in items if item not in set(ours)]
    arrange(config, ours, selection)
    config.stash[_TRIED] = tried_by(ours)
    items[:] = others + ours


@pytest.fixture(scope="session")
def _appcode_run(request: pytest.FixtureRequest) -> Probe:
    config = request.config
    probe: Probe | None = None
    try:
        probe = config.stash[_PROBE] = _probe_of(config)
        probe.tried = config.stash[_TRIED]
        problem = preflight(probe)
        if not problem:
            probe.begin()
    except TargetError as error:
        problem = str(error)
    except (Unreachable, NotExercised) as error:
        problem = f"nothing could be judged: {error}"
    if probe is None or problem:
        _give_up(request.session, Redactor(probe.secrets() if probe else ())(problem))
    return probe


def _give_up(session: pytest.Session, problem: str) -> NoReturn:
    if hasattr(session.config, "workerinput"):
        session.config.workeroutput[GAVE_UP] = True  # type: ignore[attr-defined] # of pytest-xdist
        session.shouldstop = problem  # which ends the other processes, too
        pytest.fail(problem, pytrace=False)
    pytest.exit(problem, returncode=_NOTHING_JUDGED)


def _is_one_of_many(config: pytest.Config) -> bool:
    """Say whether other processes run tests of this session, too: each would spend a budget of its own."""
    return hasattr(config, "workerinput") or config.stash[_PROCESS] != os.getpid()


@pytest.fixture
def probe(request: pytest.FixtureRequest, _appcode_run: Probe) -> Iterator[Probe]:
    """Give the run's probe, told which clause is judged."""
    # Each process has a fake of its own, and nothing that another one generates counts.
    parallel = _is_one_of_many(request.config) and not request.config.getoption("appcode_fake")
    generates = request.node.get_closest_marker("generates") is not None
    if parallel and generates:
        pytest.skip("nothing is generated where several processes run the tests; run it in one, without -n")
    _appcode_run.may_generate = not parallel
    seen = len(_appcode_run.violations)
    with judging(_appcode_run, request.node) as probe:
        yield probe
    # Another process may run the passive test that would tell this.
    if parallel and _appcode_run.violations[seen:]:
        raise Violated(_appcode_run.violations[seen])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell what became of a test as ``verify`` does: without a traceback, and without a credential."""
    untried = call.excinfo.value if call.excinfo is not None else None
    if isinstance(untried, Untried):
        call.excinfo = pytest.CallInfo.from_call(lambda: pytest.skip(str(untried)), call.when).excinfo
    report = yield
    error = call.excinfo.value if call.excinfo is not None else None
    probe = item.config.stash.get(_PROBE, None)
    if probe is None or error is None or _HERE not in item.path.parents:
        return report
    match error:
        case Violated():
            report.longrepr = describe_violations(
                [error.violation],
                secrets=probe.secrets(),
                variables=variables_of(probe.target),
                options=curl_options(probe.target),
                answers=True,
            )
        case pytest.skip.Exception() if isinstance(report.longrepr, tuple):
            report.longrepr = str(item.path), (item.location[1] or 0) + 1, Redactor(probe.secrets())(report.longrepr[2])
        case pytest.fail.Exception() | KeyboardInterrupt():
            pass
        case _:
            report.longrepr = f"the run itself went wrong: {describe_error(error)}"
    return report


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Never call it a success when the run broke off."""
    probe = session.config.stash.get(_PROBE, None)
    if session.exitstatus == pytest.ExitCode.OK and probe is not None and (probe.lost or probe.pace.over):
        session.exitstatus = _NOTHING_JUDGED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Tell what stays on the server, and why the run broke off."""
    probe = config.stash.get(_PROBE, None)
    if probe is None or config.getoption("appcode_fake"):
        return
    hide = Redactor(probe.secrets())
    made = generated_lines([*map(generated_id, probe.generated)], probe.unanswered)
    for line in filter(None, [*made, probe.lost, probe.pace.over]):
        terminalreporter.write_line(printable(hide(line)))


def _probe_of(config: pytest.Config) -> Probe:
    """Make the run's probe: of the fake in this process, or of the server that options and variables name."""
    parts = target_parts(config)
    if config.getoption("appcode_fake"):
        return _probe_of_a_fake(parts)
    for name in ("url", "project_id", "instance_id", "app_id", "token"):
        if not parts.get(name):
            option = "--appcode-" + name.replace("_", "-")
            msg = f"{option} is missing; give it, or set APPCODE_{name.upper()}, or use --appcode-fake"
            raise TargetError(msg)
    if _is_one_of_many(config):
        parts["read_only"] = True
    target = Target(**parts)
    check_certificates(target)
    return Probe(target)


def _probe_of_a_fake(parts: dict[str, Any]) -> Probe:
    from appcode_contract.stand_in import FakeAppCodes  # noqa: PLC0415 - only where no server is tested

    fake = FakeAppCodes()
    fake.add_token(_FORBIDDEN, forbidden=True)
    of_the_fake = {
        "url": fake.base_url,
        "project_id": fake.project_id,
        "instance_id": fake.instance_id,
        "app_id": fake.app_id,
        "token": fake.token,
        "forbidden_token": _FORBIDDEN,
    }

    def send(request: Request, _: float) -> Exchange:
        return Exchange(request, fake.handle(request))

    return Probe(Target(**{**parts, **of_the_fake}), send)
