"""Clients that trust too much: a body whatever its status, a redirect that looks harmless, a session that all share."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urljoin

from tests.broken_clients.client import Answer, Page
from tests.broken_clients.over_requests import RequestsClient
from tests.broken_clients.planting import Defect, also, plant
from tests.broken_clients.repeating import again_after

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import requests

    from appcode_contract.client_contract import Endpoint
    from tests.broken_clients.client import Call

_LOG = logging.getLogger(__name__)


def refused_when_the_body_says_so(self: RequestsClient, answer: Answer, successes: Collection[int]) -> None:
    """Never look at the status of JSON that has no error_code."""
    if b'"error_code"' in answer.body or not answer.body.startswith(b"{"):
        RequestsClient.check(self, answer, successes)


def following(harmless: Callable[[str, str], bool]) -> type[Any]:
    """Follow redirects by hand, with the token, when they look harmless."""

    def exchange(self: RequestsClient, call: Call) -> requests.Response:
        answer = RequestsClient.exchange(self, call)
        location = answer.headers.get("Location", "")
        if not 300 <= answer.status_code < 400 or not harmless(location, self.endpoint.base_url):
            return answer
        url = urljoin(call.url, location)
        return self.session.request(call.method, url, headers=call.headers, **self.options())

    return plant(exchange=exchange)


def total_or_none(self: RequestsClient, answer: Answer) -> Any:  # noqa: ANN401 - a page
    """Take 0 for a total that is missing."""
    self.check(answer, self.list_successes())
    body = self.read_object(answer)
    items = [self.read_item(item) for item in self.member(body, "app_codes", list)]
    return Page(body.get("total", 0), self.member(body, "size", int), items)


class OneSession(RequestsClient):
    """Puts its token into a session that all clients share."""

    shared: ClassVar[requests.Session | None] = None

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint)
        self.session.headers["X-Auth-Token"] = endpoint.token

    def new_session(self) -> requests.Session:
        OneSession.shared = OneSession.shared or super().new_session()
        return OneSession.shared

    def headers(self) -> dict[str, str]:
        return {"Accept": "application/json"}


def told_when_it_works_at_last(self: RequestsClient, call: Call) -> Answer:
    """Repeat a list once, and write down what helped."""
    answer = RequestsClient.send(self, call)
    if call.method != "GET" or answer.status not in {429, 503}:
        return answer
    again = RequestsClient.send(self, call)
    if again.status == 200:
        _LOG.info("answered at the second attempt: %s", dict(call.headers))
    return again


class Counting(RequestsClient):
    """Counts its calls in a thread, which ends with an error."""

    def count(self) -> None:
        msg = f"there is nobody to count for {self.endpoint.token}"
        raise RuntimeError(msg)

    def list_page(self, app_id: str, offset: int | None = None, limit: int | None = None) -> Any:  # noqa: ANN401 - a page
        page = super().list_page(app_id, offset, limit)
        counting = threading.Thread(target=self.count)
        counting.start()
        counting.join()
        return page


STATUS = "test_no_other_status_is_a_success"
REPEATED = "test_a_generate_is_not_repeated"
FOLLOWED = "test_the_token_does_not_follow_a_redirect"

DEFECTS = (
    Defect("a success whatever the status", STATUS, plant(check=refused_when_the_body_says_so), also=also("Fails")),
    Defect("PUT repeated after 202", REPEATED, again_after(202)),
    Defect("PUT repeated after 204", REPEATED, again_after(204), also=also("Fails")),
    Defect("a redirect followed that begins with a slash", FOLLOWED, following(lambda place, _: place.startswith("/"))),
    Defect("a redirect followed that begins as the server", FOLLOWED, following(str.startswith)),
    Defect(
        "a list whose total is missing has none",
        "test_a_list_without_its_total_is_no_short_list",
        plant(read_page=total_or_none),
    ),
    Defect("the newest client's token for all", "test_each_client_sends_its_own_token", OneSession),
    Defect(
        "the token logged at a second attempt",
        "test_no_log_record_shows_a_credential",
        plant(send=told_when_it_works_at_last),
    ),
    Defect("a thread that ends with the token", "test_nothing_that_is_printed_shows_a_credential", Counting),
)
