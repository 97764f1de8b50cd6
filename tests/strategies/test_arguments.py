"""Arguments that cannot be are refused when the strategy is made, and no token is repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis.errors import InvalidArgument

from appcode_contract import FakeAppCodes
from appcode_contract.strategies import (
    app_code_pages,
    app_code_records,
    error_bodies,
    generate_responses,
    invalid_requests,
    invalid_responses,
    list_responses,
    requests,
)

if TYPE_CHECKING:
    from collections.abc import Callable

URL = FakeAppCodes(seed=1).url()
NO_URLS = [
    "nope",
    "",
    5,
    URL + "?limit=1",
    URL + "/",
    URL + "#x",
    URL.replace("/v2/", "/v3/"),
    URL.replace("https:", ""),
]
OF_URLS = (requests, invalid_requests, invalid_responses)
OF_APPS = (app_code_pages, app_code_records, error_bodies, generate_responses, list_responses)


@pytest.mark.parametrize("make", OF_URLS)
@pytest.mark.parametrize("url", NO_URLS)
def test_a_url_that_is_none_of_an_app_is_refused(make: Callable[..., Any], url: object) -> None:
    with pytest.raises(InvalidArgument, match="it must be the absolute URL of an app's AppCodes without a query"):
        make(url=url)


@pytest.mark.parametrize("make", OF_URLS)
@pytest.mark.parametrize("url", [URL, URL.replace("/v2/", "/gateway/v2/"), URL.replace("https://", "http://[::1]:80/")])
def test_a_url_of_an_app_is_taken(make: Callable[..., Any], url: str) -> None:
    make(url=url).validate()


@pytest.mark.parametrize("make", [requests, invalid_requests])
@pytest.mark.parametrize("token", ["", " ", "a ", " a", "secret-of-mine\n", "tok\u00e9n", 5])
def test_a_token_that_no_header_carries_is_refused_and_not_repeated(make: Callable[..., Any], token: object) -> None:
    with pytest.raises(InvalidArgument, match="printable ASCII characters") as caught:
        make(token=token)

    assert "secret-of-mine" not in str(caught.value)


@pytest.mark.parametrize("make", OF_APPS)
@pytest.mark.parametrize("app_id", ["", 5, b"a"])
def test_an_app_that_is_no_text_is_refused(make: Callable[..., Any], app_id: object) -> None:
    with pytest.raises(InvalidArgument, match="it must be a string that is not empty"):
        make(app_id=app_id)


def test_a_parameter_that_is_no_text_is_refused() -> None:
    parameter: Any = 5

    with pytest.raises(InvalidArgument, match=r"error_bodies\(parameter=5\): it must be a string"):
        error_bodies(400, parameter=parameter)
