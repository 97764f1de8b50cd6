"""Opens a bench for a test, unless the client cannot do what the test wants."""

from __future__ import annotations

import os
import zlib
from typing import TYPE_CHECKING

import pytest

from appcode_contract.client_contract.bench import Bench
from appcode_contract.client_contract.servers import servers_of
from appcode_contract.client_contract.topics import topic_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from appcode_contract.client_contract.contract import AppCodeClientContract
    from appcode_contract.client_contract.drivers import Driver


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
    _skip_what_it_cannot(contract, test)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, ",".join(filter(None, ["127.0.0.1", "localhost", os.environ.get(name, "")])))
    servers, driver = servers_of(request.config), new_driver()
    seed = zlib.crc32(request.node.name.encode())
    bench = Bench(contract, topic_of(request.function) or test, servers, driver, seed=seed)
    servers.switch.begin(bench.front)
    try:
        yield bench
        bench.close()
    finally:
        servers.switch.end()
        driver.close()


def _skip_what_it_cannot(contract: AppCodeClientContract, test: str) -> None:
    kind = type(contract)
    unknown = sorted(name for name in contract.cannot if not hasattr(kind, name))
    if unknown:
        pytest.fail(f"{kind.__name__}.cannot names {', '.join(unknown)}; there is no such test", pytrace=False)
    if test in contract.cannot:
        pytest.skip(f"{kind.__name__}.cannot: {contract.cannot[test]}")
