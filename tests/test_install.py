"""What a user gets: the wheel, ``pip install .`` and ``pip install -e .``, each in an environment of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

from appcode_contract import __version__
from appcode_contract.schema_store import NAMES

CHECKOUT = Path(__file__).parent.parent
PIP = ("-m", "pip", "--disable-pip-version-check", "--quiet")
SECONDS = 300
LEFT_BEHIND = ("PYTHON", "PYTEST", "COVERAGE", "COV_", "VIRTUAL_ENV")
"""How the names of variables begin that would lead an environment back to this one."""
NOT_COPIED = (".*", "__pycache__", "build", "dist", "*.egg-info")
SCRIPTS = "Scripts" if os.name == "nt" else "bin"
KINDS = ("wheel", "source", "editable")

PRINT_ORIGIN = "import appcode_contract; print(appcode_contract.__version__, appcode_contract.__file__)"
PRINT_SCHEMAS = """
from appcode_contract.schema_store import NAMES, schema_dir, strict_schema, validator
assert not any(validator(name, strict=strict).is_valid(None) for name in NAMES for strict in (False, True))
assert all(strict_schema(name) for name in NAMES)
print(schema_dir())
"""
USER_TESTS = """
import requests
from appcode_contract import AppCodeRecord
from hypothesis import given, settings, strategies as st

def generate(fake, url):
    return requests.put(url, headers={"X-Auth-Token": fake.token}, timeout=10)

def test_in_process(appcode_fake):
    answer = generate(appcode_fake, appcode_fake.url())
    assert answer.status_code == 201
    assert [answer.json()["id"]] == [record.id for record in appcode_fake.app_codes()]

def test_over_http(appcode_server):
    answer = generate(appcode_server.fake, appcode_server.fake.url())
    assert answer.status_code == 201
    assert appcode_server.url in appcode_server.fake.url()

@settings(max_examples=1, database=None)
@given(st.from_type(AppCodeRecord))
def test_hypothesis_knows_our_types(record):
    assert 64 <= len(record.app_code) <= 180
"""


class Installed(NamedTuple):
    """An environment, and where the package must come from there."""

    python: Path
    package: Path
    schemas: Path
    elsewhere: Path


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(LEFT_BEHIND)}


def _run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(  # noqa: S603 - commands written here
        command, cwd=cwd, env=_environment(), capture_output=True, text=True, timeout=SECONDS, check=False
    )
    if done.returncode:
        pytest.fail(f"{' '.join(map(str, command))}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def _make_environment(folder: Path) -> Path:
    _run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
    return folder / SCRIPTS / Path(sys.executable).name


def _libraries(python: Path) -> Path:
    return Path(_run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=python.parent).strip())


def _pip(python: Path, *arguments: str | Path, cwd: Path) -> None:
    _run(sys.executable, "-m", "pip", "--python", python, *PIP[2:], *arguments, cwd=cwd)


def _lend(borrower: Path) -> None:
    """Let an environment import what this one has installed, after what it has itself."""
    (_libraries(borrower) / "lent.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout, so that nothing is built inside it."""
    return shutil.copytree(
        CHECKOUT, tmp_path_factory.mktemp("sources") / "appcode", ignore=shutil.ignore_patterns(*NOT_COPIED)
    )


@pytest.fixture(scope="session")
def wheel(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, *PIP, "wheel", "--no-deps", "--no-build-isolation", "-w", folder, ".", cwd=sources)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def from_wheel(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """An environment with the wheel; with what it depends on, too, make versions installs it."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    python = _make_environment(tmp_path_factory.mktemp("venvs") / "wheel")
    _pip(python, "install", "--no-deps", wheel, cwd=elsewhere)
    _lend(python)
    package = _libraries(python) / "appcode_contract"
    return Installed(python, package, package / "schemas", elsewhere)


@pytest.fixture(scope="session")
def from_source(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """An environment after ``pip install .``."""
    python = _make_environment(tmp_path_factory.mktemp("venvs") / "source")
    _pip(python, "install", "--no-deps", ".", cwd=sources)
    _lend(python)
    package = _libraries(python) / "appcode_contract"
    return Installed(python, package, package / "schemas", tmp_path_factory.mktemp("elsewhere"))


@pytest.fixture(scope="session")
def editable(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """An environment after ``pip install -e .``."""
    python = _make_environment(tmp_path_factory.mktemp("venvs") / "editable")
    _pip(python, "install", "--no-deps", "--editable", ".", cwd=sources)
    _lend(python)
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    return Installed(python, sources / "appcode_contract", sources / "schemas", elsewhere)


@pytest.fixture(params=KINDS)
def installed(request: pytest.FixtureRequest) -> Installed:
    """Each of the environments."""
    fixtures = {"wheel": "from_wheel", "source": "from_source", "editable": "editable"}
    chosen: Installed = request.getfixturevalue(fixtures[request.param])
    return chosen


def test_the_package_is_imported_from_where_it_was_installed(installed: Installed) -> None:
    shown = _run(installed.python, "-c", PRINT_ORIGIN, cwd=installed.elsewhere)

    assert f"{__version__} {installed.package / '__init__.py'}" == shown.strip()


def test_every_schema_is_found_and_loaded(installed: Installed) -> None:
    shown = _run(installed.python, "-c", PRINT_SCHEMAS, cwd=installed.elsewhere)

    assert str(installed.schemas) == shown.strip()


def test_the_fixtures_work_for_a_user(installed: Installed) -> None:
    (installed.elsewhere / "test_user.py").write_text(USER_TESTS, encoding="utf-8")

    shown = _run(installed.python, "-m", "pytest", "-q", "test_user.py", cwd=installed.elsewhere)

    assert "3 passed" in shown


def test_the_command_tells_its_version(installed: Installed) -> None:
    shown = _run(installed.python.parent / "appcode-contract", "--version", cwd=installed.elsewhere)

    assert __version__ in shown
    assert len(shown.splitlines()) == 1


def test_the_wheel_holds_every_schema_and_the_marker_of_types(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())

    assert {f"appcode_contract/schemas/{name}.json" for name in NAMES} <= held
    assert "appcode_contract/py.typed" in held
    assert f"appcode_contract-{__version__}.dist-info/licenses/LICENSE" in held


def test_the_wheel_holds_no_tests_and_nothing_beside_the_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        top = {name.partition("/")[0] for name in archive.namelist()}

    assert {"appcode_contract", f"appcode_contract-{__version__}.dist-info"} == top


def test_the_wheel_holds_what_the_reports_are_made_of(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())

    assert {f"appcode_contract/reporting/report.{kind}" for kind in ("html.j2", "schema.json")} <= held


def test_the_schemas_in_the_wheel_are_those_of_the_checkout(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name: archive.read(f"appcode_contract/schemas/{name}.json") for name in NAMES}

    assert {name: (CHECKOUT / "schemas" / f"{name}.json").read_bytes() for name in NAMES} == packed


def test_every_module_of_the_checkout_is_in_the_wheel(wheel: Path) -> None:
    package = CHECKOUT / "appcode_contract"
    modules = {path.relative_to(CHECKOUT).as_posix() for path in package.rglob("*.py")}

    with zipfile.ZipFile(wheel) as archive:
        assert modules == {name for name in archive.namelist() if name.endswith(".py")}
