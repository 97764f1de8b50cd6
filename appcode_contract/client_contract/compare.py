"""How what a client gives differs from what the server answered, told without an AppCode."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from appcode_contract.client_contract.shapes import Record
    from appcode_contract.messages import AppCodeRecord

_SHOWN: Final = 3
_DIGITS: Final = 6  # as many as datetime keeps of a second


class Difference(NamedTuple):
    """What differs.

    Attributes:
        field: Of a record; empty when it is not one field alone.
        text: How, without an AppCode.
    """

    field: str
    text: str


def differences(expected: AppCodeRecord, actual: Record) -> Difference | None:
    """Compare a record with the server's.

    Args:
        expected: The server's.
        actual: The client's.

    Returns:
        What differs; None when nothing does.
    """
    found = {}
    if actual.app_code != expected.app_code:
        found["app_code"] = _app_code(expected.app_code, actual.app_code)
    for name in ("id", "app_id"):
        if getattr(actual, name) != getattr(expected, name):
            found[name] = f"{name} is {getattr(actual, name)!r:.80}, answered was {getattr(expected, name)!r}"
    if not same_time(expected.create_time, actual.created):
        found["create_time"] = f"create_time is {actual.created.isoformat()}, answered was {expected.create_time}"
    return Difference(next(iter(found)) if len(found) == 1 else "", "; ".join(found.values())) if found else None


def same_time(answered: str, given: datetime) -> bool:
    """Say whether a time is the one that was answered.

    Args:
        answered: The server's.
        given: The client's.

    Returns:
        Whether it is: to the second at least, cut or rounded at any digit.
    """
    exact = datetime.fromisoformat(answered)
    away = abs((given - exact).total_seconds())
    # A float holds a time to less than a microsecond.
    return (
        any(given.microsecond % 10 ** (_DIGITS - digits) == 0 and away < 10.0**-digits for digits in range(_DIGITS))
        or away < 3 * 10.0**-_DIGITS
    )


def _app_code(expected: str, actual: str) -> str:
    lost, new = Counter(expected) - Counter(actual), Counter(actual) - Counter(expected)
    told = [f"app_code has {len(actual)} characters, answered were {len(expected)}"]
    if lost and len(lost) <= _SHOWN:
        told.append(f"lost: {' '.join(map(ascii, sorted(lost)))}")
    if new and len(new) <= _SHOWN:
        told.append(f"new: {' '.join(map(ascii, sorted(new)))}")
    return ", ".join(told)


def list_differences(expected: Sequence[AppCodeRecord], actual: Sequence[Record]) -> Difference | None:
    """Compare records with the server's.

    Args:
        expected: The server's, in its order.
        actual: The client's.

    Returns:
        What differs; None when nothing does.
    """
    wanted, given = [each.id for each in expected], [each.id for each in actual]
    # With every AppCode in its place it is the ids that are not read as they are.
    if wanted != given and [each.app_code for each in expected] != [each.app_code for each in actual]:
        missing, more = len(set(wanted) - set(given)), len(set(given) - set(wanted))
        twice = len(given) - len(set(given))
        parts = [f"{missing} missing", f"{twice} more than once", f"{more} of somewhere else"]
        told = ", ".join(part for part in parts if not part.startswith("0 "))
        return Difference("", f"{len(given)} AppCodes: {told or 'in another order'}")
    found = (differences(want, have) for want, have in zip(expected, actual, strict=True))
    return next((each for each in found if each), None)
