"""How the fake scales, and how fast the mock server answers: figures, side by side in one run, no verdict.

    python benchmarks/fake.py

Prism comes from npm and is left out, by name, where it cannot be had.
"""

from __future__ import annotations

import asyncio
import gc
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import tracemalloc
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from threading import Thread
from typing import TYPE_CHECKING, Any

import requests

from appcode_contract import FakeAppCodes, Request, app_code_server
from appcode_contract.openapi import openapi_document, to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MANY = 1_000_000
ROUNDS = 40
CALLS = 50
THREADS = 64
GENERATES = 500
SECONDS = 3.0
CONNECTIONS = 16
PRISM = "@stoplight/prism-cli@5"
TOKEN = "made-up-token-of-the-benchmark"  # noqa: S105 - no secret
IDS = ("made-up-project", "made-up-instance", "9ed8b7fe84224de681e7d7a5587e76dc")
PATH = "/v2/{}/apic/instances/{}/apps/{}/app-codes".format(*IDS)

NOOP = """
import sys, uvicorn
body = open(sys.argv[2], "rb").read()
head = {"type": "http.response.start", "status": 200, "headers": [
    (b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]}
async def app(scope, receive, send):
    await send(head)
    await send({"type": "http.response.body", "body": body})
uvicorn.run(app, port=int(sys.argv[1]), access_log=False, log_level="error", lifespan="off",
            server_header=False, date_header=False)
"""


# ---- scale


def seconds_for(fake: FakeAppCodes, method: str, query: str = "") -> float:
    request = Request(method, fake.url() + query, {"X-Auth-Token": fake.token})
    seconds = 0.0
    for _ in range(CALLS):
        fake.behavior = fake.behavior  # else the fake remembers the page
        begun = time.perf_counter()
        fake.handle(request)
        seconds += time.perf_counter() - begun
    return seconds / CALLS


def compared(one: Callable[[], float], other: Callable[[], float]) -> tuple[float, float]:
    """Measure two things by turns, so that what else the machine does meets both."""
    pairs = [(one(), other()) for _ in range(ROUNDS)]
    return median(first for first, _ in pairs), median(second for _, second in pairs)


def scale() -> None:
    fake, empty = FakeAppCodes(seed=1), FakeAppCodes(seed=1)
    tracemalloc.start()
    fake.seed(MANY // 20)
    per_record = tracemalloc.get_traced_memory()[0] / (MANY // 20)
    tracemalloc.stop()
    fake.seed(MANY - MANY // 20)
    gc.collect()
    print(f"memory: {per_record:.0f} bytes a record")
    first, last = compared(
        lambda: seconds_for(fake, "GET", "?offset=0"), lambda: seconds_for(fake, "GET", f"?offset={MANY - 20}")
    )
    figures = f"at offset 0 {first * 1e6:.0f} us, at the end {last * 1e6:.0f} us, {last / first:.2f} times"
    print(f"page of 20 of {MANY:,}: {figures}")

    def in_an_empty_app() -> float:
        empty.reset()
        return seconds_for(empty, "PUT")

    few, many = compared(in_an_empty_app, lambda: seconds_for(fake, "PUT"))
    print(f"generate: empty app {few * 1e6:.0f} us, app of {MANY:,} {many * 1e6:.0f} us, {many / few:.2f} times")


def many_at_once() -> None:
    with app_code_server() as server:
        fake, made = server.fake, [list[str]() for _ in range(THREADS)]

        def work(ids: list[str]) -> None:
            with requests.Session() as session:
                session.trust_env = False
                for _ in range(GENERATES):
                    answer = session.put(fake.url(), headers={"X-Auth-Token": fake.token}, timeout=60)
                    ids.append(answer.json()["id"])

        begun = time.perf_counter()
        threads = [Thread(target=work, args=(ids,)) for ids in made]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - begun
        kept = [record.id for record in fake.app_codes()]
    told = [each for ids in made for each in ids]
    right = sorted(told) == sorted(kept) and len(set(kept)) == THREADS * GENERATES
    print(
        f"{THREADS} threads x {GENERATES} generates over HTTP: {len(kept):,} kept, "
        f"{'none lost, none doubled' if right else 'LOST OR DOUBLED'}, {seconds:.1f} s"
    )


# ---- requests a second


class Load(asyncio.Protocol):
    """One connection that asks again as soon as it is answered; it reads answers by Content-Length or chunks."""

    def __init__(self, request: bytes) -> None:
        self.request = request
        self.answers = 0
        self.buffer = b""

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - a transport that writes
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, blank, rest = self.buffer.partition(b"\r\n\r\n")
        if not blank:
            return
        lower = head.lower()
        if b"content-length: " in lower:
            whole = len(rest) >= int(lower.split(b"content-length: ")[1].split(b"\r\n")[0])
        else:
            whole = rest.endswith(b"0\r\n\r\n")
        if whole:
            if not head.startswith(b"HTTP/1.1 200"):
                sys.exit(f"an answer was {head.splitlines()[0]!r}")
            self.answers += 1
            self.buffer = b""
            self.transport.write(self.request)


async def rate(port: int) -> float:
    headers = f"Host: 127.0.0.1:{port}\r\nAccept: application/json\r\nX-Auth-Token: {TOKEN}\r\n"
    request = f"GET {PATH}?limit=20 HTTP/1.1\r\n{headers}\r\n".encode()
    loop = asyncio.get_running_loop()
    made = [await loop.create_connection(lambda: Load(request), "127.0.0.1", port) for _ in range(CONNECTIONS)]
    before = sum(protocol.answers for _, protocol in made)
    begun = time.perf_counter()
    await asyncio.sleep(SECONDS)
    answered = sum(protocol.answers for _, protocol in made) - before
    seconds = time.perf_counter() - begun
    for transport, _ in made:
        transport.abort()
    return answered / seconds


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def running(command: list[str], port: int, cwd: Path | None = None) -> Iterator[int]:
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=cwd) as process:
        try:
            deadline = time.monotonic() + 60
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    if process.poll() is not None or time.monotonic() > deadline:
                        sys.exit(f"{command[0]} did not start")
                    time.sleep(0.1)
            yield port
        finally:
            process.terminate()


def prism(folder: Path) -> list[str] | None:
    npm = shutil.which("npm")
    if npm is None:
        print(f"{PRISM}: skipped, npm is not installed")
        return None
    done = subprocess.run(
        [npm, "install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", PRISM],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        print(f"{PRISM}: skipped, npm could not install it")
        return None
    (folder / "openapi.json").write_text(to_json(openapi_document("3.0")), encoding="utf-8")
    return [str(folder / "node_modules" / ".bin" / "prism"), "mock", "openapi.json", "--host", "127.0.0.1", "--port"]


def rates() -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        ours, noop, other = free_port(), free_port(), free_port()
        serve = [
            sys.executable,
            "-m",
            "appcode_contract",
            "serve",
            "--port",
            str(ours),
            "--preload",
            "45",
            "--token",
            TOKEN,
        ]
        ids = [part for pair in zip(("--project-id", "--instance-id", "--app"), IDS, strict=True) for part in pair]
        with running([*serve, *ids], ours):
            page = requests.get(
                f"http://127.0.0.1:{ours}{PATH}?limit=20", headers={"X-Auth-Token": TOKEN}, timeout=10
            ).content
            (folder / "page.json").write_bytes(page)
            with running([sys.executable, "-c", NOOP, str(noop), str(folder / "page.json")], noop):
                seen = {"mock server": [asyncio.run(rate(ours)) for _ in range(2)]}
                seen["no-op ASGI app"] = [asyncio.run(rate(noop)) for _ in range(2)]
                seen["mock server"].append(asyncio.run(rate(ours)))
                command = prism(folder)
                if command is not None:
                    with running([*command, str(other)], other, folder):
                        seen["Prism"] = [asyncio.run(rate(other)) for _ in range(2)]
                        seen["mock server"].append(asyncio.run(rate(ours)))
    own = median(seen["mock server"])
    print(f"page of 20 over HTTP ({len(page):,} bytes, {CONNECTIONS} connections):")
    for name, figures in seen.items():
        each = median(figures)
        print(f"  {name}: {each:,.0f} requests a second; the mock server has {own / each:.2f} times that")


if __name__ == "__main__":
    scale()
    many_at_once()
    rates()
