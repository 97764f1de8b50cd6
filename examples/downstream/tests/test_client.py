"""The client against the fake, in process and over a socket."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import requests
from appcode_client import AppCodeClient, AppCodeError

from appcode_contract import AppCodeServer, Behavior, FakeAppCodes

if TYPE_CHECKING:
    from collections.abc import Iterator

EVERYTHING_ELSE = Behavior(
    app_code_alphabet="letters_only",
    app_code_length="longest",
    content_type="charset",
    create_time_precision="milliseconds",
    create_time_zone="offset",
    extra_fields="present",
    list_order="oldest_first",
    out_of_range_limit="clamp",
)


@pytest.fixture(params=["appcode_fake", "appcode_server"])
def fake(request: pytest.FixtureRequest) -> FakeAppCodes:
    given: FakeAppCodes | AppCodeServer = request.getfixturevalue(request.param)
    return given.fake if isinstance(given, AppCodeServer) else given


def client_of(fake: FakeAppCodes, *, token: str | None = None) -> AppCodeClient:
    return AppCodeClient(
        fake.base_url,
        project_id=fake.project_id,
        instance_id=fake.instance_id,
        token=token or fake.token,
    )


@pytest.fixture
def client(fake: FakeAppCodes, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppCodeClient]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with client_of(fake) as opened:
        yield opened


def test_a_generated_app_code_is_the_one_the_server_keeps(fake: FakeAppCodes, client: AppCodeClient) -> None:
    made = client.generate(fake.app_id)

    (kept,) = fake.app_codes()
    assert (made.app_code, made.id, made.app_id) == (kept.app_code, kept.id, kept.app_id)


def test_a_time_with_nine_digits_is_read_as_the_instant_it_is(fake: FakeAppCodes, client: AppCodeClient) -> None:
    made = client.generate(fake.app_id)

    (kept,) = fake.app_codes()
    assert len(kept.create_time) == len("2020-07-24T02:31:45.790909295Z")
    second = datetime.strptime(kept.create_time[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
    assert made.create_time == second.replace(microsecond=int(kept.create_time[20:26]))


def test_a_page_is_as_long_as_asked_for_and_tells_the_total(fake: FakeAppCodes, client: AppCodeClient) -> None:
    fake.seed(45)

    page = client.list_page(fake.app_id, offset=40, limit=20)

    assert page.total == 45
    assert [record.id for record in page.app_codes] == [record.id for record in fake.app_codes()[40:]]


@pytest.mark.parametrize("count", [0, 1, 19, 20, 21, 40])
def test_all_app_codes_are_read_page_after_page(fake: FakeAppCodes, client: AppCodeClient, count: int) -> None:
    fake.seed(count)

    everything = list(client.list_all(fake.app_id, page_size=20))

    assert [record.app_code for record in everything] == [record.app_code for record in fake.app_codes()]
    assert len(fake.exchanges) == max(1, -(-count // 20))


def test_501_app_codes_take_two_of_the_largest_pages(fake: FakeAppCodes, client: AppCodeClient) -> None:
    fake.seed(501)

    assert len(list(client.list_all(fake.app_id))) == 501
    assert len(fake.exchanges) == 2


def test_an_app_code_made_meanwhile_does_not_make_another_come_twice(fake: FakeAppCodes, client: AppCodeClient) -> None:
    old = {record.id for record in fake.seed(6)}

    reading = client.list_all(fake.app_id, page_size=2)
    first = next(reading).id
    fake.seed(1)
    rest = [record.id for record in reading]

    assert sorted([first, *rest]) == sorted(old)


@pytest.mark.appcode(behavior=EVERYTHING_ELSE)
def test_the_client_works_with_a_server_that_chose_otherwise(fake: FakeAppCodes, client: AppCodeClient) -> None:
    made = [client.generate(fake.app_id) for _ in range(3)]

    listed = list(client.list_all(fake.app_id, page_size=2))

    assert [record.app_code for record in listed] == [record.app_code for record in made]
    assert [record.create_time for record in listed] == [record.create_time for record in made]
    assert [record.create_time.astimezone(UTC).isoformat()[:19] for record in listed] == [
        record.create_time[:19] for record in fake.app_codes()
    ]


def test_a_failure_of_the_server_is_told_and_generate_is_not_repeated(
    fake: FakeAppCodes, client: AppCodeClient
) -> None:
    fake.fail(status=500)

    with pytest.raises(AppCodeError) as caught:
        client.generate(fake.app_id)

    assert (caught.value.status, caught.value.error_code, caught.value.error_msg) == (500, "APIG.9999", "System error")
    assert len(fake.exchanges) == 1
    assert fake.app_codes() == ()


@pytest.mark.parametrize(
    ("status", "code"), [(400, "APIG.2012"), (401, "APIG.1002"), (403, "APIG.1005"), (404, "APIG.3004")]
)
def test_every_refusal_is_told(fake: FakeAppCodes, client: AppCodeClient, status: int, code: str) -> None:
    fake.fail("list", status=status)

    with pytest.raises(AppCodeError, match=f"^{status} {code} ") as caught:
        client.list_page(fake.app_id)

    assert (caught.value.status, caught.value.error_code) == (status, code)


def test_a_wrong_token_is_refused_and_not_shown(fake: FakeAppCodes) -> None:
    with client_of(fake, token="a-wrong-token") as client, pytest.raises(AppCodeError) as caught:  # noqa: S106 - made up
        client.generate(fake.app_id)

    assert caught.value.status == 401
    assert "a-wrong-token" not in f"{caught.value} {caught.value!r} {client!r}"


def test_an_unknown_app_is_named(fake: FakeAppCodes, client: AppCodeClient) -> None:
    with pytest.raises(AppCodeError, match=r"^404 APIG\.3004 .*no-such-app"):
        client.generate("no-such-app")

    assert fake.app_codes() == ()


@pytest.mark.appcode(strict=False)
def test_a_limit_out_of_range_is_the_callers_mistake(fake: FakeAppCodes, client: AppCodeClient) -> None:
    with pytest.raises(AppCodeError, match="limit"):
        client.list_page(fake.app_id, limit=501)


def test_an_id_cannot_lead_to_another_path(client: AppCodeClient) -> None:
    with pytest.raises(AppCodeError, match=r"^400 APIG\.2012"):
        client.generate("../../apps")


def test_an_empty_id_is_refused_before_anything_is_sent(fake: FakeAppCodes, client: AppCodeClient) -> None:
    with pytest.raises(ValueError, match="empty"):
        client.generate("")

    assert fake.exchanges == ()


def test_no_repr_shows_a_credential(fake: FakeAppCodes, client: AppCodeClient) -> None:
    made = client.generate(fake.app_id)
    page = client.list_page(fake.app_id)

    shown = f"{made!r} {page!r} {client!r} {client}"

    assert made.id in shown
    assert [secret for secret in fake.secrets() if secret in shown] == []


def test_a_server_that_never_answers_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        base_url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        client = AppCodeClient(base_url, project_id="p", instance_id="i", token="t", timeout=(5, 0.05))  # noqa: S106 - made up

        with client, pytest.raises(requests.Timeout):
            client.generate("a")
