"""Which clause is blamed for a wrong answer to a valid query: each way to a verdict, on servers made of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from appcode_contract.conformance.diagnosis import clause_of, of_page, of_refusal, parameters
from appcode_contract.conformance.listing import Page
from appcode_contract.messages import Exchange, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from appcode_contract.conformance.diagnosis import Parameter

    Answer = Callable[[int, int], Sequence[str] | None]

KNOWN = [f"k{number}" for number in range(60)]
NOBODY = Exchange(Request("GET", "http://localhost/"), None)
BOTH = {("limit", "5"), ("offset", "3")}


def asking(answer: Answer) -> tuple[Callable[[Mapping[str, str]], Page | None], list[dict[str, str]]]:
    """A server that answers with the keys for an offset and a limit, or refuses; and what it is asked."""
    asked: list[dict[str, str]] = []

    def ask(query: Mapping[str, str]) -> Page | None:
        asked.append(dict(query))
        keys = answer(int(query.get("offset", 0)), int(query.get("limit", 20)))
        return None if keys is None else Page(NOBODY, tuple(keys), tuple(keys), len(KNOWN))

    return ask, asked


def blamed(answer: Answer, query: Mapping[str, str], known: Sequence[str] = KNOWN) -> str:
    """Blame a server for its answer to a query."""
    ask, _ = asking(answer)
    page = ask(query)
    assert page is not None
    return of_page(query, page.keys, known, max(int(query.get("offset", 0)), 0), ask)


def correct(offset: int, limit: int) -> Sequence[str]:
    return KNOWN[max(offset, 0) :][:limit]


def test_parameters_are_told_even_when_left_out() -> None:
    assert (("limit", None), ("offset", None)) == parameters({})
    assert (("limit", "5"), ("offset", "-1")) == parameters({"offset": "-1", "limit": "5"})


@pytest.mark.parametrize(
    ("parameter", "clause"),
    [
        (("limit", None), "list/limit/default"),
        (("limit", "0"), "list/limit/minimum"),
        (("limit", "1"), "list/limit/minimum"),
        (("limit", "2"), "list/limit/page"),
        (("limit", "499"), "list/limit/page"),
        (("limit", "500"), "list/limit/maximum"),
        (("limit", "501"), "list/limit/maximum"),
        (("offset", None), "list/offset/default"),
        (("offset", "-1"), "list/offset/negative"),
        (("offset", "0"), "list/paging"),
        (("offset", "2147483146"), "list/paging"),
        (("offset", "2147483147"), "list/offset/long"),
        (("offset", "9223372036854775807"), "list/offset/long"),
    ],
)
def test_each_parameter_has_its_clause(parameter: tuple[str, str | None], clause: str) -> None:
    assert clause == clause_of(parameter)


# ---- refusals


def refused(query: dict[str, str], worked: Collection[Parameter], answer: Answer, own: str = "") -> str:
    return of_refusal(query, worked, own, len(KNOWN), asking(answer)[0])


def test_a_refusal_though_both_parameters_worked_is_the_tests_own_if_it_judges_one_of_them() -> None:
    query = {"limit": "5", "offset": "3"}

    assert "list/limit/page" == refused(query, BOTH, correct, "list/limit/page")
    assert "list/paging" == refused(query, BOTH, correct, "list/paging")
    assert "list/status" == refused(query, BOTH, correct, "list/total")


def test_of_two_parameters_the_one_that_never_worked_is_blamed() -> None:
    query = {"limit": "5", "offset": "-3"}

    assert "list/offset/negative" == refused(query, {("limit", "5")}, correct)
    assert "list/limit/page" == refused(query, {("offset", "-3")}, correct)


def test_when_neither_worked_a_try_without_offset_tells_which_it_is() -> None:
    query = {"limit": "500", "offset": "-3"}

    assert "list/offset/negative" == refused(query, set(), lambda offset, _: None if offset < 0 else KNOWN)
    assert "list/limit/maximum" == refused(query, set(), lambda _, limit: None if limit > 100 else KNOWN)


def test_a_refused_query_without_parameters_is_the_default_limit() -> None:
    ask, asked = asking(lambda *_: None)

    assert "list/limit/default" == of_refusal({}, set(), "list/status", 3, ask)
    assert [] == asked


def test_who_refuses_every_offset_past_the_end_has_no_trouble_with_large_numbers() -> None:
    query, worked = {"limit": "5", "offset": "2147483648"}, {("limit", "5")}

    assert "list/paging" == refused(query, worked, lambda offset, _: KNOWN if offset < 60 else None)
    assert "list/offset/long" == refused(query, worked, lambda offset, _: KNOWN if offset < 2**31 else None)


# ---- pages


def test_a_page_that_is_another_each_time_is_paging() -> None:
    turns = iter(range(100))

    assert "list/paging" == blamed(lambda *_: KNOWN[next(turns) :][:5], {"limit": "4"})


def test_a_page_that_later_refuses_is_paging() -> None:
    turns = iter(range(100))

    assert "list/paging" == blamed(lambda *_: KNOWN[:4] if next(turns) < 2 else None, {"limit": "5"})


@pytest.mark.parametrize("keys", [["unknown", "k0"], ["k0", "k2"], ["k1", "k0"], ["k0", "k0"], ["k59", "k0"]])
def test_a_page_that_is_no_part_of_the_list_is_paging(keys: list[str]) -> None:
    assert "list/paging" == blamed(lambda *_: keys, {"limit": "2"})


@pytest.mark.parametrize(
    ("query", "length", "clause"),
    [
        ({}, 10, "list/limit/default"),
        ({"offset": "0"}, 50, "list/limit/default"),
        ({"limit": "1"}, 2, "list/limit/minimum"),
        ({"limit": "500"}, 20, "list/limit/maximum"),
        ({"limit": "500", "offset": "0"}, 20, "list/limit/maximum"),
        ({"limit": "7"}, 6, "list/limit/page"),
        ({"limit": "501", "offset": "3"}, 10, "list/limit/maximum"),
        ({"limit": "0", "offset": "3"}, 10, "list/limit/minimum"),
    ],
)
def test_a_page_of_the_wrong_length_at_the_right_place_is_the_limit(
    query: dict[str, str], length: int, clause: str
) -> None:
    assert clause == blamed(lambda offset, _: KNOWN[offset : offset + length], query)


def test_a_limit_that_fails_without_offset_too_is_the_limit() -> None:
    assert "list/limit/page" == blamed(lambda offset, limit: KNOWN[offset:][: limit + 1], {"limit": "7", "offset": "3"})
    assert "list/limit/default" == blamed(lambda offset, _: KNOWN[offset:][:10], {"offset": "3"})


def lost_at_the_end(offset: int, limit: int) -> Sequence[str]:
    return KNOWN[:-1][offset:][:limit]


def test_a_page_that_lacks_the_last_of_the_list_is_paging() -> None:
    assert "list/paging" == blamed(lost_at_the_end, {"limit": "5", "offset": "57"})


def counted_from_0(offset: int, limit: int) -> Sequence[str]:
    return KNOWN[offset : max(limit, offset)] if offset else KNOWN[:limit]


def test_a_limit_that_works_only_without_offset_is_the_page() -> None:
    assert "list/limit/page" == blamed(counted_from_0, {"limit": "30", "offset": "10"})


def test_a_default_limit_that_works_only_without_offset_is_the_default() -> None:
    assert "list/limit/default" == blamed(lambda offset, _: KNOWN[offset : 25 if offset else 20], {"offset": "10"})


def test_a_page_that_begins_elsewhere_is_the_offset() -> None:
    assert "list/paging" == blamed(lambda offset, limit: KNOWN[offset + 1 :][:limit], {"limit": "5", "offset": "3"})
    assert "list/offset/long" == blamed(lambda *_: KNOWN[:5], {"limit": "5", "offset": "4294967296"})
    assert "list/offset/negative" == blamed(
        lambda offset, limit: KNOWN[abs(offset) :][:limit], {"limit": "5", "offset": "-3"}
    )


@pytest.mark.parametrize(("at_0", "clause"), [("k7", "list/paging"), ("k0", "list/offset/default")])
def test_a_page_without_offset_that_begins_elsewhere_is_the_default_unless_0_does_too(at_0: str, clause: str) -> None:
    def ask(query: Mapping[str, str]) -> Page:
        key = at_0 if "offset" in query else "k7"
        return Page(NOBODY, (key,), (key,), len(KNOWN))

    assert clause == of_page({"limit": "1"}, ["k7"], KNOWN, 0, ask)


def test_a_page_at_0_that_begins_elsewhere_is_paging() -> None:
    assert "list/paging" == blamed(lambda offset, limit: KNOWN[offset + 1 :][:limit], {"limit": "5", "offset": "0"})


def test_a_negative_offset_that_is_taken_as_0_is_not_to_blame_for_where_0_is() -> None:
    assert "list/paging" == blamed(
        lambda offset, limit: KNOWN[max(offset, 0) + 1 :][:limit], {"limit": "5", "offset": "-3"}
    )


@pytest.mark.parametrize(
    ("query", "clause"),
    [
        ({}, "list/limit/default"),
        ({"offset": "0"}, "list/limit/default"),
        ({"limit": "1"}, "list/limit/minimum"),
        ({"limit": "500", "offset": "3"}, "list/limit/maximum"),
    ],
)
def test_an_empty_page_with_and_without_offset_is_the_limit(query: dict[str, str], clause: str) -> None:
    assert clause == blamed(lambda *_: [], query)


def test_an_empty_page_with_offset_alone_is_the_offset() -> None:
    assert "list/paging" == blamed(lambda offset, limit: [] if offset else KNOWN[:limit], {"limit": "5", "offset": "3"})
    assert "list/offset/negative" == blamed(
        lambda offset, limit: [] if offset < 0 else KNOWN[offset:][:limit], {"limit": "5", "offset": "-1"}
    )


def test_an_item_that_is_listed_twice_stands_at_its_first_place() -> None:
    known = ["k0", "k1", "k0"]

    assert "list/limit/page" == blamed(lambda *_: ["k0"], {"limit": "2"}, known)
