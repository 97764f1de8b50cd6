"""How a valid request to generate may be refused without a mistake of the server."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from appcode_contract.conformance.pace import wait_asked_for

if TYPE_CHECKING:
    from appcode_contract.messages import Exchange

_READ: Final = 65_536
_PARAMETERS: Final = ("parametername", "project_id", "instance_id", "app_id", "x-auth-token")
"""Who names one of these blames the request, and the run's requests have nothing that can be blamed."""
_QUOTA: Final = re.compile(r"quota|maximum|exceed|too many|limit|upper|reached|\u4e0a\u9650|\u914d\u989d|\u8d85")
_BODY: Final = re.compile(r"\bbody\b|content.type|\bjson\b")
_LENGTH_REQUIRED: Final = 411
_UNSUPPORTED_MEDIA_TYPE: Final = 415


def excuse(exchange: Exchange, *, has_app_codes: bool, has_generated: bool) -> str:
    """Say why a valid request to generate was refused, if the pages leave room for it.

    Args:
        exchange: The exchange.
        has_app_codes: Whether the app has AppCodes already, so that a quota can be reached.
        has_generated: Whether the token has generated one already, so that it is no token that may only list.

    Returns:
        The reason: too many requests (429, or 503 with Retry-After), a token that may only list (403), or a quota (a
        400 that blames no parameter); empty when there is none.
    """
    response = exchange.response
    if response is None:
        return ""
    if wait_asked_for(response) is not None:
        return f"the server answered {response.status} (too many requests)"
    if response.status == 403 and not has_generated:  # noqa: PLR2004 - the documented status
        return "the token may not generate (403)"
    text = _text(exchange)
    blames = wants_a_body(exchange) or (any(name in text for name in _PARAMETERS) and not _QUOTA.search(text))
    if response.status == 400 and has_app_codes and not blames:  # noqa: PLR2004 - how a quota is refused
        return "the server generates no more for this app (400, as for a quota)"
    return ""


def wants_a_body(exchange: Exchange) -> bool:
    """Say whether a request without a body was refused because it has none.

    Args:
        exchange: The exchange.

    Returns:
        Whether the status is 411 or 415, or 400 with a text about the body.
    """
    status = exchange.response.status if exchange.response is not None else 0
    told = status == 400 and _BODY.search(_text(exchange)) is not None  # noqa: PLR2004 - the documented status
    return told or status in {_LENGTH_REQUIRED, _UNSUPPORTED_MEDIA_TYPE}


def _text(exchange: Exchange) -> str:
    body = exchange.response.body[:_READ] if exchange.response is not None else b""
    return body.decode("utf-8", "replace").lower()
