"""Clients that are right, and chose otherwise than the correct ones where nothing is demanded."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

import requests

from tests.broken_clients.carrying import (
    Breaker,
    ByteByByte,
    CheckedFirst,
    OneAtATime,
    PlainClient,
    StrictBreaker,
    TwoBreakers,
    patient,
)
from tests.broken_clients.client import Answer, AppCode, ClientError
from tests.broken_clients.failing import json_first, whatever
from tests.broken_clients.over_requests import RequestsClient
from tests.broken_clients.paging import joined
from tests.broken_clients.planting import pages, plant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from appcode_contract.client_contract import Endpoint
    from tests.broken_clients.client import Call, Client
    from tests.broken_clients.paging import Walk

NUMBERS: Final = count(1)


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


def refused_first(self: RequestsClient, offset: int | None, limit: int | None) -> dict[str, str]:
    """Refuse what is out of range, without asking."""
    if limit is not None and limit not in range(1, 501):
        msg = f"limit is {limit}, and must be from 1 to 500"
        raise ValueError(msg)
    if offset is not None and offset < 0:
        msg = f"offset is {offset}, and must be at least 0"
        raise ValueError(msg)
    return RequestsClient.query(self, offset, limit)


def refused_as_the_server_does(self: RequestsClient, offset: int | None, limit: int | None) -> dict[str, str]:
    """Refuse what is out of range with the error that the server has for it, without asking."""
    try:
        return refused_first(self, offset, limit)
    except ValueError as error:
        msg = "refused"
        raise ClientError(msg, 400, "APIG.2012", str(error)) from None


def put_right(_: Client, offset: int | None, limit: int | None) -> dict[str, str]:
    """Ask for the nearest that is in range."""
    given = {"offset": offset and max(offset, 0), "limit": limit if limit is None else min(max(limit, 1), 500)}
    return {name: str(value) for name, value in given.items() if value is not None}


def most_for_wrong(_: Client, offset: int | None, limit: int | None) -> dict[str, str]:
    """Ask for as many as there may be where the number is out of range."""
    given = {"offset": offset and max(offset, 0), "limit": limit if limit in {None, *range(1, 501)} else 500}
    return {name: str(value) for name, value in given.items() if value is not None}


def known_by_id(self: RequestsClient, *members: Any) -> Any:  # noqa: ANN401 - a record
    """Give one object for one id, whenever it is read."""
    record = RequestsClient.record(self, *members)
    return vars(self).setdefault("records", {}).setdefault(record.id, record)


def side_by_side(self: RequestsClient, app_id: str) -> list[Any]:
    """Ask for four pages at once, and for each three times."""
    total = self.list_page(app_id, 0, 1).total
    with ThreadPoolExecutor(4) as pool:
        pages = list(pool.map(lambda offset: self.list_page(app_id, offset, 100), range(0, total, 100)))
    return [item for page in pages for item in page.app_codes]


def until_two_agree(self: RequestsClient, app_id: str) -> list[Any]:
    """Read the list until it is the same twice, at most three times."""
    before = list(lazily(self, app_id))
    for _ in range(2):
        again = list(lazily(self, app_id))
        if [item.id for item in again] == [item.id for item in before]:
            return again
        before = again
    msg = "the list does not stand still"
    raise ClientError(msg)


def rounded(_: Client, text: str) -> datetime:
    """Give the nearest whole second, in another zone."""
    when = datetime.fromisoformat(text) + timedelta(microseconds=500_000)
    return when.replace(microsecond=0).astimezone(timezone(timedelta(hours=5, minutes=45)))


class LookedAt:
    """A page that is asked for when it is first looked at."""

    def __init__(self, ask: Callable[[], Any]) -> None:
        self.ask = cache(ask)

    total = property(lambda self: self.ask().total)
    size = property(lambda self: self.ask().size)
    app_codes = property(lambda self: self.ask().app_codes)


def when_looked_at(self: RequestsClient, app_id: str, offset: int | None = None, limit: int | None = None) -> LookedAt:
    return LookedAt(lambda: RequestsClient.list_page(self, app_id, offset, limit))


def masked(_: Client, app_code: str, id_: str, app_id: str, create_time: datetime | str) -> Any:  # noqa: ANN401 - a record
    """Show the ends of an AppCode in its repr."""
    told = f"AppCode({app_code[:5]}…{app_code[-5:]} {id_})"
    return type("Masked", (AppCode,), {"__repr__": lambda _: told})(app_code, id_, app_id, create_time)


def numbered(self: RequestsClient, answer: Answer) -> Exception:
    """Tell a number of the request behind what was answered."""
    error = RequestsClient.refusal(self, answer)
    if isinstance(error, ClientError) and error.error_msg:
        error.error_msg += f" (request {next(NUMBERS)})"
    return error


def seen_in_the_list(self: RequestsClient, app_id: str) -> Any:  # noqa: ANN401 - a record
    """Look once whether the list has what was generated, and do not mind if not."""
    made = RequestsClient.generate(self, app_id)
    with suppress(ClientError):
        self.list_page(app_id, 0, 1)
    return made


def eight_at_once(self: RequestsClient, app_id: str) -> list[Any]:
    """Ask for eight pages at once until one is short."""
    found: list[Any] = []
    with ThreadPoolExecutor(8) as pool:
        while True:
            starts = range(len(found), len(found) + 4000, 500)
            read = list(pool.map(lambda offset: self.list_page(app_id, offset, 500), starts))
            found += [item for page in read for item in page.app_codes]
            if any(len(page.app_codes) < 500 for page in read):
                return found


def in_lower_case(_: Client, text: str) -> str:
    """Give the text, whose letters RFC 3339 lets be small."""
    return text.lower()


def no_gzip(self: RequestsClient) -> dict[str, str]:
    return {**RequestsClient.headers(self), "Accept-Encoding": "identity, gzip;q=0.000, *;q=0.00"}


def on_the_same_host(self: RequestsClient, call: Call) -> Answer:
    """Follow a redirect of a query, once, where it leads to the same host."""
    try:
        answer = self.exchange(call)
        where = urljoin(call.url, answer.headers.get("Location", ""))
        if call.method == "GET" and answer.is_redirect and urlsplit(where)[:2] == urlsplit(call.url)[:2]:
            answer = self.exchange(replace(call, url=where))
    except requests.RequestException as error:
        raise self.lost(call, error) from error
    return Answer(answer.status_code, answer.headers.get("Content-Type", ""), answer.content)


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
    "what is out of range is refused as the server does": plant(query=refused_as_the_server_does),
    "what is out of range is put right": plant(query=put_right),
    "what is out of range is as many as there may be": plant(query=most_for_wrong),
    "one object for one id": plant(record=known_by_id),
    "the token is checked when the client is made": CheckedFirst,
    "one call at a time, character by character": OneAtATime,
    "byte by byte": ByteByByte,
    "four pages at once, each repeated": plant(send=patient, list_all=side_by_side),
    "read until it is the same twice": plant(list_all=until_two_agree),
    "times rounded to whole seconds": plant(read_time=rounded),
    "nothing for a while after five failures": Breaker,
    "nothing for a while after five refusals of any kind": StrictBreaker,
    "nothing for a while after five failures of one operation": TwoBreakers,
    "pages asked for when they are looked at": plant(list_page=when_looked_at),
    "the ends of an AppCode are shown": plant(record=masked),
    "the list is looked at after a generate": plant(generate=seen_in_the_list),
    "eight pages at once": plant(list_all=eight_at_once),
    "times in lower case": plant(read_time=in_lower_case),
    "an error has a number of its own": plant(refusal=numbered),
    "gzip is refused": plant(headers=no_gzip),
    "redirects to the same host are followed": plant(send=on_the_same_host),
}
"""Each makes a client."""
