"""Defects of tokens, of unknown apps, and of the bodies of errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from appcode_contract.messages import Request
from tests.broken_servers.planting import Defect, alters, drops, plant, renames, sets
from tests.broken_servers.service import Service
from tests.broken_servers.values import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from appcode_contract.messages import Response


CODES = {400: "error/400/code", 401: "error/401/code", 403: "error/403/code", 404: "error/404/code"}


def unknown_app(status: int, code: str, text: str = "There is no app {}") -> type[Service]:
    """Refuse an unknown app another way."""

    def require_app(self: Service, app_id: str) -> None:
        if app_id not in self.apps:
            raise RefusedError(status, code, text.format(app_id))

    return plant(require_app=require_app)


def makes_the_app(self: Service, app_id: str) -> None:
    self.apps.setdefault(app_id, [])


def lists_the_own(self: Service, app_id: str, query: dict[str, list[str]]) -> Response:
    return Service.listing(self, app_id if app_id in self.apps else self.app_id, query)


def generates_for(method: Callable[[Service, str], None]) -> type[Service]:
    """Meet unknown apps another way on generate."""

    def generate(self: Service, app_id: str, request: Request) -> Response:
        method(self, app_id)
        return Service.generate(self, app_id, request)

    return plant(generate=generate)


def blames_the_id(self: Service, app_id: str) -> None:
    if app_id not in self.apps:
        raise self.refused(400, "app_id")


def fails_on_the_id(self: Service, app_id: str) -> None:
    if app_id not in self.apps:
        raise KeyError(app_id)


def parses_the_id(self: Service, app_id: str) -> None:
    """Read the app's id as hexadecimal digits, and fail on any other."""
    int(app_id, 16)
    Service.require_app(self, app_id)


def fills_in(name: str) -> type[Service]:
    """Take an id that is missing in the path as the own one."""

    def app_of(self: Service, request: Request) -> str:
        place = {"project_id": "/v2//", "instance_id": "/instances//", "app_id": "/apps//"}[name]
        path = request.path.replace(place, place[:-1] + getattr(self, name) + "/")
        return Service.app_of(self, Request(request.method, path, request.headers))

    return plant(app_of=app_of)


def errors(*statuses: int) -> Callable[[Callable[[Any], Any]], type[Service]]:
    """Change the bodies of some errors."""

    def changing(change: Callable[[Any], Any]) -> type[Service]:
        def respond(self: Service, code: int, body: Any) -> Response:  # noqa: ANN401 - any body
            return Service.respond(self, code, change(body) if code in statuses else body)

        return plant(respond=respond)

    return changing


every_error = errors(400, 401, 403, 404, 500)


def fails_with(**fields: object) -> type[Service]:
    """Fail on every fifth list, and tell it with another body."""

    def listing(self: Service, app_id: str, query: dict[str, list[str]]) -> Response:
        if self.count["GET"] % 5 == 0:
            return self.respond(500, {"error_code": "APIG.9999", "error_msg": "The server failed", **fields})
        return Service.listing(self, app_id, query)

    return plant(listing=listing)


APPS = (
    Defect("an unknown app has an empty list", CODES[404], plant(require_app=makes_the_app)),
    Defect(
        "an unknown app has the list of the first app",
        "path/app-id",
        plant(listing=lists_the_own),
        frozenset({CODES[404], "list/app-codes/own"}),
    ),
    Defect("an unknown app is a 400", CODES[404], unknown_app(400, "APIG.2012", "app_id is not valid, {}")),
    Defect("an unknown app is a 403", CODES[404], unknown_app(403, "APIG.1005")),
    Defect("an unknown app is a 500", CODES[404], unknown_app(500, "APIG.9999")),
    Defect("an unknown app is a 410", "status/documented", unknown_app(410, "APIG.3004")),
    Defect("an unknown app is told with another code", CODES[404], unknown_app(404, "APIG.0101")),
    Defect("an unknown app is told in lower case", CODES[404], unknown_app(404, "apig.3004")),
    Defect("an unknown app is told without its id", CODES[404], unknown_app(404, "APIG.3004", "There is no such app")),
    Defect(
        "an unknown app is told with a cut id",
        CODES[404],
        plant(
            require_app=lambda self, app: (
                None if app in self.apps else (_ for _ in ()).throw(self.refused(404, app[:8]))
            )
        ),
    ),
    Defect("generate makes an unknown app", "error/404/generate", generates_for(makes_the_app), max_generate=8),
    Defect(
        "generate blames the id of an unknown app", "error/404/generate", generates_for(blames_the_id), max_generate=8
    ),
    Defect(
        "generate is a 500 for an unknown app", "error/404/generate", generates_for(fails_on_the_id), max_generate=8
    ),
    Defect("a missing project is the own one", "path/project-id", fills_in("project_id")),
    Defect("a missing instance is the own one", "path/instance-id", fills_in("instance_id")),
    Defect("a missing app is the first one", "path/app-id", fills_in("app_id")),
    Defect("an app's id that is not hexadecimal is a 500", "path/app-id", plant(require_app=parses_the_id)),
)
BODIES = (
    Defect("errors have no error_code", "error/body", every_error(drops("error_code"))),
    Defect("errors have no error_msg", "error/body", every_error(drops("error_msg"))),
    Defect(
        "errors have numbers for codes",
        "error/body",
        every_error(lambda b: {**b, "error_code": int(b["error_code"][5:])}),
    ),
    Defect("errors have a null error_msg", "error/body", every_error(sets(error_msg=None))),
    Defect(
        "errors have an array of messages", "error/body", every_error(lambda b: {**b, "error_msg": [b["error_msg"]]})
    ),
    Defect(
        "errors have an object of messages",
        "error/body",
        every_error(lambda b: {**b, "error_msg": {"en": b["error_msg"]}}),
    ),
    Defect("errors are in envelopes", "error/body", every_error(lambda b: {"error": b})),
    Defect("errors are arrays", "error/body", every_error(lambda b: [b])),
    Defect("errors are strings", "error/body", every_error(lambda b: f"{b['error_code']}: {b['error_msg']}")),
    Defect("errors are null", "error/body", every_error(lambda _: None)),
    Defect(
        "errors are named code and message", "error/body", every_error(renames(error_code="code", error_msg="message"))
    ),
    Defect(
        "errors are in camel case", "error/body", every_error(renames(error_code="errorCode", error_msg="errorMsg"))
    ),
    Defect("401 has no error_code", "error/body", alters(401, drops("error_code"))),
    Defect("403 is an envelope", "error/body", alters(403, lambda b: {"error": b})),
    Defect("404 is an array", "error/body", alters(404, lambda b: [b])),
    Defect(
        "400 is a problem of RFC 9457",
        "error/body",
        alters(400, lambda b: {"type": "about:blank", "title": b["error_msg"], "status": 400}),
    ),
    Defect("400 is told with another code", CODES[400], alters(400, sets(error_code="APIG.2011"))),
    Defect("400 is told in lower case", CODES[400], alters(400, sets(error_code="apig.2012"))),
    Defect("400 is told without the parameter", CODES[400], alters(400, sets(error_msg="Bad Request"))),
    Defect(
        "400 names another parameter",
        CODES[400],
        alters(400, lambda b: {**b, "error_msg": b["error_msg"].replace("limit", "page_size")}),
    ),
    Defect("400 names the value, not the parameter", CODES[400], alters(400, sets(error_msg="For input string"))),
    Defect("401 is told with a padded code", CODES[401], alters(401, sets(error_code="APIG.1002 "))),
    Defect("403 is told with the code of 401", CODES[403], alters(403, sets(error_code="APIG.1002"))),
    Defect(
        "failures are told with another code",
        "error/500/code",
        fails_with(error_code="APIG.0001"),
        frozenset({"list/status"}),
    ),
    Defect(
        "failures are told by a framework",
        "error/body",
        fails_with(error_code=None, error="Internal Server Error"),
        frozenset({"list/status"}),
    ),
)
DEFECTS = (*APPS, *BODIES)
