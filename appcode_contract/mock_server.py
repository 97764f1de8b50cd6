"""The fake behind a real HTTP server on this machine."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Unpack

from appcode_contract.stand_in import FakeAppCodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from appcode_contract.stand_in import FakeOptions


@dataclass(frozen=True, slots=True)
class AppCodeServer:
    """A running mock server.

    Attributes:
        url: Scheme, host and port, without a slash at the end.
        fake: The fake that answers; tests arrange and look there.
    """

    url: str
    fake: FakeAppCodes


@contextmanager
def app_code_server(host: str = "127.0.0.1", port: int = 0, **options: Unpack[FakeOptions]) -> Iterator[AppCodeServer]:
    """Run a mock server in a thread, as a context manager.

    Args:
        host: An address of this machine.
        port: The port; 0 takes a free one.
        **options: The arguments of ``FakeAppCodes``; base_url is the server's own when left out.

    Yields:
        The running server; it answers from the first moment.

    Raises:
        ServerStartError: The port is taken, or the address is none of this machine.
        ValueError: An argument that ``FakeAppCodes`` refuses.
    """
    from appcode_contract.transports.live import (  # noqa: PLC0415 - uvicorn is imported when needed only
        LiveServer,
        listen,
        url_of,
    )

    listening = listen(host, port)
    with listening:
        options.setdefault("base_url", url_of(listening))
        fake = FakeAppCodes(**options)
        with LiveServer(fake, listening) as server:
            yield AppCodeServer(server.url, fake)
