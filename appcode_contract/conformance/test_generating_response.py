"""Generating an AppCode, response: status 201, what is in it, and that it lasts.

The form of each body is judged by the passive checks on every exchange; here is what only several show.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from appcode_contract.conformance.outcomes import describe_answer
from appcode_contract.conformance.test_generating_request import excused, generated

if TYPE_CHECKING:
    from appcode_contract.conformance.probe import Probe
    from appcode_contract.messages import Exchange

_FIELDS = ("app_code", "id", "app_id")


@dataclass(frozen=True, slots=True, repr=False)
class Made:
    """An AppCode that the run made, with the exchange that made it."""

    body: dict[str, Any]
    exchange: Exchange


@pytest.mark.clause("generate/status")
def test_generate_is_answered_with_201(probe: Probe) -> None:
    """Every valid request to generate is answered with 201, or refused for a reason that the pages leave room for."""
    for exchange in probe.valid_generates:
        if not excused(exchange, probe):
            probe.status(201, exchange)
    probe.saw(f"{len(generated(probe))} answers with 201")


@pytest.mark.clause("generate/random")
def test_generated_app_codes_and_ids_differ(probe: Probe) -> None:
    """No AppCode and no id occurs twice, among those just made and those that were there."""
    made = _made(probe)
    known = [item for item in (probe.before.items if probe.before else ()) if isinstance(item, dict)]
    if len(made) + len(known) < 2:  # noqa: PLR2004 - one differs from nothing
        probe.not_exercised("needs 2 AppCodes, --max-generate allows 1")
    for name in ("app_code", "id"):
        values = [body.get(name) for body in (*known, *(each.body for each in made)) if isinstance(body.get(name), str)]
        repeated = len(values) - len(set(values))
        if repeated:
            probe.violated(f"no {name} twice", f"{repeated} of {len(values)} repeat another", made[-1].exchange)
    probe.saw(f"{len(made)} made, all different")


@pytest.mark.clause("generate/single")
def test_a_generate_makes_one_app_code(probe: Probe) -> None:
    """The list grows by as many AppCodes as requests were answered, and not by more."""
    made = _made(probe)
    if probe.before is None or not probe.before.complete or not probe.listing.complete:
        probe.not_exercised("the app's list could not be read to its end")
    known, gone = set(probe.listing.keys), set(probe.before.keys) - set(probe.listing.keys)
    if gone:
        probe.violated("every AppCode that was there before", f"{len(gone)} of them are gone", made[-1].exchange)
    more = len(known) - len(probe.before.keys) - len(probe.generated)
    # Fewer may be somebody else's.
    if more >= len(probe.generated) > 1 and probe.quiet():
        told = f"{len(probe.generated) + more} AppCodes more"
        probe.violated(f"{len(probe.generated)} AppCodes more", told, made[-1].exchange)
    probe.saw(f"{len(probe.generated)} requests, {len(known) - len(probe.before.keys)} AppCodes more")


@pytest.mark.clause("generate/listed")
def test_a_generated_app_code_is_listed(probe: Probe) -> None:
    """What was generated is listed with the same app_code, id and app_id and the same second."""
    made = _made(probe)
    by_id = {item.get("id"): item for item in probe.listing.items if isinstance(item, dict)}
    found = [(each, by_id[each.body.get("id")]) for each in made if each.body.get("id") in by_id]
    lost = [each for each in made if each.body.get("id") not in by_id]
    # Of those made at the same time a part may be lost for another reason, which generate/concurrent tells.
    alone = [each for each in lost if not found or each.exchange not in probe.concurrent]
    if alone and not probe.listing.complete:
        probe.not_exercised("the app's list could not be read to its end")
    if alone:
        probe.violated("the list to hold it", "the list does not", alone[0].exchange)
    for each, item in found:
        for name in _FIELDS:
            if item.get(name) != each.body.get(name):
                probe.violated(f"the same {name} in the list", f"another {name}", probe.listing.exchange)
        _same_second(probe, each.body.get("create_time"), item.get("create_time"))
    probe.saw(f"{len(found)} of {len(made)} found in the list, unchanged")


def _same_second(probe: Probe, generated: object, listed: object) -> None:
    try:
        exact, shown = _instant(generated), _instant(listed)
    except ValueError:
        return  # generate/create-time/format and list/create-time/format tell
    # A list may write fewer digits: cut, or rounded to those that it writes.
    digits = 10.0 ** -_digits(str(listed))
    if int(exact) != int(shown) and not (_digits(str(listed)) and abs(exact - shown) <= digits):
        probe.violated(
            "the same second of creation", f"{generated} on generate, {listed} in the list", probe.listing.exchange
        )


def _instant(text: object) -> float:
    if not isinstance(text, str):
        raise ValueError  # noqa: TRY004 - a time that cannot be read, whatever it is
    head, dot, tail = text.upper().partition(".")
    digits = tail[: _digits(text)]
    zone = tail[len(digits) :]
    whole = datetime.fromisoformat(head + zone)
    if whole.tzinfo is None:
        raise ValueError
    return whole.timestamp() + (float(f"0.{digits}") if dot and digits else 0.0)


def _digits(text: str) -> int:
    tail = text.partition(".")[2]
    return len(tail) - len(tail.lstrip("0123456789"))


@pytest.mark.clause("generate/concurrent")
def test_app_codes_generated_at_the_same_time_are_all_kept(probe: Probe) -> None:
    """Every AppCode of simultaneous requests is listed."""
    together = [each for each in _made(probe) if each.exchange in probe.concurrent]
    failed = [each for each in probe.concurrent if each not in probe.generated and not excused(each, probe)]
    if failed:
        expected = f"{len(probe.concurrent)} answers with 201 to simultaneous requests"
        probe.violated(expected, describe_answer(failed[0]), failed[0])
    if len(together) < 2:  # noqa: PLR2004 - one is not at the same time as another
        probe.not_exercised(f"needs 2 AppCodes made at the same time, {len(together)} were")
    ids = {item.get("id") for item in probe.listing.items if isinstance(item, dict)}
    lost = [each for each in together if each.body.get("id") not in ids]
    if lost and not probe.listing.complete:
        probe.not_exercised("the app's list could not be read to its end")
    if lost:
        probe.violated(f"all {len(together)} in the list", f"{len(together) - len(lost)} in the list", lost[0].exchange)
    probe.saw(f"{len(together)} generated at the same time, all kept")


def _made(probe: Probe) -> list[Made]:
    bodies = ((each, _body(each)) for each in generated(probe))
    made = [Made(body, each) for each, body in bodies if body is not None]
    if not made:
        probe.not_exercised("no answer to generate could be read")
    return made


def _body(exchange: Exchange) -> dict[str, Any] | None:
    try:
        body = exchange.response.json() if exchange.response else None
    except ValueError:
        return None
    return body if isinstance(body, dict) and isinstance(body.get("id"), str) else None
