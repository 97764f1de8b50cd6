"""What a server answers for an app that does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from appcode_contract.conformance.listing import page_of
from appcode_contract.conformance.outcomes import describe_answer, status_of
from appcode_contract.conformance.sender import EVERY_CLAUSE

if TYPE_CHECKING:
    from appcode_contract.conformance.probe import Probe
    from appcode_contract.messages import Exchange, Violation

_REFUSED: Final = frozenset({400, 404})


def no_such_app(probe: Probe, exchange: Exchange) -> Violation | None:
    """Say what is wrong with the answer to a query for an app that does not exist, whatever its id looks like.

    Args:
        probe: The probe.
        exchange: The exchange.

    Returns:
        A violation unless the answer is 400, 404, or what any unknown app is answered: error/404/code judges that.
    """
    page = page_of(exchange)
    # Another app may happen to have this id; then it has AppCodes of its own, or none.
    if page is not None and set(page.keys).isdisjoint(probe.listing.keys):
        return None
    if status_of(exchange) in _REFUSED or (page is None and like_an_unknown_app(probe, exchange)):
        return None
    return probe.violation("status 400 or 404", describe_answer(exchange), exchange)


def like_an_unknown_app(probe: Probe, exchange: Exchange) -> bool:
    """Say whether an answer has the status that a query for an unknown app has.

    Args:
        probe: The probe.
        exchange: The exchange.

    Returns:
        Whether it has.
    """
    unknown = probe.query(url=probe.target.app_url(probe.random.randbytes(16).hex()), ignoring=EVERY_CLAUSE)
    return status_of(exchange) == status_of(unknown)
