"""Random probes: they repeat with the seed, end, shrink what they find, and leave nothing behind."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest
from hypothesis import strategies as st

from appcode_contract import FakeAppCodes, Request, Response
from appcode_contract.conformance.outcomes import NotExercised, Violated
from appcode_contract.conformance.probe import Probe
from appcode_contract.conformance.properties import search
from appcode_contract.conformance.runner import run
from appcode_contract.conformance.selection import Selection
from tests.broken_servers.defects import DEFECTS
from tests.broken_servers.verify import verify
from tests.conformance.broken import BrokenServer
from tests.conformance.support import in_process, new_fake, target_of

if TYPE_CHECKING:
    from pathlib import Path

    from appcode_contract.messages import Violation


def limits_from_300_on_give_one_less(fake: FakeAppCodes, request: Request) -> Response:
    limit = parse_qs(request.query).get("limit", ["20"])[0]
    if request.method == "GET" and limit.isdigit() and 300 <= int(limit) < 499:
        url = request.url.replace(f"limit={limit}", f"limit={int(limit) - 1}")
        return fake.handle(Request("GET", url, request.headers))
    return fake.handle(request)


def probing(fake: FakeAppCodes, seed: int = 0) -> Probe:
    probe = Probe(target_of(fake, seed=seed), in_process(fake))
    probe.begin()
    probe.clause = "list/paging"
    return probe


def tried_by(seed: int) -> list[int]:
    tried: list[int] = []
    search(probing(new_fake(), seed=seed), st.integers(0, 10**6), tried.append, 20)
    return tried


def test_what_is_tried_repeats_with_the_seed() -> None:
    assert tried_by(1) == tried_by(1)
    assert tried_by(1) != tried_by(2)


def test_no_value_is_sent_twice() -> None:
    tried: list[int] = []

    search(probing(new_fake()), st.integers(0, 3), tried.append, 20)

    assert sorted(set(tried)) == sorted(tried)


def test_what_is_found_is_shrunk_in_a_bounded_number_of_tries() -> None:
    probe = probing(new_fake())
    tried: list[int] = []

    def judge(value: int) -> Violation | None:
        tried.append(value)
        return probe.violation("less than 1000", str(value), None) if value >= 1000 else None

    with pytest.raises(Violated) as raised:
        search(probe, st.integers(0, 10**9), judge, 20)

    assert "1000" == raised.value.violation.actual
    assert len(tried) <= 20 + 40


def test_what_was_found_stands_when_nothing_more_can_be_tried() -> None:
    probe = probing(new_fake())
    found: list[int] = []

    def judge(value: int) -> Violation | None:
        if found:
            probe.not_exercised("the server is gone")
        if value < 1000:
            return None
        found.append(value)
        return probe.violation("less than 1000", str(value), None)

    # A test that is not exercised would be skipped, and not fail.
    with pytest.raises((Violated, NotExercised)) as raised:
        search(probe, st.integers(0, 10**9), judge, 20)

    assert isinstance(raised.value, Violated)
    assert [raised.value.violation.actual] == [str(value) for value in found]


def test_a_search_that_cannot_go_on_has_found_nothing() -> None:
    probe = probing(new_fake())
    tried: list[int] = []

    def judge(value: int) -> None:
        if len(tried) == 3:
            probe.not_exercised("the server is gone")
        tried.append(value)

    with pytest.raises(NotExercised, match="the server is gone"):
        search(probe, st.integers(0, 10**9), judge, 20)

    assert [] == probe.violations


def test_what_another_clause_explains_does_not_end_the_search() -> None:
    probe = probing(new_fake())
    tried: list[int] = []

    def judge(value: int) -> Violation | None:
        tried.append(value)
        probe.clause = "list/limit/page"
        violation = probe.violation("something else", "this", None)
        probe.clause = "list/paging"
        return violation

    search(probe, st.integers(0, 10**6), judge, 10)

    assert len(tried) > 1
    assert {"list/limit/page"} == {each.clause for each in probe.violations}


def test_a_limit_that_no_fixed_probe_has_is_found() -> None:
    fake = new_fake()
    fake.seed(501)

    report = run(
        target_of(fake, read_only=True),
        Selection(("list/limit", "list/paging")),
        send=in_process(BrokenServer(fake, limits_from_300_on_give_one_less)),
    )

    assert {"list/limit/page"} == {violation.clause for violation in report.violations}


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    run(target_of(fake := new_fake()), send=in_process(fake))

    assert [] == list(tmp_path.iterdir())


def test_a_search_that_meets_a_failing_server_is_no_mistake_of_the_run() -> None:
    """Hypothesis tries a failure again, and calls the run flaky when that goes well."""
    report = verify(DEFECTS["every seventh list is a 500"].make(existing=25), read_only=True)

    assert "" == report.problem
    assert "list/status" in {each.clause for each in report.violations}
