"""Clients that read ids as something else than texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.broken_clients.client import ClientError
from tests.broken_clients.over_requests import RequestsClient
from tests.broken_clients.planting import Defect, also, plant

if TYPE_CHECKING:
    from collections.abc import Callable


def ids(change: Callable[[str], str]) -> type[Any]:
    """Read ids another way."""

    def record(self: RequestsClient, app_code: str, id_: str, app_id: str, create_time: Any) -> Any:  # noqa: ANN401 - a record
        return RequestsClient.record(self, app_code, change(id_), app_id, create_time)

    return plant(record=record)


def as_expected(text: str) -> str:
    if not re.fullmatch("[0-9a-f]{32}", text):
        msg = "not an id"
        raise ClientError(msg)
    return text


def as_uuid(text: str) -> str:
    try:
        return UUID(text).hex
    except ValueError:
        return text


def as_number(text: str) -> str:
    return str(int(text)) if text.isdigit() else text


def as_float(text: str) -> str:
    return str(float(text)) if re.fullmatch(r"\d+e\d+", text) else text


ID = "test_an_id_is_read_whatever_it_looks_like"

DEFECTS = (
    Defect("ids in lower case", ID, ids(str.lower)),
    Defect("ids as UUIDs", ID, ids(as_uuid)),
    Defect("ids as whole numbers", ID, ids(as_number)),
    Defect("ids as floating numbers", ID, ids(as_float), also=also("Pages")),
    Defect("ids of 32 digits only", ID, ids(as_expected)),
)
