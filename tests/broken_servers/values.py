"""What the server keeps and chooses, and how it writes times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Literal


@dataclass(frozen=True, slots=True)
class Record:
    """An AppCode; created in nanoseconds since 1970."""

    id: str
    app_code: str
    app_id: str
    created: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a server may choose where the pages are silent."""

    out_of_range_limit: Literal["reject", "clamp"] = "reject"
    list_order: Literal["newest_first", "oldest_first"] = "newest_first"
    app_code_alphabet: Literal["with_digits", "letters_only"] = "with_digits"
    app_code_length: Literal["random", "shortest", "longest"] = "random"
    create_time_precision: Literal["as_documented", "seconds", "milliseconds"] = "as_documented"
    create_time_zone: int = 0
    extra_fields: bool = False
    translated: bool = False
    charset: bool = False
    quota: int | None = None
    rate_limit: int | None = None
    signed_requests: bool = False


class RefusedError(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(status)
        self.status, self.code, self.text = status, code, text


def rfc3339(nanoseconds: int, digits: int = 0, zone: int = 0) -> str:
    """Write a time; the zone is in minutes east of UTC."""
    seconds, rest = divmod(nanoseconds, 10**9)
    moment = datetime.fromtimestamp(seconds, timezone(timedelta(minutes=zone)))
    fraction = f".{rest:09d}"[: digits + 1] if digits else ""
    hours, minutes = divmod(abs(zone), 60)
    offset = f"{'-' if zone < 0 else '+'}{hours:02d}:{minutes:02d}" if zone else "Z"
    return f"{moment:%Y-%m-%dT%H:%M:%S}{fraction}{offset}"
