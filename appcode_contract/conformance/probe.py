"""What conformance tests hold in their hands: it sends, keeps count, judges passively, and knows the app's list."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, NoReturn
from urllib.parse import quote

import pytest

from appcode_contract.checks import judge_response
from appcode_contract.clauses import BY_ID
from appcode_contract.conformance.listing import Listing, Page, page_of, positions, window
from appcode_contract.conformance.wire import send
from appcode_contract.messages import Request, Violation
from appcode_contract.redaction import redact_text, secrets_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from appcode_contract.conformance.target import Target
    from appcode_contract.messages import Exchange

_CONCURRENT: Final = 4
_RESERVED_FROM: Final = 3
_THRESHOLDS: Final = (21, 501)
_PAGES: Final = 12
_STEADY_ATTEMPTS: Final = 3
_RATE_LIMITED: Final = 429
_PATIENCE: Final = 30.0
_SHORTEST_WAIT: Final = 0.1


class Violated(AssertionError):  # noqa: N818 - a verdict on the server, not an error of the program
    """A clause that does not hold; carries the violation."""

    def __init__(self, violation: Violation) -> None:
        """Keep the violation."""
        super().__init__(f"{violation.clause}: expected {violation.expected}; actual {violation.actual}")
        self.violation = violation


class NotExercised(pytest.skip.Exception):  # type: ignore[misc,name-defined] # pytest makes it at run time
    """A clause that this run could not try; the message says what it needs."""


class Probe:
    """A run's one way to the server.

    Args:
        target: The server, and what may be done to it.

    Attributes:
        target: The server.
        clause: The clause that the running test judges.
        exchanges: Everything sent, in order.
        violations: What the passive checks found.
        judged: How many exchanges the passive checks judged, by clause.
        evidence: What tests saw, by clause.
        behaviors: What the server chose where the pages are silent.
        generated: The answered requests to generate that succeeded.
        random: Made-up ids and tokens come from here.
    """

    def __init__(self, target: Target) -> None:
        """Begin; nothing is sent yet."""
        self.target = target
        self.clause = ""
        self.exchanges: list[Exchange] = []
        self.violations: list[Violation] = []
        self.judged: Counter[str] = Counter()
        self.evidence: dict[str, str] = {}
        self.behaviors: dict[str, str] = {}
        self.generated: list[Exchange] = []
        self.random = random.Random(target.seed)  # noqa: S311 - repeatable on purpose; nothing here is a credential
        self.before: Listing | None = None
        self.concurrent: tuple[Exchange, ...] = ()
        self._listing: Listing | None = None
        self._generates_left = target.generates
        self._patience = _PATIENCE
        self._lock = threading.Lock()

    # ---- sending

    def query(
        self,
        query: Mapping[str, str] | None = None,
        *,
        app_id: str | None = None,
        token: str | None = "",
        header: str = "X-Auth-Token",
    ) -> Exchange:
        """Send one request to list.

        Args:
            query: Parameters as they are to stand on the wire, not yet percent-encoded.
            app_id: An app; the target's own when left out.
            token: The token; the target's own when empty, no header at all when None.
            header: How the header's name is written.

        Returns:
            The exchange. A 429 with Retry-After is waited for, within the run's patience.
        """
        url = self.target.app_url(app_id)
        if query:
            url += "?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
        request = Request("GET", url, self._headers(token, header))
        exchange = self._send(request)
        while (wait := _retry_after(exchange)) is not None and wait <= self._patience:
            self._patience -= max(wait, _SHORTEST_WAIT)
            time.sleep(wait)
            exchange = self._send(request)
        return exchange

    def generate(self, *, app_id: str | None = None, token: str | None = "") -> Exchange:
        """Send one request to generate; never repeated, counted before it is sent.

        Args:
            app_id: An app; the target's own when left out.
            token: The token; the target's own when empty, no header at all when None.

        Returns:
            The exchange.

        Raises:
            NotExercised: No more may be sent.
        """
        self.spend(1)
        return self._generate(app_id, token)

    def spend(self, count: int) -> None:
        """Take requests to generate out of the budget.

        Args:
            count: How many.

        Raises:
            NotExercised: So many are not left.
        """
        with self._lock:
            if self.target.read_only:
                self.skip("--read-only sends no request to generate")
            if self._generates_left < count:
                self.not_exercised(f"--max-generate {self.target.max_generate} leaves no request to generate for this")
            self._generates_left -= count

    def _generate(self, app_id: str | None = None, token: str | None = "") -> Exchange:
        exchange = self._send(Request("PUT", self.target.app_url(app_id), self._headers(token)))
        if exchange.response is not None and 200 <= exchange.response.status < 300:  # noqa: PLR2004 - success
            with self._lock:
                self.generated.append(exchange)
        return exchange

    def _headers(self, token: str | None, name: str = "X-Auth-Token") -> tuple[tuple[str, str], ...]:
        fixed = (("Accept", "application/json"), ("Accept-Encoding", "gzip"), ("User-Agent", "appcode-contract"))
        return fixed if token is None else (*fixed, (name, token or self.target.token))

    def _send(self, request: Request) -> Exchange:
        exchange = send(request, self.target.timeout)
        judgement = judge_response(exchange, self.target.base_path)
        with self._lock:
            self.exchanges.append(exchange)
            self.violations.extend(judgement.violations)
            self.judged.update(judgement.judged)
        return exchange

    # ---- the app's list

    def begin(self) -> None:
        """Read the app's list, generate what the budget allows, and read it again."""
        self.before = self.walk()
        reserved = 1 if self.target.generates >= _RESERVED_FROM else 0
        count = min(_CONCURRENT, self.target.generates - reserved)
        if count > 0:
            self.spend(count)
            with ThreadPoolExecutor(count) as pool:
                futures = [pool.submit(self._generate) for _ in range(count)]
            self.concurrent = tuple(future.result() for future in futures)
        self._top_up(reserved=3 * reserved)
        self._listing = self.walk()

    def _top_up(self, reserved: int) -> None:
        have = (len(self.before.keys) if self.before else 0) + len(self.generated)
        reachable = [goal for goal in _THRESHOLDS if have < goal <= have + self._generates_left - reserved]
        for _ in range(max(reachable, default=have) - have):
            exchange = self.generate()
            if exchange.response is None or exchange.response.status != 201:  # noqa: PLR2004 - the documented status
                break

    def walk(self) -> Listing | None:
        """Read the app's list from its beginning, in the largest pages that the server gives.

        Returns:
            The list, as far as twelve pages reach; None when no page could be read.
        """
        query: dict[str, str] = {}
        for limit in ("500", "100", ""):
            query = {"limit": limit} if limit else {}
            first = page_of(self.query(query))
            if first is not None:
                return self._walk_on(query, first)
        return None

    def _walk_on(self, query: dict[str, str], page: Page) -> Listing:
        keys, items, totals = list(page.keys), list(page.items), [page.total]
        for _ in range(_PAGES):
            if not page.keys or len(keys) >= (page.total or 0):
                break
            following = page_of(self.query({**query, "offset": str(len(keys))}))
            if following is None:
                break
            page = following
            keys += page.keys
            items += page.items
            totals.append(page.total)
        complete = not page.keys or len(keys) >= (page.total or 0)
        return Listing(tuple(keys), tuple(items), tuple(totals), complete, page.exchange)

    @property
    def listing(self) -> Listing:
        """The app's list as last read.

        Raises:
            NotExercised: It cannot be read.
        """
        if self._listing is None:
            self.not_exercised("the app's list could not be read")
        return self._listing

    def need(self, count: int) -> Listing:
        """Give the app's list when it is long enough.

        Args:
            count: How many AppCodes a test needs.

        Returns:
            The list.

        Raises:
            NotExercised: There are fewer.
        """
        if len(self.listing.keys) < count:
            self.not_exercised(f"needs {count} AppCodes, the app has {len(self.listing.keys)}")
        return self.listing

    def refresh(self) -> bool:
        """Read the app's list again.

        Returns:
            Whether other AppCodes are listed than before: somebody else is at work, or the server is unsteady.
        """
        before, self._listing = self._listing, self.walk()
        return set(before.keys if before else ()) != set(self._listing.keys if self._listing else ())

    def page(self, query: Mapping[str, str] | None = None) -> Page:
        """Ask for a page that must be answered.

        Args:
            query: Parameters as they are to stand on the wire.

        Returns:
            The page.

        Raises:
            Violated: The answer is no page.
        """
        exchange = self.query(query)
        page = page_of(exchange)
        if page is None:
            self._unless_slowed_down(exchange)
            self.violated("200 with a page", describe_answer(exchange), exchange)
        return page

    def steadily(self, probe: Callable[[], Violation | None]) -> None:
        """Try a probe, again if others change the app's list meanwhile.

        Args:
            probe: Gives a violation, or None when all is well.

        Raises:
            Violated: The violation stands while the list does.
        """
        violation = probe()
        for _ in range(_STEADY_ATTEMPTS - 1):
            if violation is None or not self.refresh():
                break
            violation = probe()
        if violation is not None:
            raise Violated(violation)

    def window(self, query: Mapping[str, str], start: int, size: int) -> None:
        """Expect a part of the app's list, no more and no less.

        Args:
            query: Parameters as they are to stand on the wire.
            start: The first position expected.
            size: How many items at most, fewer only where the list ends.

        Raises:
            Violated: The page holds anything else.
        """

        def probe() -> Violation | None:
            page, known = self.page(query), self.listing
            # Of a list longer than was read, only the part that was read is known.
            end = min(start + size, len(known.keys))
            keys = page.keys if known.complete or start + size <= len(known.keys) else page.keys[: max(end - start, 0)]
            if keys == known.keys[start:end]:
                return None
            return self.violation(window(start, end), positions(page.keys, known.keys), page.exchange)

        self.steadily(probe)

    # ---- saying

    def violation(self, expected: str, actual: str, exchange: Exchange | None) -> Violation:
        """Make a violation of the running test's clause."""
        return Violation(self.clause, f"{expected} ({BY_ID[self.clause].statement})", actual, exchange)

    def violated(self, expected: str, actual: str, exchange: Exchange | None) -> NoReturn:
        """Fail the running test."""
        raise Violated(self.violation(expected, actual, exchange))

    def status(self, expected: int, exchange: Exchange) -> None:
        """Expect a status.

        Args:
            expected: The status.
            exchange: The exchange.

        Raises:
            Violated: It is another.
            NotExercised: The server asked to slow down, for longer than the run waits.
        """
        self._unless_slowed_down(exchange)
        if exchange.response is None or exchange.response.status != expected:
            self.violated(f"status {expected}", describe_answer(exchange), exchange)

    def _unless_slowed_down(self, exchange: Exchange) -> None:
        if exchange.response is not None and exchange.response.status == _RATE_LIMITED:
            self.not_exercised("the server answered 429 (too many requests)")

    def saw(self, text: str) -> None:
        """Keep what a test saw as evidence for its clause."""
        self.evidence[self.clause] = text

    def observe(self, behavior: str, choice: str) -> None:
        """Keep what the server chose where the pages are silent."""
        seen = self.behaviors.get(behavior, choice)
        self.behaviors[behavior] = seen if choice in seen.split(" and ") else f"{seen} and {choice}"

    def not_exercised(self, reason: str) -> NoReturn:
        """End the running test: it could not be tried."""
        raise NotExercised(reason)

    def skip(self, reason: str) -> NoReturn:
        """End the running test: the caller did not want it."""
        pytest.skip(reason)

    def secrets(self) -> set[str]:
        """Give every credential used or seen."""
        tokens = {self.target.token, self.target.forbidden_token or ""}
        bodies = (exchange.response.body for exchange in self.exchanges if exchange.response is not None)
        found = (secrets_in(body.decode("utf-8", "replace")) for body in bodies)
        return tokens.union(*found)


def describe_answer(exchange: Exchange) -> str:
    """Say what was answered.

    Args:
        exchange: The exchange.

    Returns:
        Its status and the begin of an error's body, without credentials; or why there was no answer.
    """
    response = exchange.response
    if response is None:
        return exchange.problem
    if response.status < 400:  # noqa: PLR2004 - success and redirection
        return f"status {response.status}, {len(response.body)} bytes"
    return f"status {response.status}, {redact_text(response.body[:120].decode('utf-8', 'replace'))}"


def _retry_after(exchange: Exchange) -> float | None:
    """Give the seconds to wait before asking again, or None when there is nothing to wait for."""
    response = exchange.response
    if response is None or response.status != _RATE_LIMITED:
        return None
    text = response.header("Retry-After") or "1"
    return float(text) if text.isascii() and text.isdigit() else 1.0
