"""What docs/openapi.md shows works."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from appcode_contract.openapi import openapi_document
from appcode_contract.openapi.commands import openapi, schema

PAGE = (Path(__file__).parents[2] / "docs" / "openapi.md").read_text(encoding="utf-8")
COMMANDS = {"openapi": openapi, "schema": schema}
CALLS = re.findall(r"^\$ appcode-contract (.*)$", PAGE, re.MULTILINE)
CODE = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_the_page_shows_both_commands_and_python() -> None:
    assert set(COMMANDS) == {call.partition(" ")[0] for call in CALLS}
    assert 2 == len(CODE)


@pytest.mark.parametrize("call", CALLS)
def test_a_command_of_the_page_works(call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    name, *arguments = shlex.split(call)

    done = CliRunner().invoke(COMMANDS[name], arguments)

    assert 0 == done.exit_code
    assert "--output" not in arguments or any(tmp_path.iterdir())


@pytest.mark.parametrize("code", CODE, ids=["document", "schemas"])
def test_code_of_the_page_works(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    exec(compile(code, "docs/openapi.md", "exec"), {})  # noqa: S102 - code of our own page


def test_the_page_names_what_is_in_the_document() -> None:
    document = openapi_document()
    (path,) = document["paths"].values()
    operations = [path[method]["operationId"] for method in ("put", "get")]

    assert [] == [name for name in operations if f"`{name}`" not in PAGE]
    assert "servers" not in document
