"""What the pages of docs/ show is so."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from appcode_contract import app_code_server
from appcode_contract.admin.routes import ROUTES
from appcode_contract.behavior import choices_by_field
from appcode_contract.commands.verify import verify
from appcode_contract.fake.faults import FAULT_NAMES, STATUSES

DOCS = Path(__file__).parent.parent / "docs"
CONFORMANCE = (DOCS / "conformance.md").read_text(encoding="utf-8")
FAKE = (DOCS / "fake.md").read_text(encoding="utf-8")
FAKER = (DOCS / "faker.md").read_text(encoding="utf-8")
MOCK_SERVER = (DOCS / "mock-server.md").read_text(encoding="utf-8")
OPTIONS = ("-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:asyncio")
SECONDS = 60
WITHOUT_DEADLINE = """
from hypothesis import settings

settings.register_profile("page", deadline=None, database=None)
settings.load_profile("page")
"""


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_every_example_of_the_fake_runs(pytester: pytest.Pytester) -> None:
    examples = [text for text in blocks(FAKE, "python") if "def test_" not in text]
    tests = [text for text in blocks(FAKE, "python") if "def test_" in text]
    pytester.makepyfile(**{f"test_{number}": text for number, text in enumerate(tests)})

    for text in examples:
        exec(compile(text, "fake.md", "exec"), {})  # noqa: S102 - our own page
    result = pytester.runpytest_inprocess(*OPTIONS)

    assert len(examples) == 2
    assert result.parseoutcomes() == {"passed": 15}


def test_the_example_of_conformance_runs() -> None:
    (example,) = blocks(CONFORMANCE, "python")

    exec(compile(example, "conformance.md", "exec"), {})  # noqa: S102 - our own page


def test_every_option_that_the_page_of_conformance_names_exists() -> None:
    known = {option for parameter in verify.params for option in parameter.opts}
    shown = set(re.findall(r"(?<![\w-])--(?!appcode|pyargs)[a-z][a-z-]+", CONFORMANCE))

    assert shown - known == set()
    assert {"--max-generate", "--read-only", "--deadline", "--rate", "--ca-bundle", "--clause", "--level"} <= shown


def test_every_example_of_faker_runs(pytester: pytest.Pytester) -> None:
    *examples, test = blocks(FAKER, "python")
    pytester.makepyfile(test)

    for text in examples:
        exec(compile(text, "faker.md", "exec"), {})  # noqa: S102 - our own page
    result = pytester.runpytest_inprocess(*OPTIONS)

    assert len(examples) == 2
    result.assert_outcomes(passed=1)


def test_every_example_of_the_mock_server_runs(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    tests = blocks(MOCK_SERVER, "python")
    pytester.makeconftest(WITHOUT_DEADLINE)
    pytester.makepyfile(**{f"test_{number}": text for number, text in enumerate(tests)})

    result = pytester.runpytest_inprocess(*OPTIONS)

    assert len(tests) == 3
    result.assert_outcomes(passed=5)


def test_the_page_of_the_fake_has_every_behavior_and_every_fault() -> None:
    choices = {choice for choices in choices_by_field().values() for choice in choices if isinstance(choice, str)}
    names = {*choices_by_field(), *choices, *FAULT_NAMES, *map(str, STATUSES)}

    assert {name for name in names if name not in FAKE} == set()


def test_the_page_of_the_mock_server_has_every_route() -> None:
    routes = {f"{route.method} /__admin{route.path}" for route in ROUTES}

    assert {route for route in routes if f"`{route}`" not in MOCK_SERVER} == set()


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("sh")), reason="needs sh and curl")
def test_the_walk_with_curl_goes_as_described() -> None:
    (walk,) = blocks(MOCK_SERVER, "sh")
    with app_code_server() as server:
        fake = server.fake
        told = {
            "APPCODE_URL": server.url,
            "APPCODE_PROJECT_ID": fake.project_id,
            "APPCODE_INSTANCE_ID": fake.instance_id,
            "APPCODE_TOKEN": fake.token,
            "NO_PROXY": "127.0.0.1",
        }
        done = subprocess.run(  # noqa: S603 - our own page
            ["sh", "-eu", "-c", walk],  # noqa: S607 - the shell that there is
            env={**os.environ, **told},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    assert (done.returncode, done.stderr) == (0, "")
    added, rest = json.JSONDecoder().raw_decode(done.stdout)
    assert added == {"app_id": "mine"}
    assert '"total":25,"size":1' in done.stdout[rest:]
    assert "curl ended with 52" in done.stdout  # nothing came back
    exchanges = json.loads(done.stdout.splitlines()[-1])["exchanges"]
    assert [exchange["problem"] for exchange in exchanges] == ["", "close_before_headers"]
    assert fake.apps() == {(fake.project_id, fake.instance_id, fake.app_id): 0}
    assert fake.token not in done.stdout
