"""Requests as curl commands that repeat them, with variables of the environment in place of tokens."""

from __future__ import annotations

import shlex
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from appcode_contract.redaction import redact_url

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from appcode_contract.messages import Request

_TOKEN: Final = "x-auth-token"  # noqa: S105 - the name of a header
_TELLING: Final = 2


def curl(request: Request, variables: Mapping[str, str] = MappingProxyType({}), options: Sequence[str] = ()) -> str:
    """Write a request as a curl command without credentials.

    Args:
        request: The request.
        variables: What stands for a token, by token, as ``$APPCODE_TOKEN``. A token that was cut, made longer or put
            in other letters is made from the variable in the same way; any other one is written as ``wrong-token``.
        options: Options that every command needs, as ``-k``.

    Returns:
        One line for a POSIX shell.
    """
    parts = ["curl", "-i", *map(shlex.quote, options), "-X", shlex.quote(request.method)]
    for name, value in request.headers:
        if name.lower() == _TOKEN:
            parts += ["-H", f'"{name}: {_expression(value, variables)}"' if value else f"'{name};'"]
    parts += ["-d", "x"] if request.body else []  # any body breaks the clause, and this one holds no secret
    return " ".join([*parts, shlex.quote(redact_url(request.url))])


def _expression(token: str, variables: Mapping[str, str]) -> str:
    if token in variables:
        return variables[token]
    for known, variable in variables.items():
        if token == known.upper():
            return f'$(printf %s "{variable}" | tr a-z A-Z)'
        if token == known.lower():
            return f'$(printf %s "{variable}" | tr A-Z a-z)'
        if known.startswith(token) and len(token) * _TELLING >= len(known) - 1:
            return f'$(printf %.{len(token)}s "{variable}")'
        if token.startswith(known) and token[len(known) :].isalnum():
            return f"${{{variable.removeprefix('$')}}}{token[len(known) :]}"
    return "wrong-token"
