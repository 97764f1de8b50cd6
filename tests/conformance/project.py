"""Somebody else's project, in which pytest runs the conformance tests."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from tests.broken_servers.http_server import serving

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

    from tests.broken_servers.service import Service

SUITE = ("--pyargs", "appcode_contract.conformance")
ALONE = tuple(part for name in ("faker", "hypothesispytest", "xdist", "randomly") for part in ("-p", f"no:{name}"))


class Session:
    """How a session ended, and what it printed."""

    def __init__(self, done: pytest.RunResult) -> None:
        self.code = int(done.ret)
        self.text = f"{done.stdout}\n{done.stderr}".strip()

    def counted(self, outcome: str) -> int:
        found = re.search(rf"(\d+) {outcome}", self.text.splitlines()[-1])
        return int(found[1]) if found else 0


class Project:
    """A project of its own, in which pytest runs: in this process, as far as a session starts no others."""

    def __init__(self, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = pytester.path
        self._pytester, self._monkeypatch = pytester, monkeypatch

    def pytest(self, *arguments: str, env: Mapping[str, str] | None = None) -> Session:
        with self._monkeypatch.context() as patched:
            for name in filter(lambda each: each.startswith("APPCODE_"), list(os.environ)):
                patched.delenv(name)
            for name, value in {"NO_PROXY": "127.0.0.1", **(env or {})}.items():
                patched.setenv(name, value)
            done = self._pytester.runpytest_inprocess("-p", "no:asyncio", "-p", "no:cacheprovider", *arguments)
        assert "INTERNALERROR" not in f"{done.stdout}{done.stderr}"
        return Session(done)

    def verify(self, service: Service, *arguments: str) -> Session:
        with serving(service.handle) as url:
            return self.pytest(*SUITE, *arguments, env=settings(service, url))


def settings(service: Service, url: str) -> dict[str, str]:
    return {
        "APPCODE_URL": url,
        "APPCODE_PROJECT_ID": service.project_id,
        "APPCODE_INSTANCE_ID": service.instance_id,
        "APPCODE_APP_ID": service.app_id,
        "APPCODE_TOKEN": service.token,
        "APPCODE_FORBIDDEN_TOKEN": service.forbidden_token,
    }
