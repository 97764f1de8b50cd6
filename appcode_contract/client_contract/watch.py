"""Sees what a client tells besides its answers: log records, warnings, what it prints, errors in its threads.

It keeps credentials in: what shows one goes no further, so that pytest's own report of a failed test does not show it
either.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
import warnings
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Final

from appcode_contract.client_contract.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from appcode_contract.client_contract.terminal import Written

_STANDARD: Final = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
_NAMES: Final = ("name", "threadName", "processName", "taskName", "stack_info")
"""What a record tells besides its message, in a usual format."""


class _Extras(logging.Handler):
    """Sees what a record carries besides its message."""

    def __init__(self, texts: list[str]) -> None:
        super().__init__(logging.NOTSET)
        self._texts = texts

    def emit(self, record: logging.LogRecord) -> None:
        self._texts += [f"{name}={value!r}" for name, value in record.__dict__.items() if name not in _STANDARD]


class Watch:
    """Sees what happens beside the calls.

    Args:
        hide: Gives a text without credentials; the same text when there is none in it.

    Attributes:
        everything: Whether loggers tell everything, whatever their level.
        logged: The texts of log records.
        warned: The texts of warnings.
        printed: What was written to standard output and standard error, or was to be: errors that ended a thread.
    """

    def __init__(self, hide: Callable[[str], str]) -> None:
        """Begin with nothing seen."""
        self.everything = False
        self.logged: list[str] = []
        self.warned: list[str] = []
        self.printed: list[str] = []
        self._hide = hide
        self._terminal = Terminal()
        self._hooks = threading.excepthook, sys.unraisablehook
        self._own_hooks = self._see_thread, self._see_unraisable
        threading.excepthook, sys.unraisablehook = self._own_hooks

    def close(self) -> None:
        """Watch no more."""
        self._terminal.close()
        if (threading.excepthook, sys.unraisablehook) == self._own_hooks:
            threading.excepthook, sys.unraisablehook = self._hooks

    def _see_thread(self, ended: threading.ExceptHookArgs) -> None:
        """See a thread that ended with an error; Python prints it, and pytest warns of it."""
        self._see_error(ended, str(ended.thread), lambda: self._hooks[0](ended))

    def _see_unraisable(self, met: sys.UnraisableHookArgs) -> None:
        """See an error that nobody can catch, as one of ``__del__``; Python prints it, and pytest warns of it."""
        self._see_error(met, f"{met.err_msg} {_text_of(met.object)}", lambda: self._hooks[1](met))

    def _see_error(
        self, met: threading.ExceptHookArgs | sys.UnraisableHookArgs, where: str, tell: Callable[[], object]
    ) -> None:
        trace = traceback.format_exception(met.exc_type, met.exc_value, met.exc_traceback)
        text = "".join([f"{where}\n", *trace])
        self.printed.append(text)
        if self._hide(text) == text:
            tell()

    @contextmanager
    def during(self) -> Iterator[None]:
        """Watch during a call."""
        seen: list[warnings.WarningMessage] = []
        self._terminal.begin()
        try:
            with ExitStack() as stack:
                stack.enter_context(self._records())
                seen = stack.enter_context(warnings.catch_warnings(record=True))
                warnings.simplefilter("always")
                if self.everything:
                    stack.enter_context(_every_level(_Extras(self.logged)))
                yield
        finally:
            self._pass_on(seen, self._terminal.end())

    def _pass_on(self, seen: list[warnings.WarningMessage], written: Sequence[Written]) -> None:
        for text, write in written:
            self.printed.append(text)
            write(self._hide(text))
        told = [f"{each.message} {each.message!r}" for each in seen]
        harmless = {text for text in set(told) if self._hide(text) == text}  # one may come a thousand times
        self.warned += told
        for each, text in zip(seen, told, strict=True):
            # A resource is found open whenever memory is cleared, in whosever test that may be.
            if text in harmless and not issubclass(each.category, ResourceWarning):
                warnings.warn_explicit(each.message, each.category, each.filename, each.lineno, source=each.source)

    @contextmanager
    def _records(self) -> Iterator[None]:
        make = logging.getLogRecordFactory()

        def watched(*arguments: Any, **keywords: Any) -> logging.LogRecord:  # noqa: ANN401 - as logging calls it
            record = make(*arguments, **keywords)
            self._see(record)
            return record

        logging.setLogRecordFactory(watched)
        try:
            yield
        finally:
            logging.setLogRecordFactory(make)

    def _see(self, record: logging.LogRecord) -> None:
        try:
            text = record.getMessage()
        except Exception:  # noqa: BLE001 - logging itself reports arguments that do not fit
            text = f"{record.msg} {record.args!r}"
        self.logged.append(text)
        if self._hide(text) != text:
            record.msg, record.args = self._hide(text), ()
        for name in _NAMES:
            told = getattr(record, name, None)
            if told and self._hide(str(told)) != str(told):
                self.logged.append(f"{name}={told}")
                setattr(record, name, self._hide(str(told)))
        if record.exc_info and record.exc_info[1] is not None:
            trace = "".join(traceback.format_exception(record.exc_info[1]))
            self.logged.append(trace)
            record.exc_text = self._hide(trace).rstrip("\n")


def _text_of(value: object) -> str:
    try:
        return repr(value)
    except Exception as wrong:  # noqa: BLE001 - somebody else's code
        return f"a {type(value).__name__}, whose repr() raised {type(wrong).__name__}"


@contextmanager
def _every_level(handler: logging.Handler) -> Iterator[None]:
    """Let every logger that there is tell everything to this handler; other handlers get what they always got."""
    known = [each for each in logging.root.manager.loggerDict.values() if isinstance(each, logging.Logger)]
    levels = {logger: logger.level for logger in (logging.root, *known)}
    heads = [logging.root, *(logger for logger in known if not logger.propagate)]
    others = [each for logger in levels for each in logger.handlers]
    disabled = logging.root.manager.disable
    usual = _Usual(levels, disabled)
    for other in others:
        other.addFilter(usual)
    for logger in levels:
        logger.level = logging.NOTSET
    for logger in heads:
        logger.addHandler(handler)
    logging.disable(logging.NOTSET)  # which makes every logger look at its level anew
    try:
        yield
    finally:
        for logger, level in levels.items():
            logger.level = level
        for logger in heads:
            logger.removeHandler(handler)
        for other in others:
            other.removeFilter(usual)
        logging.disable(disabled)


class _Usual(logging.Filter):
    """Lets through what the levels of before let through."""

    def __init__(self, levels: Mapping[logging.Logger, int], disabled: int) -> None:
        super().__init__()
        self._levels, self._disabled = levels, disabled

    def filter(self, record: logging.LogRecord) -> bool:
        logger: logging.Logger | None = logging.getLogger(record.name)
        while logger is not None:
            level = self._levels.get(logger, logger.level)
            if level:
                return record.levelno >= level and record.levelno > self._disabled
            logger = logger.parent
        return record.levelno > self._disabled
