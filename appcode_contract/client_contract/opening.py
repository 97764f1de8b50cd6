"""Opens a bench for a test, unless the client cannot do what the test wants."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import pytest

from appcode_contract.accounts import keep_account, wants_accounts
from appcode_contract.client_contract.bench import Bench, Case
from appcode_contract.client_contract.servers import servers_of
from appcode_contract.client_contract.topics import topic_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from appcode_contract.client_contract.contract import AppCodeClientContract
    from appcode_contract.client_contract.drivers import Driver

_LONGEST: Final = 3600


def open_bench(
    contract: AppCodeClientContract,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    new_driver: type[Driver],
) -> Iterator[Bench]:
    """Open a bench, and close it after the test.

    Args:
        contract: The test class.
        request: The test's.
        monkeypatch: The test's; keeps proxies out of the way.
        new_driver: What calls the client.

    Yields:
        The bench.
    """
    test = request.function.__name__
    servers, variant = servers_of(request.config), _variant(contract, request)
    if servers.misfits.get(variant) == request.node.name:  # which is run again, and may have another end
        del servers.misfits[variant]
    _skip_what_was_told(contract, servers.misfits.get(variant, ""))
    if wrong := _what_is_wrong(contract):
        servers.misfits[variant] = request.node.name
        pytest.fail(wrong, pytrace=False)
    _skip_what_it_cannot(contract, test, request.node.name)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, ",".join(filter(None, ["127.0.0.1", "localhost", os.environ.get(name, "")])))
    driver = new_driver()
    case = Case(request.node.name, topic_of(request.function) or test, variant)
    bench = Bench(contract, case, servers, driver)
    servers.switch.begin(bench.front)
    servers.guard.watch = bench.watch
    try:
        bench.open()
        yield bench
        bench.close()
    finally:
        servers.switch.end()
        driver.close()
        bench.watch.close()
        servers.guard.remember(bench.credentials())
        servers.guard.watch = None
        if wants_accounts(request.config) and (account := bench.account(request.node.nodeid)):
            keep_account(request.node, account)


def _variant(contract: AppCodeClientContract, request: pytest.FixtureRequest) -> Hashable:
    """Tell clients apart: by the class, and by parameters that are not the test's own."""
    callspec = getattr(request.node, "callspec", None)
    marks = [mark for mark in getattr(request.function, "pytestmark", ()) if mark.name == "parametrize"]
    named = [mark.args[0] for mark in marks if mark.args]
    own = {name.strip() for names in named for name in (names.split(",") if isinstance(names, str) else names)}
    others = {} if callspec is None else {name: repr(value) for name, value in callspec.params.items()}
    return type(contract), frozenset((name, value) for name, value in others.items() if name not in own)


def _skip_what_was_told(contract: AppCodeClientContract, told_by: str) -> None:
    """Leave it at one message where no client can be had."""
    if told_by:
        pytest.skip(f"there is no client to test: {type(contract).__name__}::{told_by} says why")


def _what_is_wrong(contract: AppCodeClientContract) -> str:
    """Say which attribute of somebody else's class, which may be anything, is not what it must be."""
    kind = type(contract)
    deadline: object = contract.deadline
    if isinstance(deadline, bool) or not isinstance(deadline, int | float) or not 0 < deadline <= _LONGEST:
        right = f"it must be a number of seconds, above 0 and at most {_LONGEST}"
        return f"{kind.__name__}.deadline is {deadline!r}; {right}"
    for name in ("has_list_all", "thread_safe"):
        value: object = getattr(contract, name)
        if not isinstance(value, bool):
            return f"{kind.__name__}.{name} is {value!r}; it must be True or False"
    packages: object = contract.packages
    if isinstance(packages, str) or not isinstance(packages, Sequence) or not all(isinstance(p, str) for p in packages):
        return f"{kind.__name__}.packages is {packages!r}; it must be names of packages, as ('acme_client',)"
    return _what_is_wrong_with(contract.cannot, kind)


def _what_is_wrong_with(cannot: object, kind: type[AppCodeClientContract]) -> str:
    if not isinstance(cannot, Mapping):
        return f"{kind.__name__}.cannot is a {type(cannot).__name__}; it must be a mapping from tests to reasons"
    tests = [name for name in dir(kind) if name.startswith("test_")]
    for name in map(str, cannot):
        if name.partition("[")[0] not in tests:
            near = difflib.get_close_matches(name, tests, 1)
            meant = f"; {near[0]} is one" if near else ""
            return f"{kind.__name__}.cannot names {name}, and there is no such test{meant}"
    return ""


def _skip_what_it_cannot(contract: AppCodeClientContract, *names: str) -> None:
    for name in names:
        if name in contract.cannot:
            pytest.skip(f"{type(contract).__name__}.cannot: {contract.cannot[name]}")
