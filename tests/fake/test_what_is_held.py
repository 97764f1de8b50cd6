"""What is held of exchanges and of AppCodes, without a fake around it."""

from __future__ import annotations

import pytest

from appcode_contract.fake.exchange_log import ExchangeLog
from appcode_contract.fake.store import Records
from appcode_contract.messages import AppCodeRecord, Exchange, Request, Response

MADE = [AppCodeRecord(app_code=str(number), id="i", app_id="a", create_time="t") for number in range(5)]
LARGE = "x" * 10_000


def exchange(url: str = "", name: str = "", value: str = "", body: str = "", answer: str | None = "") -> Exchange:
    response = None if answer is None else Response(200, (), answer.encode())
    return Exchange(Request("GET", url, ((name, value),), body.encode()), response)


def filled(log: ExchangeLog, exchanges: list[Exchange]) -> ExchangeLog:
    for each in exchanges:
        log.add(each)
    return log


PARTS = {
    "url": exchange(url=LARGE),
    "name of a header": exchange(name=LARGE),
    "value of a header": exchange(value=LARGE, answer=None),
    "body": exchange(body=LARGE),
    "answer": exchange(answer=LARGE),
}


@pytest.mark.parametrize("large", PARTS.values(), ids=PARTS.keys())
def test_every_part_of_an_exchange_counts(large: Exchange) -> None:
    log = filled(ExchangeLog(most_bytes=25_000), [large, exchange(), large])
    assert log.dropped == 0

    log.add(large)

    assert (log.dropped, list(log)) == (1, [exchange(), large, large])


def test_the_newest_exchange_is_kept_however_large() -> None:
    log = filled(ExchangeLog(most_bytes=1), [exchange(), exchange(url=LARGE)])

    assert (log.dropped, list(log)) == (1, [exchange(url=LARGE)])


def test_as_many_exchanges_are_kept_as_may_be() -> None:
    exchanges = [exchange(url=str(number)) for number in range(5)]

    log = filled(ExchangeLog(most=3), exchanges)

    assert (log.dropped, list(log)) == (2, exchanges[2:])


def test_what_was_loaded_counts_as_if_it_had_been_added() -> None:
    log = ExchangeLog(most_bytes=25_000)
    log.add(PARTS["body"])

    log.load([PARTS["url"], PARTS["body"]], 7)
    assert (log.dropped, list(log)) == (7, [PARTS["url"], PARTS["body"]])
    log.add(PARTS["answer"])

    assert (log.dropped, list(log)) == (8, [PARTS["body"], PARTS["answer"]])


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize(
    "part",
    [
        slice(None),
        slice(1, 3),
        slice(3, 99),
        slice(99, 100),
        slice(-2, None),
        slice(None, None, 2),
        slice(None, None, -1),
    ],
    ids=str,
)
def test_a_part_of_the_records_is_that_of_a_list(part: slice, newest_first: bool) -> None:  # noqa: FBT001 - a table
    expected = MADE[::-1] if newest_first else MADE

    assert Records(MADE, newest_first=newest_first)[part] == expected[part]


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("index", [0, 1, 4, -1, -5])
def test_one_of_the_records_is_that_of_a_list(index: int, newest_first: bool) -> None:  # noqa: FBT001 - a table
    expected = MADE[::-1] if newest_first else MADE

    assert Records(MADE, newest_first=newest_first)[index] == expected[index]


@pytest.mark.parametrize("index", [5, -6])
def test_there_are_no_more_records_than_were_made(index: int) -> None:
    with pytest.raises(IndexError):
        Records(MADE, newest_first=True)[index]


def test_records_are_equal_to_the_same_ones_in_the_same_order() -> None:
    records = Records(MADE, newest_first=True)

    assert records == MADE[::-1]
    assert records != MADE
    assert records != {*range(5)}
    assert repr(records) == "<5 AppCodes>"
