"""What a good client of both operations does whatever library carries its requests: write, read, turn pages.

It knows no library. A defect is a subclass that replaces one of these methods.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Mapping

    from appcode_contract.client_contract import Endpoint

TIMEOUT: Final = 1.0
"""Seconds that a client waits for its server; short, since tests let servers hang."""
LONGEST_PAGE: Final = 500
SUCCESSES: Final = frozenset({HTTPStatus.OK, HTTPStatus.CREATED})


class ClientError(Exception):
    """An operation failed; nothing in it is a credential.

    Attributes:
        status: The status answered, or None when no answer came.
        error_code: The code of a documented error, or None.
        error_msg: The text of a documented error, or None.
    """

    def __init__(
        self, what: str, status: int | None = None, error_code: str | None = None, error_msg: str | None = None
    ) -> None:
        super().__init__(what)
        self.status = status
        self.error_code = error_code
        self.error_msg = error_msg


@dataclass(frozen=True, slots=True, repr=False)
class Call:
    """A request to be sent."""

    method: str
    url: str
    headers: Mapping[str, str]
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """An answer as it came, decompressed."""

    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class AppCode:
    """One AppCode; its repr hides it."""

    app_code: str = field(repr=False)
    id: str
    app_id: str
    create_time: datetime | str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list."""

    total: int
    size: int
    app_codes: list[AppCode]


class Client:
    """Both operations without input and output."""

    page_size: ClassVar[int] = LONGEST_PAGE
    timeout: ClassVar[float | None] = TIMEOUT

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.endpoint.base_url}>"

    # What is sent.

    def path(self, app_id: str) -> str:
        project, instance, app = (self.quoted(each) for each in (*self.scope(), app_id))
        return f"/v2/{project}/apic/instances/{instance}/apps/{app}/app-codes"

    def scope(self) -> tuple[str, str]:
        return self.endpoint.project_id, self.endpoint.instance_id

    def quoted(self, name: str) -> str:
        return quote(name, safe="")

    def url(self, app_id: str) -> str:
        return self.endpoint.base_url.rstrip("/") + self.path(app_id)

    def headers(self) -> dict[str, str]:
        return {"X-Auth-Token": self.endpoint.token, "Accept": "application/json"}

    def query(self, offset: int | None, limit: int | None) -> dict[str, str]:
        given = {"offset": offset, "limit": limit}
        return {name: str(value) for name, value in given.items() if value is not None}

    def generate_call(self, app_id: str) -> Call:
        return Call("PUT", self.url(app_id), self.headers())

    def list_call(self, app_id: str, offset: int | None, limit: int | None) -> Call:
        return Call("GET", self.url(app_id), self.headers(), self.query(offset, limit))

    # What is read.

    def read_generated(self, answer: Answer) -> Any:  # noqa: ANN401 - a defect gives anything
        self.check(answer, self.generate_successes())
        return self.read_item(self.read_object(answer))

    def read_page(self, answer: Answer) -> Any:  # noqa: ANN401 - a defect gives anything
        self.check(answer, self.list_successes())
        body = self.read_object(answer)
        items = [self.read_item(item) for item in self.member(body, "app_codes", list)]
        return self.page(self.member(body, "total", int), self.member(body, "size", int), items)

    def generate_successes(self) -> Collection[int]:
        return SUCCESSES

    def list_successes(self) -> Collection[int]:
        return SUCCESSES

    def page(self, total: int, size: int, items: list[Any]) -> Any:  # noqa: ANN401 - a defect gives anything
        return Page(total, size, items)

    def read_item(self, item: Any) -> Any:  # noqa: ANN401 - from the wire, and a defect gives anything
        if not isinstance(item, dict):
            msg = "an AppCode is not a JSON object"
            raise ClientError(msg)
        app_code, id_, app_id, create_time = (
            self.member(item, name, str) for name in ("app_code", "id", "app_id", "create_time")
        )
        return self.record(self.read_app_code(app_code), id_, app_id, self.read_time(create_time))

    def record(self, app_code: str, id_: str, app_id: str, create_time: datetime | str) -> Any:  # noqa: ANN401 - a defect gives anything
        return AppCode(app_code, id_, app_id, create_time)

    def read_app_code(self, text: str) -> str:
        return text

    def read_time(self, text: str) -> datetime | str:
        """Read up to nine fractional digits; Python keeps six of them."""
        try:
            when = datetime.fromisoformat(text)
        except ValueError:
            msg = "create_time is no time"
            raise ClientError(msg) from None
        if when.tzinfo is None:
            msg = "create_time has no zone"
            raise ClientError(msg)
        return when

    def read_object(self, answer: Answer) -> dict[str, Any]:
        body = self.read_json(answer)
        if not isinstance(body, dict):
            msg = "the body is not a JSON object"
            raise ClientError(msg, answer.status)
        return body

    def read_json(self, answer: Answer) -> Any:  # noqa: ANN401 - any JSON
        try:
            return json.loads(answer.body.decode())
        except ValueError:
            # Without its cause: that holds the body, and with it an AppCode.
            msg = "the body is not JSON"
            raise ClientError(msg, answer.status) from None

    def member(self, body: dict[str, Any], name: str, kind: type) -> Any:  # noqa: ANN401 - of that kind
        value = body.get(name)
        if not isinstance(value, kind) or isinstance(value, bool):
            msg = f"{name} is missing or not of type {kind.__name__}"
            raise ClientError(msg)
        return value

    # How it fails.

    def check(self, answer: Answer, successes: Collection[int]) -> None:
        if answer.status not in successes:
            raise self.refusal(answer)

    def refusal(self, answer: Answer) -> Exception:
        """Keep what the server says, and the status where it says nothing, as gateways do."""
        code, text = self.read_error(answer)
        return ClientError(f"{answer.status} {code or ''}: {text or 'no documented error'}", answer.status, code, text)

    def read_error(self, answer: Answer) -> tuple[str | None, str | None]:
        try:
            body = self.read_object(answer)
            return self.member(body, "error_code", str), self.member(body, "error_msg", str)
        except ClientError:
            return None, None

    # How it turns pages.

    def walk(self) -> Generator[tuple[int | None, int | None], Any, Any]:
        """Read the whole list; yields offset and limit of the next page and is sent the page.

        New AppCodes move the others while pages are turned: one that comes again counts once. It ends with as many as
        there were at first, with a page that brings nothing new, and at the end of the list.
        """
        seen: dict[str, Any] = {}
        offset, at_first = 0, None
        while True:
            page = yield offset, self.page_size
            at_first = page.total if at_first is None else at_first
            before = len(seen)
            for item in page.app_codes:
                seen.setdefault(item.id, item)
            offset += len(page.app_codes)
            if len(seen) == before or offset >= page.total or len(seen) >= at_first:
                return list(seen.values())
