"""How what a client gives differs from what the server answered, told without an AppCode."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from appcode_contract.client_contract.shapes import Record
    from appcode_contract.messages import AppCodeRecord

_SECOND: Final = 1.0
_SHOWN: Final = 3


def differences(expected: AppCodeRecord, actual: Record) -> list[str]:
    """Compare a record with the server's.

    Args:
        expected: The server's.
        actual: The client's.

    Returns:
        What differs.
    """
    found = []
    if actual.app_code != expected.app_code:
        found.append(_app_code(expected.app_code, actual.app_code))
    found += [
        f"{name} is {getattr(actual, name)!r:.80}, answered was {getattr(expected, name)!r}"
        for name in ("id", "app_id")
        if getattr(actual, name) != getattr(expected, name)
    ]
    away = abs((actual.created - datetime.fromisoformat(expected.create_time)).total_seconds())
    if away >= _SECOND:  # a client may give whole seconds
        found.append(f"create_time is {actual.created.isoformat()}, answered was {expected.create_time}")
    return found


def _app_code(expected: str, actual: str) -> str:
    lost, new = Counter(expected) - Counter(actual), Counter(actual) - Counter(expected)
    told = [f"app_code has {len(actual)} characters, answered were {len(expected)}"]
    if lost and len(lost) <= _SHOWN:
        told.append(f"lost: {' '.join(map(ascii, sorted(lost)))}")
    if new and len(new) <= _SHOWN:
        told.append(f"new: {' '.join(map(ascii, sorted(new)))}")
    return ", ".join(told)


def list_differences(expected: Sequence[AppCodeRecord], actual: Sequence[Record]) -> str:
    """Compare records with the server's.

    Args:
        expected: The server's, in its order.
        actual: The client's.

    Returns:
        What differs; empty when nothing does.
    """
    wanted, given = [each.id for each in expected], [each.id for each in actual]
    if wanted != given:
        missing, more = len(set(wanted) - set(given)), len(set(given) - set(wanted))
        twice = len(given) - len(set(given))
        parts = [f"{missing} missing", f"{twice} more than once", f"{more} of somewhere else"]
        told = ", ".join(part for part in parts if not part.startswith("0 "))
        return f"{len(given)} AppCodes: {told or 'in another order'}"
    found = (differences(want, have) for want, have in zip(expected, actual, strict=True))
    return next(("; ".join(each) for each in found if each), "")
