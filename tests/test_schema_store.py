"""The loader of the schemas: what it finds, what it says of a damaged installation, and its strict variant."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from appcode_contract import schema_store
from appcode_contract.schema_store import (
    NAMES,
    URN,
    SchemaFileError,
    locate,
    read_schema,
    schema,
    schema_dir,
    strict_schema,
    validator,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET = "fdc8d90a30174460a91ddacfa54d6f04c92e523a85cc4a1894f87cb13b6f572a"
PAGE = json.dumps({"size": 1, "total": 1, "app_codes": [{"app_code": 7, "id": "1", "app_id": "a", "create_time": "x"}]})
VALUES: list[Any] = [
    None,
    "",
    SECRET,
    SECRET + "\n",
    "2020-07-24T02:31:45Z",
    {},
    {"app_codes": [{}, {"app_code": SECRET, "more": 1}, 7], "more": 1},
    {"app_code": SECRET, "id": "1", "app_id": "a", "create_time": "2020-07-24T02:31:45Z"},
    json.loads(PAGE),
]
DAMAGED = {
    "empty": b"",
    "truncated": b'{"$id": "urn:appcode-contract:app-code", "type": ',
    "not utf-8": b"\xff\xfe{}",
    "byte order mark": b"\xef\xbb\xbf{}",
    "null": b"null",
    "array": b"[]",
    "true, a schema without an id": b"true",
    "no $id": b'{"type": "string"}',
    "another $id": b'{"$id": "urn:appcode-contract:create-time"}',
    "unknown type": b'{"$id": "urn:appcode-contract:app-code", "type": "text"}',
    "negative length": b'{"$id": "urn:appcode-contract:app-code", "minLength": -1}',
    "broken pattern": b'{"$id": "urn:appcode-contract:app-code", "pattern": "["}',
    "nested too deeply": b"[" * 100_000,
}


def _objects(node: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - any JSON value
    if isinstance(node, dict):
        yield node
        for key, value in node.items():
            if key != "examples":
                yield from _objects(value)


def test_the_names_are_the_files() -> None:
    files = sorted(path.name for path in schema_dir().iterdir())

    assert sorted(f"{name}.json" for name in NAMES) == files


def test_a_schema_is_given_as_a_copy() -> None:
    schema("app-code")["minLength"] = 0

    assert schema("app-code")["minLength"] == 64


def test_a_validator_is_made_once() -> None:
    assert validator("app-code") is validator("app-code")
    assert validator("app-code") is not validator("app-code", strict=True)


@pytest.mark.parametrize("give", [schema, strict_schema, validator, lambda name: locate(name, ())])
@pytest.mark.parametrize("name", ["nonsense", "", "app-code.json", "strict:app-code", "../pyproject"])
def test_an_unknown_name_is_refused_and_the_names_are_listed(give: Any, name: str) -> None:  # noqa: ANN401 - functions of different types
    with pytest.raises(ValueError, match="no schema is named") as caught:
        give(name)

    assert repr(name) in str(caught.value)
    assert all(known in str(caught.value) for known in NAMES)


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_schema_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "app-code.json"
    path.write_bytes(content)

    with pytest.raises(SchemaFileError) as caught:
        read_schema(path)

    assert str(path) in str(caught.value)
    assert "damaged" in str(caught.value)
    assert "reinstall" in str(caught.value)


@pytest.mark.parametrize("name", NAMES)
def test_a_whole_schema_file_is_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{name}.json"
    shutil.copy(schema_dir() / path.name, path)

    assert schema(name) == read_schema(path)


def test_a_schema_file_under_another_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    shutil.copy(schema_dir() / "app-code.json", path)

    with pytest.raises(SchemaFileError, match=r"other\.json is damaged: its \$id is not urn:appcode-contract:other"):
        read_schema(path)


def test_a_missing_schema_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "app-code.json"

    with pytest.raises(SchemaFileError, match="cannot be read") as caught:
        read_schema(path)

    assert str(path) in str(caught.value)


def test_a_folder_in_place_of_a_schema_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SchemaFileError, match="cannot be read") as caught:
        read_schema(tmp_path)

    assert str(tmp_path) in str(caught.value)


def test_a_missing_folder_is_told_with_both_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "appcode_contract"
    monkeypatch.setattr(schema_store, "__file__", str(package / "schema_store.py"))

    with pytest.raises(SchemaFileError, match="reinstall") as caught:
        schema_dir()

    assert str(package / "schemas") in str(caught.value)
    assert str(tmp_path / "schemas") in str(caught.value)


@pytest.mark.parametrize("place", ["schemas", "appcode_contract/schemas"], ids=["beside", "inside"])
def test_the_folder_is_found_beside_or_inside_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    (tmp_path / place).mkdir(parents=True)
    monkeypatch.setattr(schema_store, "__file__", str(tmp_path / "appcode_contract" / "schema_store.py"))

    assert tmp_path / place == schema_dir()


def test_the_folder_inside_the_package_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = tmp_path / "appcode_contract" / "schemas"
    inside.mkdir(parents=True)
    (tmp_path / "schemas").mkdir()
    monkeypatch.setattr(schema_store, "__file__", str(tmp_path / "appcode_contract" / "schema_store.py"))

    assert inside == schema_dir()


@pytest.mark.parametrize(
    ("name", "path", "keyword"),
    [
        ("app-code", ("minLength",), "app-code#/minLength"),
        ("app-code", ("not",), "app-code#/not"),
        ("error-body", ("required", 1), "error-body#/required/1"),
        ("list-query", ("properties", "limit", "type"), "list-query#/properties/limit/type"),
        ("app-code-item", ("properties", "app_code", "pattern"), "app-code#/pattern"),
        ("generate-response", ("type",), "app-code-item#/type"),
        ("generate-response", ("properties", "create_time", "not"), "create-time#/not"),
        ("list-response", ("properties", "app_codes", "items", "required", 0), "app-code-item#/required/0"),
        ("list-response", ("properties", "app_codes", "items", "properties", "app_code", "type"), "app-code#/type"),
    ],
)
def test_a_keyword_is_located_through_references(name: str, path: tuple[str | int, ...], keyword: str) -> None:
    assert keyword == locate(name, path)


@pytest.mark.parametrize("strict", [False, True], ids=["open", "strict"])
def test_what_the_validator_reports_is_what_locate_reads(strict: bool) -> None:  # noqa: FBT001 - a parameter of the test
    errors = validator("list-response", strict=strict).iter_errors(json.loads(PAGE))

    found = {locate("list-response", tuple(error.absolute_schema_path)) for error in errors}

    assert {"app-code#/type", "create-time#/pattern", "create-time#/not"} == found


@pytest.mark.parametrize("strict", [False, True], ids=["open", "strict"])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_the_validator_finds_what_the_schema_as_written_finds(name: str, value: object, strict: bool) -> None:  # noqa: FBT001 - a parameter of the test
    written = strict_schema(name) if strict else schema(name)
    every = [give(each) for each in NAMES for give in (schema, strict_schema)]
    registry = Registry().with_resources((each["$id"], Resource.from_contents(each)) for each in every)
    plain = Draft202012Validator(written, registry=registry)

    expected = {(tuple(error.absolute_schema_path), error.message) for error in plain.iter_errors(value)}

    found = validator(name, strict=strict).iter_errors(value)
    assert expected == {(tuple(error.absolute_schema_path), error.message) for error in found}


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_of_a_validator_refers_to_no_other(name: str) -> None:
    joined = validator(name).schema

    assert isinstance(joined, dict)
    assert URN + name == joined["$id"]
    assert "$ref" not in json.dumps(joined)


@pytest.mark.parametrize(
    "path", [("nonsense",), ("properties", "app_codes", "nonsense"), ("required", 9), ("type", "nonsense")]
)
def test_a_keyword_that_does_not_exist_is_an_error(path: tuple[str | int, ...]) -> None:
    with pytest.raises(SchemaFileError, match="no keyword at"):
        locate("list-response", path)


@pytest.mark.parametrize("name", NAMES)
def test_every_object_of_a_strict_schema_refuses_unknown_fields(name: str) -> None:
    expected = [node.get("type") == "object" for node in _objects(strict_schema(name))]

    closed = [node.get("unevaluatedProperties") is False for node in _objects(strict_schema(name))]

    assert expected == closed


@pytest.mark.parametrize("name", NAMES)
def test_a_strict_schema_is_otherwise_the_open_one(name: str) -> None:
    as_text = json.dumps(strict_schema(name)).replace(', "unevaluatedProperties": false', "")

    assert schema(name) == json.loads(as_text.replace("strict:", ""))


@pytest.mark.parametrize("name", NAMES)
def test_a_strict_schema_has_an_id_of_its_own_and_refers_to_strict_ones(name: str) -> None:
    derived = strict_schema(name)
    referred = [node["$ref"] for node in _objects(derived) if "$ref" in node]

    assert f"{URN}strict:{name}" == derived["$id"]
    assert all(reference.startswith(f"{URN}strict:") for reference in referred)
