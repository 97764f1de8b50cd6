"""What a person sees while a conformance run goes on, on stderr."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self

from rich.text import Text

from appcode_contract.commands.ending import discard
from appcode_contract.reporting.terminal import Terminal

if TYPE_CHECKING:
    from types import TracebackType

    from appcode_contract.conformance.runner import Run

_INTERVAL: Final = 10.0


class Progress:
    """A line that changes in place on a terminal; elsewhere a new line every ten seconds."""

    def __init__(self) -> None:
        """Show nothing yet."""
        self._console = Terminal(stderr=True, highlight=False)
        self._status = self._console.status(Text("reading the app's list"))
        self._told_at = 0.0
        self._gone = False

    def __enter__(self) -> Self:
        """Begin to show."""
        if self._console.is_terminal:
            self._status.start()
        return self

    def __call__(self, run: Run) -> None:
        """Show how far a run is.

        Args:
            run: The run.
        """
        if self._gone:
            return
        told = f"{run.done} of {run.tests} tests, {len(run.probe.exchanges)} requests, {run.failed} clauses broken"
        try:
            self._tell(told, run.seconds)
        except OSError:  # nobody reads any more, and the run goes on
            self._gone = True
            discard(sys.stderr)

    def _tell(self, told: str, seconds: float) -> None:
        if self._console.is_terminal:
            self._status.update(Text(told))
        elif seconds - self._told_at >= _INTERVAL:
            self._told_at = seconds
            self._console.print(Text(f"{told}, {seconds:.0f} s"), soft_wrap=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the terminal as it was."""
        with suppress(OSError):
            self._status.stop()
