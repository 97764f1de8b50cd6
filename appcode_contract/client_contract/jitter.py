"""Lets threads pause between the lines of a client, so that what they share by mistake shows.

Python changes from one thread to another so seldom that a client which keeps a call's data in an attribute gets through
most tests. A trace function makes the change likely. Lines of the standard library and of installed packages are left
alone.
"""

from __future__ import annotations

import random
import sys
import sysconfig
import time
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

_LONGEST_SECONDS: Final = 0.0005
_OWN: Final = str(Path(__file__).parents[1])


@cache
def _elsewhere() -> tuple[str, ...]:
    return (*{sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}, _OWN, "<")


@contextmanager
def paused_between_lines(seed: int) -> Iterator[None]:
    """Pause this thread before each line of a client.

    Args:
        seed: Makes the lengths of the pauses repeat.
    """
    draw = random.Random(seed).random  # noqa: S311 - lengths of pauses
    others = _elsewhere()

    def trace(frame: FrameType, event: str, _: Any) -> Callable[..., Any] | None:  # noqa: ANN401 - as Python calls it
        if event == "call" and frame.f_code.co_filename.startswith(others):
            return None
        time.sleep(draw() * _LONGEST_SECONDS)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)
