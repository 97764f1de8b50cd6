"""Going back: reset and snapshots."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from appcode_contract import Behavior, FakeAppCodes, Request
from appcode_contract.fake.exchange_log import MOST_BYTES
from appcode_contract.messages import MAXIMUM_BODY
from tests.fake.test_state import own, play

if TYPE_CHECKING:
    from tests.conftest import Wire


def test_reset_makes_a_seeded_fake_repeat_itself(wire: Wire) -> None:
    first = [own(response) for response in play(wire)]

    wire.fake.reset()

    assert [own(response) for response in play(wire)] == first


def test_reset_forgets_everything_but_the_beginning(wire: Wire) -> None:
    beginning = wire.fake.app_id, wire.fake.token, wire.fake.base_url
    wire.fake.add_app("another")
    wire.fake.add_token("second")
    wire.fake.add_token(wire.fake.token, forbidden=True)
    wire.fake.seed(2)
    wire.fake.behavior = Behavior(extra_fields="present")
    wire.list("limit=x")
    wire.fake.fail(status=500)

    wire.fake.reset()

    assert (wire.fake.exchanges, wire.fake.violations) == ((), ())
    assert (wire.fake.app_id, wire.fake.token, wire.fake.base_url) == beginning
    assert wire.list().json() == {"total": 0, "size": 0, "app_codes": []}
    assert wire.list(url=wire.fake.url("another")).status == 404
    assert wire.list(token="second").status == 401


def test_reset_brings_back_the_behavior_the_fake_was_made_with() -> None:
    made_with = Behavior(list_order="oldest_first")
    fake = FakeAppCodes(behavior=made_with)
    fake.behavior = Behavior()

    fake.reset()

    assert fake.behavior == made_with


def everything(fake: FakeAppCodes) -> tuple[object, ...]:
    return fake.app_codes(), fake.exchanges, fake.dropped_exchanges, fake.behavior, fake.secrets()


def test_a_fake_goes_back_to_a_snapshot_as_often_as_wanted(wire: Wire) -> None:
    wire.generate()
    wire.fake.add_token("second")
    wire.fake.behavior = Behavior(quota=5)
    before, snapshot = everything(wire.fake), wire.fake.snapshot()

    for _ in range(2):
        made = [wire.generate().body, wire.generate().body]
        wire.fake.add_app("other")
        wire.fake.add_token("third")
        wire.fake.add_access_key("a", "s")
        wire.fake.behavior = Behavior()
        wire.fake.fail(status=500, times=None)
        wire.fake.restore(snapshot)
        assert before == everything(wire.fake)
        assert wire.list(url=wire.fake.url("other")).status == 404
        assert made == [wire.generate().body, wire.generate().body]
        wire.fake.restore(snapshot)


def test_a_snapshot_keeps_faults_where_they_were(wire: Wire) -> None:
    wire.fake.fail(status=503, times=3)
    wire.list()
    snapshot = wire.fake.snapshot()

    for _ in range(2):
        assert [wire.list().status for _ in range(3)] == [503, 503, 200]
        wire.fake.restore(snapshot)


def test_a_snapshot_of_another_fake_is_refused() -> None:
    with pytest.raises(ValueError, match="of another fake"):
        FakeAppCodes().restore(FakeAppCodes().snapshot())


def test_a_snapshot_shows_no_secret() -> None:
    fake = FakeAppCodes()
    fake.seed(1)

    shown = repr(fake.snapshot())

    assert not any(secret in shown for secret in fake.secrets())


def test_a_page_shows_no_app_code_of_before_the_fake_went_back(wire: Wire) -> None:
    fake = wire.fake
    fake.seed(1)
    before, snapshot = wire.list().json(), fake.snapshot()
    fake.seed(2)

    fake.restore(snapshot)
    fake.seed(1)
    fake.seed(1)

    assert [record.app_code for record in fake.app_codes()] == [
        each["app_code"] for each in wire.list().json()["app_codes"]
    ]
    fake.restore(snapshot)
    assert before == wire.list().json()


def test_as_many_other_app_codes_make_another_page() -> None:
    fake = FakeAppCodes()  # without a seed no value comes twice
    request = Request("GET", fake.url(), {"X-Auth-Token": fake.token})
    listed = []

    for _ in range(2):
        fake.reset()
        fake.seed(3)
        listed.append([each["app_code"] for each in fake.handle(request).json()["app_codes"]])

    assert [record.app_code for record in fake.app_codes()] == listed[1]
    assert not set(listed[0]) & set(listed[1])


def test_more_pages_than_are_remembered_are_all_right() -> None:
    fake = FakeAppCodes(seed=1)
    fake.seed(100)
    codes = [record.app_code for record in fake.app_codes()]

    for offset in (*range(100), *range(100)):
        request = Request("GET", f"{fake.url()}?limit=2&offset={offset}", {"X-Auth-Token": fake.token})
        page = fake.handle(request).json()
        assert codes[offset : offset + 2] == [each["app_code"] for each in page["app_codes"]]


def test_a_rate_limit_goes_back_as_well() -> None:
    fake = FakeAppCodes(behavior=Behavior(rate_limit=3))
    request = Request("GET", fake.url(), {"X-Auth-Token": fake.token})
    fake.handle(request)
    snapshot = fake.snapshot()

    for _ in range(2):
        assert [fake.handle(request).status for _ in range(3)] == [200, 429, 200]
        fake.restore(snapshot)


def test_exchanges_that_went_back_count_for_what_is_kept() -> None:
    fake = FakeAppCodes()
    request = Request("PUT", fake.url(), {"X-Auth-Token": fake.token}, b"x" * MAXIMUM_BODY)
    for _ in range(MOST_BYTES // MAXIMUM_BODY - 4):
        fake.handle(request)
    fake.restore(fake.snapshot())

    for _ in range(8):
        fake.handle(request)

    assert fake.dropped_exchanges >= 4


def test_what_is_remembered_of_requests_and_pages_is_bounded() -> None:
    fake = FakeAppCodes(seed=1)
    fake.seed(1000)
    headers = {"X-Auth-Token": fake.token}
    tracemalloc.start()
    try:
        for offset in range(300):
            fake.handle(Request("GET", f"{fake.url()}?limit=500&offset={offset}", headers))
        for number in range(20_000):
            fake.handle(Request("GET", fake.url(f"a{number}") + "?" + "x" * 300))
        fake.restore(replace(fake.snapshot(), exchanges=()))
        held = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()

    assert held < 4_000_000
