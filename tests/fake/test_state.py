"""What the fake holds and remembers: apps, tokens, exchanges, violations; seeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from appcode_contract import FakeAppCodes, Request
from appcode_contract.fake.exchange_log import MOST_BYTES, MOST_EXCHANGES

if TYPE_CHECKING:
    from appcode_contract import Response
    from tests.conftest import Wire


def play(wire: Wire) -> list[Response]:
    fake = wire.fake
    fake.seed(3)
    other = fake.add_app()
    fake.fail("list", status=500)
    return [
        wire.generate(),
        wire.list(),
        wire.list("limit=2&offset=1"),
        wire.generate(fake.url(other)),
        wire.list(url=fake.url(other)),
        wire.list("limit=501"),
        wire.send("GET", fake.url()),
        wire.send("DELETE", fake.url(), headers={"X-Auth-Token": fake.token}),
        wire.generate(fake.url("nobody")),
        wire.generate(),
    ]


def own(response: Response) -> tuple[int, bytes, list[str | None]]:
    names = ("Content-Type", "Content-Length", "Allow")
    return response.status, response.body, [response.header(name) for name in names]


def test_the_same_requests_get_the_same_answers_over_every_wire(
    every_wire: dict[str, Wire],
) -> None:
    answers = {name: [own(response) for response in play(wire)] for name, wire in every_wire.items()}

    assert [status for status, _, _ in answers["handle"]] == [
        *(201, 500, 200, 201, 200, 400, 401, 405, 404, 201),
    ]
    assert answers["requests"] == answers["handle"]
    assert answers["socket"] == answers["handle"]


def test_the_same_requests_are_judged_the_same_over_every_wire(
    every_wire: dict[str, Wire],
) -> None:
    verdicts = {}
    for name, wire in every_wire.items():
        play(wire)
        verdicts[name] = [(violation.clause, violation.actual) for violation in wire.fake.violations]

    assert [clause for clause, _ in verdicts["handle"]] == [
        "list/limit/maximum",
        "header/x-auth-token",
        "path/uri",
    ]
    assert verdicts["requests"] == verdicts["handle"]
    assert verdicts["socket"] == verdicts["handle"]


def test_two_fakes_of_one_seed_are_the_same_and_of_two_seeds_are_not() -> None:
    def values(seed: int) -> list[Any]:
        fake = FakeAppCodes(seed=seed)
        return [
            fake.token,
            fake.project_id,
            fake.instance_id,
            fake.app_id,
            *fake.seed(20),
        ]

    assert values(0) == values(0)
    assert all(mine != theirs for mine, theirs in zip(values(0), values(1), strict=True))


def test_ids_and_token_are_those_given(wire: Wire) -> None:
    given = FakeAppCodes(project_id="p-1", instance_id="i_2", app_id="A3", token="t 4")

    response = given.handle(Request("GET", given.url(), (("X-Auth-Token", "t 4"),)))

    assert given.url() == "https://roma.example/v2/p-1/apic/instances/i_2/apps/A3/app-codes"
    assert response.status == 200
    assert wire.fake.url().startswith(wire.fake.base_url + "/v2/")


def test_a_fake_begins_with_one_app_without_app_codes_and_one_token(wire: Wire) -> None:
    assert wire.fake.app_codes() == ()
    assert wire.fake.exchanges == ()
    assert wire.fake.violations == ()
    assert wire.list().status == 200


def test_apps_keep_their_app_codes_apart(wire: Wire) -> None:
    other = wire.fake.add_app()

    mine = wire.generate().json()
    theirs = wire.generate(wire.fake.url(other)).json()

    assert [item["id"] for item in wire.list().json()["app_codes"]] == [mine["id"]]
    assert [item["id"] for item in wire.list(url=wire.fake.url(other)).json()["app_codes"]] == [theirs["id"]]


def test_one_app_id_in_several_projects_and_instances_is_several_apps(
    wire: Wire,
) -> None:
    places: list[dict[str, str]] = [
        {},
        {"project_id": "p2"},
        {"instance_id": "i2"},
        {"project_id": "p2", "instance_id": "i2"},
    ]
    app_id = wire.fake.app_id
    for count, place in enumerate(places):
        wire.fake.add_app(app_id, **place)
        wire.fake.seed(count, app_id, **place)

    totals = [wire.list(url=wire.fake.url(app_id, **place)).json()["total"] for place in places]

    assert totals == [0, 1, 2, 3]
    assert [len(wire.fake.app_codes(app_id, **place)) for place in places] == totals


def test_an_app_that_exists_keeps_its_app_codes_when_added_again(wire: Wire) -> None:
    wire.fake.seed(2)

    added = wire.fake.add_app(wire.fake.app_id)

    assert added == wire.fake.app_id
    assert wire.list().json()["total"] == 2


def test_a_new_app_has_an_id_of_its_own(wire: Wire) -> None:
    assert len({wire.fake.app_id, wire.fake.add_app(), wire.fake.add_app()}) == 3


def test_several_tokens_are_valid_at_once(wire: Wire) -> None:
    wire.fake.add_token("second")

    assert [wire.list().status, wire.list(token="second").status] == [200, 200]


def test_a_token_may_lose_and_regain_its_permission(wire: Wire) -> None:
    wire.fake.add_token(wire.fake.token, forbidden=True)
    without = wire.list().status
    wire.fake.add_token(wire.fake.token)

    assert [without, wire.list().status] == [403, 200]


def test_seed_gives_the_new_records_oldest_first(wire: Wire) -> None:
    before = wire.fake.seed(2)
    after = wire.fake.seed(2)

    assert wire.fake.seed(0) == []
    assert [record.id for record in wire.fake.app_codes()] == [record.id for record in reversed(before + after)]


def test_what_app_codes_gave_does_not_change_afterwards(wire: Wire) -> None:
    before = wire.fake.app_codes()

    wire.fake.seed(1)

    assert before == ()


def test_exchanges_are_kept_in_order_with_request_and_answer(wire: Wire) -> None:
    answers = [wire.generate(), wire.list("limit=1"), wire.list("limit=x")]

    exchanges = wire.fake.exchanges

    assert [exchange.request.method for exchange in exchanges] == ["PUT", "GET", "GET"]
    assert [exchange.request.query for exchange in exchanges] == [
        "",
        "limit=1",
        "limit=x",
    ]
    assert [exchange.request.header("x-auth-token") for exchange in exchanges] == [wire.fake.token] * 3
    assert [exchange.response.body for exchange in exchanges if exchange.response] == [
        answer.body for answer in answers
    ]
    assert [exchange.problem for exchange in exchanges] == ["", "", ""]


def test_the_url_of_an_exchange_is_the_one_the_client_used(wire: Wire) -> None:
    wire.list("offset=1&limit=2")

    assert wire.fake.exchanges[0].request.url == wire.fake.url() + "?offset=1&limit=2"


def test_the_oldest_exchanges_go_first_when_there_are_too_many() -> None:
    fake = FakeAppCodes(seed=1)
    for number in range(MOST_EXCHANGES + 2):
        fake.handle(Request("GET", f"{fake.url()}?offset={number}"))

    assert len(fake.exchanges) == MOST_EXCHANGES
    assert fake.exchanges[0].request.query == "offset=2"
    assert fake.exchanges[-1].request.query == f"offset={MOST_EXCHANGES + 1}"
    assert fake.dropped_exchanges == 2


def test_the_oldest_exchanges_go_first_when_they_are_too_large() -> None:
    fake = FakeAppCodes(seed=1)
    body = b"x" * (MOST_BYTES // 4)
    for number in range(6):
        fake.handle(Request("PUT", f"{fake.url()}?n={number}", {}, body))

    assert [exchange.request.query for exchange in fake.exchanges] == ["n=3", "n=4", "n=5"]
    assert fake.dropped_exchanges == 3
    fake.reset()
    assert fake.dropped_exchanges == 0


def test_many_short_headers_count_for_the_memory_that_they_take() -> None:
    fake = FakeAppCodes()
    size = 5000

    for number in range(100):
        fake.handle(Request("GET", fake.url(), [(f"h{number}", str(index)) for index in range(size)]))

    assert len(fake.exchanges) * size * 100 < MOST_BYTES
    assert fake.dropped_exchanges + len(fake.exchanges) == 100


def test_violations_come_in_the_order_of_the_requests_and_name_their_exchange(
    wire: Wire,
) -> None:
    wire.list("limit=0")
    wire.generate()
    wire.send("PUT", wire.fake.url())

    violations = wire.fake.violations

    assert [violation.clause for violation in violations] == [
        "list/limit/minimum",
        "header/x-auth-token",
    ]
    assert [violation.exchange for violation in violations] == [
        wire.fake.exchanges[0],
        wire.fake.exchanges[2],
    ]


def test_no_repr_shows_a_credential(wire: Wire) -> None:
    wire.generate()
    wire.list()
    wire.send("PUT", wire.fake.url(), body=wire.fake.app_codes()[0].app_code.encode())
    fake = wire.fake

    shown = "".join(
        map(
            repr,
            [
                fake,
                fake.exchanges,
                fake.violations,
                fake.app_codes(),
                fake.seed(2),
                vars(fake)["_exchanges"],
                vars(fake)["_service"],
                vars(fake)["_values"],
                fake.exchanges[0].request,
                fake.exchanges[0].response,
            ],
        )
    )

    assert len(fake.secrets()) == 4
    assert [secret for secret in fake.secrets() if secret in shown] == []


def test_secrets_are_the_tokens_known_the_tokens_sent_and_the_app_codes(
    wire: Wire,
) -> None:
    wire.fake.add_token("second", forbidden=True)
    made = wire.generate().json()["app_code"]
    wire.send("GET", wire.fake.url(), headers={"Authorization": "signature of something"})
    wire.list(token="third")

    assert wire.fake.secrets() == {
        wire.fake.token,
        "second",
        "third",
        "signature of something",
        made,
    }
