"""The commands: what is printed is what is written, and a wrong call is told."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from appcode_contract.openapi import all_schemas, openapi_document, schema_text, to_json, to_yaml
from appcode_contract.openapi.commands import openapi, schema
from appcode_contract.schema_store import NAMES, SchemaFileError
from tests.openapi.walk import VERSIONS

if TYPE_CHECKING:
    import click

    from appcode_contract.openapi import OpenApiVersion


def run(command: click.Command, *arguments: object) -> tuple[int, bytes, str]:
    done = CliRunner().invoke(command, [str(argument) for argument in arguments])
    return done.exit_code, done.stdout_bytes, done.stderr


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("form", "write"), [("json", to_json), ("yaml", to_yaml)], ids=["json", "yaml"])
def test_openapi_prints_what_it_writes(version: OpenApiVersion, form: str, write: object, tmp_path: Path) -> None:
    assert callable(write)
    expected = write(openapi_document(version)).encode()
    file = tmp_path / "document"

    printed = run(openapi, "--version", version, "--format", form)
    written = run(openapi, "--version", version, "--format", form, "--output", file)

    assert (0, expected, "") == printed
    assert (0, f"{file}\n".encode(), "") == written
    assert expected == file.read_bytes()


def test_openapi_prints_3_1_as_json_by_default() -> None:
    assert (0, to_json(openapi_document("3.1")).encode(), "") == run(openapi)


@pytest.mark.parametrize(
    ("name", "write"),
    [("a.json", to_json), ("a.yaml", to_yaml), ("a.yml", to_yaml), ("a.YAML", to_yaml), ("a", to_json)],
    ids=["json", "yaml", "yml", "YAML", "no ending"],
)
def test_openapi_takes_the_format_from_the_name_of_the_file(name: str, write: object, tmp_path: Path) -> None:
    assert callable(write)
    printed = run(openapi, "--output", tmp_path / name)

    assert (0, f"{tmp_path / name}\n".encode(), "") == printed
    assert write(openapi_document()) == (tmp_path / name).read_text(encoding="utf-8")


def test_the_format_told_counts_more_than_the_name(tmp_path: Path) -> None:
    run(openapi, "--format", "json", "--output", tmp_path / "a.yaml")

    assert to_json(openapi_document()) == (tmp_path / "a.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("strict", [(), ("--strict",)], ids=["open", "strict"])
def test_schema_prints_what_it_writes(name: str, strict: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / (f"{name}.strict.json" if strict else f"{name}.json")
    expected = schema_text(name, strict=bool(strict)).encode()

    assert (0, expected, "") == run(schema, name, *strict)
    assert (0, f"{file}\n".encode(), "") == run(schema, name, *strict, "--output", tmp_path)
    assert expected == file.read_bytes()


@pytest.mark.parametrize("strict", [(), ("--strict",)], ids=["open", "strict"])
def test_schema_without_a_name_prints_all_as_one_document(strict: tuple[str, ...]) -> None:
    code, out, err = run(schema, *strict)

    assert (0, "") == (code, err)
    assert all_schemas(strict=bool(strict)) == json.loads(out)


def test_schema_without_a_name_writes_a_file_each(tmp_path: Path) -> None:
    code, out, _ = run(schema, "--output", tmp_path)

    assert 0 == code
    assert [str(tmp_path / f"{name}.json") for name in NAMES] == out.decode().splitlines()
    assert sorted(f"{name}.json" for name in NAMES) == sorted(path.name for path in tmp_path.iterdir())


@pytest.mark.parametrize(
    ("command", "arguments", "told"),
    [
        (schema, ["app_code"], "no schema is named 'app_code'; the schemas are path-parameters, "),
        (schema, ["app-code", "create-time"], "create-time"),
        (openapi, ["--version", "2.0"], "'2.0' is not one of '3.1', '3.0'"),
        (openapi, ["--format", "toml"], "'toml' is not one of 'json', 'yaml'"),
        (
            schema,
            ["app-code", "--output", "a.json"],
            "--output a.json must be a folder; to write one file: schema NAME",
        ),
        (schema, ["--output", ""], "--output is empty; leave it out to print"),
        (openapi, ["--output", ""], "--output is empty; leave it out to print"),
        (openapi, ["--output", "no-such-folder/a.json"], "--output no-such-folder/a.json cannot be written: no such"),
    ],
)
def test_a_wrong_call_ends_with_2_and_says_why(command: click.Command, arguments: list[str], told: str) -> None:
    code, out, err = run(command, *arguments)

    assert (2, b"") == (code, out)
    assert told in err


@pytest.mark.parametrize("command", [schema, openapi], ids=["schema", "openapi"])
def test_an_output_that_is_in_the_way_is_told(command: click.Command, tmp_path: Path) -> None:
    in_the_way = tmp_path / "taken"
    if command is schema:
        in_the_way.write_text("a file")
    else:
        in_the_way.mkdir()

    code, _, err = run(command, "--output", in_the_way)

    assert 2 == code
    assert f"--output {in_the_way} " in err
    assert "must be a folder" in err if command is schema else "cannot be written: is a directory" in err


@pytest.mark.parametrize("command", [schema, openapi], ids=["schema", "openapi"])
def test_an_output_of_one_dash_is_the_standard_output(command: click.Command) -> None:
    assert run(command) == run(command, "--output", "-")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("name", ["schema", "openapi", "serve"])
def test_a_standard_output_that_is_full_is_told_in_one_line(name: str) -> None:
    buffered = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}

    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(  # noqa: S603 - our own code
            [sys.executable, "-m", "appcode_contract", name],
            env=buffered,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            text=True,
            timeout=60,
        )

    assert done.returncode == 2
    assert "the standard output cannot be written: no space left on device" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [schema, openapi], ids=["schema", "openapi"])
def test_a_damaged_schema_file_is_named(command: click.Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(name: str) -> None:
        msg = f"schema file {name}.json is damaged"
        raise SchemaFileError(msg)

    monkeypatch.setattr("appcode_contract.schema_store.schema", damaged)

    code, out, err = run(command)

    assert (2, b"") == (code, out)
    assert "is damaged" in err


@pytest.mark.parametrize("command", [schema, openapi], ids=["schema", "openapi"])
def test_a_reader_that_goes_away_ends_the_command_without_words(
    command: click.Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_: str) -> None:
        raise BrokenPipeError(errno.EPIPE, "broken pipe")

    monkeypatch.setattr("appcode_contract.openapi.commands._print", gone)

    assert (1, b"", "") == run(command)


def test_help_needs_nothing_heavy() -> None:
    heavy = ["jsonschema", "referencing", "yaml"]
    code = f"import sys, appcode_contract.openapi.commands; print([n for n in {heavy} if n in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True, timeout=60)  # noqa: S603 - our own code

    assert "[]\n" == done.stdout
