"""A failure names clause or trap, what was sent, what was expected, and one line of advice; and shows no credential."""

from __future__ import annotations

import sys
import threading

import pytest

from tests.client_contract.project import file_of, only, run, run_each, run_files, run_one

WRITES_DOWN = """
OWN = logging.getLogger("mine.own")
OWN.propagate = False
OWN.setLevel("ERROR")


class Known(Client):
    def __init__(self, endpoint):
        super().__init__(endpoint)
        self.note(endpoint.token)

    def note(self, secret):
        with open(f"{__name__}.credentials", "a") as file:
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
        "test_generate_is_a_put_on_the_documented_path",
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
        "test_list_is_a_get_on_the_documented_path",
        [
            "header/x-auth-token (documented: *",
            "  sent:     GET * → status 401",
            "  actual:   it raised Error: status 401 (test_another_token.py, line *)",
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
        "test_a_documented_error_arrives_with_status_code_and_text[generate]",
        [
            "error/body (documented: *",
            "  expected: the error_msg as it was answered, 'Invalid parameter value,parameterName:app_id. *'",
            "  actual:   it failed, from Error: status 400 (test_texts_of_its_own.py, line *)",
        ],
    ),
    "tells what it sent": (
        (
            "    def call(self, method, app_id, **query):\n"
            "        try: return super().call(method, app_id, **query)\n"
            "        except Error as error:\n"
            "            raise RuntimeError(f'sent {dict(self.session.headers)}') from error"
        ),
        "test_no_exception_shows_a_credential",
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
        "test_a_generate_is_not_repeated[500]",
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
        "test_generate_is_a_put_on_the_documented_path",
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
        "test_list_has_no_body",
        ["trap/token-in-url (trap: *", "  actual:   the URL shows it", "  advice:   Send the token in the header *"],
    ),
    "another name of a field": (
        "    def record(self, item): return super().record({'app_code': item['appCode']})",
        "test_list_all_gives_everything_once_and_in_order[21]",
        [
            "trap/refused-answer (trap: *",
            "  actual:   it raised KeyError: 'appCode' (test_another_name_of_a_field.py, line *)",
            "  advice:   What was raised, and where, says *",
        ],
    ),
    "decodes +": (
        "    def record(self, item): return super().record(item | {'app_code': item['app_code'].replace('+', ' ')})",
        "test_every_legal_app_code_arrives_unchanged[special characters, 64]",
        [
            "trap/spoilt-app-code (trap: *",
            "  actual:   app_code has 64 characters, answered were 64, lost: '+', new: ' '",
        ],
    ),
    "%f": (
        "    def time(self, text): return datetime.strptime(text, '%Y-%m-%dT%H:%M:%S.%f%z')",
        "test_a_time_is_read_whatever_its_precision[nine digits]",
        ["trap/nine-digits (trap: *", "  actual:   it raised ValueError: time data *"],
    ),
    "naive times": (
        "    def time(self, text): return datetime.fromisoformat(text).replace(tzinfo=None)",
        "test_a_time_is_read_whatever_its_zone[Z]",
        ["trap/time-zone (trap: *", "  actual:   create_time has no zone: 2020-07-24 *"],
    ),
    "ids in upper case": (
        "    def record(self, item): return super().record(item | {'id': item['id'].upper()})",
        "test_200_is_the_success_of_a_list",
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
        "test_every_legal_app_code_arrives_unchanged[special characters, 64]",
        ["generate/create-time/format (example: *", "  actual:   create_time is *, answered was *"],
    ),
    "a second page that is the first": (
        "    def list_page(self, app_id, offset=None, limit=None): return super().list_page(app_id, None, limit)",
        "test_the_client_works_under_every_behavior[0]",
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
        "test_client_and_model_agree_whatever_is_called",
        [
            "generate/listed (*",
            "  expected: client and model to agree",
            "  actual:   the client raised Error: status 503 (test_fails_the_first_time_only.py, line *)",
        ],
    ),
    "raises before it sends": (
        "    def generate(self, app_id): raise ValueError(f'no app {len(app_id)}')",
        "test_a_generate_is_not_repeated[500]",
        ["path/uri (*", "  sent:     nothing", "  actual:   none; generate() raised ValueError: no app 32 (*"],
    ),
    "waits for half a body": (
        "    def generate(self, app_id):\n        self.timeout = None\n        return super().generate(app_id)",
        "test_a_generate_is_not_repeated[no answer]",
        ["trap/no-timeout (trap: *", "  sent:     * → no answer (*)", "  expected: generate() to end within *"],
    ),
    "first page only": (
        "    def list_all(self, app_id): return self.list_page(app_id).app_codes",
        "test_list_all_gives_everything_once_and_in_order[21]",
        ["trap/missing-pages (trap: *", "  expected: 21 AppCodes, *", "  actual:   20 AppCodes: 1 missing"],
    ),
    "endless paging": (
        "    def list_all(self, app_id):\n        while True: yield from self.list_page(app_id).app_codes",
        "test_list_all_sends_a_bounded_number_of_requests",
        ["trap/endless-paging (trap: *", "  actual:   list_all() sent more and was cut off"],
    ),
    "no timeout": (
        "    timeout = None",
        "test_a_server_that_never_answers_is_given_up",
        ["trap/no-timeout (trap: *", "  sent:     * → no answer (hang)", "  expected: * to end within 1.5 seconds"],
    ),
    "4xx swallowed": (
        (
            "    def list_page(self, app_id, offset=None, limit=None):\n"
            "        try: return super().list_page(app_id, offset, limit)\n"
            "        except Error: return SimpleNamespace(total=0, size=0, app_codes=[])"
        ),
        "test_an_unknown_app_is_an_error[list_page]",
        ["error/404/code (example: *", "  actual:   list_page() returned a SimpleNamespace as if all were well"],
    ),
    "follows redirects": (
        "    follows = True",
        "test_the_token_does_not_follow_a_redirect[generate]",
        ["trap/redirect-with-token (trap: *", "  actual:   the other host got it"],
    ),
    "SystemExit": (
        "    def generate(self, app_id): sys.exit(3)",
        "test_201_is_the_success_of_a_generate",
        ["generate/status (documented: *", "  sent:     nothing", "  actual:   it raised a SystemExit"],
    ),
    "a counter that skips": (
        (
            "    def list_page(self, app_id, offset=None, limit=None):\n"
            "        return super().list_page(app_id, offset and offset + 1, limit)"
        ),
        "test_client_and_model_agree_whatever_is_called",
        ["list/*", "  expected: *", "  actual:   * After: state*"],
    ),
}
PLACES = {
    "log records": ("test_no_log_record_shows_a_credential", "trap/secret-in-log"),
    "what is printed": ("test_nothing_that_is_printed_shows_a_credential", "trap/secret-on-terminal"),
    "warnings": ("test_no_warning_shows_a_credential", "trap/secret-in-warning"),
    "exceptions": ("test_no_exception_shows_a_credential", "trap/secret-in-exception"),
    "repr of the client": ("test_no_repr_of_the_client_shows_a_credential", "trap/secret-in-repr"),
    "repr of results": ("test_no_repr_of_a_result_shows_a_credential", "trap/secret-in-repr"),
}
RECORD = "{'app_code': '[[]redacted: * characters #*"
LOST = "ValueError: '[[]redacted: * characters #*[]]' is not in list"
# Clients, each with a leak in several places at most, and how the first credential there is told.
LEAKS: dict[str, dict[str, tuple[str, str]]] = {
    "a log record, printed, a warning, a repr of client and record": {
        "log records": (
            "logging.getLogger('mine').error('made %s for %s', made['app_code'], self.session.headers)",
            "made [[]redacted: * characters #*[]] for {'User-Agent': *",
        ),
        "what is printed": ("print(made)", RECORD),
        "warnings": ("warnings.warn(str(made))", RECORD),
        "repr of the client": (
            "type(self).__repr__ = lambda self: f'<{dict(self.session.headers)}>'",
            "<{'User-Agent': *'X-Auth-Token': '[[]redacted: *",
        ),
        "repr of results": ("return SimpleNamespace(**made)", "namespace(app_code='[[]redacted: *"),
    },
    "a debug record of a logger by itself, printed as an error, a repr of the client inside, an exception": {
        "log records": ("OWN.debug('made %s', made['app_code'])", "made [[]redacted: * characters #*[]]"),
        "what is printed": ("print(made, file=sys.stderr)", RECORD),
        "repr of the client": (
            "self.inner = SimpleNamespace(token=self.session.headers['X-Auth-Token'])",
            "namespace(token='[[]redacted: *",
        ),
        "exceptions": ("raise ValueError(made)", f"ValueError: {RECORD}"),
    },
    "more of a record, the descriptor of errors, the cause of an exception": {
        "log records": (
            "logging.getLogger('mine').info('made', extra={'of': made['app_code']})",
            "of='[[]redacted: * characters #*[]]'",
        ),
        "what is printed": (
            "import os; os.write(2, made['app_code'].encode())",
            "[[]redacted: * characters #*[]]",
        ),
        "exceptions": (
            "raise RuntimeError('generate') from ValueError(made['app_code'])",
            "ValueError: [[]redacted: * characters #*[]]",
        ),
    },
    "part of one in a log record, an error in a thread, the repr of an exception": {
        "log records": ("logging.warning('made %s…', made['app_code'][:20])", "made [[]redacted: * characters #*[]]…"),
        "what is printed": (
            "import threading; t = threading.Thread(target=[].index, args=(made['app_code'],)); t.start(); t.join()",
            LOST,
        ),
        "exceptions": (
            "Error.__repr__ = lambda self: made['app_code']; raise Error(500)",
            "[[]redacted: * characters #*[]]",
        ),
    },
    "the name of a logger, an error that nobody can catch": {
        "log records": (
            "logging.getLogger(made['app_code']).error('made')",
            "name=[[]redacted: * characters #*[]]",
        ),
        "what is printed": ("type('Gone', (), {'__del__': lambda self: [].index(made['app_code'])})()", LOST),
    },
    "in groups": {
        "what is printed": (
            "print(*(made['app_code'][start:start + 8] for start in range(0, 64, 8)))",
            "[[]a text that holds part of a credential]",
        ),
    },
}


def credentials(pytester: pytest.Pytester) -> dict[str, set[str]]:
    """Give the credentials that clients had, by the names of their test files."""
    return {path.stem: set(path.read_text().split()) for path in pytester.path.glob("*.credentials")}


def expect_no_credential(pytester: pytest.Pytester, text: str) -> None:
    known = set().union(*credentials(pytester).values())
    assert known
    assert set() == parts_of(text) & {part for secret in known for part in parts_of(secret)}


def parts_of(text: str) -> set[str]:
    """Give 12 characters in a row from each place."""
    return {text[start : start + 12] for start in range(len(text) - 11)}


def test_a_failure_is_told(pytester: pytest.Pytester) -> None:
    tests = {
        case: (f"{WRITES_DOWN}class Mine(Known):\n    marker = 1\n{defect}\n{MINE}", name)
        for case, (defect, name, _) in DEFECTS.items()
    }

    session = run_each(pytester, tests)

    for case, (_, _, lines) in DEFECTS.items():
        pytest.LineMatcher(session.told[case].splitlines()).fnmatch_lines(lines)
    assert "Traceback" not in session.written
    assert {file_of(case) for case in DEFECTS} == credentials(pytester).keys()
    expect_no_credential(pytester, session.written)


def test_a_request_is_told_in_a_line_of_no_more_than_two_hundred_columns(pytester: pytest.Pytester) -> None:
    more = "{'headers': {'User-Agent': 'x' * 72 + self.session.headers['X-Auth-Token'], 'X-More': 'y' * 300}}"
    client = f"class Mine(Known):\n    method = 'POST'\n    def more(self, method): return {more}\n"

    text = run_one(pytester, f"{WRITES_DOWN}{client}{MINE}", "test_generate_has_no_query")

    sent = [line for line in text.splitlines() if line.startswith("  sent: ")]
    assert sent
    assert [] == [line for line in sent if len(line) > 200]
    parts = {secret[:6] for known in credentials(pytester).values() for secret in known}
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

    result = run(pytester, test, *only("test_generate_has_no_query", "test_that_fails"))

    assert "test_that_fails" in result.stdout.str()
    assert "redacted" in result.stdout.str()
    expect_no_credential(pytester, result.stdout.str() + result.stderr.str())


def test_the_hooks_are_as_before(pytester: pytest.Pytester) -> None:
    before = threading.excepthook, sys.unraisablehook

    run(pytester, f"{WRITES_DOWN}class Mine(Known): pass\n{MINE}", *only("test_generate_has_no_query"))

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

    run(pytester, test, *only("test_no_warning_shows_a_credential"))

    assert len((pytester.path / "calls.txt").read_text().split()) < 20


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_leaks_are_found_and_go_no_further(pytester: pytest.Pytester) -> None:
    test = f"""{WRITES_DOWN}
class Mine(Known):
    timeout = 0.5

    def generate(self, app_id):
        made = self.call("PUT", app_id)
        LEAKS
        return self.record(made)

{MINE}    has_list_all = False  # what generate() tells is told without it
"""
    tests = {
        case: test.replace("LEAKS", "\n        ".join(leak for leak, _ in leaks.values()))
        for case, leaks in LEAKS.items()
    }
    names = {case: [PLACES[place][0] for place in leaks] for case, leaks in LEAKS.items()}
    chosen = [f"{file_of(case)}.py::TestMine::{name}" for case in LEAKS for name in names[case]]

    session = run_files(pytester, tests, *only("test_no"), "--log-level=DEBUG", *chosen)

    for case, leaks in LEAKS.items():
        failed = [each for each in session.reports[case] if each.failed]
        assert [(name, "call") for name in names[case]] == [
            (each.nodeid.rpartition("::")[2], each.when) for each in failed
        ]
        for (place, (_, example)), report in zip(leaks.items(), failed, strict=True):
            expected = [
                f"{PLACES[place][1]} (trap: *",
                f"  expected: neither the token nor an AppCode in {place}",
                f"  actual:   * of them show one, such as: {example}",
            ]
            pytest.LineMatcher(report.longreprtext.splitlines()).fnmatch_lines(expected)
    assert {file_of(case) for case in LEAKS} == credentials(pytester).keys()
    expect_no_credential(pytester, session.written)
