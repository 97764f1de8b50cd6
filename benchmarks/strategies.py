"""How fast the strategies are: ``python benchmarks/strategies.py [EXAMPLES]`` prints figures and judges nothing.

The goals: ``app_codes()`` gives at least 8 times the examples per second of ``st.from_regex`` on the documented
pattern, and a page of 20 items takes less than 5 ms.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from appcode_contract.strategies import (
    app_code_pages,
    app_codes,
    exchanges,
    invalid_app_codes,
    invalid_responses,
    requests,
)

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

DOCUMENTED = r"\A[A-Za-z+/][A-Za-z0-9+_!@#$%/=]{63,179}\Z"


def seconds_each(strategy: SearchStrategy[Any], examples: int) -> float:
    """Time a strategy, after a first run that imports and validates what it needs."""
    drawn = 0

    def run(count: int) -> None:
        @settings(
            max_examples=count,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),  # the pattern is as slow as it is
        )
        @given(strategy)
        def draw(value: object) -> None:
            nonlocal drawn
            del value
            drawn += 1

        draw()

    run(10)
    drawn, begin = 0, time.perf_counter()
    run(examples)
    return (time.perf_counter() - begin) / drawn


def main() -> None:
    """Print the figures."""
    examples = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    timed = {
        "from_regex": st.from_regex(DOCUMENTED),
        "app_codes()": app_codes(),
        "invalid_app_codes()": invalid_app_codes(),
        "app_code_pages(limit=20)": app_code_pages(limit=20),
        "app_code_pages(limit=20, total=20)": app_code_pages(limit=20, total=20),
        "app_code_pages(limit=500, total=500)": app_code_pages(limit=500, total=500),
        "requests()": requests(),
        "exchanges()": exchanges(),
        "invalid_responses()": invalid_responses(),
    }
    took = {name: seconds_each(strategy, examples) for name, strategy in timed.items()}
    for name, seconds in took.items():
        print(f"{name:40} {seconds * 1000:8.2f} ms  {1 / seconds:8.0f} per second")
    print(f"app_codes() is {took['from_regex'] / took['app_codes()']:.1f} times as fast as from_regex (goal: 8)")


if __name__ == "__main__":
    main()
