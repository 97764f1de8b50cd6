"""The fixtures beside other plugins of pytest: asynchronous tests, processes, random order, Hypothesis."""

from __future__ import annotations

import socket
from contextlib import ExitStack, contextmanager, suppress
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from tests.plugin.project import run_among_others, run_beside, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 30
WORKERS = 2
ASYNC_CLIENT = """
import httpx

from appcode_contract.transports.for_httpx import httpx_transport


async def generate_and_count(client, app, query=""):
    headers = {"X-Auth-Token": app.token}
    made = await client.put(app.url, headers=headers)
    listed = await client.get(app.url + query, headers=headers)
    return made.status_code, listed.json().get("total")

"""
ASYNC_TESTS = """
MARK
async def test_server(appcode_server, appcode_app):
    async with httpx.AsyncClient(timeout=TIMEOUT) as client:
        assert await generate_and_count(client, appcode_app) == (201, 1)
    assert len(appcode_server.fake.app_codes(appcode_app.app_id)) == 1


MARK
async def test_fake(appcode_fake, appcode_app):
    async with httpx.AsyncClient(transport=httpx_transport(appcode_fake)) as client:
        assert await generate_and_count(client, appcode_app) == (201, 1)
    assert len(appcode_fake.exchanges) == 2


MARK
async def test_server_and_a_client_that_is_wrong(appcode_server, appcode_app):
    async with httpx.AsyncClient(timeout=TIMEOUT) as client:
        assert await generate_and_count(client, appcode_app, "?limit=501") == (201, None)


MARK
async def test_fake_and_a_client_that_is_wrong(appcode_fake, appcode_app):
    async with httpx.AsyncClient(transport=httpx_transport(appcode_fake)) as client:
        assert await generate_and_count(client, appcode_app, "?limit=501") == (201, None)
"""
ANYIO_BACKEND = """
@pytest.fixture
def anyio_backend():
    return "asyncio"

"""
SCOPE = ("-o", "asyncio_default_fixture_loop_scope=function")


@pytest.mark.parametrize(
    ("mark", "arguments"),
    [
        ("", ("-p", "no:anyio", *SCOPE, "--asyncio-mode=auto")),
        ("@pytest.mark.asyncio", ("-p", "no:anyio", *SCOPE, "--asyncio-mode=strict")),
        ("@pytest.mark.anyio", ("-p", "no:asyncio")),
        ("@pytest.mark.anyio", (*SCOPE, "--asyncio-mode=strict")),
    ],
    ids=["asyncio auto", "asyncio strict", "anyio", "anyio beside asyncio"],
)
def test_an_asynchronous_client_is_answered_and_judged(
    pytester: pytest.Pytester, mark: str, arguments: tuple[str, ...]
) -> None:
    tests = ASYNC_CLIENT + ANYIO_BACKEND + ASYNC_TESTS.replace("MARK", mark)

    result = run_beside(pytester, tests, *arguments)

    result.assert_outcomes(passed=4, errors=2)
    result.stdout.fnmatch_lines(
        ["*ERROR at teardown of test_*_and_a_client_that_is_wrong*", "list/limit/maximum *"] * 2, consecutive=False
    )


@contextmanager
def meeting(guests: int) -> Iterator[int]:
    """Listen on a port; whoever connects reads a line once all the guests have come."""

    def let_go() -> None:
        with suppress(TimeoutError), ExitStack() as stack:  # those who came are then left without a line
            for connection in [stack.enter_context(listening.accept()[0]) for _ in range(guests)]:
                connection.sendall(b"go\n")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(SECONDS)
        thread = Thread(target=let_go)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(SECONDS)


def test_each_worker_of_xdist_has_a_server_of_its_own_at_the_same_time(pytester: pytest.Pytester) -> None:
    with meeting(WORKERS) as port:
        result = run_among_others(
            pytester,
            f"""
import socket


@pytest.mark.parametrize("number", range({WORKERS}))
def test_client(appcode_server, worker_id, number):
    generate(appcode_server.fake)
    with socket.create_connection(("127.0.0.1", {port}), timeout={SECONDS}) as others:
        assert others.recv(3) == b"go\\n"  # every worker has generated
    assert len(appcode_server.fake.app_codes()) == 1
    assert page(appcode_server.fake).json()["total"] == 1
    with open(worker_id + ".txt", "w") as file:
        file.write(appcode_server.url)
""",
            *("-n", str(WORKERS), "-p", "no:asyncio"),
        )

    result.assert_outcomes(passed=WORKERS)
    urls = {path.stem: path.read_text(encoding="utf-8") for path in pytester.path.glob("gw*.txt")}
    assert sorted(urls) == ["gw0", "gw1"]
    assert len(set(urls.values())) == WORKERS


def test_in_random_order_each_test_begins_anew_and_no_seed_makes_a_token_repeat(pytester: pytest.Pytester) -> None:
    test = """
def check(fake, number):
    assert fake.exchanges == ()
    assert generate(fake).json()["app_code"] == fake.app_codes()[0].app_code
    with open("log.txt", "a") as file:
        file.write(f"{number} {fake.token}\\n")


@pytest.mark.parametrize("number", range(6))
def test_server(appcode_server, number):
    check(appcode_server.fake, number)


@pytest.mark.parametrize("number", range(6, 12))
def test_fake(appcode_fake, number):
    check(appcode_fake, number)
"""

    for _ in range(2):
        result = run_beside(pytester, test, "-p", "no:asyncio", "--randomly-seed=1")
        result.assert_outcomes(passed=12)

    lines = (pytester.path / "log.txt").read_text(encoding="utf-8").splitlines()
    numbers, tokens = zip(*(line.split() for line in lines), strict=True)
    assert numbers[:12] == numbers[12:] != (*map(str, range(12)),)  # randomly was at work, and seeded random
    assert len(set(tokens)) == 24


def test_hypothesis_refuses_a_fixture_that_does_not_begin_anew_for_each_example(pytester: pytest.Pytester) -> None:
    fixtures = ("appcode_fake", "appcode_server", "appcode_app")
    tests = "".join(
        f"""

@given(limit=st.integers(1, 500))
def test_{fixture}({fixture}, limit):
    pass
"""
        for fixture in fixtures
    )

    result = run_beside(pytester, f"from hypothesis import given, strategies as st\n{tests}", "-p", "no:asyncio")

    result.assert_outcomes(failed=len(fixtures))
    for name in fixtures:
        result.stdout.fnmatch_lines([f"*FailedHealthCheck: *test_{name}* uses a function-scoped fixture '{name}'*"])
    assert text_of(result).count("HealthCheck.function_scoped_fixture") >= len(fixtures)
