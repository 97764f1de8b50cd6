"""What tests of generating share: what was generated, and requests to generate that must be refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from appcode_contract.conformance.listing import gone_since
from appcode_contract.conformance.outcomes import describe_answer, status_of

if TYPE_CHECKING:
    from appcode_contract.conformance.listing import Listing
    from appcode_contract.conformance.probe import Probe
    from appcode_contract.messages import Exchange


def refused_without_effect(  # noqa: PLR0913 - what is sent, and what is to be expected
    probe: Probe, token: str | None, status: int, how: str, clauses: tuple[str, str], *, app_id: str | None = None
) -> None:
    """Send one request to generate that must be refused, and leave the list as it was.

    Args:
        probe: The probe.
        token: The token; no header at all when None.
        status: The status that it must be refused with.
        how: What is wrong with it, in words.
        clauses: What a server breaks that generates, and one that refuses with another status.
        app_id: The app; the target's own when left out.

    Raises:
        Violated: It was not refused so, or the list is another one.
        NotExercised: It may not be sent.
    """
    probe.refresh()
    before, others = probe.listing, probe.foreign
    exchange = probe.generate(app_id=app_id, token=token)
    changed = probe.refresh()
    if probe.status_violation(status, exchange) is not None:
        clause = clauses[0] if 200 <= status_of(exchange) < 300 else clauses[1]  # noqa: PLR2004 - success
        probe.blame(clause, f"status {status}", describe_answer(exchange), exchange)
        probe.not_exercised(f"a generate {how} was not refused with {status}, which {clause} tells")
    if changed:
        _changed(probe, before, exchange, alone=not others)
    probe.saw(f"a generate {how} was refused with {status} and changed nothing")


def _changed(probe: Probe, before: Listing, exchange: Exchange, *, alone: bool) -> None:
    probe.unless_told("list/read-only")
    gone = len(gone_since(before, probe.listing))
    made = len(set(probe.listing.keys) - set(before.keys))
    if gone or (made and alone and probe.quiet()):
        told = f"{gone} AppCodes are gone" if gone else f"{made} AppCodes more"
        clause = probe.clause if probe.clause.startswith("error/no-effect") else "error/no-effect"
        probe.blame(clause, "the same list before and after", told, exchange)
    probe.not_exercised("the app's list changes all the time")


def generated(probe: Probe) -> list[Exchange]:
    """Give the answers to valid requests to generate that were a success.

    Args:
        probe: The probe.

    Returns:
        The exchanges, at least one.

    Raises:
        NotExercised: There is none; generate/status tells whether that is the server's mistake.
    """
    if not probe.valid_generates:
        probe.may_send()  # nothing was sent, and this says why
    answered = [each for each in probe.valid_generates if each in probe.generated]
    if not answered:
        sent = probe.valid_generates
        why = probe.ended or (describe_answer(sent[0]) if sent else "no request to generate was sent")
        probe.not_exercised(f"no AppCode was generated: {why}")
    return answered


def made_up_token(probe: Probe) -> str:
    """Make up a token that no server knows.

    Args:
        probe: The probe, whose seed repeats it.

    Returns:
        64 hexadecimal digits.
    """
    return probe.random.randbytes(32).hex()
