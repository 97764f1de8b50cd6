"""How many examples: few where as many lines run as with many, and all of them where ``APPCODE_IN_FULL`` is set."""

from __future__ import annotations

import os

VARIABLE = "APPCODE_IN_FULL"
IN_FULL = bool(os.environ.get(VARIABLE))


def amount(few: int, full: int) -> int:
    """Choose a number of examples or seeds."""
    return full if IN_FULL else few
