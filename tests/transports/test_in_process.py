"""In process: the requests library is answered for one base URL and refused for every other."""

from __future__ import annotations

import gc
import io
import weakref
from typing import TYPE_CHECKING, Any

import pytest
import requests
import responses
from requests.adapters import HTTPAdapter

from appcode_contract import FakeAppCodes, app_code_server, fake_app_codes
from appcode_contract.transports.in_process import answer_requests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TIMEOUT_SECONDS = 10


def pieces(*parts: str | bytes) -> Iterator[str | bytes]:
    yield from parts


BODIES: dict[str, tuple[Callable[[], Any], bytes]] = {
    "str": (lambda: "über", "über".encode()),
    "bytes": (lambda: b"\x00\xff", b"\x00\xff"),
    "bytearray": (lambda: bytearray(b"abc"), b"abc"),
    "form": (lambda: {"a": "1 2", "b": "+"}, b"a=1+2&b=%2B"),
    "iterator of bytes": (lambda: pieces(b"one", b"", b"two"), b"onetwo"),
    "iterator of str": (lambda: pieces("one", "zwö"), "onezwö".encode()),
    "binary file": (lambda: io.BytesIO(b"file"), b"file"),
    "text file": (lambda: io.StringIO("Datei ü"), "Datei ü".encode()),
    "nothing": (lambda: None, b""),
    "empty": (lambda: b"", b""),
}


def put(url: str, **options: Any) -> requests.Response:  # noqa: ANN401 - whatever requests takes
    return requests.put(url, timeout=TIMEOUT_SECONDS, **options)


def get(url: str, **options: Any) -> requests.Response:  # noqa: ANN401 - whatever requests takes
    return requests.get(url, timeout=TIMEOUT_SECONDS, **options)


@pytest.mark.parametrize(("make", "expected"), BODIES.values(), ids=BODIES)
def test_a_body_of_any_kind_arrives_as_bytes(make: Callable[[], Any], expected: bytes) -> None:
    with fake_app_codes() as fake:
        response = put(fake.url(), data=make(), headers={"X-Auth-Token": fake.token})

        assert response.status_code == 201
        assert fake.exchanges[0].request.body == expected


def test_a_json_body_and_an_uploaded_file_arrive_as_bytes() -> None:
    with fake_app_codes() as fake:
        put(fake.url(), json={"a": 1})
        put(fake.url(), files={"name": io.BytesIO(b"content")})

        first, second = (exchange.request for exchange in fake.exchanges)
        assert first.body == b'{"a": 1}'
        assert b"content" in second.body
        assert (second.header("content-type") or "").startswith("multipart/form-data; boundary=")


def test_a_real_file_is_read_to_its_end(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("bodies") / "body"
    path.write_bytes(b"on disk" * 10_000)

    with fake_app_codes() as fake, path.open("rb") as file:
        put(fake.url(), data=file)

        assert fake.exchanges[0].request.body == b"on disk" * 10_000


@pytest.mark.parametrize(
    "url",
    [
        "https://other.example/",
        "https://roma.example.other.example/",
        "https://other-roma.example/",
        "https://roma.example:444/",
        "https://roma.example@other.example/",
        "http://roma.example/",
        "http://127.0.0.1:9/",
    ],
)
def test_every_other_host_is_refused_and_nothing_is_recorded(url: str) -> None:
    with fake_app_codes() as fake:
        with pytest.raises(requests.ConnectionError):
            get(url)

        assert fake.exchanges == ()


@pytest.mark.parametrize("end", ["", "/", "?x", "/?x=1", "/anything/else?a=b&c#d"])
def test_every_path_below_the_base_url_is_answered(end: str) -> None:
    with fake_app_codes() as fake:
        response = get(fake.base_url + end)

        assert response.status_code == 404
        assert len(fake.exchanges) == 1


@pytest.mark.parametrize("spelled", ["https://ROMA.example", "HTTPS://roma.EXAMPLE"])
def test_a_client_may_spell_the_host_in_any_letter_case(spelled: str) -> None:
    with fake_app_codes() as fake:
        response = get(fake.url().replace(fake.base_url, spelled), headers={"X-Auth-Token": fake.token})

        assert response.status_code == 200


def test_a_fake_may_be_given_a_host_in_any_letter_case() -> None:
    with fake_app_codes(base_url="https://ROMA.example") as fake:
        response = get(fake.url(), headers={"X-Auth-Token": fake.token})

        assert response.status_code == 200


@pytest.mark.parametrize("method", ["PROPFIND", "QUERY", "CONNECT"])
def test_a_method_that_is_seldom_used_is_answered_with_405(method: str) -> None:
    with fake_app_codes() as fake:
        response = requests.request(method, fake.url(), timeout=TIMEOUT_SECONDS)

        assert response.status_code == 405


def test_a_fake_answers_at_the_base_url_it_is_given() -> None:
    with fake_app_codes(base_url="http://127.0.0.1:9") as fake:
        assert get(fake.url(), headers={"X-Auth-Token": fake.token}).status_code == 200


def test_a_session_and_a_prepared_request_are_answered_too() -> None:
    with fake_app_codes() as fake, requests.Session() as session:
        session.headers["X-Auth-Token"] = fake.token
        prepared = session.prepare_request(requests.Request("PUT", fake.url()))

        statuses = [
            session.send(prepared).status_code,
            session.get(fake.url()).status_code,
        ]

        assert statuses == [201, 200]
        assert fake.violations == ()


def test_a_header_given_as_bytes_is_read() -> None:
    with fake_app_codes() as fake:
        response = get(fake.url(), headers={"X-Auth-Token": fake.token.encode()})

        assert response.status_code == 200


def test_the_headers_of_the_answer_are_the_fakes_own() -> None:
    with fake_app_codes() as fake:
        response = requests.delete(fake.url(), timeout=TIMEOUT_SECONDS)

    assert {name.lower() for name in response.headers} == {
        "content-type",
        "content-length",
        "allow",
    }


def test_the_library_is_itself_again_after_the_context_even_after_an_exception() -> None:
    original = HTTPAdapter.send

    def fail() -> None:
        with fake_app_codes():
            raise KeyError

    with pytest.raises(KeyError):
        fail()

    assert HTTPAdapter.send is original


def test_one_fake_may_be_answered_again_in_a_later_context() -> None:
    fake = FakeAppCodes()
    for _ in range(2):
        with answer_requests(fake, fake.base_url):
            put(fake.url(), headers={"X-Auth-Token": fake.token})

    assert len(fake.app_codes()) == 2


def test_proxies_of_the_environment_are_not_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    with fake_app_codes() as fake:
        assert get(fake.url(), headers={"X-Auth-Token": fake.token}).status_code == 200


def test_fakes_at_several_places_stand_side_by_side() -> None:
    with fake_app_codes() as first, fake_app_codes(base_url="http://other.example:8080") as second:
        made = [put(fake.url(), headers={"X-Auth-Token": fake.token}).status_code for fake in (first, second, first)]

        with pytest.raises(requests.ConnectionError, match="refuses https://third"):
            get("https://third.example/")

    assert made == [201, 201, 201]
    assert [len(fake.exchanges) for fake in (first, second)] == [2, 1]


@responses.activate
def test_who_answered_requests_before_answers_for_the_other_hosts() -> None:
    responses.get("https://other.example/", body="theirs")

    with fake_app_codes() as fake:
        made = put(fake.url(), headers={"X-Auth-Token": fake.token})
        other = get("https://other.example/")
        with pytest.raises(requests.ConnectionError):
            get("https://third.example/")

    assert (made.status_code, other.text) == (201, "theirs")


def test_a_wrapped_adapter_lets_nothing_reach_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    real, sent = HTTPAdapter.send, []

    def with_a_timeout(self: HTTPAdapter, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # noqa: ANN401 - as requests has it
        sent.append(request.url)
        return real(self, request, **options | {"timeout": TIMEOUT_SECONDS})

    monkeypatch.setattr(HTTPAdapter, "send", with_a_timeout)

    with fake_app_codes() as fake, app_code_server() as server:
        with pytest.raises(requests.ConnectionError, match=f"refuses {server.url}"):
            get(server.url)
        assert put(fake.url(), headers={"X-Auth-Token": fake.token}).status_code == 201
    assert sent == []


def test_no_request_outlives_its_answer() -> None:
    with fake_app_codes() as fake, requests.Session() as session:
        sent = session.prepare_request(requests.Request("PUT", fake.url(), {"X-Auth-Token": fake.token}))
        waiting = weakref.ref(sent)
        session.send(sent)
        del sent
        get(fake.url(), headers={"X-Auth-Token": fake.token})
        gc.collect()

        assert waiting() is None
