"""What conformance tests hold in their hands: it knows the app's list, and says what holds and what does not."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, NoReturn

import pytest

from appcode_contract.clauses import BY_ID
from appcode_contract.conformance.listing import Listing, Page, page_of, positions, window
from appcode_contract.conformance.outcomes import NotExercised, Violated, describe_answer
from appcode_contract.conformance.sender import RATE_LIMITED, Sender
from appcode_contract.messages import Violation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from appcode_contract.conformance.target import Target
    from appcode_contract.messages import Exchange

_CONCURRENT: Final = 4
_RESERVED_FROM: Final = 3
_THRESHOLDS: Final = (21, 501)
_PAGES: Final = 12
_STEADY_ATTEMPTS: Final = 3
_MOMENT: Final = 1.0


class Probe(Sender):
    """A run: its way to the server, the app's list, and what tests have to say.

    Args:
        target: The server, and what may be done to it.

    Attributes:
        clause: The clause that the running test judges.
        evidence: What tests saw, by clause.
        behaviors: What the server chose where the pages are silent.
        before: The app's list before anything was generated.
        concurrent: The exchanges of the requests to generate that were sent at the same time.
        valid_generates: The exchanges of every request to generate that should succeed.
    """

    def __init__(self, target: Target) -> None:
        """Begin; nothing is sent yet."""
        super().__init__(target)
        self.clause = ""
        self.evidence: dict[str, str] = {}
        self.behaviors: dict[str, str] = {}
        self.before: Listing | None = None
        self.concurrent: tuple[Exchange, ...] = ()
        self.valid_generates: list[Exchange] = []
        self._listing: Listing | None = None

    # ---- the app's list

    def begin(self) -> None:
        """Read the app's list, generate what the budget allows, and read it again."""
        self.before = self.walk()
        reserved = 1 if self.generates_left >= _RESERVED_FROM else 0
        count = min(_CONCURRENT, self.generates_left - reserved)
        if count > 0:
            self.spend(count)
            with ThreadPoolExecutor(count) as pool:
                futures = [pool.submit(self.send_generate) for _ in range(count)]
            self.concurrent += tuple(future.result() for future in futures)
            self.valid_generates += self.concurrent
        self._top_up(reserved=3 * reserved)
        self._listing = self.walk()

    def _top_up(self, reserved: int) -> None:
        have = (len(self.before.keys) if self.before else 0) + len(self.generated)
        reachable = [goal for goal in _THRESHOLDS if have < goal <= have + self.generates_left - reserved]
        for _ in range(max(reachable, default=have) - have):
            exchange = self.generate()
            self.valid_generates.append(exchange)
            if exchange.response is None or exchange.response.status != 201:  # noqa: PLR2004 - the documented status
                break

    def walk(self) -> Listing | None:
        """Read the app's list from its beginning, in the largest pages that the server gives.

        Returns:
            The list, as far as twelve pages reach; None when no page could be read. When its total changes while it is
            read, it is read again, three times at most.
        """
        listing = None
        for _ in range(_STEADY_ATTEMPTS):
            listing = self._walk_once()
            if listing is None or len(set(listing.totals)) <= 1:
                break
        return listing

    def _walk_once(self) -> Listing | None:
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
        # A list whose total changed while it was read may have grown behind what was read.
        complete = (not page.keys or len(keys) >= (page.total or 0)) and len(set(totals)) == 1
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
        if before is None or self._listing is None or before.complete != self._listing.complete:
            return True
        return set(before.keys) != set(self._listing.keys)

    def quiet(self) -> bool:
        """Wait a moment without a request, and read the app's list again.

        Returns:
            Whether nothing changed meanwhile, so that what changed before was not somebody else's steady work.
        """
        time.sleep(_MOMENT)
        return not self.refresh()

    def each_time(self, changes: Callable[[], int]) -> int:
        """Try something that should change nothing; others may change the list once, at any moment.

        Args:
            changes: Does it, and gives how many AppCodes more there are then.

        Returns:
            The last change, when there was one each of three times; otherwise 0.
        """
        change = 0
        for _ in range(_STEADY_ATTEMPTS):
            change = changes()
            if not change:
                break
        return change

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
            self.unless_slowed_down(exchange)
            self.violated("200 with a page", describe_answer(exchange), exchange)
        return page

    def steadily(self, probe: Callable[[], Violation | None]) -> None:
        """Try a probe, again if others change the app's list meanwhile.

        Args:
            probe: Gives a violation, or None when all is well.

        Raises:
            Violated: The violation stands while the list does.
            NotExercised: The list changed each time.
        """
        for _ in range(_STEADY_ATTEMPTS):
            violation = probe()
            if violation is None:
                return
            if not self.refresh():
                raise Violated(violation)
        self.not_exercised("the app's list changes all the time")

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
            if known.complete and page.total not in {len(known.keys), None}:
                told = f"total {len(known.keys)}, as many as are listed"
                statement = BY_ID["list/total"].statement
                return Violation("list/total", f"{told} ({statement})", f"total {page.total}", page.exchange)
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
        self.unless_slowed_down(exchange)
        if exchange.response is None or exchange.response.status != expected:
            self.violated(f"status {expected}", describe_answer(exchange), exchange)

    def unless_slowed_down(self, exchange: Exchange) -> None:
        """End the running test when the server asked to slow down, for longer than the run waits."""
        if exchange.response is not None and exchange.response.status == RATE_LIMITED:
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
