"""Clients that read only some times, or read them wrong."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta

from tests.broken_clients.client import ClientError
from tests.broken_clients.planting import EVERYTHING, Defect, also, times


def in_pattern(*patterns: str) -> type:
    def read(text: str) -> datetime:
        for pattern in patterns:
            try:
                return datetime.strptime(text, pattern)  # noqa: DTZ007 - a zone is in the pattern
            except ValueError:
                continue
        return datetime.strptime(text, patterns[0])  # noqa: DTZ007 - a zone is in the pattern

    return times(read)


def zulu(pattern: str) -> type:
    return times(lambda text: datetime.strptime(text, pattern).replace(tzinfo=UTC))


def nanoseconds_as_microseconds(text: str) -> datetime:
    seconds, dot, rest = text.partition(".")
    if not dot:
        return datetime.fromisoformat(text)
    digits = re.match(r"[0-9]+", rest)
    fraction = digits[0] if digits else ""
    return datetime.fromisoformat(seconds + rest.removeprefix(fraction)) + timedelta(microseconds=int(fraction))


def with_fraction(text: str) -> datetime:
    seconds, rest = text.split(".")
    digits = rest.rstrip("Z").partition("+")[0]
    return datetime.fromisoformat(f"{seconds}.{digits[:6]}{rest.removeprefix(digits)}")


def without_zone(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=None)


def zone_replaced(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def in_local_time(text: str) -> datetime:
    """Take the server's clock for one in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=None) - timedelta(hours=8)


def to_day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(hour=0, minute=0, second=0, microsecond=0)


def of_ten_digits(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def day_and_month_swapped(text: str) -> str:
    return re.sub(r"^(\d{4})-(\d\d)-(\d\d)", r"\1-\3-\2", text)


def short_fraction_as_microseconds(text: str) -> datetime:
    """Read a fraction of three digits or of six and more right, and any other as so many microseconds."""
    found = re.fullmatch(r"(.*:\d\d)\.(\d+)(\D.*)", text)
    if found is None:
        return datetime.fromisoformat(text)
    digits = found[2][:6]
    return datetime.fromisoformat(found[1] + found[3]) + timedelta(
        microseconds=int(digits) * (1000 if len(digits) == 3 else 1)
    )


def of_usual_length(text: str) -> datetime:
    """Refuse a fraction that has not 3, 6 or 9 digits."""
    found = re.search(r"\.(\d+)", text)
    if found and len(found[1]) not in {3, 6, 9}:
        msg = "not a time"
        raise ClientError(msg)
    return datetime.fromisoformat(text)


def zulu_as_local(text: str) -> datetime:
    return datetime.fromisoformat(text.removesuffix("Z")).astimezone()


def whole_hours(text: str) -> datetime:
    return datetime.fromisoformat(re.sub(r"([+-]\d\d):\d\d$", r"\1:00", text))


def east_only(text: str) -> datetime:
    if re.search(r"-\d\d:\d\d$", text):
        msg = "not a zone"
        raise ClientError(msg)
    return datetime.fromisoformat(text)


PRECISION = "test_a_time_is_read_whatever_its_precision"
ZONE = "test_a_time_is_read_whatever_its_zone"

DEFECTS = (
    Defect(
        "%f for nine digits", PRECISION, in_pattern("%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z"), also=EVERYTHING
    ),
    Defect("no fraction at all", PRECISION, in_pattern("%Y-%m-%dT%H:%M:%S%z"), also=EVERYTHING),
    Defect(
        "the fraction as so many microseconds",
        PRECISION,
        times(nanoseconds_as_microseconds),
        also=also("Sends", "Reads", "Recovers", "Stateful"),
    ),
    Defect("always a fraction", PRECISION, times(with_fraction), also=EVERYTHING),
    Defect(
        "Z only",
        ZONE,
        times(lambda text: datetime.fromisoformat(text.removesuffix("Z") + "+00:00")),
        also=also("Reads"),
    ),
    Defect("times without a zone", ZONE, times(without_zone), also=EVERYTHING),
    Defect("every zone taken for UTC", ZONE, times(zone_replaced), also=also("Reads")),
    Defect(
        "every time cut after the seconds and taken for UTC",
        ZONE,
        times(lambda text: datetime.fromisoformat(text[:19] + "Z")),
        also=also("Reads"),
    ),
    Defect(
        "the time of reading",
        PRECISION,
        times(lambda _: datetime.fromtimestamp(time.time() + 3600, UTC)),
        also=EVERYTHING,
    ),
    Defect("a short fraction as so many microseconds", PRECISION, times(short_fraction_as_microseconds)),
    Defect("fractions of 3, 6 and 9 digits only", PRECISION, times(of_usual_length)),
    Defect("Z taken for local time", ZONE, times(zulu_as_local), also=also("Reads", "Stateful")),
    Defect("the minutes of a zone are lost", ZONE, times(whole_hours)),
    Defect("zones in the west are refused", ZONE, times(east_only)),
)
