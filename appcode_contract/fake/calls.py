"""What a test expects of its client's calls, and what of them differs from that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from appcode_contract.fake.routing import OPERATIONS, app_of
from appcode_contract.redaction import redact_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from appcode_contract.fake.faults import OperationName
    from appcode_contract.messages import Exchange

_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call as a test expects it; what is None is not looked at.

    Attributes:
        operation: Which operation.
        app_id: The app in the path.
        query: Every query parameter as it stands on the wire; ``{}`` is none at all.
        token: The value of X-Auth-Token. A credential.
        status: The status answered.

    Raises:
        ValueError: One of these cannot be; the message says what would be right.
    """

    operation: OperationName
    app_id: str | None = None
    query: Mapping[str, object] | None = None
    token: str | None = field(default=None, repr=False)
    status: int | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if self.operation not in {"generate", "list"}:
            msg = f"operation is {self.operation!r}; it must be 'generate' or 'list'"
            raise ValueError(msg)
        query: object = self.query  # from a caller without types it may be anything
        if query is not None and not isinstance(query, Mapping):
            msg = f"query is {query!r}; it must be a dict, such as {{'limit': 4}}"
            raise ValueError(msg)
        if self.status is not None and type(self.status) is not int:
            msg = f"status is {self.status!r}; it must be an integer, such as 200"
            raise ValueError(msg)

    def differences(self, exchange: Exchange) -> list[str]:
        """Say how an exchange differs from this call.

        Args:
            exchange: The exchange.

        Returns:
            A line for each part that differs, without credentials; none when it is such a call.
        """
        request = exchange.request
        key = app_of(request.path)
        operation, app_id = (OPERATIONS.get(request.method), key.app_id) if key is not None else (None, None)
        found = []
        if operation != self.operation:
            found.append(f"operation: expected {self.operation}, was {operation or 'none of them'}")
        if self.app_id not in {None, app_id}:
            found.append(f"app_id: expected {self.app_id}, was {app_id}")
        if self.query is not None:
            expected = sorted((name, str(value)) for name, value in self.query.items())
            actual = sorted(parse_qsl(request.query, keep_blank_values=True))
            if expected != actual:
                found.append(f"query: expected {_shown(expected)}, was {_shown(actual)}")
        if self.token is not None and request.header("X-Auth-Token") != self.token:
            found.append("X-Auth-Token: another one" if request.header("X-Auth-Token") else "X-Auth-Token: missing")
        status = exchange.response.status if exchange.response is not None else None
        if self.status not in {None, status}:
            found.append(f"status: expected {self.status}, was {status}")
        return found


def _shown(query: list[tuple[str, str]]) -> str:
    shown = redact_url("?" + "&".join(f"{name}={value}" for name, value in query))
    return shown.removeprefix("?") or "none"


def count_mismatch(wanted: Call, exchanges: Sequence[Exchange], times: int | None) -> str | None:
    """Compare how often a call was made with how often it should have been.

    Args:
        wanted: The call.
        exchanges: Everything that was asked and answered.
        times: How often; None is at least once.

    Returns:
        What is wrong, with the nearest other call; None when all is well.

    Raises:
        ValueError: No call can be made so often.
    """
    if times is not None and (type(times) is not int or times < 0):
        msg = f"times is {times!r}; it must be a whole number, at least 0, or None for at least once"
        raise ValueError(msg)
    differing = [(each, wanted.differences(each)) for each in exchanges]
    made = [each for each, differences in differing if not differences]
    if len(made) == times or (times is None and made):
        return None
    expected = "at least once" if times is None else _times(times)
    lines = [f"{wanted.operation} was to be called {expected}, and was called {_times(len(made))} like that"]
    lines += [f"  {_told(each)}" for each in made[:_SHOWN]]
    others = [(each, differences) for each, differences in differing if differences]
    if others and (times is None or len(made) < times):
        nearest, differences = min(others, key=lambda other: len(other[1]))
        lines += [f"nearest: {_told(nearest)}", *(f"  {difference}" for difference in differences)]
    if not exchanges:
        lines.append("there was no request at all")
    return "\n".join(lines)


def _times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")


def _told(exchange: Exchange) -> str:
    request = exchange.request
    answered = exchange.response.status if exchange.response is not None else "nothing"
    target = request.path + (f"?{request.query}" if request.query else "")
    return f"{request.method} {redact_url(target)} → {answered}"
