"""The suite as pytest runs it: what is collected, what is skipped and why, beside other plugins, and awaited."""

from __future__ import annotations

import inspect
import logging
from unittest.mock import ANY

import pytest

from appcode_contract.clauses import BY_ID
from appcode_contract.client_contract import AppCodeClientContract, AsyncAppCodeClientContract, Endpoint
from appcode_contract.client_contract.topics import TRAPS, advice_of, title_of, topic_of
from tests.client_contract.project import CLIENT, only, run, run_files

MINE = """
class TestMine(AppCodeClientContract):
    {attribute}
    def make_client(self, endpoint): return Client(endpoint)
"""
AWAITED = """
class TestMine(AsyncAppCodeClientContract):
    {make_client}
"""
TESTS = {
    name: test for name, test in inspect.getmembers(AppCodeClientContract, inspect.isfunction) if name[:5] == "test_"
}
QUICK = "success or redirect or query or agree or credential or same_time or begins_anew"
# A call, calls at the same time, and a list of pages.
ONE_OF_EACH_KIND = (
    "test_201_is_the_success_of_a_generate",
    "test_200_is_the_success_of_a_list",
    "test_errors_at_the_same_time_do_not_mix",
    "test_list_all_begins_anew_each_time",
)


def test_every_test_judges_a_clause_or_a_trap_and_has_advice() -> None:
    topics = {topic_of(test) for test in TESTS.values()}

    assert topics - TRAPS.keys() - BY_ID.keys() == set()
    assert {topic for topic in topics if "Compare what was sent" in advice_of(topic)} == set()
    assert {topic for topic in topics if title_of(topic) == topic} == set()
    assert TRAPS.keys() - topics == {"trap/refused-answer"}  # which any test may find


def test_the_names_of_both_kinds_are_the_same() -> None:
    awaited = {name for name, _ in inspect.getmembers(AsyncAppCodeClientContract) if name.startswith("test_")}

    assert TESTS.keys() == awaited


def test_what_is_sent_is_tested_first(pytester: pytest.Pytester) -> None:
    result = run(pytester, MINE.format(attribute=""), "--collect-only", "-q")

    names = [line.rpartition("::")[2] for line in result.outlines if "::" in line]
    assert names[0] == "test_generate_is_a_put_on_the_documented_path"
    assert names[-1] == "test_client_and_model_agree_whatever_is_called"


def test_one_case_of_a_test_can_be_left_out(pytester: pytest.Pytester) -> None:
    attribute = "cannot = {'test_a_generate_is_not_repeated[a reset]': 'its library repeats'}"

    tests = only("test_a_generate_is_not_repeated")
    result = run(pytester, MINE.format(attribute=attribute), *tests, "-k", "reset or 404", "-rs")

    assert result.parseoutcomes() == {"passed": 1, "skipped": 1, "deselected": ANY}
    result.stdout.fnmatch_lines(["SKIPPED * TestMine.cannot: its library repeats"])


def test_an_endpoint_hides_its_token() -> None:
    endpoint = Endpoint("http://127.0.0.1:1", "p", "i", "a", "a-token-of-nobody")

    assert repr(endpoint) == "Endpoint(base_url='http://127.0.0.1:1', project_id='p', instance_id='i', app_id='a')"


@pytest.mark.parametrize("names", ["Test", "Test *Contract"])
def test_the_base_classes_do_not_run(pytester: pytest.Pytester, names: str) -> None:
    result = run(pytester, MINE.format(attribute=""), "--collect-only", "-q", "-o", f"python_classes={names}")

    collected = {line.split("::")[1] for line in result.outlines if "::" in line}
    assert collected == {"TestMine"}


def test_a_base_of_ones_own_is_not_collected(pytester: pytest.Pytester) -> None:
    test = MINE.replace("TestMine", "Mine").format(attribute="") + "\nclass TestOther(Mine): pass\n"

    result = run(pytester, test, "--collect-only", "-q")

    assert {line.split("::")[1] for line in result.outlines if "::" in line} == {"TestOther"}


@pytest.mark.parametrize(
    ("attribute", "name", "reason"),
    [
        (
            "has_list_all = False",
            "test_list_all_begins_anew_each_time",
            "the client has no list_all (has_list_all = False)",
        ),
        (
            "thread_safe = False",
            "test_*_at_the_same_time_do_not_mix",
            "*from several threads or tasks (thread_safe = False)",
        ),
        (
            "cannot = {'test_200_is_a_success_of_a_generate_too': 'it insists on 201'}",
            "test_200_is_a_success_of_a_generate_too",
            "TestMine.cannot: it insists on 201",
        ),
    ],
)
def test_what_a_client_does_not_offer_is_skipped_with_the_reason(
    pytester: pytest.Pytester, attribute: str, name: str, reason: str
) -> None:
    result = run(pytester, MINE.format(attribute=attribute), *only(name), "-rs")

    assert result.parseoutcomes().keys() == {"skipped"}
    result.stdout.fnmatch_lines([f"SKIPPED * {reason}"])


def test_a_client_without_list_all_passes(pytester: pytest.Pytester) -> None:
    test = "class Single(Client):\n    list_all = None\n" + MINE.format(attribute="has_list_all = False")

    result = run(
        pytester, test.replace("return Client", "return Single"), "-k", "success or redirect or query or agree"
    )

    assert "failed" not in result.parseoutcomes()
    assert "errors" not in result.parseoutcomes()


def test_an_awaited_client_passes(pytester: pytest.Pytester) -> None:
    test = AWAITED.format(make_client="def make_client(self, endpoint): return AwaitedClient(endpoint)")

    result = run(pytester, test, "-W", "error", "-k", QUICK)

    assert result.parseoutcomes().keys() == {"passed", "deselected"}


def test_an_awaited_client_may_be_made_by_a_coroutine_or_without_self(pytester: pytest.Pytester) -> None:
    ways = {
        "a coroutine": "async def make_client(self, endpoint): return AwaitedClient(endpoint)",
        "without self": "@staticmethod\n    def make_client(endpoint): return AwaitedClient(endpoint)",
    }
    tests = {name: AWAITED.format(make_client=way) for name, way in ways.items()}

    session = run_files(pytester, tests, "-W", "error", *only(*ONE_OF_EACH_KIND))

    for reports in session.reports.values():
        assert {each.outcome for each in reports} == {"passed"}
        assert len(reports) == 3 * len(ONE_OF_EACH_KIND)


def test_an_asynchronous_generator_is_read(pytester: pytest.Pytester) -> None:
    test = """
class Mine(AwaitedClient):
    async def list_all(self, app_id):
        for each in await super().list_all(app_id):
            yield each

class TestMine(AsyncAppCodeClientContract):
    def make_client(self, endpoint): return Mine(endpoint)
"""

    names = (
        "test_list_all_gives_everything_once_and_in_order[21]",
        "test_list_all_sends_a_bounded_number_of_requests",
        "test_list_all_ends_while_the_list_changes[shrinks a little]",
        "test_list_all_begins_anew_each_time",
        "test_an_error_on_a_later_page_is_no_short_list[500-1]",
        "test_an_error_on_a_later_page_is_no_short_list[no answer-1]",
        "test_an_unknown_app_is_an_error[list_all]",
        "test_a_connection_that_ends_is_an_error[list_all-reset]",
        "test_everything_read_after_a_generate_has_the_new_app_code",
    )
    chosen = [f"test_an_asynchronous_generator_is_read.py::TestMine::{name}" for name in names]
    result = run(pytester, test, *only(*names), *chosen)

    assert result.parseoutcomes() == {"passed": len(names)}


def test_mappings_are_results_too(pytester: pytest.Pytester) -> None:
    test = """
class Mine(Client):
    def record(self, item): return dict(item)
    def list_page(self, app_id, offset=None, limit=None):
        return self.call("GET", app_id, offset=offset, limit=limit)

    def list_all(self, app_id):
        return (item for page in [self.list_page(app_id, 0, 500)] for item in page["app_codes"])
""" + MINE.format(attribute="").replace("return Client", "return Mine")

    result = run(pytester, test, "-k", "201 or 200_is or 21")

    assert result.parseoutcomes().keys() == {"passed", "deselected"}


def test_what_is_installed_is_looked_into_when_it_is_the_clients_own(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = """
class Config:
    def __init__(self, token): self.token = token
    def __repr__(self): return f"Config({self.token})"

class Acme(Client):
    timeout = 0.5

    def __init__(self, endpoint):
        super().__init__(endpoint)
        self.config = Config(endpoint.token)
"""
    test = """
import acme_of_this_test

class Wrapper:
    def __init__(self, endpoint):
        self.inner = inner = acme_of_this_test.Acme(endpoint)
        self.generate, self.list_page = inner.generate, inner.list_page

class TestMine(AppCodeClientContract):
    deadline, has_list_all, packages = 1.5, False, PACKAGES
    def make_client(self, endpoint): return ADAPTER(endpoint)
"""
    pytester.makepyfile(acme_of_this_test=CLIENT + config)
    installed = str(pytester.path / "acme_of_this_test.py")
    monkeypatch.setattr("appcode_contract.client_contract.jitter._elsewhere", lambda: (installed,))
    tests = {
        "a library": test.replace("PACKAGES", "()").replace("ADAPTER", "Wrapper"),
        "its own package": test.replace("PACKAGES", "('acme_of_this_test',)").replace("ADAPTER", "Wrapper"),
        "its own adapter": test.replace("PACKAGES", "()").replace("ADAPTER", "acme_of_this_test.Acme"),
    }

    session = run_files(pytester, tests, *only("test_no_repr_of_the_client_shows_a_credential"))

    outcomes = {name: [each.outcome for each in reports] for name, reports in session.reports.items()}
    assert outcomes == {
        "a library": ["passed", "passed", "passed"],
        "its own package": ["passed", "failed", "passed"],
        "its own adapter": ["passed", "failed", "passed"],
    }


@pytest.mark.parametrize(("mode", "processes"), [("auto", ("-n", "2")), ("strict", ())], ids=["auto", "strict"])
def test_other_plugins_are_not_in_the_way(pytester: pytest.Pytester, mode: str, processes: tuple[str, ...]) -> None:
    test = AWAITED.format(make_client="async def make_client(self, endpoint): return AwaitedClient(endpoint)")
    pytester.makepyfile(CLIENT + test + "\n\n" + MINE.format(attribute="").replace("TestMine", "TestBlocking"))

    pytester.makeini(f"[pytest]\nasyncio_mode = {mode}\nasyncio_default_fixture_loop_scope = function\n")
    tests = only(*ONE_OF_EACH_KIND)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-W", "error", *processes, *tests)

    assert result.parseoutcomes() == {"passed": 2 * len(ONE_OF_EACH_KIND)}


ALONE = {
    "one call at a time": (
        True,
        """
busy = threading.Lock()

class Mine(Client):  # one call at a time, of all clients together
    timeout = 0.3
    def call(self, method, app_id, **query):
        with busy:
            return super().call(method, app_id, **query)
""",
    ),
    "bound to its thread": (
        False,
        """
class Mine(Client):  # belongs to the thread that made it
    timeout = 0.3
    def __init__(self, endpoint):
        super().__init__(endpoint)
        self.owner = threading.current_thread()
    def call(self, method, app_id, **query):
        if threading.current_thread() is not self.owner:
            raise RuntimeError("another thread")
        return super().call(method, app_id, **query)
""",
    ),
    "one client at a time": (
        True,
        """
class Mine(Client):  # the only one
    timeout = 0.3
    living = 0
    def __init__(self, endpoint):
        if Mine.living:
            raise RuntimeError("there is one already")
        super().__init__(endpoint)
        Mine.living += 1
    def close(self):
        super().close()
        Mine.living -= 1
""",
    ),
}


def test_calls_that_cannot_wait_side_by_side_wait_alone(pytester: pytest.Pytester) -> None:
    mine = MINE.replace("return Client", "return Mine")
    tests = {
        name: f"import threading\n{client}" + mine.format(attribute=f"deadline, thread_safe = 0.8, {safe}")
        for name, (safe, client) in ALONE.items()
    }
    waits = (
        "test_a_server_that_never_answers_is_given_up",
        "test_an_answer_that_comes_too_late_is_given_up",
        "test_a_generate_is_not_repeated",
    )

    session = run_files(pytester, tests, *only(*waits), "-k", "never_answers or too_late or answer")

    for reports in session.reports.values():
        assert [each.outcome for each in reports] == ["passed"] * 3 * len(waits)


def test_logging_and_filters_are_as_before(pytester: pytest.Pytester) -> None:
    level, handlers, make = logging.root.level, list(logging.root.handlers), logging.getLogRecordFactory()

    run(pytester, MINE.format(attribute="has_list_all = False"), *only("test_no*_shows_a_credential"))

    assert (level, handlers) == (logging.root.level, logging.root.handlers)
    assert make is logging.getLogRecordFactory()


def test_what_a_client_prints_and_logs_is_still_told(pytester: pytest.Pytester) -> None:
    test = """
class Mine(Client):
    def generate(self, app_id):
        print("asking")
        logging.getLogger("mine").warning("asking %s", "loudly")
        raise ValueError("no")
""" + MINE.format(attribute="").replace("return Client", "return Mine")

    result = run(pytester, test, *only("test_201_is_the_success_of_a_generate"))

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*Captured stdout call*", "asking", "*Captured log call*", "*asking loudly"])
