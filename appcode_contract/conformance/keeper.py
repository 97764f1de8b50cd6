"""What a run knows of the app: its list, what was generated in it, and what became of either."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from appcode_contract.conformance.judge import Judge
from appcode_contract.conformance.listing import Listing, gone_since, page_of
from appcode_contract.conformance.outcomes import NotExercised, status_of
from appcode_contract.conformance.reading import read_list
from appcode_contract.conformance.refusals import excuse

if TYPE_CHECKING:
    from appcode_contract.conformance.sender import Send
    from appcode_contract.conformance.target import Target
    from appcode_contract.messages import Exchange

_CONCURRENT: Final = 4
_RESERVED_FROM: Final = 3
_MOMENT: Final = 1.0
_FEW: Final = 50
"""So many AppCodes that stay may be worth a test; more are better made otherwise."""


class Keeper(Judge):
    """A run that knows the app's list, and makes it long enough.

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
