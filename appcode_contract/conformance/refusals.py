"""How a valid request to generate may be refused without a mistake of the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from appcode_contract.conformance.pace import wait_asked_for

if TYPE_CHECKING:
    from appcode_contract.messages import Exchange

_READ: Final = 65_536
_BLAMED: Final = ("parametername", "project_id", "instance_id", "app_id", "x-auth-token", "body", "content", "json")
"""Who names one of these blames the request, and the run's requests have nothing that can be blamed."""


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
    text = response.body[:_READ].decode("utf-8", "replace").lower()
    blames = any(name in text for name in _BLAMED) and "quota" not in text
    if response.status == 400 and has_app_codes and not blames:  # noqa: PLR2004 - how a quota is refused
        return "the server generates no more for this app (400, as for a quota)"
    return ""
