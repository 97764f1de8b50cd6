"""What a test does with the client: a server of its own, calls with a deadline, verdicts."""

from __future__ import annotations

import secrets
import sys
import time
import zlib
from functools import partial
from operator import methodcaller
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast
from urllib.parse import unquote

import pytest

from appcode_contract.behavior import Behavior
from appcode_contract.client_contract.calls import Call, MisfitError
from appcode_contract.client_contract.clients import Clients
from appcode_contract.client_contract.endpoint import Endpoint
from appcode_contract.client_contract.failure import write_call
from appcode_contract.client_contract.front import MANY, Front
from appcode_contract.client_contract.jitter import folders_of
from appcode_contract.client_contract.leaks import Secrets
from appcode_contract.client_contract.shapes import READ, Page, Record, read_error
from appcode_contract.client_contract.topics import is_topic, trap_of
from appcode_contract.client_contract.verdicts import Verdicts
from appcode_contract.client_contract.watch import Watch
from appcode_contract.judging import judge_client
from appcode_contract.messages import Response
from appcode_contract.redaction import redact_url
from appcode_contract.stand_in import FakeAppCodes

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from appcode_contract.client_contract.calls import Outcome
    from appcode_contract.client_contract.contract import AppCodeClientContract
    from appcode_contract.client_contract.drivers import Driver
    from appcode_contract.client_contract.servers import Servers
    from appcode_contract.messages import Request

_MOST_ITEMS: Final = 5000
_MOMENT: Final = 0.05
_REDIRECT: Final = 307
_SUCCESSES: Final = frozenset({200, 201})
_REFUSED: Final = "trap/refused-answer"
_ABOUT_SUCCESS: Final = frozenset({"generate/status", "list/status", "list/app-codes"})
_ABOUT_TIME: Final = frozenset(
    {"trap/no-timeout", "trap/endless-retry", "trap/endless-paging", "trap/mixed-up-calls", "trap/broken-connection"}
)


def _redirected(status: int, _: Request, response: Response) -> Response:
    """Write a redirect with another status; what was asked for wrongly is refused as ever."""
    return response if response.status != _REDIRECT else Response(status, response.headers)


class Case(NamedTuple):
    """Which test it is.

    Attributes:
        name: Its name, with its parameters; the server's values are always the same for it.
        topic: The clause or trap that it judges.
        variant: Whose client it tests; the same for all tests of a class, but for parameters that are the class's own.
    """

    name: str
    topic: str
    variant: Hashable


class Bench(Verdicts):
    """One test's server, and the client under test.

    Args:
        contract: The test class.
        case: Which test it is.
        servers: The session's servers.
        driver: Makes the calls.

    Attributes:
        contract: The test class.
        servers: The session's servers.
        case: Which test it is.
        fake: Who answers.
        front: What stands in front of the fake.
        endpoint: What the client is given.
        watch: What the client writes besides.
    """

    def __init__(self, contract: AppCodeClientContract, case: Case, servers: Servers, driver: Driver) -> None:
        """Make the fake; the client is made by ``open``."""
        self.contract, self.servers = contract, servers
        self.case = case
        # What an earlier client still sends has another project in its path.
        self.fake = FakeAppCodes(
            base_url=servers.url, project_id=secrets.token_hex(16), seed=zlib.crc32(case.name.encode())
        )
        super().__init__(case.topic, self.fake)
        self.front = Front(self.fake, contract.deadline)
        self.endpoint = self.endpoint_with(self.fake.token)
        self.watch = Watch(self.cover)
        self._token = Secrets({self.fake.token})
        self._called: set[str] = set()
        self._driver = driver
        self._stays_silent = False
        self._clients = Clients(contract, self._run)

    def open(self) -> None:
        """Make the client, while the server does what it should; a test that calls it hears if that failed."""
        self._clients.make(self.endpoint)

    def endpoint_with(self, token: str, app_id: str | None = None) -> Endpoint:
        """Give the endpoint with a token, and with an app if it is another."""
        fake = self.fake
        return Endpoint(fake.base_url, fake.project_id, fake.instance_id, app_id or fake.app_id, token)

    def redirect(self, status: int, location: str | None = None) -> None:
        """Answer with redirects from now on, to another host unless a location is given."""
        self.fake.fail(fault="redirect", location=location or self.servers.other_url, times=None)
        self.front.change = partial(_redirected, status)

    def generate(self, app_id: str | None = None) -> Record:
        """Generate an AppCode; anything but a record fails the test."""
        return cast("Record", self._succeed("generate", app_id))

    def page(self, offset: int | None = None, limit: int | None = None, app_id: str | None = None) -> Page:
        """List a page; anything but a page fails the test."""
        return cast("Page", self._succeed("list_page", app_id, offset, limit))

    def everything(self, app_id: str | None = None) -> list[Record]:
        """List all AppCodes; anything but records fails the test."""
        return cast("list[Record]", self._succeed("list_all", app_id))

    def attempt(  # noqa: PLR0913 - keywords, each of them optional
        self,
        operation: str,
        app_id: str | None = None,
        offset: int | None = None,
        limit: int | None = None,
        *,
        client: object = None,
        bound: int = MANY,
        judged: bool = True,
        checked: bool = True,
    ) -> Outcome:
        """Make a call that may fail.

        Args:
            operation: A method of the adapter.
            app_id: The app; the endpoint's when left out.
            offset: Not given when None.
            limit: Not given when None.
            client: Who makes it; the newest when None.
            bound: How many requests it may send.
            judged: Whether what is sent must keep the contract.
            checked: Whether it must end in time, with no more requests than allowed.

        Returns:
            How it ended.
        """
        client = self.client() if client is None else client
        before = len(self.front.exchanges)
        self.front.bound(bound)
        self.called = write_call(operation, app_id, offset, limit)
        outcome = self._run(self.call(operation, client, app_id, offset, limit))
        self.sent = self.front.exchanges[before:]
        if checked:
            self._check(operation, outcome, judged=judged)
        return outcome

    def needs(self, operation: str) -> None:
        """Skip the test if the client does not have an operation."""
        if operation == "list_all" and not self.contract.has_list_all:
            pytest.skip("the client has no list_all (has_list_all = False)")

    def recovers(self, operation: str) -> bool:
        """Give a client time that sends nothing for a while after many errors, as circuit breakers do.

        Args:
            operation: What it is asked to do for the endpoint's app, again and again.

        Returns:
            Whether it sends anything; one that did not within its deadline gets no more time.
        """
        self.patiently(operation)
        return not self._stays_silent

    def patiently(
        self, operation: str, app_id: str | None = None, *, bound: int = MANY, checked: bool = True
    ) -> Outcome:
        """Make a call, again and again while the client sends nothing and raises; see ``attempt`` and ``recovers``."""
        end = time.monotonic() + self.contract.deadline * (not self._stays_silent)
        outcome = self.attempt(operation, app_id, bound=bound, checked=checked)
        while outcome.error is not None and not self.sent and time.monotonic() < end:
            time.sleep(_MOMENT)
            outcome = self.attempt(operation, app_id, bound=bound, checked=checked)
        self._stays_silent = outcome.error is not None and not self.sent
        return outcome

    def call(
        self,
        operation: str,
        client: object,
        app_id: str | None = None,
        offset: int | None = None,
        limit: int | None = None,
    ) -> Call:
        """Prepare a call of an operation."""
        keywords = {"offset": offset, "limit": limit}
        given = {name: value for name, value in keywords.items() if value is not None}
        most = _MOST_ITEMS if operation == "list_all" else None
        method = methodcaller(operation, app_id or self.fake.app_id, **given)
        return Call(operation, method, (client,), most=most, read=READ[operation])

    def together(self, calls: Sequence[Call]) -> list[Any]:
        """Make calls at the same time, each of which must succeed, and give what was read of what they returned."""
        return [self.expect_success(calls[0].name, outcome) for outcome in self.at_once(calls)]

    def at_once(self, calls: Sequence[Call]) -> list[Outcome]:
        """Make calls of one operation at the same time, each of which may fail, and give how they ended."""
        outcomes = self.beside(calls, self.own())
        for outcome in outcomes:
            self._check(calls[0].name, outcome, judged=True)
        return outcomes

    def beside(self, calls: Sequence[Call], own: tuple[str, ...] | None = None) -> list[Outcome]:
        """Make calls at the same time, whatever they come to.

        Args:
            calls: The calls.
            own: Where files begin between whose lines threads take turns; None where they need not.

        Returns:
            How each ended.
        """
        before = len(self.front.exchanges)
        self.front.bound(MANY)
        with self.watch.during():
            outcomes = self._driver.together(calls, self.contract.deadline, own)
        self.sent = self.front.exchanges[before:]
        self.called = " and ".join(sorted({f"{call.name}()" for call in calls})) + f", {len(calls)} at the same time"
        return outcomes

    def refused(self, operation: str, expected: str, app_id: str | None = None, *, bound: int = MANY) -> BaseException:
        """Make a call that must raise, as ``expected`` says, and give what it raised; see ``attempt``."""
        outcome = self.patiently(operation, app_id, bound=bound)
        if outcome.error is None:
            kind = "None" if outcome.value is None else f"a {type(outcome.value).__name__}"
            self.fail(expected, f"{operation}() returned {kind} as if all were well")
        return outcome.error

    def told(self, error: BaseException) -> tuple[int | None, str | None, str | None]:
        """Give status, error_code and error_msg of an error."""
        try:
            return read_error(self.contract.describe_error(error))  # type: ignore[arg-type] # attempt() gives Exceptions
        except MisfitError as wrong:
            self.misfit(str(wrong))
        except (Exception, SystemExit) as wrong:  # noqa: BLE001 - somebody else's code
            self.misfit(f"describe_error() raised {self.text_of(wrong)} when it was given {type(error).__name__}")

    def use(self, endpoint: Endpoint) -> BaseException | None:
        """Make the client anew, with another endpoint.

        Args:
            endpoint: The endpoint.

        Returns:
            What making it raised after it had asked the server; None when it was made.
        """
        before = len(self.front.exchanges)
        self.called = "make_client()"
        made = self._clients.make(endpoint)
        self.sent = self.front.exchanges[before:]
        return made.error if self.sent else None

    def another(self, app_id: str) -> Any:  # noqa: ANN401 - an adapter of any type
        """Make one more client, which lists an app of its own; None if it does not."""
        made = self._clients.make(self.endpoint_with(self.fake.token, app_id), aside=True)
        if made.value is None:
            return None
        listed = self.attempt("list_page", app_id, client=made.value, checked=False)
        return None if listed.late or listed.error is not None else made.value

    def client(self) -> Any:  # noqa: ANN401 - an adapter of any type
        """Give the client."""
        try:
            return self._clients.newest()
        except MisfitError as wrong:
            if not self.front.exchanges:  # nothing of the server stands behind it
                self._tell_once()
            self.misfit(str(wrong))

    def _tell_once(self) -> None:
        """Let the tests that come later be skipped: each of them would say the same of the adapter."""
        self.servers.misfits[self.case.variant] = self.case.name

    def own(self) -> tuple[str, ...]:
        """Give where files begin that are the client's, though they are installed."""
        for name in self.contract.packages:
            if name not in sys.modules:
                wrong = f"{type(self.contract).__name__}.packages names {name}, which nothing has imported"
                self.misfit(f"{wrong}; give the name that import takes")
        package = type(self.client()).__module__.partition(".")[0]
        return folders_of([package, *self.contract.packages])

    def account(self, test: str) -> str:
        """Tell what the test found, for the report of its session.

        Args:
            test: The test's name.

        Returns:
            JSON without credentials; empty when it judged nothing.
        """
        from appcode_contract.reporting.session import account_of_verdict  # noqa: PLC0415 - where a report is wanted

        requests = len(self.front.exchanges)
        topic = self.topic if self.violation is None else self.violation.clause
        if not is_topic(topic) or (self.violation is None and (self.failed or not requests)):
            return ""
        return account_of_verdict(self.fake, test, requests, topic, self.violation, trap_of(topic))

    def _run(self, call: Call) -> Outcome:
        with self.watch.during():
            return self._driver.run(call, self.contract.deadline)

    def _succeed(self, operation: str, app_id: str | None, offset: int | None = None, limit: int | None = None) -> Any:  # noqa: ANN401 - what was read
        outcome = self.attempt(operation, app_id, offset, limit)
        plain = offset is None and limit is None and self._was_plain(operation)
        self._called.add(operation)
        return self.expect_success(operation, outcome, _REFUSED if plain else None)

    def _was_plain(self, operation: str) -> bool:
        """Say whether all that went before was answered as the pages show it, and this operation is called at last."""
        front = self.front
        untouched = front.change is None and front.after_list is None and self.fake.behavior == Behavior()
        first = operation not in self._called and len(self.sent) == 1 and self.topic not in _ABOUT_SUCCESS
        answers = [each.response for each in front.exchanges]
        return untouched and first and all(each is not None and each.status in _SUCCESSES for each in answers)

    def expect_success(self, operation: str, outcome: Outcome, topic: str | None = None) -> Any:  # noqa: ANN401 - what was read
        """Give what was read of what a call returned; anything else fails the test.

        Args:
            operation: What was called.
            outcome: How it ended.
            topic: The clause or trap, if it raised; the test's own when left out.

        Returns:
            A record, a page or records.
        """
        if outcome.error is not None:
            raised = f"it raised {self.text_of(outcome.error)}"
            self.fail(f"{operation}() to succeed", raised, topic or self._topic_of_refusal())
        if isinstance(outcome.wrong, MisfitError):
            self.misfit(str(outcome.wrong))
        if outcome.wrong is not None:
            expected = "an RFC 3339 text or an aware datetime"
            self.fail(expected, str(outcome.wrong), self.topic_for("create_time", outcome.wrong.clause))
        return outcome.seen

    def _check(self, operation: str, outcome: Outcome, *, judged: bool) -> None:
        """Let through what ended in time, with requests as they should be."""
        if isinstance(outcome.error, MisfitError):
            self._tell_once()
            self.misfit(str(outcome.error))
        for each in self.sent:
            if self._token.shown_in(unquote(each.request.url)):
                self.fail("a URL without the token", "the URL shows it", "trap/token-in-url", [each])
        for violation in judge_client(self.sent, self._hide_request) if judged else ():
            self.fail(violation.expected, violation.actual, violation.clause, [violation.exchange or self.sent[-1]])
        if self.front.overrun:
            wanted = f"at most {self.front.overrun} requests"
            self.fail(wanted, f"{operation}() sent more and was cut off", self._topic_of_time("trap/endless-retry"))
        if outcome.late:
            wanted = f"{operation}() to end within {self.contract.deadline:g} seconds"
            told = "it had not, neither with an answer nor with an error"
            self.fail(wanted, told, self._topic_of_time("trap/no-timeout"))
        if outcome.error is not None and not isinstance(outcome.error, Exception):
            self.fail("an error that `except Exception` catches", f"it raised a {type(outcome.error).__name__}")

    def _topic_of_time(self, otherwise: str) -> str:
        """Give what is judged where a client does not end: the test's topic if it is about that."""
        return self.topic if self.topic in _ABOUT_TIME else otherwise

    def _hide_request(self, text: str) -> str:
        """Give what is said of a request without credentials, and with the ids of a path."""
        method, _, path = text.partition(" ")
        return f"{method} {redact_url(path)}" if path.startswith("/") else self.hide(text)

    def _topic_of_refusal(self) -> str | None:
        """Give what is wrong with a request that was refused, whatever the test is about."""
        told = {each.request.header("X-Auth-Token") for each in self.sent}
        return None if told <= {self.endpoint.token} else "header/x-auth-token"

    def close(self) -> None:
        """Close the clients."""
        before = len(self.front.exchanges)
        try:
            self._clients.close()
        except MisfitError as wrong:
            if not self.failed:
                self.misfit(str(wrong))
        self.called, self.sent = "close_client()", self.front.exchanges[before:]
