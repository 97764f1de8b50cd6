"""A wrong adapter gets one clear message that says what to provide, and never an error from inside the suite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.client_contract.project import only, run, run_each, run_files, run_one

if TYPE_CHECKING:
    import pytest

    from tests.client_contract.project import Session

ADAPTERS = {
    "no make_client": ("pass", "TestMine has no make_client(self, endpoint); it must return an adapter with generate("),
    "make_client raises": (
        "def make_client(self, endpoint): raise KeyError('region')",
        "TestMine.make_client() raised KeyError: 'region' (test_make_client_raises.py",
    ),
    "make_client raises NotImplementedError": (
        "def make_client(self, endpoint): raise NotImplementedError('later')",
        "TestMine.make_client() raised NotImplementedError: later (test_make_client_raises_NotImplementedError.py",
    ),
    "make_client takes nothing": ("def make_client(self): pass", "TestMine.make_client() raised TypeError: "),
    "make_client is asynchronous": (
        "async def make_client(self, endpoint): return Client(endpoint)",
        "make_client() is asynchronous; subclass AsyncAppCodeClientContract",
    ),
    "make_client returns None": (
        "def make_client(self, endpoint): Client(endpoint)",
        "make_client() returned None; it must return an adapter with generate(app_id), list_page(",
    ),
    "make_client never returns": (
        "deadline = 0.2\n    def make_client(self, endpoint): import time; time.sleep(1)",
        "TestMine.make_client() did not return within 0.2 seconds; it must return an adapter with",
    ),
    "no generate": (
        "def make_client(self, endpoint): return SimpleNamespace(list_page=print, list_all=print)",
        "the adapter (SimpleNamespace) has no method generate; it needs generate(app_id), list_page(",
    ),
    "no list_all": (
        "def make_client(self, endpoint): return SimpleNamespace(generate=id, list_page=Client(endpoint).list_page)",
        (
            "has no method list_all; it needs generate(app_id), list_page(app_id, offset=None, limit=None) and "
            "list_all(app_id); say has_list_all = False"
        ),
    ),
    "list_page takes no offset": (
        (
            "def make_client(self, endpoint):\n"
            "        client = Client(endpoint)\n"
            "        client.list_page = lambda app_id, limit=None: None\n"
            "        return client"
        ),
        "list_page(app_id, limit=None) of the adapter (Client): got an unexpected keyword argument 'offset'",
    ),
    "make_client is a property that raises": (
        "make_client = property(lambda self: self.nothing)",
        "TestMine.make_client() raised AttributeError: 'TestMine' object has no attribute 'nothing' (test_",
    ),
    "a method is a property that raises": (
        (
            "def make_client(self, endpoint):\n"
            "        return type('Mine', (Client,), {'generate': property(lambda self: {}['region'])})(endpoint)"
        ),
        "generate of the adapter (Mine) raised KeyError: 'region'; it needs generate(app_id), list_page(",
    ),
    "the adapter is the class": (
        "def make_client(self, endpoint): return Client",
        "generate(self, app_id) of the adapter (type): missing a required argument: 'app_id'; it needs generate(",
    ),
}
GENERATED = {
    "None": ("None", "what generate() returned is a NoneType without app_code; needed is an object or a mapping with"),
    "a string": ("'done'", "what generate() returned is a str without app_code; needed is an object"),
    "bytes": (
        "Record(b'x', 'i', app_id, datetime.now())",
        "what generate() returned: app_code is a bytes; needed is an object or a mapping with app_code, id and app_id",
    ),
    "no create_time": (
        "SimpleNamespace(app_code='a', id='i', app_id=app_id)",
        "what generate() returned is a SimpleNamespace without create_time",
    ),
    "a mapping without id": ("{'app_code': 'a'}", "what generate() returned is a dict without id; needed is"),
    "a number as time": ("Record('a', 'i', app_id, 42)", "what generate() returned: create_time is a int; needed is"),
}
LISTED = {
    "None": (
        "None",
        "what list_page() returned is a NoneType without total; needed is an object or a mapping with tot",
    ),
    "a list": ("[]", "what list_page() returned is a list without total"),
    "total as text": (
        "SimpleNamespace(total='3', size=3, app_codes=[])",
        "what list_page() returned: total is a str; needed is an object or a mapping with total and size, which are",
    ),
    "app_codes is None": (
        "SimpleNamespace(total=0, size=0, app_codes=None)",
        "app_codes of list_page() is a NoneType; needed is an iterable of records",
    ),
    "strings": (
        "SimpleNamespace(total=1, size=1, app_codes=['a'])",
        "an item of app_codes of list_page() is a str without app_code; needed is",
    ),
}


GENERATE = "test_201_is_the_success_of_a_generate"
LIST = "test_200_is_the_success_of_a_list"
KINDS = {
    "an awaited client": (
        "class TestMine(AppCodeClientContract):\n    def make_client(self, endpoint): return AwaitedClient(endpoint)\n",
        "generate() is asynchronous; subclass AsyncAppCodeClientContract for a client that is awaited",
    ),
    "a client that blocks": (
        "class TestMine(AsyncAppCodeClientContract):\n    def make_client(self, endpoint): return Client(endpoint)\n",
        "generate() is no coroutine; subclass AppCodeClientContract for a client that blocks",
    ),
}
DESCRIBED = {
    "a number": ("return 400", "describe_error() must return (status, error_code, error_msg): an int and two strings"),
    "a status that is text": ("return ('400', None, None)", "it returned (str, NoneType, NoneType)"),
    "an error": ("return exc.response.status", "describe_error() raised AttributeError"),
    "an exit": ("sys.exit(3)", "describe_error() raised SystemExit: 3 (test_an_exit.py, line "),
}


def expect_told(session: Session, cases: dict[str, tuple[str, str]]) -> None:
    """Look for what is to be told, and where help is, in what was told of each case."""
    joined = {
        name: " ".join(line.removeprefix("E").strip() for line in text.splitlines())
        for name, text in session.told.items()
    }
    assert {} == {name: joined[name] for name, (_, told) in cases.items() if told not in joined[name]}
    shown = "help(appcode_contract.client_contract) shows an adapter."
    assert [] == [name for name in cases if shown not in joined[name]]
    expect_nothing_from_inside(session)


def expect_nothing_from_inside(session: Session) -> None:
    """See that nobody is shown how the suite works."""
    assert "Traceback" not in session.written
    assert "appcode_contract/client_contract" not in session.written


def test_an_adapter_that_is_none_is_told_what_it_needs(pytester: pytest.Pytester) -> None:
    tests = {
        name: (f"class TestMine(AppCodeClientContract):\n    {given}\n", GENERATE)
        for name, (given, _) in ADAPTERS.items()
    }

    session = run_each(pytester, tests)

    expect_told(session, ADAPTERS)


def test_a_record_of_another_shape_is_told(pytester: pytest.Pytester) -> None:
    test = """
class Mine(Client):
    def generate(self, app_id):
        super().generate(app_id)
        return GIVEN


class TestMine(AppCodeClientContract):
    def make_client(self, endpoint): return Mine(endpoint)
"""

    session = run_each(
        pytester, {name: (test.replace("GIVEN", given), GENERATE) for name, (given, _) in GENERATED.items()}
    )

    expect_told(session, GENERATED)


def test_a_page_of_another_shape_is_told(pytester: pytest.Pytester) -> None:
    test = """
class Mine(Client):
    def list_page(self, app_id, offset=None, limit=None):
        super().list_page(app_id, offset, limit)
        return GIVEN


class TestMine(AppCodeClientContract):
    def make_client(self, endpoint): return Mine(endpoint)
"""

    session = run_each(pytester, {name: (test.replace("GIVEN", given), LIST) for name, (given, _) in LISTED.items()})

    expect_told(session, LISTED)


def test_the_other_kind_of_client_is_told(pytester: pytest.Pytester) -> None:
    closes = "    def close_client(self, client): pass\n"

    session = run_each(pytester, {name: (test + closes, GENERATE) for name, (test, _) in KINDS.items()})

    expect_told(session, KINDS)


def test_a_describe_error_that_is_wrong_or_leaves_is_told(pytester: pytest.Pytester) -> None:
    test = """
class TestMine(AppCodeClientContract):
    def make_client(self, endpoint): return Client(endpoint)
    def describe_error(self, exc): GIVEN
"""
    chosen = "test_an_unknown_app_is_an_error[generate]"

    session = run_each(
        pytester, {name: (test.replace("GIVEN", given), chosen) for name, (given, _) in DESCRIBED.items()}
    )

    expect_told(session, DESCRIBED)


ATTRIBUTES = {
    "cannot = {'test_of_nothing': 'why'}": "TestMine.cannot names test_of_nothing, and there is no such test",
    "cannot = {'make_client': 'why'}": "TestMine.cannot names make_client, and there is no such test",
    "cannot = ['test_list_has_no_body']": "TestMine.cannot is a list; it must be a mapping from tests to reasons",
    "cannot = {'test_list_has_nobody[a]': ''}": "and there is no such test; test_list_has_no_body is one",
    "has_list_all = 'no'": "TestMine.has_list_all is 'no'; it must be True or False",
    "thread_safe = None": "TestMine.thread_safe is None; it must be True or False",
    "deadline = '5'": "TestMine.deadline is '5'; it must be a number of seconds, above 0 and at most 3600",
    "deadline = 0": "TestMine.deadline is 0; it must be a number of seconds, above 0 and at most 3600",
    "deadline = float('inf')": "TestMine.deadline is inf; it must be a number of seconds, above 0 and at most 3600",
    "packages = 'acme'": "TestMine.packages is 'acme'; it must be names of packages, as ('acme_client',)",
}


def test_an_attribute_that_is_wrong_is_told(pytester: pytest.Pytester) -> None:
    test = "class TestMine(AppCodeClientContract):\n    GIVEN\n    def make_client(self, endpoint): return 1\n"

    session = run_each(
        pytester, {given: (test.replace("GIVEN", given), GENERATE) for given in ATTRIBUTES}, when="setup"
    )

    texts = session.told
    assert {} == {given: texts[given] for given, told in ATTRIBUTES.items() if told not in texts[given]}
    expect_nothing_from_inside(session)


RAISING = {
    "a property of a record": (
        "def generate(self, app_id): return Locked()",
        GENERATE,
        "  actual:   it raised ValueError: locked",
    ),
    "a page in the middle": (
        (
            "def list_page(self, app_id, offset=None, limit=None):\n"
            "        return SimpleNamespace(total=1, size=1, app_codes=(1 / each for each in [0]))"
        ),
        LIST,
        "  actual:   it raised ZeroDivisionError: division by zero",
    ),
    "a page that blocks": (
        (
            "def list_page(self, app_id, offset=None, limit=None):\n"
            "        import time\n"
            "        return SimpleNamespace(total=1, size=1, app_codes=(time.sleep(3) for _ in [0]))"
        ),
        LIST,
        "  expected: list_page() to end within 1 seconds",
    ),
    "the year 1": (
        "def time(self, text): return '0001-01-01T00:00:00+08:00'",
        GENERATE,
        "  actual:   create_time is a time that UTC does not have: 0001-01-01T00:00:00+08:00",
    ),
    "repr of a record": (
        "def generate(self, app_id): return Locked(**vars(super().generate(app_id)))",
        "test_no_repr_of_a_result_shows_a_credential",
        "repr() of a Locked raised ValueError: locked",
    ),
    "str of an error": (
        "def generate(self, app_id): raise Mute()",
        GENERATE,
        "  actual:   it raised Mute, whose str() raised ValueError",
    ),
    "an AppCode by itself": (
        "def generate(self, app_id): return Record('a' * 64, 'i', app_id, '2020-07-24T02:31:45Z')",
        GENERATE,
        "  actual:   the server was asked for none",
    ),
    "two for one": (
        "def generate(self, app_id): return [super(Mine, self).generate(app_id) for _ in range(2)][1]",
        "test_a_time_is_read_whatever_its_precision[nine digits]",
        "  actual:   2",
    ),
}


def test_what_raises_or_blocks_when_it_is_looked_at_is_told(pytester: pytest.Pytester) -> None:
    test = """
class Locked(SimpleNamespace):
    def __repr__(self): raise ValueError("locked")
    def __getattr__(self, name): raise ValueError("locked")


class Mute(Exception):
    def __str__(self): raise ValueError("mute")


class Mine(Client):
    GIVEN


class TestMine(AppCodeClientContract):
    deadline = 1
    def make_client(self, endpoint): return Mine(endpoint)
"""

    session = run_each(
        pytester, {name: (test.replace("GIVEN", given), chosen) for name, (given, chosen, _) in RAISING.items()}
    )

    texts = session.told
    assert {} == {
        name: texts[name]
        for name, (_, _, told) in RAISING.items()
        if not any(line.startswith(told) for line in texts[name].splitlines())
    }
    expect_nothing_from_inside(session)


NO_CLIENT = {
    "deadline": "deadline = 0",
    "nothing": "nothing = 1",
    "raises": "def make_client(self, endpoint): raise KeyError('region')",
    "None": "def make_client(self, endpoint): return None",
    "awaited": "def make_client(self, endpoint): return AwaitedClient(endpoint)",
}
TOLD_ONCE = "there is no client to test: TestMine::test_"


def test_what_keeps_every_test_from_a_client_is_told_once(pytester: pytest.Pytester) -> None:
    tests = {name: f"class TestMine(AppCodeClientContract):\n    {given}\n" for name, given in NO_CLIENT.items()}

    session = run_files(pytester, tests, *only("test_list_*", "test_an_error_on_a_later_page_*"))

    for name, reports in session.reports.items():
        skipped = [each for each in reports if each.skipped]
        assert 1 == sum(each.failed for each in reports), name
        assert len(skipped) > 50, name
        assert [] == [each for each in reports if each.passed and each.when == "call"], name
        told = {each.longreprtext for each in skipped}
        assert [] == [each for each in told if TOLD_ONCE not in each or "says why" not in each], name


def test_a_client_that_cannot_be_had_hides_no_other(pytester: pytest.Pytester) -> None:
    test = """
import pytest

@pytest.mark.parametrize("region", ["eu", "none"])
class TestMine(AppCodeClientContract):
    @pytest.fixture(autouse=True)
    def chosen(self, region): self.region = region
    def make_client(self, endpoint): return {"eu": Client}[self.region](endpoint)
"""

    tests = only("test_no_other_status_is_a_success", "test_generate_has_no_body", "test_list_has_no_body")
    result = run(pytester, test, *tests)

    assert result.parseoutcomes() == {"passed": 5, "failed": 1, "skipped": 4}


def test_a_success_for_an_app_that_does_not_exist_is_told_as_such(pytester: pytest.Pytester) -> None:
    test = """
class Mine(Client):
    def generate(self, app_id):
        try:
            return super().generate(app_id)
        except Error:
            return Record("a" * 64, "id", app_id, "2020-07-24T02:31:45Z")

class TestMine(AppCodeClientContract):
    def make_client(self, endpoint): return Mine(endpoint)
"""

    text = run_one(pytester, test, "test_client_and_model_agree_whatever_is_called")

    assert "error/404/code" in text
    assert "LookupError" not in text


def test_a_close_that_hangs_is_told(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
class Mine(Client):
    def close(self):
        import time
        time.sleep(3)


class TestMine(AppCodeClientContract):
    deadline = 1
    def make_client(self, endpoint): return Mine(endpoint)
""",
        *only(GENERATE),
    )

    assert "close_client() did not return within 1 seconds" in result.stdout.str()
    assert "appcode_contract/client_contract" not in result.stdout.str()
