"""Contract tests, a stateful fake and a mock server for the AppCode operations of ROMA Connect."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from appcode_contract.behavior import ALL_BEHAVIORS, Behavior
    from appcode_contract.messages import AppCodeRecord, Exchange, Request, Response, Violation
    from appcode_contract.mock_server import AppCodeServer, app_code_server
    from appcode_contract.stand_in import AppCodeApp, FakeAppCodes, fake_app_codes
    from appcode_contract.transports.asgi import AsgiApp
    from appcode_contract.transports.for_httpx import httpx_transport as httpx_transport

__version__ = "0.1.0"

__all__ = [
    "ALL_BEHAVIORS",
    "AppCodeApp",
    "AppCodeRecord",
    "AppCodeServer",
    "AsgiApp",
    "Behavior",
    "Exchange",
    "FakeAppCodes",
    "Request",
    "Response",
    "Violation",
    "app_code_server",
    "fake_app_codes",
]

_HOMES = {
    "behavior": ("ALL_BEHAVIORS", "Behavior"),
    "messages": ("AppCodeRecord", "Exchange", "Request", "Response", "Violation"),
    "mock_server": ("AppCodeServer", "app_code_server"),
    "stand_in": ("AppCodeApp", "FakeAppCodes", "fake_app_codes"),
    "transports.asgi": ("AsgiApp",),
    "transports.for_httpx": ("httpx_transport",),
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: pytest imports this package in every session."""
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    """List the public names."""
    return [*__all__, "__version__"]
