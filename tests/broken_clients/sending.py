"""Clients that send what is not documented: method, path, headers, body."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.broken_clients.client import Call
from tests.broken_clients.over_requests import RequestsClient
from tests.broken_clients.planting import EVERYTHING, Defect, also, plant, sends, with_headers, with_query

if TYPE_CHECKING:
    from tests.broken_clients.client import Answer, Client


def url_with(change: Any) -> type[Any]:  # noqa: ANN401 - from URL to URL
    return plant(url=lambda self, app_id: change(RequestsClient.url(self, app_id)))


def body_of(method: str, body: bytes) -> type[Any]:
    return sends(lambda _, call: replace(call, body=body), method)


def only_once(self: RequestsClient, call: Call) -> Answer:
    """Log in with the first request only, as if there were a session."""
    if vars(self).setdefault("logged_in", False):
        call = with_headers(call, X_Auth_Token=None)
    vars(self)["logged_in"] = True
    return RequestsClient.send(self, call)


def twice(self: RequestsClient, app_id: str) -> Any:  # noqa: ANN401 - what generate gives
    """Warm the connection up with the request itself."""
    self.send(self.generate_call(app_id))
    return RequestsClient.generate(self, app_id)


def token_in_query(self: Client, call: Call) -> Call:
    return with_query(call, token=self.endpoint.token)


def token_in_path(self: Client, call: Call) -> Call:
    return replace(call, url=f"{call.url};token={self.endpoint.token}")


def token_under_its_name(self: Client, call: Call) -> Call:
    return with_query(call, **{"X-Auth-Token": self.endpoint.token})


def bearer(self: Client, call: Call) -> Call:
    return with_headers(call, X_Auth_Token=None, Authorization=f"Bearer {self.endpoint.token}")


def subject(self: Client, call: Call) -> Call:
    return with_headers(call, X_Auth_Token=None, X_Subject_Token=self.endpoint.token)


def cookie(self: Client, call: Call) -> Call:
    return with_headers(call, X_Auth_Token=None, Cookie=f"X-Auth-Token={self.endpoint.token}")


def without_token(_: Client, call: Call) -> Call:
    return with_headers(call, X_Auth_Token=None)


def swapped(self: Client) -> tuple[str, str]:
    return self.endpoint.instance_id, self.endpoint.project_id


def posted(self: Client, app_id: str, offset: int | None, limit: int | None) -> Call:
    return Call("POST", self.url(app_id), self.headers(), self.query(offset, limit))


def bearer_too(self: Client, call: Call) -> Call:
    return with_headers(call, Authorization=f"Bearer {self.endpoint.token}")


def basic_too(self: Client, call: Call) -> Call:
    pair = f"user:{self.endpoint.token}".encode()
    return with_headers(call, Authorization=f"Basic {base64.b64encode(pair).decode()}")


def cookie_too(self: Client, call: Call) -> Call:
    return with_headers(call, Cookie=f"session={self.endpoint.token}")


def user_agent_too(self: Client, call: Call) -> Call:
    return with_headers(call, User_Agent=f"roma/{self.endpoint.token}")


def later_pages_of_the_first_app(self: RequestsClient, app_id: str) -> Any:  # noqa: ANN401 - a list
    """Go on in the app of the endpoint."""
    walk = self.walk()
    offset, limit = next(walk)
    page = self.list_page(app_id, offset, limit)
    try:
        while True:
            page = self.list_page(self.endpoint.app_id, *walk.send(page))
    except StopIteration as end:
        return end.value


PUT_PATH = "test_generate_is_a_put_on_the_documented_path"
GET_PATH = "test_list_is_a_get_on_the_documented_path"
APP = "test_the_app_in_the_path_is_the_one_that_was_asked_for"
TOKEN = "test_every_request_carries_the_token"
IN_URL = "test_the_token_is_in_no_url"
NO_BODY = "test_generate_has_no_body"
NO_LIST_BODY = "test_list_has_no_body"

DEFECTS = (
    Defect(
        "generates with POST", PUT_PATH, sends(lambda _, call: replace(call, method="POST"), "PUT"), also=EVERYTHING
    ),
    Defect("lists with POST", GET_PATH, plant(list_call=posted), also=EVERYTHING),
    Defect("a slash at the end of the path", PUT_PATH, url_with(lambda url: url + "/"), also=EVERYTHING),
    Defect("instance and project swapped", PUT_PATH, plant(scope=swapped), also=EVERYTHING),
    Defect(
        "always the app of the endpoint",
        APP,
        plant(path=lambda self, _: RequestsClient.path(self, self.endpoint.app_id)),
        also=also("Fails", "Recovers", "Stateful"),
    ),
    Defect(
        "the app id in upper case",
        PUT_PATH,
        plant(path=lambda self, app_id: RequestsClient.path(self, app_id.upper())),
        also=EVERYTHING,
    ),
    Defect("an empty JSON object as the body of PUT", NO_BODY, body_of("PUT", b"{}"), also=EVERYTHING),
    Defect("the token in the query, too", IN_URL, sends(token_in_query), also=EVERYTHING),
    Defect("the token with the first request only", TOKEN, plant(send=only_once), also=EVERYTHING),
    Defect("no token with a list", TOKEN, sends(without_token, "GET"), also=EVERYTHING),
    Defect("the token as Bearer", TOKEN, sends(bearer), also=EVERYTHING),
    Defect(
        "generate sends its request twice",
        PUT_PATH,
        plant(generate=twice),
        also=also("Sends", "Reads", "DoesNoHarm", "Stateful"),
    ),
    Defect("an empty JSON object as the body of GET", NO_LIST_BODY, body_of("GET", b"{}"), also=EVERYTHING),
    Defect("the token as Bearer, too", TOKEN, sends(bearer_too)),
    Defect("the token in base64, too", TOKEN, sends(basic_too)),
    Defect("the token as a cookie, too", TOKEN, sends(cookie_too)),
    Defect("the token in User-Agent, too", TOKEN, sends(user_agent_too)),
    Defect("later pages of the endpoint's app", APP, plant(list_all=later_pages_of_the_first_app)),
)
