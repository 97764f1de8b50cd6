"""Signed requests, as the vendor's SDK sends them in place of X-Auth-Token; the two pages say nothing of them.

``Authorization: SDK-HMAC-SHA256 Access=ID, SignedHeaders=NAMES, Signature=HEX`` signs method, path, query, the named
headers and the body with a secret key; X-Sdk-Date says when.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, quote, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from appcode_contract.messages import Request

ALGORITHM: Final = "SDK-HMAC-SHA256"
_AUTHORIZATION: Final = re.compile(
    ALGORITHM + r" Access=([^,\s]+), ?SignedHeaders=([a-z0-9-]+(?:;[a-z0-9-]+)*), ?Signature=([0-9a-f]{64})"
)
_DATE: Final = "X-Sdk-Date"
_DATE_FORMAT: Final = "%Y%m%dT%H%M%SZ"
_TOLERANCE: Final = 15 * 60
_UNSIGNED: Final = "UNSIGNED-PAYLOAD"


def is_signed(request: Request, secret_keys: Mapping[str, str], now: float) -> bool:
    """Verify a request's signature.

    Args:
        request: The request.
        secret_keys: The secret keys by access key.
        now: The time, in seconds since 1970.

    Returns:
        Whether a known access key signed exactly this request, its host and date included, less than 15 minutes off.
    """
    match = _AUTHORIZATION.fullmatch(request.header("Authorization") or "")
    if match is None:
        return False
    access_key, names, signature = match.groups()
    date = request.header(_DATE) or ""
    secret_key = secret_keys.get(access_key)
    if secret_key is None or not {"host", _DATE.lower()} <= set(names.split(";")) or not _is_near(date, now):
        return False
    try:
        canonical = _canonical(request, names)
    except UnicodeError:  # a character that no request carries
        return False
    text = f"{ALGORITHM}\n{date}\n{hashlib.sha256(canonical).hexdigest()}"
    expected = hmac.new(secret_key.encode(), text.encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, signature)


def _is_near(date: str, now: float) -> bool:
    try:
        sent = datetime.strptime(date, _DATE_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return False
    return abs(sent.timestamp() - now) <= _TOLERANCE


def _canonical(request: Request, names: str) -> bytes:
    """Write a request in the one form that both sides sign."""
    path = "/".join(map(_quoted, unquote(request.path, errors="surrogateescape").split("/")))
    pairs = sorted(parse_qsl(request.query, keep_blank_values=True, errors="surrogateescape"))
    query = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)
    headers = "".join(f"{name}:{_value(request, name)}\n" for name in names.split(";"))
    declared = request.header("X-Sdk-Content-Sha256")
    body = _UNSIGNED if declared == _UNSIGNED and request.body else hashlib.sha256(request.body).hexdigest()
    # A header's text is its bytes, one for each character.
    return "\n".join((request.method, path.rstrip("/") + "/", query, headers, names, body)).encode("latin-1")


def _quoted(text: str) -> str:
    return quote(text, safe="~", errors="surrogateescape")


def _value(request: Request, name: str) -> str:
    given = request.header(name)
    if given is None and name == "host":
        return urlsplit(request.url).netloc
    return (given or "").strip()
