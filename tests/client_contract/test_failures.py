"""A failure names clause or trap, what was sent, what was expected, and one line of advice; and shows no credential."""

from __future__ import annotations

import sys
import threading

import pytest

from tests.client_contract.project import run, run_one

WRITES_DOWN = """
OWN = logging.getLogger("mine.own")
OWN.propagate = False
OWN.setLevel("ERROR")


class Known(Client):
    def __init__(self, endpoint):
        super().__init__(endpoint)
        self.note(endpoint.token)

    def note(self, secret):
        with open("credentials.txt", "a") as file:
            file.write(secret + "\\n")

    def call(self, method, app_id, **query):
        body = super().call(method, app_id, **query)
        for item in [body, *body.get("app_codes", [])]:
            if "app_code" in item:
                self.note(str(item["app_code"]))
        return body

"""
MINE = """
class TestMine(AppCodeClientContract):
    deadline = 1.5
    def make_client(self, endpoint): return Mine(endpoint)
"""
DEFECTS = {
    "POST": (
        "    method = 'POST'",
        "test_generate_is_a_put",
        [
            "path/uri (documented: Generating an AppCode, URI; Querying AppCodes of an App, URI)",
            "  sent:     POST /v2/*/app-codes [[]*x-auth-token: [[]redacted: 64 characters #*[]]*[]] → status 405",
            "  expected: *",
            "  actual:   POST /v2/*/app-codes",
            "  advice:   *generate is PUT, list is GET.",
        ],
    ),
    "another token": (
        "    def more(self, method): return {'headers': {'X-Auth-Token': 'of-somebody-else'}}",
        "test_list_is_a_get",
        [
            "header/x-auth-token (documented: *",
            "  sent:     GET * → status 401",
            "  actual:   it raised Error: status 401 (test_a_failure_is_told.py, line *)",
            "  advice:   Send X-Auth-Token with the endpoint's token on every request, *",
        ],
    ),
    "texts of its own": (
        (
            "    def call(self, method, app_id, **query):\n"
            "        try: return super().call(method, app_id, **query)\n"
            "        except Error as error:\n"
            "            error.error_msg = 'it failed'\n"
            "            raise"
        ),
        "test_a_documented_error_arrives and generate",
        [
            "error/body (documented: *",
            "  expected: the error_msg as it was answered, 'Invalid parameter value,parameterName:app_id. *'",
            "  actual:   it failed, from Error: status 400 (test_a_failure_is_told.py, line *)",
        ],
    ),
    "tells what it sent": (
        (
            "    def call(self, method, app_id, **query):\n"
            "        try: return super().call(method, app_id, **query)\n"
            "        except Error as error:\n"
            "            raise RuntimeError(f'sent {dict(self.session.headers)}') from error"
        ),
        "test_no_exception_shows",
        [
            "trap/secret-in-exception (trap: *",
            "  actual:   * of them show one, such as: RuntimeError: sent {*'X-Auth-Token': '[[]redacted: 64 *",
        ],
    ),
    "a body": (
        "    def more(self, method): return {'json': {}} if method == 'PUT' else {}",
        "test_generate_has_no_body",
        [
            "generate/no-body (documented: *",
            "  sent:     PUT *, 2 bytes of body → status 201",
            "  actual:   a body of 2 *",
        ],
    ),
    "repeats": (
        (
            "    def generate(self, app_id):\n"
            "        try: return super().generate(app_id)\n"
            "        except Exception: return super().generate(app_id)"
        ),
        "test_a_generate_is_not_repeated and 500",
        [
            "trap/put-is-not-idempotent (trap: Every PUT makes another AppCode, *)",
            "  sent:     PUT * → status 500",
            "  sent:     PUT * → status 201",
            "  expected: one PUT",
            "  actual:   2 of them; AppCodes that were made: 1",
            "  advice:   Send a generate once.*",
        ],
    ),
    "another path": (
        "    def call(self, method, app_id, **query): return super().call(method, f'../app/{app_id}', **query)",
        "put_on_the_documented_path",
        [
            "path/uri (documented: *",
            "  sent:     PUT /v2/*/app/*/app-codes [[]*",
            "  actual:   PUT /v2/*/app/*/app-codes",
        ],
    ),
    "the token in the query": (
        (
            "    def call(self, *given, **query):\n"
            "        return super().call(*given, token=self.session.headers['X-Auth-Token'], **query)"
        ),
        "list_has_no_body",
        ["trap/token-in-url (trap: *", "  actual:   the URL shows it", "  advice:   Send the token in the header *"],
    ),
    "another name of a field": (
        "    def record(self, item): return super().record({'app_code': item['appCode']})",
        "gives_everything_once and 21",
        [
            "trap/refused-answer (trap: *",
            "  actual:   it raised KeyError: 'appCode' (test_a_failure_is_told.py, line *)",
            "  advice:   What was raised, and where, says *",
        ],
    ),
    "decodes +": (
        "    def record(self, item): return super().record(item | {'app_code': item['app_code'].replace('+', ' ')})",
        "arrives_unchanged and special and 64",
        [
            "trap/spoilt-app-code (trap: *",
            "  actual:   app_code has 64 characters, answered were 64, lost: '+', new: ' '",
        ],
    ),
    "%f": (
        "    def time(self, text): return datetime.strptime(text, '%Y-%m-%dT%H:%M:%S.%f%z')",
        "whatever_its_precision and nine",
        ["trap/nine-digits (trap: *", "  actual:   it raised ValueError: time data *"],
    ),
    "naive times": (
        "    def time(self, text): return datetime.fromisoformat(text).replace(tzinfo=None)",
        "whatever_its_zone",
        ["trap/time-zone (trap: *", "  actual:   create_time has no zone: 2020-07-24 *"],
    ),
    "ids in upper case": (
        "    def record(self, item): return super().record(item | {'id': item['id'].upper()})",
        "200_is_the_success_of_a_list",
        [
            "generate/id (documented: *",
            "  call:     list_page()",
            "  sent:     GET /v2/…/app-codes [[]*x-auth-token: *",
            "  actual:   id is '*', answered was '*'",
            "  advice:   Give id as the answer has it: *",
        ],
    ),
    "times of today": (
        "    def time(self, text): return datetime.now().astimezone()",
        "arrives_unchanged and special and 64",
        ["generate/create-time/format (example: *", "  actual:   create_time is *, answered was *"],
    ),
    "a second page that is the first": (
        "    def list_page(self, app_id, offset=None, limit=None): return super().list_page(app_id, None, limit)",
        "every_behavior and 0",
        [
            "generate/listed (*",
            "  call:     list_page(offset=20, limit=5)",
            "  sent:     GET /v2/…/app-codes[?]limit=5 *",
        ],
    ),
    "fails the first time only": (
        (
            "    def call(self, method, app_id, **query):\n"
            "        body = super().call(method, app_id, **query)\n"
            "        if not hasattr(Mine, 'warm'):\n"
            "            Mine.warm = True\n"
            "            raise Error(503)\n"
            "        return body"
        ),
        "agree_whatever",
        [
            "generate/listed (*",
            "  expected: client and model to agree",
            "  actual:   the client raised Error: status 503 (test_a_failure_is_told.py, line *)",
        ],
    ),
    "raises before it sends": (
        "    def generate(self, app_id): raise ValueError(f'no app {len(app_id)}')",
        "test_a_generate_is_not_repeated and 500",
        ["path/uri (*", "  sent:     nothing", "  actual:   none; generate() raised ValueError: no app 32 (*"],
    ),
    "waits for half a body": (
        "    def generate(self, app_id):\n        self.timeout = None\n        return super().generate(app_id)",
        "test_a_generate_is_not_repeated and answer",
        ["trap/no-timeout (trap: *", "  sent:     * → no answer (*)", "  expected: generate() to end within *"],
    ),
    "first page only": (
        "    def list_all(self, app_id): return self.list_page(app_id).app_codes",
        "gives_everything_once and 21",
        ["trap/missing-pages (trap: *", "  expected: 21 AppCodes, *", "  actual:   20 AppCodes: 1 missing"],
    ),
    "endless paging": (
        "    def list_all(self, app_id):\n        while True: yield from self.list_page(app_id).app_codes",
        "bounded_number",
        ["trap/endless-paging (trap: *", "  actual:   list_all() sent more and was cut off"],
    ),
    "no timeout": (
        "    timeout = None",
        "server_that_never_answers",
        ["trap/no-timeout (trap: *", "  sent:     * → no answer (hang)", "  expected: * to end within 1.5 seconds"],
    ),
    "4xx swallowed": (
        (
            "    def list_page(self, app_id, offset=None, limit=None):\n"
            "        try: return super().list_page(app_id, offset, limit)\n"
            "        except Error: return SimpleNamespace(total=0, size=0, app_codes=[])"
        ),
        "an_unknown_app_is_an_error and list_page",
        ["error/404/code (example: *", "  actual:   list_page() returned a SimpleNamespace as if all were well"],
    ),
    "follows redirects": (
        "    follows = True",
        "follow_a_redirect",
        ["trap/redirect-with-token (trap: *", "  actual:   the other host got it"],
    ),
    "SystemExit": (
        "    def generate(self, app_id): sys.exit(3)",
        "201_is_the_success",
        ["generate/status (documented: *", "  sent:     nothing", "  actual:   it raised a SystemExit"],
    ),
    "a counter that skips": (
        (
            "    def list_page(self, app_id, offset=None, limit=None):\n"
            "        return super().list_page(app_id, offset and offset + 1, limit)"
        ),
        "agree_whatever",
        ["list/*", "  expected: *", "  actual:   * After: state*"],
    ),
}
LEAKS = {
    "a log record": (
        "logging.getLogger('mine').error('made %s for %s', made['app_code'], self.session.headers)",
        "no_log_record",
        "trap/secret-in-log",
    ),
    "a debug record of a logger by itself": (
        "OWN.debug('made %s', made['app_code'])",
        "no_log_record",
        "trap/secret-in-log",
    ),
    "more of a record": (
        "logging.getLogger('mine').info('made', extra={'of': made['app_code']})",
        "no_log_record",
        "trap/secret-in-log",
    ),
    "part of one": ("logging.warning('made %s…', made['app_code'][:20])", "no_log_record", "trap/secret-in-log"),
    "printed": ("print(made)", "nothing_that_is_printed", "trap/secret-on-terminal"),
    "printed as an error": ("print(made, file=sys.stderr)", "nothing_that_is_printed", "trap/secret-on-terminal"),
    "a warning": ("warnings.warn(str(made))", "no_warning", "trap/secret-in-warning"),
    "an exception": ("raise ValueError(made)", "no_exception", "trap/secret-in-exception"),
    "its cause": (
        "raise RuntimeError('generate') from ValueError(made['app_code'])",
        "no_exception",
        "trap/secret-in-exception",
    ),
    "its repr": (
        "Error.__repr__ = lambda self: made['app_code']; raise Error(500)",
        "no_exception",
        "trap/secret-in-exception",
    ),
    "repr of the client": (
        "type(self).__repr__ = lambda self: f'<{dict(self.session.headers)}>'",
        "no_repr_of_the_client",
        "trap/secret-in-repr",
    ),
    "repr of the client inside": (
        "self.inner = SimpleNamespace(token=self.session.headers['X-Auth-Token'])",
        "no_repr_of_the_client",
        "trap/secret-in-repr",
    ),
    "repr of a record": ("return SimpleNamespace(**made)", "no_repr_of_a_result", "trap/secret-in-repr"),
    "the descriptor of errors": (
        "import os; os.write(2, made['app_code'].encode())",
        "nothing_that_is_printed",
        "trap/secret-on-terminal",
    ),
    "the name of a logger": (
        "logging.getLogger(made['app_code']).error('made')",
        "no_log_record",
        "trap/secret-in-log",
    ),
    "an error in a thread": (
        "import threading; t = threading.Thread(target=[].index, args=(made['app_code'],)); t.start(); t.join()",
        "nothing_that_is_printed",
        "trap/secret-on-terminal",
    ),
    "an error that nobody can catch": (
        "type('Gone', (), {'__del__': lambda self: [].index(made['app_code'])})()",
        "nothing_that_is_printed",
        "trap/secret-on-terminal",
    ),
    "in groups": (
        "print(*(made['app_code'][start:start + 8] for start in range(0, 64, 8)))",
        "nothing_that_is_printed",
        "trap/secret-on-terminal",
    ),
}


def expect_no_credential(pytester: pytest.Pytester, text: str) -> None:
    known = set((pytester.path / "credentials.txt").read_text().split("\n")) - {""}
    assert known
    assert set() == parts_of(text) & {part for secret in known for part in parts_of(secret)}


def parts_of(text: str) -> set[str]:
    """Give 12 characters in a row from each place."""
    return {text[start : start + 12] for start in range(len(text) - 11)}


@pytest.mark.parametrize(("defect", "name", "lines"), [pytest.param(*each, id=name) for name, each in DEFECTS.items()])
def test_a_failure_is_told(pytester: pytest.Pytester, defect: str, name: str, lines: list[str]) -> None:
    text = run_one(pytester, f"{WRITES_DOWN}class Mine(Known):\n    marker = 1\n{defect}\n{MINE}", name)

    pytest.LineMatcher(text.splitlines()).fnmatch_lines(lines)
    assert "Traceback" not in text
    if defect != DEFECTS["SystemExit"][0]:
        expect_no_credential(pytester, text)


def test_a_request_is_told_in_a_line_of_no_more_than_two_hundred_columns(pytester: pytest.Pytester) -> None:
    more = "{'headers': {'User-Agent': 'x' * 72 + self.session.headers['X-Auth-Token'], 'X-More': 'y' * 300}}"
    client = f"class Mine(Known):\n    method = 'POST'\n    def more(self, method): return {more}\n"

    text = run_one(pytester, f"{WRITES_DOWN}{client}{MINE}", "no_query and generate")

    sent = [line for line in text.splitlines() if line.startswith("  sent: ")]
    assert sent
    assert [] == [line for line in sent if len(line) > 200]
    parts = {secret[:6] for secret in (pytester.path / "credentials.txt").read_text().split()}
    assert [] == [part for part in parts if part in text]


AFTERWARDS = {
    "a thread": "threading.Timer(0.3, [].index, (endpoint.token,)).start()",
    "a logger of a thread": "threading.Timer(0.3, logging.getLogger('mine').error, (endpoint.token,)).start()",
    "garbage": "type('Gone', (), {'__del__': lambda me: [].index(me.token)})().token = endpoint.token",
}


@pytest.mark.parametrize("how", AFTERWARDS)
def test_what_is_told_after_a_test_shows_no_credential(pytester: pytest.Pytester, how: str) -> None:
    test = f"""{WRITES_DOWN}
import threading

class Mine(Known):
    def __init__(self, endpoint):
        super().__init__(endpoint)
        {AFTERWARDS[how]}
{MINE}

def test_that_fails():
    others = [each for each in threading.enumerate() if isinstance(each, threading.Timer)]
    for each in others:
        each.join()
    assert others == 0
"""

    result = run(pytester, test, "-k", "no_query or that_fails", "-p", "no:randomly")

    assert "test_that_fails" in result.stdout.str()
    assert "redacted" in result.stdout.str()
    expect_no_credential(pytester, result.stdout.str() + result.stderr.str())


def test_the_hooks_are_as_before(pytester: pytest.Pytester) -> None:
    before = threading.excepthook, sys.unraisablehook

    run(pytester, f"{WRITES_DOWN}class Mine(Known): pass\n{MINE}", "-k", "no_query")

    assert before == (threading.excepthook, sys.unraisablehook)


def test_a_client_that_is_stuck_is_not_asked_again_and_again(pytester: pytest.Pytester) -> None:
    test = """
class Stuck(Client):
    stuck = False

    def call(self, method, app_id, **query):
        with open("calls.txt", "a") as file:
            file.write("asked\\n")
        if self.stuck:
            import threading
            threading.Event().wait(60)
        try:
            return super().call(method, app_id, **query)
        except Error:
            self.stuck = True
            raise

class TestMine(AppCodeClientContract):
    deadline = 0.5
    def make_client(self, endpoint): return Stuck(endpoint)
"""

    run(pytester, test, "-k", "no_warning_shows")

    assert len((pytester.path / "calls.txt").read_text().split()) < 20


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize(("leak", "name", "topic"), [pytest.param(*each, id=name) for name, each in LEAKS.items()])
def test_a_leak_is_found_and_goes_no_further(pytester: pytest.Pytester, leak: str, name: str, topic: str) -> None:
    client = f"""{WRITES_DOWN}
class Mine(Known):
    def generate(self, app_id):
        made = self.call("PUT", app_id)
        {leak}
        return self.record(made)

{MINE}    has_list_all = False  # what generate() tells is told without it
"""

    result = run(pytester, client, "-k", name, "--log-level=DEBUG")

    text = result.stdout.str() + result.stderr.str()
    assert {"failed", "deselected"} == result.parseoutcomes().keys() - {"warnings"}
    assert 1 == result.parseoutcomes()["failed"]
    result.stdout.fnmatch_lines([f"{topic} (trap: *", "  expected: neither the token nor an AppCode in *"])
    expect_no_credential(pytester, text)
