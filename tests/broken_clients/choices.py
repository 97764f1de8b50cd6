"""Clients that are right, and chose otherwise than the correct ones where nothing is demanded."""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit

from tests.broken_clients.client import Answer, ClientError
from tests.broken_clients.failing import json_first, whatever
from tests.broken_clients.kinds import SyncClient
from tests.broken_clients.over_requests import RequestsClient
from tests.broken_clients.paging import joined
from tests.broken_clients.planting import pages, plant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from appcode_contract.client_contract import Endpoint
    from tests.broken_clients.client import Call, Client
    from tests.broken_clients.paging import Walk

REPEATED: Final = frozenset({429, 502, 503, 504})


class PlainClient(SyncClient):
    """http.client, and a connection for each request."""

    def send(self, call: Call) -> Answer:
        parts = urlsplit(call.url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=self.timeout)
        target = parts.path + (f"?{urlencode(call.query)}" if call.query else "")
        try:
            connection.request(call.method, target, headers=dict(call.headers))
            answer = connection.getresponse()
            return Answer(answer.status, answer.getheader("Content-Type", ""), answer.read())
        except (OSError, http.client.HTTPException) as error:
            msg = f"no answer to {call.method}: {type(error).__name__}"
            raise ClientError(msg) from error
        finally:
            connection.close()

    def close(self) -> None:
        """There is nothing to close."""


def lazily(self: RequestsClient, app_id: str) -> Iterator[Any]:
    """Give AppCodes while pages of a hundred are read, until one is empty."""
    offset = 0
    while items := self.list_page(app_id, offset, 100).app_codes:
        yield from items
        offset += len(items)


def by_total(_: Client) -> Walk:
    """Ask how many there are, and then for as many, page by page."""
    first = yield 0, 1
    found: list[Any] = []
    for offset in range(0, first.total, 50):
        page = yield offset, 50
        found += page.app_codes
    return found


def by_default(_: Client) -> Walk:
    """Leave limit to the server."""
    found: list[Any] = []
    while True:
        page = yield len(found) or None, None
        found += page.app_codes
        if not page.app_codes or len(found) >= page.total:
            return found


def restarting(_: Client) -> Walk:
    """Begin again when the list has changed."""
    found: list[Any] = []
    total = None
    while True:
        page = yield len(found), 20
        if total not in {None, page.total}:
            found, total = [], None
            continue
        total = page.total
        found += page.app_codes
        if len(found) >= total:
            return found


def patient(self: RequestsClient, call: Call) -> Answer:
    """Ask three times, unless it is a generate."""
    for _ in range(2):
        try:
            answer = RequestsClient.send(self, call)
        except ClientError:
            if call.method == "PUT":
                raise
            continue
        if call.method == "PUT" or answer.status not in REPEATED:
            return answer
    return RequestsClient.send(self, call)


def refused_first(self: RequestsClient, offset: int | None, limit: int | None) -> dict[str, str]:
    """Refuse what is out of range, without asking."""
    if limit is not None and limit not in range(1, 501):
        msg = f"limit is {limit}, and must be from 1 to 500"
        raise ValueError(msg)
    if offset is not None and offset < 0:
        msg = f"offset is {offset}, and must be at least 0"
        raise ValueError(msg)
    return RequestsClient.query(self, offset, limit)


CHOICES: Final[Mapping[str, Callable[[Endpoint], Any]]] = {
    "http.client": PlainClient,
    "a generator, until a page is empty": plant(list_all=lazily),
    "total first, pages of 50": pages(by_total),
    "the server's limit": pages(by_default),
    "an item twice when the list grows": joined(
        until=lambda found, _, page: len(found) >= page.total or not page.app_codes
    ),
    "begins again when the list has changed": pages(restarting),
    "queries are repeated": plant(send=patient),
    "what is out of range is not sent": plant(query=refused_first),
    "the body of a 502 is read before its status": plant(check=json_first),
    "fields of another type are converted": plant(member=whatever),
}
"""Each makes a client."""
