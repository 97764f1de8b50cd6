"""Finds credentials in texts, whole or in part, and keeps them out of what the suite itself says."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from typing import TYPE_CHECKING, Final

from appcode_contract.redaction import Redactor, printable, redact_text

if TYPE_CHECKING:
    from collections.abc import Iterable

_PART: Final = 12
_HIDDEN: Final = "[a text that holds part of a credential]"


def _encoded(secret: str) -> set[str]:
    raw = secret.encode()
    return {raw.hex(), b64encode(raw).decode().rstrip("="), urlsafe_b64encode(raw).decode().rstrip("=")}


def _parts(text: str) -> set[str]:
    return {text[start : start + _PART] for start in range(len(text) - _PART + 1)}


class Secrets:
    """The credentials of a test.

    Args:
        known: Tokens and AppCodes to begin with.
    """

    def __init__(self, known: Iterable[str] = ()) -> None:
        """Begin with the credentials given."""
        self._redactor = Redactor()
        self._known: set[str] = set()
        self._parts: set[str] = set()
        self.learn(known)

    def learn(self, found: Iterable[str]) -> None:
        """Add credentials."""
        new = set(found) - self._known
        self._known |= new
        self._redactor.learn(new)
        for secret in new:
            self._parts |= _parts(secret).union(*map(_parts, _encoded(secret)))

    def shown_in(self, text: str) -> bool:
        """Say whether a text shows a credential.

        Args:
            text: Any text.

        Returns:
            Whether a credential is in it: as it is, escaped for JSON, URLs, HTML or ``repr``, or 12 characters in a row
            of it or of its form in base64 or hexadecimal digits.
        """
        return not self._parts.isdisjoint(_parts(text)) or self._redactor(text) != text

    def hide(self, text: str) -> str:
        """Give a text from elsewhere as it may be shown.

        Args:
            text: What a client said.

        Returns:
            The text without credentials, and without what looks like one.
        """
        return printable(redact_text(self.hide_known(text)))

    def hide_known(self, text: str) -> str:
        """Give a text without the credentials that are known, and with all else as it is."""
        shown = self._redactor(text)
        return _HIDDEN if self.shown_in(shown) else shown

    def __repr__(self) -> str:
        """Show how many credentials are known, and none of them."""
        return f"<{len(self._known)} secrets>"
