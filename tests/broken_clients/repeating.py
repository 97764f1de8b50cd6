"""Clients that generate twice, or carry the token elsewhere."""

from __future__ import annotations

import urllib.request
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from tests.broken_clients.client import ClientError
from tests.broken_clients.over_aiohttp import AiohttpClient
from tests.broken_clients.over_httpx import HttpxClient
from tests.broken_clients.over_requests import RequestsClient
from tests.broken_clients.over_urllib import UrllibClient
from tests.broken_clients.planting import EVERYTHING, Defect, also, plant

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.broken_clients.client import Answer, Call


def retrying(base: type[Any] = RequestsClient, **options: Any) -> type[Any]:  # noqa: ANN401 - arguments of Retry
    """Leave repeating to urllib3, which takes PUT for idempotent."""
    return plant(base, new_adapter=lambda _: HTTPAdapter(max_retries=Retry(**options)))


def once_more(when: Callable[[str], bool], statuses: frozenset[int] = frozenset()) -> type[Any]:
    """Repeat a request once by hand; when gets the text of the error."""

    def send(self: RequestsClient, call: Call) -> Answer:
        try:
            answer = RequestsClient.send(self, call)
        except ClientError as error:
            if when(str(error)):
                return RequestsClient.send(self, call)
            raise
        return RequestsClient.send(self, call) if answer.status in statuses else answer

    return plant(send=send)


def generated_anew(self: RequestsClient, app_id: str) -> Any:  # noqa: ANN401 - what generate gives
    """Generate another when the first cannot be read."""
    try:
        return RequestsClient.generate(self, app_id)
    except ClientError as error:
        if error.status == 201:
            return RequestsClient.generate(self, app_id)
        raise


def three_attempts(self: RequestsClient, app_id: str) -> Any:  # noqa: ANN401 - what generate gives
    for _ in range(2):
        try:
            return RequestsClient.generate(self, app_id)
        except ClientError:
            continue
    return RequestsClient.generate(self, app_id)


def asked_for_first(self: RequestsClient, app_id: str) -> Any:  # noqa: ANN401 - what generate gives
    """Take an AppCode that exists already for the new one after an error."""
    try:
        return RequestsClient.generate(self, app_id)
    except ClientError:
        return self.list_page(app_id).app_codes[0]


def never(_: str) -> bool:
    return False


def following(self: RequestsClient) -> dict[str, Any]:
    return {"timeout": self.timeout}


def following_in_httpx(self: HttpxClient) -> dict[str, Any]:
    return {**HttpxClient.options(self), "follow_redirects": True}


def following_by_hand(self: RequestsClient, call: Call) -> Any:  # noqa: ANN401 - a response of requests
    answer = RequestsClient.exchange(self, call)
    target = answer.headers.get("Location")
    return answer if target is None else self.session.request("GET", target, headers=call.headers, **self.options())


def again_after(*statuses: int) -> type[Any]:
    """Generate again after some statuses."""
    return once_more(never, frozenset(statuses))


def again_with_retry_after(self: RequestsClient, call: Call) -> Any:  # noqa: ANN401 - a response of requests
    answer = RequestsClient.exchange(self, call)
    return RequestsClient.exchange(self, call) if "Retry-After" in answer.headers else answer


def again_when_unlike(self: RequestsClient, app_id: str) -> Any:  # noqa: ANN401 - what generate gives
    """Generate another when the record is not as expected."""
    try:
        return RequestsClient.generate(self, app_id)
    except ClientError as error:
        if error.status is None and "answer" not in str(error):
            return RequestsClient.generate(self, app_id)
        raise


def until_a_letter(self: RequestsClient, app_id: str) -> Any:  # noqa: ANN401 - what generate gives
    """Generate until the AppCode begins with a letter."""
    made = RequestsClient.generate(self, app_id)
    return made if made.app_code[0].isalpha() else RequestsClient.generate(self, app_id)


def following_on_the_host(self: RequestsClient, call: Call) -> Any:  # noqa: ANN401 - a response of requests
    """Send the token wherever the name of the host is the same."""
    answer = RequestsClient.exchange(self, call)
    target = answer.headers.get("Location")
    if target is None or urlsplit(target).hostname != urlsplit(call.url).hostname:
        return answer
    return self.session.request(call.method, target, headers=call.headers, **self.options())


REFUSAL = "test_a_refusal_is_no_success"
REPEATED = "test_a_generate_is_not_repeated"
REDIRECT = "test_the_token_does_not_follow_a_redirect"

DEFECTS = (
    Defect(
        "PUT repeated by urllib3 after 500",
        REPEATED,
        retrying(total=2, read=0, status_forcelist=[500]),
        also=also("Fails"),
    ),
    Defect(
        "PUT repeated by urllib3 after any failure of the server",
        REPEATED,
        retrying(total=2, read=0, status_forcelist=[500, 502, 503, 504]),
        also=also("Fails"),
    ),
    Defect("PUT repeated by urllib3 when no answer comes", REPEATED, retrying(total=2), also=also("Fails")),
    Defect("PUT repeated by aiohttp", REPEATED, plant(AiohttpClient, middlewares=lambda _: ()), awaited=True),
    Defect("PUT repeated by hand after 500", REPEATED, once_more(never, frozenset({500}))),
    Defect("PUT repeated by hand after 502", REPEATED, once_more(never, frozenset({502, 503, 504}))),
    Defect("PUT repeated by hand after a timeout", REPEATED, once_more(lambda text: "Timeout" in text)),
    Defect("PUT repeated by hand after a reset", REPEATED, once_more(lambda text: "ConnectionError" in text)),
    Defect(
        "PUT repeated when its answer cannot be read",
        REPEATED,
        plant(generate=generated_anew),
    ),
    Defect(
        "three attempts whatever happens",
        REPEATED,
        plant(generate=three_attempts),
    ),
    Defect(
        "an old AppCode for a new one after an error",
        REFUSAL,
        plant(generate=asked_for_first),
        also=also("Fails", "Recovers"),
    ),
    Defect("redirects followed by requests", REDIRECT, plant(options=following)),
    Defect("redirects followed by httpx", REDIRECT, plant(HttpxClient, options=following_in_httpx)),
    Defect(
        "redirects followed by urllib",
        REDIRECT,
        plant(UrllibClient, handlers=lambda _: [urllib.request.ProxyHandler({})]),
    ),
    Defect("redirects followed by aiohttp", REDIRECT, plant(AiohttpClient, options=lambda _: {}), awaited=True),
    Defect("redirects followed by hand with GET", REDIRECT, plant(exchange=following_by_hand)),
    *(
        Defect(f"PUT repeated by hand after {status}", REPEATED, again_after(status), also=also(*groups))
        for status, groups in ((400, ("Reads",)), (401, ()), (403, ("Reads",)), (404, ()), (200, ("Reads",)))
    ),
    Defect("PUT repeated after a redirect", REPEATED, again_after(*range(301, 309))),
    Defect("PUT repeated when the server says Retry-After", REPEATED, plant(exchange=again_with_retry_after)),
    Defect("PUT repeated when the record is not as expected", REPEATED, plant(generate=again_when_unlike)),
    Defect(
        "PUT repeated until the AppCode begins with a letter", REPEATED, plant(generate=until_a_letter), also=EVERYTHING
    ),
    Defect("redirects followed on any port of the host", REDIRECT, plant(exchange=following_on_the_host)),
)
