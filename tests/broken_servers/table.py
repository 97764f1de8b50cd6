"""Prints which planted defects a conformance run finds, and beside it what Schemathesis finds.

Run it as ``python -m tests.broken_servers.table``.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from subprocess import TimeoutExpired
from typing import TYPE_CHECKING, Final
from zlib import crc32

from appcode_contract.clauses import CLAUSES
from appcode_contract.openapi import openapi_document, to_json
from tests.broken_servers.defects import ALL
from tests.broken_servers.faithful import FAITHFUL
from tests.broken_servers.http_server import Transport, serving
from tests.broken_servers.verify import verify_defect, verify_faithful
from tests.openapi.runner import Schemathesis, installed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.broken_servers.planting import Defect
    from tests.broken_servers.service import Service
    from tests.broken_servers.verify import Found

OPTIONS: Final = ("--max-examples", "25")
"""Makes Schemathesis send about as many requests as a conformance run."""
CACHE: Final = Path(".pytest_cache/d/schemathesis")
ROW: Final = "  {:<53.53} {:<20.20} {:>4} {:>5} {:<12.12}"


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


def defect_rows(defects: Sequence[Defect], rival: Rival | None, totals: Counter[str]) -> Iterator[str]:
    clause = ""
    for defect in sorted(defects, key=lambda each: [clause.id for clause in CLAUSES].index(each.clause)):
        if defect.clause != clause:
            clause = defect.clause
            yield clause
        seed = crc32(defect.name.encode())
        found = verify_defect(defect, seed)
        outcome = outcome_of(defect, found)
        totals[outcome.split(" ")[0].rstrip(":")] += 1
        totals["exactly"] += outcome == "found"
        other = rival.judge(defect.make(seed=seed, existing=defect.existing), defect.transport) if rival else None
        totals["by Schemathesis"] += bool(other and other.title)
        told = "" if other is None else other.title or "-"
        yield ROW.format(defect.name, outcome, found.requests, f"{found.seconds:.1f}", told)


def faithful_rows(names: Sequence[str], seeds: int, rival: Rival | None, totals: Counter[str]) -> Iterator[str]:
    for name in names:
        server = FAITHFUL[name]
        found = [verify_faithful(server, seed) for seed in range(seeds)]
        blamed = sorted({clause for each in found for clause in each.failed})
        totals["faithful, blamed"] += bool(blamed)
        other = None
        if rival is not None:
            service = server.make(seed=0, existing=server.existing, choices=server.choices)
            other = rival.judge(service, server.transport)
            totals["faithful, blamed by Schemathesis"] += bool(other.title)
        told = "" if other is None else other.title or "-"
        outcome = ", ".join(blamed) or "not blamed"
        yield ROW.format(name, outcome, found[0].requests, f"{found[0].seconds:.1f}", told)


def arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.broken_servers.table", description=__doc__)
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="part of a name; may be repeated")
    parser.add_argument("--without-schemathesis", action="store_true", help="leave the other tool out")
    parser.add_argument("--seeds", type=int, default=1, metavar="N", help="seeds for each faithful server (1)")
    return parser.parse_args(given)


def main(given: Sequence[str]) -> None:
    options = arguments(given)
    wanted = [each for each in ALL if not options.only or any(part in each.name for part in options.only)]
    names = [each for each in FAITHFUL if not options.only or any(part in each for part in options.only)]
    totals: Counter[str] = Counter()
    with ExitStack() as stack:
        rival = None
        if not options.without_schemathesis:
            rival = Rival(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        lines = [ROW.format("defect", "outcome", "req.", "s", "Schemathesis")]
        for line in lines:
            tell(line)
        for line in defect_rows(wanted, rival, totals):
            tell(line)
        tell("faithful servers")
        for line in faithful_rows(names, options.seeds, rival, totals):
            tell(line)
    tell(f"\n{len(wanted)} defects, {len(names)} faithful servers")
    for name, count in sorted(totals.items()):
        tell(f"{count:>5} {name}")


def tell(line: str) -> None:
    sys.stdout.write(line.rstrip() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
