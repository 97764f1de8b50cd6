"""The fixture appcode_app: an app of a test's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.plugin.project import BOTH, fake_of, run, text_of

if TYPE_CHECKING:
    import pytest

APP = """
def generate_in(app):
    return requests.put(app.url, headers={"X-Auth-Token": app.token}, timeout=TIMEOUT)


def total_of(app):
    return requests.get(app.url, headers={"X-Auth-Token": app.token}, timeout=TIMEOUT).json()["total"]

"""
ONE_SERVER = """
import pytest

from appcode_contract import app_code_server


@pytest.fixture(scope="session")
def appcode_server():
    with app_code_server() as server:
        yield server
"""


@BOTH
def test_the_app_is_a_new_one_of_the_fake_that_the_test_uses(pytester: pytest.Pytester, fixture: str) -> None:
    result = run(
        pytester,
        APP
        + f"""
def test_app_first(appcode_app, {fixture}):
    fake = {fake_of(fixture)}
    assert generate_in(appcode_app).json()["app_id"] == appcode_app.app_id != fake.app_id
    assert (appcode_app.url, appcode_app.token) == (fake.url(appcode_app.app_id), fake.token)
    assert [len(fake.app_codes(app_id)) for app_id in (appcode_app.app_id, fake.app_id)] == [1, 0]


def test_app_last({fixture}, appcode_app):
    assert total_of(appcode_app) == 0
    assert len({fake_of(fixture)}.apps()) == 2
""",
    )

    result.assert_outcomes(passed=2)


def test_the_app_alone_is_one_of_the_server(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        APP
        + """
def test_client(appcode_app):
    assert appcode_app.url.startswith("http://127.0.0.1:")
    assert generate_in(appcode_app).status_code == 201
    assert total_of(appcode_app) == 1
""",
    )

    result.assert_outcomes(passed=1)


def test_the_app_is_one_of_the_server_when_the_test_uses_both(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
def test_client(appcode_fake, appcode_server, appcode_app):
    assert appcode_app.url == appcode_server.fake.url(appcode_app.app_id)
    assert appcode_app.app_id not in {key.app_id for key in appcode_fake.apps()}
""",
    )

    result.assert_outcomes(passed=1)


@BOTH
def test_a_client_that_breaks_the_contract_in_its_own_app_fails_the_test(
    pytester: pytest.Pytester, fixture: str
) -> None:
    result = run(
        pytester,
        f"""
def test_client(appcode_app, {fixture}):
    requests.get(appcode_app.url + "?limit=501", headers={{"X-Auth-Token": appcode_app.token}}, timeout=TIMEOUT)
""",
    )

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["list/limit/maximum *"])


def test_tests_that_share_a_server_of_their_project_have_an_app_each_while_others_are_at_work(
    pytester: pytest.Pytester,
) -> None:
    pytester.makeconftest(ONE_SERVER)

    result = run(
        pytester,
        APP
        + """
from threading import Event, Thread

urls = set()
threads = []
wanted = Event()


def late(app, answers):
    wanted.wait(TIMEOUT)
    answers.append(generate_in(app).status_code)


@pytest.mark.parametrize("number", range(3))
def test_generate(appcode_server, appcode_app, number):
    urls.add(appcode_app.url)
    assert appcode_app.url == appcode_server.fake.url(appcode_app.app_id)
    assert total_of(appcode_app) == 0
    generate_in(appcode_app)
    assert (total_of(appcode_app), len(urls)) == (1, number + 1)
    answers = []
    threads.append((Thread(target=late, args=(appcode_app, answers)), answers))
    threads[-1][0].start()


def test_others_generate_meanwhile(appcode_app):
    wanted.set()
    for thread, _ in threads:
        thread.join(TIMEOUT)
    assert [answers for _, answers in threads] == [[201]] * 3
    assert total_of(appcode_app) == 0
""",
    )

    result.assert_outcomes(passed=4)


def test_threads_of_one_test_may_have_an_app_each(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
from concurrent.futures import ThreadPoolExecutor


def work(fake):
    app_id = fake.add_app()
    headers = {"X-Auth-Token": fake.token}
    for _ in range(5):
        requests.put(fake.url(app_id), headers=headers, timeout=TIMEOUT)
    return requests.get(fake.url(app_id), headers=headers, timeout=TIMEOUT).json()["total"]


def test_threads(appcode_server):
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, [appcode_server.fake] * 8)) == [5] * 8
""",
    )

    result.assert_outcomes(passed=1)


def test_neither_its_repr_nor_a_comparison_shows_its_token(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
from dataclasses import replace


def test_client(appcode_app):
    with open("secrets.txt", "w") as file:
        file.write(appcode_app.token)
    print(appcode_app)
    assert appcode_app == replace(appcode_app, app_id="another", token="".join(["an", "other"]))
""",
        *("-vv", "--showlocals"),
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*AppCodeApp(app_id='*', url='http://127.0.0.1:*')*"])
    token = (pytester.path / "secrets.txt").read_text(encoding="utf-8")
    assert token not in text_of(result)
