"""JSON and YAML say the same, to readers of either version of YAML."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml

from appcode_contract.openapi import OpenApiVersion, openapi_document, to_json, to_yaml
from tests.openapi.walk import VERSIONS

BOTH = pytest.mark.parametrize("version", VERSIONS)
HARD = {
    "texts": ["", " a ", "null", "~", "yes", "No", "on", "1", "0x1", "1_000", "12:30:45", "2020-07-24", "- a", "a: b"],
    "more": ["a # b", "'", '"', "\\", "\t", "*a", "&a", "!a", "%", "@a", "`a", "[a", "{a", "two\nlines", "a\n", "é 值"],
    "numbers": [0, -1, 2**63 - 1, -(2**63), 0.5],
    "others": [None, True, False, [], {}],
}


class Core(yaml.SafeLoader):
    """Reads plain scalars as the core schema of YAML 1.2 does."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 - PyYAML's own attribute


for _tag, _pattern in {
    "null": r"~|null|Null|NULL|",
    "bool": r"true|True|TRUE|false|False|FALSE",
    "int": r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+",
    "float": r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
}.items():
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_pattern})\Z"), None)


@BOTH
def test_json_says_the_document(version: OpenApiVersion) -> None:
    assert openapi_document(version) == json.loads(to_json(openapi_document(version)))


@BOTH
@pytest.mark.parametrize("loader", [yaml.SafeLoader, Core], ids=["YAML 1.1", "YAML 1.2"])
def test_yaml_says_the_same_as_json(version: OpenApiVersion, loader: Any) -> None:  # noqa: ANN401 - a class of PyYAML
    document = openapi_document(version)
    read = yaml.load(to_yaml(document), Loader=loader)  # noqa: S506 - both loaders are safe ones

    assert to_json(document) == to_json(read)


def test_no_value_becomes_another_in_yaml() -> None:
    assert to_json(HARD) == to_json(yaml.safe_load(to_yaml(HARD)))


@BOTH
@pytest.mark.parametrize("write", [to_json, to_yaml])
def test_the_text_is_the_same_each_time(version: OpenApiVersion, write: Any) -> None:  # noqa: ANN401 - a function
    assert write(openapi_document(version)) == write(openapi_document(version))


def test_yaml_has_no_anchors() -> None:
    shared = {"a": 1}

    assert "x:\n  a: 1\ny:\n  a: 1\n" == to_yaml({"x": shared, "y": shared})


def test_yaml_shows_several_lines_as_lines() -> None:
    assert "x: |-\n  one\n  two\n" == to_yaml({"x": "one\ntwo"})


def test_yaml_folds_no_line() -> None:
    text = "word " * 100 + "end"

    assert f"x: {text}\n" == to_yaml({"x": text})


def test_json_refuses_what_is_none() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_json({"x": float("nan")})
