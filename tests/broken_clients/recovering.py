"""Clients that do not work again after errors of some kind, or mix up whole lists."""

from __future__ import annotations

from threading import Semaphore
from typing import TYPE_CHECKING, Any

from tests.broken_clients.client import ClientError
from tests.broken_clients.over_aiohttp import AiohttpClient
from tests.broken_clients.over_requests import RequestsClient
from tests.broken_clients.planting import Defect, also, plant
from tests.broken_clients.remembering import AFTER_LOSS, AFTER_REFUSALS, ANEW, MIXED

if TYPE_CHECKING:
    from appcode_contract.client_contract import Endpoint
    from tests.broken_clients.client import Answer, Call


def dead_after(*statuses: int) -> type[Any]:
    """Refuse to work once one of these was answered."""

    def send(self: RequestsClient, call: Call) -> Answer:
        if vars(self).get("dead"):
            msg = "logged out"
            raise ClientError(msg)
        answer = RequestsClient.send(self, call)
        vars(self)["dead"] = answer.status in statuses
        return answer

    return plant(send=send)


def dead_after_timeout(self: RequestsClient, call: Call) -> Answer:
    if vars(self).get("dead"):
        msg = "not connected"
        raise ClientError(msg)
    try:
        return RequestsClient.send(self, call)
    except ClientError as error:
        vars(self)["dead"] = "Timeout" in str(error)
        raise


class FiveAtMost(RequestsClient):
    """Lets five callers in, and forgets to let those out whose answers are lost."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint)
        self.places = Semaphore(5)

    def send(self, call: Call) -> Answer:
        if not self.places.acquire(timeout=0.2):
            msg = "no place is free"
            raise ClientError(msg)
        answer = super().send(call)
        self.places.release()
        return answer


def going_on(self: RequestsClient, app_id: str) -> list[Any]:
    """Go on where an error ended the reading before."""
    found: list[Any] = []
    while True:
        page = self.list_page(app_id, vars(self).setdefault("offset", 0), 500)
        found += page.app_codes
        vars(self)["offset"] += len(page.app_codes)
        if not page.app_codes or vars(self)["offset"] >= page.total:
            vars(self)["offset"] = 0
            return found


def within_itself(self: RequestsClient, app_id: str) -> list[Any]:
    """Keep the list in the client while it is read."""
    vars(self)["found"] = []
    while True:
        page = self.list_page(app_id, len(vars(self)["found"]), 500)
        vars(self)["found"] += page.app_codes
        if not page.app_codes or len(vars(self)["found"]) >= page.total:
            found: list[Any] = vars(self)["found"]
            return found


async def awaited_within_itself(self: AiohttpClient, app_id: str) -> list[Any]:
    vars(self)["found"] = []
    while True:
        page = await self.list_page(app_id, len(vars(self)["found"]), 500)
        vars(self)["found"] += page.app_codes
        if not page.app_codes or len(vars(self)["found"]) >= page.total:
            found: list[Any] = vars(self)["found"]
            return found


DEFECTS = (
    Defect("nothing works after 401", AFTER_REFUSALS, dead_after(401), also=also("Fails")),
    Defect("nothing works after 429", AFTER_REFUSALS, dead_after(429)),
    Defect("nothing works after 500", AFTER_REFUSALS, dead_after(500), also=also("Fails", "Pages")),
    Defect("nothing works after 502", AFTER_REFUSALS, dead_after(502, 503, 504)),
    Defect("nothing works after a timeout", AFTER_LOSS, plant(send=dead_after_timeout)),
    Defect("a place is lost with each answer that is lost", AFTER_LOSS, FiveAtMost),
    Defect("a list goes on where an error ended it", ANEW, plant(list_all=going_on), also=also("Recovers")),
    Defect("the list is kept in the client while it is read", MIXED, plant(list_all=within_itself)),
    Defect(
        "the list is kept in the client while it is read, awaited",
        MIXED,
        plant(AiohttpClient, list_all=awaited_within_itself),
        awaited=True,
    ),
)
