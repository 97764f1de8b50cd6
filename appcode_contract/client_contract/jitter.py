"""Lets threads pause between the lines of a client, so that what they share by mistake shows.

Python changes from one thread to another so seldom that a client which keeps a call's data in an attribute gets through
most tests. A trace function makes the change likely. Lines of the standard library and of installed packages are left
alone. A line pauses twice at most, and all of them together for a twentieth of a second: a client that looks at each
character, or lets one caller in after the other, is not slowed down until its own timeouts end.
"""

from __future__ import annotations

import os
import random
import sys
import sysconfig
import time
from collections import Counter
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import CodeType, FrameType

_LONGEST_SECONDS: Final = 0.0005
_TIMES: Final = 2
_ALTOGETHER: Final = 0.05
_OWN: Final = str(Path(__file__).parents[1])


@cache
def _elsewhere() -> tuple[str, ...]:
    """Give where the files begin whose code is no client's: Python's, installed packages', and the suite's own."""
    return (*{sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}, _OWN, "<")


def folders_of(packages: Iterable[str]) -> tuple[str, ...]:
    """Give where the files of packages begin.

    Args:
        packages: Their names; one that is not imported has none.

    Returns:
        The folder of a package, the file of a module.
    """
    found: list[str] = []
    for module in map(sys.modules.get, packages):
        # A namespace package has no file, but folders.
        folders = [f"{Path(each)}{os.sep}" for each in getattr(module, "__path__", ())]
        file = getattr(module, "__file__", None)
        found += folders or ([file] if file else [])
    return tuple(found)


def is_own(file: str, own: tuple[str, ...]) -> bool:
    """Say whether a file is code of the client.

    Args:
        file: The file.
        own: Where the files begin that are, though they are installed.

    Returns:
        Whether it is neither Python's, nor an installed package's, nor the suite's.
    """
    return file.startswith(own) or not file.startswith(_elsewhere())


@contextmanager
def paused_between_lines(seed: int, own: tuple[str, ...]) -> Iterator[None]:
    """Pause this thread before the lines of a client.

    Args:
        seed: Makes the lengths of the pauses repeat.
        own: Where files begin that are the client's, though they are installed.
    """
    draw = random.Random(seed).random  # noqa: S311 - lengths of pauses
    paused: Counter[tuple[CodeType, int]] = Counter()
    left = _ALTOGETHER

    def trace(frame: FrameType, event: str, _: Any) -> Callable[..., Any] | None:  # noqa: ANN401 - as Python calls it
        nonlocal left
        if event == "call" and not is_own(frame.f_code.co_filename, own):
            return None
        line = frame.f_code, frame.f_lineno
        if paused[line] < _TIMES:
            paused[line] += 1
            pause = draw() * _LONGEST_SECONDS
            left -= pause
            time.sleep(pause)
        if left > 0:
            return trace
        sys.settrace(None)
        return None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)
