"""Prints which tests of the suite each planted defect fails, and how long that takes.

Run it as ``python -m tests.broken_clients.table``.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from textwrap import wrap
from typing import TYPE_CHECKING, Final

from tests.broken_clients.defects import DEFECTS
from tests.broken_clients.running import run_defect
from tests.broken_clients.verdicts import verdict_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.broken_clients.running import Found

ROW: Final = "{:<58.58} {:<22.22} {:>6} {:>5}"
WIDTH: Final = 96
WORKERS: Final = 4
"""More than most machines of CI have processors: half of the time is spent waiting for timeouts."""


def judge(name: str) -> tuple[str, Found]:
    found = run_defect(DEFECTS[name])
    return verdict_on(DEFECTS[name], found).summary, found


def arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.broken_clients.table", description=__doc__)
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="part of a name; may be repeated")
    parser.add_argument("--brief", action="store_true", help="leave the names of the tests out")
    return parser.parse_args(given)


def main(given: Sequence[str]) -> None:
    options = arguments(given)
    names = [name for name in DEFECTS if not options.only or any(part in name for part in options.only)]
    totals: Counter[str] = Counter()
    tell(ROW.format("defect", "outcome", "failed", "s"))
    topic = ""
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        for name, (outcome, found) in zip(names, pool.map(judge, names), strict=True):
            if DEFECTS[name].breaks != topic:
                topic = DEFECTS[name].breaks
                tell(topic)
            tell(ROW.format(f"  {name}", outcome, len(found.failed), f"{found.seconds:.1f}"))
            if not options.brief:
                tell_tests(found)
            totals[outcome.split(" ")[0]] += 1
    tell(f"\n{len(names)} defects: " + ", ".join(f"{count} {outcome}" for outcome, count in totals.items()))


def tell_tests(found: Found) -> None:
    tests = sorted(name.removeprefix("test_") for name in found.failed)
    for line in wrap(", ".join(tests), WIDTH - 6, break_long_words=False):
        tell(f"      {line}")


def tell(line: str) -> None:
    sys.stdout.write(line.rstrip() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
