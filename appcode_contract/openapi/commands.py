"""The commands ``schema`` and ``openapi``. They wire and decide nothing; ``cli`` registers them."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from appcode_contract.openapi import OpenApiVersion


def _path(_: click.Context, __: click.Parameter, given: str | None) -> Path | None:
    if given == "":
        msg = "--output is empty; leave it out to print"
        raise click.UsageError(msg)
    return None if given in {None, "-"} else Path(given)


@click.command()
@click.argument("name", metavar="[NAME]", required=False)
@click.option("--strict", is_flag=True, help="Refuse unknown fields, which the documentation does not.")
@click.option("--output", metavar="FOLDER", callback=_path, help="Write files there, do not print.")
def schema(name: str | None, output: Path | None, *, strict: bool) -> None:
    """Print or write JSON Schemas (2020-12), each with all that it refers to.

    Without NAME all of them: printed as one document, written as a file each. A name that does not exist is answered
    with those that do. Files are called NAME.json, or NAME.strict.json, and their paths are printed.
    """
    from appcode_contract.openapi import (  # noqa: PLC0415 - --help stays quick
        all_schemas,
        export_schemas,
        schema_text,
        to_json,
    )

    with _told_in_one_line(output):
        if output is not None:
            if output.is_file() or (output.suffix == ".json" and not output.is_dir()):
                msg = f"--output {output} must be a folder; to write one file: schema NAME > {output}"
                raise click.UsageError(msg)
            for path in export_schemas([name] if name is not None else [], output, strict=strict):
                click.echo(path)
        else:
            _print(to_json(all_schemas(strict=strict)) if name is None else schema_text(name, strict=strict))


@click.command()
@click.option("--version", default="3.1", type=click.Choice(["3.1", "3.0"]), help="Version of OpenAPI.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "yaml"]),
    help="How it is written; left out, as the name of FILE says, else as JSON.",
)
@click.option("--output", metavar="FILE", callback=_path, help="Write it there, do not print.")
def openapi(version: OpenApiVersion, form: Literal["json", "yaml"] | None, output: Path | None) -> None:
    """Print or write an OpenAPI document of both operations; the path of what is written is printed."""
    from appcode_contract.openapi import openapi_document, to_json, to_yaml  # noqa: PLC0415 - --help stays quick

    if form is None:
        form = "yaml" if output is not None and output.suffix.lower() in {".yaml", ".yml"} else "json"
    with _told_in_one_line(output):
        document = openapi_document(version)
        text = to_yaml(document) if form == "yaml" else to_json(document)
        if output is None:
            _print(text)
        else:
            output.write_bytes(text.encode())
            click.echo(output)


def _print(text: str) -> None:
    # As bytes: the same on every system as what is written into a file.
    click.echo(text.encode(), nl=False)


@contextmanager
def _told_in_one_line(output: Path | None) -> Iterator[None]:
    from appcode_contract.schema_store import SchemaFileError  # noqa: PLC0415 - --help stays quick

    try:
        yield
    except (ValueError, SchemaFileError) as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        if output is None:  # the group knows what to do
            raise
        msg = f"--output {output} cannot be written: {(error.strerror or str(error)).lower()}"
        raise click.UsageError(msg) from error
