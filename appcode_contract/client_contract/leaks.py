"""Finds credentials in texts, whole or in part, and keeps them out of what the suite itself says."""

from __future__ import annotations

import binascii
import re
import threading
from base64 import b64decode
from typing import TYPE_CHECKING, Final

from appcode_contract.redaction import Redactor, printable, redact_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PART: Final = 12
_HIDDEN: Final = "[a text that holds part of a credential]"
_HEX: Final = re.compile(r"[0-9A-Fa-f]{24,}")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{16,}")
_URL_SAFE: Final = str.maketrans("-_", "+/")
_FOUR: Final = 4
_WORDS: Final = re.compile(r"[\s,;=]+")
_LONG: Final = 24


def _parts(text: str) -> set[str]:
    """Give 12 characters in a row from each place, whatever their case."""
    folded = text.lower()
    return {folded[start : start + _PART] for start in range(len(folded) - _PART + 1)}


def _decoded(text: str) -> Iterator[str]:
    """Give what parts of a text say in hexadecimal digits or base64, wherever in a row of them it begins."""
    for digits in _HEX.findall(text):
        for start in (0, 1):
            whole = digits[start : start + (len(digits) - start) // 2 * 2]
            yield binascii.unhexlify(whole).decode("latin-1")
    for row in _BASE64.findall(text):
        plain = row.translate(_URL_SAFE)
        for start in range(_FOUR):
            whole = plain[start : start + (len(plain) - start) // _FOUR * _FOUR]
            yield b64decode(whole).decode("latin-1")


def _kernels(secret: str) -> list[str]:
    """Give what is secret of a credential, or of a header that holds one among words that everybody knows."""
    return [secret] if " " not in secret else [each for each in _WORDS.split(secret) if len(each) >= _LONG]


class Secrets:
    """The credentials of a test.

    Args:
        known: Tokens and AppCodes to begin with.
    """

    def __init__(self, known: Iterable[str] = ()) -> None:
        """Begin with the credentials given."""
        # A thread of the client may log while another one is looked at.
        self._lock = threading.RLock()
        self._redactor = Redactor()
        self._known: set[str] = set()
        self._parts: set[str] = set()
        self.learn(known)

    def learn(self, found: Iterable[str]) -> None:
        """Add credentials."""
        with self._lock:
            new = set(found) - self._known
            self._known |= new
            new = {each for secret in new for each in _kernels(secret)}
            self._redactor.learn(new)
            for secret in new:
                self._parts |= _parts(secret)

    @property
    def known(self) -> frozenset[str]:
        """The credentials that are known."""
        with self._lock:
            return frozenset(self._known)

    def shown_in(self, text: str) -> bool:
        """Say whether a text shows a credential.

        Args:
            text: Any text.

        Returns:
            Whether a credential is in it: as it is, escaped for JSON, URLs, HTML or ``repr``, or 12 characters in a row
            of it, in either case, with blanks between, and in base64 or hexadecimal digits, also of more than it.
        """
        with self._lock:
            # Of a value that a client masks, as in abcd…wxyz, few characters are told.
            if self._redactor.whole(text) != text:
                return True
            forms = (text, "".join(text.split()), *_decoded(text))
            return any(not self._parts.isdisjoint(_parts(each)) for each in forms)

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
        with self._lock:
            shown = self._redactor(text)
            return _HIDDEN if self.shown_in(shown) else shown

    def __repr__(self) -> str:
        """Show how many credentials are known, and none of them."""
        return f"<{len(self._known)} secrets>"
