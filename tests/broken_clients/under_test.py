"""Test classes for ``running``: one for each defect, and one for the vendor's SDK.

pytest does not collect this file by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from appcode_contract.client_contract import AppCodeClientContract, AsyncAppCodeClientContract
from tests.broken_clients.defects import ALL
from tests.broken_clients.over_the_sdk import SdkClient

if TYPE_CHECKING:
    from appcode_contract.client_contract import Endpoint
    from tests.broken_clients.planting import Defect

DEADLINE: Final = 2.0
"""Seconds; a client of these has given up long before, unless that is its defect."""


def test_class(defect: Defect) -> type[Any]:
    """Make the class that a user would write for this client."""

    def make_client(_: object, endpoint: Endpoint) -> Any:  # noqa: ANN401 - a client
        return defect.make(endpoint)

    base = AsyncAppCodeClientContract if defect.awaited else AppCodeClientContract
    return type("TestClient", (base,), {"make_client": make_client, "deadline": DEADLINE})


class TestSdk(AppCodeClientContract):
    """The vendor's SDK, with what it cannot do, too."""

    deadline = DEADLINE

    def make_client(self, endpoint: Endpoint) -> SdkClient:
        return SdkClient(endpoint)

    def describe_error(self, exc: Exception) -> tuple[int | None, str | None, str | None]:
        return getattr(exc, "status_code", None), getattr(exc, "error_code", None), getattr(exc, "error_msg", None)


NAMES: Final = {f"TestDefect{number}": defect for number, defect in enumerate(ALL)}
globals().update({name: test_class(defect) for name, defect in NAMES.items()})
