"""The admin API: a request in, a response out, and who may ask at all."""

from __future__ import annotations

import hmac
import ipaddress
import json
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit

from appcode_contract.admin.document import document
from appcode_contract.admin.routes import ROUTES
from appcode_contract.messages import MAXIMUM_BODY, Request, Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from appcode_contract.admin.routes import Route
    from appcode_contract.stand_in import FakeAppCodes

PREFIX: Final = "/__admin"
_DOCUMENT: Final = "/openapi.json"
_DIGITS: Final = re.compile(r"[0-9]{1,19}")
_LARGEST: Final = 2**63 - 1


class _Refused(Exception):  # noqa: N818 - a way out of a call, never seen outside this module
    def __init__(self, status: int, why: str, **headers: str) -> None:
        super().__init__(why)
        self.status = status
        self.headers = headers


class Admin:
    """The admin API of one mock server.

    Args:
        host: The address or name that the server listens on.
        token: The bearer token that is demanded; None demands none. A credential.

    Raises:
        ValueError: The server can be reached from elsewhere, and there is no token; or the token is none.
    """

    def __init__(self, host: str, token: str | None = None) -> None:
        """Keep who may ask."""
        if token is None and not is_loopback(host):
            msg = f"the admin API on {host}, which others can reach, needs a token"
            raise ValueError(msg)
        if token is not None and not (token and token.isascii() and token.isprintable() and " " not in token):
            msg = "an admin token must be at least one printable ASCII character, without blanks"
            raise ValueError(msg)
        self._token = token
        self._here = is_loopback(host)

    def handle(self, fake: FakeAppCodes, request: Request) -> Response:
        """Answer one request below the prefix.

        Args:
            fake: The fake that is looked at and changed.
            request: The request.

        Returns:
            The answer; ``{"error": …}`` says what was wrong and what would be right.
        """
        try:
            self._admit(request)
            path = request.path.removeprefix(PREFIX)
            if (request.method, path) == ("GET", _DOCUMENT):
                return _answer(200, document(PREFIX, protected=self._token is not None))
            route = _find(request.method, path)
            return _answer(route.status, route.act(fake, _given(route, request)))
        except _Refused as refused:
            return _answer(refused.status, {"error": str(refused)}, **refused.headers)
        except (ValueError, LookupError) as error:
            return _answer(400, {"error": str(error)})

    def _admit(self, request: Request) -> None:
        # A page of a browser must not reach in here: neither by its own script nor by a name that it resolves to us.
        if request.header("Origin") is not None:
            raise _Refused(403, "the admin API is not for pages of browsers: a request with Origin is refused")
        if self._here and not is_loopback(_host_of(request)):
            raise _Refused(403, "the Host of the request is not this machine; ask 127.0.0.1, [::1] or localhost")
        if len(request.body) > MAXIMUM_BODY:
            raise _Refused(413, "the body has more than 1 MiB", Connection="close")
        scheme, _, given = (request.header("Authorization") or "").partition(" ")
        bearer = given.encode() if scheme.lower() == "bearer" else b""
        if self._token is not None and not hmac.compare_digest(bearer, self._token.encode()):
            why = "the admin API demands the header Authorization: Bearer TOKEN with the server's admin token"
            raise _Refused(401, why, **{"WWW-Authenticate": "Bearer"})


def is_loopback(host: str) -> bool:
    """Say whether an address or name is this machine's own.

    Args:
        host: An IP address, with or without brackets, or a name.

    Returns:
        Whether nobody else can reach it.
    """
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"


def _host_of(request: Request) -> str:
    told = request.header("Host")
    try:
        return urlsplit(f"//{told}" if told is not None else request.url).hostname or ""
    except ValueError:
        return ""


def _find(method: str, path: str) -> Route:
    there = [route for route in ROUTES if route.path == path]
    if not there:
        known = ", ".join(sorted({PREFIX + route.path for route in ROUTES} | {PREFIX + _DOCUMENT}))
        raise _Refused(404, f"there is no {PREFIX + path}; there are {known}")
    for route in there:
        if route.method == method:
            return route
    methods = ", ".join(route.method for route in there)
    raise _Refused(405, f"{PREFIX + path} has the methods {methods}", Allow=methods)


def _given(route: Route, request: Request) -> Mapping[str, Any]:
    """Read what a route takes, and refuse anything else."""
    pairs = parse_qsl(request.query, keep_blank_values=True)
    texts = dict(pairs)
    if len(texts) < len(pairs) or not texts.keys() <= route.query.keys():
        allowed = ", ".join(route.query) or "none"
        raise _Refused(400, f"a query parameter is unknown or repeated; there are {allowed}")
    given = {name: _parameter(name, text, route.query[name]) for name, text in texts.items()}
    if route.body is None:
        if request.body:
            raise _Refused(400, "this request has no body")
        return given
    return _body(route.body, request)


def _parameter(name: str, text: str, schema: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as the schema says
    if schema["type"] != "integer":
        return text
    least, most = schema["minimum"], schema.get("maximum", _LARGEST)
    if not _DIGITS.fullmatch(text) or not least <= int(text) <= most:
        raise _Refused(400, f"{name} must be an integer, {least} to {most}")
    return int(text)


def _body(schema: Mapping[str, Any], request: Request) -> Mapping[str, Any]:
    from appcode_contract.json_schema import first_error  # noqa: PLC0415 - jsonschema is imported when needed only

    if (request.header("Content-Type") or "").partition(";")[0].strip().lower() != "application/json":
        raise _Refused(415, "the body must be JSON: send Content-Type: application/json")
    try:
        body = Response(200, (), request.body).json()
    except ValueError as error:
        raise _Refused(400, f"the body is {error}") from None
    unknown = sorted(body.keys() - schema["properties"].keys()) if isinstance(body, dict) else []
    if unknown:
        raise _Refused(400, f"unknown: {', '.join(unknown)}; there are {', '.join(schema['properties'])}")
    wrong = first_error(schema, body)
    if wrong is not None:
        raise _Refused(400, wrong)
    return body  # type: ignore[no-any-return] # an object, says the schema


def _answer(status: int, value: object = None, **headers: str) -> Response:
    if value is None:
        return Response(204, tuple(headers.items()))
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace")
    own = {"Content-Type": "application/json", "Content-Length": str(len(body)), "Cache-Control": "no-store"}
    return Response(status, tuple({**own, **headers}.items()), body)
