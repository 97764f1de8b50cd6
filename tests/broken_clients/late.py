"""Clients that go wrong late: in the middle of an answer, with a list half read, beside another call, when closed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tests.broken_clients.client import Answer, ClientError
from tests.broken_clients.over_requests import RequestsClient
from tests.broken_clients.over_urllib import UrllibClient
from tests.broken_clients.planting import Defect, also, plant
from tests.broken_clients.straying import Later

if TYPE_CHECKING:
    from collections.abc import Collection

    from tests.broken_clients.client import Call


def patient_with_the_rest(self: UrllibClient, answer: Any) -> bytes:  # noqa: ANN401 - of http.client or urllib
    """Have a timeout for the head, and none for the body."""
    if answer.fp is not None and answer.status < 400:
        (answer.fp.raw if hasattr(answer.fp, "raw") else answer.fp.fp.raw)._sock.settimeout(None)  # noqa: SLF001 - there is no other way
    return UrllibClient.read_body(self, answer)


class PatientLater(Later):
    """Has no timeout once it has read a page."""

    def options(self) -> dict[str, Any]:
        return {**super().options(), **({"timeout": None} if self.later else {})}


class TellingWhatItRead(RequestsClient):
    """Tells all that it has when a later page fails."""

    def list_all(self, app_id: str) -> list[Any]:
        found: list[Any] = []
        while True:
            try:
                page = self.list_page(app_id, len(found), 500)
            except ClientError as error:
                if not found:
                    raise
                msg = f"only {len(found)} AppCodes came, the last is {found[-1].app_code}"
                raise ClientError(msg, error.status, error.error_code, error.error_msg) from None
            found += page.app_codes
            if not page.app_codes or len(found) >= page.total:
                return found


class RefusalKept(RequestsClient):
    """Keeps the answer that it looks at in the client."""

    latest: Answer

    def check(self, answer: Answer, successes: Collection[int]) -> None:
        self.latest = answer
        time.sleep(0.005)
        super().check(self.latest, successes)


def deflate_asked_for(self: UrllibClient) -> dict[str, str]:
    return {**UrllibClient.headers(self), "Accept-Encoding": "gzip, deflate"}


def cut_to_32(self: RequestsClient, app_id: str) -> str:
    return RequestsClient.path(self, app_id[:32])


def from_the_end(self: RequestsClient, app_id: str, offset: int | None = None, limit: int | None = None) -> Any:  # noqa: ANN401 - a page
    """Count an offset below 0 from the end, as Python does."""
    if offset is not None and offset < 0:
        offset = max(RequestsClient.list_page(self, app_id, 0, 1).total + offset, 0)
    return RequestsClient.list_page(self, app_id, offset, limit)


class Renewing(RequestsClient):
    """Generates an AppCode for whoever comes next when it is closed after a list."""

    listed = ""

    def list_call(self, app_id: str, offset: int | None, limit: int | None) -> Call:
        self.listed = app_id
        return super().list_call(app_id, offset, limit)

    def close(self) -> None:
        if self.listed:
            self.send(self.generate_call(self.listed))
        super().close()


LATE = "test_an_answer_that_comes_too_late_is_given_up"

DEFECTS = (
    Defect(
        "a timeout for the head only",
        LATE,
        plant(UrllibClient, read_body=patient_with_the_rest),
        also=also("DoesNoHarm"),
    ),
    Defect("no timeout on later pages", "test_an_error_on_a_later_page_is_no_short_list", PatientLater),
    Defect("the AppCodes read so far in an error", "test_no_exception_shows_a_credential", TellingWhatItRead),
    Defect(
        "the answer of another call is looked at",
        "test_errors_at_the_same_time_do_not_mix",
        RefusalKept,
        also=also("Recovers"),
    ),
    Defect(
        "deflate asked for and not read",
        "test_a_compressed_answer_is_read",
        plant(UrllibClient, headers=deflate_asked_for),
    ),
    Defect(
        "app ids cut to 32 characters",
        "test_the_app_in_the_path_is_the_one_that_was_asked_for",
        plant(path=cut_to_32),
    ),
    Defect(
        "an offset below 0 counts from the end",
        "test_an_offset_below_0_is_not_sent_or_reads_from_the_beginning",
        plant(list_page=from_the_end),
        also=also("Stateful"),
    ),
    Defect(
        "an AppCode generated when closed",
        "test_reading_generates_nothing",
        Renewing,
        also=also("DoesNoHarm", "Recovers"),
    ),
)
