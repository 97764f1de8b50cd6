"""A report file: found to be writable before anything is sent, written whole or not at all, and kept up to date."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_INTERVAL: Final = 2.0


class ReportFileError(ValueError):
    """A report that cannot be written; the message says where and why."""


class ReportFile:
    """A file that holds the last report written to it.

    Args:
        path: Where it is.

    Raises:
        ReportFileError: It cannot be written.
    """

    def __init__(self, path: Path) -> None:
        """Find out, by doing it, that the file can be written; what is there stays."""
        self._path = path
        self._written_at = 0.0
        self._generated = 0
        if path.suffix != ".json":
            msg = f"--report {path}: the name must end in .json"
            raise ReportFileError(msg)
        if path.is_dir():
            msg = f"--report {path}: that is a folder"
            raise ReportFileError(msg)
        try:
            if path.exists():
                path.open("r+b").close()
            else:
                path.open("xb").close()
                path.unlink()
        except OSError as error:
            raise ReportFileError(self._not_written(error)) from None

    def keep(self, text: Callable[[], str], *, generated: int, now: float) -> None:
        """Write what is known so far, now and then, and at once when there is another AppCode to tell of.

        Args:
            text: Gives the report.
            generated: How many AppCodes were generated.
            now: Seconds since the run began.
        """
        if generated == self._generated and now - self._written_at < _INTERVAL:
            return
        self._generated, self._written_at = generated, now
        try:
            self.write(text())
        except ReportFileError:
            return  # the end tells

    def write(self, text: str) -> None:
        """Write a report whole or not at all.

        Args:
            text: The report.

        Raises:
            ReportFileError: It cannot be written; the file holds what it held.
        """
        draft = self._path.with_name(f".{self._path.name}.{os.getpid()}.part")
        try:
            draft.write_text(text, encoding="utf-8")
            draft.replace(self._path)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise ReportFileError(self._not_written(error)) from None

    def _not_written(self, error: OSError) -> str:
        return f"--report {self._path} cannot be written: {(error.strerror or str(error)).lower()}"
