"""What docs/strategies.md shows is so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "strategies.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
CONFTEST = """
from hypothesis import settings

from appcode_contract.strategies.registration import register

settings.register_profile("page", max_examples=25, stateful_step_count=8, database=None, deadline=None)
settings.load_profile("page")
register()
"""


def test_every_example_passes(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(**{f"test_example_{number}": block for number, block in enumerate(BLOCKS)})

    result = pytester.runpytest_subprocess("-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:xdist")

    outcomes = result.parseoutcomes()
    assert outcomes.keys() <= {"passed"}
    assert outcomes["passed"] >= len(BLOCKS)


def test_every_public_name_is_on_the_page() -> None:
    from appcode_contract import strategies  # noqa: PLC0415 - only its names are needed

    called = set(re.findall(r"`(\w+)[(`]", PAGE)) | set(re.findall(r"\b(boundary_\w+|[A-Z]\w+)", PAGE))
    hidden = {"AppCodeClient", "Arrangeable", "ErrorScenario", "Query", "Valid"}
    names = {name for name in strategies.__all__ if not name.startswith("boundary_invalid_")} - hidden

    assert [] == sorted(name for name in names if name not in called)
