"""Clients that hide errors, or lose what an error says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.broken_clients.client import Answer, AppCode, ClientError, Page
from tests.broken_clients.over_requests import RequestsClient
from tests.broken_clients.planting import EVERYTHING, Defect, also, plant

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import requests

    from tests.broken_clients.client import Call


def raising(make: Callable[[Answer, str | None, str | None], BaseException]) -> type[Any]:
    """Raise something else than a ClientError with all three."""

    def check(self: RequestsClient, answer: Answer, successes: Collection[int]) -> None:
        if answer.status not in successes:
            raise make(answer, *self.read_error(answer))

    return plant(check=check)


def told(change: Callable[[int, str | None, str | None], tuple[Any, Any, Any]]) -> type[Any]:
    """Change what an error says."""
    return raising(lambda answer, code, text: ClientError("refused", *change(answer.status, code, text)))


def instead(
    value: Callable[[], Any], *, when: Callable[[int | None], bool], operations: str = "generate list_page"
) -> type[Any]:
    """Give a value in place of raising some errors."""

    def wrapped(name: str) -> Any:  # noqa: ANN401 - a method
        def method(self: RequestsClient, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - as the method
            try:
                return getattr(RequestsClient, name)(self, *given, **named)
            except ClientError as error:
                if when(error.status):
                    return value()
                raise

        return method

    return type("Planted", (RequestsClient,), {name: wrapped(name) for name in operations.split()})


def empty_page() -> Page:
    return Page(0, 0, [])


def no_app_code() -> AppCode:
    return AppCode("", "", "", "")


def is_refusal(status: int | None) -> bool:
    return status is not None and 400 <= status < 500


def is_failure(status: int | None) -> bool:
    return status is not None and status >= 500


def of_requests(self: RequestsClient, call: Call) -> requests.Response:
    """Leave errors to the library, which knows nothing of error_code."""
    answer = RequestsClient.exchange(self, call)
    answer.raise_for_status()
    return answer


def json_first(_: RequestsClient, answer: Answer, successes: Collection[int]) -> None:
    """Read the body before the status."""
    if answer.status not in successes:
        body = json.loads(answer.body)
        msg = "refused"
        raise ClientError(msg, answer.status, body["error_code"], body["error_msg"])


def assertion(_: RequestsClient, answer: Answer, successes: Collection[int]) -> None:
    assert answer.status in successes, "the status is wrong"


def leaves(_: Answer, code: str | None, __: str | None) -> BaseException:
    return SystemExit(code)


def lenient_item(_: RequestsClient, item: Any) -> Any:  # noqa: ANN401 - from the wire
    return AppCode(*(str(item.get(name)) for name in ("app_code", "id", "app_id", "create_time")))


def lenient_page(self: RequestsClient, answer: Answer) -> Any:  # noqa: ANN401 - a page
    self.check(answer, self.list_successes())
    body = self.read_object(answer)
    items = [self.read_item(item) for item in body.get("app_codes") or []]
    return Page(body.get("total", 0), body.get("size", 0), items)


def whatever(_: RequestsClient, body: dict[str, Any], name: str, kind: type) -> Any:  # noqa: ANN401 - from the wire
    """Convert in place of looking."""
    return kind(body[name])


def optional(self: RequestsClient, body: dict[str, Any], name: str, kind: type) -> Any:  # noqa: ANN401 - from the wire
    return body.get(name) if name == "app_code" else RequestsClient.member(self, body, name, kind)


def without_app_code(_: RequestsClient, app_code: str | None, id_: str, app_id: str, create_time: Any) -> AppCode:  # noqa: ANN401 - as it was read
    return AppCode(app_code or "", id_, app_id, create_time)


def null_is_empty(self: RequestsClient, answer: Answer) -> Any:  # noqa: ANN401 - a page
    self.check(answer, self.list_successes())
    body = self.read_object(answer)
    items = body["app_codes"] if body["app_codes"] is not None else []
    return Page(body["total"], body["size"], [self.read_item(item) for item in items])


def only_objects(self: RequestsClient, answer: Answer) -> Any:  # noqa: ANN401 - a page
    self.check(answer, self.list_successes())
    body = self.read_object(answer)
    items = [self.read_item(item) for item in self.member(body, "app_codes", list) if isinstance(item, dict)]
    return Page(body["total"], body["size"], items)


def or_nothing(_: RequestsClient, answer: Answer) -> Any:  # noqa: ANN401 - from the wire
    return json.loads(answer.body or b"{}")


def mended(_: RequestsClient, answer: Answer) -> Any:  # noqa: ANN401 - from the wire
    """Give an empty object for what cannot be read."""
    try:
        return json.loads(answer.body)
    except ValueError:
        return {}


def any_list(self: RequestsClient, answer: Answer) -> Any:  # noqa: ANN401 - from the wire
    body = self.read_json(answer)
    return body if isinstance(body, dict) else {}


def lenient(**changes: Any) -> type[Any]:  # noqa: ANN401 - methods
    return plant(read_page=lenient_page, read_item=lenient_item, **changes)


def defaulted(_: RequestsClient, body: dict[str, Any], name: str, kind: type) -> Any:  # noqa: ANN401 - of any kind
    return body.get(name) or kind()


TOLD = "test_a_documented_error_arrives_with_status_code_and_text"
LANGUAGE = "test_an_error_text_in_another_language_arrives_whole"
UNKNOWN_APP = "test_an_unknown_app_is_an_error"
REFUSAL = "test_a_refusal_is_no_success"
HALF = "test_half_a_body_is_no_success"
OTHER_TYPE = "test_a_body_of_another_type_is_no_success"
NO_APP_CODE = "test_a_generate_without_its_app_code_is_no_success"
NO_LIST = "test_a_page_without_its_list_is_no_success"
LOST = "test_a_connection_that_ends_is_an_error"
NO_REDIRECT = "test_a_redirect_is_no_success"
WRONG_TOKEN = "test_a_wrong_token_is_an_error"
RANGE = "test_a_limit_out_of_range_is_not_sent_or_ends_in_an_error"

DEFECTS = (
    Defect(
        "None for every refusal",
        REFUSAL,
        instead(lambda: None, when=is_refusal),
        also=also("Sends", "Reads", "Fails", "Stateful"),
    ),
    Defect(
        "an empty page for every refusal",
        REFUSAL,
        instead(empty_page, when=is_refusal, operations="list_page"),
        also=EVERYTHING,
    ),
    Defect(
        "an empty page for an app that does not exist",
        UNKNOWN_APP,
        instead(empty_page, when=lambda status: status == 404, operations="list_page"),
        also=also("Pages", "Fails", "Stateful"),
    ),
    Defect(
        "the status is lost",
        TOLD,
        told(lambda _, code, text: (None, code, text)),
        also=also("Reads", "Fails", "Stateful"),
    ),
    Defect("error_code is lost", TOLD, told(lambda status, _, text: (status, None, text)), also=also("Reads", "Fails")),
    Defect(
        "error_code and error_msg swapped",
        TOLD,
        told(lambda status, code, text: (status, text, code)),
        also=also("Reads", "Fails", "Stateful"),
    ),
    Defect("error_msg is lost", TOLD, told(lambda status, code, _: (status, code, None)), also=also("Fails")),
    Defect(
        "error_msg in the client's own words",
        TOLD,
        told(lambda status, code, _: (status, code, "The request failed.")),
        also=also("Fails"),
    ),
    Defect(
        "error_msg with ASCII only",
        LANGUAGE,
        told(lambda status, code, text: (status, code, text and text.encode("ascii", "replace").decode())),
    ),
    Defect(
        "errors as the library makes them", TOLD, plant(exchange=of_requests), also=also("Reads", "Fails", "Stateful")
    ),
    Defect("errors end the process", TOLD, raising(leaves), also=EVERYTHING),
    Defect("429 is no error", REFUSAL, instead(lambda: None, when=lambda status: status == 429), also=also("Fails")),
    Defect(
        "an empty page for 502",
        REFUSAL,
        instead(empty_page, when=lambda status: status == 502, operations="list_page"),
        also=also("Pages"),
    ),
    Defect("an empty body is no error", HALF, lenient(read_json=or_nothing), also=also("Pages", "Fails", "Recovers")),
    Defect(
        "None for an empty body",
        HALF,
        plant(read_generated=lambda self, answer: RequestsClient.read_generated(self, answer) if answer.body else None),
        also=also("Recovers", "DoesNoHarm"),
    ),
    Defect(
        "a body that cannot be read is no error",
        HALF,
        lenient(read_json=mended),
        also=also("Pages", "Fails", "Recovers"),
    ),
    Defect(
        "None for what cannot be read",
        HALF,
        instead(lambda: None, when=lambda status: status in {200, 201}),
        also=also("Fails", "Recovers"),
    ),
    Defect("no AppCode is no error", NO_APP_CODE, plant(record=without_app_code, member=optional)),
    Defect("no list is an empty one", NO_LIST, plant(read_page=lenient_page), also=also("Fails", "Pages")),
    Defect("null is an empty list", NO_LIST, plant(read_page=null_is_empty)),
    Defect("items that are no AppCodes are left out", NO_LIST, plant(read_page=only_objects)),
    Defect(
        "members that are missing are no error",
        OTHER_TYPE,
        plant(member=defaulted, read_time=lambda _, text: text),
        also=also("Fails", "Pages"),
    ),
    Defect(
        "an array for an object is no error", OTHER_TYPE, lenient(read_object=any_list), also=also("Fails", "Pages")
    ),
    Defect(
        "None when no answer comes",
        LOST,
        instead(lambda: None, when=lambda status: status is None),
        also=also("Fails", "Recovers"),
    ),
    Defect(
        "leaves when no answer comes",
        LOST,
        plant(lost=lambda *_: SystemExit(1)),
        also=also("Pages", "Recovers", "DoesNoHarm", "KeepsSecrets"),
    ),
    Defect(
        "None for a redirect",
        NO_REDIRECT,
        instead(lambda: None, when=lambda status: status in range(300, 400)),
        also=also("Fails"),
    ),
    Defect(
        "None for a token that is refused",
        WRONG_TOKEN,
        instead(lambda: None, when=lambda status: status == 401),
        also=also("Fails"),
    ),
    Defect(
        "an empty page for a query that is refused",
        RANGE,
        instead(empty_page, when=lambda status: status == 400, operations="list_page"),
        also=also("Reads", "Pages", "Fails", "Stateful"),
    ),
)
