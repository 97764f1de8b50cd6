"""Faithful servers that refuse, or let in, where the pages are silent."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

from tests.broken_servers.planting import plant, takes
from tests.broken_servers.service import Service
from tests.broken_servers.values import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from appcode_contract.messages import Request, Response

from tests.broken_servers.faithful_server import Faithful, chosen


def quota_without_blame(self: Service, app_id: str, request: Request) -> Response:
    self.require_app(app_id)
    if len(self.apps[app_id]) >= 4:
        raise RefusedError(400, "APIG.2012", "The number of credentials has reached its upper limit")
    return Service.generate(self, app_id, request)


def slows_down(retry_after: Callable[[], str], every: int, status: int) -> type[Service]:
    """Refuse every so many requests, and say when to come again."""

    def slow_down(self: Service) -> None:
        if self.count["all"] % every == 0:
            raise RefusedError(status, "APIG.0308", "Please come again")

    def headers(self: Service, code: int, written: bytes) -> dict[str, str]:
        found = Service.headers(self, code, written)
        return {**found, "Retry-After": retry_after()} if code == status else found

    return plant(slow_down=slow_down, headers=headers)


def a_date() -> str:
    return format_datetime(datetime.now(UTC), usegmt=True)


def knows_the_app_first(self: Service, request: Request) -> Response:
    self.require_app(self.app_of(request))
    return Service.answer(self, request)


def only_hexadecimal(self: Service, request: Request) -> str:
    app_id = Service.app_of(self, request)
    if len(app_id) != 32 or set(app_id) - set("0123456789abcdef"):
        raise self.refused(400, "app_id")
    return app_id


def refuses_zeros(self: Service, name: str, text: str) -> int:
    return Service.integer(self, name, "zeros" if text[:1] == "0" and text != "0" else text)


def worded(**texts: str) -> type[Service]:
    """Word errors another way; ``{}`` stands for the parameter or the id."""

    def refused(self: Service, status: int, what: str = "") -> RefusedError:
        original = Service.refused(self, status, what)
        return RefusedError(status, original.code, texts.get(f"of_{status}", original.text).replace("{}", what))

    return plant(refused=refused)


REFUSALS = (
    Faithful("a quota with the code of a wrong parameter", plant(generate=quota_without_blame)),
    Faithful("429 with a date every fifth time", slows_down(a_date, 5, 429)),
    Faithful("429 with a second every fortieth time", slows_down(lambda: "1", 40, 429)),
    Faithful("503 with Retry-After every eleventh time", slows_down(lambda: "0", 11, 503)),
    Faithful("503 with a date every twentieth time", slows_down(a_date, 20, 503)),
    Faithful("an unknown app before anything else", plant(answer=knows_the_app_first)),
    Faithful("an app's id of another form is a 400", plant(app_of=only_hexadecimal)),
    Faithful(
        "a wrong offset is taken as 0", takes(lambda text: None if re.fullmatch("-?[0-9]+", text) else 0, "offset")
    ),
    Faithful(
        "clamps up to 32 bits and refuses more",
        plant(
            defaults=chosen(out_of_range_limit="clamp"),
            in_range=lambda self, n: Service.in_range(self, n) if abs(n) < 2**31 else self.integer("limit", "above"),
        ),
        existing=25,
    ),
    Faithful(
        "refuses below 1 and clamps above 500",
        plant(in_range=lambda self, n: Service.in_range(self, min(n, 500))),
        existing=25,
    ),
    Faithful(
        "clamps below 1 and refuses above 500",
        plant(in_range=lambda self, n: Service.in_range(self, n if n > 0 else 20)),
        existing=25,
    ),
    Faithful("limits with leading zeros are refused", plant(integer=refuses_zeros)),
    Faithful(
        "of a parameter given twice the first counts", plant(single=lambda _, query, name: query.get(name, [None])[0])
    ),
    Faithful(
        "texts as in the pages",
        worded(of_400="Invalid parameter value,parameterName:{}.", of_404="App {} does not exist"),
    ),
    Faithful(
        "texts of many lines", worded(of_400="Refused:\n\tparameter '{}'\n" + "because " * 200, of_404="{}?\n" * 3)
    ),
    Faithful("texts with the id in quotes", worded(of_404='No app "{}"', of_400='"{}" no')),
    Faithful("empty texts of 401 and 403", worded(of_401="", of_403="")),
    Faithful(
        "a token that may only list", plant(may=lambda self, token, method: token == self.token and method == "GET")
    ),
    Faithful("no token that is forbidden", options={"forbidden_token": None}),
    Faithful("only read", options={"read_only": True}, existing=25),
    Faithful(
        "tokens may have blanks around them",
        plant(token_of=lambda _, request: (request.header("X-Auth-Token") or "").strip() or None),
    ),
    Faithful(
        "the token's scheme may be Bearer, too",
        plant(token_of=lambda _, r: r.header("X-Auth-Token") or (r.header("Authorization") or "")[7:] or None),
    ),
    Faithful(
        "a wrong token is refused before an unknown path",
        plant(answer=lambda self, r: (self.authenticate(r), Service.answer(self, r))[1]),
    ),
    Faithful("eight generates", options={"max_generate": 8}),
    Faithful("thirty generates", options={"max_generate": 30}, existing=0),
    Faithful("a base path", plant(base_path="/gateway/roma"), existing=25),
)
