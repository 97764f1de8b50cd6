"""A client over requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter

from tests.broken_clients.client import Answer, ClientError
from tests.broken_clients.kinds import SyncClient

if TYPE_CHECKING:
    from appcode_contract.client_contract import Endpoint
    from tests.broken_clients.client import Call


class RequestsClient(SyncClient):
    """Keeps one session, takes nothing from the environment, repeats nothing and follows no redirect."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint)
        self.session = self.new_session()

    def new_session(self) -> requests.Session:
        session = requests.Session()
        # Otherwise a .netrc adds credentials, and proxies come between.
        session.trust_env = False
        session.mount("http://", self.new_adapter())
        session.mount("https://", self.new_adapter())
        return session

    def new_adapter(self) -> HTTPAdapter:
        return HTTPAdapter(max_retries=0)

    def options(self) -> dict[str, Any]:
        return {"timeout": self.timeout, "allow_redirects": False}

    def send(self, call: Call) -> Answer:
        try:
            answer = self.exchange(call)
        except requests.RequestException as error:
            raise self.lost(call, error) from error
        return Answer(answer.status_code, answer.headers.get("Content-Type", ""), answer.content)

    def exchange(self, call: Call) -> requests.Response:
        return self.session.request(
            call.method, call.url, headers=call.headers, params=call.query, data=call.body, **self.options()
        )

    def lost(self, call: Call, error: Exception) -> Exception:
        return ClientError(f"no answer to {call.method}: {type(error).__name__}")

    def close(self) -> None:
        self.session.close()
