"""Error scenarios, replayed on the fake in every mood it may be in."""

from __future__ import annotations

import pickle
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, find, given, settings

from appcode_contract import Behavior, Exchange, FakeAppCodes
from appcode_contract.checks import judge_response
from appcode_contract.clauses import BY_ID
from appcode_contract.strategies import ERROR_SCENARIOS, ErrorScenario, error_scenarios

if TYPE_CHECKING:
    from tests.conftest import Wire

STATUSES = (400, 401, 403, 404, 500)
MOODS = (
    Behavior(),
    Behavior(
        out_of_range_limit="clamp",
        error_texts="translated",
        extra_fields="present",
        content_type="charset",
        list_order="oldest_first",
    ),
)

each_scenario = pytest.mark.parametrize("scenario", ERROR_SCENARIOS, ids=str)


def prepared(scenario: ErrorScenario, behavior: Behavior | None = None) -> FakeAppCodes:
    fake = FakeAppCodes(seed=1, behavior=behavior)
    fake.seed(3)
    scenario.arrange(fake)
    return fake


@pytest.mark.parametrize("behavior", MOODS, ids=["default", "other"])
@each_scenario
def test_a_fake_answers_a_scenario_with_its_status_and_code(scenario: ErrorScenario, behavior: Behavior) -> None:
    fake = prepared(scenario, behavior)

    response = fake.handle(scenario.request(fake))

    assert response.status == scenario.status
    assert response.json()["error_code"] == scenario.error_code


@pytest.mark.parametrize("behavior", MOODS, ids=["default", "other"])
@each_scenario
def test_a_scenario_is_answered_alike_over_every_transport(
    scenario: ErrorScenario, behavior: Behavior, wire: Wire
) -> None:
    wire.fake.behavior = behavior
    wire.fake.seed(3)
    scenario.arrange(wire.fake)
    request = scenario.request(wire.fake)

    response = wire.send(request.method, request.url, headers=dict(request.headers), body=request.body)

    assert (scenario.status, scenario.error_code) == (response.status, response.json()["error_code"])
    assert judge_response(Exchange(request, response)).violations == ()


@each_scenario
def test_a_scenario_asks_the_same_over_every_transport(scenario: ErrorScenario, every_wire: dict[str, Wire]) -> None:
    asked = []
    for wire in every_wire.values():
        scenario.arrange(wire.fake)
        request = scenario.request(wire.fake)
        wire.send(request.method, request.url, headers=dict(request.headers), body=request.body)
        (exchange,) = wire.fake.exchanges
        arrived = exchange.request
        asked.append((arrived.method, arrived.path, arrived.query, arrived.header("X-Auth-Token"), arrived.body))

    assert asked[:1] * len(every_wire) == asked


@each_scenario
def test_the_checks_judge_the_answer_and_find_nothing_wrong(scenario: ErrorScenario) -> None:
    fake = prepared(scenario)
    request = scenario.request(fake)

    judged = judge_response(Exchange(request, fake.handle(request)))

    assert judged.violations == ()
    assert "error/body" in judged.judged


@each_scenario
def test_a_refused_scenario_leaves_the_app_codes_as_they_were(scenario: ErrorScenario) -> None:
    fake = prepared(scenario)
    before = fake.app_codes()

    fake.handle(scenario.request(fake))

    assert fake.app_codes() == before


@each_scenario
def test_only_what_the_scenario_names_is_wrong_with_its_request(scenario: ErrorScenario) -> None:
    fake = prepared(scenario)
    at_fault = {
        "limit is 0": {"list/limit/minimum"},
        "limit is -1": {"list/limit/minimum"},
        "limit is 501": {"list/limit/maximum"},
        "limit is": {"list/limit/type"},
        "offset is": {"list/offset/long"},
        "the token is missing": {"header/x-auth-token"},
        "the token is empty": {"header/x-auth-token"},
    }
    what = scenario.name.partition(": ")[2]
    expected = next((clauses for name, clauses in at_fault.items() if what.startswith(name)), set())

    fake.handle(scenario.request(fake))

    assert {violation.clause for violation in fake.violations} == expected


@each_scenario
def test_the_clause_of_a_scenario_exists_and_says_its_code(scenario: ErrorScenario) -> None:
    assert scenario.clause == f"error/{scenario.status}/code"
    assert scenario.error_code in BY_ID[scenario.clause].statement


def test_each_documented_error_has_several_scenarios_of_both_operations() -> None:
    counted = Counter((scenario.status, scenario.name.partition(":")[0]) for scenario in ERROR_SCENARIOS)

    assert counted.keys() == {(status, operation) for status in STATUSES for operation in ("generate", "list")}
    assert min(counted.values()) >= 2


def test_every_scenario_has_a_name_of_its_own() -> None:
    names = [scenario.name for scenario in ERROR_SCENARIOS]

    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize(
    ("name", "left"),
    [("list: the server fails once", 0), ("list: the server fails three times", 2)],
)
def test_a_server_that_fails_answers_again_later(name: str, left: int) -> None:
    scenario = next(scenario for scenario in ERROR_SCENARIOS if scenario.name == name)
    fake = prepared(scenario)
    request = scenario.request(fake)

    statuses = [fake.handle(request).status for _ in range(4)]

    assert statuses == [500] * (1 + left) + [200] * (3 - left)


def test_the_strategy_draws_every_scenario_within_200_examples() -> None:
    drawn = set()

    @settings(derandomize=True, max_examples=200, database=None, deadline=None, phases=[Phase.generate])
    @given(error_scenarios())
    def run(scenario: ErrorScenario) -> None:
        drawn.add(scenario)

    run()

    assert drawn == set(ERROR_SCENARIOS)


def test_the_strategy_shrinks_to_the_first_scenario() -> None:
    simplest = find(
        error_scenarios(),
        lambda _: True,
        settings=settings(derandomize=True, max_examples=200, database=None, deadline=None),
    )

    assert simplest is ERROR_SCENARIOS[0]


@each_scenario
def test_a_scenario_can_be_sent_to_another_process(scenario: ErrorScenario) -> None:
    assert pickle.loads(pickle.dumps(scenario)).name == scenario.name  # noqa: S301 - our own bytes


def test_a_scenario_shows_no_functions_and_no_token() -> None:
    shown = repr(ERROR_SCENARIOS[0])

    assert shown == (
        "ErrorScenario(name='list: limit is 0', status=400, error_code='APIG.2012', clause='error/400/code')"
    )
