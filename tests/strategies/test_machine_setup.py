"""What the state machine says to who has set it up wrongly, and what a subclass may choose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from hypothesis import Phase
from hypothesis.stateful import run_state_machine_as_test

from appcode_contract import FakeAppCodes
from appcode_contract.strategies import AppCodeMachine
from tests.strategies.test_machine import (
    Client,
    FailsOnErrors,
    FailsOnInvalidQueries,
    RefusedError,
    bounded,
    machine_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def run(machine: type[AppCodeMachine]) -> None:
    run_state_machine_as_test(machine, settings=bounded)


def test_a_machine_without_a_client_says_what_to_provide() -> None:
    with pytest.raises(NotImplementedError, match=r"AppCodeMachine needs make_client\(\)"):
        run(AppCodeMachine)


def test_a_client_without_a_method_is_told_which() -> None:
    with pytest.raises(
        TypeError, match=r"an? object, has no method generate; it needs generate\(app_id\) and list_page"
    ):
        run(machine_of(lambda _: object()))


class NamesTheOffsetStart(Client):
    def list_page(self, app_id: str, start: int | None = None, limit: int | None = None) -> Any:  # noqa: ANN401 - the defect
        return super().list_page(app_id, start, limit)


class AsksForMore(Client):
    def generate(self, app_id: str, name: str) -> Any:  # type: ignore[override] # noqa: ANN401 - the defect
        del name
        return super().generate(app_id)


@pytest.mark.parametrize(
    ("client", "told"),
    [
        (NamesTheOffsetStart, r"list_page\(app_id: .*start.* NamesTheOffsetStart: .*'offset'; it needs .*list_page\("),
        (AsksForMore, r"generate\(app_id: .* AsksForMore: missing a required argument: 'name'; it needs generate\("),
    ],
)
def test_a_method_that_cannot_be_called_so_is_told_before_any_request(client: type[Client], told: str) -> None:
    fakes: list[FakeAppCodes] = []

    def make(fake: FakeAppCodes) -> Client:
        fakes.append(fake)
        return client(fake)

    with pytest.raises(TypeError, match=told):
        run(machine_of(make))

    assert not [exchange for fake in fakes for exchange in fake.exchanges]


class WithBuiltins:
    """A client whose methods tell no signature."""

    generate = getattr
    list_page = getattr


def test_a_method_without_a_signature_is_called_all_the_same() -> None:
    with pytest.raises(TypeError, match="getattr"):
        run(machine_of(lambda _: WithBuiltins()))


def test_a_client_without_an_app_is_told_so() -> None:
    class Machine(AppCodeMachine):
        def make_client(self) -> Any:  # noqa: ANN401 - any client
            return Client(FakeAppCodes(seed=self.seed))

    with pytest.raises(TypeError, match=r"make_client\(\) must set self\.app_id to an app that exists"):
        run(Machine)


def test_an_app_that_does_not_exist_is_told_in_one_failure() -> None:
    class Machine(AppCodeMachine):
        def make_client(self) -> Any:  # noqa: ANN401 - any client
            self.app_id = "no-such-app"
            return Client(FakeAppCodes(seed=self.seed))

    with pytest.raises(RefusedError, match="404") as caught:
        run(Machine)

    assert (
        "Raised by the first list_page('no-such-app'). Machine.make_client() must set self.app_id "
        "to an app that exists and has no AppCodes."
    ) in caught.value.__notes__


def test_an_app_that_has_app_codes_already_is_told_in_one_failure() -> None:
    class Machine(AppCodeMachine):
        def make_client(self) -> Any:  # noqa: ANN401 - any client
            fake = FakeAppCodes(seed=self.seed)
            fake.seed(1)
            self.app_id = fake.app_id
            return Client(fake)

    with pytest.raises(
        ValueError, match=r"has AppCodes at the beginning; Machine\.make_client\(\) must set self\.app_id"
    ):
        run(Machine)


def describing(client: type[Client], describe: Callable[[Exception], Any]) -> type[AppCodeMachine]:
    class Machine(machine_of(client)):  # type: ignore[misc] # made by a function
        def describe_error(self, error: Exception) -> Any:  # noqa: ANN401 - what a user may get wrong
            return describe(error)

    return Machine


def test_the_errors_of_any_client_can_be_described() -> None:
    run(describing(FailsOnErrors, lambda error: (error.args[0], None)))


def test_a_described_status_must_be_that_of_the_refusal() -> None:
    with pytest.raises(AssertionError, match=r"error/400/code.*the client reports status 404"):
        run(describing(FailsOnErrors, lambda _: (404, None)))


@pytest.mark.parametrize(
    ("described", "returned"),
    [
        (("400", None), r"\(str, NoneType\)"),
        ((404, 3004), r"\(int, int\)"),
        ((True, None), r"\(bool, NoneType\)"),
        (404, "int"),
        (None, "NoneType"),
        ((400, "APIG.2012", "limit"), r"\(int, str, str\)"),
    ],
    ids=str,
)
def test_a_wrong_description_is_told_what_it_must_be_and_what_it_was(described: object, returned: str) -> None:
    wanted = r"describe_error\(\) must return \(status, error_code\): an int and a str, None for what .* not tell; "

    with pytest.raises(TypeError, match=rf"{wanted}it returned {returned}\n"):
        run(describing(Client, lambda _: described))


def test_a_description_that_fails_names_both_errors() -> None:
    with pytest.raises(
        TypeError, match=r"describe_error\(\) raised AttributeError when it was given RefusedError"
    ) as caught:
        run(describing(Client, lambda error: (error.response.status_code, None)))  # type: ignore[attr-defined] # the defect

    assert isinstance(caught.value.__cause__, AttributeError)


class ChecksItsArguments(Client):
    """A client that sends nothing that is out of range."""

    def list_page(self, app_id: str, offset: int | None = None, limit: int | None = None) -> Any:  # noqa: ANN401 - a page
        if (offset or 0) < 0 or (limit is not None and not 1 <= limit <= 500):
            raise ValueError(offset, limit)
        return super().list_page(app_id, offset, limit)


def checking(client: type[Client]) -> type[AppCodeMachine]:
    class Machine(machine_of(client)):  # type: ignore[misc] # made by a function
        checks_arguments: ClassVar[bool] = True

    return Machine


def test_a_client_may_check_its_arguments_when_the_machine_is_told_so() -> None:
    run(checking(ChecksItsArguments))


def test_a_client_that_checks_its_arguments_untold_is_shown_the_attribute() -> None:
    with pytest.raises(
        AssertionError, match=r"ValueError tells no status: .*; set checks_arguments = True if the client"
    ):
        run(machine_of(ChecksItsArguments))


def test_a_client_that_checks_its_arguments_still_tells_the_status_of_an_unknown_app() -> None:
    with pytest.raises(
        AssertionError, match=r"error/404/code: .* KeyError tells no status: override describe_error.* the error\n"
    ):
        run(checking(FailsOnErrors))


def test_the_error_of_the_client_itself_is_shown_beside_the_verdict() -> None:
    with pytest.raises(AssertionError, match="KeyError tells no status") as caught:
        run(machine_of(FailsOnInvalidQueries))

    assert isinstance(caught.value.__context__, KeyError)


def test_every_run_has_a_seed_of_its_own() -> None:
    seeds: set[int] = set()

    class Machine(machine_of(Client)):  # type: ignore[misc] # made by a function
        def make_client(self) -> Any:  # noqa: ANN401 - any client
            seeds.add(self.seed)
            return super().make_client()

    run(Machine)

    assert len(seeds) > 5


def test_a_test_case_explains_no_lines_and_keeps_its_other_settings() -> None:
    chosen = machine_of(Client).TestCase.settings

    assert Phase.explain not in chosen.phases
    assert {Phase.generate, Phase.shrink} <= set(chosen.phases)
    assert chosen.deadline is None
