"""A client does no harm: no AppCode too many, no token to a stranger, no list from yesterday."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import pytest

from appcode_contract.client_contract.changes import answered, emptied, only_generates, rewritten, with_200
from appcode_contract.client_contract.side_by_side import Wait, left_over
from appcode_contract.client_contract.topics import judges
from appcode_contract.messages import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from appcode_contract.client_contract.bench import Bench
    from appcode_contract.messages import Request

_ONCE: Final[Mapping[str, Mapping[str, Any]]] = {
    "400": {"status": 400},
    "401": {"status": 401},
    "403": {"status": 403},
    "404": {"status": 404},
    "500": {"status": 500},
    "502": {"status": 502},
    "503": {"status": 503},
    "503 with Retry-After": {"status": 503, "retry_after": 0},
    "504": {"status": 504},
    "a lost response": {"fault": "lost_response"},
    "a reset": {"fault": "reset"},
    "a closed connection": {"fault": "close_before_headers"},
    "half the headers": {"fault": "close_in_headers"},
    "headers alone": {"fault": "close_after_headers"},
    "an empty body": {"fault": "empty_body"},
    "half a body": {"fault": "truncated_json"},
    "a redirect": {"fault": "redirect"},
}
_CARRIED_OUT: Final = {
    "200": with_200,
    "a record without its AppCode": rewritten(lambda body: {**body, "app_code": None}),
    "a record without its time": rewritten(lambda body: {**body, "create_time": "yesterday"}),
    "a record that names no AppCode": rewritten(lambda body: {name: body[name] for name in body if name != "app_code"}),
    "an empty object": rewritten(lambda _: {}),
    **{f"{status}": answered(status) for status in (202, 302, 408, 409, 507)},
    "204": emptied,
    "413 with Retry-After": answered(413, ("Retry-After", "0")),
    "an AppCode that begins with +": rewritten(lambda body: {**body, "app_code": "+" + body["app_code"][1:]}),
}
_NO_ANSWER: Final = "no answer"
_NOT_ON_THE_FIRST_PAGE: Final = "the list begins with the oldest"
_MORE_THAN_A_PAGE: Final = 25
_A_WHILE: Final = 0.5  # seconds for what a thread of the client may still do
_MOMENT: Final = 0.02
_WAITS: Final = (Wait("generate", "slow_start"), Wait("generate", "hang"), Wait("generate", "stall"))
"""What is no answer in time: it begins too late, never, or stops in the middle."""
_RETRIES: Final = 20
_SEVERAL_PAGES: Final = 501
_REDIRECTS: Final = (301, 302, 303, 307, 308)


class DoesNoHarm:
    """What a client must not do."""

    @judges("trap/put-is-not-idempotent")
    @pytest.mark.parametrize("happens", [*_ONCE, _NO_ANSWER, _NOT_ON_THE_FIRST_PAGE, *_CARRIED_OUT])
    def test_a_generate_is_not_repeated(self, bench: Bench, happens: str) -> None:
        """Whatever becomes of the answer, the AppCode may exist: a second request would make another one."""
        bench.page()  # libraries repeat on a connection that was used before
        if happens == _NO_ANSWER:
            for wait in left_over(bench, _WAITS):
                app = bench.fake.add_app()
                bench.patiently("list_page", app)
                bench.front.change = wait.change(bench)
                _expect_one(bench, app)
                bench.front.change = None
            _expect_no_more(bench, _A_WHILE)
            return
        if happens in _ONCE:
            bench.fake.fail("generate", location=bench.servers.other_url, **_ONCE[happens])
        elif happens == _NOT_ON_THE_FIRST_PAGE:
            bench.fake.behavior = replace(bench.fake.behavior, list_order="oldest_first")
            bench.fake.seed(_MORE_THAN_A_PAGE)
        else:
            bench.front.change = only_generates(_CARRIED_OUT[happens])
        _expect_one(bench)
        bench.fake.clear_faults()
        bench.front.change = None
        bench.attempt("list_page")  # nor when it is used again, nor when it is closed
        bench.close()
        _expect_no_more(bench, _A_WHILE if happens == "500" else 0)

    @judges("trap/redirect-with-token")
    @pytest.mark.parametrize("operation", ["generate", "list_page", "list_all"])
    def test_the_token_does_not_follow_a_redirect(self, bench: Bench, operation: str) -> None:
        """A redirect to another host, of any kind, takes no token there."""
        bench.needs(operation)
        elsewhere = bench.servers.elsewhere
        elsewhere.requests.clear()
        others = {"host": bench.servers.other_url, "port": bench.servers.other_port_url}
        for status, (other, location) in product(_REDIRECTS, others.items()):
            bench.fake.clear_faults()
            bench.redirect(status, location)
            bench.attempt(operation, bound=_RETRIES)
            _expect_no_token(bench, other)
        # What begins as a path, or as the server's own URL, may lead elsewhere all the same.
        host = others["host"].removeprefix("http:")
        for location in (host, f"{bench.endpoint.base_url}@{host.removeprefix('//')}"):
            bench.fake.clear_faults()
            bench.front.change = partial(_led_to, location)
            bench.attempt(operation, bound=_RETRIES)
            _expect_no_token(bench, "host")
        if operation == "list_all":
            bench.fake.clear_faults()
            bench.front.change = None
            bench.fake.seed(_SEVERAL_PAGES)
            bench.front.after_list = lambda: bench.redirect(_REDIRECTS[0], others["host"])
            bench.attempt(operation, bound=_RETRIES)
            _expect_no_token(bench, "host")

    @judges("trap/swallowed-error")
    @pytest.mark.parametrize("operation", ["generate", "list_page", "list_all"])
    def test_a_redirect_is_no_success(self, bench: Bench, operation: str) -> None:
        """A redirect has no AppCode; the host that it leads to refuses who comes."""
        bench.needs(operation)
        bench.redirect(307)
        bench.refused(operation, "an error, as nothing but a redirect was answered", bound=_RETRIES)

    @judges("trap/stale-list")
    def test_a_page_read_after_a_generate_has_the_new_app_code(self, bench: Bench) -> None:
        """Nothing is kept across a generate."""
        for _ in range(3):
            bench.same_list(bench.fake.app_codes(), bench.page().records)
            bench.equal(len(bench.fake.app_codes()), bench.page(limit=500).total, "total")
            bench.generate()
        bench.same_list(bench.fake.app_codes(), bench.page().records)

    @judges("trap/stale-list")
    def test_everything_read_after_a_generate_has_the_new_app_code(self, bench: Bench) -> None:
        """Nothing is kept across a generate, of the client or of somebody else."""
        bench.needs("list_all")
        bench.fake.seed(20)
        bench.same_list(bench.fake.app_codes(), bench.everything())
        bench.generate()
        bench.same_list(bench.fake.app_codes(), bench.everything())
        bench.fake.seed(1)
        bench.same_list(bench.fake.app_codes(), bench.everything())

    @judges("list/read-only")
    def test_reading_generates_nothing(self, bench: Bench) -> None:
        """A query changes nothing, nor does it when the client is closed afterwards."""
        bench.fake.seed(21)
        bench.page()
        if bench.contract.has_list_all:
            bench.everything()
        bench.equal(21, len(bench.fake.app_codes()), "AppCodes afterwards")
        bench.close()
        bench.equal(21, len(bench.fake.app_codes()), "AppCodes when the client is closed")


def _expect_no_more(bench: Bench, seconds: float) -> None:
    """Look whether any app got another generate, now or within some seconds."""
    end = time.monotonic() + seconds
    while True:
        sent = [each for each in bench.front.exchanges if each.request.method == "PUT"]
        number = Counter(each.request.path for each in sent)
        for path in [path for path in number if number[path] > 1]:
            repeated = [each for each in sent if each.request.path == path]
            bench.fail("one PUT", f"{len(repeated)} of them, the last when generate() had ended", sent=repeated)
        if time.monotonic() >= end:
            return
        time.sleep(_MOMENT)


def _expect_one(bench: Bench, app: str | None = None) -> None:
    before = len(bench.fake.app_codes(app))
    outcome = bench.attempt("generate", app, bound=_RETRIES)
    sent = [each for each in bench.sent if each.request.method == "PUT"]
    if not sent:
        bench.fail("one PUT", f"none; generate() raised {bench.text_of(outcome.error)}", "path/uri")
    if len(sent) > 1:
        made = len(bench.fake.app_codes(app)) - before
        bench.fail("one PUT", f"{len(sent)} of them; AppCodes that were made: {made}", sent=sent)


def _led_to(location: str, request: Request, _: Response) -> Response:
    target = f"{location}{request.path}" + (f"?{request.query}" if request.query else "")
    return Response(_REDIRECTS[-1], [("Location", target), ("Content-Length", "0")])


def _expect_no_token(bench: Bench, other: str) -> None:
    if any(_has_token(bench, request) for request in bench.servers.elsewhere.requests):
        bench.fail(f"nothing of the token reaches another {other}", f"the other {other} got it")


def _has_token(bench: Bench, request: Request) -> bool:
    parts = [request.url, request.body.decode("latin-1"), *(f"{name}: {value}" for name, value in request.headers)]
    return any(map(bench.secrets.shown_in, parts))
