"""Defects of offset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.broken_servers.planting import Defect, cuts, plant, refuses
from tests.broken_servers.service import Service
from tests.broken_servers.values import Record, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

UNDOCUMENTED = frozenset({"status/documented"})
UNAUTHORIZED = frozenset({"error/401/code"})
DEFAULT, NEGATIVE, LONG = (f"list/offset/{rule}" for rule in ("default", "negative", "long"))
PAGING = "list/paging"


def starts(start: Callable[[Service, int], int]) -> type[Service]:
    """Take an offset for another one."""
    return plant(start=start)


def signed(bits: int) -> Callable[[Service, int], int]:
    def start(_: Service, offset: int) -> int:
        wrapped: int = (max(offset, 0) + 2 ** (bits - 1)) % 2**bits - 2 ** (bits - 1)
        return max(wrapped, 0)

    return start


def ends_checked(status: int) -> type[Service]:
    """Refuse offsets past the end."""

    def cut(self: Service, records: list[Record], offset: int, limit: int) -> list[Record]:
        if offset and offset >= len(records):
            what = "offset" if status == 400 else self.app_id
            raise (
                self.refused(status, what)
                if status in {400, 404, 500}
                else RefusedError(status, "APIG.0001", "No more")
            )
        return Service.cut(self, records, offset, limit)

    return plant(cut=cut)


def overflows(bits: int) -> type[Service]:
    """Add offset and limit in so many bits, as a database does."""

    def cut(_: Service, records: list[Record], offset: int, limit: int) -> list[Record]:
        if offset + limit >= 2 ** (bits - 1):
            raise OverflowError
        return records[offset : offset + limit]

    return plant(cut=cut)


def null_past_the_end(self: Service, page: list[Record], total: int) -> Any:  # noqa: ANN401 - any body
    return Service.page(self, page, total) if page or not total else None


def default_start(text: str) -> type[Service]:
    """Begin elsewhere when no offset is given."""
    return plant(offset_of=lambda self, query: Service.offset_of(self, {"offset": [text], **query}))


DEFECTS = (
    Defect("without offset the list begins at 1", DEFAULT, default_start("1")),
    Defect("without offset the list begins at 20", DEFAULT, default_start("20"), existing=25),
    Defect(
        "without offset the list begins at its middle",
        DEFAULT,
        plant(
            offset_of=lambda self, query: (
                Service.offset_of(self, query) if "offset" in query else len(self.apps[self.app_id]) // 2
            )
        ),
    ),
    Defect("a negative offset is refused", NEGATIVE, refuses(400, "offset", lambda n: n < 0)),
    Defect("a negative offset is a 401", NEGATIVE, refuses(401, "offset", lambda n: n < 0), UNAUTHORIZED),
    Defect("a negative offset is a 500", NEGATIVE, refuses(500, "offset", lambda n: n < 0)),
    Defect("a negative offset is a 422", NEGATIVE, refuses(422, "offset", lambda n: n < 0), UNDOCUMENTED),
    Defect("a negative offset is taken as positive", NEGATIVE, starts(lambda _, n: abs(n))),
    Defect(
        "a negative offset counts from the end",
        NEGATIVE,
        plant(start=lambda _, n: n, cut=lambda _, r, offset, limit: r[offset:][:limit]),
    ),
    Defect("a negative offset wraps to a large one", NEGATIVE, starts(lambda _, n: n % 2**64)),
    Defect(
        "a negative offset shortens the page",
        NEGATIVE,
        plant(start=lambda _, n: n, cut=lambda _, r, offset, limit: r[max(offset, 0) : max(offset + limit, 0)]),
    ),
    Defect("a very negative offset is a 500", NEGATIVE, refuses(500, "offset", lambda n: n < -(2**31))),
    Defect("an offset of more than 31 bits is refused", LONG, refuses(400, "offset", lambda n: n >= 2**31)),
    Defect("an offset of more than 31 bits is a 500", LONG, refuses(500, "offset", lambda n: n >= 2**31)),
    Defect("an offset of more than 31 bits wraps", LONG, starts(signed(32))),
    Defect("an offset of 2**63-1 is refused", LONG, refuses(400, "offset", lambda n: n == 2**63 - 1)),
    Defect("an offset of more than 53 bits is a 500", LONG, refuses(500, "offset", lambda n: n > 2**53)),
    Defect("offset and limit are added in 64 bits", LONG, overflows(64)),
    Defect("offset and limit are added in 32 bits", LONG, overflows(32)),
    Defect(
        "an offset of 64 bits wraps with the limit",
        LONG,
        cuts(lambda r, offset, limit: r[:limit] if offset + limit >= 2**63 else r[offset : offset + limit]),
    ),
    Defect("past the end is a 404", PAGING, ends_checked(404)),
    Defect("past the end is a 400", PAGING, ends_checked(400)),
    Defect("past the end is a 500", PAGING, ends_checked(500)),
    Defect("past the end is a 416", PAGING, ends_checked(416), UNDOCUMENTED),
    Defect(
        "past the end is the last page again",
        PAGING,
        cuts(
            lambda r, offset, limit: (
                r[min(offset, max(len(r) - limit, 0)) :][:limit] if offset >= len(r) else r[offset : offset + limit]
            )
        ),
    ),
    Defect("past the end is the first page again", PAGING, cuts(lambda r, offset, limit: (r[offset:] or r)[:limit])),
    Defect(
        "past the end the list begins anew", PAGING, cuts(lambda r, offset, limit: r[offset % max(len(r), 1) :][:limit])
    ),
    Defect("past the end the body is null", "list/body", plant(page=null_past_the_end)),
    Defect("offset counts pages", PAGING, cuts(lambda r, offset, limit: r[offset * limit :][:limit])),
    Defect("offset is ignored", PAGING, plant(offset_of=lambda _, __: 0)),
    Defect("offset begins at 1", PAGING, starts(lambda _, n: max(n - 1, 0))),
    Defect(
        "offset is rounded to whole pages",
        PAGING,
        cuts(lambda r, offset, limit: r[offset // limit * limit :][:limit]),
        existing=25,
    ),
    Defect("offset is at most 10", PAGING, starts(lambda _, n: min(max(n, 0), 10)), existing=25),
)
