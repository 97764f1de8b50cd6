"""The one place that knows what a secret is: tokens and AppCodes.

Everything that leaves the process as text (terminal, report, exception, log) passes through here. A secret is
replaced by its length and a short digest with a salt made anew in each process, so that two can be told apart and
neither can be found by trying.
"""

from __future__ import annotations

import html
import json
import re
import secrets
from functools import cache
from hashlib import blake2s
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from appcode_contract.messages import path_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SECRET_HEADERS: Final = frozenset(
    {
        "authorization",
        "cookie",
        "proxy-authorization",
        "set-cookie",
        "x-apig-appcode",
        "x-auth-token",
        "x-security-token",
        "x-subject-token",
    }
)
"""Headers whose values are secrets, in lower case."""

_NAMES: Final = r"[\w-]*app[_-]?code|[\w-]*token|secret"
_NAME: Final = re.compile(_NAMES, re.IGNORECASE)
_FIELD: Final = re.compile(rf'("(?:{_NAMES})"\s*:\s*")((?:[^"\\]|\\.)+)', re.IGNORECASE | re.DOTALL)
_SHORTEST_RUN: Final = 40
_RUN: Final = re.compile(r"[A-Za-z0-9+_!@#$%/=\\-]{40,}")
_SHORTEST: Final = 4
# To search a text for each of so many beginnings is faster than to look at each of its characters.
_FEW: Final = 200
_LONGEST_SECRET: Final = 4096
_CUT: Final = "…"
_PART: Final = 12
_LONG: Final = 24
_MOST_PARTS: Final = 300_000


@cache
def _salt() -> bytes:
    return secrets.token_bytes(16)


READ: Final = 65_536
"""How many bytes of a body are looked at for a text."""


def begin_of(body: bytes) -> str:
    """Give the begin of a body as a text, to be redacted.

    Args:
        body: The body.

    Returns:
        A little more than 65,536 bytes of it, so that no secret that begins among these is cut.
    """
    return body[: READ + _LONGEST_SECRET].decode("utf-8", "replace")


def fingerprint(secret: str) -> str:
    """Give what may be shown of a secret.

    Args:
        secret: A token or an AppCode.

    Returns:
        Its length in characters and eight hexadecimal digits that are the same for the same secret within this
        process, as ``[redacted: 64 characters #0a1b2c3d]``.
    """
    digest = blake2s(secret.encode("utf-8", "surrogatepass"), key=_salt(), digest_size=4).hexdigest()
    return f"[redacted: {len(secret)} characters #{digest}]"


def redact_headers(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Replace the values of headers that carry credentials.

    Args:
        headers: Pairs of name and value.

    Returns:
        The pairs, in order.
    """
    return [(name, fingerprint(value) if name.lower() in SECRET_HEADERS else value) for name, value in headers]


def credentials_in(headers: Iterable[tuple[str, str]]) -> set[str]:
    """Give the values of headers that carry credentials.

    Args:
        headers: Pairs of name and value.

    Returns:
        The values.
    """
    return {value for name, value in headers if value and name.lower() in SECRET_HEADERS}


def redact_text(text: str) -> str:
    """Replace what looks like a secret in a text from elsewhere, JSON or not.

    Args:
        text: A body, or part of one.

    Returns:
        The text without the values of fields named like AppCodes and tokens, and without unbroken runs of 40 or
        more characters of the AppCode alphabet, wherever they stand.
    """
    named = _FIELD.sub(lambda match: match[1] + fingerprint(_unescape(match[2])), text)
    return _RUN.sub(_hide_run, named)


def redact_path(path: str) -> str:
    """Replace what looks like an AppCode in a path, also where its own slashes cut it in pieces.

    Args:
        path: The path as sent.

    Returns:
        The path with the ids and words of the URIs.
    """
    parts = path_parts(path, _SHORTEST_RUN - 1)
    return "/".join(part if harmless else fingerprint(part) for part, harmless in parts)


def _hide_run(match: re.Match[str]) -> str:
    plain = _unescape(match[0])
    # Numbers, and words of other scripts written as \\u0000, are no credentials.
    harmless = plain.isdigit() or len(plain) < _SHORTEST_RUN or not plain.isascii()
    return match[0] if harmless else fingerprint(plain)


def secrets_in(text: str) -> set[str]:
    """Find what looks like a secret in a text from elsewhere.

    Args:
        text: A body, or part of one.

    Returns:
        The secrets, unescaped.
    """
    found = {_unescape(match[2]) for match in _FIELD.finditer(text)}
    return found | {_unescape(match[0]) for match in _RUN.finditer(text)}


def secrets_in_json(document: object) -> set[str]:
    """Find what looks like a secret in a parsed document: the same as in its text, without a search of the whole text.

    Args:
        document: Any JSON value.

    Returns:
        The secrets.
    """
    found: set[str] = set()
    waiting = [document]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            if len(each) >= _SHORTEST_RUN:
                found.update(_RUN.findall(each))
        elif isinstance(each, list):
            waiting.extend(each)
        elif isinstance(each, dict):
            waiting.extend(each.values())
            waiting.extend(name for name in each if len(name) >= _SHORTEST_RUN)
            found.update(
                value for name, value in each.items() if value and isinstance(value, str) and _NAME.fullmatch(name)
            )
    return found


def _unescape(literal: str) -> str:
    try:
        return str(json.loads(f'"{literal}"', strict=False))
    except ValueError:
        return literal


def printable(text: str) -> str:
    """Escape what a terminal would act on or an encoding does not have.

    Args:
        text: A text that may repeat what a server sent.

    Returns:
        The text with control characters and lone surrogates written as in Python; line ends stay.
    """
    return "\n".join(line if line.isprintable() else _escaped(line) for line in text.split("\n"))


def _escaped(line: str) -> str:
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in line)


def one_line(text: str) -> str:
    """Make one printable line of a text.

    Args:
        text: Any text, as a file's name or what somebody else wrote.

    Returns:
        The line; line ends are written as in Python, too.
    """
    return printable(text).replace("\n", "\\n")


class Redactor:
    """Removes known secrets from texts, in every form that they take on the way to one.

    Args:
        known: Secrets to begin with; empty ones are left out.
    """

    def __init__(self, known: Iterable[str] = ()) -> None:
        """Begin with the secrets given."""
        self._known: set[str] = set()
        self._by_start: dict[str, list[str]] = {}
        self._by_form: dict[str, str] = {}
        self._by_part: dict[str, str] = {}
        self.learn(known)

    def learn(self, found: Iterable[str]) -> None:
        """Add secrets.

        Args:
            found: Tokens or AppCodes. Those shorter than 4 characters are left out: they would match everywhere.
        """
        new = {secret for secret in found if len(secret) >= _SHORTEST} - self._known
        self._known |= new
        for secret in new:
            self._learn_parts(secret)
            for form in _forms(secret):
                self._by_form[form] = secret
                self._by_start.setdefault(form[:_SHORTEST], []).append(form)

    def _learn_parts(self, secret: str) -> None:
        # Of very many secrets the parts would take too much memory; the whole ones are known all the same.
        if len(secret) >= _LONG and len(self._by_part) < _MOST_PARTS:
            for start in range(len(secret) - _PART + 1):
                self._by_part[secret[start : start + _PART]] = secret

    def __call__(self, text: str) -> str:
        """Redact a text.

        Args:
            text: Anything about to leave the process.

        Returns:
            The text with each known secret replaced, whether plain, as in JSON, in a URL, in HTML or in a ``repr``, and
            with plain parts of 12 or more characters of one of 24 or more. Where a text was cut, which ``…`` shows, the
            begin of a secret is hidden from 4 characters on.
        """
        return self._without_begins(self.whole(text))

    def whole(self, text: str) -> str:
        """Redact a text that nobody has cut.

        Args:
            text: Anything about to leave the process.

        Returns:
            The text without the secrets and their parts; what stands before ``…`` is no begin of one.
        """
        return self._without_parts(self._without_secrets(text))

    def _without_secrets(self, text: str) -> str:
        parts: list[str] = []
        end, last = 0, ""
        for start in self._starts(text):
            form = self._form_at(text, start)
            if not form or start + len(form) <= end:
                continue
            if start >= end:
                parts.append(text[end:start])
                last = ""
            if self._by_form[form] != last:
                last = self._by_form[form]
                parts.append(fingerprint(last))
            end = start + len(form)
        return "".join([*parts, text[end:]])

    def _without_parts(self, text: str) -> str:
        kept: list[str] = []
        end = start = 0
        while self._by_part and start <= len(text) - _PART:
            secret = self._by_part.get(text[start : start + _PART])
            if secret is None:
                start += 1
                continue
            kept += [text[end:start], fingerprint(secret)]
            end = start + _PART
            while end < len(text) and text[end - _PART + 1 : end + 1] in self._by_part:
                end += 1
            start = end
        return "".join([*kept, text[end:]])

    def _without_begins(self, text: str) -> str:
        pieces = text.split(_CUT)
        return _CUT.join([*map(self._without_begin, pieces[:-1]), pieces[-1]])

    def _without_begin(self, piece: str) -> str:
        """Hide the begin of a secret at the end of a piece."""
        for length in range(min(_PART - 1, len(piece)), _SHORTEST - 1, -1):
            tail = piece[-length:]
            forms = self._by_start.get(tail[:_SHORTEST], ())
            form = next((each for each in forms if each.startswith(tail)), "")
            if form:
                return piece[:-length] + fingerprint(self._by_form[form])
        return piece

    def _starts(self, text: str) -> Iterable[int]:
        """Give every place, in order, where a form may begin."""
        if len(self._by_start) > _FEW:
            return range(len(text) - _SHORTEST + 1)
        return sorted(place for start in self._by_start for place in _places(text, start))

    def _form_at(self, text: str, start: int) -> str:
        forms = self._by_start.get(text[start : start + _SHORTEST], ())
        return max((form for form in forms if text.startswith(form, start)), key=len, default="")

    def __repr__(self) -> str:
        """Show how many secrets are known, and none of them."""
        return f"<Redactor of {len(self._known)} secrets>"


def _places(text: str, sought: str) -> Iterator[int]:
    place = text.find(sought)
    while place >= 0:
        yield place
        place = text.find(sought, place + 1)


_PERCENT: Final = re.compile("%[0-9A-F]{2}")


_LOWER: Final = str.maketrans({each: f"\\u{ord(each):04x}" for each in "<>&='+"})
_UPPER: Final = str.maketrans({each: f"\\u{ord(each):04X}" for each in "<>&'+"})


def _forms(secret: str) -> set[str]:
    forms = {secret, repr(secret)[1:-1], ascii(secret)[1:-1], html.escape(secret), html.escape(secret, quote=False)}
    for escaped in {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}:
        forms |= {escaped, escaped.replace("/", "\\/"), json.dumps(escaped)[1:-1]}
        forms |= {escaped.translate(_LOWER), escaped.translate(_UPPER)}
    try:
        url = quote(secret, safe="")
    except UnicodeEncodeError:  # a lone surrogate has no place in a URL
        return forms
    for each in {url, _PERCENT.sub(lambda match: match[0].lower(), url)}:
        forms |= {each, each.replace("%2F", "/").replace("%2f", "/"), each.replace("%20", "+")}
    return forms


_ORIGIN: Final = re.compile(r"\A[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
_USER: Final = re.compile(r"(?<=://)[^/?#]*@")
_LONGEST_NUMBER: Final = 23


def redact_url(url: str) -> str:
    """Drop user and password of a URL, what looks like an AppCode in its path, and what is long in its query.

    Args:
        url: An absolute URL.

    Returns:
        The URL as it may be shown; in its query no value is longer than any number.
    """
    before, mark, query = url.partition("?")
    origin = _ORIGIN.match(before)
    end = origin.end() if origin else 0
    return _USER.sub("", before[:end]) + redact_path(before[end:]) + mark + "&".join(map(_short, query.split("&")))


def _short(parameter: str) -> str:
    name, equals, value = parameter.partition("=")
    return (
        (name if len(name) < _SHORTEST_RUN else fingerprint(name))
        + equals
        + (value if len(value) <= _LONGEST_NUMBER else fingerprint(value))
    )
