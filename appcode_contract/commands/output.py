"""The standard output of the commands that tell a result: of any width and encoding, also when nobody reads it."""

from __future__ import annotations

import shutil
import sys
from contextlib import contextmanager, redirect_stdout
from io import StringIO, TextIOWrapper
from typing import TYPE_CHECKING, Final

from appcode_contract.commands.ending import discard, tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from appcode_contract.reporting.terminal import Terminal

_NARROWEST: Final = 20
_USUAL: Final = 80


@contextmanager
def terminal() -> Iterator[Terminal]:
    """Give the standard output as a terminal; what cannot be printed does not change how the command ends.

    Yields:
        The terminal.
    """
    from appcode_contract.reporting.terminal import Terminal  # noqa: PLC0415 - --help stays quick

    with _printable_output():
        yield Terminal(highlight=False, width=_width())


def _width() -> int | None:
    columns = shutil.get_terminal_size().columns
    return columns if columns >= _NARROWEST else _USUAL


@contextmanager
def _printable_output() -> Iterator[None]:
    """Print what the output's encoding has, and end with the verdict even when nobody reads."""
    if sys.stdout is None:  # closed by the caller: >&-
        with redirect_stdout(StringIO()):
            yield
        return
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        yield
        sys.stdout.flush()
    except OSError as error:
        if not isinstance(error, BrokenPipeError):
            words = (error.strerror or str(error)).lower()
            tell(f"the output cannot be written: {words}")
        discard(sys.stdout)
