"""What a person sees while a conformance run goes on, on stderr."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from types import TracebackType

    from appcode_contract.conformance.runner import Run

_INTERVAL: Final = 10.0


class Progress:
    """A line that changes in place on a terminal; elsewhere a new line every ten seconds."""

    def __init__(self) -> None:
        """Show nothing yet."""
        self._console = Console(stderr=True, highlight=False)
        self._status = self._console.status(Text("reading the app's list"))
        self._told_at = 0.0

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
        told = f"{run.done} of {run.tests} tests, {len(run.probe.exchanges)} requests, {run.failed} clauses broken"
        if self._console.is_terminal:
            self._status.update(Text(told))
        elif run.seconds - self._told_at >= _INTERVAL:
            self._told_at = run.seconds
            self._console.print(Text(f"{told}, {run.seconds:.0f} s"), soft_wrap=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the terminal as it was."""
        self._status.stop()
