"""Contract tests, a stateful fake and a mock server for the AppCode operations of ROMA Connect."""

from appcode_contract.behavior import Behavior
from appcode_contract.messages import (
    AppCodeRecord,
    Exchange,
    Request,
    Response,
    Violation,
)
from appcode_contract.mock_server import AppCodeServer, app_code_server
from appcode_contract.stand_in import FakeAppCodes, fake_app_codes

__version__ = "0.1.0"

__all__ = [
    "AppCodeRecord",
    "AppCodeServer",
    "Behavior",
    "Exchange",
    "FakeAppCodes",
    "Request",
    "Response",
    "Violation",
    "app_code_server",
    "fake_app_codes",
]
