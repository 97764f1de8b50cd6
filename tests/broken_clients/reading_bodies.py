"""Clients that refuse or misread bodies that are as documented."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass, replace
from http import HTTPStatus
from http.client import HTTPException
from typing import TYPE_CHECKING, Any

from tests.broken_clients.client import Answer, ClientError, Page
from tests.broken_clients.over_requests import RequestsClient
from tests.broken_clients.over_urllib import UrllibClient
from tests.broken_clients.planting import EVERYTHING, Defect, also, plant

if TYPE_CHECKING:
    from tests.broken_clients.client import Call


@dataclass(frozen=True)
class Strict:
    """What knows no other field."""

    app_code: str
    id: str
    app_id: str
    create_time: str

    def __repr__(self) -> str:
        return f"Strict({self.id})"


def four_fields(_: RequestsClient, item: Any) -> Any:  # noqa: ANN401 - from the wire
    return Strict(**item)


def no_other_field(_: RequestsClient, answer: Answer) -> Any:  # noqa: ANN401 - from the wire
    body = RequestsClient.read_json(_, answer)
    known = {"app_code", "id", "app_id", "create_time", "total", "size", "app_codes", "error_code", "error_msg"}
    if not body.keys() <= known:
        msg = "an unknown field"
        raise ClientError(msg, answer.status)
    return body


def in_order(self: RequestsClient, item: Any) -> Any:  # noqa: ANN401 - from the wire
    app_code, id_, app_id, create_time = (item[name] for name in sorted(item, key=len)[-4:])
    return RequestsClient.read_item(
        self, {"app_code": app_code, "id": id_, "app_id": app_id, "create_time": create_time}
    )


def evaluated(_: RequestsClient, answer: Answer) -> Any:  # noqa: ANN401 - from the wire
    return ast.literal_eval(answer.body.decode())


def plain_type_only(_: RequestsClient, answer: Answer) -> Any:  # noqa: ANN401 - from the wire
    if answer.content_type != "application/json":
        msg = "not JSON"
        raise ClientError(msg, answer.status)
    return json.loads(answer.body)


def charset_demanded(_: RequestsClient, answer: Answer) -> Any:  # noqa: ANN401 - from the wire
    charset = answer.content_type.split("charset=")[1]
    return json.loads(answer.body.decode(charset))


def latin(_: RequestsClient, answer: Answer) -> Any:  # noqa: ANN401 - from the wire
    return json.loads(answer.body.decode("latin-1"))


def ascii_only(_: RequestsClient, answer: Answer) -> Any:  # noqa: ANN401 - from the wire
    return json.loads(answer.body.decode("ascii"))


def without_errors(self: RequestsClient, answer: Answer) -> Any:  # noqa: ANN401 - from the wire
    return RequestsClient.read_json(self, replace(answer, body=answer.body.decode("ascii", "ignore").encode()))


def announced(_: UrllibClient, answer: Any) -> bytes:  # noqa: ANN401 - an answer of urllib
    """Read as much as Content-Length says; chunked answers have none."""
    body: bytes = answer.read(int(answer.headers.get("Content-Length") or 0))
    return body


def of_items(change: Any) -> type[Any]:  # noqa: ANN401 - from list to list
    return plant(page=lambda _, total, size, items: Page(total, size, change(items)))


def members(change: Any) -> type[Any]:  # noqa: ANN401 - from a page to a page
    return plant(page=lambda _, total, size, items: change(Page(total, size, items)))


def with_first(page: Page) -> Page:
    """Look at the newest AppCode, which an empty list does not have."""
    return replace(page, app_codes=[page.app_codes[0], *page.app_codes[1:]])


def swapped_ids(self: RequestsClient, app_code: str, id_: str, app_id: str, create_time: Any) -> Any:  # noqa: ANN401 - a record
    return RequestsClient.record(self, app_code, app_id, id_, create_time)


def shortened_ids(self: RequestsClient, app_code: str, id_: str, app_id: str, create_time: Any) -> Any:  # noqa: ANN401 - a record
    return RequestsClient.record(self, app_code, id_[:8], app_id, create_time)


def as_dict(_: RequestsClient, app_code: str, id_: str, app_id: str, create_time: Any) -> Any:  # noqa: ANN401 - a record
    return {"app_code": app_code, "id": id_, "app_id": app_id, "create_time": create_time}


def by_pattern(self: RequestsClient, answer: Answer) -> Any:  # noqa: ANN401 - an AppCode
    """Read what is generated without a parser."""
    self.check(answer, self.generate_successes())
    text = answer.body.decode()
    names = ("app_code", "id", "app_id", "create_time")
    found = {name: re.search(rf'"{name}"\s*:\s*"([^"]*)"', text) for name in names}
    return self.read_item({name: match and match[1] for name, match in found.items()})


def in_32_bits(page: Page) -> Page:
    return replace(page, total=page.total % 2**32)


def of_the_first(page: Page) -> Page:
    """Give all items the time of the first."""
    times = {item.create_time for item in page.app_codes[:1]}
    return replace(page, app_codes=[replace(item, create_time=time) for item in page.app_codes for time in times])


def newest_first(page: Page) -> Page:
    """Bring the page into the order of the examples, which a server need not keep."""
    return replace(page, app_codes=sorted(page.app_codes, key=lambda item: item.create_time, reverse=True))


def through_float(page: Page) -> Page:
    return replace(page, total=int(float(page.total)))


def compressed_errors(_: UrllibClient, call: Call, error: Any) -> Answer:  # noqa: ANN401 - an error of urllib
    """Read errors as they come, though gzip was asked for."""
    try:
        return Answer(error.status, error.headers.get("Content-Type", ""), error.read())
    except (OSError, HTTPException) as lost:
        msg = f"no answer to {call.method}"
        raise ClientError(msg) from lost


def cut(_: RequestsClient, answer: Answer) -> Any:  # noqa: ANN401 - from the wire
    return RequestsClient.read_json(_, replace(answer, body=answer.body[:150_000]))


OWN_TIME = "test_each_record_has_its_own_time"
FIELDS = "test_unknown_fields_are_ignored"
EMPTY = "test_an_empty_list_is_empty"
CREATED = "test_201_is_the_success_of_a_generate"
OK_TOO = "test_200_is_a_success_of_a_generate_too"
OK = "test_200_is_the_success_of_a_list"
CHARSET = "test_json_is_read_whatever_its_charset"
JSON = "test_json_is_read_however_it_is_written"
GZIP = "test_a_compressed_answer_is_read"
CHUNKED = "test_a_chunked_answer_is_read"
TOTAL = "test_a_total_of_64_bits_is_read"
PAGE = "test_a_page_holds_what_was_asked_for"
PAGE_500 = "test_a_page_of_500_has_500"
LANGUAGE = "test_an_error_text_in_another_language_arrives_whole"
BEHAVIORS = "test_the_client_works_under_every_behavior"

DEFECTS = (
    Defect("201 is refused", CREATED, plant(generate_successes=lambda _: {HTTPStatus.OK}), also=EVERYTHING),
    Defect("200 is refused after PUT", OK_TOO, plant(generate_successes=lambda _: {HTTPStatus.CREATED})),
    Defect("200 is refused after GET", OK, plant(list_successes=lambda _: {HTTPStatus.CREATED}), also=EVERYTHING),
    Defect("unknown fields are refused", FIELDS, plant(read_json=no_other_field), also=also("Reads")),
    Defect("every field goes into a class with four", FIELDS, plant(read_item=four_fields), also=also("Reads")),
    Defect("fields are taken by their place", FIELDS, plant(read_item=in_order), also=EVERYTHING),
    Defect(
        "bodies are evaluated as Python",
        FIELDS,
        plant(read_json=evaluated),
        also=also("Reads", "Recovers", "KeepsSecrets"),
    ),
    Defect(
        "a charset in Content-Type is refused",
        CHARSET,
        plant(read_json=plain_type_only),
        also=also("Reads", "Fails"),
    ),
    Defect("bodies are read as latin-1", LANGUAGE, plant(read_json=latin)),
    Defect(
        "bodies are read as ASCII",
        LANGUAGE,
        plant(read_json=ascii_only),
        also=also("Reads"),
    ),
    Defect("gzip asked for and not read", GZIP, plant(UrllibClient, decompressed=lambda _, body: body)),
    Defect("chunked bodies are not read", CHUNKED, plant(UrllibClient, read_body=announced)),
    Defect("an empty list has no first", EMPTY, members(with_first), also=EVERYTHING),
    Defect("an empty list is None", EMPTY, of_items(lambda items: items or None), also=EVERYTHING),
    Defect(
        "total and size swapped",
        PAGE,
        members(lambda page: replace(page, total=page.size, size=page.total)),
        also=also("Sends", "Reads", "Pages", "Stateful"),
    ),
    Defect(
        "total is what the page holds",
        PAGE,
        members(lambda page: replace(page, total=len(page.app_codes))),
        also=also("Sends", "Reads", "Pages", "Stateful"),
    ),
    Defect("pages are turned around", PAGE, of_items(lambda items: items[::-1]), also=EVERYTHING),
    Defect("the last item of a page is lost", PAGE_500, of_items(lambda items: items[:-1]), also=EVERYTHING),
    Defect("id and app_id swapped", CREATED, plant(record=swapped_ids), also=EVERYTHING),
    Defect("JSON is read with a pattern", JSON, plant(read_generated=by_pattern)),
    Defect("total in 32 bits", TOTAL, members(in_32_bits)),
    Defect("one time for the whole page", OWN_TIME, members(of_the_first), also=EVERYTHING),
    Defect("newest first, whatever the server says", BEHAVIORS, members(newest_first), also=also("Reads")),
    Defect("total as a floating number", TOTAL, members(through_float)),
    Defect("gzip of errors asked for and not read", GZIP, plant(UrllibClient, read_error_answer=compressed_errors)),
    Defect("bodies cut at 150000 bytes", PAGE_500, plant(read_json=cut)),
)
