"""What the plugins cost a session that uses none of them, and how soon appcode_server answers: figures, no verdict.

    python benchmarks/startup.py

Every figure is the median of new processes, and those that are compared run by turns. A session's cost is the time of
the processor that its process took, user and system: it depends least on what else the machine does.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

RUNS = 15
GOAL = 1.2
HYPOTHESIS, FAKER, OURS = "hypothesispytest", "faker", "appcode_contract"
# Plugins of this project's own tools are no part of a user's session.
TOOLS = ("anyio", "asyncio", "randomly", "xdist", "cacheprovider")
ALONE, WITH_FAKER, WITH_ALL = "pytest alone", "with Faker's plugin", "with Faker's, Hypothesis' and ours"
LEFT_OUT = {ALONE: (FAKER, HYPOTHESIS, OURS), WITH_FAKER: (HYPOTHESIS, OURS), WITH_ALL: ()}
UNRELATED = """
def test_unrelated():
    assert True
"""
FIRST_ANSWER = """
import time
from http.client import HTTPConnection
from urllib.parse import urlsplit


def test_first_answer(request):
    begun = time.perf_counter()
    server = request.getfixturevalue("appcode_server")
    parts = urlsplit(server.fake.url())
    connection = HTTPConnection(parts.netloc, timeout=60)
    connection.request("GET", parts.path, headers={"X-Auth-Token": server.fake.token})
    assert connection.getresponse().status == 200
    seconds = time.perf_counter() - begun
    connection.close()
    with open("seconds.txt", "w") as file:
        file.write(str(seconds))
"""


def run(folder: Path, test: str, left_out: tuple[str, ...] = ()) -> None:
    options = [option for name in (*TOOLS, *left_out) for option in ("-p", f"no:{name}")]
    command = [sys.executable, "-m", "pytest", *options, test]
    environment = {**os.environ, "PYTEST_ADDOPTS": ""}
    if subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False).returncode:
        sys.exit(f"this failed: {' '.join(command)}")


def processor_seconds() -> float:
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def cost_of_a_session(folder: Path, left_out: tuple[str, ...]) -> float:
    before = processor_seconds()
    run(folder, "test_unrelated.py", left_out)
    return processor_seconds() - before


def seconds_to_the_first_answer(folder: Path) -> float:
    run(folder, "test_first_answer.py")
    return float((folder / "seconds.txt").read_text(encoding="utf-8"))


def unrelated_session(folder: Path) -> None:
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    (folder / "test_unrelated.py").write_text(UNRELATED, encoding="utf-8")
    turns = [{name: cost_of_a_session(folder, each) for name, each in LEFT_OUT.items()} for _ in range(RUNS + 1)]
    del turns[0]  # it fills the caches of the file system
    print(f"seconds of the processor that a session of one unrelated test takes, medians of {RUNS}:")
    for name in LEFT_OUT:
        print(f"  {name}: {median(turn[name] for turn in turns):.2f}")
    ratio = median(turn[WITH_ALL] / turn[WITH_FAKER] for turn in turns)
    print(f"  all of them cost {ratio:.2f} times what pytest with Faker's plugin costs (goal: at most {GOAL})")


def first_answer(folder: Path) -> None:
    (folder / "test_first_answer.py").write_text(FIRST_ANSWER, encoding="utf-8")
    taken = sorted([seconds_to_the_first_answer(folder) for _ in range(RUNS + 1)][1:])
    print(
        f"appcode_server, from the fixture's start to its first answer, {RUNS} new processes: "
        f"median {median(taken) * 1e3:.0f} ms, quickest {taken[0] * 1e3:.0f} ms, slowest {taken[-1] * 1e3:.0f} ms"
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        unrelated_session(Path(made))
        first_answer(Path(made))
