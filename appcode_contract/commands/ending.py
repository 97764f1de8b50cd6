"""How commands end: in one line when the call was wrong, and with what they know when they are stopped."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NoReturn, TextIO

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


def usage(message: str) -> NoReturn:
    """End with exit code 2: the call was wrong.

    Args:
        message: What is wrong with it, and what would be right.

    Raises:
        SystemExit: Always.
    """
    tell(message)
    sys.exit(2)


def tell(message: str) -> None:
    """Say something on stderr, if anybody reads it.

    Args:
        message: What.
    """
    try:
        click.echo(f"appcode-contract: {message}", err=True)
    except OSError:
        discard(sys.stderr)


def discard(stream: TextIO) -> None:
    """Write a stream to nowhere from now on: what is left in its buffer must not fail once more at the end.

    Args:
        stream: Standard output or standard error, which nobody reads.
    """
    if stream in {sys.__stdout__, sys.__stderr__}:  # any other belongs to whoever put it there
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let neither Ctrl-C nor SIGTERM come between: what was made has to be told.

    Yields:
        Nothing.
    """
    with _handling(signal.SIG_IGN):
        yield


@contextmanager
def interrupted_once() -> Iterator[None]:
    """Take SIGTERM for Ctrl-C, so that a run which is cancelled still says what it made, and either only once.

    Yields:
        Nothing.

    Raises:
        KeyboardInterrupt: The process was asked to end.
    """

    def interrupt(*_: object) -> NoReturn:
        for each in _SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    with _handling(interrupt):
        yield


@contextmanager
def _handling(handler: Callable[..., object] | signal.Handlers) -> Iterator[None]:
    before = {each: signal.signal(each, handler) for each in _SIGNALS}
    try:
        yield
    finally:
        for each, earlier in before.items():
            signal.signal(each, earlier)
