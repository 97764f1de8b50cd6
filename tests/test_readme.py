"""What README shows is so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
OPTIONS = ("-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:asyncio")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_first_example_passes(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_client=blocks("python")[0])

    result = pytester.runpytest_inprocess(*OPTIONS)

    result.assert_outcomes(passed=1)


def test_the_first_example_fails_as_shown_when_it_sends_an_unknown_parameter(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_client=blocks("python")[0].replace('{"limit": 500}', '{"limit": 500, "sort": "id"}'))

    result = pytester.runpytest_inprocess(*OPTIONS)

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines([f"*{line}" for line in blocks("text")[0].splitlines()])


def test_the_example_with_hypothesis_passes(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_given="import requests\n" + blocks("python")[1])

    result = pytester.runpytest_inprocess(*OPTIONS)

    result.assert_outcomes(passed=1)


def test_the_first_example_is_ten_lines_at_most() -> None:
    assert 10 >= len(blocks("python")[0].splitlines())


def test_every_linked_file_is_there() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)

    assert [] == [link for link in links if not (Path(__file__).parent.parent / link).exists()]
