"""What conformance tests hold in their hands: it knows the app's list, and says what holds and what does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

import pytest

from appcode_contract.clauses import BY_ID
from appcode_contract.conformance import diagnosis
from appcode_contract.conformance.listing import Listing, Page, gone_since, page_of, positions, window
from appcode_contract.conformance.outcomes import NotExercised, Violated, describe_answer, status_of
from appcode_contract.conformance.pace import wait_asked_for
from appcode_contract.conformance.reading import read_list
from appcode_contract.conformance.refusals import excuse
from appcode_contract.conformance.sender import Sender
from appcode_contract.messages import Violation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from appcode_contract.conformance.diagnosis import Parameter
    from appcode_contract.conformance.sender import Send
    from appcode_contract.conformance.target import Target
    from appcode_contract.messages import Exchange

_CONCURRENT: Final = 4
_RESERVED_FROM: Final = 3
_STEADY_ATTEMPTS: Final = 3
_MOMENT: Final = 1.0


class Probe(Sender):
    """A run: its way to the server, the app's list, and what tests have to say.

    Args:
        target: The server, and what may be done to it.
        send: Brings a request to it and the answer back; over the network when left out.

    Attributes:
        clause: The clause that the running test judges.
        may_generate: Whether the running test may generate, within the budget.
        tried: The clauses of tests that send something.
        evidence: What tests saw, by clause.
        behaviors: What the server chose where the pages are silent.
        before: The app's list before anything was generated.
        plain: The first query, without any parameter.
        concurrent: The exchanges of the requests to generate that were sent at the same time.
        valid_generates: The exchanges of every request to generate that should succeed.
    """

    def __init__(self, target: Target, send: Send | None = None) -> None:
        """Begin; nothing is sent yet."""
        super().__init__(target, send)
        self.clause = ""
        self.may_generate = True
        self.tried: set[str] = set()
        self.evidence: dict[str, str] = {}
        self.behaviors: dict[str, str] = {}
        self.before: Listing | None = None
        self.concurrent: tuple[Exchange, ...] = ()
        self.valid_generates: list[Exchange] = []
        self._listing: Listing | None = None
        self._began_generating = False
        self._worked: set[Parameter] = set()
        self.plain: Exchange | None = None
        self._first = 0

    # ---- the app's list

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
                told = f"{gone} of {len(first.keys)} AppCodes are gone, or changed"
                self.blame("list/read-only", "the same list after queries", told, self._listing.exchange)

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
        if together > 1:
            self._keep(self.generate_together(together))
            self.concurrent = tuple(self.valid_generates)
        else:
            self._generate_some(count)
        self._listing = read_list(self.query)

    def _keep(self, exchanges: tuple[Exchange, ...]) -> None:
        self.valid_generates += exchanges
        self.ended = self.ended or next(filter(None, map(self.excused, exchanges)), "")

    def excused(self, exchange: Exchange) -> str:
        """Say why a valid request to generate was refused, if the pages leave room for it; otherwise nothing."""
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
        """The app's list as last read.

        Raises:
            NotExercised: It cannot be read.
        """
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
        missing = count - len(self.listing.keys)
        if 0 < missing <= self.generates_left and self.may_generate and not self.ended:
            self._generate_some(missing)
            self.refresh()
            missing = count - len(self.listing.keys)
        if missing > 0:
            suffice = self.target.generates - self.generates_left + missing
            hint = "" if self.target.read_only or self.ended else f"; --max-generate {suffice} would do"
            self.not_exercised(f"needs {count} AppCodes, the app has {len(self.listing.keys)}{hint}")
        return self.listing

    def refresh(self) -> bool:
        """Read the app's list again.

        Returns:
            Whether other AppCodes are listed than before: somebody else is at work, or the server is unsteady. What was
            there and is no more is told: nobody can delete an AppCode.
        """
        before, self._listing = self._listing, read_list(self.query)
        if before is None or self._listing is None or before.complete != self._listing.complete:
            return True
        changed = set(before.keys) != set(self._listing.keys)
        gone = len(gone_since(before, self._listing))
        if gone and not self.clause.startswith("error/no-effect") and not self.told("error/no-effect"):
            told = f"{gone} of {len(before.keys)} AppCodes are gone, or changed"
            self.blame("list/read-only", "the same list after queries", told, self._listing.exchange)
        return changed

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
        already = [clause for clause in self.told_of(exchange) if clause != "status/documented"]
        if already:
            self.not_exercised(f"a query was not answered with a page, which {already[0]} tells")
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
            self._fail(violation)

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
                    self.violations.append(violation)
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
            return _violation(clause, window(start, end), positions(page.keys, known.keys), page.exchange)
        if known.complete and not self.told("list/app-codes/own") and page.total not in {len(known.keys), None}:
            told = f"total {len(known.keys)}, as many as are listed"
            return _violation("list/total", told, f"total {page.total}", page.exchange)
        return None

    # ---- saying

    def violation(self, expected: str, actual: str, exchange: Exchange | None) -> Violation:
        """Make a violation of the running test's clause.

        Args:
            expected: What the clause asks for.
            actual: What was seen instead.
            exchange: Where.

        Returns:
            The violation.

        Raises:
            NotExercised: The answer is that of a server which lists or generates nothing at all, or fails now and then.
        """
        if exchange is not None and self.clause not in {"list/status", "generate/status"}:
            self._unless_explained(exchange)
        return _violation(self.clause, expected, actual, exchange)

    def _unless_explained(self, exchange: Exchange) -> None:
        status = status_of(exchange)
        if exchange.request.method == "PUT":
            if not status and self.valid_generates and not any(map(status_of, self.valid_generates)):
                self.not_exercised("no request to generate is answered, which generate/status tells")
            return
        if self._listing is None and self.plain is not None and status == status_of(self.plain):
            self.not_exercised("every query is answered like this, which list/status tells")
        if not status or status >= 500:  # noqa: PLR2004 - a failure of the server
            again = status_of(self.repeat(exchange))
            if again != status:
                told = f"{describe_answer(exchange)}, and status {again} to the same request a moment later"
                self.blame("list/status", "the same answer each time", told, exchange)
                self.not_exercised("the server fails now and then, which list/status tells")

    def told_of(self, exchange: Exchange) -> list[str]:
        """Give the clauses that an exchange was found to break."""
        return [each.clause for each in self.violations if each.exchange is exchange]

    def unless_told(self, *clauses: str) -> None:
        """End the running test when one of some clauses was found to be broken: the list cannot be relied on."""
        told = self.told(*clauses)
        if told:
            self.not_exercised(f"the list cannot be relied on, which {told} tells")

    def told(self, *clauses: str) -> str:
        """Give the first of some clauses that was found to be broken; empty when none was."""
        found = {each.clause for each in self.violations}
        return next((clause for clause in clauses if clause in found), "")

    def violated(self, expected: str, actual: str, exchange: Exchange | None) -> NoReturn:
        """Fail the running test."""
        self._fail(self.violation(expected, actual, exchange))

    def _fail(self, violation: Violation) -> NoReturn:
        self.violations.append(violation)
        raise Violated(violation)

    def blame(self, clause: str, expected: str, actual: str, exchange: Exchange | None) -> None:
        """Tell a violation of any clause.

        Args:
            clause: The clause's id.
            expected: What it asks for.
            actual: What was seen instead.
            exchange: Where.

        Raises:
            Violated: The clause is that of the running test.
        """
        violation = _violation(clause, expected, actual, exchange)
        self.violations.append(violation)
        if clause == self.clause:
            raise Violated(violation)

    def status(self, expected: int, exchange: Exchange) -> None:
        """Expect a status.

        Args:
            expected: The status.
            exchange: The exchange.

        Raises:
            Violated: It is another.
            NotExercised: The server asked to be left alone instead.
        """
        violation = self.status_violation(expected, exchange)
        if violation is not None:
            self._fail(violation)

    def status_violation(self, expected: int, exchange: Exchange) -> Violation | None:
        """Say what is wrong with a status.

        Args:
            expected: The status.
            exchange: The exchange.

        Returns:
            The violation; None when the status is right, or when it is one that status/documented alone tells.

        Raises:
            NotExercised: The server asked to be left alone instead.
        """
        if wait_asked_for(exchange.response) is not None:
            self.not_exercised("the server answered that there are too many requests")
        status = status_of(exchange)
        # These say which status is right, the others what a refusal holds.
        names_it = expected < 300 or self.clause == "list/limit/type"  # noqa: PLR2004 - success
        told = status >= 300 and "status/documented" in self.told_of(exchange)  # noqa: PLR2004 - no success
        if status == expected or (told and not names_it):
            return None
        return self.violation(f"status {expected}", describe_answer(exchange), exchange)

    def nothing_found(self, clause: str) -> None:
        """Expect that no answer of the run broke a clause.

        Args:
            clause: The clause's id.

        Raises:
            Violated: One did.
            NotExercised: No answer could, and no test tried.
        """
        found = next((each for each in self.violations if each.clause == clause), None)
        if found is not None:
            raise Violated(found)
        if self.judged[clause] or clause in self.tried:
            return
        if self.target.read_only and clause.startswith("generate/"):
            self.skip("--read-only sends no request to generate")
        self.not_exercised("no 500 was answered" if clause == "error/500/code" else "no answer could show it")

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


def _violation(clause: str, expected: str, actual: str, exchange: Exchange | None) -> Violation:
    return Violation(clause, f"{expected} ({BY_ID[clause].statement})", actual, exchange)
