"""Test classes for ``running``: one for each defect and each choice, and one for the vendor's SDK.

pytest does not collect this file by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from appcode_contract.client_contract import AppCodeClientContract, AsyncAppCodeClientContract
from tests.broken_clients.choices import CHOICES
from tests.broken_clients.defects import ALL
from tests.broken_clients.over_the_sdk import SdkClient

if TYPE_CHECKING:
    from collections.abc import Callable

    from appcode_contract.client_contract import Endpoint

DEADLINE: Final = 4.0
"""Seconds; a client of these has given up long before, unless that is its defect."""


def class_of(make: Callable[[Endpoint], Any], *, awaited: bool = False) -> type[Any]:
    """Make the class that a user would write for this client."""

    def make_client(_: object, endpoint: Endpoint) -> Any:  # noqa: ANN401 - a client
        return make(endpoint)

    base = AsyncAppCodeClientContract if awaited else AppCodeClientContract
    return type("TestClient", (base,), {"make_client": make_client, "deadline": DEADLINE})


class TestSdk(AppCodeClientContract):
    """The vendor's SDK, with what it cannot do, too."""

    deadline = DEADLINE

    def make_client(self, endpoint: Endpoint) -> SdkClient:
        return SdkClient(endpoint)

    def describe_error(self, exc: Exception) -> tuple[int | None, str | None, str | None]:
        return getattr(exc, "status_code", None), getattr(exc, "error_code", None), getattr(exc, "error_msg", None)


DEFECT_CLASSES: Final = {defect.name: f"TestDefect{number}" for number, defect in enumerate(ALL)}
CHOICE_CLASSES: Final = {name: f"TestChoice{number}" for number, name in enumerate(CHOICES)}
globals().update({DEFECT_CLASSES[each.name]: class_of(each.make, awaited=each.awaited) for each in ALL})
globals().update({CHOICE_CLASSES[name]: class_of(make) for name, make in CHOICES.items()})
