"""A client keeps tokens and AppCodes to itself."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from appcode_contract.client_contract.changes import giving, rewritten
from appcode_contract.client_contract.topics import judges

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from appcode_contract.client_contract.bench import Bench

_FAULTS: Final[tuple[Mapping[str, Any], ...]] = (
    {"status": 401},
    {"status": 404},
    {"status": 500},
    {"status": 502},
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
_PLAIN: Final = (str, bytes, int, float, Mapping, list, tuple, set, frozenset)
_RETRIES: Final = 20


class _Seen(NamedTuple):
    results: list[Any]
    errors: list[BaseException]


def _use(bench: Bench) -> _Seen:
    """Call every method, with success and with every kind of failure, while everything is watched."""
    bench.watch.everything = True
    operations = ["generate", "list_page", *(["list_all"] if bench.contract.has_list_all else [])]
    outcomes = [bench.attempt(operation) for operation in operations]
    for operation in operations:
        for fault in _FAULTS:
            bench.fake.fail(times=None, **fault)
            if fault.get("fault") == "redirect":
                bench.redirect(307)
            outcomes.append(bench.attempt(operation, bound=_RETRIES))
            bench.fake.clear_faults()
        for change in _CHANGES:
            bench.front.change = change
            outcomes.append(bench.attempt(operation, bound=_RETRIES))
        bench.front.change = None
    return _Seen(
        [outcome.value for outcome in outcomes if outcome.error is None],
        [outcome.error for outcome in outcomes if outcome.error is not None],
    )


def _expect_none(bench: Bench, texts: Iterable[str], what: str) -> None:
    bench.cover("")
    shown = [text for text in texts if bench.secrets.shown_in(text)]
    if shown:
        bench.sent = bench.front.exchanges
        example = " ".join(bench.hide(shown[0]).split())[:200]
        bench.fail(f"neither the token nor an AppCode in {what}", f"{len(shown)} of them show one, such as: {example}")


class KeepsSecrets:
    """Where tokens and AppCodes must not appear."""

    @judges("trap/secret-in-log")
    def test_no_log_record_shows_a_credential(self, bench: Bench) -> None:
        """No logger tells one, at any level."""
        _use(bench)
        _expect_none(bench, bench.watch.logged, "log records")

    @judges("trap/secret-in-exception")
    def test_no_exception_shows_a_credential(self, bench: Bench) -> None:
        """Neither str, nor repr, nor a traceback with every cause shows one."""
        errors = _use(bench).errors
        _expect_none(bench, (text for error in errors for text in _texts(error)), "exceptions")

    @judges("trap/secret-in-repr")
    def test_no_repr_of_the_client_shows_a_credential(self, bench: Bench) -> None:
        """Neither the adapter nor the client in it shows the token."""
        _use(bench)
        client = bench.client()
        inner = [value for value in getattr(client, "__dict__", {}).values() if _tells_of_itself(value)]
        _expect_none(bench, (show(each) for each in (client, *inner) for show in (repr, str)), "repr of the client")

    @judges("trap/secret-in-repr")
    def test_no_repr_of_a_result_shows_a_credential(self, bench: Bench) -> None:
        """Neither a record, nor a page, nor a list shows an AppCode."""
        results = _use(bench).results
        shows: tuple[Callable[[object], str], ...] = (repr, str, "{}".format)
        _expect_none(bench, (show(each) for each in results for show in shows), "repr of results")

    @judges("trap/secret-in-warning")
    def test_no_warning_shows_a_credential(self, bench: Bench) -> None:
        """No warning tells one, whatever filters there are."""
        _use(bench)
        _expect_none(bench, bench.watch.warned, "warnings")

    @judges("trap/secret-on-terminal")
    def test_nothing_that_is_printed_shows_a_credential(self, bench: Bench) -> None:
        """Neither standard output nor standard error tells one."""
        _use(bench)
        _expect_none(bench, bench.watch.printed, "what is printed")


def _texts(error: BaseException) -> tuple[str, ...]:
    return str(error), repr(error), "".join(traceback.format_exception(error))


def _tells_of_itself(value: object) -> bool:
    """Say whether an attribute of the adapter is a client with a repr of its own, and not a plain value or function."""
    plain = isinstance(value, _PLAIN) or callable(value)
    return not plain and type(value).__repr__ is not object.__repr__
