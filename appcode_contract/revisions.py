"""Which revisions of the two pages everything follows; apart, because every session of pytest tells it."""

from typing import Final

REVISIONS: Final = {"G": "2025-03-26", "L": "2023-06-29"}
"""The revisions of the pages by the letter that sources use, as dates."""
