"""What is written while a connection holds back leaves in one piece."""

from __future__ import annotations

from typing import Any

from appcode_contract.transports.protocol import Gathering


class Recorder:
    """A transport that keeps what is done to it."""

    def __init__(self) -> None:
        self.done: list[object] = []

    def write(self, data: bytes) -> None:
        self.done.append(data)

    def close(self) -> None:
        self.done.append("close")

    def is_closing(self) -> bool:
        return "close" in self.done


def gathering() -> tuple[Any, list[object]]:
    transport: Any = Recorder()
    return Gathering(transport), transport.done


def test_what_is_held_back_is_written_at_once_when_it_is_released() -> None:
    connection, done = gathering()

    connection.hold()
    connection.write(b"head")
    connection.write(b"body")
    before = list(done)
    connection.release()
    connection.write(b"more")

    assert before == []
    assert done == [b"headbody", b"more"]


def test_a_release_of_nothing_writes_nothing() -> None:
    connection, done = gathering()

    connection.release()
    connection.hold()
    connection.release()

    assert done == []


def test_what_is_held_back_is_written_before_the_connection_is_closed() -> None:
    connection, done = gathering()

    connection.hold()
    connection.write(b"last")
    connection.close()

    assert done == [b"last", "close"]
    assert connection.is_closing()
