"""A report file: found to be writable before anything is sent, written whole or not at all, and kept up to date."""

from __future__ import annotations

import errno
import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from appcode_contract.redaction import one_line
from appcode_contract.reporting.document import abridged
from appcode_contract.reporting.forms import FORMS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

_INTERVAL: Final = 2.0
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})


class ReportFileError(ValueError):
    """A report that cannot be written; the message says where and why."""


class _NoRoomError(ReportFileError):
    """A report for which there is no room: ``reason`` in the system's words."""

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class ReportFile:
    """A file that holds the last report written to it.

    Args:
        path: Where it is.
        option: The option that named it, for messages.

    Raises:
        ReportFileError: It cannot be written.
    """

    def __init__(self, path: Path, option: str = "--report") -> None:
        """Find out, by doing it, that the file can be written; what is there stays."""
        self._named = f"{option} {one_line(str(path))}"
        self._next = 0.0
        self._generated = 0
        if path.suffix not in FORMS:
            msg = f"{self._named}: the name must end in {', '.join(FORMS)}"
            raise ReportFileError(msg)
        self._form = FORMS[path.suffix]
        try:
            self._path = path.resolve()  # a link stays a link
            self._draft = self._path.with_name(f".{self._path.name}.{os.getpid()}.part")
            folder = self._path.is_dir()
            self._mode = self._path.stat().st_mode if self._path.exists() else None
            if self._mode is not None and not folder:
                self._path.open("r+b").close()
            self._draft.open("wb").close()
            self._draft.unlink()
        except RuntimeError:  # how Python 3.11 and 3.12 say that links lead in a circle
            msg = f"{self._named} cannot be written: its links lead in a circle"
            raise ReportFileError(msg) from None
        except OSError as error:
            raise ReportFileError(self._not_written(error)) from None
        if folder:
            msg = f"{self._named}: that is a folder"
            raise ReportFileError(msg)

    def keep(self, document: Callable[[], Mapping[str, Any]], *, generated: int, now: float) -> None:
        """Write what is known so far, now and then, and at once when there is another AppCode to tell of.

        Args:
            document: Gives the report's document.
            generated: How many AppCodes were generated.
            now: Seconds since the run began.
        """
        if generated == self._generated and now < self._next:
            return
        self._generated = generated
        begun = time.monotonic()
        with suppress(ReportFileError):  # the end tells
            self._put(document())
        taken = time.monotonic() - begun
        # A long report takes no more than a tenth of the run.
        self._next = now + taken + max(_INTERVAL, 10 * taken)

    def write(self, document: Mapping[str, Any]) -> None:
        """Write a report whole or not at all; where there is no room for it, without exchanges.

        Args:
            document: The report's document.

        Raises:
            ReportFileError: It cannot be written; the file holds a shorter report, as is said, or what it held.
        """
        try:
            self._put(document)
        except _NoRoomError as error:
            shortened = any(map(self._fits, abridged(document, error.reason)))
            msg = f"{error}; " + ("a shorter one is there" if shortened else "what was there is there still")
            raise ReportFileError(msg) from None

    def _fits(self, document: Mapping[str, Any]) -> bool:
        try:
            self._put(document)
        except _NoRoomError:
            return False
        return True

    def _put(self, document: Mapping[str, Any]) -> None:
        text = self._form(document)
        try:
            self._draft.write_text(text, encoding="utf-8", newline="\n")
            if self._mode is not None:
                self._draft.chmod(self._mode)
            self._draft.replace(self._path)
        except OSError as error:
            with suppress(OSError):  # the folder may be gone, or something else by now
                self._draft.unlink()
            told = self._not_written(error)
            if error.errno in _NO_ROOM:
                raise _NoRoomError(told, (error.strerror or "no room").lower()) from None
            raise ReportFileError(told) from None

    def _not_written(self, error: OSError) -> str:
        return f"{self._named} cannot be written: {(error.strerror or str(error)).lower()}"


def report_files(paths: Sequence[Path], option: str = "--report") -> list[ReportFile]:
    """Find out that every report can be written.

    Args:
        paths: Where they are.
        option: The option that named them, for messages.

    Returns:
        The files.

    Raises:
        ReportFileError: One cannot be written, or is named twice.
    """
    files = [ReportFile(path, option) for path in paths]
    twice = next((path for path in paths if [each.resolve() for each in paths].count(path.resolve()) > 1), None)
    if twice is not None:
        msg = f"{option} {one_line(str(twice))}: the file is named twice"
        raise ReportFileError(msg)
    return files
