"""Schemathesis in an environment of its own, so that neither it nor what it needs is mixed with ours."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

REQUIREMENT = "schemathesis==4.32.5"
INSTALL_SECONDS = 300
RUN_SECONDS = 120
LEFT_BEHIND = ("PYTHON", "PYTEST", "COVERAGE", "COV_", "VIRTUAL_ENV", "SCHEMATHESIS")
"""How the names of variables begin that would lead an environment back to this one."""
UNREACHABLE = ("connection broken by", "(from versions: none)")
"""What pip says when it cannot reach the package index."""


class Run(NamedTuple):
    """How a run of Schemathesis ended."""

    code: int
    told: str


class Schemathesis:
    """Runs it.

    Args:
        python: The interpreter of its environment.
        folder: Where it may leave files.
    """

    def __init__(self, python: Path, folder: Path) -> None:
        self._python = python
        self._folder = folder

    def run(
        self, document: str, url: str, token: str, *options: str, config: Mapping[str, Mapping[str, object]]
    ) -> Run:
        """Test a server with a document, with the checks that Schemathesis has by default."""
        (self._folder / "openapi.json").write_text(document, encoding="utf-8")
        (self._folder / "schemathesis.toml").write_text(_toml(config), encoding="utf-8")
        fixed = ("--seed", "1", "--no-color", "--generation-database", "none", "--continue-on-failure")
        done = subprocess.run(  # noqa: S603 - a command that we installed
            [
                *(self._python, "-m", "schemathesis.cli", "--config-file", "schemathesis.toml", "run", "openapi.json"),
                *("--url", url, "--header", f"X-Auth-Token: {token}", *fixed, *options),
            ],
            capture_output=True,
            check=False,
            cwd=self._folder,
            env={**_environment(), "NO_PROXY": "127.0.0.1"},
            text=True,
            timeout=RUN_SECONDS,
        )
        return Run(done.returncode, done.stdout + done.stderr)


def _toml(config: Mapping[str, Mapping[str, object]]) -> str:
    lines = []
    for table, values in config.items():
        lines += [f"[{table}]", *(f"{name} = {value!r}" for name, value in values.items())]
    return "\n".join(lines) + "\n"


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(LEFT_BEHIND)}


def installed(folder: Path) -> Path:
    """Install Schemathesis below a folder, unless it is there already.

    Returns:
        The interpreter of its environment. Without a package index the test is skipped.
    """
    home = folder / f"{REQUIREMENT.replace('==', '-')}-{sys.implementation.cache_tag}"
    if not home.is_dir():
        # Made beside its place and then moved there at once: several test processes may do this at a time.
        with tempfile.TemporaryDirectory(dir=folder) as made:
            _install(Path(made) / "venv")
            with suppress(OSError):
                (Path(made) / "venv").rename(home)
    return _python(home)


def _python(home: Path) -> Path:
    return home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _install(home: Path) -> None:
    venv.create(home, with_pip=True, symlinks=os.name != "nt")
    done = subprocess.run(  # noqa: S603 - pip
        [_python(home), "-m", "pip", "--disable-pip-version-check", "--quiet", "install", REQUIREMENT],
        capture_output=True,
        check=False,
        env=_environment(),
        text=True,
        timeout=INSTALL_SECONDS,
    )
    if done.returncode and any(words in done.stderr for words in UNREACHABLE):
        pytest.skip(f"{REQUIREMENT} cannot be installed: the package index cannot be reached")
    assert 0 == done.returncode, done.stderr
