"""What follows an AppCode, or is known to be valid or invalid, judged by each engine in Python on its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from appcode_contract.openapi import schema_text
from tests.strategies.documents import STRANGE_ENDINGS, Document
from tests.strategies.engines import CheckJsonschema, judged_one_by_one, run_check_jsonschema
from tests.test_schema_values import ACCEPTED, GOOD, ITEM, PAGE, REFUSED, TIME

if TYPE_CHECKING:
    from pathlib import Path

LEAP_SECOND = "2016-12-31T23:59:60Z"
NO_DAY = TIME.replace("07-24", "02-30")
KNOWN = [
    Document(name, value, valid)
    for valid, table in ((True, ACCEPTED), (False, REFUSED))
    for name, cases in table.items()
    for value in cases.values()
]


def followed_by(ending: str, *, valid: bool) -> list[Document]:
    """Have something follow an AppCode wherever one stands."""
    item = ITEM | {"app_code": GOOD + ending}
    values = {"app-code": GOOD + ending, "generate-response": item, "list-response": PAGE | {"app_codes": [item]}}
    return [Document(name, value, valid) for name, value in values.items()]


@pytest.mark.parametrize("ending", STRANGE_ENDINGS.values(), ids=STRANGE_ENDINGS)
def test_two_engines_refuse_an_app_code_that_something_follows(ending: str) -> None:
    documents = followed_by("", valid=True) + followed_by(ending, valid=False)

    assert [] == [mistake for document in documents for mistake in judged_one_by_one(document)]


def test_check_jsonschema_refuses_an_app_code_that_something_follows(tmp_path: Path) -> None:
    command = CheckJsonschema(tmp_path)
    documents = followed_by("", valid=True)
    documents += [each for ending in STRANGE_ENDINGS.values() for each in followed_by(ending, valid=False)]

    mistakes = [mistake for document in documents for mistake in command.add(document)] + command.finish()

    assert [] == mistakes
    assert len(documents) == command.judged


@pytest.mark.parametrize("name", ["app-code", "generate-response", "list-response"])
def test_check_jsonschema_refuses_them_by_each_exported_schema(name: str, tmp_path: Path) -> None:
    exported, good = tmp_path / f"{name}.json", tmp_path / "good.json"
    exported.write_text(schema_text(name), encoding="utf-8")
    bad = {ending: tmp_path / f"bad-{number}.json" for number, ending in enumerate(STRANGE_ENDINGS.values())}
    for ending, file in {"": good, **bad}.items():
        value = next(each.value for each in followed_by(ending, valid=True) if each.schema == name)
        file.write_text(json.dumps(value), encoding="utf-8")

    errors = run_check_jsonschema(exported, *map(str, [good, *bad.values()]))

    assert set(map(str, bad.values())) == {error["filename"] for error in errors}


def test_check_jsonschema_without_formats_agrees_on_what_is_known_to_be_valid_or_invalid(tmp_path: Path) -> None:
    command = CheckJsonschema(tmp_path, formats=False)

    mistakes = [mistake for document in KNOWN for mistake in command.add(document)] + command.finish()

    assert [] == mistakes
    assert len(KNOWN) == command.judged


@pytest.mark.parametrize("formats", [False, True])
def test_the_format_alone_makes_check_jsonschema_refuse_leap_seconds_and_days_that_do_not_exist(
    tmp_path: Path, *, formats: bool
) -> None:
    """JSON Schema leaves it open whether an engine demands a ``format``, and this one knows no leap second."""
    command = CheckJsonschema(tmp_path, formats=formats)
    for text in (LEAP_SECOND, NO_DAY, TIME):
        command.add(Document("create-time", text, valid=True))

    mistakes = command.finish()

    assert [text for text in (LEAP_SECOND, NO_DAY) if formats] == [
        text for text in (LEAP_SECOND, NO_DAY, TIME) if any(text in mistake for mistake in mistakes)
    ]
