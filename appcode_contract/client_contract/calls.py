"""A call into a client, and how it ended; what it returned is read where it was called, within the same seconds."""

from __future__ import annotations

import inspect
import traceback
from collections.abc import AsyncIterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from appcode_contract.client_contract.jitter import is_own

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence


class MisfitError(Exception):
    """An adapter that is not what the suite needs; the message says what to provide."""


class WrongValueError(Exception):
    """A value that the contract does not allow; the message says which, without credentials.

    Args:
        clause: The clause it breaks.
        what: What is wrong.
    """

    def __init__(self, clause: str, what: str) -> None:
        """Keep both."""
        super().__init__(what)
        self.clause = clause


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
        read: Reads what it returned. A client may do its work only when it is looked at: it has no more time for that.
    """

    name: str
    function: Callable[..., Any] = field(repr=False)
    arguments: Sequence[object] = field(default=(), repr=False)
    keywords: Mapping[str, object] = field(default_factory=dict, repr=False)
    most: int | None = None
    free: bool = False
    read: Callable[[Any], Any] | None = field(default=None, repr=False)

    def __call__(self) -> Any:  # noqa: ANN401 - whatever it returns
        """Make the call."""
        return self.function(*self.arguments, **self.keywords)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a call ended.

    Attributes:
        value: What it returned.
        seen: What was read of that.
        wrong: Why nothing could be read of it, or None.
        error: What the client raised, when it was called or looked at; or None.
        late: Whether it had not ended at the deadline.
    """

    value: Any = field(default=None, repr=False)
    seen: Any = field(default=None, repr=False)
    wrong: MisfitError | WrongValueError | None = field(default=None, repr=False)
    error: BaseException | None = field(default=None, repr=False)
    late: bool = False


def words_of(error: BaseException) -> str:
    """Give an exception's type and text; the text may hold anything, and somebody else's code makes it."""
    try:
        return f"{type(error).__name__}: {error}"
    except Exception as wrong:  # noqa: BLE001 - somebody else's code
        return f"{type(error).__name__}, whose str() raised {type(wrong).__name__}"


def place_of(error: BaseException) -> str:
    """Say where an error was raised, as far as that is code of the client.

    Args:
        error: The error.

    Returns:
        Words that follow what it says, with a file's name and a line; empty when no such code was running.
    """
    lines = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    own = [(Path(file).name, line) for file, line in lines if is_own(file, ())]
    return " ({}, line {})".format(*own[-1]) if own else ""


def made(call: Call) -> Outcome:
    """Make a call of a client that blocks.

    Args:
        call: The call.

    Returns:
        How it ended.
    """
    try:
        value = call()
        _refuse_coroutine(call, value)
        return _read(call, value)
    except BaseException as error:  # noqa: BLE001 - a client may raise anything, SystemExit too
        return Outcome(error=error)


async def awaited(call: Call) -> Outcome:
    """Make a call of a client that is awaited; see ``made``."""
    try:
        value = call()
        if inspect.isawaitable(value):
            value = await value
        elif not call.free and not (call.most is not None and isinstance(value, AsyncIterable)):
            msg = f"{call.name}() is no coroutine; subclass AppCodeClientContract for a client that blocks"
            raise MisfitError(msg)  # noqa: TRY301 - ends as the client's own errors do
        if call.most is None or not isinstance(value, AsyncIterable):
            return _read(call, value)
        taken: list[object] = []
        async for each in value:
            taken.append(each)
            if len(taken) >= call.most:
                break
        return _read(call, taken)
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


def _read(call: Call, value: object) -> Outcome:
    taken = _take(call, value)
    value = taken if isinstance(value, Iterator) else value  # what is taken of an iterator is gone from it
    if call.read is None:
        return Outcome(value)
    try:
        return Outcome(value, seen=call.read(taken))
    except (MisfitError, WrongValueError) as wrong:
        return Outcome(value, wrong=wrong)
