"""A client gives up where no answer comes, and goes on afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from appcode_contract.client_contract.topics import judges

if TYPE_CHECKING:
    from appcode_contract.client_contract.bench import Bench
    from appcode_contract.fake.faults import FaultName

_EITHER: Final = pytest.mark.parametrize("operation", ["generate", "list_page"])
_LOST: Final[tuple[FaultName, ...]] = (
    "reset",
    "close_before_headers",
    "close_in_headers",
    "close_after_headers",
    "lost_response",
)
_RETRIES: Final = 20
# More than the connections that a pool of any usual library has for one host.
_ERRORS: Final = 12
_APPS: Final = 6
_TURNS: Final = 8


class Recovers:
    """How a client fails where no answer comes."""

    @judges("trap/no-timeout")
    @_EITHER
    def test_a_server_that_never_answers_is_given_up(self, bench: Bench, operation: str) -> None:
        """The request arrives and nothing comes back."""
        bench.fake.fail(fault="hang", times=None)
        bench.refused(operation, "an error, as no answer comes", bound=_RETRIES)

    @judges("trap/no-timeout")
    @_EITHER
    def test_an_answer_that_comes_too_late_is_given_up(self, bench: Bench, operation: str) -> None:
        """The answer begins long after the deadline."""
        bench.fake.fail(fault="slow_start", seconds=10 * bench.contract.deadline, times=None)
        bench.refused(operation, "an error, as no answer comes", bound=_RETRIES)

    @judges("trap/lost-connection")
    @pytest.mark.parametrize("fault", _LOST)
    @_EITHER
    def test_a_connection_that_ends_is_an_error(self, bench: Bench, operation: str, fault: FaultName) -> None:
        """The connection is reset, or ends before, in or after the headers, each time."""
        bench.page()
        bench.fake.fail(fault=fault, times=None)
        bench.refused(operation, "an error, as no whole answer comes", bound=_RETRIES)

    @judges("trap/broken-connection")
    def test_the_client_works_after_many_refusals(self, bench: Bench) -> None:
        """A dozen errors use up no connection."""
        for operation in ("list_page", "generate"):
            bench.fake.fail(status=404, times=_ERRORS)
            for _ in range(_ERRORS):
                bench.attempt(operation)
        bench.fake.clear_faults()
        bench.generate()
        bench.same_list(bench.fake.app_codes(), bench.page().records)

    @judges("trap/broken-connection")
    @pytest.mark.parametrize("fault", ["truncated_json", "empty_body", *_LOST])
    def test_the_client_works_after_a_lost_answer(self, bench: Bench, fault: FaultName) -> None:
        """What comes after a failure is not spoilt by it."""
        for operation in ("generate", "list_page"):
            bench.fake.fail(fault=fault, times=None)
            bench.attempt(operation, bound=_RETRIES)
            bench.fake.clear_faults()
            made = bench.generate()
            bench.same(bench.fake.app_codes()[0], made)
            bench.same_list(bench.fake.app_codes(), bench.page().records)

    @judges("trap/mixed-up-calls")
    def test_calls_at_the_same_time_do_not_mix(self, bench: Bench) -> None:
        """Six callers, each with an app of its own, get what is theirs."""
        if not bench.contract.thread_safe:
            pytest.skip("the client is not called at the same time from several threads or tasks (thread_safe = False)")
        client = bench.client()
        bench.page()  # what a client makes when it is first used is there now
        apps = [bench.fake.add_app() for _ in range(_APPS)]
        for number, app in enumerate(apps):
            bench.fake.seed(number + 1, app)
        for _ in range(_TURNS):
            bench.fake.fail("list", fault="slow_start", seconds=0.01, times=_APPS)
            bench.together([bench.call("generate", client, app) for app in apps])
            pages = bench.together([bench.call("list_page", client, app, limit=500) for app in apps])
            for app, page in zip(apps, bench.pages(pages), strict=True):
                bench.same_list(bench.fake.app_codes(app), page.records)
