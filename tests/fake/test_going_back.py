"""Going back: reset and snapshots."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from appcode_contract import Behavior, FakeAppCodes, Request
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
