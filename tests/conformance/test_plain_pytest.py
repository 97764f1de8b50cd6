"""The conformance tests in a pytest session of somebody else's: what it tells, how it ends, and what it spends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.broken_servers.planting import alters, drops, plant
from tests.broken_servers.service import Service
from tests.conformance.project import ALONE, SUITE

if TYPE_CHECKING:
    from tests.conformance.project import Project

SMALL = ("--appcode-clause", "list/status")


def refusals_without_a_code() -> Service:
    """A server whose mistake only a passive test tells."""
    return alters(403, drops("error_code"))(existing=3)


def test_the_fake_conforms(project: Project) -> None:
    session = project.pytest(*SUITE, *ALONE, "--appcode-fake")

    assert (0, 0) == (session.code, session.counted("failed"))
    assert 80 < session.counted("passed")


def test_a_live_server_conforms_and_is_asked_no_more_than_allowed(project: Project) -> None:
    service = Service(existing=30)

    session = project.verify(service, *ALONE, "--appcode-max-generate", "3")

    assert 0 == session.code
    assert 3 == service.count["PUT"]


def test_a_failure_is_told_without_a_traceback(project: Project) -> None:
    service = plant(generated_status=202)()

    session = project.verify(service, *ALONE, "--appcode-clause", "generate/status")

    assert 1 == session.code
    assert "generate/status (documented: Generating an AppCode, Status code 201)\n  expected: " in session.text
    assert re.search(r"\n  actual:   status 202, .*\n  answer:   status 202, application/json, ", session.text)
    assert re.search(r'  repeat:   curl -i -X PUT -H "X-Auth-Token: \$APPCODE_TOKEN" http://127.0.0.1:', session.text)
    for sign in ("Traceback", "def test_", "Violated(", "probe ="):
        assert sign not in session.text


@pytest.mark.parametrize(
    ("arguments", "clauses"),
    [
        (("--appcode-clause", "list/offset/default", "--appcode-clause", "list/total"), "total|offset_the_list|answer"),
        (("--appcode-level", "documented", "--appcode-clause", "list/limit/default"), "limit_a_page_holds|answer"),
    ],
)
def test_clauses_and_levels_select(project: Project, arguments: tuple[str, ...], clauses: str) -> None:
    session = project.pytest(*SUITE, *ALONE, "--appcode-fake", "--collect-only", "-q", *arguments)

    names = [line for line in session.text.splitlines() if "::" in line]
    assert 0 == session.code
    assert names
    assert [] == [name for name in names if not re.search(clauses, name)]
    assert "deselected" in session.text


@pytest.mark.parametrize(
    ("arguments", "told", "code"),
    [
        (("--appcode-fake", "--appcode-clause", "list/limits"), "did you mean list/limit", pytest.ExitCode.USAGE_ERROR),
        ((), "--appcode-url is missing; give it, or set APPCODE_URL, or use --appcode-fake", 3),
        (("--appcode-url", "http://127.0.0.1:1"), "--appcode-project-id is missing", 3),
        (("--appcode-url", "nonsense", "--appcode-project-id=p", "--appcode-instance-id=i", "--appcode-app-id=a",
          "--appcode-token=t"), "the URL is malformed", 3),
        (("--appcode-url", "http://127.0.0.1:1", "--appcode-project-id=p", "--appcode-instance-id=i",
          "--appcode-app-id=a", "--appcode-token=t"), "nothing could be judged: connection refused", 3),
        (("--appcode-fake", "--appcode-max-generate", "-1"), "max_generate is -1", 3),
        (("--appcode-fake", "--appcode-level", "firm"), "--appcode-level: invalid choice", pytest.ExitCode.USAGE_ERROR),
    ],
)  # fmt: skip
def test_a_wrong_call_is_told_in_one_line(project: Project, arguments: tuple[str, ...], told: str, code: int) -> None:
    session = project.pytest(*SUITE, *ALONE, *SMALL, *arguments)

    assert code == session.code
    assert 1 == sum(told.lower() in line.lower() for line in session.text.splitlines())
    assert "Traceback" not in session.text
    assert 0 == session.counted("passed")


def test_a_refused_token_judges_nothing(project: Project) -> None:
    session = project.verify(Service(), *ALONE, "--appcode-token", "another-token")

    assert 3 == session.code
    assert "the server refused the token" in session.text
    assert "another-token" not in session.text
    assert "Traceback" not in session.text


def test_a_session_in_which_nothing_could_be_tried_is_no_success(project: Project) -> None:
    session = project.pytest(*SUITE, *ALONE, "--appcode-fake", "--appcode-clause", "error/500")

    assert (3, 0) == (session.code, session.counted("passed"))


def test_a_parallel_session_in_which_nothing_could_be_tried_is_no_success(project: Project) -> None:
    session = project.pytest(*SUITE, "--appcode-fake", "--appcode-clause", "error/500", "-n", "1")

    assert 3 == session.code


# ---- in several processes


def test_several_processes_generate_nothing_and_judge_the_rest(project: Project) -> None:
    service = Service(existing=25)

    session = project.verify(service, "-n", "2", "--appcode-clause", "generate", "--appcode-clause", "list/limit/page")

    assert 0 == service.count["PUT"]
    assert (0, 0) == (session.code, session.counted("failed"))
    assert 1 < session.counted("passed")


def test_the_callers_own_tests_may_run_in_any_way_beside(project: Project) -> None:
    service = Service(existing=25)
    (project.folder / "test_own.py").write_text("import pytest\n@pytest.mark.parametrize('n', range(9))\n"
                                                "def test_own(n):\n    assert n < 8\n")  # fmt: skip

    session = project.verify(service, "test_own.py", "-n", "2", "--appcode-clause", "list/status")

    assert (1, 1) == (session.code, session.counted("failed"))


def test_a_mistake_is_found_in_another_process(project: Project) -> None:
    session = project.verify(refusals_without_a_code(), "-n", "1", "--appcode-clause", "error/403")

    assert 1 == session.code


# ---- beside others


def test_a_random_order_changes_no_verdict(project: Project) -> None:
    order = ("-p", "no:xdist", "-p", "no:faker", "-p", "no:hypothesispytest", "--randomly-seed=1")

    good = project.verify(Service(existing=25), *order)
    bad = project.verify(refusals_without_a_code(), *order)

    assert (0, 0) == (good.code, good.counted("failed"))
    assert 1 == bad.code
    assert "error/body (" in bad.text


def test_the_callers_own_tests_are_left_alone(project: Project) -> None:
    (project.folder / "test_own.py").write_text(
        "import pytest\n"
        "@pytest.fixture\ndef probe():\n    return 'own'\n"
        "def test_own(probe):\n    assert probe == 'own'\n"
        "def test_that_fails():\n    own_value = 1\n    assert own_value == 2\n"
        "def test_that_is_skipped():\n    pytest.skip('own reason')\n"
    )

    session = project.pytest("test_own.py", *SUITE, *ALONE, "--appcode-fake", "-v", "-rs", *SMALL)

    assert 1 == session.code
    assert "test_own.py::test_own PASSED" in session.text
    assert "own_value == 2" in session.text
    assert "own reason" in session.text
    assert 1 == session.counted("failed")
    assert "test_a_query_is_answered_with_200 PASSED" in session.text


def test_a_session_without_the_suite_is_as_ever(project: Project) -> None:
    (project.folder / "test_own.py").write_text("import pytest\ndef test_own():\n    pytest.skip('own reason')\n")

    session = project.pytest("test_own.py", *ALONE)

    assert (0, 1) == (session.code, session.counted("skipped"))
