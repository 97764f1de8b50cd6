"""Opens a bench for a test, unless the client cannot do what the test wants."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import pytest

from appcode_contract.accounts import keep_account, wants_accounts
from appcode_contract.client_contract.bench import Bench
from appcode_contract.client_contract.servers import servers_of
from appcode_contract.client_contract.topics import topic_of

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    _expect_right(contract)
    _skip_what_it_cannot(contract, test)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, ",".join(filter(None, ["127.0.0.1", "localhost", os.environ.get(name, "")])))
    servers, driver = servers_of(request.config), new_driver()
    bench = Bench(contract, topic_of(request.function) or test, servers, driver, request.node.name)
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


def _expect_right(contract: AppCodeClientContract) -> None:
    kind = type(contract)
    deadline: object = contract.deadline  # of somebody else's class they may be anything
    cannot: object = contract.cannot
    if isinstance(deadline, bool) or not isinstance(deadline, int | float) or not 0 < deadline <= _LONGEST:
        right = f"it must be a number of seconds, above 0 and at most {_LONGEST}"
        pytest.fail(f"{kind.__name__}.deadline is {deadline!r}; {right}", pytrace=False)
    packages: object = contract.packages
    if isinstance(packages, str) or not isinstance(packages, Sequence) or not all(isinstance(p, str) for p in packages):
        wrong = f"{kind.__name__}.packages is {packages!r}; it must be names of packages, as ('acme_client',)"
        pytest.fail(wrong, pytrace=False)
    if not isinstance(cannot, Mapping):
        wrong = f"{kind.__name__}.cannot is a {type(cannot).__name__}; it must be a mapping from tests to reasons"
        pytest.fail(wrong, pytrace=False)
    unknown = sorted(str(name) for name in cannot if not _is_test(kind, name))
    if unknown:
        pytest.fail(f"{kind.__name__}.cannot names {', '.join(unknown)}; there is no such test", pytrace=False)


def _is_test(kind: type[AppCodeClientContract], name: object) -> bool:
    return isinstance(name, str) and name.startswith("test_") and hasattr(kind, name)


def _skip_what_it_cannot(contract: AppCodeClientContract, test: str) -> None:
    if test in contract.cannot:
        pytest.skip(f"{type(contract).__name__}.cannot: {contract.cannot[test]}")
