"""The servers of a test session: one for the fronts, and another host that a redirect leads to."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

import pytest

from appcode_contract.client_contract.front import Elsewhere, Switch
from appcode_contract.client_contract.guard import Guard

if TYPE_CHECKING:
    from appcode_contract.messages import Handler


class Servers:
    """Both servers; each starts when it is first needed.

    Attributes:
        switch: Who answers on the one.
        elsewhere: Who answers on the other.
        guard: Keeps credentials in.
        kept: What one test found out for others, too, by whose client it is.
        misfits: The test that said why there is no client, by whose it is.
    """

    def __init__(self) -> None:
        """Start nothing yet."""
        self.switch = Switch()
        self.elsewhere = Elsewhere()
        self.guard = Guard()
        self.guard.begin()
        self._running = ExitStack()
        self._urls: dict[tuple[str, bool], str] = {}
        self.kept: dict[object, Any] = {}
        self.misfits: dict[object, str] = {}

    @property
    def url(self) -> str:
        """Where fronts answer."""
        return self._start("127.0.0.1", self.switch)

    @property
    def other_url(self) -> str:
        """Where the other host answers; it has another name, so that it is another one by any rule."""
        return self._start("localhost", self.elsewhere)

    @property
    def other_port_url(self) -> str:
        """Where another port of the same host answers."""
        return self._start("127.0.0.1", self.elsewhere)

    def _start(self, host: str, handler: Handler) -> str:
        from appcode_contract.transports.live import (  # noqa: PLC0415 - uvicorn is imported when needed only
            LiveServer,
            listen,
        )

        key = host, handler is self.switch
        if key not in self._urls:
            listening = listen(host)
            server = self._running.enter_context(LiveServer(handler, listening))
            port = server.url.rpartition(":")[2]
            self._urls[key] = f"http://{host}:{port}"
        return self._urls[key]

    def stop(self) -> None:
        """Stop both, and the guard."""
        self.guard.end()
        self._running.close()
        self._urls.clear()


_SERVERS: Final = pytest.StashKey[Servers]()


def servers_of(config: pytest.Config) -> Servers:
    """Give the servers of a session; they stop when it ends.

    Args:
        config: The session's configuration.

    Returns:
        The servers.
    """
    if _SERVERS not in config.stash:
        config.stash[_SERVERS] = Servers()
        config.add_cleanup(config.stash[_SERVERS].stop)
    return config.stash[_SERVERS]
