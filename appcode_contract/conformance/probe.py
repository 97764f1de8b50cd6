"""What conformance tests hold in their hands: a run that asks for pages and says which clause explains a wrong one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from appcode_contract.conformance import diagnosis
from appcode_contract.conformance.judge import violation_of
from appcode_contract.conformance.keeper import Keeper
from appcode_contract.conformance.listing import Page, page_of, positions, window
from appcode_contract.conformance.outcomes import NotExercised, describe_answer, status_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from appcode_contract.conformance.diagnosis import Parameter
    from appcode_contract.conformance.sender import Send
    from appcode_contract.conformance.target import Target
    from appcode_contract.messages import Exchange, Violation

_STEADY_ATTEMPTS: Final = 3


class Probe(Keeper):
    """A run: its way to the server, the app's list, and what tests have to say.

    Args:
        target: The server, and what may be done to it.
        send: Brings a request to it and the answer back; over the network when left out.
    """

    def __init__(self, target: Target, send: Send | None = None) -> None:
        """Begin; nothing is sent yet."""
        super().__init__(target, send)
        self._worked: set[Parameter] = set()

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
            Violated: The answer is no page, and the running test's clause is to blame.
            NotExercised: The answer is no page, and another clause is to blame, which is told.
        """
        asked = query or {}
        exchange = self.query(asked)
        page = page_of(exchange)
        if page is not None:
            self._worked.update(diagnosis.parameters(asked))
            return page
        already = [clause for clause in self.told_of(exchange) if clause.startswith(("list/", "body/"))]
        if already:
            self.not_exercised(f"a query was not answered with a page, which {already[0]} tells")
        self._unless_silent(exchange)
        clause = "list/status"
        redirected = 300 <= status_of(exchange) < 400  # noqa: PLR2004 - no refusal of a parameter
        if self._listing is not None and not redirected and self._ask(asked) is None:
            size = len(self._listing.keys)
            clause = diagnosis.of_refusal(asked, self._worked, self.clause, size, self._ask)
        self.blame(clause, "200 with a page", describe_answer(exchange), exchange)
        msg = f"a query was refused, which {clause} tells"
        raise NotExercised(msg)

    def _ask(self, query: Mapping[str, str]) -> Page | None:
        return page_of(self.query(query))

    def steadily(self, probe: Callable[[], Violation | None]) -> None:
        """Try a probe, again if others change the app's list meanwhile.

        Args:
            probe: Gives a violation, or None when all is well.

        Raises:
            Violated: The violation stands while the list does, and the running test's clause is to blame; another one
                is told.
            NotExercised: The list changed each time.
        """
        violation = self.steady(probe)
        if violation is not None and violation.clause == self.clause:
            self.fail(violation)

    def steady(self, probe: Callable[[], Violation | None]) -> Violation | None:
        """Try a probe, again if others change the app's list meanwhile.

        Args:
            probe: Gives a violation, or None when all is well.

        Returns:
            The violation that stands while the list does, which is told unless it is one of the running test's clause.

        Raises:
            NotExercised: The list changed each time.
        """
        for _ in range(_STEADY_ATTEMPTS):
            violation = probe()
            if violation is None:
                return None
            if not self.refresh():
                if violation.clause != self.clause:
                    self.tell(violation)
                return violation
        msg = "the app's list changes all the time"
        raise NotExercised(msg)

    def window(self, query: Mapping[str, str], start: int, size: int) -> None:
        """Expect a part of the app's list, no more and no less.

        Args:
            query: Parameters as they are to stand on the wire.
            start: The first position expected.
            size: How many items at most, fewer only where the list ends.

        Raises:
            Violated: The page holds anything else, and the running test's clause is to blame; another one is told.
        """
        self.steadily(lambda: self.window_violation(query, start, size))

    def window_violation(self, query: Mapping[str, str], start: int, size: int) -> Violation | None:
        """Say what is wrong with a page.

        Args:
            query: Parameters as they are to stand on the wire.
            start: The first position expected.
            size: How many items at most, fewer only where the list ends.

        Returns:
            The violation, of the clause that explains it; None when the page holds that part of the list.
        """
        page, known = self.page(query), self.listing
        # Of a list longer than was read, only the part that was read is known.
        end = min(start + size, len(known.keys))
        keys = page.keys if known.complete or start + size <= len(known.keys) else page.keys[: max(end - start, 0)]
        if keys != known.keys[start:end]:
            clause = diagnosis.of_page(query, keys, known.keys, start, self._ask)
            return violation_of(clause, window(start, end), positions(page.keys, known.keys), page.exchange)
        if known.complete and not self.told("list/app-codes/own") and page.total not in {len(known.keys), None}:
            told = f"total {len(known.keys)}, as many as are listed"
            return violation_of("list/total", told, f"total {page.total}", page.exchange)
        return None

    def unless_explained(self, exchange: Exchange) -> None:
        """End the running test when a server answers like this that lists or generates nothing, or fails at times."""
        status = status_of(exchange)
        if exchange.request.method == "PUT":
            if not status and self.valid_generates and not any(map(status_of, self.valid_generates)):
                self.not_exercised("no request to generate is answered, which generate/status tells")
            return
        if self._listing is None and self.plain is not None and status == status_of(self.plain):
            self.not_exercised("every query is answered like this, which list/status tells")
        self._unless_silent(exchange)
        no_page = status == 200 and page_of(exchange) is None  # noqa: PLR2004 - the documented status
        if not status or status >= 500 or no_page:  # noqa: PLR2004 - a failure of the server
            again = status_of(self.repeat(exchange))
            if again != status:
                told = f"{describe_answer(exchange)}, and status {again} to the same request a moment later"
                self.blame("list/status", "the same answer each time", told, exchange)
                self.not_exercised("the server fails now and then, which list/status tells")

    def _unless_silent(self, exchange: Exchange) -> None:
        """End the run when the server answers nothing any more, not even what it answered at first."""
        if status_of(exchange) or self.plain is None or not status_of(self.plain):
            return
        if not status_of(self.repeat(self.plain)):
            self.over = self.lost = "the server does not answer any more"
            sent = len(self.exchanges)
            self.blame("list/status", "an answer to every query", f"none any more, after {sent} requests", exchange)
            raise NotExercised(self.over)
