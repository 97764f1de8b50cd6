"""What may be shown of a text that came over the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from appcode_contract.redaction import Redactor, credentials_in, redact_path, redact_text

if TYPE_CHECKING:
    from appcode_contract.messages import Exchange


def shown(text: str, exchange: Exchange, length: int = 120) -> str:
    """Quote a text for a violation: credentials removed first, cut after, control characters escaped.

    Args:
        text: The text.
        exchange: Where it was seen; its token is removed from the text.
        length: How much to show at most.

    Returns:
        The text in quotation marks, printable.
    """
    known = Redactor(credentials_in(exchange.request.headers))
    quoted = ascii(redact_text(known(text)))
    return quoted if len(quoted) <= length else quoted[:length] + "…"


def shown_path(path: str, exchange: Exchange, length: int = 300) -> str:
    """Show a path, whose segments together look like an AppCode and are none."""
    known = Redactor(credentials_in(exchange.request.headers))
    quoted = ascii(redact_path(known(path)))[1:-1]
    return quoted if len(quoted) <= length else quoted[:length] + "…"
