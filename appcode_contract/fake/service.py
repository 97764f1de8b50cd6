"""Both operations over the store: a request in, a response out.

Precedence is the fake's own choice, since the pages give none: a body above 1 MiB (413), an unknown path (404), another
method (405), too many requests (429), the token (401), its permission (403), the parameters (400), the app (404), a
quota (400). What an app id may look like is known only in a project and instance that exist; anywhere else no app is
found (404).
"""

from __future__ import annotations

import time
from copy import deepcopy
from dataclasses import dataclass
from threading import RLock
from typing import TYPE_CHECKING, Final, Literal

from appcode_contract.fake.answers import Answers
from appcode_contract.fake.errors import (
    BAD_TOKEN,
    BY_STATUS,
    FORBIDDEN,
    INVALID_PARAMETER,
    QUOTA_REACHED,
    TOO_LARGE,
    TOO_MANY_REQUESTS,
    UNKNOWN_APP,
    UNKNOWN_PATH,
    WRONG_METHOD,
)
from appcode_contract.fake.faults import Faults
from appcode_contract.fake.routing import DEFAULT_LIMIT, OPERATIONS, Router
from appcode_contract.fake.signing import is_signed
from appcode_contract.fake.store import Store
from appcode_contract.messages import MAXIMUM_BODY, Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from appcode_contract.behavior import Behavior
    from appcode_contract.fake.errors import ErrorKind
    from appcode_contract.fake.faults import Fault, OperationName
    from appcode_contract.fake.routing import Target
    from appcode_contract.fake.store import AppKey
    from appcode_contract.fake.values import ValueSource
    from appcode_contract.messages import AppCodeRecord, Request

_MAXIMUM_LIMIT: Final = 500


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
        self._router = Router()
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
        self._answers = Answers(behavior)

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
                operation, target = self._route(request)
            except _Refused as refused:
                return self._refuse(request, refused)
            fault = self.faults.next_for(operation)
            if fault is None:
                return self._carry_out(request, operation, target)
            return self._misbehave(fault, request, operation, target)

    def _route(self, request: Request) -> tuple[OperationName, Target]:
        if len(request.body) > MAXIMUM_BODY:
            raise _Refused(TOO_LARGE)
        target = self._router.read(request)
        if target is None:
            raise _Refused(UNKNOWN_PATH)
        operation = OPERATIONS.get(request.method)
        if operation is None:
            raise _Refused(WRONG_METHOD, request.method)
        self.calls += 1
        if self._behavior.rate_limit and not self.calls % self._behavior.rate_limit:
            raise _Refused(TOO_MANY_REQUESTS)
        return operation, target

    def _misbehave(self, fault: Fault, request: Request, operation: OperationName, target: Target) -> Response:
        kind = BY_STATUS.get(fault.status or 0)
        if kind is not None:
            return self._refuse(request, _Refused(kind, target.key.app_id if kind is UNKNOWN_APP else "app_id"))
        answer = self._carry_out(request, operation, target) if fault.carries_out else _NOTHING
        return fault.spoil(request, answer)

    def _carry_out(self, request: Request, operation: OperationName, target: Target) -> Response:
        try:
            self._authorize(request)
            if not target.well_formed and self.store.has_place(target.key):
                raise _Refused(INVALID_PARAMETER, "app_id")  # noqa: TRY301 - as each step refuses
            return self._generate(target.key) if operation == "generate" else self._list(target)
        except _Refused as refused:
            return self._refuse(request, refused)

    def _authorize(self, request: Request) -> None:
        permission = self.tokens.get(request.header("X-Auth-Token") or "")
        if permission is None and self._behavior.signed_requests == "accepted":
            permission = "valid" if is_signed(request, self.secret_keys, time.time()) else None
        if permission is None:
            raise _Refused(BAD_TOKEN)
        if permission == "forbidden":
            raise _Refused(FORBIDDEN)

    def _generate(self, key: AppKey) -> Response:
        if key not in self.store:
            raise _Refused(UNKNOWN_APP, key.app_id)
        if self._behavior.quota is not None and self.store.count(key) >= self._behavior.quota:
            raise _Refused(QUOTA_REACHED)
        return self._answers.generated(self.store.generate(key, self._behavior))

    def _list(self, target: Target) -> Response:
        if target.offset is None:
            raise _Refused(INVALID_PARAMETER, "offset")
        limit = self._limit(target.limit)
        if target.key not in self.store:
            raise _Refused(UNKNOWN_APP, target.key.app_id)
        records = self.store.records(target.key, self._behavior)
        return self._answers.page(target.key, records, max(target.offset, 0), limit)

    def _limit(self, limit: int | None) -> int:
        if limit is not None and 1 <= limit <= _MAXIMUM_LIMIT:
            return limit
        if limit is None or self._behavior.out_of_range_limit == "reject":
            raise _Refused(INVALID_PARAMETER, "limit")
        return DEFAULT_LIMIT if limit < 1 else _MAXIMUM_LIMIT

    def _refuse(self, request: Request, refused: _Refused) -> Response:
        answer = self._answers.refusal(refused.kind, refused.subject)
        return Response(answer.status, answer.headers) if request.method == "HEAD" else answer
