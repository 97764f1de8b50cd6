"""What ``verify`` costs on short and long lists: figures, no verdict.

    python benchmarks/verify.py

The goals: a run on 600 AppCodes takes at most 1.5 times the processor time of one on an empty app; a list of 100,000
is read to its end and judged within the default deadline of 120 s, in less than 300 MB, from a server that takes 20 ms
for a page of 500. Processor seconds are those of the command's process; the runs to compare go by turns.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from appcode_contract import FakeAppCodes
from appcode_contract.transports.asgi import AsgiApp

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS = 5
SHORT, MEDIUM, LONG = 0, 600, 100_000
MILLISECONDS = 20
MEGABYTE = 1024


class Run(NamedTuple):
    """What one run of the command took."""

    cpu: float
    wall: float
    megabytes: float
    output: str


def serve(count: int) -> None:
    """Serve an app with so many AppCodes; print its URL and ids, then run until the process is ended."""
    import uvicorn  # noqa: PLC0415 - in the server's process only

    fake = FakeAppCodes(seed=1)
    fake.seed(count)
    app = AsgiApp(fake)

    async def slow(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - as ASGI has it
        if b"limit=500" in scope.get("query_string", b"") and count == LONG:
            await asyncio.sleep(MILLISECONDS / 1000)
        await app(scope, receive, send)

    class Server(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:  # noqa: ANN401 - as uvicorn has it
            await super().startup(sockets)
            port = self.servers[0].sockets[0].getsockname()[1]
            print(f"http://127.0.0.1:{port}", fake.project_id, fake.instance_id, fake.app_id, fake.token, flush=True)

    config = uvicorn.Config(slow, port=0, access_log=False, log_level="error", lifespan="off")
    Server(config).run()


@contextmanager
def serving(count: int) -> Iterator[list[str]]:
    command = [sys.executable, __file__, "serve", str(count)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None:
                sys.exit("the server says nothing")
            yield process.stdout.readline().split()
        finally:
            process.terminate()


def verify(target: list[str], *options: str) -> Run:
    url, project, instance, app, token = target
    ids = ["--project-id", project, "--instance-id", instance, "--app-id", app]
    command = [sys.executable, "-m", "appcode_contract", "verify", url, *ids, *options]
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, "APPCODE_TOKEN": token}
    )
    output = process.stdout.read() if process.stdout is not None else ""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"verify ended with {process.returncode}:\n{output}")
    return Run(usage.ru_utime + usage.ru_stime, time.perf_counter() - begun, usage.ru_maxrss / MEGABYTE, output)


def start_up() -> None:
    """Time what the command needs before its first request: nobody listens where it sends it."""
    environment = {**os.environ, "APPCODE_TOKEN": "made-up"}
    ids = ["--project-id", "p", "--instance-id", "i", "--app-id", "a"]
    command = [sys.executable, "-m", "appcode_contract", "verify", "http://127.0.0.1:9", *ids]
    taken = []
    for _ in range(ROUNDS):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
        taken.append(usage.ru_utime + usage.ru_stime)
    print(f"verify where nobody listens: {median(taken):.2f} s of processor")


def main() -> None:
    start_up()
    with serving(SHORT) as short, serving(MEDIUM) as medium:
        pairs = [(verify(short, "--read-only").cpu, verify(medium, "--read-only").cpu) for _ in range(ROUNDS)]
    few, many = (median(each) for each in zip(*pairs, strict=True))
    print(
        f"verify: empty app {few:.2f} s of processor, {MEDIUM} AppCodes {many:.2f} s, "
        f"{many / few:.2f} times (goal: 1.5)"
    )
    with serving(LONG) as long:
        run = verify(long, "--read-only")
    counted = next((line.strip() for line in run.output.splitlines() if "list/total" in line), "")
    print(
        f"verify: {LONG:,} AppCodes, {MILLISECONDS} ms a page: {run.wall:.0f} s (goal: 120), {run.cpu:.1f} s of "
        f"processor, {run.megabytes:.0f} MB (goal: 300); {counted}"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(int(sys.argv[2]))
    else:
        main()
