"""What the admin API can do: each route with its body, its answer and the words that describe it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from appcode_contract.admin.exchanges import tell_exchanges
from appcode_contract.behavior import Behavior, choices_by_field
from appcode_contract.fake.faults import FAULT_NAMES, STATUSES
from appcode_contract.revisions import REVISIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from appcode_contract.stand_in import FakeAppCodes

    Json = Mapping[str, Any]

_TEXT: Final = {"type": "string"}
_ID: Final[Json] = {"type": "string", "description": "Left out, it is the first one of the mock server."}
_NEW_ID: Final[Json] = {"type": "string", "description": "1 to 64 letters, digits, - and _; made up when left out."}
_PLACE: Final[dict[str, Json]] = {"project_id": _ID, "instance_id": _ID}
_RECORD: Final = {
    "type": "object",
    "required": ["app_code", "id", "app_id", "create_time"],
    "properties": dict.fromkeys(("app_code", "id", "app_id", "create_time"), _TEXT),
}
_RECORDS: Final = {
    "type": "object",
    "required": ["app_codes"],
    "properties": {"app_codes": {"type": "array", "items": _RECORD}},
}


def _choices(name: str) -> Json:
    choices = choices_by_field()[name]
    if any(isinstance(choice, int) for choice in choices):
        return {"type": ["integer", "null"], "minimum": 1, "default": None}
    return {"type": "string", "enum": list(choices), "default": choices[0]}


_BEHAVIOR: Final = {
    "type": "object",
    "additionalProperties": False,
    "properties": {name: _choices(name) for name in choices_by_field()},
}


def _object(properties: Json, required: tuple[str, ...] = ()) -> Json:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": properties,
    }


@dataclass(frozen=True, slots=True)
class Route:
    """One method on one path.

    Attributes:
        method: The method.
        path: The path below the prefix.
        summary: What it does, in a line.
        act: Does it, and gives the body of the answer; None is no body (204).
        status: The status when all went well.
        body: The JSON Schema of the request's body; None when there is none.
        query: The JSON Schema of each query parameter.
        answer: The JSON Schema of the answer's body; None when there is none.
    """

    method: str
    path: str
    summary: str
    act: Callable[[FakeAppCodes, Json], object]
    status: int = 200
    body: Json | None = None
    query: Json = field(default_factory=lambda: MappingProxyType({}))
    answer: Json | None = None


def _health(_: FakeAppCodes, __: Json) -> Json:
    return {"status": "ok", "revision": REVISIONS["G"]}


def _state(fake: FakeAppCodes, _: Json) -> Json:
    ids = {name: getattr(fake, name) for name in ("base_url", "project_id", "instance_id", "app_id", "token")}
    return {**ids, "apps": [{**app._asdict(), "app_codes": count} for app, count in fake.apps().items()]}


def _add_app(fake: FakeAppCodes, given: Json) -> Json:
    return {"app_id": fake.add_app(**given)}


def _seed(fake: FakeAppCodes, given: Json) -> Json:
    place = {name: value for name, value in given.items() if name != "count"}
    return {"app_codes": [asdict(record) for record in fake.seed(given["count"], **place)]}


def _app_codes(fake: FakeAppCodes, given: Json) -> Json:
    return {"app_codes": [asdict(record) for record in fake.app_codes(**given)]}


def _add_token(fake: FakeAppCodes, given: Json) -> None:
    fake.add_token(given["token"], forbidden=given.get("forbidden", False))


def _add_access_key(fake: FakeAppCodes, given: Json) -> None:
    fake.add_access_key(given["access_key"], given["secret_key"])


def _behavior(fake: FakeAppCodes, _: Json) -> Json:
    return asdict(fake.behavior)


def _behave(fake: FakeAppCodes, given: Json) -> Json:
    fake.behavior = Behavior(**given)
    return asdict(fake.behavior)


def _fail(fake: FakeAppCodes, given: Json) -> None:
    fake.fail(**given)


def _clear_faults(fake: FakeAppCodes, _: Json) -> None:
    fake.clear_faults()


def _reset(fake: FakeAppCodes, _: Json) -> None:
    fake.reset()


def _exchanges(fake: FakeAppCodes, given: Json) -> Json:
    kept, dropped = fake.recorded()
    begin = max(0, given.get("offset", 0) - dropped)
    shown = kept[begin : begin + given.get("limit", _MOST_EXCHANGES)]
    return {"total": dropped + len(kept), "dropped": dropped, "exchanges": tell_exchanges(shown, fake.tokens())}


_FAULT: Final = _object(
    {
        "operation": {
            "enum": ["generate", "list", None],
            "description": "Calls of which operation; both when left out.",
        },
        "status": {"type": "integer", "enum": list(STATUSES), "description": "The status answered, or else a fault."},
        "fault": {
            "type": "string",
            "enum": list(FAULT_NAMES),
            "description": "What happens in place of another status.",
        },
        "times": {
            "type": ["integer", "null"],
            "minimum": 1,
            "default": 1,
            "description": "How many calls; null is all.",
        },
        "every": {"type": "integer", "minimum": 1, "default": 1, "description": "Only every so many calls."},
        "probability": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 1,
            "default": 1,
            "description": "How likely.",
        },
        "seconds": {"type": "number", "minimum": 0, "default": 1, "description": "How long a slow answer takes."},
        "retry_after": {"type": ["integer", "null"], "minimum": 0, "description": "The seconds of Retry-After."},
        "location": {"type": "string", "description": "Scheme, host and port that a redirect leads to."},
    }
)
_STATE: Final = {
    "type": "object",
    "properties": {
        **dict.fromkeys(("base_url", "project_id", "instance_id", "app_id", "token"), _TEXT),
        "apps": {"type": "array", "items": {"type": "object"}},
    },
}
_MOST_EXCHANGES: Final = 500
_EXCHANGES: Final = {
    "type": "object",
    "properties": {
        "total": {"type": "integer", "description": "How many there were, kept or not."},
        "dropped": {"type": "integer", "description": "How many had to make room for newer ones."},
        "exchanges": {"type": "array", "items": {"type": "object"}},
    },
}
_EXCHANGES_QUERY: Final = {
    "offset": {
        "type": "integer",
        "minimum": 0,
        "default": 0,
        "description": "How many are left out, of all that there were.",
    },
    "limit": {"type": "integer", "minimum": 1, "maximum": _MOST_EXCHANGES, "default": _MOST_EXCHANGES},
}
_HEALTH: Final = {"type": "object", "properties": {"status": _TEXT, "revision": _TEXT}}

ROUTES: Final[tuple[Route, ...]] = (
    Route(
        "GET",
        "/health",
        "Say that the server runs, and which revision of the pages it follows.",
        _health,
        answer=_HEALTH,
    ),
    Route("GET", "/state", "Show the ids, the first token and every app.", _state, answer=_STATE),
    Route("POST", "/reset", "Go back to the beginning.", _reset, 204),
    Route(
        "POST",
        "/apps",
        "Add an app without AppCodes; one that exists keeps its own.",
        _add_app,
        201,
        _object({"app_id": _NEW_ID, **_PLACE}),
        answer={"type": "object", "properties": {"app_id": _TEXT}},
    ),
    Route(
        "GET",
        "/app-codes",
        "Show an app's AppCodes in the order in which they are listed.",
        _app_codes,
        query={"app_id": _ID, **_PLACE},
        answer=_RECORDS,
    ),
    Route(
        "POST",
        "/app-codes",
        "Generate AppCodes without a request to the API.",
        _seed,
        201,
        _object(
            {"count": {"type": "integer", "minimum": 0, "maximum": 1_000_000}, "app_id": _ID, **_PLACE}, ("count",)
        ),
        answer=_RECORDS,
    ),
    Route(
        "POST",
        "/tokens",
        "Make a token known.",
        _add_token,
        204,
        _object({"token": _TEXT, "forbidden": {"type": "boolean", "default": False}}, ("token",)),
    ),
    Route(
        "POST",
        "/access-keys",
        "Make an access key known, for signed requests.",
        _add_access_key,
        204,
        _object({"access_key": _TEXT, "secret_key": _TEXT}, ("access_key", "secret_key")),
    ),
    Route("GET", "/behavior", "Show the choices where the pages are silent.", _behavior, answer=_BEHAVIOR),
    Route(
        "PUT",
        "/behavior",
        "Set the choices where the pages are silent; what is left out has its default.",
        _behave,
        body=_BEHAVIOR,
        answer=_BEHAVIOR,
    ),
    Route("POST", "/faults", "Misbehave on the next calls.", _fail, 204, _FAULT),
    Route("DELETE", "/faults", "Behave again.", _clear_faults, 204),
    Route(
        "GET",
        "/exchanges",
        "Show what was asked and answered, oldest first, and how it broke the contract; without credentials.",
        _exchanges,
        query=_EXCHANGES_QUERY,
        answer=_EXCHANGES,
    ),
)
