"""Keeps credentials in for as long as a session lasts: a thread, garbage or a logger may tell one after its test.

Python prints errors that end a thread or that nobody can catch, and pytest warns of them; log records are shown with
the test that fails. What shows a credential is told without it.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from appcode_contract.client_contract.watch import Watch

_NAMES: Final = ("name", "threadName", "processName", "taskName", "stack_info")
"""What a record tells besides its message, in a usual format."""
_SHORTEST: Final = 64
"""No credential of a test is shorter, but for those that are made up here."""
_LONG: Final = re.compile(rf"[A-Za-z0-9+_!@#$%/=]{{{_SHORTEST},}}")
_HIDDEN: Final = "[redacted]"


class HiddenError(Exception):
    """Stands for an error whose text shows a credential; the message is that text without it."""


class Guard:
    """Stands before the hooks for errors, and sees every log record.

    Attributes:
        watch: Who is told what was seen; None between two tests.
    """

    def __init__(self) -> None:
        """Know no credential yet."""
        self.watch: Watch | None = None
        self._old: dict[str, str] = {}
        self._thread_hook = threading.excepthook
        self._unraisable_hook = sys.unraisablehook
        self._make_record = logging.getLogRecordFactory()

    def begin(self) -> None:
        """Stand before the hooks that there are now."""
        self._thread_hook, threading.excepthook = threading.excepthook, self._see_thread
        self._unraisable_hook, sys.unraisablehook = sys.unraisablehook, self._see_unraisable
        self._make_record = logging.getLogRecordFactory()
        logging.setLogRecordFactory(self._record)

    def end(self) -> None:
        """Put each hook back, unless somebody stands before this guard: then it passes on what it gets."""
        self.watch = None
        if threading.excepthook == self._see_thread:
            threading.excepthook = self._thread_hook
        if sys.unraisablehook == self._see_unraisable:
            sys.unraisablehook = self._unraisable_hook
        if logging.getLogRecordFactory() == self._record:
            logging.setLogRecordFactory(self._make_record)

    def remember(self, secrets: Iterable[str]) -> None:
        """Know credentials of a test that is over."""
        self._old.update((secret[:_SHORTEST], secret) for secret in secrets)

    def hide(self, text: str) -> str:
        """Give a text without credentials of this test, and of those before; the same text when there is none."""
        watch = self.watch
        hidden = text if watch is None else watch.hide(text)
        rows = _LONG.findall(hidden) if self._old else ()
        starts = (row[start : start + _SHORTEST] for row in rows for start in range(len(row) - _SHORTEST + 1))
        for secret in {self._old[each] for each in starts if each in self._old}:
            hidden = hidden.replace(secret, _HIDDEN)
        return hidden

    def _see_thread(self, ended: threading.ExceptHookArgs) -> None:
        if issubclass(ended.exc_type, SystemExit):  # which Python does not tell
            self._thread_hook(ended)
            return
        name = text_of(ended.thread)
        error = self._error(name, ended)
        if self.hide(name) != name:
            return
        if isinstance(error, HiddenError):
            ended = threading.ExceptHookArgs((HiddenError, error, None, ended.thread))
        self._thread_hook(ended)

    def _see_unraisable(self, met: sys.UnraisableHookArgs) -> None:
        where = f"{met.err_msg} {text_of(met.object)}"
        error = self._error(where, met)
        if self.hide(where) != where:
            return
        if isinstance(error, HiddenError):
            kind: Any = type(met)  # which has no public name
            met = kind((HiddenError, error, None, met.err_msg, met.object))
        self._unraisable_hook(met)

    def _error(self, where: str, met: threading.ExceptHookArgs | sys.UnraisableHookArgs) -> BaseException | None:
        """Give an error that may be told: as it is, or what it says without credentials."""
        text = "".join(traceback.format_exception(met.exc_type, met.exc_value, met.exc_traceback))
        if self.watch is not None:
            self.watch.printed.append(f"{where}\n{text}")
        hidden = self.hide(text)
        return met.exc_value if hidden == text else HiddenError(hidden.strip().rpartition("\n")[2])

    def _record(self, *arguments: Any, **keywords: Any) -> logging.LogRecord:  # noqa: ANN401 - as logging calls it
        record = self._make_record(*arguments, **keywords)
        watch = self.watch
        logged: list[str] = [] if watch is None or not watch.on else watch.logged
        self._see(record, logged)
        return record

    def _see(self, record: logging.LogRecord, logged: list[str]) -> None:
        try:
            text = record.getMessage()
        except Exception:  # noqa: BLE001 - logging itself reports arguments that do not fit
            text = f"{record.msg} {record.args!r}"
        logged.append(text)
        hidden = self.hide(text)
        if hidden != text:
            record.msg, record.args = hidden, ()
        for name in _NAMES:
            told = getattr(record, name, None)
            if told and self.hide(str(told)) != str(told):
                logged.append(f"{name}={told}")
                setattr(record, name, self.hide(str(told)))
        if record.exc_info and record.exc_info[1] is not None:
            trace = "".join(traceback.format_exception(record.exc_info[1]))
            logged.append(trace)
            if self.hide(trace) != trace:  # or else a formatter writes it in its own way
                record.exc_text = self.hide(trace).rstrip("\n")


def text_of(value: object) -> str:
    """Give ``repr`` of somebody else's object, whatever that raises."""
    try:
        return repr(value)
    except Exception as wrong:  # noqa: BLE001 - somebody else's code
        return f"a {type(value).__name__}, whose repr() raised {type(wrong).__name__}"
