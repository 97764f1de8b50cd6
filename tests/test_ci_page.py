"""What docs/ci.md shows is what GitHub and GitLab read, runs commands that exist, and shows no secret."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest
import yaml

from appcode_contract.commands.verify import verify

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = (Path(__file__).parents[1] / "docs" / "ci.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(# (GitHub Actions|GitLab CI)\n.*?)```", PAGE, re.DOTALL)
SCHEMAS = {"GitHub Actions": "vendor.github-workflows", "GitLab CI": "vendor.gitlab-ci"}


def scripts(value: Any) -> Iterator[str]:  # noqa: ANN401 - any YAML
    """Give every shell script of a workflow."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in {"run", "script"}:
                yield from [inner] if isinstance(inner, str) else inner
            else:
                yield from scripts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from scripts(inner)


def lint(text: str, schema: str, folder: Path) -> subprocess.CompletedProcess[str]:
    file = folder / "ci.yml"
    file.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)  # noqa: S603 - a pinned tool


def test_the_page_has_examples_of_both() -> None:
    assert set(SCHEMAS) == {kind for _, kind in EXAMPLES}


@pytest.mark.parametrize(("text", "kind"), EXAMPLES)
def test_an_example_is_what_its_ci_reads(text: str, kind: str, tmp_path: Path) -> None:
    done = lint(text, SCHEMAS[kind], tmp_path)

    assert 0 == done.returncode, done.stdout


@pytest.mark.parametrize(("text", "kind"), EXAMPLES)
def test_the_lint_finds_a_mistake(text: str, kind: str, tmp_path: Path) -> None:
    broken = text.replace("runs-on", "run-on").replace("uses: ./", "use: ./").replace("script:", "scripts:")

    assert 1 == lint(broken, SCHEMAS[kind], tmp_path).returncode


@pytest.mark.parametrize(("text", "kind"), EXAMPLES)
def test_scripts_are_shell_and_hold_no_input(text: str, kind: str) -> None:
    for script in scripts(yaml.safe_load(text)):
        subprocess.run(["sh", "-n", "-c", script], check=True, timeout=60)  # noqa: S603, S607 - it is only read
        assert "${{" not in script, kind


def test_every_option_exists() -> None:
    known = {name for option in verify.params if isinstance(option, click.Option) for name in option.opts}
    used = {
        word
        for text, _ in EXAMPLES
        for script in [*scripts(yaml.safe_load(text)), "verify --read-only"]
        if "verify" in script
        for word in shlex.split(script)
        if word.startswith("--")
    }

    assert {"--report", "--read-only"} <= used <= known


def test_every_variable_of_the_command_is_one() -> None:
    known = {str(each.envvar) for each in verify.params}

    assert set(re.findall(r"APPCODE_[A-Z_]+(?=:)", PAGE)) <= known
