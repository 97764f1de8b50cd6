"""The two kinds of clients: those that wait in the thread, and those that are awaited."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from tests.broken_clients.client import Client

if TYPE_CHECKING:
    from tests.broken_clients.client import Answer, Call


class SyncClient(Client, ABC):
    """Both operations, one after the other."""

    @abstractmethod
    def send(self, call: Call) -> Answer:
        """Send one request and wait for its answer; whatever goes wrong is a ClientError."""

    @abstractmethod
    def close(self) -> None:
        """Close the connections."""

    def generate(self, app_id: str) -> Any:  # noqa: ANN401 - a defect gives anything
        return self.read_generated(self.send(self.generate_call(app_id)))

    def list_page(self, app_id: str, offset: int | None = None, limit: int | None = None) -> Any:  # noqa: ANN401 - a defect gives anything
        return self.read_page(self.send(self.list_call(app_id, offset, limit)))

    def list_all(self, app_id: str) -> Any:  # noqa: ANN401 - a defect gives anything
        walk = self.walk()
        try:
            asked = next(walk)
            while True:
                asked = walk.send(self.list_page(app_id, *asked))
        except StopIteration as end:
            return end.value


class AsyncClient(Client, ABC):
    """Both operations as coroutines."""

    @abstractmethod
    async def send(self, call: Call) -> Answer:
        """Send one request and wait for its answer; whatever goes wrong is a ClientError."""

    @abstractmethod
    async def close(self) -> None:
        """Close the connections."""

    async def generate(self, app_id: str) -> Any:  # noqa: ANN401 - a defect gives anything
        return self.read_generated(await self.send(self.generate_call(app_id)))

    async def list_page(self, app_id: str, offset: int | None = None, limit: int | None = None) -> Any:  # noqa: ANN401 - a defect gives anything
        return self.read_page(await self.send(self.list_call(app_id, offset, limit)))

    async def list_all(self, app_id: str) -> Any:  # noqa: ANN401 - a defect gives anything
        walk = self.walk()
        try:
            asked = next(walk)
            while True:
                asked = walk.send(await self.list_page(app_id, *asked))
        except StopIteration as end:
            return end.value
