"""What a server chose where the pages are silent, as far as its answers show it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from appcode_contract.conformance.instants import instant_of
from appcode_contract.conformance.outcomes import status_of
from appcode_contract.conformance.pace import wait_asked_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from appcode_contract.messages import Exchange

_FIELDS: Final = frozenset({"app_code", "id", "app_id", "create_time"})
_PAGE_FIELDS: Final = frozenset({"total", "size", "app_codes"})
_TELLING: Final = 300
_PRECISIONS: Final = {(9, 0): "as_documented", (0, 0): "seconds", (3, 3): "milliseconds"}
_LENGTHS: Final = {64: "shortest", 180: "longest"}
_ZONE: Final = re.compile(r"[Zz]\Z|[+-][0-9]{2}:[0-9]{2}\Z")


def observed(exchanges: Sequence[Exchange]) -> dict[str, str]:
    """Say what a server chose.

    Args:
        exchanges: What was sent, and answered.

    Returns:
        By field of ``Behavior``, its choice, or other words where it is none of the choices; without what did not show.
    """
    bodies = [(exchange, _body(exchange)) for exchange in exchanges if status_of(exchange) in {200, 201}]
    generated = [body for exchange, body in bodies if exchange.request.method == "PUT"]
    pages = [body for exchange, body in bodies if exchange.request.method == "GET"]
    listed = [item for page in pages for item in _items(page)]
    codes = {each["app_code"] for each in (*generated, *listed) if isinstance(each.get("app_code"), str)}
    times = _times(generated), _times(listed)
    return {
        **_of_app_codes(codes),
        **_of_times(*times),
        **_of_fields(generated, listed, pages),
        **_of_headers(exchanges),
    }


def _body(exchange: Exchange) -> dict[str, Any]:
    try:
        body = exchange.response.json() if exchange.response is not None else None
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _items(page: dict[str, Any]) -> list[dict[str, Any]]:
    items = page.get("app_codes")
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _times(records: Iterable[dict[str, Any]]) -> set[str]:
    return {each["create_time"] for each in records if instant_of(each.get("create_time")) is not None}


def _of_app_codes(codes: set[str]) -> dict[str, str]:
    if sum(map(len, codes)) < _TELLING:
        return {}
    digits = any(character.isdigit() for code in codes for character in code)
    lengths = set(map(len, codes))
    same = _LENGTHS.get(next(iter(lengths)), f"{next(iter(lengths))} characters") if len(lengths) == 1 else "random"
    return {"app_code_alphabet": "with_digits" if digits else "letters_only", "app_code_length": same}


def _of_times(generated: set[str], listed: set[str]) -> dict[str, str]:
    seen = {}
    # A time may end in zeros that a server does not write; the most frequent number of digits is what it chose.
    digits = [_usual_digits(times) for times in (generated, listed)]
    if None not in digits:
        told = f"{digits[0]} digits on generate, {digits[1]} in the list"
        seen["create_time_precision"] = _PRECISIONS.get((digits[0] or 0, digits[1] or 0), told)
    zones = {match[0].upper() for text in generated | listed if (match := _ZONE.search(text))}
    if zones:
        seen["create_time_zone"] = "utc" if zones == {"Z"} else " and ".join(sorted(zones))
    return seen


def _usual_digits(times: set[str]) -> int | None:
    counted = Counter(moment.digits for moment in map(instant_of, times) if moment is not None)
    return counted.most_common(1)[0][0] if counted else None


def _of_fields(
    generated: list[dict[str, Any]], listed: list[dict[str, Any]], pages: list[dict[str, Any]]
) -> dict[str, str]:
    if not generated and not pages:
        return {}
    extra = any(each.keys() - _FIELDS for each in (*generated, *listed)) or any(
        page.keys() - _PAGE_FIELDS for page in pages
    )
    return {"extra_fields": "present" if extra else "absent"}


def _of_headers(exchanges: Sequence[Exchange]) -> dict[str, str]:
    seen = {}
    types = {exchange.response.header("Content-Type") or "" for exchange in exchanges if exchange.response is not None}
    if types:
        seen["content_type"] = "charset" if any("charset" in each.lower() for each in types) else "plain"
    waits = sum(wait_asked_for(exchange.response) is not None for exchange in exchanges)
    if waits:
        seen["rate_limit"] = f"{waits} of {len(exchanges)} requests"
    return seen
