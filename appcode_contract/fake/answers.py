"""Answers with their bodies, under one behavior."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from appcode_contract.fake.values import show_time
from appcode_contract.messages import Response

if TYPE_CHECKING:
    from appcode_contract.behavior import Behavior
    from appcode_contract.fake.errors import ErrorKind
    from appcode_contract.fake.store import AppKey, Records
    from appcode_contract.messages import AppCodeRecord

_MOST_ITEMS: Final = 10_000
_MOST_PAGES: Final = 64
_MEDIA_TYPES: Final = {"plain": "application/json", "charset": "application/json;charset=UTF-8"}
# The next request is answered, however soon it comes.
_MORE_HEADERS: Final = {
    405: (("Allow", "GET, PUT"),),
    413: (("Connection", "close"),),  # nobody reads the rest of the body
    429: (("Retry-After", "0"),),
}


class Answers:
    """Writes answers, and remembers those to lists: they cost the most, and an AppCode never changes.

    Whoever puts other AppCodes in the place of those that were there needs a new one. Not safe for threads; its owner
    locks.

    Args:
        behavior: The choices where the pages are silent.
    """

    def __init__(self, behavior: Behavior) -> None:
        """Begin with nothing written."""
        self._behavior = behavior
        self._items: dict[str, bytes] = {}
        self._pages: dict[tuple[AppKey, int, int, int], Response] = {}

    def generated(self, record: AppCodeRecord) -> Response:
        """Write a 201.

        Args:
            record: What was generated.

        Returns:
            The answer.
        """
        return self._answer(
            201, self._extended(_fields(record, show_time(record.create_time, "generate", self._behavior)))
        )

    def refusal(self, kind: ErrorKind, subject: str) -> Response:
        """Write a refusal.

        Args:
            kind: Which error.
            subject: What its text names.

        Returns:
            The answer.
        """
        body = {"error_code": kind.code, "error_msg": kind.text(self._behavior.error_texts, subject)}
        return self._answer(kind.status, self._extended(body), _MORE_HEADERS.get(kind.status, ()))

    def page(self, key: AppKey, records: Records, offset: int, limit: int) -> Response:
        """Write a 200.

        Args:
            key: The app.
            records: All of its AppCodes, in the order they are listed in. None is ever removed, so their number tells
                whether a page has changed.
            offset: How many come before the page.
            limit: How many it has at most.

        Returns:
            The answer.
        """
        asked = (key, offset, limit, len(records))
        page = self._pages.get(asked)
        if page is None:
            if len(self._pages) >= _MOST_PAGES:
                self._pages.clear()
            page = self._pages[asked] = self._answer(200, self._write_page(records, offset, limit))
        return page

    def _write_page(self, records: Records, offset: int, limit: int) -> bytes:
        items = [self._items.get(record.id) or self._write_item(record) for record in records[offset : offset + limit]]
        more = b"," + self._extended({})[1:-1] if self._behavior.extra_fields == "present" else b""
        counts = b'{"total":%d,"size":%d,"app_codes":[' % (len(records), len(items))
        return counts + b",".join(items) + b"]" + more + b"}"

    def _write_item(self, record: AppCodeRecord) -> bytes:
        if len(self._items) >= _MOST_ITEMS:
            self._items.clear()
        item = self._extended(_fields(record, show_time(record.create_time, "list", self._behavior)))
        self._items[record.id] = item
        return item

    def _answer(self, status: int, body: bytes, more: tuple[tuple[str, str], ...] = ()) -> Response:
        media_type = _MEDIA_TYPES[self._behavior.content_type]
        return Response(status, (("Content-Type", media_type), ("Content-Length", str(len(body))), *more), body)

    def _extended(self, body: dict[str, Any]) -> bytes:
        if self._behavior.extra_fields == "present":
            body["x_unknown"] = {"note": None}
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


def _fields(record: AppCodeRecord, create_time: str) -> dict[str, Any]:
    return {"app_code": record.app_code, "app_id": record.app_id, "id": record.id, "create_time": create_time}
