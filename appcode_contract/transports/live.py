"""A live HTTP server: a handler on a socket of this machine, in a thread or in the foreground."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
import threading
from typing import TYPE_CHECKING, Final, Self

import uvicorn

from appcode_contract.transports.asgi import AsgiApp
from appcode_contract.transports.protocol import HttpProtocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType, TracebackType

    from appcode_contract.messages import Handler
    from appcode_contract.transports.asgi import Message, Receive, Send

_START_SECONDS: Final = 10.0
_LAST_PORT: Final = 65535
_BACKLOG: Final = 1024
# On Windows asyncio's other loop says goodbye before it resets a connection.
_LOOP: Final = "asyncio:SelectorEventLoop" if sys.platform == "win32" else "auto"


class ServerStartError(Exception):
    """A server that could not start; the message says where and why."""


def listen(host: str = "127.0.0.1", port: int = 0) -> socket.socket:
    """Open a listening socket.

    Args:
        host: An address or name of this machine, IPv4 or IPv6.
        port: The port, 0 to 65535; 0 takes a free one.

    Returns:
        The socket. Connections queue on it from now on, before any server runs.

    Raises:
        ServerStartError: The port is taken, or the address is none of this machine.
    """
    if not 0 <= port <= _LAST_PORT:
        msg = f"cannot listen on {host} port {port}: a port is 0 to {_LAST_PORT}"
        raise ServerStartError(msg)
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except (OSError, UnicodeError) as error:
        msg = f"cannot listen on {host} port {port}: {_reason(error)}"
        raise ServerStartError(msg) from error


def _reason(error: OSError | UnicodeError) -> str:
    if isinstance(error, UnicodeError):
        return "that is no name of a host"
    # A name that cannot be resolved has a number of another kind, and words of its own.
    if error.errno is None or isinstance(error, socket.gaierror):
        return (error.strerror or str(error)).lower()
    return os.strerror(error.errno).lower()


def url_of(listening: socket.socket) -> str:
    """Give the URL of a listening socket.

    Args:
        listening: What ``listen`` gave.

    Returns:
        Scheme, host and port.
    """
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _App(AsgiApp):
    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        # Only the end of the server cancels, and uvicorn would call that an error of ours.
        with contextlib.suppress(asyncio.CancelledError):
            await super().__call__(scope, receive, send)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Each connection is ended next, so that nobody is left who waits for a slow answer.
        for task in self.server_state.tasks:
            task.cancel()
        await super().shutdown(sockets)


def _server(handler: Handler, kind: type[_Server] = _Server) -> _Server:
    config = uvicorn.Config(
        _App(handler),
        access_log=False,
        date_header=False,
        http=HttpProtocol,
        lifespan="off",
        log_config=None,  # logging belongs to the program that this server runs in
        log_level="warning",
        loop=_LOOP,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=1,
        ws="none",
    )
    return kind(config)


class _ForegroundServer(_Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        # They are caught already, and for longer.
        yield


def serve_forever(handler: Handler, listening: socket.socket, announce: Callable[[], object] = lambda: None) -> None:
    """Serve in the foreground until SIGINT or SIGTERM; from the announcement on neither raises anything.

    Args:
        handler: Who answers.
        listening: What ``listen`` gave; closed at the end.
        announce: Says where the server is. Whoever reads it may connect at once, and end the server, too.
    """
    server = _server(handler, _ForegroundServer)
    with listening, _handling(server.handle_exit):
        announce()
        server.run(sockets=[listening])


@contextlib.contextmanager
def _handling(handler: Callable[[int, FrameType | None], object]) -> Iterator[None]:
    # A flag, and no exception: raised while the event loop begins or ends it would be lost, and the signal with it.
    before = {each: signal.signal(each, handler) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, earlier in before.items():
            signal.signal(each, earlier)


class LiveServer:
    """A handler on a socket, in a thread, as a context manager.

    Args:
        handler: Who answers.
        listening: What ``listen`` gave; closed at the end.
    """

    def __init__(self, handler: Handler, listening: socket.socket) -> None:
        """Prepare; nothing runs yet."""
        self.url = url_of(listening)
        self._socket = listening
        self._server = _server(handler)
        self._thread = threading.Thread(target=self._run, name="appcode-contract server", daemon=True)

    def _run(self) -> None:
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self._server.ready.set()

    def __enter__(self) -> Self:
        """Start, and return once requests are answered.

        Returns:
            This server.

        Raises:
            ServerStartError: It did not start within ten seconds.
        """
        self._thread.start()
        if not self._server.ready.wait(_START_SECONDS) or not self._server.started:
            self._server.should_exit = True
            msg = f"the mock server did not start on {self.url}"
            raise ServerStartError(msg)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop, and return once the thread has ended."""
        self._server.should_exit = True
        self._thread.join(_START_SECONDS)
        self._socket.close()
