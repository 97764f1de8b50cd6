"""Apps and their AppCodes: state by project, instance and app, and nothing about HTTP."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from appcode_contract.fake.values import write_time
from appcode_contract.messages import AppCodeRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from appcode_contract.behavior import Behavior
    from appcode_contract.fake.values import ValueSource

_WELL_FORMED: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


class AppKey(NamedTuple):
    """Where an app lives."""

    project_id: str
    instance_id: str
    app_id: str


def well_formed(identifier: str) -> bool:
    """Say whether the fake takes this for an identifier at all.

    Args:
        identifier: A project, instance or app id, percent-decoded.

    Returns:
        Whether it is 1 to 64 letters, digits, ``-`` and ``_`` of ASCII. The pages only say "string".
    """
    return _WELL_FORMED.fullmatch(identifier) is not None


class Records(Sequence[AppCodeRecord]):
    """A read-only view of an app's AppCodes in the order they are listed in, made without a copy.

    Args:
        oldest_first: The AppCodes in the order they were made in.
        newest_first: Whether the view is turned round.
    """

    def __init__(self, oldest_first: Sequence[AppCodeRecord], *, newest_first: bool) -> None:
        """View the sequence."""
        self._made = oldest_first
        self._turned = newest_first

    def __len__(self) -> int:
        """Give the number of AppCodes."""
        return len(self._made)

    def __getitem__(self, index):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN204 - overloads of Sequence
        """Give one record, or a list for a slice."""
        if isinstance(index, slice):
            start, stop, step = index.indices(len(self._made))
            if not self._turned or step != 1:
                return list((self._made[::-1] if self._turned else self._made)[index])
            return list(self._made[len(self._made) - stop : len(self._made) - start])[::-1]
        position = range(len(self._made))[index]
        return self._made[-1 - position if self._turned else position]

    def __eq__(self, other: object) -> bool:
        """Compare with any sequence of records."""
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment] # a view of what changes

    def __repr__(self) -> str:
        """Show the number of AppCodes."""
        return f"<{len(self)} AppCodes>"


class Store:
    """The apps and their AppCodes. Not safe for threads; its owner locks.

    Args:
        values: Where new values come from.
    """

    def __init__(self, values: ValueSource) -> None:
        """Begin without apps."""
        self._values = values
        self._apps: dict[AppKey, list[AppCodeRecord]] = {}
        self._places: set[tuple[str, str]] = set()

    def __contains__(self, key: AppKey) -> bool:
        """Say whether the app exists."""
        return key in self._apps

    def has_place(self, key: AppKey) -> bool:
        """Say whether there is any app in this project and instance."""
        return key[:2] in self._places

    def add_app(self, key: AppKey) -> None:
        """Add an app without AppCodes; one that exists keeps its own."""
        self._apps.setdefault(key, [])
        self._places.add(key[:2])

    def generate(self, key: AppKey, behavior: Behavior) -> AppCodeRecord:
        """Make an AppCode.

        Args:
            key: An app that exists.
            behavior: Decides what AppCodes look like.

        Returns:
            The record, already kept.
        """
        record = AppCodeRecord(
            app_code=self._values.app_code(behavior),
            id=self._values.identifier(),
            app_id=key.app_id,
            create_time=write_time(self._values.instant()),
        )
        self._apps[key].append(record)
        return record

    def count(self, key: AppKey) -> int:
        """Give the number of an app's AppCodes; the app must exist."""
        return len(self._apps[key])

    def records(self, key: AppKey, behavior: Behavior) -> Records:
        """Give an app's AppCodes in the order they are listed in.

        Args:
            key: An app that exists.
            behavior: Decides the order.

        Returns:
            A view that follows later changes.
        """
        return Records(self._apps[key], newest_first=behavior.list_order == "newest_first")

    def counts(self) -> dict[AppKey, int]:
        """Give the number of AppCodes of every app."""
        return {key: len(records) for key, records in self._apps.items()}

    def all_app_codes(self) -> Iterator[str]:
        """Yield the AppCodes of every app."""
        return (record.app_code for records in self._apps.values() for record in records)

    def save(self) -> dict[AppKey, tuple[AppCodeRecord, ...]]:
        """Give every app with its AppCodes, oldest first."""
        return {key: tuple(records) for key, records in self._apps.items()}

    def load(self, apps: Mapping[AppKey, Iterable[AppCodeRecord]]) -> None:
        """Have these apps and no others."""
        self._apps = {key: list(records) for key, records in apps.items()}
        self._places = {key[:2] for key in apps}
