"""Ways to meet each documented error, as data: prepare a fake, send a request, expect a status and a code.

The fake is known here by its shape only; whoever replays a scenario brings one along.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, Protocol

from hypothesis import strategies as st

from appcode_contract.clauses import GENERATE, LIST
from appcode_contract.messages import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hypothesis.strategies import SearchStrategy
    from hypothesis.vendor.pretty import RepresentationPrinter

    from appcode_contract.behavior import Behavior
    from appcode_contract.clauses import Operation

ERROR_CODES: Final[Mapping[int, str]] = MappingProxyType(
    {400: "APIG.2012", 401: "APIG.1002", 403: "APIG.1005", 404: "APIG.3004", 500: "APIG.9999"}
)
"""The value of error_code by status (G ex, L ex)."""

_ELSEWHERE: Final = "00000000000000000000000000000e15"
_UNKNOWN: Final = "00000000000000000000000000000404"
_NO_PERMISSION: Final = "a-token-without-the-permission"


class Arrangeable(Protocol):
    """What scenarios need of a fake; ``appcode_contract.FakeAppCodes`` has it."""

    behavior: Behavior

    @property
    def token(self) -> str:
        """A valid token."""
        ...

    def url(self, app_id: str | None = None) -> str:
        """Give the URL of both operations for an app, the first when left out."""
        ...

    def add_app(
        self, app_id: str | None = None, *, project_id: str | None = None, instance_id: str | None = None
    ) -> str:
        """Add an app, to another project or instance when one is named."""
        ...

    def add_token(self, token: str, *, forbidden: bool = False) -> None:
        """Make a token known, or take its permission away."""
        ...

    def fail(self, operation: Literal["generate", "list"] | None = None, *, status: int, times: int = 1) -> None:
        """Answer the next calls with an error."""
        ...


@dataclass(frozen=True, slots=True)
class ErrorScenario:
    """One way to meet a documented error.

    Attributes:
        name: The operation and what is wrong, unique among ``ERROR_SCENARIOS``.
        arrange: Prepares a fake that is new or was reset; call it once, before the request.
        request: Makes the request from the same fake, whose URL and token it needs.
        status: The status code that answers it: 400, 401, 403, 404 or 500.
        error_code: The error_code in the body.
        clause: The id of the clause that says so.
    """

    name: str
    arrange: Callable[[Arrangeable], None] = field(repr=False)
    request: Callable[[Arrangeable], Request] = field(repr=False)
    status: int
    error_code: str
    clause: str

    def __str__(self) -> str:
        """Give the name."""
        return self.name

    def _repr_pretty_(self, printer: RepresentationPrinter, cycle: bool) -> None:  # noqa: FBT001 - Hypothesis calls it so
        """Show the same as ``repr`` when Hypothesis prints a failing example; left alone it shows the functions."""
        del cycle
        printer.text(repr(self))


def error_scenarios() -> SearchStrategy[ErrorScenario]:
    """Draw from ``ERROR_SCENARIOS``.

    Returns:
        A strategy of scenarios. Shrinks towards 400.
    """
    return st.sampled_from(ERROR_SCENARIOS)


def _as_it_is(fake: Arrangeable) -> None:
    del fake


def _reject_limits_out_of_range(fake: Arrangeable) -> None:
    fake.behavior = replace(fake.behavior, out_of_range_limit="reject")


def _add_app_to_another_project(fake: Arrangeable) -> None:
    fake.add_app(_ELSEWHERE, project_id="another-project")


def _add_app_to_another_instance(fake: Arrangeable) -> None:
    fake.add_app(_ELSEWHERE, instance_id="another-instance")


def _add_token_without_permission(fake: Arrangeable) -> None:
    fake.add_token(_NO_PERMISSION, forbidden=True)


def _take_permission_away(fake: Arrangeable) -> None:
    fake.add_token(fake.token, forbidden=True)


def _fail_once(fake: Arrangeable) -> None:
    fake.fail(status=500)


def _fail_thrice(fake: Arrangeable) -> None:
    fake.fail(status=500, times=3)


def _the_token(fake: Arrangeable) -> str | None:
    return fake.token


def _no_token(fake: Arrangeable) -> str | None:
    del fake
    return None


def _empty_token(fake: Arrangeable) -> str | None:
    del fake
    return ""


def _longer_token(fake: Arrangeable) -> str | None:
    return fake.token + "x"


def _foreign_token(fake: Arrangeable) -> str | None:
    del fake
    return "a-token-that-nobody-issued"


def _token_without_permission(fake: Arrangeable) -> str | None:
    del fake
    return _NO_PERMISSION


def _send(
    operation: Operation,
    query: str,
    app_id: str | None,
    token_of: Callable[[Arrangeable], str | None],
    fake: Arrangeable,
) -> Request:
    token = token_of(fake)
    headers = () if token is None else (("X-Auth-Token", token),)
    return Request(operation.method, fake.url(app_id) + ("?" + query if query else ""), headers)


def _scenario(  # noqa: PLR0913 - keywords, each of them optional
    operation: Operation,
    status: int,
    what: str,
    *,
    arrange: Callable[[Arrangeable], None] = _as_it_is,
    query: str = "",
    app_id: str | None = None,
    token_of: Callable[[Arrangeable], str | None] = _the_token,
) -> ErrorScenario:
    return ErrorScenario(
        name=f"{operation.name}: {what}",
        arrange=arrange,
        request=partial(_send, operation, query, app_id, token_of),
        status=status,
        error_code=ERROR_CODES[status],
        clause=f"error/{status}/code",
    )


def _invalid_queries() -> Iterator[ErrorScenario]:
    strict = _reject_limits_out_of_range
    yield _scenario(LIST, 400, "limit is 0", query="limit=0", arrange=strict)
    yield _scenario(LIST, 400, "limit is -1", query="limit=-1", arrange=strict)
    yield _scenario(LIST, 400, "limit is 501", query="limit=501", arrange=strict)
    yield _scenario(LIST, 400, "limit is a word", query="limit=abc")
    yield _scenario(LIST, 400, "limit is a fraction", query="limit=4.0")
    yield _scenario(LIST, 400, "limit is empty", query="limit=")
    yield _scenario(LIST, 400, "limit is repeated", query="limit=1&limit=2")
    yield _scenario(LIST, 400, "offset is a word", query="offset=abc")
    yield _scenario(LIST, 400, "offset is empty", query="offset=")
    yield _scenario(LIST, 400, "offset is above 64 bits", query=f"offset={2**63}")


def _of_both(operation: Operation) -> Iterator[ErrorScenario]:
    make = partial(_scenario, operation)
    yield make(400, "the app id holds a blank", app_id="no%20id")
    yield make(400, "the app id has 65 characters", app_id="a" * 65)
    yield make(401, "the token is missing", token_of=_no_token)
    yield make(401, "the token is empty", token_of=_empty_token)
    yield make(401, "the token is wrong", token_of=_foreign_token)
    yield make(401, "the token has one character more", token_of=_longer_token)
    yield make(
        403,
        "the token never had the permission",
        token_of=_token_without_permission,
        arrange=_add_token_without_permission,
    )
    yield make(403, "the token has lost the permission", arrange=_take_permission_away)
    yield make(404, "the app is unknown", app_id=_UNKNOWN)
    yield make(404, "the app is another project's", app_id=_ELSEWHERE, arrange=_add_app_to_another_project)
    yield make(404, "the app is another instance's", app_id=_ELSEWHERE, arrange=_add_app_to_another_instance)
    yield make(500, "the server fails once", arrange=_fail_once)
    yield make(500, "the server fails three times", arrange=_fail_thrice)


ERROR_SCENARIOS: Final[tuple[ErrorScenario, ...]] = tuple(
    sorted(
        (*_invalid_queries(), *_of_both(GENERATE), *_of_both(LIST)),
        key=lambda scenario: scenario.status,
    )
)
"""Several ways to meet each documented error of each operation, by status.

``pytest.mark.parametrize("scenario", ERROR_SCENARIOS, ids=str)`` runs a test for each. Those of 400 with a limit set
the fake's behavior to ``reject``. A missing or empty token and an invalid query break the client's side of the
contract as well, and a fake that is asked for violations says so.
"""
