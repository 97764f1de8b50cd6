"""Ajv, a validator in JavaScript, in a folder of its own; nothing of npm is kept beside the sources."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from appcode_contract.schema_store import NAMES, schema
from tests.strategies import oracle

if TYPE_CHECKING:
    from tests.strategies.documents import Document

REQUIREMENT = "ajv@8.20.0"
INSTALL_SECONDS = 120
RUN_SECONDS = 120
UNREACHABLE = (
    "ECONNREFUSED",
    "ECONNRESET",
    "EAI_AGAIN",
    "ENETUNREACH",
    "ENOTFOUND",
    "ETIMEDOUT",
    "network timeout",
    "certificate",
)
"""What npm says when it cannot reach the registry."""
QUIET = (
    "--no-save",
    "--no-package-lock",
    "--no-audit",
    "--no-fund",
    "--ignore-scripts",
    "--loglevel=error",
    "--fetch-retries=0",
    "--fetch-timeout=60000",
)
SCRIPT = Path(__file__).with_name("ajv.cjs")
FIRST_BEYOND = 2**63


class Ajv:
    """Runs it.

    Args:
        home: The folder that it is installed in.
    """

    def __init__(self, home: Path) -> None:
        self._home = home

    def judge(self, documents: list[Document]) -> list[bool]:
        """Judge documents by our schemas, all at once."""
        given = {
            "schemas": [schema(name) for name in NAMES],
            "documents": [{document.schema: document.value} for document in documents],
        }
        done = subprocess.run(  # noqa: S603 - a script written here
            [_program("node"), str(SCRIPT)],
            capture_output=True,
            check=False,
            encoding="utf-8",
            env={**os.environ, "NODE_PATH": str(self._home / "node_modules")},
            input=json.dumps(given, ensure_ascii=False),
            timeout=RUN_SECONDS,
        )
        assert (0, "") == (done.returncode, done.stderr)
        verdicts: list[bool] = json.loads(done.stdout)
        return verdicts


def expected_of_javascript(document: Document) -> bool:
    """Tell what a program must say that reads every number as 64 bits of floating point.

    It takes the first integers beyond a Long for the last one, and a document is broken in no more than one way.
    """
    fields = document.value if isinstance(document.value, dict) else {}
    longs = [fields[name] for name in ("total", "offset") if isinstance(fields.get(name), int)]
    return document.valid or any(long not in oracle.LONGS and abs(float(long)) == FIRST_BEYOND for long in longs)


def installed(folder: Path) -> Path:
    """Install Ajv below a folder, unless it is there already.

    Returns:
        The folder that it is in. Without Node.js, npm or the registry the test is skipped.
    """
    home = folder / REQUIREMENT.replace("@", "-")
    programs = [_program("node"), _program("npm")]
    if not home.is_dir():
        # Made beside its place and then moved there at once: several test processes may do this at a time.
        with tempfile.TemporaryDirectory(dir=folder) as made:
            _install(programs[1], Path(made) / "ajv")
            with suppress(OSError):
                (Path(made) / "ajv").rename(home)
    return home


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{REQUIREMENT} cannot be run: there is no {name}")
    return found


def _install(npm: str, home: Path) -> None:
    home.mkdir()
    done = subprocess.run(  # noqa: S603 - npm
        [npm, "install", "--prefix", str(home), *QUIET, REQUIREMENT],
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=INSTALL_SECONDS,
    )
    if done.returncode and any(words in done.stderr for words in UNREACHABLE):
        pytest.skip(f"{REQUIREMENT} cannot be installed: the package registry cannot be reached")
    assert 0 == done.returncode, done.stderr
