"""Both operations over the store: a request in, a response out.

Precedence is the fake's own choice, since the pages give none: an unknown path (404), another method (405), too many
requests (429), the token (401), its permission (403), the parameters (400), the app (404), a quota (400). What an app
id may look like is known only in a project and instance that exist; anywhere else no app is found (404).
"""

from __future__ import annotations

import re
import time
from copy import deepcopy
from dataclasses import dataclass
from threading import RLock
from typing import TYPE_CHECKING, Final, Literal

from appcode_contract.fake.bodies import Bodies
from appcode_contract.fake.errors import (
    BAD_TOKEN,
    BY_STATUS,
    FORBIDDEN,
    INVALID_PARAMETER,
    QUOTA_REACHED,
    TOO_MANY_REQUESTS,
    UNKNOWN_APP,
    UNKNOWN_PATH,
    WRONG_METHOD,
)
from appcode_contract.fake.faults import Faults
from appcode_contract.fake.routing import OPERATIONS, app_of, parameters
from appcode_contract.fake.signing import is_signed
from appcode_contract.fake.store import Store, well_formed
from appcode_contract.messages import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from appcode_contract.behavior import Behavior
    from appcode_contract.fake.errors import ErrorKind
    from appcode_contract.fake.faults import Fault, OperationName
    from appcode_contract.fake.store import AppKey
    from appcode_contract.fake.values import ValueSource
    from appcode_contract.messages import AppCodeRecord, Request

_INTEGER: Final = re.compile(r"-?[0-9]{1,4000}")
_DEFAULT_LIMIT: Final = 20
_MAXIMUM_LIMIT: Final = 500
_MEDIA_TYPES: Final = {"plain": "application/json", "charset": "application/json;charset=UTF-8"}
# The next request is answered, however soon it comes.
_MORE_HEADERS: Final = {405: (("Allow", "GET, PUT"),), 429: (("Retry-After", "0"),)}


_NOTHING: Final = Response(503, (("Content-Length", "0"),))
"""The answer to a request that was not carried out; it reaches nobody."""


class _Refused(Exception):  # noqa: N818 - a way out of a call, never seen outside this module
    def __init__(self, kind: ErrorKind, subject: str = "") -> None:
        super().__init__(kind.code)
        self.kind = kind
        self.subject = subject


@dataclass(frozen=True, slots=True, repr=False)
class ServiceState:
    """Everything a service holds at one moment; it holds credentials.

    Attributes:
        behavior: The choices where the pages are silent.
        apps: Every app with its AppCodes.
        tokens: The known tokens.
        secret_keys: The secret keys by access key.
        faults: The faults that wait.
        calls: How many calls there were.
        values: The point of a seed's values.
    """

    behavior: Behavior
    apps: Mapping[AppKey, tuple[AppCodeRecord, ...]]
    tokens: Mapping[str, Literal["valid", "forbidden"]]
    secret_keys: Mapping[str, str]
    faults: Faults
    calls: int
    values: tuple[object, int] | None


class AppCodeService:
    """The stand-in for both operations, safe for threads.

    Args:
        values: Where new values come from.
        behavior: The choices where the pages are silent.
    """

    def __init__(self, values: ValueSource, behavior: Behavior) -> None:
        """Begin without apps and tokens."""
        self.behavior = behavior
        self.lock = RLock()
        self._values = values
        self.store = Store(values)
        self.faults = Faults(values.seed)
        self.tokens: dict[str, Literal["valid", "forbidden"]] = {}
        self.secret_keys: dict[str, str] = {}
        self.calls = 0

    @property
    def behavior(self) -> Behavior:
        """The choices where the pages are silent."""
        return self._behavior

    @behavior.setter
    def behavior(self, behavior: Behavior) -> None:
        self._behavior = behavior
        self._bodies = Bodies(behavior)

    def save(self) -> ServiceState:
        """Give everything the service holds now."""
        return ServiceState(
            self.behavior,
            self.store.save(),
            dict(self.tokens),
            dict(self.secret_keys),
            deepcopy(self.faults),
            self.calls,
            self._values.save(),
        )

    def load(self, state: ServiceState) -> None:
        """Hold again what was saved, and nothing else."""
        self.behavior = state.behavior
        self.store.load(state.apps)
        self.tokens = dict(state.tokens)
        self.secret_keys = dict(state.secret_keys)
        self.faults = deepcopy(state.faults)
        self.faults.renew_chances()
        self.calls = state.calls
        self._values.load(state.values)

    def handle(self, request: Request) -> Response:
        """Answer one request as the pages say.

        Args:
            request: Any request. Only its path and query count, not its host.

        Returns:
            The answer. The same request in the same state gives the same bytes.
        """
        with self.lock:
            try:
                operation, key = self._route(request)
            except _Refused as refused:
                return self._refuse(request, refused)
            fault = self.faults.next_for(operation)
            if fault is None:
                return self._carry_out(request, operation, key)
            return self._misbehave(fault, request, operation, key)

    def _route(self, request: Request) -> tuple[OperationName, AppKey]:
        key = app_of(request.path)
        if key is None:
            raise _Refused(UNKNOWN_PATH)
        operation = OPERATIONS.get(request.method)
        if operation is None:
            raise _Refused(WRONG_METHOD, request.method)
        self.calls += 1
        if self.behavior.rate_limit and not self.calls % self.behavior.rate_limit:
            raise _Refused(TOO_MANY_REQUESTS)
        return operation, key

    def _misbehave(self, fault: Fault, request: Request, operation: OperationName, key: AppKey) -> Response:
        kind = BY_STATUS.get(fault.status or 0)
        if kind is not None:
            return self._refuse(request, _Refused(kind, key.app_id if kind is UNKNOWN_APP else "app_id"))
        answer = self._carry_out(request, operation, key) if fault.carries_out else _NOTHING
        return fault.spoil(request, answer)

    def _carry_out(self, request: Request, operation: OperationName, key: AppKey) -> Response:
        try:
            self._authorize(request)
            self._look_at(key)
            if operation == "generate":
                return self._generate(key)
            offset, limit = self._parse_query(request.query)
            return self._list(key, offset, limit)
        except _Refused as refused:
            return self._refuse(request, refused)

    def _authorize(self, request: Request) -> None:
        permission = self.tokens.get(request.header("X-Auth-Token") or "")
        if permission is None and self.behavior.signed_requests == "accepted":
            permission = "valid" if is_signed(request, self.secret_keys, time.time()) else None
        if permission is None:
            raise _Refused(BAD_TOKEN)
        if permission == "forbidden":
            raise _Refused(FORBIDDEN)

    def _look_at(self, key: AppKey) -> None:
        if self.store.has_place(key) and not well_formed(key.app_id):
            raise _Refused(INVALID_PARAMETER, "app_id")

    def _generate(self, key: AppKey) -> Response:
        if key not in self.store:
            raise _Refused(UNKNOWN_APP, key.app_id)
        if self.behavior.quota is not None and self.store.count(key) >= self.behavior.quota:
            raise _Refused(QUOTA_REACHED)
        return self._answer(201, self._bodies.generated(self.store.generate(key, self._behavior)))

    def _list(self, key: AppKey, offset: int, limit: int) -> Response:
        if key not in self.store:
            raise _Refused(UNKNOWN_APP, key.app_id)
        records = self.store.records(key, self._behavior)
        return self._answer(200, self._bodies.page(key, records, offset, limit))

    def _parse_query(self, query: str) -> tuple[int, int]:
        given = parameters(query)
        offset = _parse_integer("offset", given, default=0, bits=64)
        limit = _parse_integer("limit", given, default=_DEFAULT_LIMIT, bits=32)
        if not 1 <= limit <= _MAXIMUM_LIMIT:
            if self.behavior.out_of_range_limit == "reject":
                raise _Refused(INVALID_PARAMETER, "limit")
            limit = _DEFAULT_LIMIT if limit < 1 else _MAXIMUM_LIMIT
        return max(offset, 0), limit

    def _refuse(self, request: Request, refused: _Refused) -> Response:
        answer = self._answer(refused.kind.status, self._bodies.error(refused.kind, refused.subject))
        more = _MORE_HEADERS.get(refused.kind.status, ())
        answer = Response(answer.status, (*answer.headers, *more), answer.body)
        return Response(answer.status, answer.headers) if request.method == "HEAD" else answer

    def _answer(self, status: int, body: bytes) -> Response:
        media_type = _MEDIA_TYPES[self.behavior.content_type]
        return Response(status, (("Content-Type", media_type), ("Content-Length", str(len(body)))), body)


def _parse_integer(name: str, given: dict[str, list[str]], *, default: int, bits: int) -> int:
    match given.get(name, []):
        case []:
            return default
        case [text] if _INTEGER.fullmatch(text):
            value = int(text)
            if -(1 << bits - 1) <= value < 1 << bits - 1:
                return value
    raise _Refused(INVALID_PARAMETER, name)
