"""Clients that show a credential where one looks last."""

from __future__ import annotations

import base64
import logging
import os
import sys
import threading
from typing import TYPE_CHECKING, Any

from tests.broken_clients.client import AppCode, ClientError
from tests.broken_clients.leaking import EXCEPTION, LOG, LOGGER, REPR, RESULT, TERMINAL, WARNING, printed, warned
from tests.broken_clients.over_requests import RequestsClient
from tests.broken_clients.planting import Defect, plant

if TYPE_CHECKING:
    from collections.abc import Callable

    from appcode_contract.client_contract import Endpoint
    from tests.broken_clients.client import Answer, Call


def closing(show: Callable[[str], object]) -> type[Any]:
    """Show the token when the client is closed."""

    def close(self: RequestsClient) -> None:
        show(f"closing the session of {self.endpoint.token}")
        RequestsClient.close(self)

    return plant(close=close)


def sending(show: Callable[[str], object]) -> type[Any]:
    """Show the token before each request."""

    def send(self: RequestsClient, call: Call) -> Answer:
        show(self.endpoint.token)
        return RequestsClient.send(self, call)

    return plant(send=send)


def on_status(number: int) -> type[Any]:
    """Show the token in the text of one error."""

    def refusal(self: RequestsClient, answer: Answer) -> Exception:
        more = f" with {self.headers()}" if answer.status == number else ""
        return ClientError(f"refused{more}", answer.status, *self.read_error(answer))

    return plant(refusal=refusal)


def shown_timeout(_: RequestsClient, call: Call, error: Exception) -> Exception:
    more = f" with {dict(call.headers)}" if "Timeout" in type(error).__name__ else ""
    return ClientError(f"no answer{more}")


def logged_timeout(self: RequestsClient, call: Call, error: Exception) -> Exception:
    if "Timeout" in type(error).__name__:
        LOGGER.warning("no answer to %s", dict(call.headers))
    return RequestsClient.lost(self, call, error)


def of_arguments(self: RequestsClient, offset: int | None, limit: int | None) -> dict[str, str]:
    if limit is not None and limit not in range(1, 501):
        msg = f"limit is {limit} in a request with {self.headers()}"
        raise ValueError(msg)
    return RequestsClient.query(self, offset, limit)


def by_name(token: str) -> None:
    logging.getLogger(f"roma.{token}").info("sent")


def by_thread(token: str) -> None:
    threading.current_thread().name = f"sender for {token}"
    LOGGER.info("sent")


def in_base64(token: str) -> None:
    LOGGER.debug("Basic %s", base64.b64encode(f"user:{token}".encode()).decode())


def in_upper_case(token: str) -> None:
    LOGGER.debug("token %s", token.upper())


def to_descriptor(token: str) -> None:
    os.write(2, f"token {token}\n".encode())


def to_first_stream(token: str) -> None:
    assert sys.__stderr__
    sys.__stderr__.write(f"token {token}\n")
    sys.__stderr__.flush()


def after_twenty(self: RequestsClient, app_id: str) -> list[Any]:
    found = list(RequestsClient.list_all(self, app_id))
    for each in found[20:]:
        LOGGER.debug("one more: %s", each.app_code)
    return found


class Told:
    """What has a repr with the token."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint

    def __repr__(self) -> str:
        return f"<Session of {self.endpoint.token}>"


class ToldAsText:
    """What has a str with the token."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint

    def __str__(self) -> str:
        return f"session of {self.endpoint.token}"


class Between:
    """What stands between the client and what tells."""

    __slots__ = ("inner",)

    def __init__(self, endpoint: Endpoint) -> None:
        self.inner = Told(endpoint)


def holding(make: Callable[[Endpoint], object]) -> type[Any]:
    """Hold an object that tells of itself."""

    class Holding(RequestsClient):
        def __init__(self, endpoint: Endpoint) -> None:
            super().__init__(endpoint)
            self.held = make(endpoint)

    return Holding


class ToldList(list[Any]):
    """A list that shows the AppCodes that its items hide."""

    def __repr__(self) -> str:
        return f"<AppCodes {[item.app_code for item in self]}>"


class Formatted(AppCode):
    """What shows its AppCode in f-strings."""

    def __format__(self, _: str) -> str:
        return self.app_code


DEFECTS = (
    Defect("the token in a log when it is closed", LOG, closing(LOGGER.debug)),
    Defect("the token printed when it is closed", TERMINAL, closing(printed)),
    Defect("the token in a warning when it is closed", WARNING, closing(warned)),
    Defect("the token in the name of a logger", LOG, sending(by_name)),
    Defect("the token in the name of a thread", LOG, sending(by_thread)),
    Defect("the token in upper case in a log", LOG, sending(in_upper_case)),
    Defect("user and token in base64 in a log", LOG, sending(in_base64)),
    Defect("the token in a log of timeouts", LOG, plant(lost=logged_timeout)),
    Defect("AppCodes after the twentieth in a log", LOG, plant(list_all=after_twenty)),
    *(Defect(f"the token in the text of a {status}", EXCEPTION, on_status(status)) for status in (400, 403, 429, 503)),
    Defect("the token in the text of a timeout", EXCEPTION, plant(lost=shown_timeout)),
    Defect("the token in the text of a wrong argument", EXCEPTION, plant(query=of_arguments)),
    Defect("the token written to descriptor 2", TERMINAL, sending(to_descriptor)),
    Defect("the token written to the first standard error", TERMINAL, sending(to_first_stream)),
    Defect("the token in what the client holds two levels down", REPR, holding(Between)),
    Defect("the token in the str of what the client holds", REPR, holding(ToldAsText)),
    Defect("the token in f-strings of the client", REPR, plant(__format__=lambda self, _: self.endpoint.token)),
    Defect(
        "AppCodes in the repr of the whole list",
        RESULT,
        plant(list_all=lambda self, app_id: ToldList(RequestsClient.list_all(self, app_id))),
    ),
    Defect("AppCodes in f-strings of results", RESULT, plant(record=lambda _, *members: Formatted(*members))),
)
