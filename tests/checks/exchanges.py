"""Exchanges made by hand, none of them by the fake: what the checks are tested on."""

from __future__ import annotations

import json
from typing import Any, Final

from appcode_contract.messages import Exchange, Request, Response

TOKEN: Final = "MIIEvQYJKoZ-known-token"
APP_ID: Final = "9ed8b7fe84224de681e7d7a5587e76dc"
PATH: Final = f"/v2/a1b2c3/apic/instances/5f918d10/apps/{APP_ID}/app-codes"
URL: Final = "https://roma.example" + PATH
APP_CODE: Final = "qVx7+Lw0Zr/T_2nE!9yK@d5M#u3H$f8B%c6P=aGjS1oNkQeXiRtYvWzAbCdDhJlU"
ITEM: Final[dict[str, Any]] = {
    "app_code": APP_CODE,
    "app_id": APP_ID,
    "id": "b3d34f746d0847fb95138670e10207ed",
    "create_time": "2020-07-24T02:31:45Z",
}
GENERATED: Final[dict[str, Any]] = ITEM | {"create_time": "2020-07-24T02:31:45.790909295Z"}
CODES: Final = {400: "APIG.2012", 401: "APIG.1002", 403: "APIG.1005", 404: "APIG.3004", 500: "APIG.9999"}
HEADERS: Final = {"X-Auth-Token": TOKEN}
JSON: Final = {"Content-Type": "application/json"}

Case = tuple[frozenset[str], Exchange]
"""An exchange, and the clauses that it breaks."""


def breaks(clause: str, exchange: Exchange, *, besides: str | None = None) -> Case:
    """Tell which clause an exchange breaks, and which other cannot be kept then."""
    return frozenset({clause, besides or clause}), exchange


def items(number: int) -> list[dict[str, Any]]:
    """Make items that differ."""
    return [ITEM | {"id": f"{index:032x}", "app_code": f"{APP_CODE}{index}"} for index in range(number)]


def page(number: int = 2, **changed: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON values
    """Make the body of a page with so many items."""
    return {"size": number, "total": number, "app_codes": items(number)} | changed


def without(document: dict[str, Any], name: str) -> dict[str, Any]:
    """Leave a field out."""
    return {key: value for key, value in document.items() if key != name}


def error(status: int, text: str | None = None) -> dict[str, Any]:
    """Make the body of a refusal."""
    return {"error_code": CODES[status], "error_msg": text or f"offset, limit or app {APP_ID} is wrong"}


def asked(method: str = "PUT", url: str = URL, headers: dict[str, str] | None = None, body: bytes = b"") -> Exchange:
    """Make an exchange of which only the request counts."""
    chosen = HEADERS if headers is None else headers
    return Exchange(Request(method, url, tuple(chosen.items()), body), None)


def answered(  # noqa: PLR0913 - three of them keywords
    method: str,
    status: int,
    document: Any = None,  # noqa: ANN401 - any JSON value
    *,
    query: str = "",
    headers: dict[str, str] | None = None,
    body: bytes | None = None,
) -> Exchange:
    """Make an exchange of which the response counts; body goes before document."""
    sent = json.dumps(document).encode() if body is None else body
    return Exchange(
        Request(method, URL + query, tuple(HEADERS.items())),
        Response(status, tuple((JSON if headers is None else headers).items()), sent),
    )


def generated(document: Any = GENERATED, status: int = 201, **more: Any) -> Exchange:  # noqa: ANN401 - any JSON value
    """Make an answer to generate."""
    return answered("PUT", status, document, **more)


def listed(document: Any, query: str = "", status: int = 200, **more: Any) -> Exchange:  # noqa: ANN401 - any JSON value
    """Make an answer to list."""
    return answered("GET", status, document, query=query, **more)


def refused(status: int, document: Any = None, query: str = "", **more: Any) -> Exchange:  # noqa: ANN401 - any JSON value
    """Make a refusal of list."""
    return answered("GET", status, error(status) if document is None else document, query=query, **more)
