"""Random probes: values are drawn by Hypothesis, repeat with the seed, and one that breaks a clause is shrunk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from appcode_contract.conformance.outcomes import NotExercised, Violated

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

    from appcode_contract.conformance.probe import Probe
    from appcode_contract.messages import Violation

    T = TypeVar("T")

_SHRINKING: Final = 40
_ENOUGH: Final = 0.5


def search(probe: Probe, values: SearchStrategy[T], judge: Callable[[T], Violation | None], examples: int) -> int:
    """Try random values.

    Args:
        probe: The run.
        values: Where the values come from.
        judge: Says what is wrong with one, or None; what another clause explains it tells itself.
        examples: How many values are tried. Fewer when half of the run's time is over.

    Returns:
        How many were tried.

    Raises:
        Violated: One breaks the running test's clause; it is the simplest that some more tries find.
    """
    from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings

    known: dict[str, Violation | None] = {}
    found: list[Violation] = []

    def attempt(value: Any) -> None:  # noqa: ANN401 - whatever the strategy draws
        key = repr(value)
        if key not in known:
            if len(known) >= examples + _SHRINKING or probe.pace.used() > _ENOUGH:
                return
            try:
                known[key] = probe.steady(lambda: judge(value))
            except NotExercised:
                if not found:
                    raise
                known[key] = None  # what was found stands, and is not made simpler
        violation = known[key]
        if violation is not None and violation.clause == probe.clause:
            found.append(violation)
            raise Violated(violation)

    # Nothing is kept: a database would hold what a server answered, and none is shown: reports tell the violation.
    bounded = settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),  # slow servers are no mistake of a strategy
    )
    seed(probe.target.seed)(bounded(given(values)(attempt)))()
    return len(known)
