"""What a client under test talks to: a fake of its own, and in front of it what changes answers and counts requests."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

from appcode_contract.messages import Delivery, Exchange, Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from appcode_contract.client_contract.changes import Change
    from appcode_contract.messages import Request
    from appcode_contract.stand_in import FakeAppCodes

_NOTHING: Final = (("Content-Length", "0"),)
_REFUSED: Final = Response(401, (("Content-Type", "application/json"), ("Content-Length", "2")), b"{}")
_ARRIVES: Final = ("whole", "slow_start", "dribble")
_RESETS: Final = 3
MANY: Final = 1000
"""How many requests one call may send, unless a test says otherwise."""


def unanswered(manner: Literal["reset", "hang"]) -> Response:
    """Give what stands for no answer."""
    return Response(503, _NOTHING, delivery=Delivery(manner))


class Front:
    """The server's side of one test. Called in the server's thread.

    Args:
        fake: Who answers.
        patience: Seconds after which nobody waits for an answer any more.

    Attributes:
        fake: Who answers.
        change: What becomes of its answers.
        after_list: Called after each answer to a list.
        exchanges: What was asked and answered, oldest first.
    """

    def __init__(self, fake: FakeAppCodes, patience: float) -> None:
        """Begin without changes."""
        self.fake = fake
        self._patience = patience
        self.change: Change | None = None
        self.after_list: Callable[[], object] | None = None
        self.exchanges: list[Exchange] = []
        self.bound(MANY)

    def bound(self, requests: int) -> None:
        """Answer so many requests from now on, and no more: a client that never ends is cut off."""
        self._allowed = requests
        self._left = requests

    @property
    def overrun(self) -> int:
        """How many requests were allowed, if the client sent more; 0 otherwise."""
        return self._allowed if self._left < 0 else 0

    def handle(self, request: Request) -> Response:
        """Answer a request.

        Args:
            request: The request.

        Returns:
            The answer, changed as the test wants it.
        """
        self._left -= 1
        if self._left < 0:
            # A few resets end most loops; who goes on even then is left waiting, and so is quiet.
            return unanswered("reset" if self._left >= -_RESETS else "hang")
        started, begun = time.time(), time.perf_counter()
        response = self.fake.handle(request)
        if self.change is not None:
            response = self.change(request, response)
        manner = response.delivery.manner
        arrived = response if manner in _ARRIVES and response.delivery.seconds < self._patience else None
        problem = "" if arrived else manner
        self.exchanges.append(Exchange(request, arrived, problem, started, time.perf_counter() - begun))
        if self.after_list is not None and request.method == "GET":
            self.after_list()
        return response

    def keep(self, number: int) -> None:
        """Let the app have its oldest AppCodes only, as if the others had been deleted."""
        snapshot = self.fake.snapshot()
        apps = {key: records[:number] for key, records in snapshot.state.apps.items()}
        self.fake.restore(replace(snapshot, state=replace(snapshot.state, apps=apps)))


class Switch:
    """Who answers on the session's server: the front of the test that runs.

    What a client of an earlier test still sends is reset, and nobody takes it for a request of this one's.
    """

    def __init__(self) -> None:
        """Begin with nobody."""
        self.front: Front | None = None
        self._old: set[str] = set()

    def begin(self, front: Front) -> None:
        """Let a front answer."""
        self.front = front

    def end(self) -> None:
        """Let nobody answer."""
        if self.front is not None:
            self._old.add(self.front.fake.project_id)
        self.front = None

    def handle(self, request: Request) -> Response:
        """Answer a request.

        Args:
            request: The request.

        Returns:
            What the front answers, or nothing.
        """
        front = self.front
        if front is None or not self._old.isdisjoint(request.path.split("/")):
            return unanswered("reset")
        return front.handle(request)


class Elsewhere:
    """The other host that a redirect leads to; it refuses everything and remembers it.

    Attributes:
        requests: What reached it.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self.requests: list[Request] = []

    def handle(self, request: Request) -> Response:
        """Refuse a request.

        Args:
            request: The request.

        Returns:
            A 401.
        """
        self.requests.append(request)
        return _REFUSED
