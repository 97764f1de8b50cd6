"""Runs calls into a client in a thread of its own, so that a call which never ends is given up.

``ThreadDriver`` is for clients that block, ``LoopDriver`` for coroutines: its thread has an event loop, so that neither
a plugin of pytest nor a loop that runs already is in the way.
"""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import AbstractContextManager, nullcontext
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final, Protocol

from appcode_contract.client_contract.calls import Outcome, awaited, made
from appcode_contract.client_contract.jitter import paused_between_lines

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from appcode_contract.client_contract.calls import Call

_CLOSING_SECONDS: Final = 1.0


class Driver(Protocol):
    """Makes calls."""

    def run(self, call: Call, seconds: float) -> Outcome:
        """Make a call.

        Args:
            call: The call.
            seconds: When it is given up.

        Returns:
            How it ended.
        """
        ...

    def together(self, calls: Sequence[Call], seconds: float, own: tuple[str, ...] | None) -> list[Outcome]:
        """Make calls at the same time.

        Args:
            calls: The calls.
            seconds: When they are given up, all of them together.
            own: Where files begin that are the client's, though they are installed: between the lines of the client's
                files threads pause, so that they take turns. None where none pauses.

        Returns:
            How each ended.
        """
        ...

    def close(self) -> None:
        """End, without waiting for a call that was given up."""
        ...


class _Worker:
    """A thread that makes one call after the other, and may pause between the lines of the client."""

    def __init__(self, seed: int = 0, own: tuple[str, ...] | None = None) -> None:
        self._pauses: AbstractContextManager[None] = nullcontext() if own is None else paused_between_lines(seed, own)
        self._calls: SimpleQueue[Call | None] = SimpleQueue()
        self._outcomes: SimpleQueue[Outcome] = SimpleQueue()
        threading.Thread(target=self._work, name="client under test", daemon=True).start()

    def _work(self) -> None:
        with self._pauses:
            while (call := self._calls.get()) is not None:
                self._outcomes.put(made(call))

    def begin(self, call: Call) -> None:
        self._calls.put(call)

    def outcome(self, seconds: float) -> Outcome:
        try:
            return self._outcomes.get(timeout=max(seconds, 0))
        except Empty:
            return Outcome(late=True)

    def end(self) -> None:
        self._calls.put(None)


class ThreadDriver:
    """Calls a client that blocks; its calls all come from one thread, but for those at the same time."""

    def __init__(self) -> None:
        """Start the thread."""
        self._worker = _Worker()

    def run(self, call: Call, seconds: float) -> Outcome:
        """Make a call; see ``Driver``."""
        outcome = Outcome(late=True)
        try:
            self._worker.begin(call)
            outcome = self._worker.outcome(seconds)
        finally:
            if outcome.late:  # or a signal came: what it may give later on is for nobody
                self._worker.end()
                self._worker = _Worker()
        return outcome

    def together(self, calls: Sequence[Call], seconds: float, own: tuple[str, ...] | None) -> list[Outcome]:
        """Make calls at the same time; see ``Driver``."""
        workers = [_Worker(number, own) for number, _ in enumerate(calls)]
        for worker, call in zip(workers, calls, strict=True):
            worker.begin(call)
        end = time.monotonic() + seconds
        outcomes = [worker.outcome(end - time.monotonic()) for worker in workers]
        for worker in workers:
            worker.end()
        return outcomes

    def close(self) -> None:
        """Let the thread end."""
        self._worker.end()


class LoopDriver:
    """Awaits a client's coroutines, all of them in one event loop."""

    def __init__(self) -> None:
        """Start the loop."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._work, name="client under test", daemon=True)
        self._thread.start()

    def _work(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.run_until_complete(asyncio.sleep(0))  # connections that were closed say goodbye
        asyncio.set_event_loop(None)
        self._loop.close()

    def run(self, call: Call, seconds: float) -> Outcome:
        """Make a call; see ``Driver``."""
        outcome: Outcome = self._wait(awaited(call), seconds, Outcome(late=True))
        return outcome

    def together(self, calls: Sequence[Call], seconds: float, own: tuple[str, ...] | None) -> list[Outcome]:
        """Make calls at the same time; see ``Driver``."""
        del own  # they take turns where the client awaits

        async def gathered() -> list[Outcome]:
            return await asyncio.gather(*map(awaited, calls))

        outcomes: list[Outcome] = self._wait(gathered(), seconds, [Outcome(late=True) for _ in calls])
        return outcomes

    def _wait(self, coroutine: Coroutine[Any, Any, Any], seconds: float, late: Any) -> Any:  # noqa: ANN401 - what the coroutine gives
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        try:
            return future.result(seconds)
        except TimeoutError:  # never the client's own: that is in the outcome
            future.cancel()
            return late

    def close(self) -> None:
        """Cancel what is left, and end the loop unless the client blocks it."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_CLOSING_SECONDS)
