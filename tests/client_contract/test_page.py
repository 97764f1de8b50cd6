"""docs/client-contract.md is so."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from appcode_contract.client_contract import AppCodeClientContract
from appcode_contract.client_contract.topics import advice_of, topic_of

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = (Path(__file__).parents[2] / "docs" / "client-contract.md").read_text(encoding="utf-8")
OPTIONS = ("-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:asyncio")


def files() -> Iterator[tuple[str, str]]:
    for text in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        name = re.match(r"# (\w+)\.py\n", text)
        yield name[1] if name else "test_strict", text


def test_the_client_of_the_page_passes(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(**dict(files()))

    result = pytester.runpytest_inprocess(*OPTIONS, "-W", "error", "test_appcode_client.py")

    assert result.parseoutcomes().keys() == {"passed", "skipped"}
    assert result.ret == pytest.ExitCode.OK


def test_the_awaited_client_of_the_page_passes(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(**dict(files()))

    result = pytester.runpytest_inprocess(
        *OPTIONS, "-k", "TestAwaitedClient and (sent or success or agree)", "test_awaited_client.py", "test_strict.py"
    )

    assert result.parseoutcomes().keys() == {"passed", "skipped", "deselected"}


def test_the_client_is_about_forty_lines_and_its_test_class_ten() -> None:
    lines = {name: [line for line in text.splitlines() if line and line[0] != "#"] for name, text in files()}

    assert 45 >= len(lines["appcode_client"])
    test = lines["test_appcode_client"]
    assert 10 >= len(test) - test.index("class Adapter(Client):")


def test_the_failure_is_told_as_shown(pytester: pytest.Pytester) -> None:
    parsed = "datetime.strptime(item['create_time'], '%Y-%m-%dT%H:%M:%S.%f%z')"
    client = dict(files()) | {}
    client["appcode_client"] = client["appcode_client"].replace('datetime.fromisoformat(item["create_time"])', parsed)
    pytester.makepyfile(**client)

    result = pytester.runpytest_inprocess(*OPTIONS, "-k", "precision and nine", "test_appcode_client.py")

    assert {"failed", "deselected"} == result.parseoutcomes().keys()
    (shown,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    head, call, sent, *rest = shown.splitlines()
    result.stdout.fnmatch_lines([head, call, *(line.replace("[", "[[]") for line in rest)])
    assert "X-Auth-Token" in sent.title()


def test_the_page_has_every_test_with_its_topic_and_advice() -> None:
    tests = {
        name: test
        for name, test in inspect.getmembers(AppCodeClientContract, inspect.isfunction)
        if name[:5] == "test_"
    }
    rows = {f"| `{name}` | `{topic_of(test)}` | {advice_of(topic_of(test))} |" for name, test in tests.items()}

    assert set() == rows ^ {line for line in PAGE.splitlines() if line.startswith("| `test_")}


def test_the_page_has_every_attribute() -> None:
    names = [name for name in vars(AppCodeClientContract) if not name.startswith("_")]

    assert [] == [name for name in names if f"| `{name}" not in PAGE]
