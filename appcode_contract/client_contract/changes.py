"""What the server in front of a client does to an answer of the fake: legal rewritings, and illegal ones."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from typing import TYPE_CHECKING, Any, Final

from appcode_contract.messages import Delivery, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from appcode_contract.messages import Manner, Request

    Change = Callable[[Request, Response], Response]

_NOT_AT_ALL: Final = re.compile(r";q=0(?:\.0*)?(?:;|\Z)")
_CODINGS: Final[Mapping[str, Callable[[bytes], bytes]]] = {"gzip": gzip.compress, "deflate": zlib.compress}
_REFUSED_FROM: Final = 400
_IN_PIECES: Final = Delivery("dribble", 0.05)
_NO_CONTENT: Final = 204
_LENGTH: Final = "content-length"


def with_body(response: Response, body: bytes, **headers: str) -> Response:
    """Give the response with another body.

    Args:
        response: The response.
        body: Its new body.
        **headers: Headers to set, with ``_`` for ``-``.

    Returns:
        The response, with the right Content-Length.
    """
    changed = {name.replace("_", "-"): value for name, value in headers.items()} | {"Content-Length": str(len(body))}
    left = {name.lower() for name in changed}
    kept = [(name, value) for name, value in response.headers if name.lower() not in left]
    return Response(response.status, (*kept, *changed.items()), body, response.delivery)


def rewritten(change: Callable[[dict[str, Any]], object]) -> Change:
    """Rewrite the JSON object of a success.

    Args:
        change: Takes the object, and gives what is answered in its place; None is the object as changed in place.
    """

    def rewrite(_: Request, response: Response) -> Response:
        if response.status >= _REFUSED_FROM or not response.body:
            return response
        body = response.json()
        changed = change(body)
        return with_body(response, json.dumps(body if changed is None else changed).encode())

    return rewrite


def replaced(body: bytes, content_type: str = "application/json") -> Change:
    """Put another body in the place of a success's."""
    return lambda _, response: with_body(response, body, Content_Type=content_type)


def _records(body: dict[str, Any]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] | None = body.get("app_codes")
    return [body] if items is None else items


def giving(field: str, values: Sequence[object]) -> Change:
    """Give the records of an answer these values of a field, in turn."""

    def change(body: dict[str, Any]) -> None:
        for number, record in enumerate(_records(body)):
            record[field] = values[number % len(values)]

    return rewritten(change)


def _add_fields(body: dict[str, Any]) -> None:
    for each in [body, *_records(body)]:
        each |= {"remark": None, "sequence": 7, "labels": ["a", {"b": True}], "owner": {"name": "Zoë"}}


with_unknown_fields: Final = rewritten(_add_fields)
"""Add fields of every type that the tables do not name."""


def escaped(_: Request, response: Response) -> Response:
    """Write the same JSON with escapes and blanks, and the keys the other way round."""
    body = response.json()
    turned = dict(reversed(body.items()))
    text = json.dumps(turned, indent=4).replace("/", "\\/").replace("+", "\\u002b").replace("=", "\\u003D")
    return with_body(response, f"\r\n{text}\n".encode())


def compressed(coding: str) -> Change:
    """Compress the answer for a client that says it accepts that.

    Args:
        coding: ``gzip`` or ``deflate``.
    """

    def compress(request: Request, response: Response) -> Response:
        told = (request.header("Accept-Encoding") or "").lower().replace(" ", "").split(",")
        offers = {offer.split(";")[0]: offer for offer in told}
        offer = offers.get(coding, offers.get("*"))
        if offer is None or _NOT_AT_ALL.search(offer):
            return response
        body = _CODINGS[coding](response.body)
        return with_body(response, body, Content_Encoding=coding, Vary="Accept-Encoding")

    return compress


def in_pieces(_: Request, response: Response) -> Response:
    """Send the answer in pieces and without Content-Length, which makes it chunked in HTTP/1.1."""
    headers = [(name, value) for name, value in response.headers if name.lower() != _LENGTH]
    return Response(response.status, headers, response.body, _IN_PIECES)


def with_content_type(content_type: str) -> Change:
    """Write Content-Type in another way."""
    return lambda _, response: with_body(response, response.body, Content_Type=content_type)


def answered(status: int, *headers: tuple[str, str]) -> Change:
    """Answer with another status, in JSON that tells of an error."""
    body = json.dumps({"error_code": "APIG.9999", "error_msg": "This is not what was asked for."}).encode()
    return lambda _, __: Response(status, [("Content-Type", "application/json"), *headers], body)


def emptied(_: Request, response: Response) -> Response:
    """Answer that all went well, and nothing more."""
    headers = [(name, value) for name, value in response.headers if not name.lower().startswith("content-")]
    return Response(_NO_CONTENT, headers)


def delivered(manner: Manner, seconds: float) -> Change:
    """Let the answer travel in another way.

    Args:
        manner: How it travels.
        seconds: How long that takes, where it takes any time.
    """
    return lambda _, response: Response(response.status, response.headers, response.body, Delivery(manner, seconds))


def only_generates(change: Change) -> Change:
    """Change what is answered to a generate, and let the rest be."""
    return lambda request, response: change(request, response) if request.method == "PUT" else response


def by_app(changes: Mapping[str, Change]) -> Change:
    """Change the answers for some apps, each in its own way.

    Args:
        changes: What becomes of the answers, by the app's id.
    """

    def change(request: Request, response: Response) -> Response:
        for app in request.path.split("/"):
            if app in changes:
                return changes[app](request, response)
        return response

    return change


def with_200(_: Request, response: Response) -> Response:
    """Answer a success with 200."""
    status = 200 if response.status < _REFUSED_FROM else response.status
    return Response(status, response.headers, response.body, response.delivery)
