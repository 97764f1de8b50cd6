"""Queries of an earlier run, sent once more: what showed a mistake then has to be right now."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from appcode_contract.conformance.outcomes import NotExercised, Violated, status_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from appcode_contract.conformance.probe import Probe
    from appcode_contract.messages import Violation

_NUMBER: Final = re.compile(r"-?[0-9]{1,19}")
_MAXIMUM: Final = 500
_DEFAULT: Final = 20


def ask_again(probe: Probe, query: Mapping[str, str]) -> None:
    """Send a query, and judge its answer as the tests do that draw such queries; what is wrong is told.

    Args:
        probe: A run whose tests are over.
        query: Parameters as they are to stand on the wire.
    """
    with _as_test_of(probe, _clause_of(query)):
        try:
            violation = probe.steady(lambda: violation_of_query(probe, query))
        except NotExercised:
            return  # the request stands among the exchanges, or it could not be sent; whoever compares sees which
        except Violated as error:
            violation = error.violation
        if violation is not None and violation.clause == probe.clause:  # what another clause explains is told already
            probe.tell(violation)


def violation_of_query(probe: Probe, query: Mapping[str, str]) -> Violation | None:
    """Say what is wrong with the answer to a query.

    Args:
        probe: The run.
        query: offset and limit, or one of them, as they are to stand on the wire; with others the checks judge alone.

    Returns:
        The violation; None when all is well.
    """
    offset, limit = query.get("offset", "0"), query.get("limit", str(_DEFAULT))
    whole = query.keys() <= {"offset", "limit"} and _NUMBER.fullmatch(offset)
    if whole and _NUMBER.fullmatch(limit) and 1 <= int(limit) <= _MAXIMUM:
        return probe.window_violation(query, max(int(offset), 0), int(limit))
    if query.keys() != {"limit"}:
        probe.query(query)
        return None
    if _NUMBER.fullmatch(limit):
        return limit_violation(probe, query, int(limit))
    return probe.status_violation(400, probe.query(query))


def limit_violation(probe: Probe, query: Mapping[str, str], limit: int) -> Violation | None:
    """Say what is wrong with the answer to a limit out of range: it is refused, or taken as its neighbour.

    Args:
        probe: The run.
        query: The limit alone, as it is to stand on the wire.
        limit: The limit.

    Returns:
        The violation; None when all is well.
    """
    exchange = probe.query(query)
    if status_of(exchange) == 200:  # noqa: PLR2004 - the documented status
        return probe.window_violation(query, 0, _MAXIMUM if limit > _MAXIMUM else _DEFAULT)
    return probe.status_violation(400, exchange)


def _clause_of(query: Mapping[str, str]) -> str:
    limit = query.get("limit", "1")
    if not _NUMBER.fullmatch(limit):
        return "list/limit/type"
    if int(limit) < 1:
        return "list/limit/minimum"
    return "list/limit/maximum" if int(limit) > _MAXIMUM else "list/paging"


@contextmanager
def _as_test_of(probe: Probe, clause: str) -> Iterator[None]:
    before, probe.clause = probe.clause, clause
    try:
        yield
    finally:
        probe.clause = before
