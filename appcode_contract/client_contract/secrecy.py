"""A client keeps tokens and AppCodes to itself."""

from __future__ import annotations

import traceback
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from appcode_contract.client_contract.calls import MisfitError
from appcode_contract.client_contract.changes import giving, rewritten
from appcode_contract.client_contract.objects import inside, told_by
from appcode_contract.client_contract.side_by_side import Wait, made_side_by_side
from appcode_contract.client_contract.topics import judges

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from appcode_contract.client_contract.bench import Bench
    from appcode_contract.client_contract.calls import Outcome
    from appcode_contract.messages import Exchange

_FAULTS: Final[tuple[Mapping[str, Any], ...]] = (
    *({"status": status} for status in (400, 401, 403, 404, 429, 500, 502, 503)),
    {"fault": "truncated_json"},
    {"fault": "reset"},
    {"fault": "redirect"},
)
_CHANGES: Final = (
    rewritten(lambda body: [body]),
    rewritten(lambda body: body | {"app_codes": [body]}),
    giving("create_time", ["yesterday"]),
    giving("id", [None]),
)
_ONCE: Final[tuple[Mapping[str, Any], ...]] = ({"status": 503}, {"status": 429}, {"fault": "reset"})
_LATER_FAULTS: Final[tuple[Mapping[str, Any], ...]] = ({"status": 500}, {"fault": "truncated_json"}, {"fault": "reset"})
_WRONG: Final = ((None, 0), (None, 501), (-1, None))
_SEVERAL: Final = 25  # more than a page without a limit
_SEVERAL_PAGES: Final = 501
_RETRIES: Final = 20
_PATIENCE: Final = 3  # calls that do not end; two of them are not answered
_LONGEST: Final = 200
_RECORDS: Final = "log records"
_EXCEPTIONS: Final = "exceptions"
_CLIENT: Final = "repr of the client"
_RESULTS: Final = "repr of results"
_WARNINGS: Final = "warnings"
_PRINTED: Final = "what is printed"


@dataclass(slots=True)
class _Shown:
    """What shows a credential.

    Attributes:
        example: A line of the first one, without it.
        called: The call in which that was.
        sent: What the client sent in it.
        number: How many there are.
    """

    example: str
    called: str
    sent: Sequence[Exchange] = field(repr=False)
    number: int = 0


@dataclass(slots=True)
class _Found:
    """What using a client showed.

    Attributes:
        shown: What shows a credential, by where it does.
        misfits: What could not be looked at, and why.
    """

    shown: dict[str, _Shown] = field(default_factory=dict)
    misfits: dict[str, str] = field(default_factory=dict)

    def told_by(self, what: str, value: object) -> list[str]:
        try:
            return told_by(value)
        except MisfitError as wrong:
            self.misfits[what] = str(wrong)
            return [str(wrong)]

    def look(self, bench: Bench, what: str, texts: Iterable[str]) -> None:
        """Remember which of these texts of the last call show a credential."""
        bench.cover("")  # which learns every credential that there is by now
        for text in filter(bench.secrets.shown_in, texts):
            example = " ".join(bench.hide(_telling(bench, text)).split())[:_LONGEST]
            self.shown.setdefault(what, _Shown(example, bench.called, tuple(bench.sent))).number += 1


def _call_everything(bench: Bench) -> Iterator[Outcome]:
    """Call every method, with success and with every kind of failure."""
    operations = ["generate", "list_page", *(["list_all"] if bench.contract.has_list_all else [])]
    yield from (bench.attempt(operation) for operation in operations * 2)
    for operation in operations:
        for fault in _FAULTS:
            bench.fake.fail(times=None, **fault)
            if fault.get("fault") == "redirect":
                bench.redirect(307)
            yield bench.patiently(operation, bound=_RETRIES, checked=False)
            bench.fake.clear_faults()
            bench.front.change = None
        for fault in _ONCE:  # a second attempt may tell more than the first
            bench.fake.fail(**fault)
            yield bench.patiently(operation, bound=_RETRIES, checked=False)
            bench.fake.clear_faults()
        for change in _CHANGES:
            bench.front.change = change
            yield bench.patiently(operation, bound=_RETRIES, checked=False)
        bench.front.change = None
    for offset, limit in _WRONG:
        yield bench.attempt("list_page", offset=offset, limit=limit, checked=False)
    yield from _wait_in_vain(bench)
    if bench.contract.has_list_all:
        yield from _read_in_vain(bench)


def _wait_in_vain(bench: Bench) -> Iterator[Outcome]:
    """Get no answer at all."""
    waits = [Wait("generate", "hang"), Wait("list_page", "hang")]
    waited = made_side_by_side(bench, waits)
    yield from (each.outcome for each in waited)
    for wait in [wait for wait in waits if wait not in {each.wait for each in waited}]:
        bench.front.change = wait.change(bench)
        yield bench.attempt(wait.operation, bound=_RETRIES, checked=False)
        bench.front.change = None


def _read_in_vain(bench: Bench) -> Iterator[Outcome]:
    """Read a list whose second page does not come: the first one is in the client's hands by then."""
    bench.fake.seed(_SEVERAL_PAGES)
    for fault in _LATER_FAULTS:
        bench.front.after_list = partial(bench.fake.fail, "list", times=None, **fault)
        yield bench.attempt("list_all", checked=False)
        bench.front.after_list = None
        bench.fake.clear_faults()


def _found(bench: Bench) -> _Found:
    """Use the client from its beginning to its end while everything is watched, once for all tests of a class."""
    kept: dict[object, _Found] = bench.servers.kept
    if bench.case.variant not in kept:
        kept[bench.case.variant] = _look(bench)
    return kept[bench.case.variant]


def _look(bench: Bench) -> _Found:
    bench.watch.everything = True
    found = _Found()
    bench.use(bench.endpoint)
    _look_around(bench, found)
    bench.fake.seed(_SEVERAL)
    late = 0
    for outcome in _call_everything(bench):
        if outcome.error is not None:
            found.look(bench, _EXCEPTIONS, _texts(outcome.error))
        elif not outcome.late:
            found.look(bench, _RESULTS, found.told_by(_RESULTS, outcome.value))
        _look_around(bench, found)
        late += outcome.late
        if late > _PATIENCE:
            break  # other tests say so; each of these calls would take as long
    held = [text for each in inside(bench.client(), bench.own()) for text in found.told_by(_CLIENT, each)]
    bench.sent, bench.called = (), ""
    found.look(bench, _CLIENT, held)
    bench.close()
    _look_around(bench, found)
    found.misfits = {what: bench.cover(text) for what, text in found.misfits.items()}
    return found


def _look_around(bench: Bench, found: _Found) -> None:
    """Look at what was written since the last look."""
    watch = bench.watch
    for what, told in ((_RECORDS, watch.logged), (_WARNINGS, watch.warned), (_PRINTED, watch.printed)):
        found.look(bench, what, told)
        told.clear()


def _expect_none(bench: Bench, what: str) -> None:
    found = _found(bench)
    if what in found.shown:
        shown = found.shown[what]
        bench.called = shown.called
        told = f"{shown.number} of them show one, such as: {shown.example}"
        bench.fail(f"neither the token nor an AppCode in {what}", told, sent=shown.sent)
    if what in found.misfits:
        bench.misfit(found.misfits[what])


class KeepsSecrets:
    """Where tokens and AppCodes must not appear."""

    @judges("trap/secret-in-log")
    def test_no_log_record_shows_a_credential(self, bench: Bench) -> None:
        """No logger tells one, at any level."""
        _expect_none(bench, _RECORDS)

    @judges("trap/secret-in-exception")
    def test_no_exception_shows_a_credential(self, bench: Bench) -> None:
        """Neither str, nor repr, nor a traceback with every cause shows one."""
        _expect_none(bench, _EXCEPTIONS)

    @judges("trap/secret-in-repr")
    def test_no_repr_of_the_client_shows_a_credential(self, bench: Bench) -> None:
        """Neither the adapter nor the client in it shows the token, nor what that holds."""
        _expect_none(bench, _CLIENT)

    @judges("trap/secret-in-repr")
    def test_no_repr_of_a_result_shows_a_credential(self, bench: Bench) -> None:
        """Neither a record, nor a page, nor a list shows an AppCode."""
        _expect_none(bench, _RESULTS)

    @judges("trap/secret-in-warning")
    def test_no_warning_shows_a_credential(self, bench: Bench) -> None:
        """No warning tells one, whatever filters there are."""
        _expect_none(bench, _WARNINGS)

    @judges("trap/secret-on-terminal")
    def test_nothing_that_is_printed_shows_a_credential(self, bench: Bench) -> None:
        """Neither standard output nor standard error tells one."""
        _expect_none(bench, _PRINTED)


def _telling(bench: Bench, text: str) -> str:
    """Give the line of a text that shows a credential; of a traceback most lines are of no use."""
    return next(filter(bench.secrets.shown_in, text.splitlines()), text)


def _texts(error: BaseException) -> list[str]:
    texts = ["".join(traceback.format_exception(error))]
    with suppress(Exception):  # that of somebody else's code is told by the traceback
        texts += [str(error), repr(error)]
    return texts
