"""Schemas that stand alone: other validators read them without a registry and judge the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator

from appcode_contract.openapi import all_schemas, export_schemas, schema_text
from appcode_contract.schema_store import NAMES, schema, strict_schema, validator
from tests.openapi.test_downgrade import RECORD, VALUES

if TYPE_CHECKING:
    from pathlib import Path

STRICT = pytest.mark.parametrize("strict", [False, True], ids=["open", "strict"])
EACH = pytest.mark.parametrize("name", NAMES)


@STRICT
@EACH
def test_a_schema_is_that_of_the_folder_with_the_others_inside(name: str, strict: bool) -> None:  # noqa: FBT001 - a parameter of the test
    own = strict_schema if strict else schema
    exported = json.loads(schema_text(name, strict=strict))
    inside = exported.pop("$defs", {})

    assert own(name) == exported
    assert {other: own(other) for other in inside} == inside


def test_what_a_schema_refers_to_is_inside_once_also_when_it_is_two_steps_away() -> None:
    inside = json.loads(schema_text("list-response"))["$defs"]

    assert {"app-code-item", "app-code", "create-time"} == set(inside)


def test_a_schema_that_refers_to_no_other_has_no_definitions() -> None:
    assert schema("app-code") == json.loads(schema_text("app-code"))


@pytest.mark.parametrize(("name", "value"), VALUES.values(), ids=VALUES)
@STRICT
def test_two_validators_judge_as_with_the_registry(name: str, value: object, strict: bool) -> None:  # noqa: FBT001 - a parameter of the test
    expected = validator(name, strict=strict).is_valid(value)
    exported = json.loads(schema_text(name, strict=strict))

    assert expected is Draft202012Validator(exported).is_valid(value)
    assert expected is jsonschema_rs.Draft202012Validator(exported).is_valid(value)


def test_strict_refuses_an_unknown_field_in_an_item() -> None:
    page: dict[str, Any] = {"size": 1, "total": 1, "app_codes": [{**RECORD, "another": None}]}
    verdicts = [
        Draft202012Validator(json.loads(schema_text("list-response", strict=strict))).is_valid(page)
        for strict in (False, True)
    ]

    assert [True, False] == verdicts


@STRICT
def test_all_schemas_are_one_document_whose_references_stay_in_it(strict: bool) -> None:  # noqa: FBT001 - a parameter of the test
    document = all_schemas(strict=strict)
    item = Draft202012Validator({**document, "$ref": "#/$defs/generate-response"})

    assert list(NAMES) == list(document["$defs"])
    assert item.is_valid(RECORD)
    assert not item.is_valid({**RECORD, "app_code": "short"})


@STRICT
def test_files_hold_what_is_told(tmp_path: Path, strict: bool) -> None:  # noqa: FBT001 - a parameter of the test
    paths = export_schemas((), tmp_path / "new" / "folder", strict=strict)
    ending = ".strict.json" if strict else ".json"

    assert [name + ending for name in NAMES] == [path.name for path in paths]
    assert [schema_text(name, strict=strict).encode() for name in NAMES] == [path.read_bytes() for path in paths]


def test_only_the_named_ones_are_written_over_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "app-code.json").write_text("older and longer" * 1000)

    export_schemas(["app-code", "error-body"], tmp_path)

    assert ["app-code.json", "error-body.json"] == sorted(path.name for path in tmp_path.iterdir())
    assert schema_text("app-code") == (tmp_path / "app-code.json").read_text()


def test_an_unknown_name_is_told_with_those_that_exist() -> None:
    with pytest.raises(ValueError, match=r"^no schema is named 'app_code'; the schemas are .*app-code-item") as raised:
        schema_text("app_code")

    assert "\n" not in str(raised.value)


def test_with_an_unknown_name_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no schema is named 'another'"):
        export_schemas(["app-code", "another"], tmp_path / "new")

    assert [] == list(tmp_path.iterdir())
