"""Runs the suite over one client, in a session of its own in this process, and says which tests failed."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.broken_clients.classes import DEFECT_CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.broken_clients.planting import Defect

_FILE: Final = Path(__file__).with_name("classes.py")
_ARGUMENTS: Final = (
    "-c",
    os.devnull,
    f"--rootdir={_FILE.parent}",
    "--noconftest",
    *(part for name in ("terminal", "asyncio", "randomly", "xdist", "cacheprovider") for part in ("-p", f"no:{name}")),
    # It looks for garbage in the whole process at the end of each session.
    *("-p", "no:unraisableexception"),
)


@dataclass(slots=True)
class Found:
    """What a run found.

    Attributes:
        failed: What each failed test said, by its name.
        passed: The names of the tests that passed.
        skipped: Why each skipped test was skipped, by its name.
        took: How many seconds each test took, by its name.
        seconds: How many all of them took together.
    """

    failed: dict[str, str] = field(default_factory=dict)
    passed: set[str] = field(default_factory=set)
    skipped: dict[str, str] = field(default_factory=dict)
    took: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0


class _Listener:
    """Hears how tests end. A test with parameters failed when it did so for one of them."""

    def __init__(self) -> None:
        self.found = Found()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        name = report.nodeid.rpartition("::")[2].partition("[")[0]
        self.found.took[name] = self.found.took.get(name, 0.0) + report.duration
        if report.failed:
            self.found.failed.setdefault(name, str(report.longrepr))
        elif report.skipped:
            self.found.skipped.setdefault(name, str(report.longrepr))
        elif report.when == "call":
            self.found.passed.add(name)

    def result(self, seconds: float) -> Found:
        self.found.passed -= self.found.failed.keys()
        self.found.seconds = seconds
        return self.found


@contextmanager
def _hooks_of_python() -> Iterator[None]:
    """Take away what a session around this one keeps in: its credentials may be the same, as names of tests are."""
    before = logging.getLogRecordFactory(), threading.excepthook, sys.unraisablehook
    logging.setLogRecordFactory(logging.LogRecord)
    threading.excepthook, sys.unraisablehook = threading.__excepthook__, sys.__unraisablehook__
    try:
        yield
    finally:
        logging.setLogRecordFactory(before[0])
        threading.excepthook, sys.unraisablehook = before[1:]


def run_class(name: str, *tests: str) -> Found:
    """Run one class of ``classes``, or some tests of it."""
    listener = _Listener()
    begun = time.monotonic()
    with warnings.catch_warnings(), _hooks_of_python():
        warnings.resetwarnings()  # those of a session around this one
        selected = [f"{_FILE}::{name}::{test}" for test in tests] or [f"{_FILE}::{name}"]
        pytest.main([*_ARGUMENTS, *selected], plugins=[listener])
    return listener.result(time.monotonic() - begun)


def run_defect(defect: Defect, *tests: str) -> Found:
    return run_class(DEFECT_CLASSES[defect.name], *tests)
