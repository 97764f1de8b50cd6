"""Clients that go wrong when the call is over, when another answer comes, or where nobody looks at once."""

from __future__ import annotations

import logging
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from tests.broken_clients.client import Answer, ClientError
from tests.broken_clients.over_requests import RequestsClient
from tests.broken_clients.over_urllib import UrllibClient
from tests.broken_clients.planting import Defect, also, answers, plant, times

if TYPE_CHECKING:
    from appcode_contract.client_contract import Endpoint
    from tests.broken_clients.client import Call


class LooksFirst(RequestsClient):
    """Looks at the list before it generates, and tries again when no answer to that comes."""

    def generate(self, app_id: str) -> Any:  # noqa: ANN401 - a record
        self.list_page(app_id, 0, 1)
        for _ in range(2):
            with suppress(ClientError):
                return super().generate(app_id)
        return super().generate(app_id)

    def lost(self, call: Call, error: Exception) -> Exception:
        return super().lost(call, error) if call.method == "PUT" else RuntimeError("the list did not come")


class LooksFirstAndWaits(RequestsClient):
    """Looks at the list before it generates, and has a timeout for that only."""

    patient = False

    def generate(self, app_id: str) -> Any:  # noqa: ANN401 - a record
        self.list_page(app_id, 0, 1)
        self.patient = True
        try:
            return super().generate(app_id)
        finally:
            self.patient = False

    def options(self) -> dict[str, Any]:
        return {**super().options(), **({"timeout": None} if self.patient else {})}


class Outbox(RequestsClient):
    """Makes up for a generate that failed when it is used again."""

    left = ""

    def generate(self, app_id: str) -> Any:  # noqa: ANN401 - a record
        try:
            return super().generate(app_id)
        except ClientError:
            self.left = app_id
            raise

    def list_page(self, app_id: str, offset: int | None = None, limit: int | None = None) -> Any:  # noqa: ANN401 - a page
        self.make_up()
        return super().list_page(app_id, offset, limit)

    def make_up(self) -> None:
        app_id, self.left = self.left, ""
        if app_id:
            self.send(self.generate_call(app_id))


class OutboxWhenClosed(Outbox):
    """Makes up for it when it is closed."""

    def list_page(self, app_id: str, offset: int | None = None, limit: int | None = None) -> Any:  # noqa: ANN401 - a page
        return RequestsClient.list_page(self, app_id, offset, limit)

    def close(self) -> None:
        with suppress(ClientError):
            self.make_up()
        super().close()


class InTheBackground(RequestsClient):
    """Repeats a generate that failed while its caller has the error already."""

    def generate(self, app_id: str) -> Any:  # noqa: ANN401 - a record
        try:
            return super().generate(app_id)
        except ClientError as error:
            if error.status == 500:
                threading.Timer(0.1, RequestsClient(self.endpoint).send, (self.generate_call(app_id),)).start()
            raise


class Confirming(RequestsClient):
    """Generates again when the first page does not have what it generated."""

    def generate(self, app_id: str) -> Any:  # noqa: ANN401 - a record
        made = super().generate(app_id)
        ids = {each.id for each in self.list_page(app_id).app_codes}
        return made if made.id in ids else super().generate(app_id)


class KeptStream(RequestsClient):
    """Prints its headers to the stream that it found when it was made."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint)
        self.out = sys.stderr

    def send(self, call: Call) -> Answer:
        print(call.headers, file=self.out)
        return super().send(call)


class OwnRecords(RequestsClient):
    """Has log records made in its own way, which asks nobody else."""

    def send(self, call: Call) -> Answer:
        before = logging.getLogRecordFactory()
        logging.setLogRecordFactory(logging.LogRecord)
        try:
            logging.getLogger("acme").info("sending %s", call.headers)
        finally:
            logging.setLogRecordFactory(before)
        return super().send(call)


class Places(RequestsClient):
    """Lets four calls in at a time, and forgets to let one out where the answer is a redirect, or no object."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint)
        self.places = threading.Semaphore(4)

    def lost_with(self, answer: Answer) -> bool:
        return answer.status == 302

    def send(self, call: Call) -> Answer:
        if not self.places.acquire(timeout=0.05):
            msg = "no place is left"
            raise ClientError(msg)
        try:
            answer = super().send(call)
        except ClientError:
            self.places.release()
            raise
        if not self.lost_with(answer):
            self.places.release()
        return answer


class PlacesForShapes(Places):
    def lost_with(self, answer: Answer) -> bool:
        return answer.body == b"[]"


def only_lists_have_a_timeout(self: UrllibClient, answer: Any) -> bytes:  # noqa: ANN401 - of http.client or urllib
    """Wait for ever for the rest of a page that is asked for by itself."""
    if answer.fp is not None and answer.status < 400 and "limit=500" not in answer.geturl():
        (answer.fp.raw if hasattr(answer.fp, "raw") else answer.fp.fp.raw)._sock.settimeout(None)  # noqa: SLF001 - there is no other way
    return UrllibClient.read_body(self, answer)


def zeros_lost(text: str) -> str:
    """Read the fraction as a number."""
    whole, dot, rest = text.partition(".")
    digits = rest.rstrip("Z") if rest.endswith("Z") else ""
    return f"{whole}.{int(digits)}Z" if dot and digits.isdigit() else text


def unescaped(answer: Answer) -> Answer:
    """Take the text of an error for HTML."""
    body = answer.body.replace(b"&amp;", b"&") if answer.status >= 400 else answer.body
    return Answer(answer.status, answer.content_type, body)


ONCE = "test_a_generate_is_not_repeated"
PRINTED = "test_nothing_that_is_printed_shows_a_credential"
REFUSALS = "test_the_client_works_after_many_refusals"

DEFECTS = (
    Defect("the list is looked at, and a generate repeated", ONCE, LooksFirst, also=also("Sends", "Recovers")),
    Defect(
        "the list is looked at, and a generate waited for without end",
        "test_a_server_that_never_answers_is_given_up",
        LooksFirstAndWaits,
        also=also("DoesNoHarm", "Recovers"),
    ),
    Defect("a generate made up for with the next call", ONCE, Outbox, also=also("Fails", "Recovers")),
    Defect("a generate made up for when closed", ONCE, OutboxWhenClosed),
    Defect("a generate repeated in the background", ONCE, InTheBackground, also=also("Recovers")),
    Defect("generated again when the first page does not have it", ONCE, Confirming),
    Defect("the token printed to a stream that was kept", PRINTED, KeptStream),
    Defect("the token in a record of its own factory", "test_no_log_record_shows_a_credential", OwnRecords),
    Defect("a place lost with each redirect", REFUSALS, Places, also=also("Fails", "DoesNoHarm")),
    Defect("a place lost with each answer of another shape", REFUSALS, PlacesForShapes, also=also("Fails")),
    Defect(
        "no timeout for the rest of a single page",
        "test_an_answer_that_comes_too_late_is_given_up",
        plant(UrllibClient, read_body=only_lists_have_a_timeout),
        also=also("DoesNoHarm"),
    ),
    Defect(
        "zeros of a fraction lost",
        "test_a_time_is_read_whatever_its_precision",
        times(zeros_lost),
        also=also("Sends", "Reads", "Recovers", "Stateful"),
    ),
    Defect(
        "the text of an error taken for HTML",
        "test_an_error_text_in_another_language_arrives_whole",
        answers(unescaped),
    ),
)
