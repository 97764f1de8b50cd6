"""Which clauses a run judges, and that it sends no more than they need."""

from __future__ import annotations

import pytest

from appcode_contract.clauses import BY_ID, CLAUSES, Level
from appcode_contract.conformance.runner import run, selected_tests
from appcode_contract.conformance.selection import SERVER_CLAUSES, Selection, SelectionError
from appcode_contract.report import Outcome, Verdict
from tests.conformance.support import in_process, new_fake, target_of


def judged(selection: Selection) -> list[str]:
    return [clause.id for clause in CLAUSES if selection.includes(clause)]


def test_everything_that_binds_servers_is_judged_when_nothing_is_said() -> None:
    assert [clause.id for clause in SERVER_CLAUSES] == judged(Selection())


def test_a_clause_selects_itself_and_what_is_below_it() -> None:
    assert ["generate/app-id", "generate/app-id/echo"] == judged(Selection(("generate/app-id",)))
    assert {"list/limit/minimum", "list/limit/type"} < set(judged(Selection(("list/limit",))))
    assert ["list/status"] == judged(Selection(("list/status/",)))


@pytest.mark.parametrize("level", Level)
def test_a_level_leaves_out_what_is_less_firm(level: Level) -> None:
    levels = {BY_ID[clause].level for clause in judged(Selection(level=level))}

    assert set(list(Level)[: list(Level).index(level) + 1]) == levels


@pytest.mark.parametrize(
    ("clauses", "told"),
    [
        (("list/limits",), "did you mean list/limit"),
        (("lis",), "no clause that binds servers is called 'lis'"),
        (("list/query",), "no clause that binds servers"),
        (("",), "no clause that binds servers is called ''"),
    ],
)
def test_a_selection_of_nothing_is_refused(clauses: tuple[str, ...], told: str) -> None:
    with pytest.raises(SelectionError, match=told):
        Selection(clauses)


def test_a_selection_that_the_level_empties_is_refused() -> None:
    with pytest.raises(SelectionError, match=r"no clause of list/paging is at level documented"):
        Selection(("list/paging",), Level.DOCUMENTED)


def test_only_selected_clauses_are_in_the_report() -> None:
    fake = new_fake()
    fake.seed(30)

    report = run(target_of(fake), Selection(("list/limit",)), send=in_process(fake))

    assert judged(Selection(("list/limit",))) == [clause.id for clause in report.clauses]
    assert Verdict.CONFORMS == report.verdict


def test_what_needs_no_generate_sends_none() -> None:
    fake = new_fake()
    fake.seed(30)

    report = run(target_of(fake), Selection(("list/limit",)), send=in_process(fake))

    assert {"GET"} == {exchange.request.method for exchange in fake.exchanges}
    assert () == report.generated


def test_a_violation_of_a_clause_that_is_not_selected_is_not_told() -> None:
    fake = new_fake()
    fake.seed(3)
    fake.fail("generate", status=500, times=None)

    report = run(target_of(fake), Selection(("list",)), send=in_process(fake))

    assert () == report.violations


def test_a_selection_of_which_nothing_can_be_tried_is_no_success() -> None:
    fake = new_fake()

    report = run(target_of(fake), Selection(("error/500",)), send=in_process(fake))

    assert {Outcome.NOT_EXERCISED} == {clause.outcome for clause in report.clauses}
    assert Verdict.INCONCLUSIVE == report.verdict


def test_what_would_be_tried_is_listed_in_the_order_of_the_run() -> None:
    tests = selected_tests(Selection(("list/limit/type",)))

    assert {"list/limit/type"} == {clause for clause, _ in tests}
    assert tests[0][1].startswith("test_a_limit_that_is_no_integer_is_refused")
    assert "test_every_answer_keeps_the_clause[list/limit/type]" == tests[-1][1]


def test_every_clause_that_binds_servers_has_a_test() -> None:
    assert {clause.id for clause in SERVER_CLAUSES} == {clause for clause, _ in selected_tests(Selection())}
