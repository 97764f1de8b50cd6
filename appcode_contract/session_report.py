"""Writes what the tests of a client found, in a whole session of pytest, for ``--appcode-report``."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

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
    pytest.ExitCode.INTERRUPTED: "interrupted",
    pytest.ExitCode.INTERNAL_ERROR: "pytest itself went wrong",
}


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
        self._begun = time.monotonic()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep a test's accounts."""
        self._accounts += getattr(report, ACCOUNTS, [])

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, error: object) -> None:
        """Note that a process of pytest-xdist ended before its tests did."""
        if error:
            self._problems.append("a worker process ended before its tests")

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Write the files."""
        broken_off = _BROKEN_OFF.get(pytest.ExitCode(exitstatus)) if exitstatus in set(pytest.ExitCode) else None
        problem = "; ".join(dict.fromkeys([*filter(None, [broken_off]), *self._problems]))
        document = document_of_session(self._accounts, time.monotonic() - self._begun, problem)
        self._unwritten = []
        for file in self._files:
            try:
                file.write(document)
            except ReportFileError as error:
                self._unwritten.append(str(error))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what could not be written."""
        for problem in self._unwritten:
            terminalreporter.write_line(problem, red=True)
