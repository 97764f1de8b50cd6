"""Hypothesis strategies: what the contract allows, what it refuses, and ways to meet each documented error.

Imports hypothesis, so nothing else in the package imports this module before it is used.
"""

from appcode_contract.strategies.invalid import (
    Invalid,
    Query,
    invalid_app_codes,
    invalid_list_queries,
)
from appcode_contract.strategies.scenarios import (
    ERROR_SCENARIOS,
    Arrangeable,
    ErrorScenario,
    error_scenarios,
)
from appcode_contract.strategies.valid import app_codes, list_queries

__all__ = [
    "ERROR_SCENARIOS",
    "Arrangeable",
    "ErrorScenario",
    "Invalid",
    "Query",
    "app_codes",
    "error_scenarios",
    "invalid_app_codes",
    "invalid_list_queries",
    "list_queries",
]
