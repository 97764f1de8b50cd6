"""What a planted defect is, and how one is planted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tests.broken_servers.http_server import Transport
from tests.broken_servers.service import Service
from tests.broken_servers.values import Record, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from appcode_contract.messages import Response

DEFAULT_GENERATES: Final = 5


@dataclass(frozen=True, slots=True)
class Defect:
    """One defect.

    Attributes:
        name: A short phrase.
        clause: The clause that it breaks.
        make: Makes the server; takes ``seed`` and ``existing``.
        also: Other clauses that it unavoidably breaks, too.
        existing: How many AppCodes the app must have for it to show at all.
        max_generate: How many requests to generate must be allowed.
        transport: How the server's answers travel.
    """

    name: str
    clause: str
    make: Callable[..., Service]
    also: frozenset[str] = frozenset()
    existing: int = 3
    max_generate: int = DEFAULT_GENERATES
    transport: Transport = field(default_factory=Transport)

    @property
    def broken(self) -> set[str]:
        """Every clause that fails."""
        return {self.clause, *self.also}


def plant(**changes: Any) -> type[Service]:  # noqa: ANN401 - methods and attributes of any type
    """Make a server with some methods or attributes replaced."""
    return type("Planted", (Service,), changes)


def alters(status: int, change: Callable[[Any], Any]) -> type[Service]:
    """Change the body of every answer with a status."""

    def respond(self: Service, code: int, body: Any) -> Response:  # noqa: ANN401 - any body
        return Service.respond(self, code, change(body) if code == status else body)

    return plant(respond=respond)


def generated(change: Callable[[dict[str, Any]], Any]) -> type[Service]:
    """Change what generate answers."""
    return plant(generated=lambda self, record: change(Service.generated(self, record)))


def listed(change: Callable[[dict[str, Any]], Any]) -> type[Service]:
    """Change the body of every page."""
    return plant(page=lambda self, page, total: change(Service.page(self, page, total)))


def each_item(change: Callable[[dict[str, Any]], Any]) -> type[Service]:
    """Change every item of every page."""
    return plant(item=lambda self, record: change(Service.item(self, record)))


def sets(**fields: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:  # noqa: ANN401 - any value
    return lambda body: {**body, **fields}


def drops(*names: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda body: {name: value for name, value in body.items() if name not in names}


def renames(**names: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda body: {names.get(name, name): value for name, value in body.items()}


def cuts(cut: Callable[[list[Record], int, int], list[Record]]) -> type[Service]:
    """Cut pages out of the list another way."""
    return plant(cut=lambda _, records, offset, limit: cut(records, offset, limit))


def codes(change: Callable[[str], str]) -> type[Service]:
    """Make other AppCodes; they are listed as they are."""
    return plant(new_app_code=lambda self: change(Service.new_app_code(self)))


def lists_code(change: Callable[[str], Any]) -> type[Service]:
    """List AppCodes changed."""
    return each_item(lambda item: {**item, "app_code": change(item["app_code"])})


def takes(integer: Callable[[str], int | None], name: str = "limit") -> type[Service]:
    """Read a parameter leniently; None is not understood by this reader either."""

    def read(self: Service, parameter: str, text: str) -> int:
        number = integer(text) if parameter == name else None
        return Service.integer(self, parameter, text) if number is None else number

    return plant(integer=read)


def refuses(status: int, name: str, when: Callable[[int], bool]) -> type[Service]:
    """Refuse some numbers with a status."""

    def read(self: Service, parameter: str, text: str) -> int:
        number = Service.integer(self, parameter, text)
        if parameter == name and when(number):
            code = {400: "APIG.2012", 404: "APIG.3004", 500: "APIG.9999"}.get(status, "APIG.0001")
            raise RefusedError(status, code, f"{name} is out of range, see {self.app_id}")
        return number

    return plant(integer=read)
