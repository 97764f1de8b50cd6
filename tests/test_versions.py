"""What ``make versions`` looks for, and what it asks of pip."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.versions import find, lowest, versions

if TYPE_CHECKING:
    from pathlib import Path

THIS = f"{sys.version_info.major}.{sys.version_info.minor}"


def _program(path: Path, line: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose ``bin`` is all there is on PATH, and whose ``pyenv`` is pyenv's."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    return tmp_path


def test_the_versions_are_those_of_the_classifiers_the_oldest_first() -> None:
    named = ["Typing :: Typed", *(f"Programming Language :: Python :: {each}" for each in ("3", "3.13", "3.9", "3.11"))]

    assert ["3.9", "3.11", "3.13"] == versions({"classifiers": named})


def test_the_lowest_is_the_bound_and_markers_stay() -> None:
    assert ("a==1.2", "b==3; python_version >= '3'") == lowest(["a>=1.2", "b>=3; python_version >= '3'"])


def test_a_python_that_is_nowhere_is_not_found(machine: Path) -> None:
    assert machine.is_dir()
    assert find(THIS) is None


def test_a_python_on_the_path_is_found(machine: Path) -> None:
    there = _program(machine / "bin" / f"python{THIS}", f'exec {sys.executable} "$@"')

    assert there == find(THIS)


def test_one_of_pyenv_is_found_behind_a_shim_that_leads_nowhere(machine: Path) -> None:
    _program(machine / "bin" / f"python{THIS}", "exit 127")
    there = _program(machine / "pyenv" / "versions" / f"{THIS}.9" / "bin" / "python", f'exec {sys.executable} "$@"')

    assert there == find(THIS)


def test_a_python_of_another_version_is_none(machine: Path) -> None:
    _program(machine / "bin" / f"python{THIS}", "echo 3.1")

    assert find(THIS) is None
