"""Clients that take an error for the end of the list, or for what they were told before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.broken_clients.client import ClientError, Page
from tests.broken_clients.failing import (
    HALF,
    LANGUAGE,
    LOST,
    NO_REDIRECT,
    REFUSAL,
    TOLD,
    is_failure,
    told,
)
from tests.broken_clients.over_requests import RequestsClient
from tests.broken_clients.paging import NO_PART
from tests.broken_clients.planting import Defect, also, plant

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.broken_clients.client import Answer, Call


def empty_for_204(self: RequestsClient, call: Call) -> Answer:
    """Take an answer without a body for a page without AppCodes."""
    answer = RequestsClient.send(self, call)
    return replace(answer, status=200, body=EMPTY) if answer.status == 204 else answer


def in_16_bits(text: str | None) -> str | None:
    return text and "".join(each for each in text if ord(each) < 2**16)


def nothing_when(when: Callable[[int | None], bool]) -> type[Any]:
    """Take some errors of the whole list for an empty one."""

    def list_all(self: RequestsClient, app_id: str) -> Any:  # noqa: ANN401 - a list
        try:
            return RequestsClient.list_all(self, app_id)
        except ClientError as error:
            if when(error.status):
                return []
            raise

    return plant(list_all=list_all)


def ends_with(when: Callable[[int | None], bool]) -> type[Any]:
    """Take some errors of a later page for the end."""

    def list_page(self: RequestsClient, app_id: str, offset: int | None = None, limit: int | None = None) -> Any:  # noqa: ANN401 - a page
        try:
            return RequestsClient.list_page(self, app_id, offset, limit)
        except ClientError as error:
            if offset and limit == 500 and when(error.status):
                return Page(0, 0, [])
            raise

    return plant(list_page=list_page)


def as_before(name: str, when: Callable[[int | None], bool]) -> type[Any]:
    """Give what a method gave before in place of raising some errors."""

    def method(self: RequestsClient, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - as the method
        before: dict[Any, Any] = vars(self).setdefault("before", {})
        key = (given, *sorted(named.items()))
        try:
            before[key] = getattr(RequestsClient, name)(self, *given, **named)
        except ClientError as error:
            if key not in before or not when(error.status):
                raise
        return before[key]

    return type("Planted", (RequestsClient,), {name: method})


def status_is(number: int) -> Callable[[int | None], bool]:
    return lambda status: status == number


def is_lost(status: int | None) -> bool:
    return status is None


EMPTY = b'{"total": 0, "size": 0, "app_codes": []}'
EXCUSED = (400, 403, 429, 503)

DEFECTS = (
    Defect("nothing for 204", HALF, plant(send=empty_for_204)),
    Defect(
        "the end of a long error_msg is lost",
        TOLD,
        told(lambda status, code, text: (status, code, text and text[:20])),
        also=also("Fails"),
    ),
    Defect(
        "characters beyond 16 bits are lost",
        LANGUAGE,
        told(lambda status, code, text: (status, code, in_16_bits(text))),
    ),
    Defect("an empty list when no answer comes", LOST, nothing_when(is_lost), also=also("Pages", "Recovers", "Fails")),
    Defect(
        "an empty list for a redirect",
        NO_REDIRECT,
        nothing_when(lambda status: status in range(300, 400)),
        also=also("Fails", "Pages"),
    ),
    *(
        Defect(f"{status} on a later page taken for the end", NO_PART, ends_with(status_is(status)))
        for status in EXCUSED
    ),
    Defect("a later page that is lost taken for the end", NO_PART, ends_with(is_lost)),
    Defect("a later page that is unreadable taken for the end", NO_PART, ends_with(status_is(200))),
    Defect("the page as before for a failure", REFUSAL, as_before("list_page", is_failure), also=also("Pages")),
    Defect(
        "the list as before for any error",
        REFUSAL,
        as_before("list_all", lambda _: True),
        also=also("Pages", "Fails", "Recovers"),
    ),
    Defect("the AppCode as before for a failure", REFUSAL, as_before("generate", is_failure), also=also("Recovers")),
)
