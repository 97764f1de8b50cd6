"""Runs the wheel and the tests it is given on each Python that the classifiers name, and with the lowest dependencies.

Run it as ``python -m tests.versions TESTS``, or as ``make versions``. A Python that is not there is named; one that is
there fails or succeeds.

The lowest dependencies are asked of pip as ``==`` where pyproject.toml says ``>=``; a bound that no release has fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

CHECKOUT: Final = Path(__file__).parent.parent
FOLDER: Final = CHECKOUT / ".venv-versions"
"""The environments stay there: what is installed need not be installed again."""
SECONDS: Final = 900
CLASSIFIER: Final = "Programming Language :: Python :: 3."
STRICT: Final = ("-W", "error::DeprecationWarning", "-W", "error::PendingDeprecationWarning")
IMPORT_EVERYTHING: Final = """
import importlib, pkgutil, appcode_contract
for module in pkgutil.walk_packages(appcode_contract.__path__, "appcode_contract."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
"""


class Run(NamedTuple):
    """A name, the Python for it, and what must be installed beside the wheel."""

    name: str
    python: Path
    requirements: tuple[str, ...] = ()


def versions(project: Mapping[str, Any]) -> list[str]:
    """Which Pythons the classifiers name, the oldest first."""
    found = [line.removeprefix(CLASSIFIER) for line in project["classifiers"] if line.startswith(CLASSIFIER)]
    return [f"3.{minor}" for minor in sorted(map(int, found))]


def lowest(requirements: Sequence[str]) -> tuple[str, ...]:
    """The same requirements, each at its lower bound."""
    return tuple(requirement.replace(">=", "==", 1) for requirement in requirements)


def find(version: str) -> Path | None:
    """A Python of this version, on PATH or of pyenv, whose shims may be on PATH and lead nowhere."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    candidates = [shutil.which(f"python{version}"), *(pyenv / "versions").glob(f"{version}.*/bin/python")]
    return next((Path(each) for each in candidates if each and _is(version, each)), None)


def _is(version: str, python: str | Path) -> bool:
    asking = "import sys; print('%d.%d' % sys.version_info[:2])"
    return _call(python, "-c", asking).stdout.strip() == version


def _build(folder: Path) -> Path:
    for old in folder.glob("*.whl"):
        old.unlink()
    build = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", folder, ".")
    subprocess.run(build, cwd=CHECKOUT, timeout=SECONDS, check=True)  # noqa: S603 - a command written here
    (wheel,) = folder.glob("*.whl")
    return wheel


def _commands(run: Run, wheel: Path, tests: Sequence[str]) -> Iterator[tuple[tuple[str | Path, ...], Path]]:
    """What has to succeed, and where: outside the checkout it is the wheel that is imported."""
    home = FOLDER / run.name.replace(" ", "-")
    python = home / "bin" / "python"
    install = (sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check", "install", "--quiet")
    if not python.exists():
        yield (run.python, "-m", "venv", "--without-pip", home), CHECKOUT
    yield (*install, f"{wheel}[httpx]", *run.requirements), CHECKOUT
    yield (*install, "--force-reinstall", "--no-deps", wheel), CHECKOUT
    yield (python, *STRICT, "-c", IMPORT_EVERYTHING), home
    for arguments in (("--version",), ("schema",), ("openapi",), ("verify", "--list")):
        yield (python, *STRICT, "-m", "appcode_contract", *arguments), home
    yield (python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests), CHECKOUT


def _call(*command: str | Path, cwd: Path = CHECKOUT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - commands written here
        command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=SECONDS, check=False
    )


def _succeeds(run: Run, wheel: Path, tests: Sequence[str]) -> bool:
    for command, cwd in _commands(run, wheel, tests):
        done = _call(*command, cwd=cwd)
        if done.returncode:
            _tell(f"{run.name}: {' '.join(map(str, command))} ended with {done.returncode}\n{done.stdout}")
            return False
    _tell(f"{run.name}: {done.stdout.splitlines()[-1]}")
    return True


def _tell(text: str) -> None:
    sys.stdout.write(f"== {text}\n")
    sys.stdout.flush()


def main(tests: Sequence[str]) -> int:
    """Tell how each run ended; 1 when one did not succeed, or there was none."""
    pyproject = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    project = pyproject["project"]
    found = {version: find(version) for version in versions(project)}
    for version in (version for version, python in found.items() if not python):
        _tell(f"{version}: not found, neither on PATH nor of pyenv")
    runs = [Run(version, python) for version, python in found.items() if python]
    if not runs:
        return 1
    declared = [*project["dependencies"], *project["optional-dependencies"]["httpx"]]
    runs.append(Run(f"{runs[0].name} with the lowest dependencies", runs[0].python, lowest(declared)))
    FOLDER.mkdir(exist_ok=True)
    wheel = _build(FOLDER)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return int(not all([*pool.map(lambda run: _succeeds(run, wheel, tests), runs)]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
