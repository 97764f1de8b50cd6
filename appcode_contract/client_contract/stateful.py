"""Client and model side by side, driven by Hypothesis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from appcode_contract.client_contract.topics import judges

if TYPE_CHECKING:
    from appcode_contract.client_contract.bench import Bench
    from appcode_contract.client_contract.drivers import Outcome

_EXAMPLES: Final = 15
_STEPS: Final = 10
_LONGEST: Final = 300
_AHEAD: Final = 16


class _Blocking:
    """The client as the machine calls it: each call has a deadline, and what it raises is raised again."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    def generate(self, app_id: str) -> Any:  # noqa: ANN401 - what a client returns
        return _value(self._bench.attempt("generate", app_id))

    def list_page(self, app_id: str, offset: int | None = None, limit: int | None = None) -> Any:  # noqa: ANN401 - what a client returns
        # The machine asks for what is out of range, too.
        return _value(self._bench.attempt("list_page", app_id, offset, limit, judged=False))


def _value(outcome: Outcome) -> Any:  # noqa: ANN401 - what a client returns
    if outcome.error is not None:
        raise outcome.error
    return outcome.value


class Stateful:
    """What only a sequence of calls shows."""

    @judges("generate/listed")
    def test_client_and_model_agree_whatever_is_called(self, bench: Bench) -> None:
        """Hypothesis calls the client in any order; what it says is what a plain list says."""
        from hypothesis import HealthCheck, Phase, settings
        from hypothesis.stateful import run_state_machine_as_test

        from appcode_contract.strategies.machine import AppCodeMachine  # noqa: PLC0415 - imports Hypothesis

        beginning = bench.fake.snapshot()

        class Machine(AppCodeMachine):
            checks_arguments = True

            def make_client(self) -> _Blocking:
                bench.fake.restore(beginning)
                bench.fake.seed(self.seed % _AHEAD)  # so that not every run has the same AppCodes
                self.app_id = bench.fake.add_app()
                return _Blocking(bench)

            def describe_error(self, error: Exception) -> tuple[int | None, str | None]:
                return bench.told(error)[:2]

        bounded = settings(
            max_examples=_EXAMPLES,
            stateful_step_count=_STEPS,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],  # a failing run has ten steps at most, and a slow client makes shrinking slow
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        )
        try:
            run_state_machine_as_test(Machine, settings=bounded)
        except Exception as error:  # noqa: BLE001 - what the client raised, or the machine's verdict
            _tell(bench, error)


def _tell(bench: Bench, error: Exception) -> None:
    clause, colon, told = str(error).partition(": ")
    if not isinstance(error, AssertionError) or not colon:
        bench.fail("client and model to agree", f"the client raised {bench.text_of(error)}")
    expected, _, actual = told.partition(" Instead: ")
    steps = [line.strip() for note in getattr(error, "__notes__", ()) for line in note.splitlines() if "state." in line]
    after = f" After: {' '.join(steps)}" if steps else ""
    bench.fail(expected, bench.hide(actual)[:_LONGEST] + bench.hide(after)[:_LONGEST], clause)
