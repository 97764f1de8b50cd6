"""Writes what the tests of a client found, in a whole session of pytest, for ``--appcode-report``."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import pytest

from appcode_contract.commands.report_file import ReportFile, ReportFileError, report_files
from appcode_contract.reporting.session import document_of_session

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ACCOUNTS: Final = "appcode_contract_accounts"
"""The attribute of a test's report that holds the test's accounts; pytest-xdist carries it over."""
_OPTION: Final = "--appcode-report"
_BROKEN_OFF: Final = {
    pytest.ExitCode.INTERRUPTED: "pytest stopped before every test had run",
    pytest.ExitCode.INTERNAL_ERROR: "pytest itself went wrong",
    pytest.ExitCode.NO_TESTS_COLLECTED: "no test was run",
}
_UNFINISHED: Final = "the session has not ended"
_UNWRITTEN: Final = 3


class SessionReport:
    """A plugin of the process that reports, which collects accounts and writes them at the end.

    Args:
        paths: Where to.

    Raises:
        pytest.UsageError: One cannot be written.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        """Find out that the files can be written."""
        try:
            self._files: list[ReportFile] = report_files(paths, _OPTION)
        except ReportFileError as error:
            raise pytest.UsageError(str(error)) from None
        self._accounts: list[str] = []
        self._problems: list[str] = []
        self._unwritten: list[str] = []
        self._begun = time.monotonic()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep a test's accounts, and now and then write what is known so far."""
        accounts = getattr(report, ACCOUNTS, [])
        self._accounts += accounts
        for file in self._files if accounts else ():
            file.keep(lambda: self._document(_UNFINISHED), generated=0, now=time.monotonic() - self._begun)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, error: object) -> None:
        """Note that a process of pytest-xdist ended before its tests did."""
        if error:
            self._problems.append("a worker process ended before its tests")

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Write the files, unless nothing was to be run."""
        if session.config.option.collectonly or exitstatus == pytest.ExitCode.USAGE_ERROR:
            return
        broken_off = _BROKEN_OFF.get(pytest.ExitCode(exitstatus)) if exitstatus in set(pytest.ExitCode) else None
        problems = [broken_off, *map(str, filter(None, [session.shouldfail])), *self._problems]
        document = self._document("; ".join(dict.fromkeys(filter(None, problems))))
        for file in self._files:
            try:
                file.write(document)
            except ReportFileError as error:
                self._unwritten.append(str(error))
        if self._unwritten and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = _UNWRITTEN

    def _document(self, problem: str) -> dict[str, Any]:
        return document_of_session(self._accounts, time.monotonic() - self._begun, problem)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what could not be written."""
        for problem in self._unwritten:
            terminalreporter.write_line(problem, red=True)
