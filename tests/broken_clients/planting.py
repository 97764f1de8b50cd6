"""What a planted defect is, and how one is planted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from tests.broken_clients.over_requests import RequestsClient

if TYPE_CHECKING:
    from collections.abc import Callable

    from appcode_contract.client_contract import Endpoint
    from tests.broken_clients.client import Answer, Call, Client

EVERYTHING: Final = frozenset(
    {"Sends", "Reads", "Pages", "Fails", "Recovers", "DoesNoHarm", "KeepsSecrets", "Stateful"}
)
"""Every group: most requests or answers of such a client are wrong."""


@dataclass(frozen=True, slots=True)
class Defect:
    """One defect.

    Attributes:
        name: A short phrase.
        breaks: The test of the suite that must fail.
        make: Makes the client.
        also: The groups of tests, by the names of their classes, in which others may fail; they use what is broken.
        awaited: Whether the methods of the client are coroutines.
        after: Tests that must have run before, as one client leaves something to the next.
    """

    name: str
    breaks: str
    make: Callable[[Endpoint], Any]
    also: frozenset[str] = frozenset()
    awaited: bool = False
    after: tuple[str, ...] = ()


def also(*groups: str) -> frozenset[str]:
    return frozenset(groups)


def plant(base: type[Any] = RequestsClient, **changes: Any) -> type[Any]:  # noqa: ANN401 - methods and attributes of any type
    """Make a client with some methods or attributes replaced."""
    return type("Planted", (base,), changes)


def sends(change: Callable[[Client, Call], Call], *methods: str) -> type[Any]:
    """Change each request, or only those of some methods."""

    def send(self: RequestsClient, call: Call) -> Answer:
        return RequestsClient.send(self, change(self, call) if not methods or call.method in methods else call)

    return plant(send=send)


def asks(change: Callable[[int | None, int | None], dict[str, Any]]) -> type[Any]:
    """Make the query of a page from offset and limit another way; what is None is left out."""

    def query(_: Client, offset: int | None, limit: int | None) -> dict[str, str]:
        return {name: str(value) for name, value in change(offset, limit).items() if value is not None}

    return plant(query=query)


def answers(change: Callable[[Answer], Answer]) -> type[Any]:
    """Change each answer before it is read."""

    def send(self: RequestsClient, call: Call) -> Answer:
        return change(RequestsClient.send(self, call))

    return plant(send=send)


def app_codes(change: Callable[[str], Any]) -> type[Any]:
    """Read AppCodes another way."""
    return plant(read_app_code=lambda _, text: change(text))


def times(change: Callable[[str], Any]) -> type[Any]:
    """Read times another way."""
    return plant(read_time=lambda _, text: change(text))


def pages(walk: Callable[[Client], Any]) -> type[Any]:
    """Turn pages another way."""
    return plant(walk=walk)


def with_query(call: Call, **more: Any) -> Call:  # noqa: ANN401 - written as text
    return replace(call, query={**call.query, **{name: str(value) for name, value in more.items()}})


def with_headers(call: Call, **more: str | None) -> Call:
    """Set headers, or leave out those that are None; ``_`` stands for ``-``."""
    named = {name.replace("_", "-"): value for name, value in more.items()}
    kept = {name: value for name, value in call.headers.items() if name not in named}
    return replace(call, headers={**kept, **{name: value for name, value in named.items() if value is not None}})
