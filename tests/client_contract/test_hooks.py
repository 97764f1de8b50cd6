"""What the suite stands before while it runs: logging, warnings, output, threads; what it leaves alone of them."""

from __future__ import annotations

import random
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from appcode_contract.client_contract.calls import Call
from appcode_contract.client_contract.drivers import ThreadDriver
from appcode_contract.client_contract.leaks import Secrets
from tests.client_contract.project import only, run, run_one

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MINE = """
class TestMine(AppCodeClientContract):
    def make_client(self, endpoint): return Mine(endpoint)
"""


@pytest.fixture
def _quick_threads() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("_quick_threads")
def test_credentials_may_be_learnt_while_threads_look_for_them() -> None:
    made = random.Random(7)  # noqa: S311 - made up
    text = "GET /v2/0123456789abcdef0123456789abcdef/apps → 201 " * 3
    failed: list[BaseException] = []

    def use(secrets: Secrets, codes: Sequence[str]) -> None:
        try:
            for number in range(0, len(codes), 6):
                secrets.learn(codes[:number])
                secrets.shown_in(text)
        except RuntimeError as error:
            failed.append(error)

    for _ in range(10):
        secrets = Secrets({"t" * 64})
        codes = ["".join(made.choices("abcdefghijklmnop", k=100)) for _ in range(200)]
        threads = [threading.Thread(target=use, args=(secrets, codes[start:])) for start in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert failed == []


def test_a_record_that_shows_nothing_is_written_by_its_own_formatter(pytester: pytest.Pytester) -> None:
    test = """
class Mine(Client): pass

class Short(logging.Formatter):
    def formatException(self, info): return f"only {info[0].__name__}"

def test_zz():
    try:
        raise ValueError("of a project")
    except ValueError:
        record = logging.getLogger("mine").makeRecord("mine", 40, "f", 1, "said", (), sys.exc_info())
    assert record.exc_text is None
    assert "only ValueError" in Short().format(record)
"""

    result = run(pytester, test + MINE, *only("test_200_is_the_success_of_a_list", "test_zz"))

    assert result.parseoutcomes()["passed"] == 2
    assert "failed" not in result.parseoutcomes()


def test_what_an_interrupted_call_gives_is_for_nobody() -> None:
    class SignalError(Exception):
        pass

    driver, go_on = ThreadDriver(), threading.Event()
    outcome = driver._worker.outcome  # noqa: SLF001 - there is no other way to be interrupted just then

    def interrupted(_: float) -> None:
        raise SignalError

    driver._worker.outcome = interrupted  # type: ignore[assignment, method-assign] # noqa: SLF001
    with suppress(SignalError):
        driver.run(Call("first", lambda: go_on.wait(5) and "first"), 5)
    go_on.set()

    assert "second" == driver.run(Call("second", lambda: "second"), 5).value
    assert "first" == outcome(5).value
    driver.close()


def test_local_time_is_as_before_after_a_test_that_failed(pytester: pytest.Pytester) -> None:
    before = time.timezone, time.tzname
    test = """
class Mine(Client):
    def time(self, text): return datetime.fromisoformat(text).replace(tzinfo=None)
"""

    result = run(pytester, test + MINE, *only("test_a_time_is_read_whatever_its_zone"))

    assert "failed" in result.parseoutcomes()
    assert before == (time.timezone, time.tzname)


def test_a_client_that_hides_its_own_warnings_is_left_alone(pytester: pytest.Pytester) -> None:
    test = """
class Mine(Client):
    def __init__(self, endpoint):
        super().__init__(endpoint)
        warnings.filterwarnings("ignore", message="acme")
    def call(self, *given, **query):
        warnings.warn("acme is old")
        return super().call(*given, **query)
"""

    result = run(pytester, test + MINE, "-W", "error", *only("test_201_is_the_success", "test_200_is_the_success"))

    assert result.parseoutcomes() == {"passed": 2}


def test_a_warning_that_is_an_error_is_told_without_our_code(pytester: pytest.Pytester) -> None:
    test = """
class Mine(Client):
    def call(self, *given, **query):
        warnings.warn("acme is old")
        return super().call(*given, **query)
"""
    pytester.makeini("[pytest]\nfilterwarnings = error\n")

    text = run_one(pytester, test + MINE, "test_200_is_the_success_of_a_list")

    assert "the client warned: UserWarning: acme is old (test_one.py" in text
    assert "client_contract/" not in text


def test_what_a_thread_prints_between_two_calls_shows_no_token(pytester: pytest.Pytester) -> None:
    test = """
import threading

class Mine(Client):
    def call(self, method, app_id, **query):
        body = super().call(method, app_id, **query)
        threading.Timer(0.05, print, (dict(self.session.headers),)).start()
        return body

class TestMine(AppCodeClientContract):
    def make_client(self, endpoint): return Mine(endpoint)

    def test_zz(self, bench):
        bench.page()
        for thread in threading.enumerate():
            if isinstance(thread, threading.Timer):
                thread.join()
        assert bench.watch.printed
        print(f"the token has {len(bench.fake.token)} characters")
        assert 0
"""

    text = run_one(pytester, test, "test_zz")

    assert "[redacted: 64 characters" in text
    assert "the token has 64 characters" in text


def test_a_handler_of_ones_own_still_writes_after_its_test(pytester: pytest.Pytester) -> None:
    test = """
KEPT = []

class Mine(Client):
    def __init__(self, endpoint):
        super().__init__(endpoint)
        KEPT.append(logging.StreamHandler())
class TestMine(AppCodeClientContract):
    def make_client(self, endpoint): return Mine(endpoint)

def test_zz():
    KEPT[0].emit(logging.makeLogRecord({"msg": "written in the end"}))
    assert 0
"""

    result = run(pytester, test, *only("test_200_is_the_success_of_a_list", "test_zz"))

    result.stdout.fnmatch_lines(["*Captured stderr call*", "written in the end"])
