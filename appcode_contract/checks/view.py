"""An exchange taken apart once, for every check to look at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, unquote

from appcode_contract.clauses import GENERATE, LIST, PATH_TEMPLATE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from appcode_contract.clauses import Operation
    from appcode_contract.messages import Exchange

_PARAMETER: Final = re.compile(r"{(\w+)}")
_PATH: Final = re.compile(_PARAMETER.sub(r"(?P<\1>[^/]*)", PATH_TEMPLATE))
# Beyond so many digits Python refuses to make an integer; no server reads one either.
_DECIMAL: Final = re.compile(r"-?[0-9]{1,4000}")


@dataclass(frozen=True, slots=True)
class View:
    """What the checks need to know of an exchange.

    Attributes:
        exchange: The exchange.
        operation: The operation that method and path name, or None.
        path_parameters: The identifiers in the path, percent-decoded; empty when the path is another.
        query: The query's pairs of name and value, decoded, in order.
        status: The status code, or 0 when nothing was answered.
        document: The parsed body; None when there is none or it is no JSON.
        json_problem: Why the body is no JSON; empty when it is.
    """

    exchange: Exchange
    operation: Operation | None
    path_parameters: Mapping[str, str]
    query: tuple[tuple[str, str], ...]
    status: int
    document: Any
    json_problem: str

    def values(self, name: str) -> list[str]:
        """Give every value of a query parameter, in order."""
        return [value for key, value in self.query if key == name]


def view(exchange: Exchange, base_path: str = "") -> View:
    """Take an exchange apart.

    Args:
        exchange: The exchange.
        base_path: What precedes ``/v2`` on this server, without a slash at the end.

    Returns:
        Its parts.
    """
    request, response = exchange.request, exchange.response
    match = _PATH.fullmatch(request.path.removeprefix(base_path))
    by_method = {operation.method: operation for operation in (GENERATE, LIST)}
    document, problem = None, ""
    if response is not None:
        try:
            document = response.json()
        except ValueError as error:
            problem = str(error) if response.body else "empty"
    return View(
        exchange=exchange,
        operation=by_method.get(request.method) if match else None,
        path_parameters={name: unquote(value) for name, value in match.groupdict().items()} if match else {},
        query=tuple(parse_qsl(request.query, keep_blank_values=True)),
        status=response.status if response else 0,
        document=document,
        json_problem=problem,
    )


def wire_integer(text: str) -> int | str:
    """Read an integer as the wire carries it.

    Args:
        text: A decoded query value.

    Returns:
        The integer, or the text itself when it is not an integer in decimal digits of ASCII.
    """
    return int(text) if _DECIMAL.fullmatch(text) else text
