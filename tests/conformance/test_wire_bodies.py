"""Bodies are unpacked, within bounds."""

from __future__ import annotations

import gzip
import time
import tracemalloc
import zlib
from collections import Counter
from typing import Any

import pytest

from appcode_contract.conformance.answer import MAXIMUM_BODY
from tests.conformance.raw_server import HEAD, answering, forget_environment, get

MEBIBYTE = 1024 * 1024
PACKED = gzip.compress(b"{}", mtime=0)


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_environment(monkeypatch)


def packed_as(packing: str, body: bytes) -> bytes:
    return HEAD + f"Content-Encoding: {packing}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


@pytest.mark.parametrize(
    ("packing", "body"),
    [
        ("gzip", PACKED),
        ("GZip", PACKED),
        ("x-gzip", PACKED),
        ("gzip, gzip", gzip.compress(PACKED, mtime=0)),
        ("identity", b"{}"),
        ("", b"{}"),
    ],
)
def test_a_packed_body_is_unpacked(packing: str, body: bytes) -> None:
    with answering(packed_as(packing, body)) as server:
        exchange = get(server)

    assert exchange.response is not None, exchange.problem
    assert b"{}" == exchange.response.body


def test_no_body_is_not_unpacked() -> None:
    with answering(b"HTTP/1.1 304 Same\r\nContent-Encoding: gzip\r\n\r\n") as server:
        exchange = get(server)

    assert exchange.response is not None
    assert b"" == exchange.response.body


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        PACKED[:-1],
        PACKED[:-8] + b"\0" * 8,
        PACKED[:12],
        PACKED[:1],
        PACKED + b"more",
        zlib.compress(b"{}"),
        gzip.compress(b"a" * 1000, mtime=0)[:-20],
    ],
)
def test_a_body_that_is_not_what_it_says_is_a_problem(body: bytes) -> None:
    with answering(packed_as("gzip", body)) as server:
        exchange = get(server)

    assert exchange.response is None
    assert "no complete answer: its body says that it is gzip, and is broken or cut" == exchange.problem


@pytest.mark.parametrize("packing", ["br", "zstd", "deflate", "compress", "what?", "gzip, br", "gzip," * 3 + "gzip"])
def test_a_body_packed_in_a_way_that_was_not_offered_is_a_problem(packing: str) -> None:
    with answering(packed_as(packing, PACKED)) as server:
        exchange = get(server)

    assert exchange.response is None
    assert "no complete answer: its body is packed in a way that was not offered" == exchange.problem


MEMBERS = gzip.compress(b'{"a": ', mtime=0) + gzip.compress(b"1}", mtime=0)


@pytest.mark.parametrize("body", [MEMBERS, MEMBERS + b"\0" * 7, MEMBERS + b"\0" * 100_000], ids=len)
def test_a_body_of_two_members_is_read_whole(body: bytes) -> None:
    with answering(packed_as("gzip", body)) as server:
        exchange = get(server)

    assert exchange.response is not None, exchange.problem
    assert {"a": 1} == exchange.response.json()


@pytest.mark.parametrize("body", [MEMBERS[:-1], MEMBERS + PACKED[:5], MEMBERS + b"\0more"], ids=len)
def test_a_body_whose_second_member_is_not_what_it_says_is_a_problem(body: bytes) -> None:
    with answering(packed_as("gzip", body)) as server:
        exchange = get(server)

    assert exchange.response is None
    assert "no complete answer: its body says that it is gzip, and is broken or cut" == exchange.problem


def test_members_together_may_not_be_too_long() -> None:
    half = gzip.compress(b" " * (MAXIMUM_BODY // 2), mtime=0)
    for body, length in ((half + half, MAXIMUM_BODY), (half + half + gzip.compress(b" ", mtime=0), 0)):
        with answering(packed_as("gzip", body)) as server:
            exchange = get(server)

        assert length == (len(exchange.response.body) if exchange.response is not None else 0)


def test_a_great_many_empty_members_are_not_all_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    unpack, unpacked = zlib.decompressobj, Counter[str]()

    def counted(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - the signature of zlib
        unpacked["members"] += 1
        return unpack(*arguments, **options)

    monkeypatch.setattr(zlib, "decompressobj", counted)
    with answering(packed_as("gzip", gzip.compress(b"", mtime=0) * 100_000)) as server:
        exchange = get(server)

    assert exchange.response is None
    assert "no complete answer: its body says that it is gzip, and is broken or cut" == exchange.problem
    assert 1 < unpacked["members"] <= 1000


def bomb(size: int) -> bytes:
    """Zeros, a mebibyte in about a kibibyte, packed into so many bytes at most; its checksum never matters."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(b"\0" * MEBIBYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + block * ((size - 100) // len(block)) + packer.flush()


@pytest.mark.parametrize("size", [MEBIBYTE, MAXIMUM_BODY, 10 * MEBIBYTE])
def test_a_bomb_ends_quickly_and_in_little_memory(size: int) -> None:
    packed = bomb(size)
    with answering(packed_as("gzip", packed)) as server:
        begun = time.monotonic()
        tracemalloc.start()
        try:
            exchange = get(server)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        taken = time.monotonic() - begun

    assert exchange.response is None
    assert "no complete answer: the body is longer than 8388608 bytes" == exchange.problem
    assert 6 * MAXIMUM_BODY > peak
    assert 5 > taken


def test_a_body_of_the_greatest_length_is_read() -> None:
    body = b" " * MAXIMUM_BODY
    for answer in (packed_as("identity", body), packed_as("gzip", gzip.compress(body, mtime=0))):
        with answering(answer) as server:
            exchange = get(server)

        assert exchange.response is not None, exchange.problem
        assert body == exchange.response.body


def test_a_body_a_byte_too_long_is_a_problem() -> None:
    body = b" " * (MAXIMUM_BODY + 1)
    for answer in (packed_as("identity", body), packed_as("gzip", gzip.compress(body, mtime=0)), HEAD + b"\r\n" + body):
        with answering(answer) as server:
            exchange = get(server)

        assert exchange.response is None
        assert "longer than" in exchange.problem
