"""Defects of tokens: which are let in, and how others are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.broken_servers.planting import Defect, plant
from tests.broken_servers.service import Service
from tests.broken_servers.values import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from appcode_contract.messages import Request

CODES = {401: "error/401/code", 403: "error/403/code", 404: "error/404/code"}


PAGE_OF_ERROR = frozenset({"list/size", "list/total", "list/app-codes"})
TOKEN = "header/x-auth-token"
WRONG, FORBIDDEN = "error/no-effect/wrong-token", "error/no-effect/forbidden-token"


def lets_in(when: Callable[[Service, str | None], bool]) -> type[Service]:
    """Take some tokens for the right one."""
    return plant(is_known=lambda self, token: Service.is_known(self, token) or when(self, token))


def lets_in_for(method: str, when: Callable[[Service, str | None], bool]) -> type[Service]:
    """Take some tokens for the right one with one method."""

    def authenticate(self: Service, request: Request) -> None:
        if request.method != method or not when(self, self.token_of(request)):
            Service.authenticate(self, request)

    return plant(authenticate=authenticate)


def begins_alike(self: Service, token: str | None) -> bool:
    return (token or "")[:8] == self.token[:8]


def exactly(name: str) -> Callable[[Service, Request], str | None]:
    """Look headers up in a table that knows the letter case."""
    return lambda _, request: dict(request.headers).get(name)


def answers(status: int, code: str, text: str, when: Callable[[Service, int, str | None], bool]) -> type[Service]:
    """Refuse some requests another way."""

    def authenticate(self: Service, request: Request) -> None:
        try:
            Service.authenticate(self, request)
        except RefusedError as refused:
            if when(self, refused.status, self.token_of(request)):
                raise RefusedError(status, code, text) from refused
            raise

    return plant(authenticate=authenticate)


def refuses_with_success(self: Service, request: Request) -> None:
    if request.method == "GET" and self.token_of(request) is None:
        raise RefusedError(200, "APIG.1002", "Log in")
    Service.authenticate(self, request)


def no_token(_: Service, __: int, token: str | None) -> bool:
    return token is None


def any_token(_: Service, __: int, token: str | None) -> bool:
    return token is not None


def forbids(status: int, code: str) -> type[Service]:
    """Refuse the forbidden token another way."""

    def authorize(self: Service, request: Request) -> None:
        try:
            Service.authorize(self, request)
        except RefusedError as refused:
            raise RefusedError(status, code, f"no, see {self.app_id}") from refused

    return plant(authorize=authorize)


DEFECTS = (
    Defect("no token is needed", TOKEN, lets_in(lambda _, token: token is None)),
    Defect("no token is needed to list", TOKEN, lets_in_for("GET", lambda _, token: token is None)),
    Defect("no token is needed to generate", TOKEN, lets_in_for("PUT", lambda _, token: token is None), max_generate=8),
    Defect("an empty token will do", TOKEN, lets_in(lambda _, token: token == "")),
    Defect(
        "the header's name must be in lower case",
        TOKEN,
        plant(
            token_of=lambda _, request: (
                dict(request.headers).get("X-Auth-Token")
                if request.method == "PUT"
                else dict(request.headers).get("x-auth-token")
            )
        ),
        frozenset({"list/status"}),
    ),
    Defect("the header's name must be as written in the pages", TOKEN, plant(token_of=exactly("X-Auth-Token"))),
    Defect("any token will do", CODES[401], lets_in(lambda _, token: bool(token)), frozenset({WRONG}), max_generate=8),
    Defect("any token will do to list", CODES[401], lets_in_for("GET", lambda _, token: bool(token))),
    Defect("any token will do to generate", WRONG, lets_in_for("PUT", lambda _, token: bool(token)), max_generate=8),
    Defect("a token that begins alike will do", CODES[401], lets_in(begins_alike), max_generate=8),
    Defect(
        "the beginning of the token will do",
        CODES[401],
        lets_in(lambda self, token: bool(token) and self.token.startswith(token or "-")),
    ),
    Defect(
        "the token in upper case will do",
        CODES[401],
        lets_in(lambda self, token: (token or "").lower() == self.token.lower()),
    ),
    Defect(
        "the token with more behind it will do",
        CODES[401],
        lets_in(lambda self, token: (token or "").startswith(self.token)),
    ),
    Defect("a missing token is a 403", CODES[401], answers(403, "APIG.1005", "no", no_token)),
    Defect("a missing token is a 400", CODES[401], answers(400, "APIG.2012", "X-Auth-Token", no_token)),
    Defect("a missing token is a redirect", "status/documented", answers(302, "APIG.1002", "log in", no_token)),
    Defect("a missing token is a 407", "status/documented", answers(407, "APIG.1002", "log in", no_token)),
    Defect(
        "a list without token is a 200 with an error", TOKEN, plant(authenticate=refuses_with_success), PAGE_OF_ERROR
    ),
    Defect("a missing token is a 500", CODES[401], answers(500, "APIG.9999", "no", no_token)),
    Defect("a missing token is told with another code", CODES[401], answers(401, "APIG.0301", "no", no_token)),
    Defect("a wrong token is a 403", CODES[401], answers(403, "APIG.1005", "no", any_token)),
    Defect("a wrong token is a 404", CODES[401], answers(404, "APIG.3004", "no", any_token), frozenset({CODES[404]})),
    Defect("a wrong token is told with another code", CODES[401], answers(401, "APIG.1003", "no", any_token)),
    Defect(
        "the forbidden token may list",
        CODES[403],
        plant(may=lambda self, token, method: token != self.forbidden_token or method == "GET"),
    ),
    Defect(
        "the forbidden token may do both",
        CODES[403],
        plant(may=lambda *_: True),
        frozenset({FORBIDDEN}),
        max_generate=8,
    ),
    Defect(
        "the forbidden token may generate",
        FORBIDDEN,
        plant(may=lambda self, token, method: token != self.forbidden_token or method == "PUT"),
        max_generate=8,
    ),
    Defect("the forbidden token is a 401", CODES[403], forbids(401, "APIG.1002")),
    Defect("the forbidden token is a 404", CODES[403], forbids(404, "APIG.3004")),
    Defect("the forbidden token is told with another code", CODES[403], forbids(403, "APIG.0302")),
    Defect("the forbidden token is a 405", "status/documented", forbids(405, "APIG.1005")),
)
