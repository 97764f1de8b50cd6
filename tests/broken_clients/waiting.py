"""Clients that wait for ever, or ask for ever."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tests.broken_clients.client import TIMEOUT, ClientError
from tests.broken_clients.over_aiohttp import AiohttpClient
from tests.broken_clients.over_requests import RequestsClient
from tests.broken_clients.over_urllib import UrllibClient
from tests.broken_clients.planting import Defect, also, plant

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.broken_clients.client import Answer, Call


def again_for_ever(when: Callable[[int | None], bool], *methods: str) -> type[Any]:
    """Repeat until it works."""

    def send(self: RequestsClient, call: Call) -> Answer:
        while True:
            try:
                answer = RequestsClient.send(self, call)
            except ClientError as error:
                if call.method not in methods or not when(error.status):
                    raise
            else:
                if call.method not in methods or not when(answer.status):
                    return answer
            time.sleep(0.05)

    return plant(send=send)


def again_when_unreadable(
    self: RequestsClient, app_id: str, offset: int | None = None, limit: int | None = None
) -> Any:  # noqa: ANN401 - a page
    while True:
        try:
            return RequestsClient.list_page(self, app_id, offset, limit)
        except ClientError as error:
            if error.status != 200:
                raise
            time.sleep(0.05)


class PatientList(RequestsClient):
    """Has a timeout for single pages only."""

    def list_all(self, app_id: str) -> Any:  # noqa: ANN401 - a list
        patient = NoTimeout(self.endpoint)
        try:
            return patient.list_all(app_id)
        finally:
            patient.close()


class NoTimeout(RequestsClient):
    """Waits for ever."""

    timeout = None


ENDLESS = "test_a_refusal_is_not_asked_again_without_end"
HALF = "test_half_a_body_is_no_success"
HANG = "test_a_server_that_never_answers_is_given_up"
LATE = "test_an_answer_that_comes_too_late_is_given_up"

DEFECTS = (
    Defect("no timeout", HANG, plant(timeout=None), also=also("Recovers", "DoesNoHarm", "Pages")),
    Defect(
        "a timeout for connecting only",
        HANG,
        plant(timeout=(TIMEOUT, None)),
        also=also("Recovers", "DoesNoHarm", "Pages"),
    ),
    Defect(
        "no timeout over urllib", LATE, plant(UrllibClient, timeout=None), also=also("Recovers", "DoesNoHarm", "Pages")
    ),
    Defect(
        "no timeout over aiohttp",
        HANG,
        plant(AiohttpClient, timeout=None),
        also=also("Recovers", "DoesNoHarm", "Pages"),
        awaited=True,
    ),
    Defect(
        "a list repeated for ever after a timeout",
        HANG,
        again_for_ever(lambda status: status is None, "GET"),
        also=also("Recovers", "KeepsSecrets", "Pages"),
    ),
    Defect(
        "a list repeated for ever after 429",
        ENDLESS,
        again_for_ever(lambda status: status == 429, "GET"),
        also=also("Pages", "Fails", "Recovers"),
    ),
    Defect(
        "a generate repeated for ever after 429",
        ENDLESS,
        again_for_ever(lambda status: status == 429, "PUT"),
        also=also("Fails", "Recovers"),
    ),
    Defect(
        "a list repeated for ever when it is unreadable",
        HALF,
        plant(list_page=again_when_unreadable),
        also=also("Pages", "Fails", "Recovers", "KeepsSecrets"),
    ),
    Defect("no timeout for the whole list", LATE, PatientList, also=also("Recovers", "Pages")),
)
