"""What a test is told about its client, and what nobody is shown."""

from __future__ import annotations

import glob
from typing import TYPE_CHECKING

import pytest

from tests.plugin.project import ALONE, BOTH, fake_of, run, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable


@BOTH
def test_a_client_that_breaks_the_contract_fails_at_teardown_with_clause_expected_and_actual(
    pytester: pytest.Pytester, fixture: str
) -> None:
    result = run(
        pytester,
        f"""
def test_client({fixture}):
    page({fake_of(fixture)}, "?limit=4.0")
    page({fake_of(fixture)}, "?limit=4.0")
    requests.put({fake_of(fixture)}.url(), timeout=TIMEOUT)
""",
    )

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [
            "*ERROR at teardown of test_client*",
            "the client broke the contract",
            "list/limit/type (documented: Querying AppCodes of an App, Table 2)",
            "  expected: limit is an integer; anything else is refused with 400.",
            "  actual:   limit is '4.0' (2 times)",
            "  repeat:   curl -i -X GET*$APPCODE_TOKEN*limit=4.0*",
            "header/x-auth-token (documented: Generating an AppCode, Table 2; Querying AppCodes of an App, Table 3)",
            "  expected: *X-Auth-Token*",
            "  actual:   X-Auth-Token is missing",
        ],
        consecutive=False,
    )


@BOTH
def test_a_test_that_fails_by_itself_tells_both(pytester: pytest.Pytester, fixture: str) -> None:
    result = run(
        pytester,
        f"""
def test_client({fixture}):
    assert page({fake_of(fixture)}, "?limit=501").status_code == 200
""",
    )

    result.assert_outcomes(failed=1, errors=1)
    result.stdout.fnmatch_lines(["list/limit/maximum *"])


def test_a_wrong_path_is_shown_as_it_was_sent(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
def test_client(appcode_fake):
    requests.put(appcode_fake.url() + "/extra", timeout=TIMEOUT)
""",
    )

    result.stdout.fnmatch_lines(["  actual:   PUT */app-codes/extra"])


LEAKY = """
def test_client({fixture}):
    fake = {fake}
    made = generate(fake).json()["app_code"]
    fake.add_token("a-short-token")
    with open("secrets.txt", "w") as file:
        file.write("\\n".join([fake.token, made, "a-short-token", "sent-but-unknown"]))
    from urllib.parse import quote, quote_plus
    for secret in (fake.token, made, "a-short-token"):
        page(fake, "?limit=" + quote(secret, safe=""))
        page(fake, "?" + quote_plus(secret) + "=1")
        page(fake, "?page=" + quote(secret))
        requests.put(fake.url() + "/" + quote(secret, safe=""), headers={{"X-Auth-Token": secret}}, timeout=TIMEOUT)
        requests.put(fake.url(), data=secret, headers={{"X-Auth-Token": "sent-but-unknown"}}, timeout=TIMEOUT)
        requests.put(fake.url(quote(secret, safe="")), headers={{"Authorization": secret}}, timeout=TIMEOUT)
"""


@BOTH
@pytest.mark.parametrize("arguments", [(), ("-vv", "--showlocals", "--tb=long", "-rA")], ids=["plain", "verbose"])
def test_no_credential_is_shown_when_a_test_fails_at_teardown(
    pytester: pytest.Pytester, fixture: str, arguments: tuple[str, ...]
) -> None:
    result = run(
        pytester,
        LEAKY.format(fixture=fixture, fake=fake_of(fixture)),
        *arguments,
    )

    result.assert_outcomes(passed=1, errors=1)
    shown = text_of(result)
    secrets = (pytester.path / "secrets.txt").read_text(encoding="utf-8").splitlines()
    assert len(secrets) == 4
    assert [secret for secret in every_form(secrets) if secret in shown] == []


def every_form(secrets: Iterable[str]) -> list[str]:
    from urllib.parse import quote, quote_plus  # noqa: PLC0415 - used here only

    return [form for secret in secrets for form in (secret, quote(secret), quote(secret, safe=""), quote_plus(secret))]


@pytest.mark.parametrize(
    "client",
    [
        'page(fake, "?limit=" + ",." * 15 + fake.token)',
        'page(fake, "?" + ",." * 85 + fake.token)',
        'requests.put(fake.url() + "/" + ",." * 20 + fake.token, timeout=TIMEOUT)',
    ],
    ids=["value", "name", "path"],
)
def test_not_even_the_beginning_of_a_credential_is_shown(pytester: pytest.Pytester, client: str) -> None:
    result = run(
        pytester,
        f"""
def test_client(appcode_fake):
    fake = appcode_fake
    with open("secrets.txt", "w") as file:
        file.write(fake.token)
    {client}
""",
    )

    result.assert_outcomes(passed=1, errors=1)
    token = (pytester.path / "secrets.txt").read_text(encoding="utf-8")
    assert token[:12] not in text_of(result)


@pytest.mark.parametrize("pair", ["made, others", "exchanges[0].request, exchanges[1].request", "*exchanges"])
def test_a_comparison_that_fails_shows_no_credential(pytester: pytest.Pytester, pair: str) -> None:
    pytester.makepyfile(
        f"""
        import requests

        def same(left, right):
            assert left == right

        def test_client(appcode_fake):
            other = "-".join(["another", "token"])  # in one piece it would be shown with the test's own text
            appcode_fake.add_token(other)
            made, others = appcode_fake.seed(2)
            for token in (appcode_fake.token, other):
                requests.get(appcode_fake.url(), headers={{"X-Auth-Token": token}}, timeout=5)
            with open("secrets.txt", "w") as file:
                file.write("\\n".join([other, *appcode_fake.secrets()]))
            exchanges = appcode_fake.exchanges
            same({pair})
        """
    )

    result = pytester.runpytest_inprocess(*ALONE, "-p", "no:cacheprovider", "-vv")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*Differing attributes: *"])
    for secret in (pytester.path / "secrets.txt").read_text().splitlines():
        result.stdout.no_fnmatch_line(f"*{glob.escape(secret)}*")
