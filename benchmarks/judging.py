"""What it costs to judge an answer, beside parsing it with ``json.loads``: figures, no verdict.

    python benchmarks/judging.py

The goals: a valid page of 500 is judged in at most 5 times what ``json.loads`` takes, a page of 1 in at most 12 times.
Both are timed by turns in short rounds; the smallest figure of each is the one that nothing else disturbed.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from appcode_contract import FakeAppCodes, Request
from appcode_contract.checks import judge_response
from appcode_contract.messages import Exchange

if TYPE_CHECKING:
    from collections.abc import Callable

GOALS = {1: 12, 500: 5}
ROUNDS = 400
ITEMS_EACH_ROUND = 500


def smallest_seconds(*called: Callable[[], object], repeats: int) -> list[float]:
    """Time functions by turns and give the smallest seconds for one call of each."""
    smallest = [float("inf")] * len(called)
    for _ in range(ROUNDS):
        for index, function in enumerate(called):
            begun = time.perf_counter()
            for _ in range(repeats):
                function()
            smallest[index] = min(smallest[index], (time.perf_counter() - begun) / repeats)
    return smallest


def page_of(fake: FakeAppCodes, limit: int) -> Exchange:
    request = Request("GET", f"{fake.url()}?limit={limit}", {"X-Auth-Token": fake.token})
    return Exchange(request, fake.handle(request))


def main() -> None:
    fake = FakeAppCodes(seed=1)
    fake.seed(max(GOALS))
    for limit, goal in GOALS.items():
        exchange = page_of(fake, limit)
        body = exchange.response.body if exchange.response is not None else b""
        if judge_response(exchange).violations:
            msg = "the page is not valid"
            raise SystemExit(msg)
        parsed, judged = smallest_seconds(
            lambda body=body: json.loads(body),
            lambda exchange=exchange: judge_response(exchange),
            repeats=max(1, ITEMS_EACH_ROUND // limit // 5),
        )
        print(
            f"page of {limit}: json.loads {parsed * 1e6:.1f} us, judged whole {judged * 1e6:.1f} us, "
            f"{judged / parsed:.1f} times (goal: {goal})"
        )


if __name__ == "__main__":
    main()
