"""Sees what is written to standard output and standard error, whichever way it is written.

That is: to ``sys.stdout`` and ``sys.stderr`` as they are now, to the same objects where a client kept them, and to the
file descriptors 1 and 2, as C libraries and other processes do.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable

_DESCRIPTORS: Final = (1, 2)
_NAMES: Final = ("stdout", "stderr")


class Written(NamedTuple):
    """What was written.

    Attributes:
        text: The text.
        write: Writes a text where this one was to go.
    """

    text: str
    write: Callable[[str], object]


class _Held(io.StringIO):
    """A stream in the place of another one; who keeps it writes to that one when nothing is held back any more."""

    def __init__(self, name: str, see: Callable[[str], str]) -> None:
        super().__init__()
        self._name, self._see = name, see
        self.holds = False

    def write(self, text: str) -> int:
        if self.holds:
            return super().write(text)
        now = getattr(sys, self._name)
        with suppress(AttributeError, ValueError):  # there is none, or it is closed
            (now if now is not self else getattr(sys, f"__{self._name}__")).write(self._see(text))
        return len(text)

    def take(self) -> str:
        text = self.getvalue()
        self.seek(0)
        self.truncate()
        return text


class Terminal:
    """Holds back what is written between ``begin`` and ``end``.

    Args:
        see: Is given what a thread writes at any other time, and gives it as it may be shown.
    """

    def __init__(self, see: Callable[[str], str]) -> None:
        """Hold back nothing yet."""
        self._see = see
        self._held = {name: _Held(name, see) for name in _NAMES}
        self._seen: list[Any] = []
        self._files = [tempfile.TemporaryFile() for _ in _DESCRIPTORS]  # noqa: SIM115 - close() closes them
        self._saved: list[int | None] = []
        self._streams: list[tuple[str, Any, _Held]] = []

    def begin(self) -> None:
        """Hold back from now on."""
        _flush()
        self._saved = [_turned(number, file.fileno()) for number, file in zip(_DESCRIPTORS, self._files, strict=True)]
        for name in _NAMES:
            stream, held = getattr(sys, name), self._held[name]
            held.holds = True
            with suppress(AttributeError):  # what takes no attribute is seen only under its name
                stream.write = held.write
            setattr(sys, name, held)
            self._streams.append((name, stream, held))

    def end(self) -> list[Written]:
        """Hold back no more, and give what was written."""
        written = []
        for name, stream, held in self._streams:
            if getattr(sys, name) is held:
                setattr(sys, name, stream)
            held.holds = False
            self._look_at(stream)
            text = held.take()
            if text:
                written.append(Written(text, stream.write))
        self._streams.clear()
        _flush()
        for number, saved, file in zip(_DESCRIPTORS, self._saved, self._files, strict=True):
            text = _back(number, saved, file.fileno())
            if text:
                stream = getattr(sys, _NAMES[number - 1])
                written.append(Written(text, stream.write))
        return written

    def _look_at(self, stream: Any) -> None:  # noqa: ANN401 - whatever stands for the terminal
        """See what is written to a stream by itself, until this is closed."""
        with suppress(AttributeError):
            del stream.write
            write = stream.write
            stream.write = lambda text: write(self._see(text))
            if not any(each is stream for each in self._seen):
                self._seen.append(stream)

    def close(self) -> None:
        """Close what was opened, and look at nothing any more."""
        for stream in self._seen:
            with suppress(AttributeError):
                del stream.write
        self._seen.clear()
        for file in self._files:
            file.close()


def _turned(number: int, to: int) -> int | None:
    """Let a descriptor lead elsewhere, and give what leads to where it led; None where it is not open."""
    try:
        saved = os.dup(number)
    except OSError:
        return None
    os.dup2(to, number)
    return saved


def _back(number: int, saved: int | None, file: int) -> str:
    if saved is None:
        return ""
    os.dup2(saved, number)
    os.close(saved)
    size = os.lseek(file, 0, os.SEEK_CUR)
    if not size:
        return ""
    os.lseek(file, 0, os.SEEK_SET)
    text = os.read(file, size).decode(errors="replace")
    os.lseek(file, 0, os.SEEK_SET)
    os.ftruncate(file, 0)
    return text


def _flush() -> None:
    streams: tuple[TextIO | None, ...] = (sys.__stdout__, sys.__stderr__)
    for stream in streams:
        with suppress(OSError, ValueError):  # closed, or leading nowhere
            if stream is not None:
                stream.flush()
