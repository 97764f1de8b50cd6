"""Runs the conformance tests with pytest underneath, untouched by any configuration of the caller's project."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from appcode_contract.conformance.again import ask_again
from appcode_contract.conformance.known import with_deviations
from appcode_contract.conformance.outcomes import NotExercised, Tests, describe_answer, describe_error, status_of
from appcode_contract.conformance.probe import Probe
from appcode_contract.conformance.selection import Selection
from appcode_contract.conformance.summary import inconclusive, summarize
from appcode_contract.conformance.target import Target, TargetError
from appcode_contract.conformance.wire import Unreachable, Wire
from appcode_contract.schema_store import SchemaFileError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from appcode_contract.conformance.sender import Send
    from appcode_contract.deviations import Deviation
    from appcode_contract.messages import Exchange
    from appcode_contract.report import Report

_HERE: Final = Path(__file__).parent
_FOREIGN: Final = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DEBUG", "PYTEST_THEME")
_STORAGE: Final = "HYPOTHESIS_STORAGE_DIRECTORY"
_OWN: Final = ("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_CURRENT_TEST", "PYTEST_VERSION", _STORAGE)
_UNUSED: Final = (
    *("assertion", "cacheprovider", "capture", "debugging", "doctest", "faulthandler", "junitxml", "legacypath"),
    *("logging", "monkeypatch", "pastebin", "recwarn", "reports", "setuponly", "setupplan", "skipping", "stepwise"),
    *("subtests", "terminal", "threadexception", "tmpdir", "unittest", "unraisableexception"),
)
"""Plugins of pytest that the conformance tests do without: each costs time at the start and with each test."""
_EVERYTHING: Final = Selection()
_TO_THE_END: Final = {0, 1}
"""pytest's exit codes after all tests: none failed, or some."""
_INTERRUPTED: Final = 2
_OK: Final = 200
_FORBIDDEN: Final = 403
_REFUSALS: Final = {
    0: "the server does not answer as HTTP has it",
    400: "the server refused the ids",
    401: "the server refused the token",
    403: "the server says that the token may not do this",
    404: "the server does not know the app, or the URL's path is not that of the API",
}


class Run:
    """One conformance run, which can be looked at while it goes on.

    Args:
        target: The server, and what may be done to it.
        selection: Which clauses are judged; every one when left out.
        send: Brings a request to the server and the answer back, within so many seconds; over the network when left
            out.
        watch: Called with the run after each test.
        deviations: What the server is known to break.

    Attributes:
        probe: What was sent, and what was seen.
        done: How many tests are over.
    """

    def __init__(
        self,
        target: Target,
        selection: Selection = _EVERYTHING,
        *,
        send: Send | None = None,
        watch: Callable[[Run], None] = lambda _: None,
        deviations: Sequence[Deviation] = (),
    ) -> None:
        """Prepare; nothing is sent yet."""
        self.probe = Probe(target, send)
        self._tests = Tests()
        self.done = 0
        self._begun = time.monotonic()
        self._selection = selection
        self._watch = watch
        self._deviations = tuple(deviations)

    @property
    def tests(self) -> int:
        """How many tests there are; 0 before the first."""
        return len(self._tests.selected)

    @property
    def failed(self) -> int:
        """How many clauses are broken, as far as is known."""
        found = [*self.probe.violations, *(each.violation for each in self._tests.results if each.violation)]
        return len({violation.clause for violation in found})

    @property
    def seconds(self) -> float:
        """How long the run has taken."""
        return time.monotonic() - self._begun

    def _look(self) -> None:
        self.done += 1
        self._watch(self)

    def report(self, *problems: str) -> Report:
        """Say what was judged so far.

        Args:
            *problems: Why it is not all.

        Returns:
            The report.
        """
        found = [*self._tests.problems, *problems, *filter(None, [self.probe.lost])]
        return self._known(summarize(self.probe, self._selection, self._tests.results, found, self.seconds))

    def _nothing(self, problem: str) -> Report:
        return self._known(inconclusive(self.probe, self._selection, problem, self.seconds))

    def _known(self, report: Report) -> Report:
        return with_deviations(report, self._deviations, datetime.now(UTC).date(), whole=not self._selection.exact)

    def run(self) -> Report:
        """Run every selected test, once.

        Returns:
            What was found.
        """
        try:
            problem = preflight(self.probe)
            if problem:
                return self._nothing(problem)
            self.probe.begin()
            self._watch(self)
            code = _run_pytest(self.probe, self._selection, self._tests, self._look)
            for query in self._selection.again if code != _INTERRUPTED else ():
                ask_again(self.probe, query)
        except Unreachable as error:
            problem = f"the server at {self.probe.target.url} cannot be reached: {error}"
            return self._nothing(problem)
        except (SchemaFileError, NotExercised) as error:
            return self._nothing(str(error))
        except KeyboardInterrupt:
            return self.report("interrupted")
        except Exception as error:  # noqa: BLE001 - an error of the run is no verdict on the server, and shows no secret
            return self.report(f"the run itself went wrong: {describe_error(error)}")
        return self.report(*_problems(code))


def check_certificates(target: Target) -> None:
    """Find out before anything is sent that the certificates to trust can be read.

    Args:
        target: The server, with ``ca_bundle``.

    Raises:
        TargetError: They cannot.
    """
    problem = Wire(target.ca_bundle, target.insecure).problem()
    if problem:
        msg = f"ca_bundle {target.ca_bundle} cannot be used: {problem}"
        raise TargetError(msg)


def run(
    target: Target,
    selection: Selection = _EVERYTHING,
    *,
    send: Send | None = None,
    watch: Callable[[Run], None] = lambda _: None,
    deviations: Sequence[Deviation] = (),
) -> Report:
    """Run conformance tests against a server.

    Args:
        target: The server, and what may be done to it.
        selection: Which clauses are judged; every one when left out.
        send: Brings a request to the server and the answer back, within so many seconds; over the network when left
            out.
        watch: Called with the run after each test.
        deviations: What the server is known to break.

    Returns:
        What was found.
    """
    return Run(target, selection, send=send, watch=watch, deviations=deviations).run()


def selected_tests(selection: Selection) -> list[tuple[str, str]]:
    """List what a run would do; nothing is sent.

    Args:
        selection: Which clauses are judged.

    Returns:
        Pairs of clause and test, in the order of the run.
    """
    nowhere = Target(url="http://localhost", project_id="p", instance_id="i", app_id="a", token="t")  # noqa: S106 - none
    tests = Tests()
    _run_pytest(Probe(nowhere), selection, tests, lambda: None, "--collect-only")
    return tests.selected


def _problems(code: int) -> list[str]:
    if code == _INTERRUPTED:
        return ["interrupted"]
    return [] if code in _TO_THE_END else [f"the run itself went wrong: pytest ended with {code}"]


def preflight(probe: Probe) -> str:
    """Find out whether anything can be judged.

    A server that refuses to list, or does not answer, may still generate; then that is its mistake and not the
    caller's, unless the token may do the one and not the other.

    Args:
        probe: A run that has not begun.

    Returns:
        Why nothing can be judged; empty when something can.
    """
    exchange = probe.plain = probe.query()
    status = status_of(exchange)
    secured = _secured(exchange)
    if secured:
        return f"the server sends everybody from http to https; give {secured} as the URL"
    if status not in _REFUSALS:
        if status != _OK and "list/status" not in probe.told_of(exchange):
            probe.blame("list/status", f"status {_OK}", describe_answer(exchange), exchange)
        return ""
    if "within" in exchange.problem:
        return f"the server does not answer in time (--timeout): {exchange.problem}"
    if probe.generates_left and status != _FORBIDDEN:
        made = probe.generate()
        if 200 <= status_of(made) < 300:  # noqa: PLR2004 - success
            probe.valid_generates.append(made)
            probe.blame("list/status", "200 with a page", describe_answer(exchange), exchange)
            return ""
    return f"{_REFUSALS[status]}: {describe_answer(exchange)}"


def _secured(exchange: Exchange) -> str:
    """Give the URL that a redirect from http to https leads to, if it leads to the same path; otherwise nothing."""
    response, asked = exchange.response, urlsplit(exchange.request.url)
    if response is None or not 300 <= response.status < 400 or asked.scheme != "http":  # noqa: PLR2004 - redirection
        return ""
    try:
        told = urlsplit((response.header("Location") or "").strip())
        same = told.scheme == "https" and (told.hostname, told.path, told.query) == (asked.hostname, asked.path, "")
        return f"https://{told.netloc}{asked.path.partition('/v2/')[0]}" if same and told.username is None else ""
    except ValueError:
        return ""


def _run_pytest(probe: Probe, selection: Selection, tests: Tests, look: Callable[[], None], *options: str) -> int:
    # Half of what the command imports, which a server that cannot be reached does not need.
    import pytest  # noqa: PLC0415

    from appcode_contract.conformance.plugin import ConformancePlugin  # noqa: PLC0415

    plugin = ConformancePlugin(probe, selection, tests, look)
    with _own_environment():
        return int(pytest.main([*_arguments(), *options], plugins=[plugin]))


def _arguments() -> list[str]:
    return [
        "--pyargs",
        "appcode_contract.conformance",
        "-c",
        str(_HERE / "verify.ini"),
        "--rootdir",
        str(_HERE),
        "--noconftest",
        *(part for name in _UNUSED for part in ("-p", f"no:{name}")),
    ]


@contextmanager
def _own_environment() -> Iterator[None]:
    """Keep the caller's pytest settings and plugins out."""
    kept = dict(os.environ)
    for name in _FOREIGN:
        os.environ.pop(name, None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        with TemporaryDirectory() as folder:
            # Hypothesis keeps what it finds in modules in a folder, which would be one of the caller's.
            os.environ[_STORAGE] = folder
            yield
    finally:
        for name in (*_FOREIGN, *_OWN):
            os.environ.pop(name, None)
            if name in kept:
                os.environ[name] = kept[name]
