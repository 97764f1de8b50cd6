"""A wrong adapter gets one clear message that says what to provide, and never an error from inside the suite."""

from __future__ import annotations

from unittest.mock import ANY

import pytest

from tests.client_contract.project import run, run_one

ADAPTERS = {
    "no make_client": ("pass", "TestMine has no make_client(self, endpoint); it must return an adapter with generate("),
    "make_client raises": (
        "def make_client(self, endpoint): raise KeyError('region')",
        "TestMine.make_client() raised KeyError: 'region' (test_an_adapter_that_is_none_is_told_what_it_needs.py",
    ),
    "make_client raises NotImplementedError": (
        "def make_client(self, endpoint): raise NotImplementedError('later')",
        "TestMine.make_client() raised NotImplementedError: later (test_an_adapter_that_is_none",
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


def _of(cases: dict[str, tuple[str, str]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("given", "told"), [pytest.param(*case, id=name) for name, case in cases.items()])


def expect_told(text: str, told: str) -> None:
    joined = " ".join(line.removeprefix("E").strip() for line in text.splitlines())
    assert told in joined
    assert "help(appcode_contract.client_contract) shows an adapter." in joined
    assert "Traceback" not in text
    assert "appcode_contract/client_contract" not in text


@_of(ADAPTERS)
def test_an_adapter_that_is_none_is_told_what_it_needs(pytester: pytest.Pytester, given: str, told: str) -> None:
    text = run_one(pytester, f"class TestMine(AppCodeClientContract):\n    {given}\n", "201_is_the_success")

    expect_told(text, told)


@_of(GENERATED)
def test_a_record_of_another_shape_is_told(pytester: pytest.Pytester, given: str, told: str) -> None:
    text = run_one(
        pytester,
        f"""
class Mine(Client):
    def generate(self, app_id):
        super().generate(app_id)
        return {given}


class TestMine(AppCodeClientContract):
    def make_client(self, endpoint): return Mine(endpoint)
""",
        "201_is_the_success",
    )

    expect_told(text, told)


@_of(LISTED)
def test_a_page_of_another_shape_is_told(pytester: pytest.Pytester, given: str, told: str) -> None:
    text = run_one(
        pytester,
        f"""
class Mine(Client):
    def list_page(self, app_id, offset=None, limit=None):
        super().list_page(app_id, offset, limit)
        return {given}


class TestMine(AppCodeClientContract):
    def make_client(self, endpoint): return Mine(endpoint)
""",
        "200_is_the_success_of_a_list",
    )

    expect_told(text, told)


@pytest.mark.parametrize(
    ("base", "client", "told"),
    [
        (
            "AppCodeClientContract",
            "AwaitedClient",
            "generate() is asynchronous; subclass AsyncAppCodeClientContract for a client that is awaited",
        ),
        (
            "AsyncAppCodeClientContract",
            "Client",
            "generate() is no coroutine; subclass AppCodeClientContract for a client that blocks",
        ),
    ],
)
def test_the_other_kind_of_client_is_told(pytester: pytest.Pytester, base: str, client: str, told: str) -> None:
    text = run_one(
        pytester,
        f"class TestMine({base}):\n    def make_client(self, endpoint): return {client}(endpoint)\n"
        "    def close_client(self, client): pass\n",
        "201_is_the_success",
    )

    expect_told(text, told)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("return 400", "describe_error() must return (status, error_code, error_msg): an int and two strings"),
        ("return ('400', None, None)", "it returned (str, NoneType, NoneType)"),
        ("return exc.response.status", "describe_error() raised AttributeError"),
    ],
)
def test_a_describe_error_that_is_wrong_is_told(pytester: pytest.Pytester, given: str, told: str) -> None:
    text = run_one(
        pytester,
        f"""
class TestMine(AppCodeClientContract):
    def make_client(self, endpoint): return Client(endpoint)
    def describe_error(self, exc): {given}
""",
        "an_unknown_app_is_an_error",
    )

    expect_told(text, told)


@pytest.mark.parametrize(
    ("attribute", "told"),
    [
        ("cannot = {'test_of_nothing': 'why'}", "TestMine.cannot names test_of_nothing, and there is no such test"),
        ("cannot = {'make_client': 'why'}", "TestMine.cannot names make_client, and there is no such test"),
        ("cannot = ['test_list_has_no_body']", "TestMine.cannot is a list; it must be a mapping from tests to reasons"),
        ("cannot = {'test_list_has_nobody[a]': ''}", "and there is no such test; test_list_has_no_body is one"),
        ("has_list_all = 'no'", "TestMine.has_list_all is 'no'; it must be True or False"),
        ("thread_safe = None", "TestMine.thread_safe is None; it must be True or False"),
        ("deadline = '5'", "TestMine.deadline is '5'; it must be a number of seconds, above 0 and at most 3600"),
        ("deadline = 0", "TestMine.deadline is 0; it must be a number of seconds, above 0 and at most 3600"),
        (
            "deadline = float('inf')",
            "TestMine.deadline is inf; it must be a number of seconds, above 0 and at most 3600",
        ),
        ("packages = 'acme'", "TestMine.packages is 'acme'; it must be names of packages, as ('acme_client',)"),
    ],
)
def test_an_attribute_that_is_wrong_is_told(pytester: pytest.Pytester, attribute: str, told: str) -> None:
    result = run_one_with_errors(pytester, attribute)

    assert told in result
    assert "appcode_contract/client_contract" not in result


RAISING = {
    "a property of a record": (
        "def generate(self, app_id): return Locked()",
        "201_is_the_success",
        "  actual:   it raised ValueError: locked",
    ),
    "a page in the middle": (
        (
            "def list_page(self, app_id, offset=None, limit=None):\n"
            "        return SimpleNamespace(total=1, size=1, app_codes=(1 / each for each in [0]))"
        ),
        "200_is_the_success_of_a_list",
        "  actual:   it raised ZeroDivisionError: division by zero",
    ),
    "a page that blocks": (
        (
            "def list_page(self, app_id, offset=None, limit=None):\n"
            "        import time\n"
            "        return SimpleNamespace(total=1, size=1, app_codes=(time.sleep(3) for _ in [0]))"
        ),
        "200_is_the_success_of_a_list",
        "  expected: list_page() to end within 1 seconds",
    ),
    "the year 1": (
        "def time(self, text): return '0001-01-01T00:00:00+08:00'",
        "201_is_the_success",
        "  actual:   create_time is a time that UTC does not have: 0001-01-01T00:00:00+08:00",
    ),
    "repr of a record": (
        "def generate(self, app_id): return Locked(**vars(super().generate(app_id)))",
        "repr_of_a_result",
        "repr() of a Locked raised ValueError: locked",
    ),
    "str of an error": (
        "def generate(self, app_id): raise Mute()",
        "201_is_the_success",
        "  actual:   it raised Mute, whose str() raised ValueError",
    ),
    "an AppCode by itself": (
        "def generate(self, app_id): return Record('a' * 64, 'i', app_id, '2020-07-24T02:31:45Z')",
        "201_is_the_success",
        "  actual:   the server was asked for none",
    ),
    "two for one": (
        "def generate(self, app_id): return [super(Mine, self).generate(app_id) for _ in range(2)][1]",
        "whatever_its_precision and nine",
        "  actual:   2",
    ),
}


@pytest.mark.parametrize(("given", "name", "told"), [pytest.param(*case, id=name) for name, case in RAISING.items()])
def test_what_raises_or_blocks_when_it_is_looked_at_is_told(
    pytester: pytest.Pytester, given: str, name: str, told: str
) -> None:
    text = run_one(
        pytester,
        f"""
class Locked(SimpleNamespace):
    def __repr__(self): raise ValueError("locked")
    def __getattr__(self, name): raise ValueError("locked")


class Mute(Exception):
    def __str__(self): raise ValueError("mute")


class Mine(Client):
    {given}


class TestMine(AppCodeClientContract):
    deadline = 1
    def make_client(self, endpoint): return Mine(endpoint)
""",
        name,
    )

    assert any(line.startswith(told) for line in text.splitlines())
    assert "Traceback" not in text
    assert "appcode_contract/client_contract" not in text


@pytest.mark.parametrize(
    "attributes",
    [
        "deadline = 0",
        "nothing = 1",
        "def make_client(self, endpoint): raise KeyError('region')",
        "def make_client(self, endpoint): return None",
        "def make_client(self, endpoint): return AwaitedClient(endpoint)",
    ],
)
def test_what_keeps_every_test_from_a_client_is_told_once(pytester: pytest.Pytester, attributes: str) -> None:
    result = run(pytester, f"class TestMine(AppCodeClientContract):\n    {attributes}\n", "-k", "Mine and list", "-rs")

    outcomes = result.parseoutcomes()
    assert 1 == outcomes.get("failed", 0) + outcomes.get("errors", 0)
    assert outcomes["skipped"] > 50
    assert "passed" not in outcomes
    result.stdout.fnmatch_lines(["SKIPPED * there is no client to test: TestMine::test_* says why"])


def test_a_client_that_cannot_be_had_hides_no_other(pytester: pytest.Pytester) -> None:
    test = """
import pytest

@pytest.mark.parametrize("region", ["eu", "none"])
class TestMine(AppCodeClientContract):
    @pytest.fixture(autouse=True)
    def chosen(self, region): self.region = region
    def make_client(self, endpoint): return {"eu": Client}[self.region](endpoint)
"""

    result = run(pytester, test, "-k", "no_list or other_status or no_body")

    assert result.parseoutcomes() == {"passed": 5, "failed": 1, "skipped": 4, "deselected": ANY}


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

    text = run_one(pytester, test, "agree_whatever")

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
        "-k",
        "201_is_the_success",
    )

    assert "close_client() did not return within 1 seconds" in result.stdout.str()
    assert "appcode_contract/client_contract" not in result.stdout.str()


def test_a_describe_error_that_leaves_is_told(pytester: pytest.Pytester) -> None:
    text = run_one(
        pytester,
        """
class TestMine(AppCodeClientContract):
    def make_client(self, endpoint): return Client(endpoint)
    def describe_error(self, exc): sys.exit(3)
""",
        "an_unknown_app_is_an_error",
    )

    expect_told(text, "describe_error() raised SystemExit: 3 (test_a_describe_error_that_leaves_is_told.py, line ")


def run_one_with_errors(pytester: pytest.Pytester, attribute: str) -> str:
    """Run a test whose fixture fails."""
    test = f"class TestMine(AppCodeClientContract):\n    {attribute}\n    def make_client(self, endpoint): return 1\n"
    result = run(pytester, test, "-k", "201_is_the_success")
    result.assert_outcomes(errors=1)
    return result.stdout.str()
