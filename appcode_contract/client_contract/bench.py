"""What a test does with the client: a server of its own, calls with a deadline, verdicts."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final

from appcode_contract.client_contract.drivers import Call, MisfitError
from appcode_contract.client_contract.endpoint import Endpoint
from appcode_contract.client_contract.front import MANY, Front
from appcode_contract.client_contract.shapes import (
    NEEDED,
    Page,
    Record,
    WrongValueError,
    check_adapter,
    read_error,
    read_page,
    read_record,
    read_records,
)
from appcode_contract.client_contract.verdicts import Verdicts
from appcode_contract.client_contract.watch import Watch
from appcode_contract.judging import judge_client
from appcode_contract.messages import Response
from appcode_contract.stand_in import FakeAppCodes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    from appcode_contract.client_contract.contract import AppCodeClientContract
    from appcode_contract.client_contract.drivers import Driver, Outcome
    from appcode_contract.client_contract.servers import Servers

    Read = TypeVar("Read")

_MOST_ITEMS: Final = 5000


class Bench(Verdicts):
    """One test's server, and the client under test.

    Args:
        contract: The test class.
        topic: The clause or trap that the test judges.
        servers: The session's servers.
        driver: Makes the calls.
        seed: Makes the server's values repeat.

    Attributes:
        contract: The test class.
        servers: The session's servers.
        fake: Who answers.
        front: What stands in front of the fake.
        endpoint: What the client is given.
        watch: What the client writes besides.
    """

    def __init__(
        self, contract: AppCodeClientContract, topic: str, servers: Servers, driver: Driver, *, seed: int
    ) -> None:
        """Make the fake; the client is made when it is first called."""
        self.contract, self.servers = contract, servers
        # What an earlier client still sends has another project in its path.
        self.fake = FakeAppCodes(base_url=servers.url, project_id=secrets.token_hex(16), seed=seed)
        super().__init__(topic, self.fake)
        self.front = Front(self.fake)
        self.endpoint = self.endpoint_with(self.fake.token)
        self.watch = Watch(self.cover)
        self._driver = driver
        self._clients: list[Any] = []

    def endpoint_with(self, token: str) -> Endpoint:
        """Give the endpoint with a token."""
        fake = self.fake
        return Endpoint(fake.base_url, fake.project_id, fake.instance_id, fake.app_id, token)

    def redirect(self, status: int) -> None:
        """Answer with redirects to another host from now on."""
        self.fake.fail(fault="redirect", location=self.servers.other_url, times=None)
        self.front.change = lambda _, response: Response(status, response.headers)

    def generate(self, app_id: str | None = None) -> Record:
        """Generate an AppCode; anything but a record fails the test."""
        value = self._succeed("generate", app_id)
        return self._read(lambda: read_record(value, "what generate() returned"))

    def page(self, offset: int | None = None, limit: int | None = None, app_id: str | None = None) -> Page:
        """List a page; anything but a page fails the test."""
        value = self._succeed("list_page", app_id, offset, limit)
        return self._read(lambda: read_page(value))

    def everything(self, app_id: str | None = None) -> list[Record]:
        """List all AppCodes; anything but records fails the test."""
        value = self._succeed("list_all", app_id)
        return self._read(lambda: read_records(value, "what list_all() returned"))

    def attempt(  # noqa: PLR0913 - keywords, each of them optional
        self,
        operation: str,
        app_id: str | None = None,
        offset: int | None = None,
        limit: int | None = None,
        *,
        bound: int = MANY,
        judged: bool = True,
    ) -> Outcome:
        """Make a call that may fail.

        Args:
            operation: A method of the adapter.
            app_id: The app; the endpoint's when left out.
            offset: Not given when None.
            limit: Not given when None.
            bound: How many requests it may send.
            judged: Whether what is sent must keep the contract.

        Returns:
            How it ended; not late, and with no more requests than allowed.
        """
        client = self.client()
        before = len(self.front.exchanges)
        self.front.bound(bound)
        outcome = self._run(self.call(operation, client, app_id, offset, limit))
        self.sent = self.front.exchanges[before:]
        self._check(operation, outcome, judged=judged)
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
        return Call(operation, getattr(client, operation), (app_id or self.fake.app_id,), given, most)

    def together(self, calls: Sequence[Call]) -> list[Any]:
        """Make calls at the same time, each of which must succeed, and give what they returned."""
        before = len(self.front.exchanges)
        self.front.bound(MANY)
        with self.watch.during():
            outcomes = self._driver.together(calls, self.contract.deadline)
        self.sent = self.front.exchanges[before:]
        for call, outcome in zip(calls, outcomes, strict=True):
            self._check(call.name, outcome, judged=True)
            self._expect_success(call.name, outcome)
        return [outcome.value for outcome in outcomes]

    def pages(self, values: Sequence[object]) -> list[Page]:
        """Read what calls of list_page returned."""
        return self._read(lambda: [read_page(value) for value in values])

    def refused(self, operation: str, expected: str, app_id: str | None = None, *, bound: int = MANY) -> BaseException:
        """Make a call that must raise, as ``expected`` says, and give what it raised; see ``attempt``."""
        outcome = self.attempt(operation, app_id, bound=bound)
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
        except Exception as wrong:  # noqa: BLE001 - somebody else's code
            self.misfit(f"describe_error() raised {self.text_of(wrong)} when it was given a {type(error).__name__}")

    def use(self, endpoint: Endpoint) -> None:
        """Make the client anew, with another endpoint."""
        self._clients.insert(0, self._new_client(endpoint))

    def client(self) -> Any:  # noqa: ANN401 - an adapter of any type
        """Give the client; it is made when it is first needed."""
        if not self._clients:
            self._clients.append(self._new_client(self.endpoint))
        return self._clients[0]

    def _new_client(self, endpoint: Endpoint) -> Any:  # noqa: ANN401 - an adapter of any type
        made = self._run(Call("make_client", self.contract.make_client, (endpoint,), free=True))
        name = f"{type(self.contract).__name__}.make_client()"
        if made.late:
            self.misfit(f"{name} did not return within {self.contract.deadline:g} seconds; {NEEDED}")
        if isinstance(made.error, MisfitError):
            self.misfit(str(made.error))
        if made.error is not None:
            self.misfit(f"{name} raised {self.text_of(made.error)}; {NEEDED}")
        try:
            check_adapter(made.value, has_list_all=self.contract.has_list_all)
        except MisfitError as wrong:
            self.misfit(str(wrong))
        return made.value

    def _run(self, call: Call) -> Outcome:
        with self.watch.during():
            return self._driver.run(call, self.contract.deadline)

    def _succeed(self, operation: str, app_id: str | None, offset: int | None = None, limit: int | None = None) -> Any:  # noqa: ANN401 - what a client returns
        outcome = self.attempt(operation, app_id, offset, limit)
        self._expect_success(operation, outcome)
        return outcome.value

    def _expect_success(self, operation: str, outcome: Outcome) -> None:
        if outcome.error is not None:
            self.fail(f"{operation}() to succeed", f"it raised {self.text_of(outcome.error)}")

    def _check(self, operation: str, outcome: Outcome, *, judged: bool) -> None:
        """Let through what ended in time, with requests as they should be."""
        if isinstance(outcome.error, MisfitError):
            self.misfit(str(outcome.error))
        for violation in judge_client(self.sent, self.hide) if judged else ():
            self.fail(violation.expected, violation.actual, violation.clause, [violation.exchange or self.sent[-1]])
        if self.front.overrun:
            self.fail(f"at most {self.front.overrun} requests", f"{operation}() sent more and was cut off")
        if outcome.late:
            wanted = f"{operation}() to end within {self.contract.deadline:g} seconds"
            self.fail(wanted, "it had not, neither with an answer nor with an error")
        if outcome.error is not None and not isinstance(outcome.error, Exception):
            self.fail("an error that `except Exception` catches", f"it raised a {type(outcome.error).__name__}")

    def _read(self, read: Callable[[], Read]) -> Read:
        try:
            return read()
        except MisfitError as wrong:
            self.misfit(str(wrong))
        except WrongValueError as wrong:
            topic = self.topic if self.topic.startswith("trap/") else wrong.clause
            self.fail("an RFC 3339 text or an aware datetime", str(wrong), topic)

    def close(self) -> None:
        """Close the clients."""
        for client in self._clients:
            closed = self._run(Call("close_client", self.contract.close_client, (client,), free=True))
            if closed.error is not None and not self.failed:
                self.misfit(f"close_client() raised {self.text_of(closed.error)}")
