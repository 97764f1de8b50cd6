"""A client pages right."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, Final

import pytest

from appcode_contract.client_contract.changes import answered, replaced, rewritten
from appcode_contract.client_contract.topics import judges

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from appcode_contract.client_contract.bench import Bench
    from appcode_contract.client_contract.changes import Change

_NUMBERS: Final = (0, 1, 19, 20, 21, 499, 500, 501, 1000, 1234, 2001)
_SEVERAL_PAGES: Final = 1001
_LARGEST_PAGE: Final = 500
# Nobody needs pages of fewer than ten to read a list; who does is taken for one that does not end.
_SMALLEST_PAGE: Final = 10
_READINGS: Final = 2  # until two agree, for instance
_SIDE_BY_SIDE: Final = 20  # pages that are asked for before it is known whether they are there
_SLICES: Final = ((None, None), (0, 20), (20, 20), (40, 20), (44, 1), (45, 20), (1, 2), (0, 500), (None, 7), (43, None))
_CHANGES: Final = 30  # and then no more: who reads on while anything changes is slow, and not wrong
_RETRIES: Final = 4
_LATER: Final[Mapping[str, Mapping[str, Any]]] = {
    **{f"{status}": {"status": status} for status in (400, 401, 403, 404, 429, 500, 502, 503)},
    "a reset": {"fault": "reset"},
    "an empty body": {"fault": "empty_body"},
    "half a body": {"fault": "truncated_json"},
    "a redirect": {"fault": "redirect"},
}
_NO_PAGES: Final[Mapping[str, Change]] = {
    "no app_codes": rewritten(lambda body: {name: body[name] for name in body if name != "app_codes"}),
    "an empty object": replaced(b"{}", "application/json"),
    "HTML": replaced(b"<html><body>Please log in</body></html>", "text/html"),
    "405": answered(405),
}
_NO_ANSWER: Final = "no answer"
_FAILING: Final = [
    *((happens, pages) for happens in (*_LATER, *_NO_PAGES) for pages in (1, 2)),
    (_NO_ANSWER, 1),  # it takes until the client's own timeout
]
_ON_THE_WAY: Final = {
    "one more with each page": lambda bench: bench.fake.seed(1),
    "ten more with each page": lambda bench: bench.fake.seed(10),
    "shrinks below what was read": lambda bench: bench.front.keep(10),
    "shrinks to what was read": lambda bench: bench.front.keep(500),
    "shrinks a little": lambda bench: bench.front.keep(_SEVERAL_PAGES - 1),
    "shrinks to nothing": lambda bench: bench.front.keep(0),
}


def _nothing_happens(_: Bench) -> None:
    pass


def _most(number: int) -> int:
    return max(_READINGS * (number // _SMALLEST_PAGE + 2), _SIDE_BY_SIDE)


def _elsewhere(bench: Bench, fault: Mapping[str, Any]) -> Mapping[str, Any]:
    """Lead a redirect to another host."""
    return {**fault, "location": bench.servers.other_url} if fault.get("fault") == "redirect" else fault


class Pages:
    """How a client turns pages."""

    @judges("list/limit/page")
    def test_a_page_holds_what_was_asked_for(self, bench: Bench) -> None:
        """A page begins at offset and has limit AppCodes, 20 when nothing is said, as long as there are so many."""
        bench.fake.seed(45)
        for offset, limit in _SLICES:
            start = offset or 0
            wanted = bench.fake.app_codes()[start : start + (limit or 20)]
            page = bench.page(offset, limit)
            bench.equal((45, len(wanted)), (page.total, page.size), "total and size")
            bench.same_list(wanted, page.records)

    @judges("list/limit/maximum")
    def test_a_page_of_500_has_500(self, bench: Bench) -> None:
        """The largest limit is passed on, and nothing of the page is lost, however long it is."""
        bench.fake.behavior = replace(bench.fake.behavior, app_code_length="longest")
        bench.fake.seed(501)
        page = bench.page(1, 500)
        bench.equal((501, 500), (page.total, page.size), "total and size")
        bench.same_list(bench.fake.app_codes()[1:], page.records)

    @judges("trap/missing-pages")
    @pytest.mark.parametrize("number", _NUMBERS)
    def test_list_all_gives_everything_once_and_in_order(self, bench: Bench, number: int) -> None:
        """However many there are, each comes once."""
        bench.needs("list_all")
        bench.fake.seed(number)
        bench.same_list(bench.fake.app_codes(), bench.everything())

    @judges("trap/endless-paging")
    def test_list_all_sends_a_bounded_number_of_requests(self, bench: Bench) -> None:
        """No more than the pages that there are, and a few."""
        bench.needs("list_all")
        for number in _NUMBERS:
            bench.fake.seed(number - len(bench.fake.app_codes()))
            bench.attempt("list_all", bound=_most(number))
            if not bench.sent:
                bench.fail("at least one request", "none")

    @judges("trap/endless-paging")
    @pytest.mark.parametrize("happens", [pytest.param(each, id=name) for name, each in _ON_THE_WAY.items()])
    def test_list_all_ends_while_the_list_changes(self, bench: Bench, happens: Callable[[Bench], object]) -> None:
        """The list grows or shrinks after each of many pages, and reading it ends all the same."""
        bench.needs("list_all")
        bench.fake.seed(_SEVERAL_PAGES)
        changes = chain(repeat(happens, _CHANGES), repeat(_nothing_happens))
        bench.front.after_list = lambda: next(changes)(bench)
        bench.attempt("list_all", bound=_most(_SEVERAL_PAGES))

    @judges("list/paging")
    def test_list_all_begins_anew_each_time(self, bench: Bench) -> None:
        """A second reading gives the whole list again, also after one that failed."""
        bench.needs("list_all")
        bench.fake.seed(21)
        bench.everything()
        bench.same_list(bench.fake.app_codes(), bench.everything())
        bench.fake.seed(_SEVERAL_PAGES - 21)
        before = [each.id for each in bench.everything()]
        bench.front.after_list = lambda: bench.fake.fail("list", status=500, times=None)
        bench.attempt("list_all", bound=_RETRIES * _most(_SEVERAL_PAGES))
        bench.front.after_list = None
        bench.fake.clear_faults()
        bench.recovers("list_page")
        again = [each.id for each in bench.expect_success("list_all", bench.patiently("list_all"))]
        if again != before:
            told = "another order" if sorted(again) == sorted(before) else f"{len(again)} AppCodes of {len(before)}"
            bench.fail("the list as it was before an error on a later page", told)

    @judges("trap/short-list")
    @pytest.mark.parametrize(("happens", "pages"), _FAILING)
    def test_an_error_on_a_later_page_is_no_short_list(self, bench: Bench, happens: str, pages: int) -> None:
        """The first pages come, the next ones do not."""
        bench.needs("list_all")
        bench.fake.seed(_LARGEST_PAGE * pages + 1)
        left = [None] * (pages - 1)

        def begin() -> None:
            if left:
                left.pop()
            elif happens == _NO_ANSWER:  # to one of the requests: some clients repeat each of many
                bench.fake.fail("list", fault="hang")
                bench.fake.fail("list", status=500, times=None)
            elif happens in _LATER:
                bench.fake.fail("list", times=None, **_elsewhere(bench, _LATER[happens]))
            else:
                bench.front.change = _NO_PAGES[happens]

        bench.front.after_list = begin
        # Whoever reads pages side by side repeats each of them a few times.
        bench.refused("list_all", "an error, as not every page came", bound=_RETRIES * _most(_SEVERAL_PAGES))

    @judges("trap/short-list")
    def test_a_list_without_its_total_is_no_short_list(self, bench: Bench) -> None:
        """Pages that do not tell how many AppCodes there are end in an error, or are all read."""
        bench.needs("list_all")
        bench.fake.seed(_SEVERAL_PAGES)
        bench.front.change = rewritten(lambda body: {name: body[name] for name in body if name != "total"})
        outcome = bench.attempt("list_all", bound=_RETRIES * _most(_SEVERAL_PAGES))
        if outcome.error is None and (given := len(bench.expect_success("list_all", outcome))) < _SEVERAL_PAGES:
            bench.fail(f"all {_SEVERAL_PAGES} AppCodes, or an error, as no page tells the total", f"{given} AppCodes")
