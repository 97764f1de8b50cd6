"""Generating an AppCode, response: status 201, what is in it, and that it lasts.

The form of each body is judged by the passive checks on every exchange; here is what only several show.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from appcode_contract.conformance.generating import generated
from appcode_contract.conformance.instants import instant_of
from appcode_contract.conformance.listing import gone_since, key_of

if TYPE_CHECKING:
    from appcode_contract.conformance.probe import Probe
    from appcode_contract.messages import Exchange

_TELLING = 2
_NAMES = ("app_code", "id")
_FIELDS = (*_NAMES, "app_id")


@dataclass(frozen=True, slots=True, repr=False)
class Made:
    """An AppCode that the run made, with the exchange that made it."""

    body: dict[str, Any]
    exchange: Exchange


@pytest.mark.generates
@pytest.mark.clause("generate/status")
def test_generate_is_answered_with_201(probe: Probe) -> None:
    """Every valid request to generate is answered with 201, or refused for a reason that the pages leave room for."""
    for exchange in probe.valid_generates:
        if not probe.excused(exchange):
            probe.status(201, exchange)
    probe.saw(f"{len(generated(probe))} answers with 201")


@pytest.mark.generates
@pytest.mark.clause("generate/random")
def test_generated_app_codes_and_ids_differ(probe: Probe) -> None:
    """No AppCode and no id occurs twice, among those just made and those that were there."""
    made = _made(probe)
    there = probe.before.items if probe.before else ()
    listed = {key_of(item): item for item in there if isinstance(item, dict)}
    # What was generated before the list was read is listed there, too.
    mine = [[each.body.get(name) for name in _NAMES] for each in made]
    known = [item for item in listed.values() if [item.get(name) for name in _NAMES] not in mine]
    if len(made) + len(known) < 2:  # noqa: PLR2004 - one differs from nothing
        probe.not_exercised("needs 2 AppCodes, --max-generate allows 1")
    for name in _NAMES:
        new = [each.body[name] for each in made if isinstance(each.body.get(name), str)]
        old = [item[name] for item in known if isinstance(item.get(name), str)]
        repeated = len(new) - len(set(new) - set(old))
        repeated += len(old) - len(set(old)) if name == "id" else 0
        if repeated:
            told = f"{repeated} of {len(new) + len(old)} repeat another"
            probe.violated(f"no {name} twice", told, made[-1].exchange)
    probe.saw(f"{len(made)} made, all different")


@pytest.mark.generates
@pytest.mark.clause("generate/single")
def test_a_generate_makes_one_app_code(probe: Probe) -> None:
    """The list grows by as many AppCodes as requests were answered, and takes none away."""
    made = _made(probe)
    if probe.before is None or not probe.before.complete or not probe.listing.complete:
        probe.not_exercised("the app's list could not be read to its end")
    probe.unless_told("list/read-only", "list/app-codes/own", "error/no-effect")
    gone = gone_since(probe.before, probe.listing)
    if gone:
        probe.violated("every AppCode that was there before", f"{len(gone)} of them are gone", made[-1].exchange)
    answered = probe.answered
    grown = len(probe.listing.keys) - len(probe.before.keys)
    possible = answered + probe.unanswered  # what was not answered may have been made
    # One more may be somebody else's; and lost ones are told elsewhere.
    too_many = grown - possible >= _TELLING and answered > 1 and not probe.foreign and probe.quiet()
    too_few = grown < answered and all(_places(probe, made))
    if too_many or too_few:
        probe.violated(f"{answered} AppCodes more", f"{grown} AppCodes more", made[-1].exchange)
    if grown > answered:
        probe.not_exercised(f"{grown} AppCodes more after {answered} requests: somebody else's, or two for one")
    if grown < answered:
        probe.not_exercised(f"{grown} AppCodes more after {answered} requests, which generate/listed tells")
    probe.saw(f"{answered} requests, {grown} AppCodes more")


@pytest.mark.generates
@pytest.mark.clause("generate/listed")
def test_a_generated_app_code_is_listed(probe: Probe) -> None:
    """What was generated is listed with the same app_code, id and app_id and the same second."""
    made = _made(probe)
    places = _places(probe, made)
    lost = [each for each, item in zip(made, places, strict=True) if item is None]
    if lost:
        _unless_unreadable(probe)
        named = lost[0].body["id"]
        probe.violated(f"the list to hold the AppCode with id {named}", "the list does not", lost[0].exchange)
    for each, item in zip(made, places, strict=True):
        if item is not None:
            _same(probe, each.body, item)
    probe.saw(f"{len(made) - len(lost)} of {len(made)} found in the list, unchanged")


def _same(probe: Probe, body: dict[str, Any], item: dict[str, Any]) -> None:
    for name in _FIELDS:
        # What is no string, or missing, is told by the clause of that field.
        texts = isinstance(body.get(name), str) and isinstance(item.get(name), str)
        if texts and body[name] != item[name]:
            probe.violated(f"the same {name} in the list", f"another {name}", probe.listing.exchange)
    _same_second(probe, body.get("create_time"), item.get("create_time"))


def _same_second(probe: Probe, generated: object, listed: object) -> None:
    exact, shown = instant_of(generated), instant_of(listed)
    if exact is None or shown is None:
        return  # generate/create-time/format and list/create-time/format tell
    # A list may write fewer digits: cut, or rounded to those that it writes.
    apart = exact.seconds - shown.seconds + (exact.fraction - shown.fraction)
    rounded = shown.digits > 0 and abs(apart) <= 10.0**-shown.digits
    if exact.seconds != shown.seconds and not rounded:
        probe.violated(
            "the same second of creation", f"{generated} on generate, {listed} in the list", probe.listing.exchange
        )


@pytest.mark.generates
@pytest.mark.clause("generate/concurrent")
def test_app_codes_generated_at_the_same_time_are_all_kept(probe: Probe) -> None:
    """Every AppCode of simultaneous requests is listed."""
    together = [each for each in _made(probe) if each.exchange in probe.concurrent]
    if len(together) < 2:  # noqa: PLR2004 - one is not at the same time as another
        probe.not_exercised(f"needs 2 AppCodes made at the same time, {len(together)} were")
    lost = [each for each, item in zip(together, _places(probe, together), strict=True) if item is None]
    if lost:
        _unless_unreadable(probe)
        kept = len(together) - len(lost)
        probe.violated(f"all {len(together)} in the list", f"{kept} in the list", lost[0].exchange)
    probe.saw(f"{len(together)} generated at the same time, all kept")


def _unless_unreadable(probe: Probe) -> None:
    """End the test when other clauses explain that something is not found in the list."""
    if not probe.listing.complete:
        probe.not_exercised("the app's list could not be read to its end")
    probe.unless_told("list/read-only")
    if probe.listing.items and not any(_named(item) for item in probe.listing.items):
        probe.not_exercised("no item of the list can be told by its app_code or id, which list/app-codes/item tells")


def _named(item: object) -> bool:
    return isinstance(item, dict) and any(isinstance(item.get(name), str) for name in _NAMES)


def _identified(item: object) -> bool:
    return isinstance(item, dict) and all(isinstance(item.get(name), str) for name in _NAMES)


def _places(probe: Probe, made: list[Made]) -> list[dict[str, Any] | None]:
    """Find each in the list: by its AppCode, or else by its id if no other has the same."""
    items = [item for item in probe.listing.items if isinstance(item, dict)]
    by_text = {(name, item[name]): item for item in items for name in _NAMES if isinstance(item.get(name), str)}
    both = {(item.get("app_code"), item.get("id")): item for item in items if _identified(item)}
    ids = Counter(each.body["id"] for each in made)
    found = []
    for each in made:
        code, identifier = (each.body.get(name) for name in _NAMES)
        item = both.get((code, identifier)) or by_text.get(("app_code", code)) if isinstance(code, str) else None
        found.append(item or (by_text.get(("id", identifier)) if ids[identifier] == 1 else None))
    return found


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
