"""Deliberate misbehavior: documented errors that a test asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from appcode_contract.fake.errors import BY_STATUS

if TYPE_CHECKING:
    from appcode_contract.fake.errors import ErrorKind

OperationName = Literal["generate", "list"]


@dataclass(slots=True)
class _Fault:
    operation: OperationName | None
    kind: ErrorKind
    left: int


class Faults:
    """The faults that wait for their calls, in the order they were asked for."""

    def __init__(self) -> None:
        """Begin without faults."""
        self._waiting: list[_Fault] = []

    def add(self, operation: OperationName | None, status: int, times: int) -> None:
        """Answer the next calls with a documented error.

        Args:
            operation: Calls of which operation; None is both.
            status: 400, 401, 403, 404 or 500.
            times: How many calls, at least 1.

        Raises:
            ValueError: An argument outside these.
        """
        if operation not in {None, "generate", "list"}:
            msg = f"operation is {operation!r}; it must be 'generate', 'list' or None for both"
            raise ValueError(msg)
        if status not in BY_STATUS:
            msg = f"status is {status!r}; the documented errors are {', '.join(map(str, BY_STATUS))}"
            raise ValueError(msg)
        if not isinstance(times, int) or times < 1:
            msg = f"times is {times!r}; it must be a whole number, at least 1"
            raise ValueError(msg)
        self._waiting.append(_Fault(operation, BY_STATUS[status], times))

    def next_for(self, operation: OperationName) -> ErrorKind | None:
        """Use up one call of the first fault that waits for this operation.

        Args:
            operation: The operation called.

        Returns:
            The error to answer, or None.
        """
        for fault in self._waiting:
            if fault.operation in {None, operation}:
                fault.left -= 1
                if not fault.left:
                    self._waiting.remove(fault)
                return fault.kind
        return None

    def clear(self) -> None:
        """Forget every fault."""
        self._waiting.clear()
