"""Tests for anybody's client: subclass ``AppCodeClientContract``, give ``make_client``, and pytest runs them.

Example:
    An adapter of a client that has ``put``, ``get`` and ``get_all``::

        class Adapter:
            def __init__(self, client):
                self.client = client

            def generate(self, app_id):
                made = self.client.put(app_id)
                return made  # with app_code, id, app_id: texts; create_time: a text, or an aware datetime

            def list_page(self, app_id, offset=None, limit=None):
                page = self.client.get(app_id, offset, limit)
                return page  # with total, size: integers; app_codes: what generate() returns, as often

            def list_all(self, app_id):  # without it: has_list_all = False in the class below
                return self.client.get_all(app_id)


        class TestMyClient(AppCodeClientContract):
            def make_client(self, endpoint):  # base_url, project_id, instance_id, app_id, token
                return Adapter(MyClient(endpoint.base_url, endpoint.token, timeout=0.5))

docs/client-contract.md of the project has a whole one, and lists every test.
"""

from __future__ import annotations

from appcode_contract.client_contract.contract import AppCodeClientContract, AsyncAppCodeClientContract
from appcode_contract.client_contract.endpoint import Endpoint

__all__ = ["AppCodeClientContract", "AsyncAppCodeClientContract", "Endpoint"]
