"""Defects of offset, limit, and of how pages are cut out of the list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.broken_servers.planting import Defect, cuts, plant, refuses, takes
from tests.broken_servers.service import Service
from tests.broken_servers.values import Choices, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable


UNDOCUMENTED = frozenset({"status/documented"})
DEFAULT, NEGATIVE, LONG = (f"list/offset/{rule}" for rule in ("default", "negative", "long"))
LEAST, MOST, CAP, PAGE, TYPE = (f"list/limit/{rule}" for rule in ("minimum", "maximum", "cap", "page", "type"))
PAGING = "list/paging"
CLAMP = Choices(out_of_range_limit="clamp")


def ranges(in_range: Callable[[Service, int], int], choices: Choices = Choices()) -> type[Service]:  # noqa: B008 - a frozen value
    """Take a limit for another one."""
    return plant(in_range=in_range, defaults=choices)


def takes_as(accepted: str, value: int) -> type[Service]:
    """Take every limit of a form for a number."""
    return takes(lambda text: value if re.fullmatch(accepted, text) else None)


def refuses_words(status: int) -> type[Service]:
    """Refuse limits that are no number with another status."""

    def read(self: Service, parameter: str, text: str) -> int:
        try:
            return Service.integer(self, parameter, text)
        except RefusedError as refused:
            if parameter != "limit":
                raise
            code = "APIG.9999" if status == 500 else refused.code
            raise RefusedError(status, code, refused.text) from refused

    return plant(integer=read)


def repeated(self: Service, query: dict[str, list[str]], name: str) -> str | None:
    if len(query.get(name, [])) > 1:
        raise OSError
    return Service.single(self, query, name)


LIMIT = (
    Defect("without limit a page holds 10", "list/limit/default", plant(default_limit=10), existing=25),
    Defect("without limit a page holds 50", "list/limit/default", plant(default_limit=50), existing=25),
    Defect("without limit a page holds everything", "list/limit/default", plant(default_limit=500), existing=25),
    Defect("without limit a page holds 19", "list/limit/default", plant(default_limit=19), existing=25),
    Defect("without limit a page holds 21", "list/limit/default", plant(default_limit=21), existing=25),
    Defect(
        "with an offset and no limit a page holds 10",
        "list/limit/default",
        plant(limit_of=lambda self, q: 10 if "limit" not in q and "offset" in q else Service.limit_of(self, q)),
        existing=45,
    ),
    Defect("limit 1 is refused", LEAST, refuses(400, "limit", lambda n: n == 1)),
    Defect("limit 1 is a 500", LEAST, refuses(500, "limit", lambda n: n == 1)),
    Defect("limit 1 gives two", LEAST, cuts(lambda r, offset, limit: r[offset:][: max(limit, 2)])),
    Defect("limit 1 gives none", LEAST, cuts(lambda r, offset, limit: r[offset:][: limit if limit > 1 else 0])),
    Defect("limit 1 is the default", LEAST, ranges(lambda self, n: 20 if n == 1 else Service.in_range(self, n))),
    Defect("limit 0 gives an empty page", LEAST, ranges(lambda self, n: 0 if n == 0 else Service.in_range(self, n))),
    Defect("limit 0 is a 500", LEAST, refuses(500, "limit", lambda n: n == 0)),
    Defect("limit 0 is a 422", "status/documented", refuses(422, "limit", lambda n: n == 0)),
    Defect("limit 0 is 1", LEAST, ranges(lambda self, n: max(n, 1) if n < 501 else Service.in_range(self, n), CLAMP)),
    Defect(
        "limit 0 is 500", LEAST, ranges(lambda self, n: 500 if n < 1 else Service.in_range(self, n), CLAMP), existing=25
    ),
    Defect("limit -1 is 1", LEAST, ranges(lambda self, n: Service.in_range(self, abs(n)))),
    Defect(
        "limit -1 gives all but the last",
        LEAST,
        plant(
            in_range=lambda self, n: n if n < 0 else Service.in_range(self, n),
            cut=lambda _, r, offset, limit: r[offset:limit] if limit < 0 else r[offset:][:limit],
        ),
    ),
    Defect(
        "limit -1 gives everything",
        LEAST,
        ranges(lambda self, n: 10**6 if n < 0 else Service.in_range(self, n)),
        existing=25,
    ),
    Defect("limit -1 is a 500", LEAST, refuses(500, "limit", lambda n: n < 0)),
    Defect("limit 500 is refused", MOST, refuses(400, "limit", lambda n: n == 500)),
    Defect("limit 500 is a 500", MOST, refuses(500, "limit", lambda n: n == 500)),
    Defect("limit 500 is refused, being above 100", MOST, refuses(400, "limit", lambda n: n > 100), frozenset({PAGE})),
    Defect(
        "limit 500 gives 100",
        MOST,
        ranges(lambda self, n: min(Service.in_range(self, n), 100)),
        frozenset({PAGE}),
        existing=120,
    ),
    Defect("limit 500 gives 499", MOST, cuts(lambda r, offset, limit: r[offset:][: min(limit, 499)]), existing=520),
    Defect(
        "limit 501 is 20",
        MOST,
        ranges(lambda self, n: 20 if n > 500 else Service.in_range(self, n), CLAMP),
        existing=25,
    ),
    Defect("limit 501 gives an empty page", MOST, ranges(lambda self, n: 0 if n > 500 else Service.in_range(self, n))),
    Defect("limit 501 is a 500", MOST, refuses(500, "limit", lambda n: n > 500)),
    Defect("limit 501 is a 404", MOST, refuses(404, "limit", lambda n: n > 500)),
    Defect("limit of more than 31 bits is a 500", MOST, refuses(500, "limit", lambda n: n >= 2**31)),
    Defect("limit 501 gives 501", CAP, plant(largest_limit=1000), frozenset({MOST}), existing=520),
    Defect(
        "limit 0 gives everything",
        CAP,
        ranges(lambda self, n: n or 10**6 if n < 501 else Service.in_range(self, n)),
        frozenset({LEAST}),
        existing=520,
    ),
    Defect(
        "large limits give everything",
        CAP,
        ranges(lambda self, n: n if n > 500 else Service.in_range(self, n)),
        frozenset({MOST}),
        existing=520,
    ),
    Defect(
        "every limit gives one more",
        PAGE,
        cuts(lambda r, offset, limit: r[offset : offset + min(limit + 1, 500)]),
        frozenset({LEAST, "list/limit/default"}),
        existing=25,
    ),
    Defect(
        "every limit above 1 gives one less",
        PAGE,
        cuts(lambda r, offset, limit: r[offset:][: limit - 1 if 1 < limit < 500 else limit]),
        frozenset({"list/limit/default"}),
        existing=25,
    ),
    Defect(
        "limit is rounded up to tens",
        PAGE,
        ranges(lambda self, n: n if n == 1 else min(-(-Service.in_range(self, n) // 10) * 10, 500)),
        existing=25,
    ),
    Defect(
        "limit is halved with an offset",
        PAGE,
        cuts(lambda r, offset, limit: r[offset:][: max(limit // 2, 1) if offset else limit]),
        frozenset({"list/limit/default", "list/paging"}),
        existing=25,
    ),
    Defect(
        "limit is where the page ends",
        PAGE,
        cuts(lambda r, offset, limit: r[offset:limit]),
        frozenset({PAGING, "list/limit/default"}),
        existing=25,
    ),
    Defect(
        "limits below 5 give 5",
        PAGE,
        cuts(lambda r, offset, limit: r[offset:][: limit if limit == 1 else max(limit, 5)]),
        existing=25,
    ),
    Defect(
        "limits above 20 give 20",
        PAGE,
        cuts(lambda r, offset, limit: r[offset:][: min(limit, 20)]),
        frozenset({MOST}),
        existing=45,
    ),
)
WORDS = (
    Defect("limit 4.0 is 4", TYPE, takes_as(r"\d+\.0", 4)),
    Defect("limit 4.5 is 4", TYPE, takes_as(r"\d+\.[1-9]", 4)),
    Defect(
        "limit is any number of JavaScript",
        TYPE,
        takes(lambda text: int(found[0]) if (found := re.match(r"\s*-?[0-9]+", text)) else None),
    ),
    Defect(
        "limit is any integer of Python",
        TYPE,
        takes(lambda text: int(text) if re.fullmatch(r"[\s\d_+-]*\d\s*", text) else None),
    ),
    Defect(
        "limit may have underscores",
        TYPE,
        takes(lambda text: int(text) if re.fullmatch(r"[0-9]+(_[0-9]+)+", text) else None),
    ),
    Defect(
        "limit may have digits of other scripts",
        TYPE,
        takes(lambda text: int(text) if re.fullmatch(r"\d+", text) else None),
    ),
    Defect(
        "limit may be hexadecimal",
        TYPE,
        takes(lambda text: int(text, 16) if re.fullmatch(r"0x[0-9a-f]+", text) else None),
    ),
    Defect("limit may have an exponent", TYPE, takes_as(r"\d+e\d+", 10)),
    Defect("an empty limit is the default", TYPE, takes_as("", 20)),
    Defect("limit true is 1", TYPE, takes_as("true", 1)),
    Defect("limit null is the default", TYPE, takes_as("null|None|undefined", 20)),
    Defect("limit abc is the default", TYPE, takes_as("[a-z]+", 20)),
    Defect("limit abc is 0", TYPE, takes_as("[a-z]+", 500)),
    Defect(
        "every wrong limit is the default", TYPE, takes(lambda text: None if re.fullmatch("-?[0-9]+", text) else 20)
    ),
    Defect("limit abc is a 500", TYPE, refuses_words(500)),
    Defect("limit abc is a 404", TYPE, refuses_words(404), frozenset({"error/404/code"})),
    Defect("limit abc is a 401", TYPE, refuses_words(401), frozenset({"error/401/code"})),
    Defect("limit abc is a 422", TYPE, refuses_words(422), UNDOCUMENTED),
    Defect("a limit given twice is a 500", TYPE, plant(single=repeated)),
)
DEFECTS = (*LIMIT, *WORDS)
