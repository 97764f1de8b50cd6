"""Clients that are wrong now and then: after another status, on a later page, or beside another call."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.broken_clients.client import Answer, ClientError, Page
from tests.broken_clients.over_requests import RequestsClient
from tests.broken_clients.planting import Defect, also, pages, plant
from tests.broken_clients.repeating import again_after

if TYPE_CHECKING:
    from collections.abc import Generator

    from tests.broken_clients.client import Call, Client

    Walk = Generator[tuple[int | None, int | None], Any, Any]

_EMPTY = b'{"total": 0, "size": 0, "app_codes": []}'


def empty_for(*statuses: int) -> type[Any]:
    """Take some statuses for an empty page."""

    def send(self: RequestsClient, call: Call) -> Answer:
        answer = RequestsClient.send(self, call)
        return Answer(200, answer.content_type, _EMPTY) if answer.status in statuses else answer

    return plant(send=send)


def empty_when_unlike(self: RequestsClient, call: Call) -> Answer:
    """Take a refusal whose body is no object for an empty page."""
    answer = RequestsClient.send(self, call)
    odd = answer.status >= 400 and answer.body[:1] in {b"[", b'"'}
    return Answer(200, answer.content_type, _EMPTY) if odd else answer


def short_after(pages_read: int) -> type[Any]:
    """Give what was read so far when a page comes to nothing after so many."""

    def list_all(self: RequestsClient, app_id: str) -> list[Any]:
        found: list[Any] = []
        while True:
            try:
                page = self.list_page(app_id, len(found), 500)
            except ClientError:
                if len(found) < 500 * pages_read:
                    raise
                return found
            found += page.app_codes
            if not page.app_codes or len(found) >= page.total:
                return found

    return plant(list_all=list_all)


class Later(RequestsClient):
    """Knows whether it reads the first page of a list or a later one."""

    later = False

    def list_all(self, app_id: str) -> list[Any]:
        found: list[Any] = []
        try:
            while True:
                page = self.list_page(app_id, len(found), 500)
                self.later = True
                found += page.app_codes
                if not page.app_codes or len(found) >= page.total:
                    return found
        finally:
            self.later = False


class Lenient(Later):
    """Takes a later page without app_codes for an empty one."""

    def read_page(self, answer: Answer) -> Any:  # noqa: ANN401 - as the client has it
        if self.later and answer.status == 200 and isinstance(self.read_json(answer), dict):
            return super().read_page(answer) if b"app_codes" in answer.body else Page(0, 0, [])
        return super().read_page(answer)


class FollowingLater(Later):
    """Follows redirects once it has read a page."""

    def options(self) -> dict[str, Any]:
        return {**super().options(), "allow_redirects": self.later}


def patient(self: RequestsClient, call: Call) -> Any:  # noqa: ANN401 - a response of requests
    """Wait as long as Retry-After says, and ask again."""
    answer = RequestsClient.exchange(self, call)
    wait = float(answer.headers.get("Retry-After", "0"))
    if not wait:
        return answer
    threading.Event().wait(wait)
    return RequestsClient.exchange(self, call)


def again_for_413(self: RequestsClient, call: Call) -> Any:  # noqa: ANN401 - a response of requests
    answer = RequestsClient.exchange(self, call)
    return RequestsClient.exchange(self, call) if answer.status_code == 413 else answer


def kept_in_the_client(self: RequestsClient, app_id: str) -> Any:  # noqa: ANN401 - what generate gives
    self.made = RequestsClient.generate(self, app_id)  # type: ignore[attr-defined] # the defect
    time.sleep(0.005)
    return self.made  # type: ignore[attr-defined]


class OneFlight(RequestsClient):
    """Gives all who generate for an app at the same time one AppCode."""

    def __init__(self, endpoint: Any) -> None:  # noqa: ANN401 - an Endpoint
        super().__init__(endpoint)
        self.flights: dict[str, tuple[threading.Event, list[Any]]] = {}
        self.lock = threading.Lock()

    def generate(self, app_id: str) -> Any:  # noqa: ANN401 - a record
        with self.lock:
            mine = app_id not in self.flights
            done, made = self.flights.setdefault(app_id, (threading.Event(), []))
        if not mine and done.wait(1) and made:
            return made[0]
        try:
            made.append(super().generate(app_id))
            time.sleep(0.01)
        finally:
            done.set()
            with self.lock:
                self.flights.pop(app_id, None)
        return made[0]


def full_pages_only(_: Client) -> Walk:
    """Take a last page that is full for one that is over."""
    found: list[Any] = []
    while True:
        page = yield len(found), 500
        if len(page.app_codes) == 500 and len(found) + 500 == page.total and found:
            return found
        found += page.app_codes
        if len(found) >= page.total or not page.app_codes:
            return found


class Boasting(RequestsClient):
    """Sends the newest AppCode along."""

    newest = ""

    def read_app_code(self, text: str) -> str:
        self.newest = text
        return text

    def headers(self) -> dict[str, str]:
        return {**super().headers(), **({"X-Apig-AppCode": self.newest} if self.newest else {})}


class FirstApp(RequestsClient):
    """Generates for the first app that it was asked for."""

    first = ""

    def generate_call(self, app_id: str) -> Call:
        self.first = self.first or app_id
        return super().generate_call(self.first)


class QueryKept(RequestsClient):
    """Sends the query of the last list with a generate."""

    last: dict[str, str] = {}  # noqa: RUF012 - replaced, never changed

    def query(self, offset: int | None, limit: int | None) -> dict[str, str]:
        self.last = super().query(offset, limit)
        return self.last

    def generate_call(self, app_id: str) -> Call:
        return replace(super().generate_call(app_id), query=self.last)


STATUS = "test_no_other_status_is_a_success"
SHORT = "test_an_error_on_a_later_page_is_no_short_list"
REPEATED = "test_a_generate_is_not_repeated"
MIXED = "test_calls_at_the_same_time_do_not_mix"

DEFECTS = (
    Defect("405 is an empty page", STATUS, empty_for(405), also=also("Pages")),
    Defect("302 is an empty page", STATUS, empty_for(302), also=also("Pages", "DoesNoHarm")),
    Defect("a refusal in an array or a text is an empty page", STATUS, plant(send=empty_when_unlike)),
    Defect("the third page may fail", SHORT, short_after(2), also=also("Fails", "KeepsSecrets")),
    Defect("a later page without app_codes is empty", SHORT, Lenient),
    Defect("PUT repeated after 409", REPEATED, again_after(409), also=also("Fails")),
    Defect("PUT repeated after 408", REPEATED, again_after(408), also=also("Fails")),
    Defect("PUT repeated after 413", REPEATED, plant(exchange=again_for_413), also=also("Fails")),
    Defect("Retry-After is slept through", "test_a_long_retry_after_is_not_slept_through", plant(exchange=patient)),
    Defect(
        "the token follows a redirect of a later page",
        "test_the_token_does_not_follow_a_redirect",
        FollowingLater,
        also=also("Pages"),
    ),
    Defect(
        "what was generated is kept in the client", MIXED, plant(generate=kept_in_the_client), also=also("Recovers")
    ),
    Defect("one AppCode for all who generate at once", MIXED, OneFlight),
    Defect(
        "the last page is lost when it is full",
        "test_list_all_gives_everything_once_and_in_order",
        pages(full_pages_only),
        also=also("Pages", "Stateful"),
    ),
    Defect("the newest AppCode is sent along", "test_every_request_carries_the_token", Boasting),
    Defect(
        "generates for the first app only",
        "test_the_app_in_the_path_is_the_one_that_was_asked_for",
        FirstApp,
        also=also("Recovers", "Stateful"),
    ),
    Defect(
        "the query of the last list goes with a generate",
        "test_generate_has_no_query",
        QueryKept,
        also=also("Sends", "Pages", "Recovers", "DoesNoHarm", "KeepsSecrets", "Stateful", "Reads", "Fails"),
    ),
)
