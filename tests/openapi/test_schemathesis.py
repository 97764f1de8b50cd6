"""Schemathesis, told nothing but the document, finds nothing in the mock server and something in a broken one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from appcode_contract import FakeAppCodes
from appcode_contract.openapi import OpenApiVersion, openapi_document, to_json
from appcode_contract.transports.live import LiveServer, listen
from tests.conformance.broken import DEFECTS, BrokenServer
from tests.openapi.runner import Schemathesis, installed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECONDS = 30
TOKEN = "made-up-token-of-the-tests"
IDS = {"project_id": "made-up-project", "instance_id": "made-up-instance", "app_id": "9ed8b7fe84224de681e7d7a5587e76dc"}
QUICK = ("--phases", "examples,coverage", "--max-examples", "10")
FOUND = {
    "63 characters": "Response violates schema",
    "generate answers 202": "Undocumented status code",
    "no token needed": "API accepts requests without authentication",
    "limit 0 is an empty page": "Schema-violating request accepted",
}
"""Planted defects, and what Schemathesis calls them."""


@pytest.fixture(scope="session")
def _python(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    cache: pytest.Cache | None = getattr(request.config, "cache", None)
    return installed(cache.mkdir("schemathesis") if cache is not None else tmp_path_factory.mktemp("schemathesis"))


@pytest.fixture
def tester(_python: Path, tmp_path: Path) -> Schemathesis:
    return Schemathesis(_python, tmp_path)


@pytest.fixture
def url() -> Iterator[str]:
    """The mock server, run by the command."""
    ids = [part for name, value in IDS.items() for part in (f"--{name.replace('_', '-')}", value)]
    arguments = [part.replace("--app-id", "--app") for part in ids]
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "appcode_contract", "serve", "--seed", "1", "--preload", "3", *arguments],
        env={**os.environ, "APPCODE_SERVE_TOKEN": TOKEN},
        stderr=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip().removeprefix("export APPCODE_URL=")
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=SECONDS)


@pytest.mark.parametrize(("version", "examples"), [("3.1", 50), ("3.0", 20)])
def test_nothing_is_found_in_the_mock_server(
    tester: Schemathesis, url: str, version: OpenApiVersion, examples: int
) -> None:
    document = to_json(openapi_document(version))

    run = tester.run(document, url, TOKEN, "--max-examples", str(examples), config={"parameters": IDS})

    assert 0 == run.code, run.told
    assert "No issues found" in run.told
    assert "Tested: 2" in run.told
    assert "1 covered / 1 selected / 1 total" in run.told  # the link from generate to list
    assert "WARNINGS" not in run.told


def test_nothing_is_found_when_no_ids_are_given(tester: Schemathesis, url: str) -> None:
    run = tester.run(to_json(openapi_document()), url, TOKEN, "--max-examples", "20", config={})

    assert 0 == run.code, run.told
    assert "Tested: 2" in run.told
    assert "FAILURES" not in run.told


@pytest.mark.parametrize(("defect", "told"), FOUND.items())
def test_a_planted_defect_is_found(tester: Schemathesis, defect: str, told: str) -> None:
    fake = FakeAppCodes(token=TOKEN)
    ids = {name: getattr(fake, name) for name in IDS}
    with LiveServer(BrokenServer(fake, DEFECTS[defect]), listen()) as server:
        run = tester.run(to_json(openapi_document()), server.url, TOKEN, *QUICK, config={"parameters": ids})

    assert 1 == run.code, run.told
    assert told in run.told
