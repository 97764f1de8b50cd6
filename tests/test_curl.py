"""The curl that repeats a request: a shell makes of it what was sent, and it holds no token."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from appcode_contract.messages import Request
from appcode_contract.reporting.curl import curl

if TYPE_CHECKING:
    from collections.abc import Callable

    Change = Callable[[str], str]

URL = "https://roma.example/v2/p/apic/instances/i/apps/a/app-codes?limit=1&offset=%27%24"
FORBIDDEN = "Forbidden-Qw7Er9Ty2Ui4Op6As8Df"
TOKENS = (
    "MIIa7Kq9Zx3Vb5Nm1Lp8Rt4Wy6Gh2Jd0",
    "tok$HOME`id`\"'\\n!*?[~]{a,b}(c)<d>|&;#%s",
    "-e%d%%--Ab-n",
    "two words  And More",
    "aZzA",
    "a" * 31 + "B" * 4000,
)
PART = 6
"""So many characters in a row tell something of a token; names and numbers have fewer of them in common with one."""
SHELL = """curl() { printf '%s\\n' "$@"; }
"""


def same(token: str) -> str:
    return token


def half(token: str) -> str:
    return token[: len(token) // 2]


def but_one(token: str) -> str:
    return token[:-1]


def longer(token: str) -> str:
    return token + "x" * 16


CHANGES: tuple[Change, ...] = (same, half, but_one, longer, str.upper, str.lower)


def sent(command: str, token: str) -> list[str]:
    """Give the arguments that curl gets from a shell whose environment has the tokens."""
    done = subprocess.run(  # noqa: S603 - a shell that runs what we wrote
        ["/bin/sh", "-c", SHELL + command],
        capture_output=True,
        check=True,
        env={"APPCODE_TOKEN": token, "APPCODE_FORBIDDEN_TOKEN": FORBIDDEN, "PATH": "/usr/bin:/bin"},
        text=True,
    )
    assert "" == done.stderr
    return done.stdout.splitlines()


def command(token: str, header: str | None, *, name: str = "X-Auth-Token", method: str = "GET") -> str:
    headers = [("Accept", "application/json"), *([] if header is None else [(name, header)])]
    variables = {token: "$APPCODE_TOKEN", FORBIDDEN: "$APPCODE_FORBIDDEN_TOKEN"}
    return curl(Request(method, URL, headers), variables)


def parts(token: str) -> set[str]:
    return {token[at : at + PART] for at in range(len(token) - PART + 1)}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("token", TOKENS, ids=range(len(TOKENS)))
def test_a_shell_makes_the_token_that_was_sent(token: str, change: Change) -> None:
    line = command(token, change(token))

    assert ["-i", "-X", "GET", "-H", f"X-Auth-Token: {change(token)}", URL] == sent(line, token)
    assert 0 == line.count("\n")


@pytest.mark.parametrize("change", CHANGES)
def test_a_forbidden_token_is_made_of_its_own_variable(change: Change) -> None:
    line = command(TOKENS[0], change(FORBIDDEN))

    assert f"X-Auth-Token: {change(FORBIDDEN)}" in sent(line, TOKENS[0])
    assert set() == {part for part in parts(FORBIDDEN) if part in line.replace("$APPCODE_FORBIDDEN_TOKEN", "")}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("token", TOKENS, ids=range(len(TOKENS)))
def test_no_command_holds_a_part_of_a_token(token: str, change: Change) -> None:
    line = command(token, change(token))

    assert set() == {part for part in parts(token) | parts(change(token)) if part in line} - {"x" * PART}


@pytest.mark.parametrize("token", ["made-up", "0" * 64, TOKENS[0][:3] + "?" + TOKENS[0][4:], TOKENS[0] + "=="])
def test_any_other_token_is_a_wrong_one(token: str) -> None:
    line = command(TOKENS[0], token)

    assert ["-i", "-X", "GET", "-H", "X-Auth-Token: wrong-token", URL] == sent(line, TOKENS[0])
    assert set() == {part for part in parts(token) if part in line}


def test_a_token_is_a_wrong_one_where_no_variable_stands_for_it() -> None:
    assert "X-Auth-Token: wrong-token" in sent(curl(Request("GET", URL, {"X-Auth-Token": TOKENS[0]})), TOKENS[0])


def test_an_empty_token_is_sent_as_curl_writes_it() -> None:
    assert ["-i", "-X", "GET", "-H", "X-Auth-Token;", URL] == sent(command(TOKENS[0], ""), TOKENS[0])


def test_no_token_is_no_header() -> None:
    assert ["-i", "-X", "GET", URL] == sent(command(TOKENS[0], None), TOKENS[0])


@pytest.mark.parametrize("name", ["x-auth-token", "X-AUTH-TOKEN", "X-Auth-Token"])
@pytest.mark.parametrize(("header", "told"), [(TOKENS[0], f": {TOKENS[0]}"), ("", ";"), ("other", ": wrong-token")])
def test_the_header_keeps_the_case_of_its_letters(name: str, header: str, told: str) -> None:
    assert f"{name}{told}" in sent(command(TOKENS[0], header, name=name), TOKENS[0])


def test_a_generate_is_repeated_as_one() -> None:
    assert ["-i", "-X", "PUT"] == sent(command(TOKENS[0], TOKENS[0], method="PUT"), TOKENS[0])[:3]


@pytest.mark.parametrize("options", [(), ("--insecure",), ("--cacert", "/home/a b/it's $HOME.pem")])
def test_options_come_first_and_whole(options: tuple[str, ...]) -> None:
    line = curl(Request("GET", URL, {"X-Auth-Token": TOKENS[0]}), {TOKENS[0]: "$APPCODE_TOKEN"}, options)

    assert ["-i", *options, "-X", "GET"] == sent(line, TOKENS[0])[: len(options) + 3]
