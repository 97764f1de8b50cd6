"""Connections with a deadline for everything that is done with them."""

from __future__ import annotations

import socket
import threading
import time
from concurrent.futures import Future
from contextlib import suppress
from typing import Any


class Line(socket.socket):
    """A socket that gives up at a deadline, however slowly bytes come and go."""

    def __init__(self, family: int, deadline: float) -> None:
        """Begin; it is not connected yet."""
        super().__init__(family)
        self._deadline = deadline

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """Receive as a socket does."""
        self.settimeout(_left(self._deadline))
        return super().recv(bufsize, flags)

    def sendall(self, data: Any, flags: int = 0, /) -> None:  # noqa: ANN401 - any buffer, as a socket does
        """Send as a socket does, but do not mind that the other side closed."""
        self.settimeout(_left(self._deadline))
        with suppress(ConnectionError):  # one that closes early may have answered before
            super().sendall(data, flags)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def connect(host: str, port: int, deadline: float) -> Line:
    """Connect to a host.

    Args:
        host: Its name or its address.
        port: The port.
        deadline: When to give up, also later, as ``time.monotonic`` counts.

    Returns:
        The connection.

    Raises:
        OSError: There is none, or not in time.
    """
    addresses = _addresses(host, port, deadline)
    while True:
        family, *_, address = addresses.pop(0)
        line = Line(family, deadline)
        try:
            # The first of several addresses must not take the time of the others.
            line.settimeout(_left(deadline) / (len(addresses) + 1))
            line.connect(address)
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except BaseException as error:
            line.close()
            if not addresses or not isinstance(error, OSError):
                raise
        else:
            return line


def _addresses(host: str, port: int, deadline: float) -> list[tuple[Any, ...]]:
    with suppress(socket.gaierror):
        return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST))
    found: Future[list[tuple[Any, ...]]] = Future()

    def search() -> None:
        try:
            found.set_result(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
        except (OSError, ValueError) as error:
            found.set_exception(error)

    # The system looks for a name as long as it likes.
    threading.Thread(target=search, daemon=True).start()
    return found.result(_left(deadline))
