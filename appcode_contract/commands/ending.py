"""How commands end: in one line when the call was wrong, and with what they know when they are stopped."""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from collections.abc import Iterator


def usage(message: str) -> NoReturn:
    """End with exit code 2: the call was wrong.

    Args:
        message: What is wrong with it, and what would be right.

    Raises:
        SystemExit: Always.
    """
    click.echo(f"appcode-contract: {message}", err=True)
    sys.exit(2)


@contextmanager
def terminated_like_interrupted() -> Iterator[None]:
    """Take SIGTERM for Ctrl-C, so that a run which is cancelled still says what it made.

    Yields:
        Nothing.

    Raises:
        KeyboardInterrupt: The process was asked to end.
    """

    def interrupt(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
