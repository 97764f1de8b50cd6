"""Tests for anybody's client: subclass ``AppCodeClientContract``, give ``make_client``, and pytest runs them.

docs/client-contract.md shows how, and lists every test.
"""

from __future__ import annotations

from appcode_contract.client_contract.contract import AppCodeClientContract, AsyncAppCodeClientContract
from appcode_contract.client_contract.endpoint import Endpoint

__all__ = ["AppCodeClientContract", "AsyncAppCodeClientContract", "Endpoint"]
