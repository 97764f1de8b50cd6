"""A validator in JavaScript reads the same schemas and says the same of every document."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from appcode_contract.strategies import (
    Invalid,
    app_code_pages,
    app_code_records,
    app_codes,
    create_times,
    error_bodies,
    invalid_app_codes,
    invalid_create_times,
    invalid_error_bodies,
    invalid_pages,
    invalid_responses,
)
from tests.strategies.documents import STRANGE_ENDINGS, Document, documents, documents_of_exchange
from tests.strategies.javascript import FIRST_BEYOND, Ajv, expected_of_javascript, installed
from tests.strategies.survey import draw
from tests.test_schema_values import ACCEPTED, GOOD, ITEM, PAGE, REFUSED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hypothesis.strategies import SearchStrategy

EXAMPLES = 2_000


@pytest.fixture(scope="session")
def _home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    cache: pytest.Cache | None = getattr(request.config, "cache", None)
    return installed(cache.mkdir("ajv") if cache is not None else tmp_path_factory.mktemp("ajv"))


@pytest.fixture
def ajv(_home: Path) -> Ajv:
    return Ajv(_home)


class Subject(NamedTuple):
    """A strategy, what of its values has a schema, and whether these are valid."""

    make: Callable[[], SearchStrategy[Any]]
    documents: Callable[[Any], list[Document]]
    valid: set[bool]


SUBJECTS = {
    "app_codes": Subject(app_codes, documents("app-code"), {True}),
    "create_times": Subject(create_times, documents("create-time"), {True}),
    "app_code_records": Subject(
        lambda: app_code_records().map(asdict), documents("app-code-item", "generate-response"), {True}
    ),
    "app_code_pages": Subject(partial(app_code_pages, limit=3), documents("list-response"), {True}),
    "error_bodies": Subject(error_bodies, documents("error-body"), {True}),
    "invalid_app_codes": Subject(invalid_app_codes, documents("app-code"), {False}),
    "invalid_create_times": Subject(invalid_create_times, documents("create-time"), {False}),
    "invalid_pages": Subject(invalid_pages, documents("list-response"), {False}),
    "invalid_error_bodies": Subject(invalid_error_bodies, documents("error-body"), {False}),
    "invalid_responses of generate": Subject(
        partial(invalid_responses, "generate"), documents_of_exchange, {True, False}
    ),
}


@pytest.mark.parametrize("name", SUBJECTS)
def test_ajv_agrees_on_every_document_of_a_strategy(ajv: Ajv, name: str) -> None:
    subject = SUBJECTS[name]
    drawn: list[Document] = []

    def use(value: Any) -> None:  # noqa: ANN401 - any value
        drawn.extend(subject.documents(value.value if isinstance(value, Invalid) else value))

    draw(subject.make(), EXAMPLES, 0, use)
    verdicts = ajv.judge(drawn)

    assert [] == [
        each for each, verdict in zip(drawn, verdicts, strict=True) if verdict != expected_of_javascript(each)
    ]
    assert subject.valid == {document.valid for document in drawn}
    assert len(drawn) >= EXAMPLES * 9 // 10  # some bodies of answers are no JSON


@pytest.mark.parametrize("ending", STRANGE_ENDINGS.values(), ids=STRANGE_ENDINGS)
def test_ajv_refuses_an_app_code_that_something_follows(ajv: Ajv, ending: str) -> None:
    item = ITEM | {"app_code": GOOD + ending}
    bad = {"app-code": GOOD + ending, "generate-response": item, "list-response": PAGE | {"app_codes": [item]}}
    good = {"app-code": GOOD, "generate-response": ITEM, "list-response": PAGE}

    verdicts = ajv.judge([Document(name, value, valid=True) for name, value in [*good.items(), *bad.items()]])

    assert [True] * 3 + [False] * 3 == verdicts


def test_ajv_agrees_on_what_is_known_to_be_valid_or_invalid(ajv: Ajv) -> None:
    known = [
        Document(name, value, valid)
        for valid, table in ((True, ACCEPTED), (False, REFUSED))
        for name, cases in table.items()
        for value in cases.values()
    ]

    assert [expected_of_javascript(each) for each in known] == ajv.judge(known)


@pytest.mark.parametrize(("number", "told_apart"), [(FIRST_BEYOND, False), (FIRST_BEYOND + 2048, True)])
def test_only_the_first_integers_beyond_64_bits_are_the_largest_long_in_javascript(
    ajv: Ajv, number: int, *, told_apart: bool
) -> None:
    beyond = Document("list-response", PAGE | {"total": number}, valid=False)

    assert [not told_apart] == ajv.judge([beyond])
    assert expected_of_javascript(beyond) is not told_apart
