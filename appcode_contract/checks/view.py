"""An exchange taken apart once, for every check to look at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, unquote

from appcode_contract.clauses import GENERATE, LIST, PATH_TEMPLATE

if TYPE_CHECKING:
    from appcode_contract.clauses import Operation
    from appcode_contract.messages import Exchange

_PARAMETER: Final = re.compile(r"{(\w+)}")
_PATH: Final = re.compile(_PARAMETER.sub(r"(?P<\1>[^/]*)", PATH_TEMPLATE))
_BY_METHOD: Final = {operation.method: operation for operation in (GENERATE, LIST)}
# Beyond so many digits Python refuses to make an integer; no server reads one either.
_DECIMAL: Final = re.compile(r"-?[0-9]{1,4000}")
_DEFAULT_LIMIT: Final = 20
_LIMITS: Final = range(1, 501)


class View:
    """What the checks need to know of an exchange.

    Args:
        exchange: The exchange.
        base_path: What precedes ``/v2`` on this server, without a slash at the end.

    Attributes:
        exchange: The exchange.
        operation: The operation that method and path name, or None.
        path_parameters: The identifiers in the path, percent-decoded; empty when the path is another.
        query: The query's pairs of name and value, decoded, in order.
        status: The status code, or 0 when nothing was answered.
        success: Whether an operation was answered with a status of success.
        document: The parsed body; None when there is none or it is no JSON.
        json_problem: Why the body is no JSON; empty when it is.
        items: The items of the page that answers a list; None when there is none.
        limit: The limit in effect for a list, 1 to 500; None when the query has no valid one.
    """

    __slots__ = (
        "document",
        "exchange",
        "items",
        "json_problem",
        "limit",
        "operation",
        "path_parameters",
        "query",
        "status",
        "success",
    )

    def __init__(self, exchange: Exchange, base_path: str = "") -> None:
        """Take the exchange apart."""
        request, response = exchange.request, exchange.response
        match = _PATH.fullmatch(request.path.removeprefix(base_path))
        self.exchange = exchange
        self.operation: Operation | None = _BY_METHOD.get(request.method) if match else None
        self.path_parameters: dict[str, str] = (
            {name: unquote(value) for name, value in match.groupdict().items()} if match else {}
        )
        self.query: list[tuple[str, str]] = parse_qsl(request.query, keep_blank_values=True)
        self.status = response.status if response else 0
        self.success = self.operation is not None and 200 <= self.status < 300  # noqa: PLR2004 - the class of success
        self.document: Any = None
        self.json_problem = ""
        if response is not None:
            try:
                self.document = response.json()
            except ValueError as error:
                self.json_problem = str(error) if response.body else "empty"
        listed = self.success and self.operation is LIST and isinstance(self.document, dict)
        items = self.document.get("app_codes") if listed else None
        self.items: list[Any] | None = items if isinstance(items, list) else None
        self.limit = self._limit()

    def values(self, name: str) -> list[str]:
        """Give every value of a query parameter, in order."""
        return [value for key, value in self.query if key == name]

    def _limit(self) -> int | None:
        given = self.values("limit")
        if not given:
            return _DEFAULT_LIMIT
        value = wire_integer(given[0]) if len(given) == 1 else None
        return value if isinstance(value, int) and value in _LIMITS else None


def wire_integer(text: str) -> int | str:
    """Read an integer as the wire carries it.

    Args:
        text: A decoded query value.

    Returns:
        The integer, or the text itself when it is not an integer in decimal digits of ASCII.
    """
    return int(text) if _DECIMAL.fullmatch(text) else text
