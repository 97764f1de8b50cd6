"""What a faithful server is."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.broken_servers.http_server import Transport
from tests.broken_servers.service import Service
from tests.broken_servers.values import Choices

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager


@dataclass(frozen=True, slots=True)
class Faithful:
    """One faithful server.

    Attributes:
        name: A short phrase.
        make: Makes the server; takes ``seed``, ``existing`` and ``choices``.
        existing: How many AppCodes the app begins with.
        choices: What it chooses where the pages are silent.
        transport: How its answers travel.
        options: What a target says of it besides its ids and tokens.
        meanwhile: What happens while it is verified.
    """

    name: str
    make: Callable[..., Service] = Service
    existing: int = 3
    choices: Choices | None = None
    transport: Transport = field(default_factory=Transport)
    options: Mapping[str, Any] = field(default_factory=dict)
    meanwhile: Callable[[Service], AbstractContextManager[object]] = nullcontext


def chosen(**choices: Any) -> Choices:  # noqa: ANN401 - a choice of its field
    return Choices(**choices)
