"""A client over urllib.request, with nothing but the standard library."""

from __future__ import annotations

import gzip
import http.client
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tests.broken_clients.client import Answer, ClientError
from tests.broken_clients.kinds import SyncClient

if TYPE_CHECKING:
    from datetime import datetime

    from appcode_contract.client_contract import Endpoint
    from tests.broken_clients.client import Call


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """Takes a redirect for the error that it is here: urllib would send the token along."""

    def redirect_request(self, *_: Any, **__: Any) -> None:  # noqa: ANN401 - nothing of it is used
        """Follow nothing."""


class UrllibClient(SyncClient):
    """Opens a connection for each request; gives create_time as it came."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint)
        self.opener = urllib.request.build_opener(*self.handlers())

    def handlers(self) -> list[urllib.request.BaseHandler]:
        return [urllib.request.ProxyHandler({}), NoRedirects()]

    def headers(self) -> dict[str, str]:
        return {**super().headers(), "Accept-Encoding": "gzip"}

    def read_time(self, text: str) -> datetime | str:
        super().read_time(text)
        return text

    def send(self, call: Call) -> Answer:
        url = call.url + ("?" + urlencode(call.query) if call.query else "")
        # The address is the user's own.
        request = urllib.request.Request(url, call.body, dict(call.headers), method=call.method)  # noqa: S310
        try:
            with self.opener.open(request, timeout=self.timeout) as answer:
                return self.read_answer(answer)
        except urllib.error.HTTPError as error:
            with error:
                return self.read_error_answer(call, error)
        except (OSError, http.client.HTTPException) as error:
            raise self.lost(call, error) from error

    def read_error_answer(self, call: Call, error: urllib.error.HTTPError) -> Answer:
        try:
            return self.read_answer(error)
        except (OSError, http.client.HTTPException) as lost:
            raise self.lost(call, lost) from lost

    def read_answer(self, answer: http.client.HTTPResponse | urllib.error.HTTPError) -> Answer:
        body = self.read_body(answer)
        if answer.headers.get("Content-Encoding") == "gzip":
            body = self.decompressed(body)
        return Answer(answer.status or 0, answer.headers.get("Content-Type", ""), body)

    def read_body(self, answer: http.client.HTTPResponse | urllib.error.HTTPError) -> bytes:
        return answer.read()

    def decompressed(self, body: bytes) -> bytes:
        try:
            return gzip.decompress(body)
        except (OSError, EOFError):
            msg = "the body is not gzip"
            raise ClientError(msg) from None

    def lost(self, call: Call, error: Exception) -> Exception:
        return ClientError(f"no answer to {call.method}: {type(error).__name__}")

    def close(self) -> None:
        self.opener.close()
