"""What a server chose where the pages are silent, as far as its answers show it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from appcode_contract.conformance.instants import instant_of
from appcode_contract.conformance.outcomes import status_of
from appcode_contract.conformance.pace import wait_asked_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from appcode_contract.conformance.instants import Instant
    from appcode_contract.messages import Exchange

_FIELDS: Final = frozenset({"app_code", "id", "app_id", "create_time"})
_PAGE_FIELDS: Final = frozenset({"total", "size", "app_codes"})
_TELLING: Final = 300
_PRECISIONS: Final = {(9, 0): "as_documented", (0, 0): "seconds", (3, 3): "milliseconds"}
_DIGIT: Final = re.compile(r"\d")
_LENGTHS: Final = {64: "shortest", 180: "longest"}
_ZONE: Final = re.compile(r"[Zz]\Z|[+-][0-9]{2}:[0-9]{2}\Z")


def observed(exchanges: Sequence[Exchange]) -> dict[str, str]:
    """Say what a server chose.

    Args:
        exchanges: What was sent, and answered.

    Returns:
        By field of ``Behavior``, its choice, or other words where it is none of the choices; without what did not show.
    """
    generated, listed = _Records(_FIELDS), _Records(_FIELDS)
    pages = _Records(_PAGE_FIELDS)
    for exchange in exchanges:
        if status_of(exchange) not in {200, 201}:
            continue
        body = _body(exchange)
        if exchange.request.method == "PUT":
            generated.add(body)
        elif exchange.request.method == "GET":
            pages.add(body)
            items = body.get("app_codes")
            for item in items if isinstance(items, list) else ():
                listed.add(item)
    return {
        **_of_app_codes(generated.codes | listed.codes),
        **_of_times(_instants(generated.times), _instants(listed.times)),
        **_of_fields(generated, listed, pages),
        **_of_headers(exchanges),
    }


class _Records:
    """What shows in many bodies of one kind, none of which is kept.

    Args:
        fields: The documented fields.
    """

    def __init__(self, fields: frozenset[str]) -> None:
        self._fields = fields
        self.seen = self.extra = False
        self.codes: set[str] = set()
        self.times: set[str] = set()

    def add(self, body: object) -> None:
        if not isinstance(body, dict):
            return
        self.seen = True
        self.extra = self.extra or not self._fields.issuperset(body)
        for found, name in ((self.codes, "app_code"), (self.times, "create_time")):
            text = body.get(name)
            if isinstance(text, str):
                found.add(text)


def _body(exchange: Exchange) -> dict[str, Any]:
    try:
        body = exchange.response.json() if exchange.response is not None else None
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _of_app_codes(codes: set[str]) -> dict[str, str]:
    if sum(map(len, codes)) < _TELLING:
        return {}
    digits = any(map(_DIGIT.search, codes))
    lengths = set(map(len, codes))
    same = _LENGTHS.get(next(iter(lengths)), f"{next(iter(lengths))} characters") if len(lengths) == 1 else "random"
    return {"app_code_alphabet": "with_digits" if digits else "letters_only", "app_code_length": same}


def _instants(times: set[str]) -> dict[str, Instant]:
    return {text: moment for text in times if (moment := instant_of(text)) is not None}


def _of_times(generated: dict[str, Instant], listed: dict[str, Instant]) -> dict[str, str]:
    seen = {}
    # A time may end in zeros that a server does not write; the most frequent number of digits is what it chose.
    digits = [_usual_digits(times) for times in (generated, listed)]
    if None not in digits:
        told = f"{digits[0]} digits on generate, {digits[1]} in the list"
        seen["create_time_precision"] = _PRECISIONS.get((digits[0] or 0, digits[1] or 0), told)
    zones = {match[0].upper() for text in (*generated, *listed) if (match := _ZONE.search(text))}
    if zones:
        seen["create_time_zone"] = "utc" if zones == {"Z"} else " and ".join(sorted(zones))
    return seen


def _usual_digits(times: dict[str, Instant]) -> int | None:
    counted = Counter(moment.digits for moment in times.values())
    return counted.most_common(1)[0][0] if counted else None


def _of_fields(generated: _Records, listed: _Records, pages: _Records) -> dict[str, str]:
    if not generated.seen and not pages.seen:
        return {}
    return {"extra_fields": "present" if generated.extra or listed.extra or pages.extra else "absent"}


def _of_headers(exchanges: Sequence[Exchange]) -> dict[str, str]:
    seen = {}
    types = {exchange.response.header("Content-Type") or "" for exchange in exchanges if exchange.response is not None}
    if types:
        seen["content_type"] = "charset" if any("charset" in each.lower() for each in types) else "plain"
    waits = sum(wait_asked_for(exchange.response) is not None for exchange in exchanges)
    if waits:
        seen["rate_limit"] = f"{waits} of {len(exchanges)} requests"
    return seen
