"""Querying AppCodes of an App: the clauses of offset and limit, held against random values.

What a fixed list of values misses is found here: one limit that is special, an offset near the end, a token that
differs in one place. The values repeat with the run's seed. Hypothesis is imported by the tests, and only when they
run: that takes a quarter of a second.
"""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Final

import pytest

from appcode_contract.conformance.again import limit_violation
from appcode_contract.conformance.properties import search
from appcode_contract.conformance.sender import EVERY_CLAUSE
from appcode_contract.conformance.unknown_app import no_such_app

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from appcode_contract.conformance.probe import Probe
    from appcode_contract.messages import Violation

pytestmark = pytest.mark.random

_BEYOND_INTEGER: Final = 2**31
_LAST_LONG: Final = 2**63 - 1
_MAXIMUM: Final = 500
_LONG_ID: Final = 16
_OTHER_DIGITS: Final = ("٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19")


@pytest.mark.clause("list/paging")
def test_any_part_of_the_list_can_be_asked_for(probe: Probe) -> None:
    """Any offset and any limit give that part of the list."""
    from hypothesis import strategies as st

    size = len(probe.need(1).keys)
    offsets = st.one_of(st.integers(0, size + 1), st.integers(-3, size + 600), st.integers(-(2**63), _LAST_LONG))
    limits = st.one_of(st.integers(1, size + 2), st.integers(1, _MAXIMUM)).filter(_is_limit)

    def judge(drawn: tuple[int, int]) -> Violation | None:
        offset, limit = drawn
        return probe.window_violation({"offset": str(offset), "limit": str(limit)}, max(offset, 0), limit)

    tried = search(probe, st.tuples(offsets, limits), judge, 25)
    probe.saw(f"{size} AppCodes in pages of fixed sizes, and {tried} random parts")


def _is_limit(limit: int) -> bool:
    return limit <= _MAXIMUM


@pytest.mark.clause("list/paging")
def test_two_neighbouring_pages_are_one_page_of_both(probe: Probe) -> None:
    """A page is what the two halves give that it can be cut into, in whatever order offset and limit are written."""
    from hypothesis import strategies as st

    size = len(probe.need(2).keys)

    def judge(drawn: tuple[int, int, int]) -> Violation | None:
        offset, first, second = drawn
        parts = ((offset, first), (offset + first, second), (offset, first + second))
        queries = [{"limit": str(limit), "offset": str(start)} for start, limit in parts]
        for query, (start, limit) in zip(queries, parts, strict=True):
            violation = probe.window_violation(query, start, limit)
            if violation is not None:
                return violation
        pages = [probe.page(query) for query in queries]
        if pages[0].keys + pages[1].keys == pages[2].keys:
            return None
        told = f"{len(pages[0].keys)} and {len(pages[1].keys)} items apart, {len(pages[2].keys)} together"
        return probe.violation(f"two pages at {offset} to be the one of both", f"{told}, or others", pages[2].exchange)

    halves = st.tuples(st.integers(0, size), st.integers(1, max(size // 2, 1)), st.integers(1, 50))
    search(probe, halves.filter(lambda drawn: _is_limit(drawn[1] + drawn[2])), judge, 5)


@pytest.mark.clause("list/limit/type")
def test_no_text_that_is_no_integer_is_taken_as_a_limit(probe: Probe) -> None:
    """Anything but an integer is refused with 400."""

    def judge(value: str) -> Violation | None:
        return probe.status_violation(400, probe.query({"limit": value}))

    search(probe, _no_integers(), judge, 10)


def _no_integers() -> SearchStrategy[str]:
    from hypothesis import strategies as st

    digits = st.integers(0, 600).map(str)
    # No st.text: for its alphabet Hypothesis looks at every character that there is, for half a second.
    letters = st.lists(st.sampled_from(string.ascii_letters), min_size=1, max_size=8)
    return st.one_of(
        st.tuples(digits, st.sampled_from(".,;:'/ "), digits).map("".join),
        st.tuples(digits, st.sampled_from(("e", "E", "x", "o", "px", "L", "f")), digits).map("".join),
        st.tuples(st.sampled_from(("--", "0x", "$", "#", "~", "=")), digits).map("".join),
        st.tuples(st.sampled_from(_OTHER_DIGITS), st.integers(1, 99)).map(
            lambda pair: "".join(pair[0][int(digit)] for digit in str(pair[1]))
        ),
        letters.map("".join),
    )


@pytest.mark.parametrize(
    ("first", "last"),
    [
        pytest.param(1 - _BEYOND_INTEGER, 0, marks=pytest.mark.clause("list/limit/minimum"), id="list/limit/minimum"),
        pytest.param(
            _MAXIMUM + 1,
            _BEYOND_INTEGER - 1,
            marks=pytest.mark.clause("list/limit/maximum"),
            id="list/limit/maximum",
        ),
    ],
)
def test_a_limit_out_of_range_is_refused_or_taken_as_its_neighbour(probe: Probe, first: int, last: int) -> None:
    """Every limit out of range is refused, or taken as the one that the range has for it."""
    from hypothesis import strategies as st

    search(probe, st.integers(first, last), lambda limit: limit_violation(probe, {"limit": str(limit)}, limit), 5)


@pytest.mark.clause("error/401/code")
def test_a_token_that_differs_in_one_place_is_refused(probe: Probe) -> None:
    """A token that is almost the right one is refused with 401."""
    from hypothesis import strategies as st

    token = probe.target.token

    def judge(drawn: tuple[int, str]) -> Violation | None:
        place, character = drawn
        wrong = token[:place] + character + token[place + len(character) :]
        if wrong.strip() in {token, probe.target.forbidden_token, ""}:
            return None
        return probe.status_violation(401, probe.query({"limit": "1"}, token=wrong))

    # Not at its end, where a token in base64 may have bits that nobody reads.
    changes = st.tuples(st.integers(0, len(token) * 3 // 4), st.sampled_from("aZ7-"))
    search(probe, changes, judge, 6)


@pytest.mark.clause("path/app-id")
def test_an_app_id_that_differs_at_its_end_is_another_app(probe: Probe) -> None:
    """The list of an app is not answered for an id that only begins like its own."""
    from hypothesis import strategies as st

    own = probe.target.app_id

    def judge(end: str) -> Violation | None:
        other = own + end if end else own[:-1]
        return no_such_app(probe, probe.query(url=probe.target.app_url(other), ignoring=EVERY_CLAUSE))

    # The neighbours of a short id may well exist.
    ends = ("", "0", "_x") if len(own) >= _LONG_ID else ("_x", ".x")
    search(probe, st.sampled_from(ends), judge, 3)
