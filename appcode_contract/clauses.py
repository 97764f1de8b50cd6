"""The documentation as data: every clause once, in our words, with its source and its strength.

Everything else cites a clause by its id. An id never changes. This module imports nothing of the package.

Sources are written as *page table*: ``G T3`` is Table 3 of "Generating an AppCode" (revision 2025-03-26), ``L T2``
is Table 2 of "Querying AppCodes of an App" (revision 2023-06-29), ``ex`` is a page's example. RFC 9110 is HTTP.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "G": "Generating an AppCode",
        "L": "Querying AppCodes of an App",
    }
)
"""The two documentation pages by the letter that sources use."""


class Level(StrEnum):
    """How firmly the pages say it.

    ``documented``: a table or a sentence does. ``example``: only an example body does. ``implied``: neither does,
    but the operations make no sense without it.
    """

    DOCUMENTED = "documented"
    EXAMPLE = "example"
    IMPLIED = "implied"


@dataclass(frozen=True, slots=True)
class Clause:
    """One statement that a server or a client is held to.

    Attributes:
        id: Words joined by slashes; the first word is the operation or the part of the message.
        level: How firmly the pages say it.
        source: Page and table, as in ``"G T3"``.
        statement: What must hold, in our words.
        schema: The restricting keywords of schemas/ that stand for this clause, as ``"FILE#/POINTER"``.
        binds_client_only: Whether nothing that a server does can break it.
    """

    id: str
    level: Level
    source: str
    statement: str
    schema: tuple[str, ...] = ()
    binds_client_only: bool = False

    @property
    def page(self) -> str:
        """The source in full, as ``"Querying AppCodes of an App, Table 2"``."""
        by_page: dict[str, list[str]] = {}
        for part in self.source.split(", "):
            letter, _, place = part.partition(" ")
            named = re.sub(r"T(\d+)-T(\d+)", r"Tables \1 to \2", place)
            named = re.sub(r"^T(\d+)$", r"Table \1", named)
            by_page.setdefault(letter, []).append("example" if named == "ex" else named)
        return "; ".join(f"{PAGES[letter]}, {', '.join(places)}" for letter, places in by_page.items())


_D, _E, _I = Level.DOCUMENTED, Level.EXAMPLE, Level.IMPLIED
_ITEM = "app-code-item"
_CODE = "app-code"
_TIME = ("create-time#/type", "create-time#/pattern", "create-time#/not")


def _item_field(name: str, index: int) -> tuple[str, ...]:
    return (f"{_ITEM}#/required/{index}", f"{_ITEM}#/properties/{name}/type")


def _path_parameter(name: str, index: int) -> tuple[str, ...]:
    field = f"path-parameters#/properties/{name}"
    return (f"path-parameters#/required/{index}", f"{field}/type", f"{field}/minLength")


CLAUSES: Final[tuple[Clause, ...]] = (
    # ---- URI and path parameters
    Clause(
        "path/uri",
        _D,
        "G URI, L URI",
        "The operations are PUT and GET on /v2/{project_id}/apic/instances/{instance_id}/apps/{app_id}/app-codes.",
        ("path-parameters#/type",),
    ),
    Clause(
        "path/project-id",
        _D,
        "G T1, L T1",
        "project_id is a mandatory string in the path.",
        _path_parameter("project_id", 0),
    ),
    Clause(
        "path/instance-id",
        _D,
        "G T1, L T1",
        "instance_id is a mandatory string in the path.",
        _path_parameter("instance_id", 1),
    ),
    Clause(
        "path/app-id",
        _D,
        "G T1, L T1",
        "app_id is a mandatory string in the path.",
        _path_parameter("app_id", 2),
    ),
    # ---- request headers
    Clause(
        "header/x-auth-token",
        _D,
        "G T2, L T3",
        "Every request carries the header X-Auth-Token, in any letter case, and that header is enough.",
        (
            "request-headers#/type",
            "request-headers#/required/0",
            "request-headers#/properties/X-Auth-Token/type",
            "request-headers#/properties/X-Auth-Token/minLength",
        ),
    ),
    # ---- generate: request
    Clause(
        "generate/no-body",
        _D,
        "G Request Parameters",
        "A request to generate has no body.",
    ),
    Clause(
        "generate/no-query",
        _D,
        "G Request Parameters",
        "A request to generate has no query parameters.",
        binds_client_only=True,
    ),
    # ---- generate: response
    Clause(
        "generate/status",
        _D,
        "G Status code 201",
        "A generated AppCode is answered with 201.",
    ),
    Clause("generate/body", _D, "G T3", "The answer is a JSON object.", (f"{_ITEM}#/type",)),
    Clause(
        "generate/app-code",
        _D,
        "G T3",
        "The answer holds app_code, a string.",
        (f"{_ITEM}#/required/0", f"{_CODE}#/type"),
    ),
    Clause(
        "generate/app-code/length",
        _D,
        "G T3",
        "An AppCode has 64 to 180 characters.",
        (f"{_CODE}#/minLength", f"{_CODE}#/maxLength"),
    ),
    Clause(
        "generate/app-code/alphabet",
        _D,
        "G T3, G ex",
        "An AppCode holds letters of ASCII, digits and + _ ! @ # $ % / = and nothing else.",
        (f"{_CODE}#/not",),
    ),
    Clause(
        "generate/app-code/first-character",
        _D,
        "G T3",
        "An AppCode begins with a letter, + or /.",
        (f"{_CODE}#/pattern",),
    ),
    Clause(
        "generate/id",
        _D,
        "G T3",
        "The answer holds id, a string.",
        _item_field("id", 1),
    ),
    Clause(
        "generate/app-id",
        _D,
        "G T3",
        "The answer holds app_id, a string.",
        _item_field("app_id", 2),
    ),
    Clause(
        "generate/app-id/echo",
        _E,
        "G ex",
        "app_id in the answer is the app_id of the path.",
    ),
    Clause(
        "generate/create-time",
        _D,
        "G T3",
        "The answer holds create_time, a string.",
        (f"{_ITEM}#/required/3", "create-time#/type"),
    ),
    Clause(
        "generate/create-time/format",
        _E,
        "G ex",
        "create_time is an RFC 3339 date-time with at most nine fractional digits.",
        _TIME[1:],
    ),
    Clause(
        "generate/random",
        _D,
        "G Function",
        "Two generated AppCodes differ, and so do their ids.",
    ),
    Clause(
        "generate/single",
        _I,
        "G Function",
        "One answered request adds one AppCode to the list, and takes none away.",
    ),
    Clause(
        "generate/listed",
        _I,
        "G Function, L Function",
        "A generated AppCode is listed with the same app_code, id, app_id and the same second of creation.",
    ),
    Clause(
        "generate/concurrent",
        _I,
        "G Function",
        "AppCodes generated at the same time are all kept.",
    ),
    # ---- list: request
    Clause("list/no-body", _D, "L Request Parameters", "A request to list has no body.", binds_client_only=True),
    Clause(
        "list/query",
        _D,
        "L T2",
        "offset and limit are the only query parameters.",
        ("list-query#/type",),
        binds_client_only=True,
    ),
    # ---- list: response
    Clause("list/status", _D, "L Status code 200", "A list is answered with 200."),
    Clause(
        "list/body",
        _D,
        "L T4",
        "The answer is a JSON object.",
        ("list-response#/type",),
    ),
    Clause("list/offset/default", _D, "L T2", "Without offset the list begins at 0."),
    Clause(
        "list/offset/negative",
        _D,
        "L T2",
        "An offset below 0 is taken as 0 and not refused.",
    ),
    Clause(
        "list/offset/long",
        _D,
        "L T2",
        "offset is a 64-bit integer: 2147483648 and 9223372036854775807 are valid.",
        tuple(f"list-query#/properties/offset/{end}" for end in ("type", "minimum", "maximum")),
    ),
    Clause(
        "list/limit/default",
        _D,
        "L T2",
        "Without limit a page holds 20 AppCodes, or all when there are fewer.",
    ),
    Clause(
        "list/limit/minimum",
        _D,
        "L T2",
        "1 is the smallest limit and works.",
        ("list-query#/properties/limit/minimum",),
    ),
    Clause(
        "list/limit/maximum",
        _D,
        "L T2",
        "500 is the largest limit and works.",
        ("list-query#/properties/limit/maximum",),
    ),
    Clause(
        "list/limit/cap",
        _D,
        "L T2",
        "A page never holds more than 500 AppCodes, whatever the limit.",
        (
            "list-response#/properties/app_codes/maxItems",
            "list-response#/properties/size/maximum",
        ),
    ),
    Clause(
        "list/limit/page",
        _D,
        "L T2",
        "A page holds limit AppCodes as long as the list has so many left.",
    ),
    Clause(
        "list/limit/type",
        _D,
        "L T2",
        "limit is an integer; anything else is refused with 400.",
        ("list-query#/properties/limit/type",),
    ),
    Clause(
        "list/size",
        _D,
        "L T4",
        "size is an integer, the number of items on this page.",
        (
            "list-response#/required/0",
            "list-response#/properties/size/type",
            "list-response#/properties/size/minimum",
        ),
    ),
    Clause(
        "list/total",
        _D,
        "L T4",
        "total is a 64-bit integer, the number of the app's AppCodes, the same on every page.",
        (
            "list-response#/required/1",
            *(f"list-response#/properties/total/{end}" for end in ("type", "minimum", "maximum")),
        ),
    ),
    Clause(
        "list/app-codes",
        _D,
        "L T4",
        "app_codes is an array, empty when there is nothing, never null.",
        ("list-response#/required/2", "list-response#/properties/app_codes/type"),
    ),
    Clause(
        "list/app-codes/item",
        _D,
        "L T5",
        "Each item is an object of strings: app_code, which keeps the rule for AppCodes, id, app_id and create_time.",
        (
            f"{_ITEM}#/type",
            *(f"{_ITEM}#/required/{index}" for index in range(4)),
            f"{_ITEM}#/properties/id/type",
            f"{_ITEM}#/properties/app_id/type",
            *(f"{_CODE}#/{keyword}" for keyword in ("type", "minLength", "maxLength", "pattern", "not")),
            "create-time#/type",
        ),
    ),
    Clause(
        "list/app-codes/own",
        _I,
        "L Function",
        "A list holds AppCodes of the app in the path and of no other.",
    ),
    Clause(
        "list/create-time/format",
        _E,
        "L ex",
        "create_time is an RFC 3339 date-time with at most nine fractional digits.",
        _TIME[1:],
    ),
    Clause(
        "list/paging",
        _I,
        "L T2",
        "Pages joined are the whole list, without gap or repeat and in a stable order; past the end a page is empty.",
    ),
    Clause("list/read-only", _I, "L Function", "A query changes nothing."),
    # ---- errors
    Clause(
        "error/body",
        _D,
        "G T4-T8, L T6-T10",
        "400, 401, 403, 404 and 500 come with a JSON object that holds the strings error_code and error_msg.",
        tuple(
            f"error-body#/{end}"
            for end in (
                "type",
                "required/0",
                "required/1",
                "properties/error_code/type",
                "properties/error_msg/type",
            )
        ),
    ),
    Clause(
        "error/400/code",
        _E,
        "G ex, L ex",
        "An invalid parameter is APIG.2012 and error_msg names the parameter.",
    ),
    Clause(
        "error/401/code",
        _E,
        "G ex, L ex",
        "A missing, wrong or expired token is APIG.1002.",
    ),
    Clause(
        "error/403/code",
        _E,
        "G ex, L ex",
        "A token without the permission is APIG.1005.",
    ),
    Clause(
        "error/404/code",
        _E,
        "G ex, L ex",
        "An unknown app is APIG.3004 and error_msg holds its id.",
    ),
    Clause("error/500/code", _E, "G ex, L ex", "A failure of the server is APIG.9999."),
    Clause("error/404/generate", _E, "G ex", "Generating for an unknown app is answered with 404."),
    Clause("error/no-effect", _I, "G Function", "A refused request changes nothing."),
    Clause("error/no-effect/missing-token", _I, "G Function", "A generate without a token makes no AppCode."),
    Clause("error/no-effect/wrong-token", _I, "G Function", "A generate with a wrong token makes no AppCode."),
    Clause("error/no-effect/forbidden-token", _I, "G Function", "A generate with a forbidden token makes no AppCode."),
    # ---- every response
    Clause(
        "status/documented",
        _D,
        "G Status Codes, L Status Codes",
        "No status but 200, 201, 400, 401, 403, 404 and 500 is answered.",
    ),
    Clause(
        "body/json",
        _E,
        "G ex, L ex",
        "A body is JSON in UTF-8, and its Content-Type says application/json.",
    ),
)
"""Every clause, in the order of the pages."""

BY_ID: Final[Mapping[str, Clause]] = MappingProxyType({clause.id: clause for clause in CLAUSES})
"""The clauses by id."""


def clauses_of_keyword(keyword: str) -> Iterator[Clause]:
    """Yield the clauses that a restricting schema keyword stands for.

    Args:
        keyword: ``"FILE#/POINTER"``, with the file's name without ``.json``.

    Yields:
        The clauses that name the keyword, in the order of the pages.
    """
    return (clause for clause in CLAUSES if keyword in clause.schema)


@dataclass(frozen=True, slots=True)
class Operation:
    """One documented operation.

    Attributes:
        name: ``"generate"`` or ``"list"``.
        method: The HTTP method.
        success: The status code of success.
        vendor_name: The name that the vendor's SDK gives it.
    """

    name: str
    method: str
    success: int
    vendor_name: str


GENERATE: Final = Operation("generate", "PUT", 201, "CreateAppCodeAutoV2")
"""Generating an AppCode."""
LIST: Final = Operation("list", "GET", 200, "ListAppCodesV2")
"""Querying the AppCodes of an app."""
PATH_TEMPLATE: Final = "/v2/{project_id}/apic/instances/{instance_id}/apps/{app_id}/app-codes"
"""The path of both operations (both pages, URI)."""
