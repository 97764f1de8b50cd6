"""Runs the command line: in this process, or, where the process is what is tested, in one of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING

from click.testing import CliRunner

from appcode_contract.cli import main

if TYPE_CHECKING:
    from collections.abc import Mapping

LIMIT = 60
PROGRAM = (sys.executable, "-m", "appcode_contract")
_PROGRESS = re.compile(r"^\d+ of \d+ tests, .* s\n", re.MULTILINE)


def without_progress(err: str) -> str:
    """Leave out what a command tells every ten seconds: a busy machine makes it tell more."""
    return _PROGRESS.sub("", err)


def command(*arguments: str, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> tuple[int, str, str]:
    """Run a command to its end.

    Args:
        *arguments: As on the command line.
        env: Variables beside those of this process, of which those of ours are left out.
        cwd: Where; here when left out.

    Returns:
        Its exit code, and what it wrote to stdout and to stderr, without progress.
    """
    ours: dict[str, str | None] = {name: None for name in os.environ if name.startswith("APPCODE_")}
    with chdir(cwd or Path.cwd()):
        done = CliRunner(env={**ours, "COLUMNS": "80", **(env or {})}).invoke(main, arguments)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout, without_progress(done.stderr)


def in_place_of(package: Path) -> dict[str, str]:
    """The environment in which a copy is imported; what is run of it says nothing of the coverage of the package."""
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    return {**unmeasured, "PYTHONPATH": str(package)}


def process(
    *arguments: str, env: Mapping[str, str] | None = None, copy: Path | None = None, program: tuple[str, ...] = PROGRAM
) -> tuple[int, str, str]:
    """Run a command to its end, in a process of its own.

    Args:
        *arguments: As on the command line.
        env: Variables beside those of this process, of which those of ours are left out.
        copy: A copy of the package, in its place; the process runs there.
        program: What is run; the command when left out.

    Returns:
        Its exit code, and what it wrote to stdout and to stderr, without progress.
    """
    base = in_place_of(copy) if copy else os.environ
    kept = {name: value for name, value in base.items() if not name.startswith("APPCODE_")}
    done = subprocess.run(  # noqa: S603 - our own command
        [*program, *arguments],
        capture_output=True,
        check=False,
        cwd=copy,
        env={**kept, "COLUMNS": "80", **(env or {})},
        text=True,
        timeout=LIMIT,
    )
    return done.returncode, done.stdout, without_progress(done.stderr)
