"""The fake behind a real HTTP server on this machine."""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING, Unpack
from urllib.parse import urlsplit

from appcode_contract.admin import PREFIX, Admin, is_loopback
from appcode_contract.stand_in import FakeAppCodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from appcode_contract.behavior import Behavior
    from appcode_contract.messages import Request, Response
    from appcode_contract.stand_in import FakeOptions


class AppCodeServer:
    """A running mock server.

    Below ``/__admin/`` it has an admin API, whose OpenAPI document is ``/__admin/openapi.json``.

    Args:
        url: Where it answers.
        admin_token: The bearer token that the admin API demands; made up when left out and others can reach the
            server, otherwise none is demanded. A credential.
        **options: The arguments of ``FakeAppCodes``.

    Attributes:
        url: Scheme, host and port, without a slash at the end.
        admin_token: The bearer token that the admin API demands, or None.
        fake: The fake that answers; tests arrange and look there.

    Raises:
        ValueError: An argument that ``FakeAppCodes`` refuses.
    """

    def __init__(self, url: str, admin_token: str | None = None, **options: Unpack[FakeOptions]) -> None:
        """Make the fake; nothing runs yet."""
        self.url = url
        host = urlsplit(url).hostname or ""
        self.admin_token = admin_token if admin_token is not None or is_loopback(host) else secrets.token_urlsafe(32)
        self._admin = Admin(host, self.admin_token)
        self._options = options
        self.fake = FakeAppCodes(**options)

    def renew(self, behavior: Behavior | None = None) -> None:
        """Put a new fake in the place of the old one, made like it; what an old client still sends is a stranger's.

        Args:
            behavior: The choices where the pages are silent; those of the old one's making when left out.
        """
        options = self._options if behavior is None else {**self._options, "behavior": behavior}
        self.fake = FakeAppCodes(**options)

    def handle(self, request: Request) -> Response:
        """Let the admin API answer below its prefix, and the fake anywhere else.

        Args:
            request: The request.

        Returns:
            The answer.
        """
        if request.path.startswith(f"{PREFIX}/"):
            return self._admin.handle(self.fake, request)
        return self.fake.handle(request)


@contextmanager
def app_code_server(
    host: str = "127.0.0.1", port: int = 0, *, admin_token: str | None = None, **options: Unpack[FakeOptions]
) -> Iterator[AppCodeServer]:
    """Run a mock server in a thread, as a context manager.

    Args:
        host: An address of this machine.
        port: The port; 0 takes a free one.
        admin_token: The bearer token that the admin API demands; made up when left out and others can reach it.
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
        server = AppCodeServer(url_of(listening), admin_token, **options)
        with LiveServer(server, listening):
            yield server
