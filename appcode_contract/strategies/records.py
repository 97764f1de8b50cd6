"""Records of AppCodes, and pages of them that fit together (G T3, L T4, L T5)."""

from __future__ import annotations

from functools import cache, partial
from itertools import chain, count, cycle, islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from hypothesis import strategies as st

from appcode_contract.messages import AppCodeRecord
from appcode_contract.strategies.arguments import check_integer, check_text
from appcode_contract.strategies.times import SIMPLEST, Instant, TimeForm, instants, time_forms
from appcode_contract.strategies.valid import (
    LARGEST_LIMIT,
    LARGEST_LONG,
    SHORTEST,
    SMALLEST_LIMIT,
    SMALLEST_LONG,
    app_codes,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hypothesis.strategies import DrawFn, SearchStrategy

_T = TypeVar("_T", str, int)
_DEFAULT_LIMIT: Final = 20
_ALL_IDS: Final = 1 << 128
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# So many items of a page are drawn one by one; more would fill what Hypothesis allows an example. The rest vary them.
_DRAWN: Final = 4
_FULL_PRECISION: Final = TimeForm(9, None)
_A_PAGE_MORE: Final = 100


class Counts(NamedTuple):
    """How many AppCodes there are: ``total`` of the app, ``size`` of them on the page."""

    total: int
    size: int


def ids() -> SearchStrategy[str]:
    """Generate identifiers of AppCodes, apps, projects and instances.

    The pages only say that an identifier is a string; these have the form of their examples (G ex, L ex).

    Returns:
        A strategy of strings of 32 hexadecimal digits.
    """
    return _written_ids()


def app_code_records(*, app_id: str | None = None) -> SearchStrategy[AppCodeRecord]:
    """Generate records as the fake keeps them (G T3): the time in UTC with nine fractional digits.

    Args:
        app_id: The app that they belong to; any when left out.

    Returns:
        A strategy of records.
    """
    check_text("app_code_records", "app_id", app_id)
    apps = ids() if app_id is None else st.just(app_id)
    return st.builds(AppCodeRecord, app_codes(), ids(), apps, instants().map(_FULL_PRECISION.write))


def app_code_pages(
    *, offset: int | None = None, limit: int | None = None, total: int | None = None, app_id: str | None = None
) -> SearchStrategy[dict[str, Any]]:
    """Generate bodies of 200 answers to list that fit together (L T4, L T5).

    ``size`` is the number of items, and what offset and limit leave of ``total``. No id and no AppCode comes twice. All
    items belong to one app, have times of one form and are sorted by them, newest or oldest first. No page holds a
    field that the tables do not name; ``list_responses`` does. Examples shrink to the empty page of an app without
    AppCodes.

    Args:
        offset: The offset that the page answers; the documented default, 0, when left out. Below 0 it means 0.
        limit: The limit that the page answers; the documented default, 20, when left out.
        total: How many AppCodes the app has; any number when left out.
        app_id: The app that they belong to; any when left out.

    Returns:
        A strategy of dicts, ready for ``json.dumps``. A large page is made of four items that are drawn, and of
        variations of them.

    Raises:
        InvalidArgument: An argument that the page does not allow; the message names the documented bound.
    """
    check_text("app_code_pages", "app_id", app_id)
    return pages(page_counts("app_code_pages", offset, limit, total), app_id)


def page_counts(
    strategy: str, offset: int | None, limit: int | None, total: int | None = None
) -> SearchStrategy[Counts]:
    """Generate totals with the sizes of page that fit them.

    Args:
        strategy: Whose arguments these are, for the message when they are wrong.
        offset: See ``app_code_pages``.
        limit: See ``app_code_pages``.
        total: See ``app_code_pages``.

    Returns:
        A strategy of counts.

    Raises:
        InvalidArgument: An argument that the page does not allow.
    """
    begin, at_most = _window(strategy, offset, limit)
    if total is not None:
        whole = range(LARGEST_LONG + 1)
        check_integer(strategy, "total", total, whole, f"a total is 0 to {LARGEST_LONG} (list/total)")
        return st.just(Counts(total, min(at_most, max(0, total - begin))))
    most = min(at_most, LARGEST_LONG - begin)
    sizes = st.one_of(st.integers(0, min(3, most)), st.integers(0, min(_DEFAULT_LIMIT, most)), _always(most))
    return st.builds(partial(_fitting, begin, at_most), sizes, _surplus())


def _window(strategy: str, offset: int | None, limit: int | None) -> tuple[int, int]:
    begin, at_most = 0 if offset is None else offset, _DEFAULT_LIMIT if limit is None else limit
    longs, limits = range(SMALLEST_LONG, LARGEST_LONG + 1), range(SMALLEST_LIMIT, LARGEST_LIMIT + 1)
    check_integer(
        strategy, "offset", begin, longs, f"an offset is {SMALLEST_LONG} to {LARGEST_LONG} (list/offset/long)"
    )
    documented = f"a limit is {SMALLEST_LIMIT} to {LARGEST_LIMIT} (list/limit/minimum, list/limit/maximum)"
    check_integer(strategy, "limit", at_most, limits, documented)
    return max(begin, 0), at_most


def _always(size: int) -> SearchStrategy[int]:
    """Give one size, by a choice; with none to make, Hypothesis would take a full page for simpler than a short one."""
    return st.booleans().map(lambda _: size)


def _surplus() -> SearchStrategy[int]:
    return st.one_of(st.integers(0, _A_PAGE_MORE), st.sampled_from((0, LARGEST_LONG)))


def _fitting(begin: int, limit: int, size: int, surplus: int) -> Counts:
    """Find a total that leaves so many for the page: before an empty one, after a full one, exactly in between."""
    if size == 0:
        return Counts(min(begin, surplus), size)
    more = surplus if size == limit else 0
    return Counts(min(begin + size + more, LARGEST_LONG), size)


@st.composite
def pages(draw: DrawFn, counts: SearchStrategy[Counts], app_id: str | None = None) -> dict[str, Any]:
    """Generate pages of given sizes.

    Args:
        draw: Hypothesis gives it.
        counts: How many AppCodes there are.
        app_id: The app that they belong to; any when left out.

    Returns:
        A page.
    """
    drawn = draw(counts)
    return draw_page(draw, drawn, _write_id(draw(_id_numbers())) if app_id is None else app_id)


def draw_counts(draw: DrawFn, offset: int | None, limit: int | None) -> Counts:
    """Draw what ``page_counts`` generates, for arguments that are drawn themselves.

    Args:
        draw: As Hypothesis gives it.
        offset: A valid offset, or None for the default.
        limit: A valid limit, or None for the default.

    Returns:
        The counts.
    """
    begin, at_most = _window("app_code_pages", offset, limit)
    size, surplus = draw(_wishes())
    return _fitting(begin, at_most, min(size, at_most, LARGEST_LONG - begin), surplus)


def draw_page(draw: DrawFn, counts: Counts, app_id: str) -> dict[str, Any]:
    """Draw what ``pages`` generates, for arguments that are drawn themselves.

    Args:
        draw: As Hypothesis gives it.
        counts: How many AppCodes there are.
        app_id: The app that they belong to.

    Returns:
        A page.
    """
    items = _page_items(draw, counts.size, app_id) if counts.size else []
    return {"total": counts.total, "size": counts.size, "app_codes": items}


def _page_items(draw: DrawFn, size: int, app_id: str) -> list[dict[str, str]]:
    parts = [draw(_parts()) for _ in range(min(size, _DRAWN))]
    return _items(parts, size, app_id, *draw(_manner()))


def simplest_page(size: int, app_id: str) -> dict[str, Any]:
    """Give the page that those of a size shrink to.

    Args:
        size: How many items it has, and the app.
        app_id: The app that they belong to.

    Returns:
        A page.
    """
    parts = [("A" * SHORTEST, 0, SIMPLEST)] * min(size, _DRAWN)
    items = _items(parts, size, app_id, TimeForm(0, None), newest_first=False)
    return {"total": size, "size": size, "app_codes": items}


def _items(
    drawn: list[tuple[str, int, Instant]],
    size: int,
    app_id: str,
    form: TimeForm,
    newest_first: bool,  # noqa: FBT001 - drawn
) -> list[dict[str, str]]:
    codes = _distinct(_repeated([code for code, _, _ in drawn], size), _vary_code)
    numbers = _distinct(_repeated([number for _, number, _ in drawn], size), _vary_id)
    times = sorted(_spread([time for _, _, time in drawn], size), reverse=newest_first)
    return [
        {"app_code": code, "id": _write_id(number), "app_id": app_id, "create_time": form.write(time)}
        for code, number, time in zip(codes, numbers, times, strict=True)
    ]


# Hypothesis takes longer to make a strategy than to draw from it.
@cache
def _parts() -> SearchStrategy[tuple[str, int, Instant]]:
    return st.tuples(app_codes(), _id_numbers(), instants())


@cache
def _wishes() -> SearchStrategy[tuple[int, int]]:
    few, usual, any_number = (st.integers(0, most) for most in (3, _DEFAULT_LIMIT, LARGEST_LIMIT))
    sizes = st.one_of(few, usual, any_number, _always(LARGEST_LIMIT))
    return st.tuples(sizes, _surplus())


@cache
def _manner() -> SearchStrategy[tuple[TimeForm, bool]]:
    return st.tuples(time_forms("app_code_pages", None, None), st.booleans())


@cache
def _id_numbers() -> SearchStrategy[int]:
    return st.integers(0, _ALL_IDS - 1)


# Hypothesis shows what a composite strategy gives as it is, and not the call that made it.
@st.composite
def _written_ids(draw: DrawFn) -> str:
    return _write_id(draw(_id_numbers()))


def _write_id(number: int) -> str:
    return f"{number:032x}"


def _repeated(drawn: list[_T], size: int) -> Iterable[_T]:
    return islice(cycle(drawn), size)


def _spread(drawn: list[Instant], size: int) -> list[Instant]:
    return [drawn[index % len(drawn)].later(index // len(drawn)) for index in range(size)]


def _distinct(values: Iterable[_T], vary: Callable[[_T, int], _T]) -> list[_T]:
    """Vary what came before, so that nothing need be thrown away."""
    seen: dict[_T, None] = {}
    for index, value in enumerate(values):
        variants = (vary(value, number) for number in count(index))
        seen[next(variant for variant in chain([value], variants) if variant not in seen)] = None
    return list(seen)


def _vary_code(code: str, number: int) -> str:
    tail = "".join(_LETTERS[number // 26**power % 26] for power in (2, 1, 0))
    return code[: -len(tail)] + tail


def _vary_id(number: int, step: int) -> int:
    return (number + step) % _ALL_IDS
