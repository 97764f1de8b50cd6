"""Deliberate misbehavior that a test asks for: which calls it meets, and what becomes of the answer."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, get_args

from appcode_contract.fake.errors import BY_STATUS
from appcode_contract.messages import Delivery, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from appcode_contract.messages import Manner, Request

OperationName = Literal["generate", "list"]
FaultName = Literal[
    "empty_body",
    "truncated_json",
    "wrong_content_type",
    "wrong_charset",
    "redirect",
    "slow_start",
    "dribble",
    "stall",
    "hang",
    "close_before_headers",
    "close_in_headers",
    "close_after_headers",
    "reset",
    "lost_response",
]
FAULT_NAMES: Final[tuple[FaultName, ...]] = get_args(FaultName)
TOO_MANY: Final = 429
_GATEWAY_TITLES: Final[Mapping[int, str]] = MappingProxyType(
    {TOO_MANY: "Too Many Requests", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}
)
"""Statuses that the pages do not document and that every client meets, with a body in HTML."""
STATUSES: Final[tuple[int, ...]] = (*BY_STATUS, *_GATEWAY_TITLES)
"""The statuses that may be asked for."""
_MANNERS: Final[Mapping[FaultName, Manner]] = MappingProxyType(
    {
        "slow_start": "slow_start",
        "dribble": "dribble",
        "stall": "stall",
        "hang": "hang",
        "close_before_headers": "close_before_headers",
        "close_in_headers": "close_in_headers",
        "close_after_headers": "close_after_headers",
        "reset": "reset",
        "lost_response": "close_before_headers",
    }
)
_NOT_CARRIED_OUT: Final = frozenset({"redirect", "hang", "close_before_headers", "reset"})
_LONGEST: Final = 3600
_NO_RETRY_AFTER: Final = f"it goes with a status of {', '.join(map(str, _GATEWAY_TITLES))} only"
_ORIGIN: Final = re.compile(r"https?://(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
DEFAULT_LOCATION: Final = "https://elsewhere.example"


@dataclass(slots=True, kw_only=True)
class Fault:
    """What becomes of which calls.

    Attributes:
        operation: Calls of which operation; None is both.
        status: The status answered, or None when ``name`` says what happens.
        name: What happens, or None when ``status`` does.
        times: How many calls it meets; None is every one, until faults are cleared.
        every: It meets every so many calls, 1 is each.
        probability: How likely it meets a call that it could meet.
        seconds: How long a slow answer takes.
        retry_after: The seconds of Retry-After; None is 0 for a 429 and no header for the others.
        location: Scheme, host and port that a redirect leads to.

    Raises:
        ValueError: One of these is outside what it may be; the message says what would be right.
    """

    operation: OperationName | None = None
    status: int | None = None
    name: FaultName | None = None
    times: int | None = 1
    every: int = 1
    probability: float = 1.0
    seconds: float = 1.0
    retry_after: int | None = None
    location: str = DEFAULT_LOCATION

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        one_of = f"it must be one of {', '.join(map(str, STATUSES))}"
        checks = (
            (
                "operation",
                self.operation in {None, "generate", "list"},
                "it must be 'generate', 'list' or None for both",
            ),
            ("status", (self.status is None) != (self.name is None), "give either a status or a fault"),
            ("status", self.status is None or (type(self.status) is int and self.status in STATUSES), one_of),
            ("fault", self.name in {None, *FAULT_NAMES}, f"it must be one of {', '.join(FAULT_NAMES)}"),
            ("times", self.times is None or _is_count(self.times), "it must be a whole number, at least 1, or None"),
            ("every", _is_count(self.every), "it must be a whole number, at least 1"),
            ("probability", 0 < self.probability <= 1, "it must be above 0, at most 1"),
            ("seconds", 0 <= self.seconds <= _LONGEST, f"it must be at least 0, at most {_LONGEST}"),
            ("retry_after", self.retry_after is None or _is_count(self.retry_after + 1), "it must be at least 0"),
            ("retry_after", self.retry_after is None or self.status in _GATEWAY_TITLES, _NO_RETRY_AFTER),
            ("location", _ORIGIN.fullmatch(self.location) is not None, "it must be scheme, host and port"),
        )
        for name, right, what in checks:
            if not right:
                value = self.name if name == "fault" else getattr(self, name)
                msg = f"{name} is {value!r}; {what}"
                raise ValueError(msg)

    @property
    def carries_out(self) -> bool:
        """Whether the request is carried out before its answer is spoilt."""
        return self.status is None and self.name not in _NOT_CARRIED_OUT

    def spoil(self, request: Request, response: Response) -> Response:
        """Make what the client gets.

        Args:
            request: What was asked.
            response: What was answered, or would have been.

        Returns:
            The answer with what this fault does to it.
        """
        if self.status is not None:
            return self._gateway(self.status)
        if self.name == "redirect":
            target = self.location + request.path + ("?" + request.query if request.query else "")
            return Response(307, (("Location", target), ("Content-Length", "0")))
        manner = _MANNERS.get(self.name or "empty_body")
        if manner is not None:
            return replace_delivery(response, Delivery(manner, self.seconds))
        return _SPOILT[self.name or "empty_body"](response)

    def _gateway(self, status: int) -> Response:
        seconds = 0 if self.retry_after is None and status == TOO_MANY else self.retry_after
        more = () if seconds is None else (("Retry-After", str(seconds)),)
        title = _GATEWAY_TITLES[status]
        body = f"<html><head><title>{status} {title}</title></head><body><h1>{title}</h1></body></html>".encode()
        return Response(status, (*_typed("text/html", body), *more), body)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _typed(content_type: str, body: bytes) -> tuple[tuple[str, str], ...]:
    return (("Content-Type", content_type), ("Content-Length", str(len(body))))


def replace_delivery(response: Response, delivery: Delivery) -> Response:
    """Give the same response in another delivery."""
    return Response(response.status, response.headers, response.body, delivery)


def _with_body(response: Response, body: bytes) -> Response:
    headers = ((name, str(len(body)) if name == "Content-Length" else value) for name, value in response.headers)
    return Response(response.status, tuple(headers), body)


def _as_html(response: Response) -> Response:
    headers = ((name, "text/html" if name == "Content-Type" else value) for name, value in response.headers)
    return Response(response.status, tuple(headers), response.body)


def _in_another_charset(response: Response) -> Response:
    body = response.body.decode().encode("utf-16")
    return Response(response.status, _typed("application/json;charset=UTF-8", body), body)


_SPOILT: Final[Mapping[FaultName, Callable[[Response], Response]]] = MappingProxyType(
    {
        "empty_body": lambda response: _with_body(response, b""),
        "truncated_json": lambda response: _with_body(response, response.body[: len(response.body) // 2]),
        "wrong_content_type": _as_html,
        "wrong_charset": _in_another_charset,
    }
)


@dataclass(slots=True)
class _Waiting:
    fault: Fault
    left: int | None
    seen: int = 0


class Faults:
    """The faults that wait for their calls, in the order they were asked for.

    Args:
        seed: Repeats which calls a fault with a probability meets; None does not.
    """

    def __init__(self, seed: int | None = None) -> None:
        """Begin without faults."""
        self._seed = seed
        self.clear()

    def add(self, fault: Fault) -> None:
        """Let a fault wait for its calls."""
        self._waiting.append(_Waiting(replace(fault), fault.times))

    def next_for(self, operation: OperationName) -> Fault | None:
        """Use up one call of the first fault that meets this one.

        Args:
            operation: The operation called.

        Returns:
            The fault, or None.
        """
        for waiting in self._waiting:
            if waiting.fault.operation in {None, operation} and self._meets(waiting):
                if waiting.left is not None:
                    waiting.left -= 1
                    if not waiting.left:
                        self._waiting.remove(waiting)
                return waiting.fault
        return None

    def _meets(self, waiting: _Waiting) -> bool:
        waiting.seen += 1
        fault = waiting.fault
        # Drawn only where there is a chance, so that other faults do not change which calls are met.
        return not waiting.seen % fault.every and (fault.probability >= 1 or self._random.random() < fault.probability)

    def renew_chances(self) -> None:
        """Let other chances come, unless a seed repeats them."""
        if self._seed is None:
            self._random = random.Random()  # noqa: S311 - nothing here is a credential

    def clear(self) -> None:
        """Forget every fault; with a seed the same chances come again."""
        self._waiting: list[_Waiting] = []
        self._random = random.Random(self._seed)  # noqa: S311 - repeatable on purpose; nothing here is a credential
