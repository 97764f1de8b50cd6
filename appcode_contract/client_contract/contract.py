"""What a project subclasses: the test classes, and what they say of a client."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final

import pytest

from appcode_contract.client_contract.calls import MisfitError
from appcode_contract.client_contract.drivers import LoopDriver, ThreadDriver
from appcode_contract.client_contract.fails import Fails
from appcode_contract.client_contract.harm import DoesNoHarm
from appcode_contract.client_contract.opening import open_bench
from appcode_contract.client_contract.pages import Pages
from appcode_contract.client_contract.reads import Reads
from appcode_contract.client_contract.recovers import Recovers
from appcode_contract.client_contract.secrecy import KeepsSecrets
from appcode_contract.client_contract.sends import Sends
from appcode_contract.client_contract.shapes import NEEDED
from appcode_contract.client_contract.stateful import Stateful

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from appcode_contract.client_contract.bench import Bench
    from appcode_contract.client_contract.drivers import Driver
    from appcode_contract.client_contract.endpoint import Endpoint

# True for pytest, but not the True with which it would collect a class whatever its name.
_BY_NAME: Final = 1


class AppCodeClientContract(Stateful, KeepsSecrets, DoesNoHarm, Recovers, Fails, Pages, Reads, Sends):
    """Tests for a client that blocks.

    Subclass it under a name that pytest collects, and give ``make_client``. Each test has a server of its own.

    Attributes:
        has_list_all: Whether the client reads all pages by itself.
        thread_safe: Whether it may be called from several threads, or tasks, at the same time.
        deadline: Seconds in which a call must end when the server does not answer. The client's own timeout, times
            the attempts that it makes, must be shorter.
        packages: Installed packages whose code is the client's own, by the names they are imported by; the one that the
            adapter's class is in always is. Others are taken for libraries, into which no test looks.
        cannot: Tests that the client is known not to pass, by name, with the reason; they are skipped with it.
    """

    __test__: ClassVar[object] = False
    has_list_all: ClassVar[bool] = True
    thread_safe: ClassVar[bool] = True
    deadline: ClassVar[float] = 10.0
    packages: ClassVar[Sequence[str]] = ()
    cannot: ClassVar[Mapping[str, str]] = MappingProxyType({})
    _driver: ClassVar[type[Driver]] = ThreadDriver

    def __init_subclass__(cls, **keywords: Any) -> None:  # noqa: ANN401 - whatever a class statement has
        """Let pytest collect subclasses, by their names."""
        super().__init_subclass__(**keywords)
        if "__test__" not in vars(cls):
            cls.__test__ = _BY_NAME

    def make_client(self, endpoint: Endpoint) -> Any:  # noqa: ANN401 - an adapter of any type
        """Make the adapter of the client under test; a subclass must.

        Args:
            endpoint: The server, and an app without AppCodes.

        Returns:
            What has ``generate(app_id)``, ``list_page(app_id, offset=None, limit=None)`` and ``list_all(app_id)``.

        Raises:
            MisfitError: A subclass did not.
        """
        del endpoint
        msg = f"{type(self).__name__} has no make_client(self, endpoint); {NEEDED}"
        raise MisfitError(msg)

    def describe_error(self, exc: Exception) -> tuple[int | None, str | None, str | None]:
        """Say what an exception of the client tells of the answer.

        Args:
            exc: What the client raised.

        Returns:
            Status, error_code and error_msg; None for what it does not tell. By default its attributes of those names.
        """
        return (getattr(exc, "status", None), getattr(exc, "error_code", None), getattr(exc, "error_msg", None))

    def close_client(self, client: Any) -> Any:  # noqa: ANN401 - an adapter of any type
        """Close an adapter after its test; by default with its ``close``, if it has one.

        Args:
            client: What ``make_client`` returned.

        Returns:
            Nothing; a coroutine is awaited.
        """
        close = getattr(client, "close", None)
        return close() if callable(close) else None

    @pytest.fixture(name="bench")
    def _appcode_bench(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
        """What a test does with the client: a server of its own, calls with a deadline, verdicts."""
        yield from open_bench(self, request, monkeypatch, self._driver)


class AsyncAppCodeClientContract(AppCodeClientContract):
    """The same tests for a client whose methods are coroutines.

    They are awaited in an event loop of asyncio in a thread of its own; no plugin of pytest is needed, and none is in
    the way. ``make_client`` is called in that loop and may be a coroutine; ``list_all`` may be an asynchronous
    generator.
    """

    __test__: ClassVar[object] = False
    _driver: ClassVar[type[Driver]] = LoopDriver

    def close_client(self, client: Any) -> Any:  # noqa: ANN401 - an adapter of any type
        """Close an adapter after its test; by default with its ``aclose`` or ``close``, if it has one.

        Args:
            client: What ``make_client`` returned.

        Returns:
            Nothing; a coroutine is awaited.
        """
        close = getattr(client, "aclose", None) or getattr(client, "close", None)
        return close() if callable(close) else None
