"""Answers to successful calls, each of which breaks one clause, and many that break none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from tests.checks.exchanges import (
    APP_CODE,
    APP_ID,
    GENERATED,
    ITEM,
    breaks,
    generated,
    items,
    listed,
    page,
    without,
)

if TYPE_CHECKING:
    from tests.checks.exchanges import Case

_GENERATED_FIELDS: Final = {
    "app_code": "generate/app-code",
    "id": "generate/id",
    "app_id": "generate/app-id",
    "create_time": "generate/create-time",
}
_PAGE_FIELDS: Final = {"size": "list/size", "total": "list/total", "app_codes": "list/app-codes"}
_WRONG: Final[dict[str, Any]] = {"null": None, "a number": 7, "a boolean": True, "an object": {}, "an array": ["x"]}
_NO_OBJECTS: Final = {"null": None, "an array": [ITEM], "a string": "x", "a number": 7, "a boolean": False}
_TIMES: Final = {
    "no zone": "2020-07-24T02:31:45",
    "a blank": "2020-07-24 02:31:45Z",
    "ten fractional digits": "2020-07-24T02:31:45.0123456789Z",
    "a final newline": "2020-07-24T02:31:45Z\n",
    "a month 13": "2020-13-24T02:31:45Z",
    "the 29th of a February that has 28 days": "2021-02-29T02:31:45Z",
    "nothing": "",
    "a lone surrogate": "\ud800",
    "an AppCode": APP_CODE,
}
_LENGTHS: Final = {"63 characters": APP_CODE[1:], "181 characters": "a" * 181}
_LETTERS: Final = {
    "a hyphen": "-",
    "a final newline": "\n",
    "a blank": " ",
    "a letter beyond ascii": "\u00e9",
    "a lone surrogate": "\ud800",
    "a nul": "\0",
}
_FIRST: Final = "0_!@#$%="


def _item(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON values
    """Make a page of two items, one of them changed."""
    return page(app_codes=[*items(1), ITEM | changed])


def _without_item_field(name: str) -> dict[str, Any]:
    return page(app_codes=[*items(1), without(ITEM, name)])


BROKEN_GENERATED: Final[dict[str, Case]] = {
    "status 200": breaks("generate/status", generated(status=200)),
    "status 202": breaks("generate/status", generated(status=202), besides="status/documented"),
    **{f"{kind} as the body": breaks("generate/body", generated(value)) for kind, value in _NO_OBJECTS.items()},
    **{f"no {name}": breaks(clause, generated(without(GENERATED, name))) for name, clause in _GENERATED_FIELDS.items()},
    **{
        f"{kind} as {name}": breaks(clause, generated(GENERATED | {name: value}))
        for name, clause in _GENERATED_FIELDS.items()
        for kind, value in _WRONG.items()
    },
    "appCode for app_code": breaks(
        "generate/app-code", generated(without(GENERATED, "app_code") | {"appCode": APP_CODE})
    ),
    **{
        f"an AppCode of {what}": breaks("generate/app-code/length", generated(GENERATED | {"app_code": code}))
        for what, code in _LENGTHS.items()
    },
    **{
        f"an AppCode with {what}": breaks(
            "generate/app-code/alphabet", generated(GENERATED | {"app_code": APP_CODE + letter})
        )
        for what, letter in _LETTERS.items()
    },
    **{
        f"an AppCode that begins with {first}": breaks(
            "generate/app-code/first-character", generated(GENERATED | {"app_code": first + APP_CODE})
        )
        for first in _FIRST
    },
    "an empty AppCode": breaks(
        "generate/app-code/length",
        generated(GENERATED | {"app_code": ""}),
        besides="generate/app-code/first-character",
    ),
    "another app_id": breaks("generate/app-id/echo", generated(GENERATED | {"app_id": "another"})),
    "app_id in upper case": breaks("generate/app-id/echo", generated(GENERATED | {"app_id": APP_ID.upper()})),
    "an AppCode as app_id": breaks("generate/app-id/echo", generated(GENERATED | {"app_id": "x " * 30 + APP_CODE})),
    "a lone surrogate as app_id": breaks("generate/app-id/echo", generated(GENERATED | {"app_id": "\udfff"})),
    **{
        f"{what} as create_time": breaks("generate/create-time/format", generated(GENERATED | {"create_time": time}))
        for what, time in _TIMES.items()
    },
}
"""Answers to generate, by what is wrong with them."""

BROKEN_LISTED: Final[dict[str, Case]] = {
    "status 201": breaks("list/status", listed(page(), status=201)),
    "status 206": breaks("list/status", listed(page(), status=206), besides="status/documented"),
    **{f"{kind} as the body": breaks("list/body", listed(value)) for kind, value in _NO_OBJECTS.items()},
    **{f"no {name}": breaks(clause, listed(without(page(), name))) for name, clause in _PAGE_FIELDS.items()},
    **{
        f"{kind} as {name}": breaks(_PAGE_FIELDS[name], listed(page(**{name: value})))
        for name in ("size", "total")
        for kind, value in (_WRONG | {"a string": "2", "a fraction": 2.5, "minus one": -1}).items()
        if kind != "a number" or name == "size"
    },
    **{
        f"{kind} as app_codes": breaks("list/app-codes", listed(page(0, app_codes=value)))
        for kind, value in _WRONG.items()
        if kind != "an array"
    },
    "a size that does not fit": breaks("list/size", listed(page(2, size=3))),
    "a size of an empty page": breaks("list/size", listed(page(0, size=1))),
    "a size that does not fit, written as a float": breaks(
        "list/size", listed(None, body=b'{"size": 3.0, "total": 3, "app_codes": []}')
    ),
    "a total beyond 64 bits": breaks("list/total", listed(page(total=2**63))),
    "a total of a thousand digits": breaks("list/total", listed(page(total=10**1000))),
    "an infinite total": breaks("list/total", listed(None, body=b'{"size": 0, "total": 1e400, "app_codes": []}')),
    "501 items with a limit that is clamped": breaks("list/limit/cap", listed(page(501), "?limit=600")),
    "a size of 501": breaks("list/limit/cap", listed(page(0, size=501)), besides="list/size"),
    "21 items without a limit": breaks("list/limit/default", listed(page(21))),
    "2 items with limit 1": breaks("list/limit/minimum", listed(page(2), "?limit=1")),
    "501 items with limit 500": breaks("list/limit/maximum", listed(page(501), "?limit=500"), besides="list/limit/cap"),
    "4 items with limit 3": breaks("list/limit/page", listed(page(4), "?offset=0&limit=3")),
    **{
        f"an item that is {kind}": breaks("list/app-codes/item", listed(page(app_codes=[*items(1), value])))
        for kind, value in _NO_OBJECTS.items()
    },
    **{f"an item without {name}": breaks("list/app-codes/item", listed(_without_item_field(name))) for name in ITEM},
    **{
        f"{kind} as an item's {name}": breaks("list/app-codes/item", listed(_item(**{name: value})))
        for name in ITEM
        for kind, value in _WRONG.items()
    },
    **{
        f"an item's AppCode of {what}": breaks("list/app-codes/item", listed(_item(app_code=code)))
        for what, code in _LENGTHS.items()
    },
    **{
        f"an item's AppCode with {what}": breaks("list/app-codes/item", listed(_item(app_code=APP_CODE + letter)))
        for what, letter in _LETTERS.items()
    },
    **{
        f"an item's AppCode that begins with {first}": breaks(
            "list/app-codes/item", listed(_item(app_code=first + APP_CODE))
        )
        for first in _FIRST
    },
    "an item's AppCode that is empty": breaks("list/app-codes/item", listed(_item(app_code=""))),
    "every item's AppCode cut short": breaks(
        "list/app-codes/item", listed(page(2, app_codes=[each | {"app_code": APP_CODE[:9]} for each in items(2)]))
    ),
    "an item of another app": breaks("list/app-codes/own", listed(_item(app_id="another"))),
    "an item with an AppCode as app_id": breaks("list/app-codes/own", listed(_item(app_id="x " * 30 + APP_CODE))),
    "an item twice": breaks("list/paging", listed(page(app_codes=items(1) * 2))),
    **{
        f"{what} as an item's create_time": breaks("list/create-time/format", listed(_item(create_time=time)))
        for what, time in _TIMES.items()
    },
}
"""Answers to list, by what is wrong with them."""

_CHARSET: Final = {"content-type": "Application/JSON;charset=UTF-8"}
LEGAL_SUCCESSES: Final = {
    "generated": generated(),
    "generated with charset": generated(headers=_CHARSET),
    "generated with unknown fields": generated(GENERATED | {"status": None, "extra": {"app_code": 1}}),
    "generated with whole seconds": generated(ITEM),
    "generated in another zone": generated(GENERATED | {"create_time": "2020-07-24T10:31:45.790+08:00"}),
    "generated of letters only": generated(GENERATED | {"app_code": "Ab" * 32}),
    "generated of 180 characters": generated(GENERATED | {"app_code": "+" * 180}),
    "generated with escapes": generated(
        body=json.dumps(GENERATED).replace("/", "\\/").replace("=", "\\u003d").encode()
    ),
    "generated with blanks around": generated(body=b" \r\n\t" + json.dumps(GENERATED, indent=4).encode() + b"\n"),
    "generated with a key twice": generated(body=json.dumps(GENERATED).replace("{", '{"id": 7, ', 1).encode()),
    "an empty page": listed(page(0)),
    "a page": listed(page(2)),
    "a page past the end": listed(page(0, total=3), "?offset=9"),
    "a page in the middle": listed(page(1, total=3), "?offset=1&limit=1"),
    "a page of 20": listed(page(20, total=21)),
    "a page of 500": listed(page(500), "?limit=500"),
    "a page with charset": listed(page(), headers=_CHARSET),
    **{
        f"a page with {media_type}": listed(page(), headers={"Content-Type": media_type})
        for media_type in (
            'application/json; charset="utf-8"',
            "application/json;charset=UTF8",
            " application/json ; Charset = utf-8 ; v=1",
        )
    },
    "a page with unknown fields": listed(page(next="x", app_codes=[each | {"remark": [1]} for each in items(2)])),
    "a page with floats that are integers": listed(None, body=b'{"size": 0.0, "total": 2.0, "app_codes": []}'),
    "a page with times of both forms": listed(page(app_codes=[*items(1), GENERATED])),
    "a page in another zone": listed(_item(create_time="2020-07-24T10:31:45+08:00")),
    "a page after a limit that is clamped": listed(page(20), "?limit=0"),
    **{f"21 items after limit {limit}": listed(page(21), f"?limit={limit}") for limit in ("0", "-1", "501", "abc")},
    "a page after a negative offset": listed(page(1), "?offset=-1"),
    "a page after two limits": listed(page(3), "?limit=1&limit=2"),
    "a page of the highest total": listed(page(0, total=2**63 - 1), f"?offset={2**63 - 1}"),
}
"""Answers that break nothing."""
