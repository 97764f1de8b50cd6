"""Runs calls into a client in a thread of its own, so that a call which never ends is given up.

``ThreadDriver`` is for clients that block, ``LoopDriver`` for coroutines: its thread has an event loop, so that neither
a plugin of pytest nor a loop that runs already is in the way.
"""

from __future__ import annotations

import asyncio
import inspect
import threading
import time
from collections.abc import AsyncIterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from itertools import islice
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final, Protocol

from appcode_contract.client_contract.jitter import paused_between_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence

_CLOSING_SECONDS: Final = 1.0


class MisfitError(Exception):
    """An adapter that is not what the suite needs; the message says what to provide."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call into the test class or its adapter.

    Attributes:
        name: What is called, for messages.
        function: The function.
        arguments: Its positional arguments.
        keywords: Its keywords.
        most: How many items are taken of an iterable that it returns; None for what returns no iterable.
        free: Whether a client that is awaited may have it as a plain function, too.
    """

    name: str
    function: Callable[..., Any] = field(repr=False)
    arguments: Sequence[object] = field(default=(), repr=False)
    keywords: Mapping[str, object] = field(default_factory=dict, repr=False)
    most: int | None = None
    free: bool = False

    def __call__(self) -> Any:  # noqa: ANN401 - whatever it returns
        """Make the call."""
        return self.function(*self.arguments, **self.keywords)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a call ended.

    Attributes:
        value: What it returned.
        error: What it raised, or None.
        late: Whether it had not ended at the deadline.
    """

    value: Any = field(default=None, repr=False)
    error: BaseException | None = field(default=None, repr=False)
    late: bool = False


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

    def together(self, calls: Sequence[Call], seconds: float) -> list[Outcome]:
        """Make calls at the same time; all of them have the seconds together."""
        ...

    def close(self) -> None:
        """End, without waiting for a call that was given up."""
        ...


class _Worker:
    """A thread that makes one call after the other; with a seed it pauses between the lines of the client."""

    def __init__(self, seed: int | None = None) -> None:
        self._pauses: AbstractContextManager[None] = nullcontext() if seed is None else paused_between_lines(seed)
        self._calls: SimpleQueue[Call | None] = SimpleQueue()
        self._outcomes: SimpleQueue[Outcome] = SimpleQueue()
        threading.Thread(target=self._work, name="client under test", daemon=True).start()

    def _work(self) -> None:
        with self._pauses:
            while (call := self._calls.get()) is not None:
                self._outcomes.put(_make(call))

    def begin(self, call: Call) -> None:
        self._calls.put(call)

    def outcome(self, seconds: float) -> Outcome:
        try:
            return self._outcomes.get(timeout=max(seconds, 0))
        except Empty:
            return Outcome(late=True)

    def end(self) -> None:
        self._calls.put(None)


def _make(call: Call) -> Outcome:
    try:
        value = call()
        _refuse_coroutine(call, value)
        return Outcome(_take(call, value))
    except BaseException as error:  # noqa: BLE001 - a client may raise anything, SystemExit too
        return Outcome(error=error)


def _refuse_coroutine(call: Call, value: object) -> None:
    if not inspect.isawaitable(value) and not isinstance(value, AsyncIterable):
        return
    if inspect.iscoroutine(value):
        value.close()
    msg = f"{call.name}() is asynchronous; subclass AsyncAppCodeClientContract for a client that is awaited"
    raise MisfitError(msg)


def _take(call: Call, value: Any) -> Any:  # noqa: ANN401 - whatever a client returns
    if call.most is None or not hasattr(type(value), "__iter__"):
        return value
    taken: Iterable[object] = islice(value, call.most)
    return list(taken)


class ThreadDriver:
    """Calls a client that blocks; its calls all come from one thread, but for those at the same time."""

    def __init__(self) -> None:
        """Start the thread."""
        self._worker = _Worker()

    def run(self, call: Call, seconds: float) -> Outcome:
        """Make a call; see ``Driver``."""
        self._worker.begin(call)
        outcome = self._worker.outcome(seconds)
        if outcome.late:
            self._worker.end()
            self._worker = _Worker()
        return outcome

    def together(self, calls: Sequence[Call], seconds: float) -> list[Outcome]:
        """Make calls at the same time; see ``Driver``."""
        workers = [_Worker(number) for number, _ in enumerate(calls)]
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
        outcome: Outcome = self._wait(_awaited(call), seconds, Outcome(late=True))
        return outcome

    def together(self, calls: Sequence[Call], seconds: float) -> list[Outcome]:
        """Make calls at the same time; see ``Driver``."""

        async def gathered() -> list[Outcome]:
            return await asyncio.gather(*map(_awaited, calls))

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


async def _awaited(call: Call) -> Outcome:
    try:
        value = call()
        if inspect.isawaitable(value):
            value = await value
        elif not call.free and not (call.most is not None and isinstance(value, AsyncIterable)):
            msg = f"{call.name}() is no coroutine; subclass AppCodeClientContract for a client that blocks"
            raise MisfitError(msg)  # noqa: TRY301 - ends as the client's own errors do
        if call.most is None or not isinstance(value, AsyncIterable):
            return Outcome(_take(call, value))
        taken: list[object] = []
        async for each in value:
            taken.append(each)
            if len(taken) >= call.most:
                break
        return Outcome(taken)
    except BaseException as error:  # noqa: BLE001 - a client may raise anything, SystemExit too
        return Outcome(error=error)
