"""What of a value has a schema, and what the oracle says of it; and what must not follow an AppCode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl

from tests.strategies import oracle

if TYPE_CHECKING:
    from collections.abc import Callable

    from appcode_contract import Exchange, Request, Response

READERS = {
    "app-code": oracle.broken_by_app_code,
    "create-time": oracle.broken_by_time,
    "app-code-item": oracle.broken_by_record,
    "generate-response": oracle.broken_by_record,
    "list-response": oracle.broken_by_page,
    "error-body": oracle.broken_by_error,
}
"""How the oracle reads what a schema describes."""
STRANGE_ENDINGS = {
    "newline": "\n",
    "carriage return": "\r",
    "carriage return and newline": "\r\n",
    "two newlines": "\n\n",
    "line separator": "\u2028",
    "paragraph separator": "\u2029",
    "next line": "\x85",
    "NUL": "\0",
    "blank": " ",
    "tab": "\t",
    "vertical tab": "\v",
    "no-break space": "\xa0",
    "zero-width space": "\u200b",
    "byte order mark": "\ufeff",
    "full-width digit": "\uff10",
    "Arabic digit": "\u0664",
    "full-width letter": "\uff21",
    "Kelvin sign": "\u212a",
    "combining accent": "\u0301",
    "beyond 16 bits": "\U0001d7d8",
    "hyphen": "-",
}
"""What makes a good AppCode a bad one when it follows; ``$`` lets the first pass in Python."""


class Document(NamedTuple):
    """A JSON value and what every engine must say of it.

    Attributes:
        schema: The name of the schema that it is judged by.
        value: The value.
        valid: What the oracle says.
    """

    schema: str
    value: Any
    valid: bool


def documents(*names: str) -> Callable[[Any], list[Document]]:
    """Have a value judged by these schemas."""
    return lambda value: [Document(name, value, not READERS[name](value)) for name in names]


def documents_of_query(url: str) -> list[Document]:
    """Give the query as ``list-query`` has it; a parameter that is given twice is none that a schema sees."""
    pairs = parse_qsl(url.partition("?")[2], keep_blank_values=True)
    names = [name for name, _ in pairs]
    single = [(name, text) for name, text in pairs if name in {"offset", "limit"} and names.count(name) == 1]
    numbers = {name: oracle.read_integer(text) for name, text in single}
    value = {name: text if numbers[name] is None else numbers[name] for name, text in single}
    return [Document("list-query", value, not oracle.broken_by_query(single))]


def documents_of_request(request: Request) -> list[Document]:
    """Give everything of a request that has a schema."""
    names = {name: "X-Auth-Token" if name.lower() == "x-auth-token" else name for name, _ in request.headers}
    headers = {names[name]: value for name, value in request.headers}
    path = oracle.path_parameters(request)
    return [
        *documents_of_query(request.url),
        Document("request-headers", headers, bool(headers.get("X-Auth-Token"))),
        *([] if path is None else [Document("path-parameters", path, all(path.values()))]),
    ]


def documents_of_answer(method: str, response: Response) -> list[Document]:
    """Give the body of an answer, if it is JSON."""
    try:
        body = response.json()
    except ValueError:
        return []
    name = f"{oracle.NAMES[method]}-response" if 200 <= response.status < 300 else "error-body"
    return documents(name)(body)


def documents_of_exchange(exchange: Exchange) -> list[Document]:
    """Give the body of its answer; requests are judged on their own."""
    assert exchange.response is not None
    return documents_of_answer(exchange.request.method, exchange.response)
