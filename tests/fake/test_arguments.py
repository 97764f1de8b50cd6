"""Arguments that cannot be are refused, with what would be right."""

from __future__ import annotations

import pytest

from appcode_contract import FakeAppCodes, Request

MALFORMED_IDS = ["", "a b", "a/b", "a.b", "ü", "a\n", "a" * 65]


@pytest.mark.parametrize("name", ["project_id", "instance_id", "app_id"])
@pytest.mark.parametrize("value", MALFORMED_IDS)
def test_a_malformed_id_is_refused_when_the_fake_is_made(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"{name} is .*; it must be 1 to 64 letters"):
        FakeAppCodes(**{name: value})  # type: ignore[arg-type] # a keyword of strings


@pytest.mark.parametrize("value", MALFORMED_IDS)
def test_a_malformed_app_id_is_refused_when_added(value: str) -> None:
    with pytest.raises(ValueError, match=r"app_id is .*; it must be 1 to 64 letters"):
        FakeAppCodes().add_app(value)


@pytest.mark.parametrize("name", ["project_id", "instance_id"])
@pytest.mark.parametrize("value", MALFORMED_IDS[1:])
def test_a_malformed_place_is_refused_when_an_app_is_added(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"{name} is .*; it must be 1 to 64 letters"):
        FakeAppCodes().add_app(**{name: value})


@pytest.mark.parametrize("name", ["project_id", "instance_id"])
def test_an_empty_place_is_refused_when_an_app_is_added(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} is ''; it must be 1 to 64 letters"):
        FakeAppCodes().add_app(**{name: ""})


@pytest.mark.parametrize("name", ["app_id", "project_id", "instance_id"])
def test_an_empty_id_names_no_app(name: str) -> None:
    with pytest.raises(LookupError):
        FakeAppCodes().app_codes(**{name: ""})


@pytest.mark.parametrize("token", ["", " ", " t", "t ", "t\n", "t\tt", "ü", "\x7f"])
def test_a_token_that_no_header_carries_is_refused_and_not_repeated(token: str) -> None:
    for add in (lambda: FakeAppCodes(token=token), lambda: FakeAppCodes().add_token(token)):
        with pytest.raises(ValueError, match="at least one printable ASCII character") as caught:
            add()

        assert "ü" not in str(caught.value)


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "roma.example",
        "//roma.example",
        "ftp://roma.example",
        "https://",
        "https:///x",
        "https://roma.example/v2",
        "https://roma.example?x",
        "https://roma.example#x",
        "https://[::1",
    ],
)
def test_a_base_url_that_is_none_is_refused(base_url: str) -> None:
    with pytest.raises(ValueError, match=r"base_url is|Invalid IPv6 URL"):
        FakeAppCodes(base_url=base_url)


@pytest.mark.parametrize(
    "base_url",
    [
        "https://roma.example/?",
        "https://roma.example#",
        "https://roma.example ",
        "https://roma example",
        "https://roma.example:port",
        "https://roma.example:65536",
        "https://user:password@roma.example",
    ],
)
def test_a_base_url_that_no_client_can_use_as_it_is_gets_refused(base_url: str) -> None:
    with pytest.raises(ValueError, match="base_url is"):
        FakeAppCodes(base_url=base_url)


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:8080", "https://[::1]:8443", "https://roma.example/"])
def test_a_base_url_loses_its_last_slash_only(base_url: str) -> None:
    fake = FakeAppCodes(base_url=base_url)

    assert fake.base_url == base_url.rstrip("/")
    assert fake.url() == f"{fake.base_url}{Request('GET', fake.url()).path}"


def test_a_negative_number_of_app_codes_cannot_be_seeded() -> None:
    with pytest.raises(ValueError, match=r"seed\(-1\): the number of AppCodes must be a whole number, at least 0"):
        FakeAppCodes().seed(-1)


@pytest.mark.parametrize("part", ["app_id", "project_id", "instance_id"])
def test_app_codes_of_an_app_that_does_not_exist_cannot_be_had_or_seeded(
    part: str,
) -> None:
    fake = FakeAppCodes()

    with pytest.raises(LookupError, match=r"no app .*nobody.*; add_app"):
        fake.app_codes(**{part: "nobody"})
    with pytest.raises(LookupError, match=r"no app .*nobody.*; add_app"):
        fake.seed(1, **{part: "nobody"})
