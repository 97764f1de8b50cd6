"""The options of ``pytest --pyargs appcode_contract.conformance``. Nothing heavy: every pytest session imports this."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pytest

TARGET_OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "url": {"help": "Server under test: scheme, host, port, and what precedes /v2."},
    "project_id": {"help": "Project of the app."},
    "instance_id": {"help": "Instance of the app."},
    "app_id": {"help": "An app that exists."},
    "token": {"help": "Token that may do both; better given by its variable."},
    "forbidden_token": {"help": "Token that may do neither; better given by its variable."},
    "max_generate": {"type": int, "help": "Requests to generate that may be sent (5)."},
    "read_only": {"action": "store_true", "default": None, "help": "Send no request to generate."},
    "seed": {"type": int, "help": "Repeats made-up ids, tokens and queries (0)."},
    "timeout": {"type": float, "help": "Seconds to wait for an answer (10)."},
    "deadline": {"type": float, "help": "Seconds for the whole run (120)."},
    "rate": {"type": float, "help": "Requests a second, at most."},
    "ca_bundle": {"type": Path, "help": "Certificates to trust instead of the system's."},
    "insecure": {"action": "store_true", "default": None, "help": "Verify no certificate."},
}
"""The parts of a target, each as an option ``--appcode-…``."""
_FROM_ENVIRONMENT: Final = ("url", "project_id", "instance_id", "app_id", "token", "forbidden_token")
GAVE_UP: Final = "appcode_gave_up"
"""What a process of pytest-xdist tells when no server can be judged."""


def add_options(parser: pytest.Parser) -> pytest.OptionGroup:
    """Add the options of the conformance tests.

    Args:
        parser: pytest's parser.

    Returns:
        The group that they are in.
    """
    group = parser.getgroup("appcode-contract", "conformance tests: pytest --pyargs appcode_contract.conformance")
    for name, settings in TARGET_OPTIONS.items():
        variable = f" [{_variable(name)}]" if name in _FROM_ENVIRONMENT else ""
        told = {**settings, "help": settings["help"] + variable}
        group.addoption("--appcode-" + name.replace("_", "-"), dest=f"appcode_{name}", **told)
    group.addoption("--appcode-fake", action="store_true", help="Test the fake in this process instead of a server.")
    group.addoption(
        "--appcode-clause", action="append", default=[], metavar="ID", help="Judge this clause, or all below it."
    )
    group.addoption(
        "--appcode-level", choices=("documented", "example", "implied"), help="Judge clauses at least this firm."
    )
    return group


def target_parts(config: pytest.Config) -> dict[str, Any]:
    """Give the parts of a target that options and environment name.

    Args:
        config: The session's configuration.

    Returns:
        The parts by their names in ``Target``.
    """
    given = {name: config.getoption(f"appcode_{name}") for name in TARGET_OPTIONS}
    from_environment = {name: os.environ.get(_variable(name)) or None for name in _FROM_ENVIRONMENT}
    return {name: value for name, value in {**from_environment, **_given(given)}.items() if value is not None}


def _given(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _variable(name: str) -> str:
    return f"APPCODE_{name.upper()}"
