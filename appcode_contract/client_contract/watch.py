"""Sees what a client tells besides its answers: log records, warnings, what it prints, errors in its threads.

It keeps credentials in: what shows one goes no further, so that pytest's own report of a failed test does not show it
either.
"""

from __future__ import annotations

import logging
import warnings
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from appcode_contract.client_contract.calls import words_of
from appcode_contract.client_contract.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from appcode_contract.client_contract.terminal import Written

_STANDARD: Final = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


class _Extras(logging.Handler):
    """Sees what a record carries besides its message."""

    def __init__(self, texts: list[str]) -> None:
        super().__init__(logging.NOTSET)
        self._texts = texts

    def emit(self, record: logging.LogRecord) -> None:
        self._texts += [f"{name}={value!r}" for name, value in record.__dict__.items() if name not in _STANDARD]
        with suppress(Exception):  # arguments that do not fit, which logging itself reports
            self._texts.append(record.getMessage())  # of a record that a factory of the client's own has made


class Watch:
    """Sees what happens beside the calls.

    Args:
        hide: Gives a text without credentials; the same text when there is none in it.

    Attributes:
        hide: Gives a text without credentials.
        on: Whether a call is being made.
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
        self.hide = hide
        self.on = False
        self._filters: list[Any] = []
        self._terminal = Terminal(self._see)

    def close(self) -> None:
        """Watch no more."""
        self._terminal.close()

    def _see(self, text: str) -> str:
        """See what is printed between two calls."""
        hidden = self.hide(text)
        if hidden != text:
            self.printed.append(text)
        return hidden

    @contextmanager
    def during(self) -> Iterator[None]:
        """Watch during a call."""
        seen: list[warnings.WarningMessage] = []
        self._terminal.begin()
        try:
            with ExitStack() as stack:
                self.on = True
                seen = stack.enter_context(warnings.catch_warnings(record=True))
                warnings.simplefilter("always")
                if self.everything:
                    stack.enter_context(_every_level(_Extras(self.logged)))
                usual = list(warnings.filters)
                try:
                    yield
                finally:
                    self._filters[:0] = [each for each in warnings.filters if each not in [*usual, *self._filters]]
        finally:
            self.on = False
            self._pass_on(seen, self._terminal.end())

    def _pass_on(self, seen: list[warnings.WarningMessage], written: Sequence[Written]) -> None:
        for text, write in written:
            self.printed.append(text)
            write(self.hide(text))
        told = [f"{each.message} {each.message!r}" for each in seen]
        harmless = {text for text in set(told) if self.hide(text) == text}  # one may come a thousand times
        self.warned += told
        for each, text in zip(seen, told, strict=True):
            # A resource is found open whenever memory is cleared, in whosever test that may be.
            if text in harmless and not issubclass(each.category, ResourceWarning):
                self._warn(each)

    def _warn(self, seen: warnings.WarningMessage) -> None:
        """Warn as the client did, unless a filter that it has set keeps that from anybody."""
        try:
            with warnings.catch_warnings():
                warnings.filters[:0] = self._filters  # type: ignore[index] # it is a list
                warnings.warn_explicit(seen.message, seen.category, seen.filename, seen.lineno, source=seen.source)
        except Warning as error:  # warnings are errors in this session
            msg = f"the client warned: {words_of(error)} ({Path(seen.filename).name}, line {seen.lineno})"
            raise pytest.fail.Exception(msg, pytrace=False) from None


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
