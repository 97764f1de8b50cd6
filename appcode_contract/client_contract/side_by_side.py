"""Calls that get no whole answer, made side by side: each takes until the client's own timeout.

Each has a client and an app of its own. What ends well beside others would do so alone; what does not, or cannot be
made beside others, is left to a test to judge alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from appcode_contract.client_contract.calls import MisfitError, Outcome
from appcode_contract.client_contract.changes import by_app, delivered, only_generates
from appcode_contract.judging import judge_client

if TYPE_CHECKING:
    from collections.abc import Sequence

    from appcode_contract.client_contract.bench import Bench
    from appcode_contract.client_contract.changes import Change
    from appcode_contract.messages import Exchange, Manner

_RETRIES: Final = 20
_ITEMS: Final = 3


@dataclass(frozen=True, order=True, slots=True)
class Wait:
    """A call that gets no whole answer.

    Attributes:
        operation: A method of the adapter.
        manner: How the answer does not come.
    """

    operation: str
    manner: Manner

    def change(self, bench: Bench) -> Change:
        """Give what becomes of the answer; one that begins late does so long after the deadline.

        What a client looks at before it generates comes as ever.
        """
        change = delivered(self.manner, 10 * bench.contract.deadline)
        return only_generates(change) if self.operation == "generate" else change


class Waited(NamedTuple):
    """How such a call ended.

    Attributes:
        wait: The call.
        outcome: How it ended.
        sent: What was sent in it.
    """

    wait: Wait
    outcome: Outcome
    sent: Sequence[Exchange]


def made_side_by_side(bench: Bench, waits: Sequence[Wait]) -> list[Waited]:
    """Make the calls at the same time.

    Args:
        bench: The test's; its client is not used.
        waits: The calls.

    Returns:
        How each ended; nothing of those whose client could not be made and used before, nor of any client that is not
        to be called from several threads.
    """
    if not bench.contract.thread_safe:
        return []
    clients = {}
    for wait in waits:
        app = bench.fake.add_app()
        bench.fake.seed(_ITEMS, app)
        client = bench.another(app)
        if client is not None:
            clients[app] = wait, client
    before = len(bench.front.exchanges)
    bench.front.change = by_app({app: wait.change(bench) for app, (wait, _) in clients.items()})
    calls = [bench.call(wait.operation, client, app) for app, (wait, client) in clients.items()]
    outcomes = bench.beside(calls)
    bench.front.change = None
    sent = bench.front.exchanges[before:]
    return [
        Waited(wait, outcome, [each for each in sent if app in each.request.path.split("/")])
        for (app, (wait, _)), outcome in zip(clients.items(), outcomes, strict=True)
    ]


def left_over(bench: Bench, waits: Sequence[Wait]) -> list[Wait]:
    """Make the calls at the same time, and give those that must be made again, alone.

    Args:
        bench: The test's; its client is not used.
        waits: The calls.

    Returns:
        All that did not end in time with an error and with requests as they should be, a generate with one of them.
    """
    fine = {each.wait for each in made_side_by_side(bench, waits) if _is_fine(bench, each)}
    return [wait for wait in waits if wait not in fine]


def _is_fine(bench: Bench, waited: Waited) -> bool:
    error = waited.outcome.error
    if not isinstance(error, Exception) or isinstance(error, MisfitError):
        return False
    generates = sum(each.request.method == "PUT" for each in waited.sent)
    right = generates == (waited.wait.operation == "generate") and 0 < len(waited.sent) <= _RETRIES
    return right and not any(judge_client(waited.sent, bench.hide))
