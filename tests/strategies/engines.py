"""Other people's engines, which judge documents by our schemas alone.

jsonschema and jsonschema-rs judge one at a time, and so does the package with both. check-jsonschema is a command,
which judges a batch on its standard input; it matches patterns as ECMAScript does and also demands what ``format``
says.
"""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs
from jsonschema import Draft202012Validator

from appcode_contract.schema_store import NAMES, schema, validator
from tests.strategies import oracle

if TYPE_CHECKING:
    from pathlib import Path

    from tests.strategies.documents import Document

SECONDS = 120
BATCH_DOCUMENTS = 2_000
BATCH_CHARACTERS = 8_000_000


@cache
def rust(name: str) -> Any:  # noqa: ANN401 - a class of jsonschema-rs that has no public name
    registry = jsonschema_rs.Registry([(schema(each)["$id"], schema(each)) for each in NAMES])
    return jsonschema_rs.Draft202012Validator(schema(name), registry=registry)


@cache
def slow(name: str) -> Draft202012Validator:
    return Draft202012Validator(validator(name).schema)


def judged_one_by_one(document: Document) -> list[str]:
    """Tell which engine contradicts the oracle, and whether JSON changes the value."""
    received = json.loads(json.dumps(document.value, ensure_ascii=False).encode())
    verdicts = {
        "jsonschema": slow(document.schema).is_valid(document.value),
        "the package": validator(document.schema).is_valid(document.value),
        "jsonschema-rs": bool(rust(document.schema).is_valid(document.value)),
        "jsonschema-rs, after JSON": bool(rust(document.schema).is_valid(received)),
    }
    contradictions = [
        f"{engine} says {verdict}, the oracle {document.valid}, by {document.schema}"
        for engine, verdict in verdicts.items()
        if verdict != document.valid
    ]
    return contradictions + ([] if received == document.value else ["changed by JSON"])


def schema_of_batches() -> dict[str, Any]:
    """Make a schema of an array of values, each under the name of its schema: the command reads files, no registry.

    The others do without ``$schema``, at which check-jsonschema would go back to the regular expressions of Python.
    """
    others = {name: {key: value for key, value in schema(name).items() if key != "$schema"} for name in NAMES}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "array",
        "items": {"properties": {name: {"$ref": f"urn:appcode-contract:{name}"} for name in NAMES}},
        "$defs": others,
    }


def run_check_jsonschema(schema_file: Path, *arguments: str, given: str = "") -> list[dict[str, Any]]:
    """Run the command and give the errors that it reports."""
    options = ("--output-format", "json", "--verbose", "--schemafile", str(schema_file))
    done = subprocess.run(  # noqa: S603 - a command written here
        [sys.executable, "-m", "check_jsonschema", *options, *arguments],
        capture_output=True,
        check=False,
        encoding="utf-8",
        input=given,
        timeout=SECONDS,
    )
    assert done.returncode in {0, 1}, done.stderr
    report = json.loads(done.stdout)
    assert [] == report.get("parse_errors", [])
    errors: list[dict[str, Any]] = report["errors"]
    return errors


class CheckJsonschema:
    """The command check-jsonschema; documents wait until there are enough for a run.

    Args:
        folder: Where it may leave the schema.
        formats: Whether it demands what ``format`` says, as it does unless told otherwise.
    """

    def __init__(self, folder: Path, *, formats: bool = True) -> None:
        self._formats = formats
        self._schema = folder / "schema.json"
        self._schema.write_text(json.dumps(schema_of_batches()), encoding="utf-8")
        self._waiting: list[str] = []
        self._valid: list[bool] = []
        self._size = 0
        self.judged = 0

    def add(self, document: Document) -> list[str]:
        """Take a document; what is wrong with the verdicts is told of a whole batch, with its last document."""
        text = json.dumps({document.schema: document.value}, ensure_ascii=False)
        self._waiting.append(text)
        self._valid.append(document.valid and not (self._formats and oracle.has_no_day(document.value)))
        self._size += len(text)
        return self.finish() if len(self._waiting) >= BATCH_DOCUMENTS or self._size > BATCH_CHARACTERS else []

    def finish(self) -> list[str]:
        """Judge those that wait and tell which verdicts contradict the oracle."""
        if not self._waiting:
            return []
        refused = self._refused()
        mistakes = [
            f"check-jsonschema says {index not in refused}, the oracle {valid}: {text[:1000]}"
            for index, (valid, text) in enumerate(zip(self._valid, self._waiting, strict=True))
            if valid != (index not in refused)
        ]
        self.judged += len(self._waiting)
        self._waiting, self._valid, self._size = [], [], 0
        return mistakes

    def _refused(self) -> set[int]:
        formats = () if self._formats else ("--disable-formats", "*")
        errors = run_check_jsonschema(self._schema, *formats, "-", given=f"[{','.join(self._waiting)}]")
        return {int(error["path"].partition("[")[2].partition("]")[0]) for error in errors}
