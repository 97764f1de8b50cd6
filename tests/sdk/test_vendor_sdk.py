"""The vendor's own SDK against the fake, in process and over a socket.

The SDK signs its requests and sends no X-Auth-Token by itself; a header of the invoker does. It reads create_time with
a library that it does not require, and warns when that is missing.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import threading
from typing import TYPE_CHECKING, Any

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import (
    ClientRequestException,
    ServerResponseException,
    ServiceResponseException,
)
from huaweicloudsdkroma.v2 import (
    CreateAppCodeAutoV2Request,
    ListAppCodesV2Request,
    RomaClient,
)

from appcode_contract import ALL_BEHAVIORS, Behavior
from appcode_contract.behavior import choices_by_field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from appcode_contract import AppCodeServer, FakeAppCodes

pytestmark = pytest.mark.filterwarnings("ignore:Unable to convert string to datetime")

SPECIAL_CHARACTERS = set("+_!@#$%/=")
ACCESS_KEY = "made-up-access-key"
SECRET_KEY = "made-up-secret-key-of-the-sdk"
EVERY_CHOICE = [
    (name, choice) for name, choices in choices_by_field().items() if name != "error_texts" for choice in choices
]


class Sdk:
    """The two operations through the SDK, for the fake's first project and instance."""

    def __init__(self, fake: FakeAppCodes, **logging_options: Any) -> None:  # noqa: ANN401 - options of the SDK
        builder = (
            RomaClient.new_builder()
            .with_credentials(BasicCredentials(ACCESS_KEY, SECRET_KEY, fake.project_id))
            .with_endpoint(fake.base_url)
        )
        if logging_options:
            builder = builder.with_stream_log(**logging_options)
        self.fake = fake
        self.client = builder.build()

    def close(self) -> None:
        """Close what the SDK leaves open: its session and the threads that sign."""
        self.client.close()
        self.client.get_http_client().executor.shutdown()

    def generate(self, *, app_id: str | None = None, token: str | None = "") -> Any:  # noqa: ANN401 - the SDK is untyped
        """Generate; a token of None sends none, an empty one is the fake's first."""
        request = CreateAppCodeAutoV2Request(instance_id=self.fake.instance_id, app_id=app_id or self.fake.app_id)
        return self._invoke(self.client.create_app_code_auto_v2_invoker(request), token)

    def list(self, *, app_id: str | None = None, token: str | None = "", **query: int | str) -> Any:  # noqa: ANN401 - the SDK is untyped
        """List; a token of None sends none, an empty one is the fake's first."""
        request = ListAppCodesV2Request(
            instance_id=self.fake.instance_id,
            app_id=app_id or self.fake.app_id,
            **query,
        )
        return self._invoke(self.client.list_app_codes_v2_invoker(request), token)

    def _invoke(self, invoker: Any, token: str | None) -> Any:  # noqa: ANN401 - the SDK is untyped
        if token is not None:
            invoker.add_header("X-Auth-Token", token or self.fake.token)
        return invoker.invoke()


@pytest.fixture(params=["appcode_fake", "appcode_server"])
def fake(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> FakeAppCodes:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    if request.param == "appcode_fake":
        in_process: FakeAppCodes = request.getfixturevalue("appcode_fake")
        return in_process
    server: AppCodeServer = request.getfixturevalue("appcode_server")
    return server.fake


@pytest.fixture
def sdk(fake: FakeAppCodes) -> Iterator[Sdk]:
    with contextlib.closing(Sdk(fake)) as opened:
        yield opened


OPERATIONS = pytest.mark.parametrize("operation", ["generate", "list"])


def error_of(call: Any, **arguments: Any) -> ServiceResponseException:  # noqa: ANN401 - an operation of Sdk and its arguments
    with pytest.raises(ServiceResponseException) as caught:
        call(**arguments)
    return caught.value


def told(error: ServiceResponseException) -> tuple[int, str, str]:
    return error.status_code, error.error_code, error.error_msg


def test_the_sdk_generates_an_app_code(sdk: Sdk) -> None:
    response = sdk.generate()

    (record,) = sdk.fake.app_codes()
    assert response.status_code == 201
    assert (response.app_code, response.id, response.app_id) == (record.app_code, record.id, record.app_id)
    assert json.loads(response.raw_content)["create_time"] == record.create_time


def test_the_sdk_lists_what_it_generated(sdk: Sdk) -> None:
    made = [sdk.generate() for _ in range(3)]

    page = sdk.list()

    assert page.status_code == 200
    assert (page.total, page.size) == (3, 3)
    assert [item.id for item in page.app_codes] == [item.id for item in reversed(made)]
    assert [item.app_code for item in page.app_codes] == [item.app_code for item in reversed(made)]


def test_the_sdk_reads_an_empty_list(sdk: Sdk) -> None:
    page = sdk.list()

    assert (page.total, page.size, page.app_codes) == (0, 0, [])


def test_the_sdk_pages_through_45_app_codes(sdk: Sdk) -> None:
    sdk.fake.seed(45)

    pages = [sdk.list(offset=offset, limit=20) for offset in (0, 20, 40, 60)]

    assert [(page.total, page.size) for page in pages] == [(45, 20), (45, 20), (45, 5), (45, 0)]
    joined = [item.id for page in pages for item in page.app_codes]
    assert joined == [record.id for record in sdk.fake.app_codes()]


def test_without_limit_the_sdk_gets_20(sdk: Sdk) -> None:
    sdk.fake.seed(45)

    assert sdk.list().size == 20


def test_the_sdk_sends_a_64_bit_and_a_negative_offset_as_they_are(sdk: Sdk) -> None:
    sdk.fake.seed(1)

    sizes = [sdk.list(offset=offset).size for offset in (2**63 - 1, -1)]

    assert sizes == [0, 1]
    assert [exchange.request.query for exchange in sdk.fake.exchanges] == [f"offset={2**63 - 1}", "offset=-1"]


def test_the_sdk_reads_every_special_character_unchanged(sdk: Sdk) -> None:
    made = sdk.fake.seed(100)
    assert set("".join(record.app_code for record in made)) >= SPECIAL_CHARACTERS

    page = sdk.list(limit=100)

    assert [item.app_code for item in page.app_codes] == [record.app_code for record in reversed(made)]


@pytest.mark.parametrize(("name", "choice"), EVERY_CHOICE)
def test_the_sdk_works_under_every_behavior(sdk: Sdk, name: str, choice: str) -> None:
    sdk.fake.behavior = Behavior(**{name: choice})  # type: ignore[arg-type] # the literals come as strings

    made = sdk.generate()

    (item,) = sdk.list().app_codes
    assert (item.app_code, item.id, item.app_id) == (made.app_code, made.id, made.app_id)


@pytest.mark.parametrize("behavior", ALL_BEHAVIORS)
def test_app_codes_are_generated_and_listed_under_every_behavior(sdk: Sdk, behavior: Behavior) -> None:
    sdk.fake.behavior = behavior

    made = {sdk.generate().app_code for _ in range(3)}

    assert made == {item.app_code for item in sdk.list().app_codes}


SIGNED = Behavior(signed_requests="accepted")


def test_an_unmodified_sdk_works_where_signed_requests_are_accepted(sdk: Sdk) -> None:
    sdk.fake.behavior = SIGNED
    sdk.fake.add_access_key(ACCESS_KEY, SECRET_KEY)

    made = {sdk.generate(token=None).app_code for _ in range(3)}

    assert made == {item.app_code for item in sdk.list(token=None, limit=50, offset=0).app_codes}
    assert sdk.list(token=None, offset=2).size == 1
    assert sdk.fake.violations == ()


@pytest.mark.appcode(strict=False)
@OPERATIONS
@pytest.mark.parametrize(
    ("access_key", "secret_key"),
    [("another-access-key", SECRET_KEY), (ACCESS_KEY, SECRET_KEY + "x"), (ACCESS_KEY, "another")],
)
def test_another_key_signs_nothing(sdk: Sdk, operation: str, access_key: str, secret_key: str) -> None:
    sdk.fake.behavior = SIGNED
    sdk.fake.add_access_key(access_key, secret_key)

    error = error_of(getattr(sdk, operation), token=None)

    assert (error.status_code, error.error_code) == (401, "APIG.1002")


@pytest.mark.appcode(strict=False)
def test_a_signed_request_is_refused_by_default(sdk: Sdk) -> None:
    sdk.fake.add_access_key(ACCESS_KEY, SECRET_KEY)

    assert error_of(sdk.generate, token=None).status_code == 401
    assert {"header/x-auth-token"} == {violation.clause for violation in sdk.fake.violations}


@OPERATIONS
def test_a_malformed_app_id_is_an_error_of_the_client(sdk: Sdk, operation: str) -> None:
    error = error_of(getattr(sdk, operation), app_id="a.b")

    assert isinstance(error, ClientRequestException)
    assert told(error) == (
        400,
        "APIG.2012",
        "Invalid parameter value,parameterName:app_id. Please refer to the support documentation",
    )


@pytest.mark.appcode(strict=False)
@pytest.mark.parametrize("query", [{"limit": 501}, {"limit": 0}, {"limit": "x"}, {"offset": 2**63}], ids=str)
def test_a_wrong_query_is_an_error_of_the_client_and_names_the_parameter(sdk: Sdk, query: dict[str, int | str]) -> None:
    error = error_of(sdk.list, **query)

    assert (error.status_code, error.error_code) == (400, "APIG.2012")
    assert f"parameterName:{next(iter(query))}." in error.error_msg


@OPERATIONS
def test_a_wrong_token_is_401(sdk: Sdk, operation: str) -> None:
    error = error_of(getattr(sdk, operation), token="another-token")

    assert isinstance(error, ClientRequestException)
    assert told(error) == (401, "APIG.1002", "Incorrect token or token resolution failed")


@OPERATIONS
@pytest.mark.appcode(strict=False)
def test_a_signature_alone_is_401_and_the_missing_token_is_recorded(sdk: Sdk, operation: str) -> None:
    error = error_of(getattr(sdk, operation), token=None)

    (exchange,) = sdk.fake.exchanges
    assert told(error) == (401, "APIG.1002", "Incorrect token or token resolution failed")
    assert (exchange.request.header("Authorization") or "").startswith("SDK-HMAC-SHA256 ")
    assert [violation.clause for violation in sdk.fake.violations] == ["header/x-auth-token"]


@OPERATIONS
def test_a_forbidden_token_is_403(sdk: Sdk, operation: str) -> None:
    sdk.fake.add_token("read-nothing", forbidden=True)

    error = error_of(getattr(sdk, operation), token="read-nothing")

    assert isinstance(error, ClientRequestException)
    assert told(error) == (403, "APIG.1005", "No permissions to request this method")


@OPERATIONS
def test_an_unknown_app_is_404(sdk: Sdk, operation: str) -> None:
    error = error_of(getattr(sdk, operation), app_id="no-such-app")

    assert isinstance(error, ClientRequestException)
    assert told(error) == (404, "APIG.3004", "App no-such-app does not exist")


@OPERATIONS
def test_a_failure_of_the_server_is_500_and_asked_for_once(sdk: Sdk, operation: str) -> None:
    sdk.fake.fail(status=500)

    error = error_of(getattr(sdk, operation))

    assert isinstance(error, ServerResponseException)
    assert told(error) == (500, "APIG.9999", "System error")
    assert len(sdk.fake.exchanges) == 1
    assert sdk.fake.app_codes() == ()


def test_a_translated_error_arrives_readable(sdk: Sdk) -> None:
    sdk.fake.behavior = Behavior(error_texts="translated")

    assert told(error_of(sdk.generate, app_id="no-such-app")) == (404, "APIG.3004", "应用 no-such-app 不存在")


def test_the_sdk_keeps_the_contract_once_it_sends_the_token(sdk: Sdk) -> None:
    sdk.generate()
    sdk.list(offset=0, limit=500)

    first, second = (exchange.request for exchange in sdk.fake.exchanges)
    assert sdk.fake.violations == ()
    assert (first.method, first.path, first.body) == ("PUT", second.path, b"")
    assert sorted(second.query.split("&")) == ["limit=500", "offset=0"]


@pytest.fixture
def sdk_log() -> Iterator[io.StringIO]:
    """Where an SDK may log to; its logger is one for the process and put back afterwards."""
    yield io.StringIO()
    logger = logging.getLogger("HuaweiCloud-SDK-RomaClient")
    logger.setLevel(logging.NOTSET)
    for handler in logger.handlers[:]:
        logger.removeHandler(handler)


def test_the_sdk_and_the_fake_log_no_credential(
    fake: FakeAppCodes, sdk_log: io.StringIO, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), contextlib.closing(Sdk(fake, stream=sdk_log, log_level=logging.DEBUG)) as sdk:
        sdk.generate()
        sdk.list()
        error_of(sdk.list, app_id="no-such-app")

    written = sdk_log.getvalue() + caplog.text
    assert "/app-codes" in written
    assert len(fake.secrets()) > 2
    assert [secret for secret in (*fake.secrets(), SECRET_KEY) if secret in written] == []


def test_a_closed_sdk_leaves_no_thread_behind(fake: FakeAppCodes) -> None:
    before = set(threading.enumerate())

    with contextlib.closing(Sdk(fake)) as sdk:
        sdk.generate()

    assert set(threading.enumerate()) <= before


def test_proxies_of_the_environment_do_not_come_between(fake: FakeAppCodes, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    with contextlib.closing(Sdk(fake)) as sdk:
        assert sdk.generate().status_code == 201
