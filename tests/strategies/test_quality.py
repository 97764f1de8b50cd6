"""Nothing is thrown away and nothing is imported early."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.statistics import collector

import appcode_contract.strategies as package
from appcode_contract import AppCodeRecord, Behavior, Exchange, Request, Response
from appcode_contract.strategies.registration import register
from tests.strategies.amounts import amount
from tests.strategies.survey import draw

SOURCES = Path(package.__file__ or "").parent
STRATEGIES = sorted(
    name
    for name in package.__all__
    if name.islower() and not name.startswith("boundary_") and callable(getattr(package, name))
)
SECONDS = 120
OUR_TYPES = (AppCodeRecord, Behavior, Exchange, Request, Response)


@pytest.mark.parametrize("name", STRATEGIES)
def test_no_strategy_throws_away_more_than_one_in_twenty(name: str) -> None:
    counted: list[dict[str, Any]] = []
    counting: Any = collector  # typed as if it never held anything

    @settings(max_examples=amount(40, 100), derandomize=True, database=None, deadline=None, phases=[Phase.generate])
    @given(getattr(package, name)())
    def run(value: object) -> None:
        del value

    with counting.with_value(counted.append):
        run()
    cases = counted[0]["generate-phase"]["test-cases"]
    thrown_away = [case for case in cases if case["status"] == "invalid"]

    assert len(thrown_away) * 20 <= len(cases)


def test_no_strategy_filters_assumes_or_silences_a_health_check() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in SOURCES.glob("*.py")}

    words = (".filter(", "assume(", "HealthCheck")
    found = [(name, word) for name, text in texts.items() for word in words if word in text]

    assert found == []


def test_every_public_name_is_found_and_no_other() -> None:
    assert set(package.__all__) == set(dir(package))
    assert all(getattr(package, name) is not None for name in package.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        package.nothing  # noqa: B018 - the access is the test


def test_no_module_has_the_name_of_a_strategy() -> None:
    assert set() == {path.stem for path in SOURCES.glob("*.py")} & set(package.__all__)


def run_python(code: str, *paths: Path) -> str:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, paths))} if paths else None
    done = subprocess.run(  # noqa: S603 - code written here
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_registration_imports_nothing_of_hypothesis_until_it_is_called() -> None:
    code = """
import sys
from appcode_contract.strategies.registration import register
print("hypothesis" in sys.modules)
register()
print(sorted(name for name in sys.modules if name.startswith("appcode_contract.strategies.")))
"""
    before, after = run_python(code).splitlines()

    assert before == "False"
    assert after == "['appcode_contract.strategies.registration']"


def test_hypothesis_knows_our_types_through_its_entry_point(tmp_path: Path) -> None:
    installed = tmp_path / "entry_point-1.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: entry-point\nVersion: 1\n", encoding="utf-8")
    entry = "[hypothesis]\nours = appcode_contract.strategies.registration:register\n"
    (installed / "entry_points.txt").write_text(entry, encoding="utf-8")
    names = ", ".join(each.__name__ for each in OUR_TYPES)
    code = f"""
from hypothesis import given, settings, strategies as st
from appcode_contract import {names}
for kind in ({names}):
    @settings(max_examples=20, database=None, deadline=None)
    @given(st.from_type(kind))
    def run(value):
        assert isinstance(value, kind)
        if kind is AppCodeRecord:
            assert 64 <= len(value.app_code) <= 180 and len(value.id) == 32
    run()
print("fine")
"""
    assert run_python(code, tmp_path, SOURCES.parents[1]) == "fine\n"


@pytest.mark.parametrize("kind", OUR_TYPES)
def test_our_types_can_be_drawn_from_type(kind: type) -> None:
    register()
    drawn: list[object] = []

    draw(st.from_type(kind), 10, 0, drawn.append)

    assert all(isinstance(value, kind) for value in drawn)
    assert len(drawn) == 10
