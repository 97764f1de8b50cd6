"""What the other files show with few examples holds with all of them, too."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.strategies.amounts import VARIABLE

FOLDER = Path(__file__).parent
FILES = sorted(
    path.name
    for path in FOLDER.glob("test_*.py")
    if "\nfrom tests.strategies.amounts import amount\n" in path.read_text("utf-8")
)
SECONDS = 900


def test_there_are_such_files() -> None:
    assert len(FILES) == 7


@pytest.mark.parametrize("name", FILES)
def test_it_holds_with_every_example(name: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own tests
        [sys.executable, "-m", "pytest", "-q", str(FOLDER / name)],
        env={**os.environ, VARIABLE: "1"},
        cwd=FOLDER.parents[1],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
