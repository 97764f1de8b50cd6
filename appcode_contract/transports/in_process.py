"""In process: whatever the requests library sends to one base URL is answered by a handler."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NoReturn
from urllib.parse import urlsplit

import requests
import responses
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, MaxRetryError, ProtocolError, ReadTimeoutError

from appcode_contract.messages import DeliveryError, Request
from appcode_contract.transports.asgi import cut_head

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from requests import PreparedRequest

    from appcode_contract.messages import Delivery, Handler


_TOO_LATE: Final = "no whole answer came before the timeout"


class _Everything(responses.CallbackResponse):
    """Matches every method and every path of one host."""

    def __init__(self, base_url: str, answer: Callable[[PreparedRequest], tuple[int, dict[str, str], bytes]]) -> None:
        # As requests writes it: the host in lower case, and in ASCII.
        written = requests.Request("GET", base_url).prepare().url or base_url
        self.base = written.rstrip("/")
        super().__init__("GET", self.base, callback=answer, content_type=None)

    def matches(self, request: PreparedRequest) -> tuple[bool, str]:
        url = request.url or ""
        below = url == self.base or url.startswith((self.base + "/", self.base + "?"))
        return below, "" if below else "another host"


class _Stray(responses.CallbackResponse):
    """Matches whatever that one does not, and refuses it or leaves it to who stood in for requests before us."""

    def __init__(self, everything: _Everything) -> None:
        self._everything = everything
        super().__init__("GET", "http://stray.invalid", callback=self._refuse)
        self.passthrough = HTTPAdapter.send.__module__ == responses.__name__

    def matches(self, request: PreparedRequest) -> tuple[bool, str]:
        return not self._everything.matches(request)[0], ""

    def _refuse(self, request: PreparedRequest) -> NoReturn:
        parts = urlsplit(request.url or "")
        place = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        msg = f"the fake of appcode-contract answers {self._everything.base} and refuses {place}"
        raise requests.exceptions.ConnectionError(msg, request=request)


class _Mock(responses.RequestsMock):
    """Repeats what a connection would have broken, as often as the adapter was told to: for a PUT, too, by default."""

    def _on_request(self, adapter: HTTPAdapter, request: PreparedRequest, **given: Any) -> requests.Response:  # noqa: ANN401 - as given
        retries = given.pop("retries", None) or adapter.max_retries
        while True:
            try:
                return super()._on_request(adapter, request, retries=retries, **given)
            except _BrokenError as broken:
                try:
                    retries = retries.increment(request.method, request.url, error=broken.cause)
                except MaxRetryError as error:
                    raise requests.exceptions.ConnectionError(error, request=request) from None
                except HTTPError:
                    raise broken.told from None


class _BrokenError(Exception):
    """An answer that never comes.

    Args:
        cause: What it is for urllib3, which may repeat the request.
        told: What it is for the caller, when it may not.
    """

    def __init__(self, cause: HTTPError, told: requests.RequestException) -> None:
        super().__init__(str(told))
        self.cause, self.told = cause, told


@contextmanager
def answer_requests(handler: Handler, base_url: str) -> Iterator[None]:
    """Answer every request of the requests library to a base URL, and refuse every other.

    Args:
        handler: Who answers.
        base_url: Scheme, host and port, without a slash at the end.

    Yields:
        Nothing; the answers last as long as the context. A request to another host meanwhile goes to whoever answered
        the requests library before, another fake or ``responses``; when nobody did, it raises
        ``requests.ConnectionError``. Nothing reaches the network.
    """

    def answer(prepared: PreparedRequest) -> tuple[int, dict[str, str], bytes]:
        mock.calls.reset()  # the handler keeps what it wants to keep
        everything.calls.reset()
        response = handler.handle(_request(prepared))
        _deliver(response.delivery, prepared)
        if response.delivery.manner == "close_in_headers":
            return response.status, dict(_read_headers(cut_head(response))), b""
        return response.status, dict(response.headers), response.body

    everything = _Everything(base_url, answer)
    stray = _Stray(everything)
    before = HTTPAdapter.send
    with _Mock(assert_all_requests_are_fired=False, real_adapter_send=before) as mock:
        mock.add(everything)
        mock.add(stray)
        yield


def _deliver(delivery: Delivery, prepared: PreparedRequest) -> None:
    """Do to the client what a connection would have done, as far as the requests library can be told."""
    if delivery.manner in {"whole", "close_in_headers"}:
        return
    given: Any = getattr(prepared, "req_kwargs", {})
    if delivery.manner == "hang" and given.get("timeout") is not None:
        told = requests.exceptions.ReadTimeout(_TOO_LATE, request=prepared)
        raise _BrokenError(ReadTimeoutError(None, prepared.url, _TOO_LATE), told)  # type: ignore[arg-type] # there is no pool
    if delivery.manner == "stall" and given.get("timeout") is not None:
        raise requests.exceptions.ConnectionError(ReadTimeoutError(None, prepared.url, _TOO_LATE), request=prepared)  # type: ignore[arg-type] # there is no pool
    if delivery.manner in {"hang", "stall", "slow_start", "dribble"}:
        why = "without a timeout it would never end" if delivery.manner in {"hang", "stall"} else "it takes time"
        msg = f"an answer in the manner {delivery.manner!r} cannot be given in process, {why}; use appcode_server"
        raise DeliveryError(msg)
    msg = f"the connection ended without a whole answer ({delivery.manner})"
    if delivery.manner == "close_after_headers":
        raise requests.exceptions.ChunkedEncodingError(msg, request=prepared)
    raise _BrokenError(ProtocolError(msg), requests.exceptions.ConnectionError(msg, request=prepared))


def _read_headers(head: bytes) -> Iterator[tuple[str, str]]:
    """Read a head as the requests library does: it takes what came for the whole."""
    for line in head.decode("latin-1").split("\r\n")[1:]:
        name, colon, value = line.partition(":")
        if colon:
            yield name, value.strip()


def _request(prepared: PreparedRequest) -> Request:
    headers = [
        (name, value if isinstance(value, str) else value.decode("latin-1")) for name, value in prepared.headers.items()
    ]
    return Request(prepared.method or "", prepared.url or "", tuple(headers), _bytes(prepared.body))


def _bytes(body: object) -> bytes:
    match body:
        case None:
            return b""
        case str():
            return body.encode()
        case bytes() | bytearray():
            return bytes(body)
        case _:
            chunks = body.read() if hasattr(body, "read") else b"".join(map(_bytes, body))  # type: ignore[call-overload] # a file or an iterable, as requests allows
            return _bytes(chunks)
