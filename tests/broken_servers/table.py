"""Prints which planted defects a conformance run finds, and beside it what Schemathesis finds.

Run it as ``python -m tests.broken_servers.table``.
"""

from __future__ import annotations

import argparse
import atexit
import re
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from subprocess import TimeoutExpired
from typing import TYPE_CHECKING, Final
from zlib import crc32

from appcode_contract.clauses import CLAUSES
from appcode_contract.openapi import openapi_document, to_json
from tests.broken_servers.defects import DEFECTS
from tests.broken_servers.faithful import FAITHFUL
from tests.broken_servers.http_server import Transport, serving
from tests.broken_servers.verify import verify_defect, verify_faithful
from tests.openapi.runner import Schemathesis, installed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.broken_servers.planting import Defect
    from tests.broken_servers.service import Service
    from tests.broken_servers.verify import Found

OPTIONS: Final = ("--max-examples", "25")
"""Makes Schemathesis send about as many requests as a conformance run."""
CACHE: Final = Path(".pytest_cache/d/schemathesis")
ROW: Final = "  {:<44.44} {:<18.18} {:>4} {:>5} {:<23.23}"


@dataclass(frozen=True, slots=True)
class Other:
    """What Schemathesis found: the title of its first failure, empty when there is none."""

    title: str
    requests: int


class Rival:
    """Runs Schemathesis with this project's own document."""

    def __init__(self, folder: Path) -> None:
        CACHE.mkdir(parents=True, exist_ok=True)
        self._tester = Schemathesis(installed(CACHE.resolve()), folder)
        self._document = to_json(openapi_document())

    def judge(self, service: Service, transport: Transport) -> Other:
        ids = {name: getattr(service, name) for name in ("project_id", "instance_id", "app_id")}
        with serving(service.handle, transport) as url:
            try:
                run = self._tester.run(
                    self._document, url + service.base_path, service.token, *OPTIONS, config={"parameters": ids}
                )
            except TimeoutExpired:
                return Other("no end", service.count["all"])
        if not run.code:
            return Other("", service.count["all"])
        title = re.search(r"^\s*- (?:ST\d+ )?(.+)$", run.told, re.MULTILINE)
        return Other(title[1] if title else f"exit {run.code}", service.count["all"])


def outcome_of(defect: Defect, found: Found) -> str:
    """Say how a defect was found; with ``+2`` when two unrelated clauses fail, too, and ``-1`` when one is missed."""
    failed = set(found.failed)
    if defect.clause in failed:
        more, fewer = len(failed - defect.broken), len(defect.broken - failed)
        return "found" + (f" +{more}" if more else "") + (f" -{fewer}" if fewer else "")
    if failed:
        return "by " + next(clause.id for clause in CLAUSES if clause.id in failed)
    reason = found.not_exercised.get(defect.clause)
    return "MISSED" if reason is None else f"idle: {reason}"


def judge_defect(name: str, *, with_rival: bool) -> tuple[str, str, bool]:
    """Give the row of a defect, its outcome, and whether Schemathesis finds anything."""
    defect = DEFECTS[name]
    seed = crc32(name.encode())
    found = verify_defect(defect, seed)
    outcome = outcome_of(defect, found)
    service = defect.make(seed=seed, existing=defect.existing)
    other = _rival().judge(service, defect.transport) if with_rival else None
    return row(name, outcome, found, other), outcome, bool(other and other.title)


def judge_faithful(name: str, *, with_rival: bool, seeds: int) -> tuple[str, str, bool]:
    """Give the row of a faithful server, which clauses it is blamed for, and whether Schemathesis finds anything."""
    server = FAITHFUL[name]
    found = [verify_faithful(server, seed) for seed in range(seeds)]
    blamed = ", ".join(sorted({clause for each in found for clause in each.failed}))
    service = server.make(seed=0, existing=server.existing, choices=server.choices)
    other = _rival().judge(service, server.transport) if with_rival else None
    return row(name, blamed or "not blamed", found[0], other), blamed, bool(other and other.title)


@cache
def _rival() -> Rival:
    """Make one for each process, which leaves its files behind only as long as it lives."""
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    return Rival(Path(folder.name))


def row(name: str, outcome: str, found: Found, other: Other | None) -> str:
    told = "" if other is None else other.title or "-"
    return ROW.format(name, outcome, found.requests, f"{found.seconds:.1f}", told)


def arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.broken_servers.table", description=__doc__)
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="part of a name; may be repeated")
    parser.add_argument("--without-schemathesis", action="store_true", help="leave the other tool out")
    parser.add_argument("--seeds", type=int, default=1, metavar="N", help="seeds for each faithful server (1)")
    return parser.parse_args(given)


def main(given: Sequence[str]) -> None:
    options = arguments(given)
    order = [clause.id for clause in CLAUSES]
    wanted = sorted(chosen(DEFECTS, options.only), key=lambda name: order.index(DEFECTS[name].clause))
    names = chosen(FAITHFUL, options.only)
    rival = not options.without_schemathesis
    if rival:
        _rival()  # installs it once, before the processes begin
    totals: Counter[str] = Counter()
    tell(ROW.format("defect", "outcome", "req.", "s", "Schemathesis"))
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        clause = ""
        rows = pool.map(partial(judge_defect, with_rival=rival), wanted)
        for name, (line, outcome, by_rival) in zip(wanted, rows, strict=True):
            if DEFECTS[name].clause != clause:
                clause = DEFECTS[name].clause
                tell(clause)
            tell(line)
            totals["defects " + outcome.split(" ")[0].rstrip(":")] += 1
            totals["defects found, and no unrelated clause blamed"] += outcome == "found"
            totals["defects where Schemathesis finds anything"] += by_rival
        tell(f"faithful servers, {options.seeds} seeds each")
        for line, blamed, by_rival in pool.map(partial(judge_faithful, with_rival=rival, seeds=options.seeds), names):
            tell(line)
            totals["faithful servers blamed"] += bool(blamed)
            totals["faithful servers blamed by Schemathesis"] += by_rival
    tell(f"\n{len(wanted)} defects, {len(names)} faithful servers")
    for name, count in sorted(totals.items()):
        tell(f"{count:>5} {name}")


def chosen(names: Iterable[str], parts: Sequence[str]) -> list[str]:
    return [name for name in names if not parts or any(part in name for part in parts)]


def tell(line: str) -> None:
    sys.stdout.write(line.rstrip() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
