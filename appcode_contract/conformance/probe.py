"""What conformance tests hold in their hands: a run that knows the app's list, and makes it long enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from appcode_contract.conformance import diagnosis
from appcode_contract.conformance.judge import Judge, violation_of
from appcode_contract.conformance.listing import Listing, Page, gone_since, page_of, positions, window
from appcode_contract.conformance.outcomes import NotExercised, describe_answer, status_of
from appcode_contract.conformance.reading import read_list
from appcode_contract.conformance.refusals import excuse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from appcode_contract.conformance.diagnosis import Parameter
    from appcode_contract.conformance.sender import Send
    from appcode_contract.conformance.target import Target
    from appcode_contract.messages import Exchange, Violation

_CONCURRENT: Final = 4
_RESERVED_FROM: Final = 3
_STEADY_ATTEMPTS: Final = 3
_MOMENT: Final = 1.0
_FEW: Final = 50
"""So many AppCodes that stay may be worth a test; more are better made otherwise."""


class Probe(Judge):
    """A run: its way to the server, the app's list, and what tests have to say.

    Args:
        target: The server, and what may be done to it.
        send: Brings a request to it and the answer back; over the network when left out.

    Attributes:
        may_generate: Whether the running test may generate, within the budget.
        before: The app's list before anything was generated.
        plain: The first query, without any parameter.
        foreign: How often the list was found to have grown by what somebody else made.
        concurrent: The exchanges of the requests to generate that were sent at the same time.
        valid_generates: The exchanges of every request to generate that should succeed.
    """

    def __init__(self, target: Target, send: Send | None = None) -> None:
        """Begin; nothing is sent yet."""
        super().__init__(target, send)
        self.may_generate = True
        self.before: Listing | None = None
        self.concurrent: tuple[Exchange, ...] = ()
        self.valid_generates: list[Exchange] = []
        self._listing: Listing | None = None
        self._stale = False
        self._began_generating = False
        self._worked: set[Parameter] = set()
        self.plain: Exchange | None = None
        self.foreign = 0
        self._first = 0
        self._seen = 0
        self._vanishings = 0

    def begin(self) -> None:
        """Read the app's list, twice, since no reading may change it."""
        self._listing = read_list(self.query)
        self.refresh()
        self.before = self._listing
        self._first = len(self.generated)
        first = page_of(self.plain) if self.plain is not None else None
        if first is not None and self._listing is not None and self._listing.complete:
            gone = len(set(first.keys) - set(self._listing.keys))
            if gone and first.total == len(first.keys):
                self._vanished(gone, len(first.keys))

    @property
    def answered(self) -> int:
        """How many requests to generate succeeded since the list was read as ``before``."""
        return len(self.generated) - self._first

    def begin_generating(self) -> None:
        """Generate some AppCodes at the same time, as the budget allows, and read the list again; only once."""
        if self._began_generating:
            return
        self._began_generating = True
        reserved = 1 if self.generates_left >= _RESERVED_FROM else 0
        count = min(_CONCURRENT, self.generates_left - reserved)
        if count <= 0 or self.ended:
            return
        rate = self.target.rate
        together = count if rate is None or rate >= count else 0
        try:
            if together > 1:
                self._keep(self.generate_together(together))
                self.concurrent = tuple(self.valid_generates)
            else:
                self._generate_some(count)
        except NotExercised as error:
            self.ended = self.ended or str(error)
            raise
        self._read_again()

    def _spend(self, count: int) -> None:
        super()._spend(count)
        self._stale = True

    def _read_again(self) -> None:
        self._listing, self._stale = read_list(self.query), False

    def _keep(self, exchanges: tuple[Exchange, ...]) -> None:
        self.valid_generates += exchanges
        self.ended = self.ended or next(filter(None, map(self.excused, exchanges)), "")
        if "quota" in self.ended:
            self.observe("quota", "reached")

    def excused(self, exchange: Exchange) -> str:
        """Say why a valid request to generate was refused, if the pages leave room for it; otherwise nothing."""
        if self.over and status_of(exchange) == 401:  # noqa: PLR2004 - the documented status
            return self.over
        known = bool(self.before and self.before.keys) or bool(self.generated)
        return excuse(exchange, has_app_codes=known, has_generated=bool(self.generated))

    def _generate_some(self, count: int) -> None:
        for _ in range(count):
            exchange = self.generate()
            self._keep((exchange,))
            if exchange not in self.generated:
                break

    @property
    def listing(self) -> Listing:
        """The app's list as last read; it is read again when something was generated meanwhile.

        Raises:
            NotExercised: It cannot be read.
        """
        if self._stale:
            self._read_again()
        if self._listing is None:
            self.not_exercised("the app's list could not be read")
        return self._listing

    def need(self, count: int) -> Listing:
        """Give the app's list when it is long enough, or can be made so within the budget.

        Args:
            count: How many AppCodes a test needs.

        Returns:
            The list.

        Raises:
            NotExercised: There are fewer.
        """
        lacking = self.lacks(count)
        if lacking:
            self.not_exercised(lacking)
        return self.listing

    def lacks(self, count: int) -> str:
        """Make the app's list long enough, if the budget allows, for tests that say something of a short one, too.

        Args:
            count: How many AppCodes a test needs.

        Returns:
            Why the list is too short; empty when it is long enough.
        """
        missing = count - len(self.listing.keys)
        if 0 < missing <= self.generates_left and self.may_generate and not self.ended:
            self._generate_some(missing)
            self.refresh()
            missing = count - len(self.listing.keys)
        if missing <= 0:
            return ""
        suffice = self.target.generates - self.generates_left + missing
        possible = not self.target.read_only and not self.ended and suffice <= _FEW
        hint = f"; --max-generate {suffice} would do" if possible else ""
        return f"needs {count} AppCodes, the app has {len(self.listing.keys)}{hint}"

    def refresh(self) -> bool:
        """Read the app's list again.

        Returns:
            Whether other AppCodes are listed than before: somebody else is at work, or the server is unsteady. What was
            there and is no more is told: nobody can delete an AppCode.
        """
        before = self._listing
        self._read_again()
        answered, self._seen = len(self.generated) - self._seen, len(self.generated)
        if before is None or self._listing is None or before.complete != self._listing.complete:
            return True
        changed = set(before.keys) != set(self._listing.keys)
        self.foreign += not answered and len(self._listing.keys) > len(before.keys)
        gone = len(gone_since(before, self._listing))
        if gone and not self.clause.startswith("error/no-effect") and not self.told("error/no-effect"):
            self._vanished(gone, len(before.keys))
        return changed

    def _vanished(self, gone: int, number: int) -> None:
        """Blame the server for AppCodes that are gone, all at once or again; an operator may delete some once."""
        self._vanishings += 1
        before, self._listing = self.listing, read_list(self.query)
        again = self._listing is not None and bool(gone_since(before, self._listing))
        if gone == number or again or self._vanishings > 1:
            told = f"{gone} of {number} AppCodes are gone, or changed, and only queries were sent"
            self.blame("list/read-only", "the same list after queries", told, self.listing.exchange)

    def quiet(self) -> bool:
        """Wait a moment without a request, and read the app's list again.

        Returns:
            Whether nothing changed meanwhile, so that what changed before was not somebody else's steady work.
        """
        self.pace.rest(_MOMENT)
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
