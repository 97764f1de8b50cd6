"""What was asked and answered, as far as memory is given for it."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from appcode_contract.messages import Exchange

MOST_EXCHANGES: Final = 10_000
MOST_BYTES: Final = 64 * 1_048_576
# What Python itself takes for an exchange, and for a header in it.
_EXCHANGE: Final = 700
_PAIR: Final = 170


class ExchangeLog:
    """The newest exchanges, oldest first. Not safe for threads; its owner locks.

    Args:
        most: How many are kept.
        most_bytes: How many bytes their URLs, headers and bodies may have together. The newest is always kept.

    Attributes:
        dropped: How many were not kept.
    """

    def __init__(self, most: int = MOST_EXCHANGES, most_bytes: int = MOST_BYTES) -> None:
        """Begin empty."""
        self.dropped = 0
        self._most, self._most_bytes = most, most_bytes
        self._kept: deque[Exchange] = deque()
        self._sizes: deque[int] = deque()
        self._bytes = 0

    def add(self, exchange: Exchange) -> None:
        """Keep an exchange, and drop the oldest for which there is no room."""
        size = _size(exchange)
        self._kept.append(exchange)
        self._sizes.append(size)
        self._bytes += size
        while len(self._kept) > self._most or (self._bytes > self._most_bytes and len(self._kept) > 1):
            self._kept.popleft()
            self._bytes -= self._sizes.popleft()
            self.dropped += 1

    def __iter__(self) -> Iterator[Exchange]:
        """Yield what is kept, oldest first."""
        return iter(self._kept)

    def load(self, exchanges: Iterable[Exchange], dropped: int) -> None:
        """Have these exchanges and no others."""
        self._kept = deque(exchanges)
        self._sizes = deque(map(_size, self._kept))
        self._bytes = sum(self._sizes)
        self.dropped = dropped


def _size(exchange: Exchange) -> int:
    request, response = exchange.request, exchange.response
    size = _EXCHANGE + len(request.url) + len(request.body) + (len(response.body) if response is not None else 0)
    for name, value in request.headers:
        size += _PAIR + len(name) + len(value)
    return size
