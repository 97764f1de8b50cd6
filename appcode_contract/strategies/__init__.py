"""Hypothesis strategies: what the contract allows, what it refuses, and ways to meet each documented error.

Nothing here imports Hypothesis before a name is used: its entry point leads to ``registration`` in this package, and
``AppCodeMachine`` needs a part of Hypothesis that the rest does without.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from appcode_contract.strategies.boundaries import (
        Valid,
        boundary_app_codes,
        boundary_create_times,
        boundary_invalid_app_codes,
        boundary_invalid_create_times,
        boundary_invalid_limits,
        boundary_invalid_offsets,
        boundary_invalid_pages,
        boundary_limits,
        boundary_offsets,
        boundary_pages,
    )
    from appcode_contract.strategies.broken_documents import invalid_create_times, invalid_error_bodies, invalid_pages
    from appcode_contract.strategies.broken_requests import invalid_requests
    from appcode_contract.strategies.broken_responses import invalid_responses
    from appcode_contract.strategies.choices import behaviors
    from appcode_contract.strategies.errors import error_bodies
    from appcode_contract.strategies.invalid import Invalid, Query, invalid_app_codes, invalid_list_queries
    from appcode_contract.strategies.machine import AppCodeClient, AppCodeMachine
    from appcode_contract.strategies.records import app_code_pages, app_code_records, ids
    from appcode_contract.strategies.scenarios import ERROR_SCENARIOS, Arrangeable, ErrorScenario, error_scenarios
    from appcode_contract.strategies.times import create_times
    from appcode_contract.strategies.valid import app_codes, list_queries
    from appcode_contract.strategies.valid_requests import requests, tokens
    from appcode_contract.strategies.valid_responses import (
        error_responses,
        exchanges,
        generate_responses,
        list_responses,
        responses,
    )

_NAMES: Final = {
    "choices": ("behaviors",),
    "boundaries": (
        "Valid",
        "boundary_app_codes",
        "boundary_create_times",
        "boundary_invalid_app_codes",
        "boundary_invalid_create_times",
        "boundary_invalid_limits",
        "boundary_invalid_offsets",
        "boundary_invalid_pages",
        "boundary_limits",
        "boundary_offsets",
        "boundary_pages",
    ),
    "errors": ("error_bodies",),
    "invalid": (
        "Invalid",
        "Query",
        "invalid_app_codes",
        "invalid_list_queries",
    ),
    "broken_documents": (
        "invalid_create_times",
        "invalid_error_bodies",
        "invalid_pages",
    ),
    "broken_requests": ("invalid_requests",),
    "broken_responses": ("invalid_responses",),
    "machine": (
        "AppCodeClient",
        "AppCodeMachine",
    ),
    "records": (
        "app_code_pages",
        "app_code_records",
        "ids",
    ),
    "valid_requests": (
        "requests",
        "tokens",
    ),
    "valid_responses": (
        "error_responses",
        "exchanges",
        "generate_responses",
        "list_responses",
        "responses",
    ),
    "scenarios": (
        "Arrangeable",
        "ERROR_SCENARIOS",
        "ErrorScenario",
        "error_scenarios",
    ),
    "times": ("create_times",),
    "valid": (
        "app_codes",
        "list_queries",
    ),
}
_HOMES: Final = {name: module for module, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> object:
    """Import a public name from its module when it is first used."""
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    value: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)


__all__ = [
    "ERROR_SCENARIOS",
    "AppCodeClient",
    "AppCodeMachine",
    "Arrangeable",
    "ErrorScenario",
    "Invalid",
    "Query",
    "Valid",
    "app_code_pages",
    "app_code_records",
    "app_codes",
    "behaviors",
    "boundary_app_codes",
    "boundary_create_times",
    "boundary_invalid_app_codes",
    "boundary_invalid_create_times",
    "boundary_invalid_limits",
    "boundary_invalid_offsets",
    "boundary_invalid_pages",
    "boundary_limits",
    "boundary_offsets",
    "boundary_pages",
    "create_times",
    "error_bodies",
    "error_responses",
    "error_scenarios",
    "exchanges",
    "generate_responses",
    "ids",
    "invalid_app_codes",
    "invalid_create_times",
    "invalid_error_bodies",
    "invalid_list_queries",
    "invalid_pages",
    "invalid_requests",
    "invalid_responses",
    "list_queries",
    "list_responses",
    "requests",
    "responses",
    "tokens",
]
