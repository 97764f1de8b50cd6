"""A provider for Faker: AppCodes, identifiers and whole answers that keep the contract."""

from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

from faker.providers import BaseProvider

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

_FIRST: Final = string.ascii_letters + "+/"
_LETTERS_ONLY: Final = string.ascii_letters + "+_!@#$%/="
_ALPHABETS: Final[Mapping[str, str]] = MappingProxyType(
    {"with_digits": _LETTERS_ONLY + string.digits, "letters_only": _LETTERS_ONLY}
)
_SHORTEST: Final = 64
_LONGEST: Final = 180
_DEFAULT_LIMIT: Final = 20
_LARGEST_LIMIT: Final = 500
_LARGEST_LONG: Final = 2**63 - 1
_MOST_DIGITS: Final = 9
_SECOND: Final = 1_000_000_000
# Times lie in these years, whatever the clock says, so that a seed repeats them.
_EARLIEST: Final = int(datetime(2020, 1, 1, tzinfo=UTC).timestamp()) * _SECOND
_LATEST: Final = int(datetime(2030, 1, 1, tzinfo=UTC).timestamp()) * _SECOND
_UNIX: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ERRORS: Final[Mapping[int, tuple[str, str]]] = MappingProxyType(
    {
        400: ("APIG.2012", "The value of {subject} is not valid"),
        401: ("APIG.1002", "The token is missing or wrong"),
        403: ("APIG.1005", "The token does not permit this"),
        404: ("APIG.3004", "There is no app {subject}"),
        500: ("APIG.9999", "The server failed"),
    }
)


class AppCodeProvider(BaseProvider):
    """Values of both operations, for ``Faker().add_provider(AppCodeProvider)``.

    The same seed gives the same values, on any day. Bodies are plain dicts as JSON has them; they hold made-up
    AppCodes in the open.
    """

    def app_code(
        self,
        alphabet: Literal["with_digits", "letters_only"] = "with_digits",
        *,
        min_size: int = _SHORTEST,
        max_size: int = _LONGEST,
    ) -> str:
        """Make an AppCode (G T3).

        Args:
            alphabet: ``with_digits`` has digits after the first character, ``letters_only`` has none.
            min_size: The least number of characters, at least 64.
            max_size: The greatest number of characters, at most 180.

        Returns:
            An AppCode.

        Raises:
            ValueError: An argument outside these; the message names the documented bound.
        """
        for name, size in (("min_size", min_size), ("max_size", max_size)):
            _check(name, size, _SHORTEST, _LONGEST, "an AppCode has 64 to 180 characters (generate/app-code/length)")
        if min_size > max_size:
            msg = f"min_size={min_size} is above max_size={max_size}"
            raise ValueError(msg)
        if alphabet not in tuple(_ALPHABETS):
            msg = f"alphabet={alphabet!r}: the alphabets are {', '.join(_ALPHABETS)} (generate/app-code/alphabet)"
            raise ValueError(msg)
        source: Random = self.generator.random
        size = source.randint(min_size, max_size)
        return source.choice(_FIRST) + "".join(source.choices(_ALPHABETS[alphabet], k=size - 1))

    def app_code_id(self) -> str:
        """Make the id of an AppCode: 32 hexadecimal digits, as in the examples (G ex)."""
        return self._identifier()

    def app_id(self) -> str:
        """Make the id of an app: 32 hexadecimal digits, as in the examples (G ex)."""
        return self._identifier()

    def project_id(self) -> str:
        """Make the id of a project: 32 hexadecimal digits; the pages only say that it is a string (G T1, L T1)."""
        return self._identifier()

    def instance_id(self) -> str:
        """Make the id of an instance: 32 hexadecimal digits; the pages only say that it is a string (G T1, L T1)."""
        return self._identifier()

    def create_time(self, digits: int = _MOST_DIGITS) -> str:
        """Make a time of creation from 2020 to 2029, in UTC.

        Args:
            digits: Fractional digits of the second, 0 to 9: nine as generate answers (G ex), none as list does (L ex).

        Returns:
            RFC 3339 with ``Z``.

        Raises:
            ValueError: digits is outside these; the message names the bound.
        """
        _check("digits", digits, 0, _MOST_DIGITS, "create_time has 0 to 9 (generate/create-time/format)")
        return _write_time(self._instant(), digits)

    def app_code_record(self, app_id: str | None = None) -> dict[str, str]:
        """Make the body of a 201 answer to generate (G T3).

        Args:
            app_id: The app; made up when left out.

        Returns:
            app_code, id, app_id and create_time with nine fractional digits.

        Raises:
            ValueError: app_id is no text.
        """
        _check_text("app_id", app_id)
        return self._record(self.app_id() if app_id is None else app_id, self._instant(), _MOST_DIGITS)

    def app_code_page(
        self, total: int | None = None, offset: int = 0, limit: int = _DEFAULT_LIMIT, *, app_id: str | None = None
    ) -> dict[str, Any]:
        """Make the body of a 200 answer to list (L T4, L T5): one page, the newest AppCode first.

        Every call makes other AppCodes, so two pages do not join to one list; a fake's do.

        Args:
            total: How many AppCodes the app has, 0 to 2**63 - 1; 0 to 60 at random when left out.
            offset: How many come before this page, a 64-bit integer; below 0 it is taken as 0.
            limit: How many the page holds at most, 1 to 500.
            app_id: The app; made up when left out.

        Returns:
            size, total and app_codes, each item with a create_time without fractional digits.

        Raises:
            ValueError: An argument outside these; the message names the documented bound.
        """
        _check_text("app_id", app_id)
        total = self.generator.random.randint(0, 3 * _DEFAULT_LIMIT) if total is None else total
        _check("total", total, 0, _LARGEST_LONG, "total is a count of at most 64 bits, 0 to 2**63 - 1 (list/total)")
        _check("offset", offset, -_LARGEST_LONG - 1, _LARGEST_LONG, "offset is a 64-bit integer (list/offset/long)")
        _check("limit", limit, 1, _LARGEST_LIMIT, "limit is 1 to 500 (list/limit/minimum, list/limit/maximum)")
        owner = self.app_id() if app_id is None else app_id
        size = max(0, min(limit, total - max(offset, 0)))
        newest_first = sorted((self._instant() for _ in range(size)), reverse=True)
        items = [self._record(owner, instant, 0) for instant in newest_first]
        return {"total": total, "size": size, "app_codes": items}

    def error_body(self, status: int = 400, subject: str | None = None) -> dict[str, str]:
        """Make the body of a documented error (G T4 to T8, L T6 to T10).

        Args:
            status: 400, 401, 403, 404 or 500.
            subject: What the text names: the parameter of a 400, ``limit`` when left out, or the app of a 404, made
                up when left out. The other texts name nothing.

        Returns:
            error_code as the examples have it, and error_msg in words of our own.

        Raises:
            ValueError: status is no documented error, and the message lists them; or subject is no text.
        """
        _check_text("subject", subject)
        if status not in tuple(_ERRORS):
            msg = f"status={status!r}: the documented errors are {', '.join(map(str, _ERRORS))} (error/body)"
            raise ValueError(msg)
        code, text = _ERRORS[status]
        if subject is None:
            subject = self.app_id() if status == 404 else "limit"  # noqa: PLR2004 - a status code
        return {"error_code": code, "error_msg": text.format(subject=subject)}

    def _identifier(self) -> str:
        return f"{self.generator.random.getrandbits(128):032x}"

    def _instant(self) -> int:
        source: Random = self.generator.random
        return source.randrange(_EARLIEST, _LATEST)

    def _record(self, app_id: str, instant: int, digits: int) -> dict[str, str]:
        return {
            "app_code": self.app_code(),
            "app_id": app_id,
            "id": self.app_code_id(),
            "create_time": _write_time(instant, digits),
        }


def _check(name: str, value: object, least: int, most: int, bound: str) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        msg = f"{name}={value!r}: it must be an integer; {bound}"
        raise ValueError(msg)  # noqa: TRY004 - what the strategies raise for the same mistake is a ValueError, too
    if not least <= value <= most:
        msg = f"{name}={value!r}: {bound}"
        raise ValueError(msg)


def _check_text(name: str, value: object) -> None:
    if value is not None and not (isinstance(value, str) and value):
        msg = f"{name}={value!r}: it must be a string that is not empty"
        raise ValueError(msg)


def _write_time(nanoseconds: int, digits: int) -> str:
    seconds, fraction = divmod(nanoseconds, _SECOND)
    written = f"{_UNIX + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%S}"
    return written + ("." + f"{fraction:09d}"[:digits] if digits else "") + "Z"
