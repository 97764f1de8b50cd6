"""Clients that show a credential: in logs, exceptions, reprs, warnings, on the terminal."""

from __future__ import annotations

import json
import logging
import sys
import traceback
import urllib.request
import warnings
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from tests.broken_clients.client import Answer, ClientError
from tests.broken_clients.over_requests import RequestsClient
from tests.broken_clients.over_urllib import UrllibClient
from tests.broken_clients.planting import Defect, plant

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.broken_clients.client import Call

LOGGER = logging.getLogger("roma.client")


@dataclass(frozen=True)
class Shown:
    """What has the repr that dataclasses have."""

    app_code: str
    id: str
    app_id: str
    create_time: Any


class ShownAsText(Shown):
    """What hides its AppCode in repr and not in str."""

    def __repr__(self) -> str:
        return f"<AppCode {self.id}>"

    def __str__(self) -> str:
        return self.app_code


class Abbreviated(Shown):
    """What shows the beginning, which is most of the way to the rest."""

    def __repr__(self) -> str:
        return f"<AppCode {self.app_code[:32]}…>"


@dataclass
class ShownPage:
    """A page that shows the AppCodes that its items hide."""

    total: int
    size: int
    app_codes: Any

    def __repr__(self) -> str:
        return f"<Page of {[item.app_code for item in self.app_codes]}>"


def of_call(show: Callable[[str], object], *methods: str) -> type[Any]:
    """Show each request before it is sent."""

    def send(self: RequestsClient, call: Call) -> Answer:
        if not methods or call.method in methods:
            show(f"{call.method} {call.url} {dict(call.headers)}")
        return RequestsClient.send(self, call)

    return plant(send=send)


def of_answer(show: Callable[[str], object], *, least: int = 0) -> type[Any]:
    """Show each answer after it came."""

    def send(self: RequestsClient, call: Call) -> Answer:
        answer = RequestsClient.send(self, call)
        if answer.status >= least:
            show(f"{answer.status} {answer.body.decode(errors='replace')}")
        return answer

    return plant(send=send)


def of_record(show: Callable[[str], object]) -> type[Any]:
    """Show each AppCode that is read."""

    def record(self: RequestsClient, app_code: str, *others: Any) -> Any:  # noqa: ANN401 - a record
        show(f"read {app_code}")
        return RequestsClient.record(self, app_code, *others)

    return plant(record=record)


def of_generated(show: Callable[[str], object]) -> type[Any]:
    """Show each AppCode that is generated."""

    def generate(self: RequestsClient, app_id: str) -> Any:  # noqa: ANN401 - a record
        made = RequestsClient.generate(self, app_id)
        show(f"generated {made.app_code}")
        return made

    return plant(generate=generate)


def printed(text: str) -> None:
    sys.stdout.write(text + "\n")


def printed_as_error(text: str) -> None:
    sys.stderr.write(text + "\n")


def warned(text: str) -> None:
    warnings.warn(text, UserWarning, stacklevel=2)


def debugged(self: UrllibClient) -> list[urllib.request.BaseHandler]:
    """Let http.client print what it sends and gets."""
    return [*UrllibClient.handlers(self), urllib.request.HTTPHandler(debuglevel=1)]


def refusal_with(more: Callable[[RequestsClient, Answer], str]) -> type[Any]:
    """Tell more in the text of an error."""

    def refusal(self: RequestsClient, answer: Answer) -> Exception:
        return ClientError(f"refused: {more(self, answer)}", answer.status, *self.read_error(answer))

    return plant(refusal=refusal)


def loss_with_headers(_: RequestsClient, call: Call, error: Exception) -> Exception:
    return ClientError(f"{type(error).__name__} after {call.method} {call.url} {dict(call.headers)}")


def loss_with_note(self: RequestsClient, call: Call, error: Exception) -> Exception:
    lost = RequestsClient.lost(self, call, error)
    lost.add_note(f"headers: {dict(call.headers)}")
    return lost


def body_in_text(_: RequestsClient, answer: Answer) -> Any:  # noqa: ANN401 - from the wire
    try:
        return json.loads(answer.body)
    except ValueError as error:
        msg = f"not JSON: {answer.body.decode(errors='replace')}"
        raise ClientError(msg, answer.status) from error


def body_in_cause(_: RequestsClient, answer: Answer) -> Any:  # noqa: ANN401 - from the wire
    try:
        return json.loads(answer.body)
    except ValueError as error:
        msg = "not JSON"
        raise ClientError(msg, answer.status) from ValueError(f"{error}: {answer.body.decode(errors='replace')}")


def value_in_text(_: RequestsClient, body: dict[str, Any], name: str, kind: type) -> Any:  # noqa: ANN401 - of that kind
    if not isinstance(body.get(name), kind):
        msg = f"{name} is wrong in {body}"
        raise ClientError(msg)
    return body[name]


def time_in_text(_: RequestsClient, item: Any) -> Any:  # noqa: ANN401 - from the wire
    try:
        return RequestsClient.read_item(_, item)
    except ClientError as error:
        msg = f"{error}: {item}"
        raise ClientError(msg) from error


def traced(self: RequestsClient, call: Call, error: Exception) -> Exception:
    LOGGER.error(
        "no answer with token %s\n%s", call.headers["X-Auth-Token"], "".join(traceback.format_exception(error))
    )
    return RequestsClient.lost(self, call, error)


def shown_as(kind: type[Any]) -> type[Any]:
    return plant(record=lambda _, *members: kind(*members))


LOG = "test_no_log_record_shows_a_credential"
EXCEPTION = "test_no_exception_shows_a_credential"
REPR = "test_no_repr_of_the_client_shows_a_credential"
RESULT = "test_no_repr_of_a_result_shows_a_credential"
WARNING = "test_no_warning_shows_a_credential"
TERMINAL = "test_nothing_that_is_printed_shows_a_credential"

DEFECTS = (
    Defect("the token in a log of requests", LOG, of_call(LOGGER.debug)),
    Defect("the token in a log of errors", LOG, plant(lost=traced)),
    Defect("answers in a log", LOG, of_answer(LOGGER.debug)),
    Defect("generated AppCodes in a log", LOG, of_generated(LOGGER.info)),
    Defect("listed AppCodes in a log", LOG, of_record(LOGGER.debug)),
    Defect("the token in the text of an error", EXCEPTION, refusal_with(lambda self, _: str(self.headers()))),
    Defect("the token in the text of an error without an answer", EXCEPTION, plant(lost=loss_with_headers)),
    Defect("the token in a note of an error", EXCEPTION, plant(lost=loss_with_note)),
    Defect("a body that cannot be read in the text of an error", EXCEPTION, plant(read_json=body_in_text)),
    Defect("a body that cannot be read in the cause of an error", EXCEPTION, plant(read_json=body_in_cause)),
    Defect("a body of another shape in the text of an error", EXCEPTION, plant(member=value_in_text)),
    Defect("an AppCode that is not as expected in the text of an error", EXCEPTION, plant(read_item=time_in_text)),
    Defect(
        "the token in the repr of the client", REPR, plant(__repr__=lambda self: f"<Client {asdict(self.endpoint)}>")
    ),
    Defect("the token in the str of the client", REPR, plant(__str__=lambda self: f"client with {self.headers()}")),
    Defect(
        "half of the token in the repr of the client",
        REPR,
        plant(__repr__=lambda self: f"<Client {self.endpoint.token[:32]}…>"),
    ),
    Defect("AppCodes in the repr of results", RESULT, shown_as(Shown)),
    Defect("AppCodes in the str of results", RESULT, shown_as(ShownAsText)),
    Defect("half of an AppCode in the repr of results", RESULT, shown_as(Abbreviated)),
    Defect("AppCodes in the repr of pages", RESULT, plant(page=lambda _, *members: ShownPage(*members))),
    Defect("the token in a warning", WARNING, of_call(warned)),
    Defect("an AppCode in a warning", WARNING, of_generated(warned)),
    Defect("the token printed", TERMINAL, of_call(printed)),
    Defect("AppCodes printed as errors", TERMINAL, of_record(printed_as_error)),
    Defect("requests printed by http.client", TERMINAL, plant(UrllibClient, handlers=debugged)),
)
