"""A live HTTP server: a handler on a socket of this machine, in a thread or in the foreground."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from typing import TYPE_CHECKING, Final, Self

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from appcode_contract.transports.asgi import CONNECTION, AsgiApp

if TYPE_CHECKING:
    from types import TracebackType

    from appcode_contract.messages import Handler

_START_SECONDS: Final = 10.0
_LAST_PORT: Final = 65535
_BACKLOG: Final = 1024
_MAXIMUM_HEAD: Final = 262_144


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


class _Protocol(HttpToolsProtocol):
    """Uvicorn's protocol, which gives the connection to our application and reads no head without an end."""

    _head: int | None = None

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {CONNECTION: self.transport}  # type: ignore[dict-item] # typed for JSON only
        self._head = 0

    def on_headers_complete(self) -> None:
        self._head = None
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._head is None:
            return
        self._head += len(data)
        if self._head > _MAXIMUM_HEAD:
            self._head = None
            self.send_400_response("The request line and the headers are too long.")


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


def _server(handler: Handler) -> _Server:
    config = uvicorn.Config(
        AsgiApp(handler),
        access_log=False,
        date_header=False,
        http=_Protocol,
        lifespan="off",
        log_config=None,  # logging belongs to the program that this server runs in
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    return _Server(config)


def serve_forever(handler: Handler, listening: socket.socket) -> None:
    """Serve in the foreground until SIGINT or SIGTERM.

    Args:
        handler: Who answers.
        listening: What ``listen`` gave; closed at the end.
    """
    with listening, contextlib.suppress(KeyboardInterrupt):
        _server(handler).run(sockets=[listening])


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
