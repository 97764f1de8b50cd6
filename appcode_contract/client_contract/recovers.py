"""A client gives up where no answer comes, and goes on afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from appcode_contract.client_contract.changes import answered, replaced
from appcode_contract.client_contract.side_by_side import Wait, left_over
from appcode_contract.client_contract.topics import judges

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from appcode_contract.client_contract.bench import Bench
    from appcode_contract.client_contract.calls import Outcome
    from appcode_contract.client_contract.changes import Change
    from appcode_contract.fake.faults import FaultName

_EACH: Final = pytest.mark.parametrize("operation", ["generate", "list_page", "list_all"])
_LOST: Final[tuple[FaultName, ...]] = (
    "reset",
    "close_before_headers",
    "close_in_headers",
    "close_after_headers",
    "lost_response",
)
_REFUSALS: Final = ("401", "404", "429", "500", "502", "503", "504")
_REFUSED: Final[Mapping[str, Change]] = {
    "302": answered(302),
    "an array": replaced(b"[]"),
    "HTML": replaced(b"<html></html>", "text/html"),
    "an empty object": replaced(b"{}"),
}
_RETRIES: Final = 20
# More than the connections that a pool of any usual library has for one host.
_ERRORS: Final = 12
_APPS: Final = 6
_TURNS: Final = 8
_BOTH: Final = ("list_page", "generate")


class Recovers:
    """How a client fails where no answer comes."""

    @judges("trap/no-timeout")
    def test_a_server_that_never_answers_is_given_up(self, bench: Bench) -> None:
        """The request arrives and nothing comes back."""
        for wait in left_over(bench, [Wait(operation, "hang") for operation in ("generate", "list_page")]):
            bench.front.change = wait.change(bench)
            bench.refused(wait.operation, "an error, as no answer comes", bound=_RETRIES)

    @judges("trap/no-timeout")
    def test_an_answer_that_comes_too_late_is_given_up(self, bench: Bench) -> None:
        """A list begins long after the deadline, or stops in the middle; all of it is read, where the client can."""
        bench.fake.seed(3)
        operation = "list_all" if bench.contract.has_list_all else "list_page"
        waits = {Wait(operation, "slow_start"), Wait(operation, "stall"), Wait("list_page", "stall")}
        for wait in left_over(bench, sorted(waits)):
            bench.front.change = wait.change(bench)
            bench.refused(wait.operation, "an error, as no whole answer comes", bound=_RETRIES)

    @judges("trap/lost-connection")
    @pytest.mark.parametrize("fault", _LOST)
    @_EACH
    def test_a_connection_that_ends_is_an_error(self, bench: Bench, operation: str, fault: FaultName) -> None:
        """The connection is reset, or ends before, in or after the headers, each time."""
        bench.needs(operation)
        bench.page()
        bench.fake.fail(fault=fault, times=None)
        bench.refused(operation, "an error, as no whole answer comes", bound=_RETRIES)

    @judges("trap/broken-connection")
    @pytest.mark.parametrize("happens", [*_REFUSALS, *_REFUSED])
    def test_the_client_works_after_many_refusals(self, bench: Bench, happens: str) -> None:
        """A dozen errors, or answers that can be no success, use up no connection."""
        for operation in ("list_page", "generate"):
            bench.front.change = _REFUSED.get(happens)
            if happens in _REFUSALS:
                bench.fake.fail(status=int(happens), times=None)
            _fail_often(bench, operation)
            bench.fake.clear_faults()
            bench.front.change = None
        _expect_works(bench)

    @judges("trap/broken-connection")
    @pytest.mark.parametrize("fault", ["hang", "truncated_json", "empty_body", *_LOST])
    def test_the_client_works_after_a_lost_answer(self, bench: Bench, fault: FaultName) -> None:
        """What comes after a failure is not spoilt by it, nor by a dozen of them."""
        for operation in ("generate",) if fault == "hang" else ("generate", "list_page"):
            bench.fake.fail(fault=fault, times=None)
            bench.attempt(operation, bound=_RETRIES)
            bench.fake.clear_faults()
            _expect_works(bench)
            if fault != "hang":  # each of a dozen takes until the client's own timeout
                bench.fake.fail(fault=fault, times=None)
                _fail_often(bench, operation)
                bench.fake.clear_faults()
                _expect_works(bench)

    @judges("trap/mixed-up-calls")
    def test_calls_at_the_same_time_do_not_mix(self, bench: Bench) -> None:
        """Six callers, each with an app of its own, get what is theirs."""
        _skip_unless_thread_safe(bench)
        client = bench.client()
        bench.page()  # what a client makes when it is first used is there now
        apps = [bench.fake.add_app() for _ in range(_APPS)]
        for number, app in enumerate(apps):
            bench.fake.seed(number + 1, app)
        for _ in range(_TURNS):
            bench.fake.fail("list", fault="slow_start", seconds=0.01, times=_APPS)
            made = bench.together([bench.call("generate", client, app) for app in apps])
            for app, record in zip(apps, made, strict=True):
                bench.same(bench.newest(app), record)
            slices = [(number % 3, 2 + number % 4) for number in range(_APPS)]
            pages = bench.together(
                [bench.call("list_page", client, app, *each) for app, each in zip(apps, slices, strict=True)]
            )
            for app, page, (offset, limit) in zip(apps, pages, slices, strict=True):
                bench.same_list(bench.fake.app_codes(app)[offset : offset + limit], page.records)
        ids = {record.id for record in bench.together([bench.call("generate", client)] * _APPS)}
        if len(ids) < _APPS:
            bench.fail(f"{_APPS} AppCodes, as so many calls were made at the same time", f"{len(ids)} of them")
        if bench.contract.has_list_all:
            _expect_whole_lists(bench, apps)

    @judges("trap/mixed-up-calls")
    def test_errors_at_the_same_time_do_not_mix(self, bench: Bench) -> None:
        """Of six callers every other one asks for an app that does not exist: they get a 404, the others a page."""
        _skip_unless_thread_safe(bench)
        client = bench.client()
        apps = [bench.fake.add_app() for _ in range(_APPS)]
        for number, app in enumerate(apps):
            bench.fake.seed(number + 1, app)
        asked = [app if number % 2 else f"no-such-app-{number}" for number, app in enumerate(apps)]
        alone = {each: {app: _refusal(bench, _asked_alone(bench, each, app), asked) for app in asked} for each in _BOTH}
        for operation in _BOTH * (_TURNS // 2):
            bench.fake.fail("list", fault="slow_start", seconds=0.01, times=_APPS // 2)
            outcomes = bench.at_once([bench.call(operation, client, app) for app in asked])
            if len(bench.sent) < len(asked):  # a client that sends nothing for a while after many errors
                bench.recovers(operation)
                continue
            for app, outcome in zip(asked, outcomes, strict=True):
                if app in apps:
                    _expect_of(bench, operation, app, outcome)
                elif (told := _refusal(bench, outcome, asked)) != alone[operation][app]:
                    bench.fail(f"what is told of {app} alone: {alone[operation][app]}", f"{told}")


def _skip_unless_thread_safe(bench: Bench) -> None:
    if not bench.contract.thread_safe:
        pytest.skip("the client is not called at the same time from several threads or tasks (thread_safe = False)")


def _expect_of(bench: Bench, operation: str, app: str, outcome: Outcome) -> None:
    seen = bench.expect_success(operation, outcome)
    if operation == "generate":
        bench.same(bench.newest(app), seen)
    else:
        bench.same_list(bench.fake.app_codes(app)[:20], seen.records)


def _asked_alone(bench: Bench, operation: str, app: str) -> Outcome:
    outcome = bench.attempt(operation, app)
    if bench.sent:
        return outcome
    bench.recovers(operation)
    return bench.attempt(operation, app)


def _refusal(bench: Bench, outcome: Outcome, apps: Sequence[str]) -> str:
    """Write what a call told of its refusal, as far as it is the same each time."""
    if outcome.error is None:
        return "no error"
    status, code, text = bench.told(outcome.error)
    named = " and ".join(app for app in apps if app in (text or "")) or "none"
    return f"{status}, {code}, and of the apps it names {named}"


def _expect_whole_lists(bench: Bench, apps: Sequence[str]) -> None:
    """Read lists at the same time; each is what it is when it is read alone."""
    client = bench.client()
    alone = [sorted(each.id for each in bench.everything(app)) for app in apps]
    for _ in range(_TURNS // 2):
        bench.fake.fail("list", fault="slow_start", seconds=0.01, times=_APPS)
        lists = bench.together([bench.call("list_all", client, app) for app in apps])
        for expected, records in zip(alone, lists, strict=True):
            if sorted(each.id for each in records) != expected:
                bench.fail(f"the {len(expected)} AppCodes of that app, as when it is read alone", "others, or not all")


def _fail_often(bench: Bench, operation: str) -> None:
    """Let an operation fail until a dozen requests have; a client that repeats them by itself gets there sooner."""
    failed = 0
    for _ in range(_ERRORS):
        bench.attempt(operation, bound=_RETRIES)
        failed += len(bench.sent)
        if failed >= _ERRORS:
            break


def _expect_works(bench: Bench) -> None:
    bench.recovers("list_page")
    bench.recovers("generate")
    made = bench.generate()
    bench.same(bench.newest(), made)
    bench.same_list(bench.fake.app_codes()[:20], bench.page().records)
