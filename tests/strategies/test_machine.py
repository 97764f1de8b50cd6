"""The state machine, driving a right client and clients with one defect each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from appcode_contract import Behavior, FakeAppCodes, Request
from appcode_contract.strategies import AppCodeMachine

if TYPE_CHECKING:
    from collections.abc import Callable

bounded = settings(
    derandomize=True,
    max_examples=40,
    stateful_step_count=12,
    database=None,
    deadline=None,
    phases=[Phase.generate],
)


class RefusedError(Exception):
    """What the clients of these tests raise."""

    def __init__(self, status: int, error_code: str, error_msg: str) -> None:
        super().__init__(status, error_code)
        self.status, self.error_code, self.error_msg = status, error_code, error_msg


@dataclass
class Page:
    """What list_page returns."""

    total: int
    size: int
    app_codes: list[Any]


class Client:
    """A right client, of a fake without a network between."""

    def __init__(self, fake: FakeAppCodes) -> None:
        self.fake = fake

    def send(self, method: str, app_id: str, query: str = "") -> Any:  # noqa: ANN401 - any JSON value
        url = self.fake.url(app_id) + (f"?{query}" if query else "")
        response = self.fake.handle(Request(method, url, {"X-Auth-Token": self.fake.token}))
        if response.status >= 400:
            raise RefusedError(response.status, **response.json())
        return response.json()

    def generate(self, app_id: str) -> Any:  # noqa: ANN401 - any JSON value
        return self.send("PUT", app_id)

    def list_page(self, app_id: str, offset: int | None = None, limit: int | None = None) -> Any:  # noqa: ANN401 - a page
        given = {"offset": offset, "limit": limit}
        query = "&".join(f"{name}={value}" for name, value in given.items() if value is not None)
        return Page(**self.send("GET", app_id, query))


def machine_of(make: Callable[[FakeAppCodes], Any], behavior: Behavior | None = None) -> type[AppCodeMachine]:
    class Machine(AppCodeMachine):
        def make_client(self) -> Any:  # noqa: ANN401 - any client
            fake = FakeAppCodes(seed=self.seed, behavior=behavior)
            self.app_id = fake.app_id
            return make(fake)

    return Machine


@pytest.mark.parametrize(
    "behavior",
    [
        Behavior(),
        Behavior(
            out_of_range_limit="clamp",
            list_order="oldest_first",
            create_time_precision="milliseconds",
            create_time_zone="offset",
            app_code_alphabet="letters_only",
        ),
    ],
    ids=["default", "other"],
)
def test_a_right_client_passes(behavior: Behavior) -> None:
    run_state_machine_as_test(machine_of(Client, behavior), settings=bounded)


class WithDatetimes(Client):
    """A client whose times are aware datetimes."""

    def generate(self, app_id: str) -> Any:  # noqa: ANN401 - any JSON value
        made = super().generate(app_id)
        return made | {"create_time": datetime.fromisoformat(made["create_time"])}


def test_a_client_may_give_aware_datetimes() -> None:
    run_state_machine_as_test(machine_of(WithDatetimes), settings=bounded)


class GeneratesTwice(Client):
    def generate(self, app_id: str) -> Any:  # noqa: ANN401 - any JSON value
        super().generate(app_id)
        return super().generate(app_id)


class RemembersTheFirst(Client):
    first: Any = None

    def generate(self, app_id: str) -> Any:  # noqa: ANN401 - any JSON value
        self.first = self.first or super().generate(app_id)
        return self.first


class CutsAppCodes(Client):
    def generate(self, app_id: str) -> Any:  # noqa: ANN401 - any JSON value
        made = super().generate(app_id)
        return made | {"app_code": made["app_code"][:40]}


class AddsANewline(Client):
    def generate(self, app_id: str) -> Any:  # noqa: ANN401 - any JSON value
        made = super().generate(app_id)
        return made | {"app_code": made["app_code"][:-1] + "\n"}


class DecodesPlus(Client):
    def list_page(self, app_id: str, offset: int | None = None, limit: int | None = None) -> Any:  # noqa: ANN401 - a page
        page = super().list_page(app_id, offset, limit)
        items = [
            item | {"app_code": item["app_code"][:1] + item["app_code"][1:].replace("+", "A")}
            for item in page.app_codes
        ]
        return replace(page, app_codes=items)


class IgnoresTheOffset(Client):
    def list_page(self, app_id: str, offset: int | None = None, limit: int | None = None) -> Any:  # noqa: ANN401 - a page
        del offset
        return super().list_page(app_id, None, limit)


class IgnoresTheLimit(Client):
    def list_page(self, app_id: str, offset: int | None = None, limit: int | None = None) -> Any:  # noqa: ANN401 - a page
        del limit
        return super().list_page(app_id, offset, None)


class CountsItemsAsTotal(Client):
    def list_page(self, app_id: str, offset: int | None = None, limit: int | None = None) -> Any:  # noqa: ANN401 - a page
        page = super().list_page(app_id, offset, limit)
        return replace(page, total=page.size)


class SortsByAppCode(Client):
    def list_page(self, app_id: str, offset: int | None = None, limit: int | None = None) -> Any:  # noqa: ANN401 - a page
        page = super().list_page(app_id, offset, limit)
        return replace(page, app_codes=sorted(page.app_codes, key=lambda item: str(item["app_code"])))


class SwallowsErrors(Client):
    def list_page(self, app_id: str, offset: int | None = None, limit: int | None = None) -> Any:  # noqa: ANN401 - a page
        try:
            return super().list_page(app_id, offset, limit)
        except RefusedError:
            return Page(0, 0, [])


class ReportsAnotherStatus(Client):
    def send(self, method: str, app_id: str, query: str = "") -> Any:  # noqa: ANN401 - any JSON value
        try:
            return super().send(method, app_id, query)
        except RefusedError as error:
            raise RefusedError(500, error.error_code, error.error_msg) from None


class ReportsAnotherCode(Client):
    def send(self, method: str, app_id: str, query: str = "") -> Any:  # noqa: ANN401 - any JSON value
        try:
            return super().send(method, app_id, query)
        except RefusedError as error:
            raise RefusedError(error.status, "APIG.9999", error.error_msg) from None


class FailsOnErrors(Client):
    def send(self, method: str, app_id: str, query: str = "") -> Any:  # noqa: ANN401 - any JSON value
        try:
            return super().send(method, app_id, query)
        except RefusedError as error:
            raise KeyError(error.status) from None


class FailsOnInvalidQueries(Client):
    def send(self, method: str, app_id: str, query: str = "") -> Any:  # noqa: ANN401 - any JSON value
        try:
            return super().send(method, app_id, query)
        except RefusedError as error:
            if error.status == 404:
                raise
            raise KeyError(error.status) from None


class ServerRefusesNegativeOffsets(Client):
    """Not the client's defect, but what it shows of a server's."""

    def list_page(self, app_id: str, offset: int | None = None, limit: int | None = None) -> Any:  # noqa: ANN401 - a page
        if offset is not None and offset < 0:
            raise RefusedError(400, "APIG.2012", "offset")
        return super().list_page(app_id, offset, limit)


class StripsEqualsSigns(Client):
    def list_page(self, app_id: str, offset: int | None = None, limit: int | None = None) -> Any:  # noqa: ANN401 - a page
        page = super().list_page(app_id, offset, limit)
        return replace(page, app_codes=[item | {"app_code": item["app_code"].rstrip("=")} for item in page.app_codes])


class StripsPlusAndSlash(Client):
    def list_page(self, app_id: str, offset: int | None = None, limit: int | None = None) -> Any:  # noqa: ANN401 - a page
        page = super().list_page(app_id, offset, limit)
        return replace(page, app_codes=[item | {"app_code": item["app_code"].lstrip("+/")} for item in page.app_codes])


class CapsThePageAtAHundred(Client):
    def list_page(self, app_id: str, offset: int | None = None, limit: int | None = None) -> Any:  # noqa: ANN401 - a page
        return super().list_page(app_id, offset, 100 if limit == 500 else limit)


class LosesTheZone(Client):
    def generate(self, app_id: str) -> Any:  # noqa: ANN401 - any JSON value
        made = super().generate(app_id)
        return made | {"create_time": made["create_time"].rstrip("Z")}


class LosesTheId(Client):
    def generate(self, app_id: str) -> Any:  # noqa: ANN401 - any JSON value
        made = super().generate(app_id)
        del made["id"]
        return made


class TextForSize(Client):
    def list_page(self, app_id: str, offset: int | None = None, limit: int | None = None) -> Any:  # noqa: ANN401 - a page
        page = super().list_page(app_id, offset, limit)
        return replace(page, size=str(page.size))


class NothingForEmpty(Client):
    def list_page(self, app_id: str, offset: int | None = None, limit: int | None = None) -> Any:  # noqa: ANN401 - a page
        page = super().list_page(app_id, offset, limit)
        return replace(page, app_codes=page.app_codes or None)


DEFECTS: dict[type[Client], str] = {
    GeneratesTwice: "list/total",
    RemembersTheFirst: "generate/random",
    CutsAppCodes: "generate/app-code/length",
    AddsANewline: "generate/app-code/alphabet",
    DecodesPlus: "generate/listed",
    IgnoresTheOffset: "list/",
    IgnoresTheLimit: "list/limit/page",
    CountsItemsAsTotal: "list/total",
    SortsByAppCode: "list/paging",
    SwallowsErrors: "error/404/code|list/total",
    ReportsAnotherStatus: "error/40[04]/code",
    ReportsAnotherCode: "error/40[04]/code",
    FailsOnErrors: "KeyError tells no status",
    FailsOnInvalidQueries: "(error/400/code|list/offset/negative): .* KeyError tells no status: override describe",
    ServerRefusesNegativeOffsets: "list/offset/negative: .* refused with status 400",
    StripsEqualsSigns: "generate/listed",
    StripsPlusAndSlash: "generate/listed|list/app-codes/item",
    LosesTheZone: "generate/create-time/format",
    LosesTheId: "generate/id",
    TextForSize: "list/size",
    NothingForEmpty: "list/app-codes",
}


@pytest.mark.parametrize(("defective", "clause"), DEFECTS.items(), ids=[each.__name__ for each in DEFECTS])
def test_a_defect_is_found_and_named_by_its_clause_without_an_app_code(
    defective: type[Client], clause: str, capsys: pytest.CaptureFixture[str]
) -> None:
    codes: set[str] = set()

    def make(fake: FakeAppCodes) -> Client:
        codes.update(record.app_code for record in fake.seed(3))
        fake.reset()
        return defective(fake)

    with pytest.raises(AssertionError, match=clause) as caught:
        run_state_machine_as_test(machine_of(make), settings=bounded)

    shown = str(caught.value) + "".join(getattr(caught.value, "__notes__", ())) + capsys.readouterr().out
    assert codes
    assert not [code for code in codes if code in shown]


def test_a_page_that_is_capped_at_a_hundred_is_found_in_the_default_number_of_examples() -> None:
    usual = settings(bounded, max_examples=100, stateful_step_count=50)

    with pytest.raises(AssertionError, match="list/limit/page"):
        run_state_machine_as_test(machine_of(CapsThePageAtAHundred), settings=usual)


def test_a_run_makes_no_more_than_fifty_app_codes_on_average() -> None:
    fakes: list[FakeAppCodes] = []

    def make(fake: FakeAppCodes) -> Client:
        fakes.append(fake)
        return Client(fake)

    run_state_machine_as_test(machine_of(make), settings=settings(bounded, max_examples=100, stateful_step_count=50))

    assert sum(len(fake.app_codes()) for fake in fakes) <= 50 * len(fakes)
