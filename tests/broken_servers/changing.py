"""Defects of queries and refused requests that change something."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.broken_servers.planting import Defect, plant
from tests.broken_servers.service import Service
from tests.broken_servers.values import Record, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from appcode_contract.messages import Request, Response

READ, REFUSED = "list/read-only", "error/no-effect"
CONCURRENT = frozenset({"generate/concurrent"})
LISTED = frozenset({"generate/listed"})  # what is listed later is not what was generated


def adds(self: Service) -> None:
    Service.keep(self, Service.new_record(self, self.app_id))


def takes_the_oldest(self: Service) -> None:
    with self.lock:
        del self.apps[self.app_id][:1]


def takes_the_newest(self: Service) -> None:
    with self.lock:
        del self.apps[self.app_id][-1:]


def empties(self: Service) -> None:
    with self.lock:
        self.apps[self.app_id].clear()


def moves_the_oldest(self: Service) -> None:
    with self.lock:
        self.apps[self.app_id] = [*self.apps[self.app_id][1:], *self.apps[self.app_id][:1]]


def changes_all(change: Callable[[Service, Record], Record]) -> Callable[[Service], None]:
    def effect(self: Service) -> None:
        with self.lock:
            self.apps[self.app_id] = [change(self, record) for record in self.apps[self.app_id]]

    return effect


new_ids = changes_all(lambda self, record: replace(record, id=self.new_id()))
new_codes = changes_all(lambda self, record: replace(record, app_code=self.new_app_code()))
later_times = changes_all(lambda _, record: replace(record, created=record.created + 10**9))


def on_list(effect: Callable[[Service], None], when: Callable[[Service], bool] = lambda _: True) -> type[Service]:
    """Do something with each answered list."""

    def listing(self: Service, app_id: str, query: dict[str, list[str]]) -> Response:
        response = Service.listing(self, app_id, query)
        if app_id == self.app_id and when(self):
            effect(self)
        return response

    return plant(listing=listing)


def on_refusal(
    effect: Callable[[Service], None], status: int, method: str, when: Callable[[Request], bool] = lambda _: True
) -> type[Service]:
    """Do something although the request is refused."""

    def answer(self: Service, request: Request) -> Response:
        try:
            return Service.answer(self, request)
        except RefusedError as refused:
            if refused.status == status and request.method == method and when(request):
                effect(self)
            raise

    return plant(answer=answer)


def has_token(request: Request) -> bool:
    return request.header("X-Auth-Token") is not None


def makes_what_it_refuses(self: Service, app_id: str) -> None:
    """Say that there is no such app, and make it."""
    if app_id not in self.apps:
        self.apps[app_id] = []
        raise self.refused(404, app_id)


READS = (
    Defect("a query generates", READ, on_list(adds)),
    Defect("every tenth query generates", READ, on_list(adds, lambda self: self.count["GET"] % 10 == 0)),
    Defect("a query takes the oldest away", READ, on_list(takes_the_oldest), existing=45),
    Defect("a query takes the newest away", READ, on_list(takes_the_newest), existing=45),
    # Nothing is ever listed, so all that shows is that what is generated is not.
    Defect("a query empties the list", "generate/listed", on_list(empties), CONCURRENT, existing=25),
    Defect(
        "a query moves the oldest to the front",
        "list/paging",
        on_list(moves_the_oldest),
        existing=25,
    ),
    Defect("a query makes new ids", READ, on_list(new_ids), LISTED),
    Defect("a query makes new AppCodes", READ, on_list(new_codes), LISTED),
    Defect("a query changes the times", READ, on_list(later_times), LISTED),
    Defect(
        "the thirtieth query empties the list",
        READ,
        on_list(empties, lambda self: self.count["GET"] == 30),
        existing=25,
    ),
)
REFUSALS = (
    Defect(
        "a generate without token is a 401 and generates",
        f"{REFUSED}/missing-token",
        on_refusal(adds, 401, "PUT", lambda r: not has_token(r)),
        max_generate=8,
    ),
    Defect(
        "a generate without token is a 401 and takes one away",
        f"{REFUSED}/missing-token",
        on_refusal(takes_the_oldest, 401, "PUT", lambda r: not has_token(r)),
        max_generate=8,
    ),
    Defect(
        "a generate with a wrong token is a 401 and generates",
        f"{REFUSED}/wrong-token",
        on_refusal(adds, 401, "PUT", has_token),
        max_generate=8,
    ),
    Defect(
        "a generate with a forbidden token is a 403 and generates",
        f"{REFUSED}/forbidden-token",
        on_refusal(adds, 403, "PUT"),
        max_generate=8,
    ),
    Defect(
        "a query without token is a 401 and generates",
        REFUSED,
        on_refusal(adds, 401, "GET", lambda r: not has_token(r)),
    ),
    Defect("a query with a wrong token is a 401 and generates", REFUSED, on_refusal(adds, 401, "GET", has_token)),
    Defect("a query with a forbidden token is a 403 and generates", REFUSED, on_refusal(adds, 403, "GET")),
    Defect("a query of an unknown app is a 404 and generates", REFUSED, on_refusal(adds, 404, "GET")),
    Defect(
        "a generate for an unknown app is a 404 and generates", REFUSED, on_refusal(adds, 404, "PUT"), max_generate=8
    ),
    Defect("a query with a wrong limit is a 400 and generates", REFUSED, on_refusal(adds, 400, "GET")),
    Defect(
        "a query with a wrong limit is a 400 and takes one away",
        REFUSED,
        on_refusal(takes_the_newest, 400, "GET"),
        existing=25,
    ),
    Defect(
        "a query with a wrong limit is a 400 and empties the list",
        REFUSED,
        on_refusal(empties, 400, "GET"),
        existing=25,
    ),
    Defect("an unknown app is a 404 and made", REFUSED, plant(require_app=makes_what_it_refuses)),
)
DEFECTS = (*READS, *REFUSALS)
