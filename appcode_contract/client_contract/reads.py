"""A client reads what is documented, in every form that it may have."""

from __future__ import annotations

import string
import time as clock
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import partial
from typing import TYPE_CHECKING, Final

import pytest

from appcode_contract.behavior import ALL_BEHAVIORS
from appcode_contract.client_contract.changes import (
    compressed,
    escaped,
    giving,
    in_pieces,
    rewritten,
    with_200,
    with_content_type,
    with_unknown_fields,
)
from appcode_contract.client_contract.topics import judges

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from appcode_contract.behavior import Behavior
    from appcode_contract.client_contract.bench import Bench
    from appcode_contract.client_contract.changes import Change
    from appcode_contract.client_contract.shapes import Record

_SHORTEST, _LONGEST = 64, 180
_TRICKS: Final = "+_!@#$%/=%2B%2F%3D%25%41%20%u0041$HOME$1%s%d%%a==b//c##d@@e!!f__g+/+h$$"
_LETTERS: Final = string.ascii_letters + string.digits
_HUGE: Final = (5_000_000_000, 2**63 - 1)
_NINE = "2020-07-24T02:31:45.790909295"
_TIMES: Final = {
    "nine digits": f"{_NINE}Z",
    "milliseconds": "2020-07-24T02:31:45.790Z",
    "whole seconds": "2020-07-24T02:31:45Z",
    "nine digits of which the first is 0": "2020-07-24T02:31:45.079009029Z",
    **{f"{digits} digits": f"{_NINE[: 20 + digits]}Z" for digits in (1, 2, 4, 5, 7, 8)},
}
_ZONES: Final = {
    "Z": "2020-07-24T02:31:45Z",
    "offset": "2020-07-24T10:31:45+08:00",
    "offset and nine digits": "2020-07-24T10:31:45.790909295+08:00",
    "offset across midnight": "2020-07-25T01:31:45+08:00",
    "half an hour more": "2020-07-24T08:01:45+05:30",
    "half an hour less": "2020-07-23T21:01:45-05:30",
}
_IDS: Final = {
    "upper case": "0C9F1E77A5B24D36B1E8F0A2C3D4E5F6",
    "a UUID": "0C9F1E77-a5b2-4d36-b1e8-f0a2c3d4e5f6",
    "a number beyond 64 bits": "92233720368547758080",
    "zeros first": "000000000000000000000000000000042",
    "a number with an exponent": "1e5",
    "letters beyond f": "app-code_Zz.9~k",
}
_CONTENT_TYPES: Final = ("application/json;charset=UTF-8", "application/json; charset=utf-8", "application/json")


def _app_codes() -> Iterator[tuple[str, str]]:
    """Give AppCodes that every usual corruption changes, by what they show."""
    for length in (_SHORTEST, _LONGEST):
        fill = (_TRICKS + _LETTERS) * 3
        yield f"special characters, {length}", "A" + fill[: length - 3] + "=="
        yield f"letters only, {length}", (string.ascii_letters * 4)[:length]
        yield f"+ first, {length}", "+" + fill[8 : length + 7]
        yield f"slash first, {length}", "/" + fill[3 : length - 2] + "%2b="
        yield f"alike in either case, {length}", ("aAbBzZ" * 30)[: length - 4] + "_=/+"


def _read_both(bench: Bench, change: Change, **fields: str) -> None:
    """Generate and list under a change; the records must be the server's, with these fields."""
    bench.front.change = change
    made = bench.generate()
    bench.equal(1, len(bench.fake.app_codes()), "AppCodes that the server has after one generate")
    kept = replace(bench.newest(), **fields)
    bench.same(kept, made)
    bench.same_list([kept], _listed(bench))


@contextmanager
def _far_from_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let local time be another than UTC, where Python can."""
    if not hasattr(clock, "tzset"):
        yield
        return
    try:
        with monkeypatch.context() as patch:
            patch.setenv("TZ", "XST-8")
            clock.tzset()
            yield
    finally:
        clock.tzset()


def _with_total(total: int, body: dict[str, object]) -> dict[str, object]:
    return body | {"total": total}


def _listed(bench: Bench) -> Sequence[Record]:
    page = bench.page()
    number = len(bench.fake.app_codes())
    bench.equal((number, number), (page.total, page.size), "total and size")
    return page.records


class Reads:
    """What a client reads."""

    @judges("trap/spoilt-app-code")
    @pytest.mark.parametrize("app_code", [pytest.param(code, id=name) for name, code in _app_codes()])
    def test_every_legal_app_code_arrives_unchanged(self, bench: Bench, app_code: str) -> None:
        """64 and 180 characters, all the special ones, in a generate and in a list."""
        bench.secrets.learn({app_code})
        _read_both(bench, giving("app_code", [app_code]), app_code=app_code)

    @judges("trap/nine-digits")
    @pytest.mark.parametrize("time", [pytest.param(time, id=name) for name, time in _TIMES.items()])
    def test_a_time_is_read_whatever_its_precision(self, bench: Bench, time: str) -> None:
        """Nine fractional digits, three, and none."""
        _read_both(bench, giving("create_time", [time]), create_time=time)

    @judges("trap/time-zone")
    @pytest.mark.parametrize("time", [pytest.param(time, id=name) for name, time in _ZONES.items()])
    def test_a_time_is_read_whatever_its_zone(self, bench: Bench, monkeypatch: pytest.MonkeyPatch, time: str) -> None:
        """A time with Z, and one with an offset, wherever the client is."""
        with _far_from_utc(monkeypatch):
            _read_both(bench, giving("create_time", [time]), create_time=time)

    @judges("generate/create-time/format")
    def test_each_record_has_its_own_time(self, bench: Bench) -> None:
        """Times of one page differ from one another, and each stays with its AppCode."""
        bench.fake.seed(3)
        times = [f"2020-02-{day}T23:59:59.99999999{day % 10}Z" for day in (27, 28, 29)]
        bench.front.change = giving("create_time", times)
        kept = [replace(each, create_time=time) for each, time in zip(bench.fake.app_codes(), times, strict=True)]
        bench.same_list(kept, _listed(bench))

    @judges("generate/id")
    @pytest.mark.parametrize("identifier", [pytest.param(each, id=name) for name, each in _IDS.items()])
    def test_an_id_is_read_whatever_it_looks_like(self, bench: Bench, identifier: str) -> None:
        """An id is a string: 32 digits are in the examples, and no rule."""
        _read_both(bench, giving("id", [identifier]), id=identifier)

    @judges("list/app-codes/item")
    def test_unknown_fields_are_ignored(self, bench: Bench) -> None:
        """The tables do not say that there are no other fields; those of any type may come, in each object."""
        _read_both(bench, with_unknown_fields)

    @judges("list/app-codes")
    def test_an_empty_list_is_empty(self, bench: Bench) -> None:
        """An app without AppCodes has a page of nothing, and that is no error."""
        page = bench.page()
        bench.equal((0, 0, 0), (page.total, page.size, len(page.records)), "total, size and items")
        if bench.contract.has_list_all:
            bench.equal(0, len(bench.everything()), "items of list_all()")

    @judges("generate/status")
    def test_201_is_the_success_of_a_generate(self, bench: Bench) -> None:
        """A generate answered with 201 gives the AppCode."""
        made = bench.generate()
        bench.same(bench.newest(), made)

    @judges("trap/200-for-201")
    def test_200_is_a_success_of_a_generate_too(self, bench: Bench) -> None:
        """A generate answered with 200 gives the AppCode."""
        bench.front.change = with_200
        made = bench.generate()
        bench.same(bench.newest(), made)

    @judges("list/status")
    def test_200_is_the_success_of_a_list(self, bench: Bench) -> None:
        """A list answered with 200 gives the page."""
        bench.fake.seed(2)
        bench.same_list(bench.fake.app_codes(), _listed(bench))

    @judges("body/json")
    @pytest.mark.parametrize("content_type", _CONTENT_TYPES)
    def test_json_is_read_whatever_its_charset(self, bench: Bench, content_type: str) -> None:
        """JSON is UTF-8, whether Content-Type says so or not."""
        _read_both(bench, with_content_type(content_type))

    @judges("trap/json-is-more")
    def test_json_is_read_however_it_is_written(self, bench: Bench) -> None:
        """Escapes, blanks and another order of keys are the same JSON."""
        _read_both(bench, escaped)

    @judges("trap/compressed")
    @pytest.mark.parametrize("coding", ["gzip", "deflate"])
    def test_a_compressed_answer_is_read(self, bench: Bench, coding: str) -> None:
        """An answer is compressed for a client that says that it accepts that, an error too."""
        _read_both(bench, compressed(coding))
        bench.fake.fail("list", status=403)
        error = bench.refused("list_page", "the error of a 403, compressed")
        bench.equal((403, "APIG.1005"), bench.told(error)[:2], "status and error_code")

    @judges("trap/chunked")
    def test_a_chunked_answer_is_read(self, bench: Bench) -> None:
        """An answer comes in ten pieces and without Content-Length."""
        _read_both(bench, in_pieces)

    @judges("list/total")
    def test_a_total_of_64_bits_is_read(self, bench: Bench) -> None:
        """Total is more than the page, and may be more than 32 bits hold."""
        bench.fake.seed(3)
        for huge in _HUGE:
            bench.front.change = rewritten(partial(_with_total, huge))
            page = bench.page(limit=2)
            bench.equal((huge, 2), (page.total, page.size), "total and size")

    @judges("generate/random")
    def test_every_generate_gives_an_app_code_of_its_own(self, bench: Bench) -> None:
        """Four generates make four AppCodes, and give them."""
        for number in range(1, 5):
            made = bench.generate()
            bench.equal(number, len(bench.fake.app_codes()), "AppCodes that the server has")
            bench.same(bench.newest(), made)

    @judges("generate/listed")
    @pytest.mark.parametrize("behavior", [pytest.param(each, id=f"{n}") for n, each in enumerate(ALL_BEHAVIORS)])
    def test_the_client_works_under_every_behavior(self, bench: Bench, behavior: Behavior) -> None:
        """Where the pages are silent, every choice of a server is understood."""
        bench.fake.behavior = behavior
        for _ in range(2):
            made = bench.generate()
            newest = 0 if behavior.list_order == "newest_first" else -1
            bench.same(bench.fake.app_codes()[newest], made)
        bench.fake.seed(20)
        bench.same_list(bench.fake.app_codes()[:20], bench.page().records)
        bench.same_list(bench.fake.app_codes()[20:], bench.page(offset=20, limit=5).records)
        if bench.contract.has_list_all:
            bench.same_list(bench.fake.app_codes(), bench.everything())
        bench.fake.fail("list", status=400)
        error = bench.refused("list_page", f"the error of a 400, under {asdict(behavior)}")
        told = bench.told(error)[:2]
        if told != (400, "APIG.2012"):
            bench.fail(
                "status and error_code: (400, 'APIG.2012')", f"{told}, from {bench.text_of(error)}", "error/body"
            )
