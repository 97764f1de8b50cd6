"""Clients that keep what they should ask for, mix up calls, or do not recover from an error."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from requests.adapters import HTTPAdapter

from tests.broken_clients.client import Answer, ClientError, Page
from tests.broken_clients.over_aiohttp import AiohttpClient
from tests.broken_clients.over_requests import RequestsClient
from tests.broken_clients.planting import EVERYTHING, Defect, also, plant

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.broken_clients.client import Call


def kept(name: str) -> type[Any]:
    """Keep what a method gave for the same arguments."""

    def method(self: RequestsClient, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - as the method
        store: dict[Any, Any] = vars(self).setdefault("kept", {})
        key = (given, *sorted(named.items()))
        if key not in store:
            store[key] = getattr(RequestsClient, name)(self, *given, **named)
        return store[key]

    return type("Planted", (RequestsClient,), {name: method})


def kept_for_seconds(self: RequestsClient, app_id: str, offset: int | None = None, limit: int | None = None) -> Any:  # noqa: ANN401 - a page
    """Keep a page for a minute."""
    store: dict[Any, tuple[float, Any]] = vars(self).setdefault("pages", {})
    key = (app_id, offset, limit)
    if key not in store or store[key][0] < time.monotonic() - 60:
        store[key] = (time.monotonic(), RequestsClient.list_page(self, app_id, offset, limit))
    return store[key][1]


def first_total(self: RequestsClient, total: int, size: int, items: list[Any]) -> Page:
    """Keep the total of the first page."""
    return Page(vars(self).setdefault("total", total), size, items)


def appended(self: RequestsClient, app_id: str) -> Any:  # noqa: ANN401 - a list
    """Add to one list at every call."""
    found: list[Any] = vars(self).setdefault("found", [])
    found.extend(RequestsClient.list_all(self, app_id))
    return found


def added_to_kept(self: RequestsClient, app_id: str) -> Any:  # noqa: ANN401 - a record
    """Mend the kept list with what was generated, at its end."""
    made = RequestsClient.generate(self, app_id)
    vars(self).setdefault("lists", {}).setdefault(app_id, self_listed(self, app_id)).append(made)
    return made


def self_listed(self: RequestsClient, app_id: str) -> list[Any]:
    return list(RequestsClient.list_all(self, app_id))


def from_kept(self: RequestsClient, app_id: str) -> list[Any]:
    lists = vars(self).setdefault("lists", {})
    if app_id not in lists:
        lists[app_id] = self_listed(self, app_id)
    return list(lists[app_id])


def gives_up(when: Callable[[int | None], bool]) -> type[Any]:
    """Refuse to work after an error, as a circuit breaker that never closes."""

    def send(self: RequestsClient, call: Call) -> Answer:
        if vars(self).get("broken"):
            msg = "the circuit is open"
            raise ClientError(msg)
        try:
            answer = RequestsClient.send(self, call)
        except ClientError:
            vars(self)["broken"] = when(None)
            raise
        vars(self)["broken"] = when(answer.status)
        return answer

    return plant(send=send)


def drained(self: RequestsClient, call: Call) -> Any:  # noqa: ANN401 - a response of requests
    """Keep every answer open with one connection for all of them."""
    answer = self.session.request(
        call.method, call.url, headers=call.headers, params=call.query, stream=True, **self.options()
    )
    if answer.status_code >= 400:
        vars(self).setdefault("open", []).append(answer)
        unread = Answer(answer.status_code, "", b"")
        raise self.refusal(unread)
    return answer


def closed_after_error(self: RequestsClient, call: Call, error: Exception) -> Exception:
    """Close what everybody uses."""
    vars(self)["session"] = None
    return RequestsClient.lost(self, call, error)


def through_itself(self: RequestsClient, app_id: str, offset: int | None = None, limit: int | None = None) -> Any:  # noqa: ANN401 - a page
    """Keep what is asked in the client."""
    vars(self)["asked"] = self.list_call(app_id, offset, limit)
    time.sleep(0.002)
    return self.read_page(self.send(vars(self)["asked"]))


def answer_through_itself(self: RequestsClient, call: Call) -> Answer:
    """Keep the answer in the client."""
    vars(self)["answer"] = RequestsClient.send(self, call)
    time.sleep(0.002)
    answer: Answer = vars(self)["answer"]
    return answer


async def awaited_through_itself(self: AiohttpClient, call: Call) -> Answer:
    vars(self)["answer"] = await AiohttpClient.send(self, call)
    await asyncio.sleep(0.002)
    answer: Answer = vars(self)["answer"]
    return answer


class Shared(RequestsClient):
    """Clients that share what each of them was made with."""

    endpoints: tuple[Any, ...] = ()

    def headers(self) -> dict[str, str]:
        type(self).endpoints = (*type(self).endpoints, self.endpoint)
        return {**super().headers(), "X-Auth-Token": type(self).endpoints[0].token}


def generates_one(self: RequestsClient, app_id: str) -> Any:  # noqa: ANN401 - a list
    """Make sure that there is something to list."""
    self.generate(app_id)
    return RequestsClient.list_all(self, app_id)


def answered_first(self: RequestsClient, app_id: str) -> Any:  # noqa: ANN401 - a record
    """Generate each time, and give what came the first time."""
    made = RequestsClient.generate(self, app_id)
    return vars(self).setdefault("made", made)


def counting(self: RequestsClient, app_id: str) -> Any:  # noqa: ANN401 - a record
    """Count what is generated, so that total need not be read again."""
    made = RequestsClient.generate(self, app_id)
    if "total" in vars(self):
        vars(self)["total"] += 1
    return made


TOKEN = "test_every_request_carries_the_token"
OWN = "test_every_generate_gives_an_app_code_of_its_own"
ANEW = "test_list_all_begins_anew_each_time"
AFTER_REFUSALS = "test_the_client_works_after_many_refusals"
AFTER_LOSS = "test_the_client_works_after_a_lost_answer"
MIXED = "test_calls_at_the_same_time_do_not_mix"
STALE_PAGE = "test_a_page_read_after_a_generate_has_the_new_app_code"
STALE_LIST = "test_everything_read_after_a_generate_has_the_new_app_code"
READ_ONLY = "test_reading_generates_nothing"
STATEFUL = "test_client_and_model_agree_whatever_is_called"

DEFECTS = (
    Defect("the whole list is kept", STALE_LIST, kept("list_all"), also=also("Pages", "Fails")),
    Defect("pages are kept", STALE_PAGE, kept("list_page"), also=EVERYTHING),
    Defect("the first total is kept", STALE_PAGE, plant(page=first_total), also=also("Stateful", "Reads")),
    Defect("what is generated is kept", OWN, kept("generate"), also=also("Fails", "Recovers", "Stateful")),
    Defect(
        "the first answer for every generate",
        OWN,
        plant(generate=answered_first),
        also=also("Reads", "Recovers", "Stateful", "Sends"),
    ),
    Defect("one list for all calls", ANEW, plant(list_all=appended), also=also("Recovers", "DoesNoHarm")),
    Defect("nothing works after an answer was lost", AFTER_LOSS, gives_up(lambda status: status is None)),
    Defect(
        "nothing works after an error",
        AFTER_REFUSALS,
        gives_up(lambda status: status is None or status >= 400),
        also=also("Pages", "Fails", "Recovers", "Stateful"),
    ),
    Defect(
        "the session is gone after an answer was lost",
        AFTER_LOSS,
        plant(lost=closed_after_error),
        also=also("Pages", "Recovers", "DoesNoHarm", "KeepsSecrets"),
    ),
    Defect(
        "one connection, which an error keeps",
        AFTER_REFUSALS,
        plant(exchange=drained, new_adapter=lambda _: HTTPAdapter(pool_connections=1, pool_maxsize=1, pool_block=True)),
        also=EVERYTHING,
    ),
    Defect("what is asked is kept in the client", MIXED, plant(list_page=through_itself), also=also("Recovers")),
    Defect("answers are kept in the client", MIXED, plant(send=answer_through_itself), also=also("Recovers")),
    Defect(
        "answers are kept in the client, awaited",
        MIXED,
        plant(AiohttpClient, send=awaited_through_itself),
        awaited=True,
        also=also("Recovers"),
    ),
    Defect("the token of the client made first", TOKEN, Shared, also=EVERYTHING, after=(READ_ONLY,)),
    Defect(
        "a list begins with a generate",
        READ_ONLY,
        plant(list_all=generates_one),
        also=also("Sends", "Reads", "Pages", "Recovers", "DoesNoHarm"),
    ),
    Defect(
        "counts by itself after the first page",
        STATEFUL,
        plant(page=first_total, generate=counting),
        also=also("Reads"),
    ),
)
