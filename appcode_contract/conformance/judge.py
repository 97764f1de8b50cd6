"""What a conformance test says: what was seen, what holds, what does not, and what could not be tried."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from appcode_contract.clauses import BY_ID
from appcode_contract.conformance.outcomes import NotExercised, Unwanted, Violated, describe_answer, status_of
from appcode_contract.conformance.pace import wait_asked_for
from appcode_contract.conformance.sender import Sender
from appcode_contract.messages import Violation

if TYPE_CHECKING:
    from appcode_contract.conformance.sender import Send
    from appcode_contract.conformance.target import Target
    from appcode_contract.messages import Exchange


class Judge(Sender):
    """A run as its tests tell of it.

    Args:
        target: The server, and what may be done to it.
        send: Brings a request to it and the answer back; over the network when left out.

    Attributes:
        tried: The clauses of tests that send something.
        evidence: What tests saw, by clause.
        behaviors: What the server chose where the pages are silent.
    """

    def __init__(self, target: Target, send: Send | None = None) -> None:
        """Begin; nothing is sent yet."""
        super().__init__(target, send)
        self.tried: set[str] = set()
        self.evidence: dict[str, str] = {}
        self.behaviors: dict[str, str] = {}
        self._raised: set[int] = set()

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
            self.unless_explained(exchange)
        return violation_of(self.clause, expected, actual, exchange)

    def unless_explained(self, exchange: Exchange) -> None:
        """End the running test when the answer of an exchange is explained by another clause, which tells it.

        Args:
            exchange: The exchange.

        Raises:
            NotExercised: It is.
        """

    def told_of(self, exchange: Exchange) -> list[str]:
        """Give the clauses that an exchange was found to break."""
        return [each.clause for each in self.violations if each.exchange is exchange]

    def unless_told(self, *clauses: str) -> None:
        """End the running test when one of some clauses was found to be broken: the list cannot be relied on."""
        told = self.told(*clauses)
        if told:
            self.not_exercised(f"the list cannot be relied on, which {told} tells")

    def told(self, *clauses: str) -> str:
        """Give one of some clauses, or of those below them, that was found to be broken; empty when none was."""
        begins = tuple(f"{clause}/" for clause in clauses)
        return next((each.clause for each in self.violations if f"{each.clause}/".startswith(begins)), "")

    def violated(self, expected: str, actual: str, exchange: Exchange | None) -> NoReturn:
        """Fail the running test."""
        self.fail(self.violation(expected, actual, exchange))

    def fail(self, violation: Violation) -> NoReturn:
        """Fail the running test with a violation of its clause."""
        self._raise(self.tell(violation))

    def tell(self, violation: Violation) -> Violation:
        """Keep a violation, of any clause, with the clause of the running test, which found it."""
        found = replace(violation, found_by=self.clause)
        self.violations.append(found)
        return found

    def _raise(self, violation: Violation) -> NoReturn:
        self._raised.add(id(violation))
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
        violation = self.tell(violation_of(clause, expected, actual, exchange))
        if clause == self.clause:
            self._raise(violation)

    def status(self, expected: int, exchange: Exchange, how: str = "") -> None:
        """Expect a status.

        Args:
            expected: The status.
            exchange: The exchange.
            how: What was special about the request, in words.

        Raises:
            Violated: It is another.
            NotExercised: The status is one that status/documented alone tells, or the server asked to be left alone.
        """
        violation = self.status_violation(expected, exchange, how)
        if violation is not None:
            self.fail(violation)

    def status_violation(self, expected: int, exchange: Exchange, how: str = "") -> Violation | None:
        """Say what is wrong with a status.

        Args:
            expected: The status.
            exchange: The exchange.
            how: What was special about the request, in words.

        Returns:
            The violation; None when the status is right.

        Raises:
            NotExercised: The status is one that status/documented alone tells, or the server asked to be left alone.
        """
        if wait_asked_for(exchange.response) is not None:
            self.not_exercised("the server answered that there are too many requests")
        status = status_of(exchange)
        # These say which status is right, the others what a refusal holds.
        names_it = expected < 300 or self.clause == "list/limit/type"  # noqa: PLR2004 - success
        told = status >= 300 and "status/documented" in self.told_of(exchange)  # noqa: PLR2004 - no success
        if status == expected:
            return None
        if told and not names_it:
            self.not_exercised(f"answered with status {status}, which status/documented tells")
        return self.violation(f"status {expected} {how}".rstrip(), describe_answer(exchange), exchange)

    def nothing_found(self, clause: str) -> None:
        """Expect that no answer of the run broke a clause.

        Args:
            clause: The clause's id.

        Raises:
            Violated: One did.
            NotExercised: No answer could, and no test tried.
        """
        broken = [each for each in self.violations if each.clause == clause]
        if any(id(each) in self._raised for each in broken):
            self.not_exercised("another test tells what is wrong")
        if broken:
            self._raise(broken[0])
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

    def unless_lacking(self, reason: str) -> None:
        """End the running test if there is a reason why it said not all that it should."""
        if reason:
            self.not_exercised(reason)

    def skip(self, reason: str) -> NoReturn:
        """End the running test: the caller did not want it."""
        raise Unwanted(reason)


def violation_of(clause: str, expected: str, actual: str, exchange: Exchange | None) -> Violation:
    """Make a violation that repeats what its clause says.

    Args:
        clause: The clause's id.
        expected: What was expected here.
        actual: What was seen instead.
        exchange: Where.

    Returns:
        The violation.
    """
    return Violation(clause, f"{expected} ({BY_ID[clause].statement})", actual, exchange)
