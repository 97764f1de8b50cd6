"""Client and model side by side, driven by Hypothesis."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from appcode_contract.client_contract.calls import MisfitError
from appcode_contract.client_contract.compare import same_time
from appcode_contract.client_contract.topics import judges

if TYPE_CHECKING:
    from collections.abc import Sequence

    from appcode_contract.client_contract.bench import Bench
    from appcode_contract.client_contract.calls import Outcome
    from appcode_contract.client_contract.shapes import Record
    from appcode_contract.messages import AppCodeRecord
    from appcode_contract.stand_in import Snapshot

_EXAMPLES: Final = 15
_STEPS: Final = 10
_LONGEST: Final = 300
_LARGEST_LIMIT: Final = 500


class _OwnLimitError(Exception):
    """The client asked for another limit than the one out of range that it was given, and gave what came."""


class _Given(NamedTuple):
    """A record as the machine reads it; a time that the client rounded is the server's again."""

    app_code: str
    id: str
    app_id: str
    create_time: str

    def __repr__(self) -> str:
        """Show the id alone."""
        return f"<AppCode {self.id}>"


class _GivenPage(NamedTuple):
    total: int
    size: int
    app_codes: Sequence[_Given]


class _Blocking:
    """The client as the machine calls it: each call has a deadline, and what it raises is raised again."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    def generate(self, app_id: str) -> _Given:
        made = _seen(self._bench, self._attempt("generate", app_id))
        return self._given([made], app_id)[0]

    def list_page(self, app_id: str, offset: int | None = None, limit: int | None = None) -> _GivenPage:
        allowed = (offset or 0) >= 0 and limit in {None, *range(1, _LARGEST_LIMIT + 1)}
        page = _seen(self._bench, self._attempt("list_page", app_id, offset, limit, patient=allowed))
        if limit is not None and limit not in range(1, _LARGEST_LIMIT + 1):
            self._expect_answered(page.records, limit)
        return _GivenPage(page.total, page.size, self._given(page.records, app_id))

    def _attempt(
        self,
        operation: str,
        app_id: str,
        offset: int | None = None,
        limit: int | None = None,
        *,
        patient: bool = True,
    ) -> Outcome:
        """Make a call, and again if the client sends nothing for a while after many errors."""
        bench = self._bench
        judged = operation == "generate"  # the machine asks for pages that are out of range, too
        outcome = bench.attempt(operation, app_id, offset, limit, judged=judged)
        if patient and outcome.error is not None and not bench.sent and bench.recovers(operation):
            outcome = bench.attempt(operation, app_id, offset, limit, judged=judged)
        return outcome

    def _given(self, records: Sequence[Record], app_id: str) -> list[_Given]:
        try:
            kept = self._bench.fake.app_codes(app_id)
        except LookupError:  # there is no such app: the machine says what is wrong with a success
            kept = ()
        known = {each.id: each for each in kept}
        return [_Given(*each[:3], _time(each, known.get(each.id))) for each in records]

    def _expect_answered(self, records: Sequence[Record], limit: int) -> None:
        """Leave a client that puts a limit right by itself its choice: what was answered to that is right."""
        last = self._bench.sent[-1] if self._bench.sent else None
        if last is None or last.response is None or f"limit={limit}" in last.request.query.split("&"):
            return
        if [each["id"] for each in last.response.json()["app_codes"]] == [each.id for each in records]:
            raise _OwnLimitError


def _seen(bench: Bench, outcome: Outcome) -> Any:  # noqa: ANN401 - what was read
    if outcome.error is not None:
        raise outcome.error
    if isinstance(outcome.wrong, MisfitError):
        bench.misfit(str(outcome.wrong))
    if outcome.wrong is not None:
        bench.fail("an RFC 3339 text or an aware datetime", str(outcome.wrong), outcome.wrong.clause)
    return outcome.seen


def _time(record: Record, answered: AppCodeRecord | None) -> str:
    if answered is not None and same_time(answered.create_time, record.created):
        return answered.create_time
    return record.created.isoformat()


def _beginning(snapshot: Snapshot, seed: int) -> Snapshot:
    """Give a beginning whose values are this seed's: no id comes twice, and a run that is repeated is the same."""
    last = snapshot.state.values[1] if snapshot.state.values else 0
    return replace(snapshot, state=replace(snapshot.state, values=(random.Random(seed).getstate(), last)))  # noqa: S311 - made up


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
                bench.fake.restore(_beginning(beginning, self.seed))
                self.app_id = bench.fake.add_app()
                return _Blocking(bench)

            def describe_error(self, error: Exception) -> tuple[int | None, str | None]:
                # What the client refuses by itself tells nothing of the server, whatever status it names.
                return bench.told(error)[:2] if bench.sent and not isinstance(error, _OwnLimitError) else (None, None)

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
    if isinstance(error, ExceptionGroup):  # a client that fails once, and not when the same calls are made again
        error = error.exceptions[0]
    clause, colon, told = str(error).partition(": ") if isinstance(error, AssertionError) else ("", "", "")
    if not colon:
        bench.fail("client and model to agree", f"the client raised {bench.text_of(error)}")
    expected, _, actual = told.partition(" Instead: ")
    steps = [line.strip() for note in getattr(error, "__notes__", ()) for line in note.splitlines() if "state." in line]
    after = f" After: {' '.join(steps)}" if steps else ""
    bench.fail(expected, bench.hide(actual)[:_LONGEST] + bench.hide(after)[:_LONGEST], clause)
