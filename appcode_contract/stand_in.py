"""FakeAppCodes, the stand-in that users hold in their hands: service, record of exchanges, verdict on the client.

Here, above both, is the one place where the fake and the checks meet: the fake answers, the checks judge what it was
asked.
"""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypedDict, Unpack

from appcode_contract.behavior import Behavior
from appcode_contract.fake.calls import Call, count_mismatch
from appcode_contract.fake.exchange_log import ExchangeLog
from appcode_contract.fake.faults import DEFAULT_LOCATION, Fault
from appcode_contract.fake.service import AppCodeService
from appcode_contract.fake.store import AppKey, well_formed
from appcode_contract.fake.values import ValueSource
from appcode_contract.judging import judge_client
from appcode_contract.messages import Exchange
from appcode_contract.redaction import Redactor, credentials_in, redact_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from appcode_contract.fake.faults import FaultName
    from appcode_contract.fake.service import ServiceState
    from appcode_contract.messages import AppCodeRecord, Request, Response, Violation

_BASE_URL: Final = re.compile(r"https?://(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{1,5}))?")
_LAST_PORT: Final = 65535
_ARRIVES: Final = ("whole", "slow_start", "dribble")
DEFAULT_BASE_URL: Final = "https://roma.example"
"""Where the fake answers in process; a name that never resolves (RFC 2606)."""


class FakeOptions(TypedDict, total=False):
    """The arguments of ``FakeAppCodes``, for whoever passes them on."""

    base_url: str
    project_id: str | None
    instance_id: str | None
    app_id: str | None
    token: str | None
    seed: int | None
    behavior: Behavior | None


@dataclass(frozen=True, slots=True)
class AppCodeApp:
    """What the fixture ``appcode_app`` gives: an app of one test's own, and what a client needs to reach it.

    Attributes:
        app_id: Its id.
        url: The URL of both operations for it.
        token: A valid token. A credential; neither ``repr`` nor a comparison shows it.
    """

    app_id: str
    url: str
    token: str = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True, repr=False)
class Snapshot:
    """A fake at one moment, for ``FakeAppCodes.restore``.

    Attributes:
        fake: The fake.
        state: What it held.
        exchanges: What it had been asked.
        dropped: How many exchanges were no longer kept.
    """

    fake: FakeAppCodes
    state: ServiceState
    exchanges: tuple[Exchange, ...]
    dropped: int


class FakeAppCodes:
    """A stateful stand-in for both operations, in memory and safe for threads.

    It begins with one project, one instance, one app without AppCodes and one valid token.

    Args:
        base_url: Scheme, host and port that clients are given.
        project_id: The first project; made up when left out.
        instance_id: The first instance; made up when left out.
        app_id: The first app; made up when left out.
        token: The first valid token; made up when left out.
        seed: Makes every value and time repeat. Without one, values come from ``secrets``.
        behavior: The choices where the pages are silent.

    Attributes:
        base_url: Scheme, host and port that clients are given.
        project_id: The first project.
        instance_id: The first instance.
        app_id: The first app.
        token: The first valid token. A credential.

    Raises:
        ValueError: An id is not 1 to 64 letters, digits, ``-`` and ``_``, the token is empty, or base_url is no URL.
    """

    def __init__(  # noqa: PLR0913 - keywords, each of them optional
        self,
        *,
        base_url: str = DEFAULT_BASE_URL,
        project_id: str | None = None,
        instance_id: str | None = None,
        app_id: str | None = None,
        token: str | None = None,
        seed: int | None = None,
        behavior: Behavior | None = None,
    ) -> None:
        """Begin with one app and one token."""
        __tracebackhide__ = True  # as in add_token
        self.base_url = _base_url(base_url)
        self._values = ValueSource(seed)
        self._service = AppCodeService(self._values, behavior or Behavior())
        self.project_id = _identifier("project_id", project_id, self._values)
        self.instance_id = _identifier("instance_id", instance_id, self._values)
        self.app_id = _identifier("app_id", app_id, self._values)
        self.token = self._values.token() if token is None else token
        self._exchanges = ExchangeLog()
        self.add_app(self.app_id)
        self.add_token(self.token)
        self.begin_here()

    def __repr__(self) -> str:
        """Show where it answers, and no credential."""
        return f"<FakeAppCodes at {self.base_url}, app {self.app_id}>"

    @property
    def behavior(self) -> Behavior:
        """The choices where the pages are silent; may be set at any time."""
        return self._service.behavior

    @behavior.setter
    def behavior(self, behavior: Behavior) -> None:
        given: object = behavior  # from a caller without types it may be anything
        if not isinstance(given, Behavior):
            msg = f"behavior is {given!r}; it must be a Behavior"
            raise TypeError(msg)
        with self._service.lock:
            self._service.behavior = behavior

    def handle(self, request: Request) -> Response:
        """Answer one request and remember it.

        Args:
            request: Any request; only method, path, query, headers and body count, not the host.

        Returns:
            The answer as the pages have it. Nothing that a client sends raises an exception.
        """
        started, begun = time.time(), time.perf_counter()
        with self._service.lock:
            response = self._service.handle(request)
            manner = response.delivery.manner
            arrived = response if manner in _ARRIVES else None
            problem = "" if arrived else manner
            self._exchanges.add(Exchange(request, arrived, problem, started, time.perf_counter() - begun))
        return response

    def url(
        self,
        app_id: str | None = None,
        *,
        project_id: str | None = None,
        instance_id: str | None = None,
    ) -> str:
        """Give the URL of both operations for an app.

        Args:
            app_id: The app; the first when left out.
            project_id: Its project; the first when left out.
            instance_id: Its instance; the first when left out.

        Returns:
            The absolute URL.
        """
        key = self._key(app_id, project_id, instance_id)
        return f"{self.base_url}/v2/{key.project_id}/apic/instances/{key.instance_id}/apps/{key.app_id}/app-codes"

    def add_app(
        self,
        app_id: str | None = None,
        *,
        project_id: str | None = None,
        instance_id: str | None = None,
    ) -> str:
        """Add an app without AppCodes; one that exists keeps its own.

        Args:
            app_id: Its id; made up when left out.
            project_id: Its project; the first when left out. A new one comes into being.
            instance_id: Its instance; the first when left out. A new one comes into being.

        Returns:
            The app's id.

        Raises:
            ValueError: An id is not 1 to 64 letters, digits, ``-`` and ``_``.
        """
        with self._service.lock:
            key = AppKey(
                _identifier("project_id", self.project_id if project_id is None else project_id, self._values),
                _identifier("instance_id", self.instance_id if instance_id is None else instance_id, self._values),
                _identifier("app_id", app_id, self._values),
            )
            self._service.store.add_app(key)
        return key.app_id

    def apps(self) -> dict[AppKey, int]:
        """Give every app, as project_id, instance_id and app_id, with the number of its AppCodes."""
        with self._service.lock:
            return self._service.store.counts()

    def add_token(self, token: str, *, forbidden: bool = False) -> None:
        """Make a token known.

        Args:
            token: The value of X-Auth-Token. One that is known already changes its permission.
            forbidden: Whether requests with it are answered with 403 instead of being carried out.

        Raises:
            ValueError: The token is empty, or has characters that no header carries.
        """
        __tracebackhide__ = True  # pytest shows the arguments of the innermost function, the token among them
        if not token or not token.isascii() or not token.isprintable() or token != token.strip():
            msg = "a token must be at least one printable ASCII character, without blanks at its ends"
            raise ValueError(msg)
        with self._service.lock:
            self._service.tokens[token] = "forbidden" if forbidden else "valid"

    def add_access_key(self, access_key: str, secret_key: str) -> None:
        """Make an access key known; requests signed with it count under ``Behavior(signed_requests="accepted")``.

        Args:
            access_key: Its public half, as in ``Access=`` of the header Authorization.
            secret_key: Its secret half. A credential.

        Raises:
            ValueError: A half is empty or not printable ASCII, or the access key has a comma or a blank.
        """
        printable = all(half and half.isascii() and half.isprintable() for half in (access_key, secret_key))
        if not printable or re.search(r"[,\s]", access_key):
            msg = "an access key is two texts of printable ASCII characters; the first has no comma and no blank"
            raise ValueError(msg)
        with self._service.lock:
            self._service.secret_keys[access_key] = secret_key

    def seed(
        self,
        n: int,
        app_id: str | None = None,
        *,
        project_id: str | None = None,
        instance_id: str | None = None,
    ) -> list[AppCodeRecord]:
        """Generate AppCodes without a request.

        Args:
            n: How many, at least 0.
            app_id: The app; the first when left out.
            project_id: Its project; the first when left out.
            instance_id: Its instance; the first when left out.

        Returns:
            The new records, oldest first.

        Raises:
            ValueError: n is negative.
            LookupError: There is no such app.
        """
        if not isinstance(n, int) or n < 0:
            msg = f"seed({n!r}): the number of AppCodes must be a whole number, at least 0"
            raise ValueError(msg)
        with self._service.lock:
            key = self._existing(app_id, project_id, instance_id)
            return [self._service.store.generate(key, self.behavior) for _ in range(n)]

    def app_codes(
        self,
        app_id: str | None = None,
        *,
        project_id: str | None = None,
        instance_id: str | None = None,
    ) -> Sequence[AppCodeRecord]:
        """Give an app's AppCodes in the order in which they are listed.

        Args:
            app_id: The app; the first when left out.
            project_id: Its project; the first when left out.
            instance_id: Its instance; the first when left out.

        Returns:
            The records as they are now.

        Raises:
            LookupError: There is no such app.
        """
        with self._service.lock:
            key = self._existing(app_id, project_id, instance_id)
            return tuple(self._service.store.records(key, self.behavior))

    def fail(  # noqa: PLR0913 - keywords, each of them optional
        self,
        operation: Literal["generate", "list"] | None = None,
        *,
        status: int | None = None,
        fault: FaultName | None = None,
        times: int | None = 1,
        every: int = 1,
        probability: float = 1.0,
        seconds: float = 1.0,
        retry_after: int | None = None,
        location: str = DEFAULT_LOCATION,
    ) -> None:
        """Misbehave on the next calls, whatever they ask.

        A status is answered in place of carrying the request out: the documented errors as the pages show them, and
        429, 502, 503 and 504 with a body in HTML, as gateways answer. A fault is one of these:

        - ``empty_body``, ``truncated_json``, ``wrong_content_type``, ``wrong_charset``: the request is carried out, the
          body is spoilt.
        - ``slow_start``, ``dribble``: carried out, and the answer begins late or comes in small parts.
        - ``close_in_headers``, ``close_after_headers``: carried out, and the connection ends there.
        - ``lost_response``: carried out, and the connection ends before the answer; a generate has made its AppCode.
        - ``close_before_headers``, ``reset``, ``hang``: not carried out, and no answer comes.
        - ``redirect``: not carried out; a 307 leads to ``location``.

        In process the requests library sees an answer that never comes as its ``ConnectionError`` or ``ReadTimeout``;
        slow answers need ``appcode_server``.

        Args:
            operation: Calls of which operation; both when left out.
            status: 400, 401, 403, 404, 500, 429, 502, 503 or 504; or else ``fault``.
            fault: What happens in place of an answer with another status.
            times: How many calls, at least 1; None is all until ``clear_faults``.
            every: Only every so many calls, at least 1.
            probability: How likely each of these calls is met, above 0, at most 1. With a seed the same ones are met.
            seconds: How long ``slow_start`` waits, and how long ``dribble`` takes in all.
            retry_after: The seconds of a header Retry-After; 0 with a 429, no header otherwise, when left out.
            location: Scheme, host and port that a redirect leads to.

        Raises:
            ValueError: An argument outside these; the message says what would be right.
        """
        planned = Fault(
            operation=operation,
            status=status,
            name=fault,
            times=times,
            every=every,
            probability=probability,
            seconds=seconds,
            retry_after=retry_after,
            location=location,
        )
        with self._service.lock:
            self._service.faults.add(planned)

    def clear_faults(self) -> None:
        """Behave again: forget what ``fail`` was told and has not happened yet."""
        with self._service.lock:
            self._service.faults.clear()

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """What was asked and answered, oldest first: the newest 10,000, and no more than 64 MiB of them."""
        with self._service.lock:
            return tuple(self._exchanges)

    @property
    def dropped_exchanges(self) -> int:
        """How many exchanges had to go to make room for newer ones; nothing judges those."""
        with self._service.lock:
            return self._exchanges.dropped

    def recorded(self) -> tuple[tuple[Exchange, ...], int]:
        """Give ``exchanges`` and ``dropped_exchanges`` of one moment, while others go on asking."""
        with self._service.lock:
            return tuple(self._exchanges), self._exchanges.dropped

    def assert_called(  # noqa: PLR0913 - keywords, each of them optional
        self,
        operation: Literal["generate", "list"],
        *,
        times: int | None = None,
        app_id: str | None = None,
        query: Mapping[str, object] | None = None,
        token: str | None = None,
        status: int | None = None,
    ) -> None:
        """Expect calls; what is left out is not looked at.

        Args:
            operation: Which operation.
            times: How often, 0 is never; at least once when left out.
            app_id: The app in the path.
            query: Every query parameter, as ``{"limit": 4}``; ``{}`` is none at all.
            token: The value of X-Auth-Token.
            status: The status answered.

        Raises:
            AssertionError: There were more or fewer; the message shows those, or the nearest call and what differs.
            ValueError: An argument that cannot be; the message says what would be right.
        """
        __tracebackhide__ = True  # pytest shows the arguments of the innermost function, the token among them
        wanted = Call(operation=operation, app_id=app_id, query=query, token=token, status=status)
        wrong = count_mismatch(wanted, self.exchanges, times)
        if wrong is not None:
            raise AssertionError(Redactor(self.tokens())(wrong))

    @property
    def violations(self) -> tuple[Violation, ...]:
        """How the requests broke the contract, in their order; judged when asked for."""
        return judge_client(self.exchanges, Redactor(self.tokens()))

    def secrets(self) -> set[str]:
        """Give every credential that the fake knows or was sent, for those who must hide them.

        Returns:
            Tokens and AppCodes.
        """
        with self._service.lock:
            return self.tokens() | set(self._service.store.all_app_codes())

    def tokens(self) -> set[str]:
        """Give every token and secret key that the fake knows or was sent, for those who must hide them.

        Returns:
            Values of X-Auth-Token and of other headers that carry credentials, and secret keys.
        """
        with self._service.lock:
            sent = {value for exchange in self._exchanges for value in credentials_in(exchange.request.headers)}
            return sent | self._service.tokens.keys() | set(self._service.secret_keys.values())

    def snapshot(self) -> Snapshot:
        """Remember apps, AppCodes, tokens, access keys, faults, behavior and exchanges, and with a seed its values.

        Returns:
            What ``restore`` takes, as often as wanted. It holds credentials and shows none.
        """
        with self._service.lock:
            return Snapshot(self, self._service.save(), tuple(self._exchanges), self._exchanges.dropped)

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a snapshot.

        Args:
            snapshot: What ``snapshot`` of this fake gave.

        Raises:
            ValueError: It is another fake's.
        """
        if snapshot.fake is not self:
            msg = "the snapshot is of another fake; restore() takes one that snapshot() of this fake gave"
            raise ValueError(msg)
        with self._service.lock:
            self._service.load(snapshot.state)
            self._exchanges.load(snapshot.exchanges, snapshot.dropped)

    def begin_here(self) -> None:
        """Make this moment the beginning that ``reset`` goes back to."""
        self._beginning = self.snapshot()

    def reset(self) -> None:
        """Go back to the beginning: the first app without AppCodes, the first token, no exchanges, no faults.

        With a seed the same values come again. ``begin_here`` makes another moment the beginning.
        """
        self.restore(self._beginning)

    def _key(self, app_id: str | None, project_id: str | None, instance_id: str | None) -> AppKey:
        return AppKey(
            self.project_id if project_id is None else project_id,
            self.instance_id if instance_id is None else instance_id,
            self.app_id if app_id is None else app_id,
        )

    def _existing(self, app_id: str | None, project_id: str | None, instance_id: str | None) -> AppKey:
        key = self._key(app_id, project_id, instance_id)
        if key not in self._service.store:
            msg = f"no app {key.app_id} in project {key.project_id}, instance {key.instance_id}; add_app() makes one"
            raise LookupError(msg)
        return key


def _identifier(name: str, given: str | None, values: ValueSource) -> str:
    if given is None:
        return values.identifier()
    if not well_formed(given):
        msg = f"{name} is {given!r}; it must be 1 to 64 letters, digits, - and _"
        raise ValueError(msg)
    return given


def _base_url(given: str) -> str:
    url = given.removesuffix("/")
    port = _BASE_URL.fullmatch(url)
    if port is None or not int(port[1] or 1) <= _LAST_PORT:
        msg = f"base_url is {redact_url(given)!r}; it must be scheme, host and port, as in {DEFAULT_BASE_URL}"
        raise ValueError(msg)
    return url


@contextmanager
def fake_app_codes(**options: Unpack[FakeOptions]) -> Iterator[FakeAppCodes]:
    """Answer the requests library in this process, as a context manager.

    Args:
        **options: The arguments of ``FakeAppCodes``.

    Yields:
        The fake. Requests to any other host meanwhile go to another fake, or to ``responses``, where one was active
        before, and raise ``requests.ConnectionError`` otherwise.

    Raises:
        ValueError: An argument that ``FakeAppCodes`` refuses.
    """
    from appcode_contract.transports.in_process import (  # noqa: PLC0415 - responses is imported when needed only
        answer_requests,
    )

    fake = FakeAppCodes(**options)
    with answer_requests(fake, fake.base_url):
        yield fake
