"""Where the points and ticks of a plot of requests over time stand, in percent of its sides."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SHAPES: Final[Mapping[str, str]] = {"GET": "circle", "PUT": "triangle"}
"""The shape of each method; another method has a square, and a request without an answer a cross."""
_TICKS: Final = 5
_THOUSAND: Final = 1000
_NEARLY_ONE: Final = 0.9995
_DECIMALS: Final = ((9.995, 2), (99.95, 1))


class Tick(NamedTuple):
    """A tick: where it stands, and what it says."""

    place: float
    label: str


class Point(NamedTuple):
    """A request: where it stands, its shape, and what it is in words."""

    x: float
    y: float
    shape: str
    label: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot.

    Attributes:
        unit: What the ticks at the side count.
        across: Ticks below.
        up: Ticks at the side.
        points: The requests, in order.
        counts: How many requests have each shape: shape, words, number.
        summary: What it shows, in words.
    """

    unit: str
    across: list[Tick]
    up: list[Tick]
    points: list[Point]
    counts: list[tuple[str, str, int]]
    summary: str


def plot_of(exchanges: Sequence[Mapping[str, Any]]) -> Plot | None:
    """Lay a plot out.

    Args:
        exchanges: The exchanges of a report's document, in order.

    Returns:
        The plot; None when nothing was sent.
    """
    if not exchanges:
        return None
    seconds = [float(each["seconds"]) for each in exchanges]
    scale, unit = (1, "seconds") if max(seconds) >= 1 else (_THOUSAND, "milliseconds")
    step = _step(max(seconds) * scale)
    top = max(step, math.ceil(max(seconds) * scale / step - 1e-9) * step)
    many = len(exchanges)
    across = _step(many)
    points = []
    for number, (exchange, took) in enumerate(zip(exchanges, seconds, strict=True), start=1):
        x, y = _percent(number - 0.5, many), 100 - _percent(took * scale, top)
        label = f"{number}: {exchange['request']['method']}, {duration(took)}"
        points.append(Point(x, round(y, 2), _shape(exchange), label))
    return Plot(
        unit=unit,
        across=[Tick(_percent(each - 0.5, many), str(each)) for each in _numbers(across, many)],
        up=[
            Tick(round(100 - _percent(each * step, top), 2), f"{each * step:g}")
            for each in range(round(top / step) + 1)
        ],
        points=points,
        counts=_counts(exchanges),
        summary=_summary(exchanges, seconds),
    )


def duration(seconds: float) -> str:
    """Write a time for a person.

    Args:
        seconds: The time.

    Returns:
        Three digits, in milliseconds below one second; above it, seconds with two decimals.
    """
    if seconds >= _NEARLY_ONE:
        return f"{seconds:.2f} s"
    milliseconds = seconds * _THOUSAND
    decimals = next((decimals for limit, decimals in _DECIMALS if milliseconds < limit), 0)
    return f"{milliseconds:.{decimals}f} ms"


def _percent(part: float, whole: float) -> float:
    return round(100 * part / whole, 2)


def _step(longest: float) -> float:
    """Choose 1, 2 or 5, times a power of ten, so that there are few ticks."""
    if longest <= 0:
        return 1
    power = 10.0 ** math.floor(math.log10(longest / _TICKS))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power * _TICKS >= longest * (1 - 1e-9))


def _numbers(step: float, many: int) -> list[int]:
    whole = max(1, round(step))
    return [1, *(each for each in range(whole, many + 1, whole) if each > 1)]


def _shape(exchange: Mapping[str, Any]) -> str:
    return SHAPES.get(exchange["request"]["method"], "square") if exchange["response"] else "cross"


def _words(exchange: Mapping[str, Any]) -> str:
    method = exchange["request"]["method"]
    return (method if method in SHAPES else "another method") if exchange["response"] else "no answer"


def _counts(exchanges: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, int]]:
    counted = Counter((_shape(each), _words(each)) for each in exchanges)
    return [(shape, words, number) for (shape, words), number in counted.items()]


def _summary(exchanges: Sequence[Mapping[str, Any]], seconds: Sequence[float]) -> str:
    longest = max(range(len(seconds)), key=seconds.__getitem__)
    method = exchanges[longest]["request"]["method"]
    told = f"Half of the requests took {duration(median(seconds))} or less"
    return f"{told}; the longest, request {longest + 1} ({method}), took {duration(seconds[longest])}."
