"""Times as both operations write them: RFC 3339 with up to nine fractional digits (G ex, L ex)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from hypothesis import strategies as st

from appcode_contract.behavior import choices_by_field
from appcode_contract.strategies.arguments import check_choice

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

Precision: TypeAlias = Literal["as_documented", "seconds", "milliseconds"]
Zone: TypeAlias = Literal["utc", "offset"]

MOST_DIGITS: Final = 9
"""Fractional digits of the most precise time (G ex)."""
_BEGIN: Final = int(datetime(2020, 1, 1, tzinfo=UTC).timestamp())
# A day is left at both ends, for zones and for the later items of a page: no year that is written leaves 1970 to 2099.
_EARLIEST: Final = int(datetime(1970, 1, 2, tzinfo=UTC).timestamp()) - _BEGIN
_LATEST: Final = int(datetime(2099, 12, 30, 23, 59, 59, tzinfo=UTC).timestamp()) - _BEGIN
# A leap day, both ends of a year and a day, the example (G ex), and the end of 32 bits.
_OF_NOTE: Final = tuple(
    int(datetime.fromisoformat(text).timestamp()) - _BEGIN
    for text in (
        "2020-01-01T00:00:00Z",
        "2020-02-29T23:59:59Z",
        "2019-12-31T23:59:59Z",
        "2020-07-24T02:31:45Z",
        "2038-01-19T03:14:08Z",
        "1970-01-02T00:00:00Z",
        "2099-12-30T23:59:59Z",
    )
)
_FRACTIONS_OF_NOTE: Final = (0, 790_909_295, 1, 999_999_999, 100_000_000, 1_000_000)
_EIGHT_EAST: Final = 480
_MINUTES_OF_NOTE: Final = (None, _EIGHT_EAST, 0, -210, 345, 840, -720)
_WIDEST: Final = 14 * 60


class Instant(NamedTuple):
    """A point in time, which sorts.

    Attributes:
        second: Seconds since 1970 in UTC.
        nanosecond: What follows the second.
    """

    second: int
    nanosecond: int

    def later(self, seconds: int) -> Instant:
        """Give a point some seconds later."""
        return self._replace(second=self.second + seconds)


SIMPLEST: Final = Instant(_BEGIN, 0)
"""Where times shrink to."""


class TimeForm(NamedTuple):
    """How a server writes its times.

    Attributes:
        digits: Fractional digits; those beyond are cut, not rounded.
        minutes_east: The offset of the zone, or None for ``Z``.
    """

    digits: int
    minutes_east: int | None

    def write(self, instant: Instant) -> str:
        """Write a time.

        Args:
            instant: When.

        Returns:
            RFC 3339.
        """
        moment = datetime.fromtimestamp(instant.second, UTC)
        zone = "Z"
        if self.minutes_east is not None:
            moment = moment.astimezone(timezone(timedelta(minutes=self.minutes_east)))
            hours, minutes = divmod(abs(self.minutes_east), 60)
            zone = f"{'-' if self.minutes_east < 0 else '+'}{hours:02d}:{minutes:02d}"
        fraction = f".{instant.nanosecond:09d}"[: self.digits + 1] if self.digits else ""
        return moment.replace(tzinfo=None).isoformat(timespec="seconds") + fraction + zone


def create_times(*, precision: Precision | None = None, zone: Zone | None = None) -> SearchStrategy[str]:
    """Generate times of creation (G ex, L ex), from 1970 to 2099 both in UTC and as they are written.

    Left out are forms that RFC 3339 allows and that no server of this API is known to write: a leap second, ``t`` and
    ``z`` in lower case. Examples shrink to ``2020-01-01T00:00:00Z``.

    Args:
        precision: A choice of ``Behavior.create_time_precision``: ``as_documented`` has nine fractional digits or
            none, ``seconds`` none, ``milliseconds`` three. None has any number from none to nine.
        zone: A choice of ``Behavior.create_time_zone``: ``utc`` is ``Z``, ``offset`` is ``+08:00``. None has both,
            and other offsets.

    Returns:
        A strategy of strings.

    Raises:
        InvalidArgument: An argument is no choice; the message lists them.
    """
    return written_times("create_times", precision, zone)


def written_times(strategy: str, precision: Precision | None, zone: Zone | None) -> SearchStrategy[str]:
    """Generate what ``create_times`` does, for another strategy.

    Args:
        strategy: Whose arguments these are, for the message when they are wrong.
        precision: See ``create_times``.
        zone: See ``create_times``.

    Returns:
        A strategy of strings.

    Raises:
        InvalidArgument: An argument is no choice.
    """
    return _written(time_forms(strategy, precision, zone), instants())


# Hypothesis shows what a composite strategy gives as it is, and not the call that made it.
@st.composite
def _written(draw: DrawFn, forms: SearchStrategy[TimeForm], moments: SearchStrategy[Instant]) -> str:
    return draw(forms).write(draw(moments))


def time_forms(strategy: str, precision: Precision | None, zone: Zone | None) -> SearchStrategy[TimeForm]:
    """Generate ways to write times.

    Args:
        strategy: Whose arguments these are, for the message when they are wrong.
        precision: See ``create_times``.
        zone: See ``create_times``.

    Returns:
        A strategy of forms.

    Raises:
        InvalidArgument: An argument is no choice.
    """
    return st.builds(TimeForm, _digits(strategy, precision), _zones(strategy, zone))


def instants() -> SearchStrategy[Instant]:
    """Generate points in time.

    Returns:
        A strategy of points to the nanosecond, from the second day of 1970 to the last but one of 2099.
    """
    seconds = st.one_of(st.sampled_from(_OF_NOTE), st.integers(_EARLIEST, _LATEST))
    fractions = st.one_of(st.sampled_from(_FRACTIONS_OF_NOTE), st.integers(0, 999_999_999))
    return st.builds(lambda second, nanosecond: Instant(_BEGIN + second, nanosecond), seconds, fractions)


def _digits(strategy: str, precision: Precision | None) -> SearchStrategy[int]:
    if precision is None:
        return st.one_of(st.sampled_from((0, MOST_DIGITS, 3)), st.integers(0, MOST_DIGITS))
    choices = choices_by_field()["create_time_precision"]
    check_choice(strategy, "precision", precision, choices, "Behavior.create_time_precision")
    return st.sampled_from({"as_documented": (0, MOST_DIGITS), "seconds": (0,), "milliseconds": (3,)}[precision])


def _zones(strategy: str, zone: Zone | None) -> SearchStrategy[int | None]:
    if zone is None:
        return st.one_of(st.sampled_from(_MINUTES_OF_NOTE), st.integers(-_WIDEST, _WIDEST))
    check_choice(strategy, "zone", zone, choices_by_field()["create_time_zone"], "Behavior.create_time_zone")
    return st.just(None) if zone == "utc" else st.just(_EIGHT_EAST)
