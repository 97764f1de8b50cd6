"""What the plugin costs a session that does not use it, and how soon appcode_server answers: figures, no verdict.

    python benchmarks/startup.py

Every figure is the median of new processes, and those that are compared run by turns.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

RUNS = 15
OURS = ("-p", "no:appcode_contract")
DEPENDENCIES = ("-p", "no:hypothesispytest", "-p", "no:faker")
SESSIONS = {
    "with the plugin": (),
    "without it": OURS,
    "without it and the plugins of hypothesis and faker, which come with it": (*OURS, *DEPENDENCIES),
}
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


def run(folder: Path, *arguments: str) -> int:
    # Plugins of this project's own tools are no part of a user's session.
    tools = [option for name in ("asyncio", "randomly", "xdist", "cacheprovider") for option in ("-p", f"no:{name}")]
    command = [sys.executable, "-m", "pytest", "-q", *tools, *arguments]
    environment = {**os.environ, "PYTEST_ADDOPTS": ""}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False).returncode


def seconds_of_a_session(folder: Path, arguments: tuple[str, ...]) -> float:
    begun = time.perf_counter()
    if run(folder, *arguments) != 5:  # no tests were collected
        sys.exit(f"pytest failed with {arguments}")
    return time.perf_counter() - begun


def seconds_to_the_first_answer(folder: Path) -> float:
    if run(folder, "test_first_answer.py"):
        sys.exit("appcode_server did not answer")
    return float((folder / "seconds.txt").read_text(encoding="utf-8"))


def empty_session(folder: Path) -> None:
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    turns = [{name: seconds_of_a_session(folder, each) for name, each in SESSIONS.items()} for _ in range(RUNS + 1)]
    del turns[0]  # it fills the caches of the file system
    whole = median(turn["with the plugin"] for turn in turns)
    print(f"a session of an empty project, median of {RUNS}: {whole * 1e3:.0f} ms with the plugin")
    for name in list(SESSIONS)[1:]:
        more = median(turn["with the plugin"] - turn[name] for turn in turns)
        print(f"  {name}: {median(turn[name] for turn in turns) * 1e3:.0f} ms; that is {more * 1e3:.0f} ms less")


def first_answer(folder: Path) -> None:
    (folder / "test_first_answer.py").write_text(FIRST_ANSWER, encoding="utf-8")
    taken = sorted([seconds_to_the_first_answer(folder) for _ in range(RUNS + 1)][1:])
    print(
        f"appcode_server, from the fixture's start to its first answer, {RUNS} new processes: "
        f"median {median(taken) * 1e3:.0f} ms, quickest {taken[0] * 1e3:.0f} ms, slowest {taken[-1] * 1e3:.0f} ms"
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        empty_session(Path(made))
        first_answer(Path(made))
