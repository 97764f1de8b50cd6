"""A client and a plain list side by side: whatever the client says must be what the list says."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple, Protocol

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from appcode_contract.strategies.reading import Seen, fail, read_page, read_record, read_refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_DEFAULT_LIMIT: Final = 20
_LARGEST_LIMIT: Final = 500
# A list of 101 shows a client that caps its pages at 50 or at 100; short ones are faster.
_LENGTHS: Final = (21, 22, 101)
_LARGEST_SEED: Final = 2**16 - 1
_OFFSETS_OF_NOTE: Final = (0, 1, 20, 2**31, 2**63 - 1)
_LIMITS_OF_NOTE: Final = (1, 20, 500)


class AppCodeClient(Protocol):
    """What the machine needs of a client; errors are raised."""

    def generate(self, app_id: str) -> Any:  # noqa: ANN401 - an object with these fields or a mapping
        """Generate an AppCode.

        Args:
            app_id: The app.

        Returns:
            What has ``app_code``, ``id``, ``app_id`` and ``create_time`` (RFC 3339 or an aware datetime), as attributes
            or as keys.
        """
        ...

    def list_page(self, app_id: str, offset: int | None = None, limit: int | None = None) -> Any:  # noqa: ANN401 - the same
        """List one page.

        Args:
            app_id: The app.
            offset: Not sent when None.
            limit: Not sent when None.

        Returns:
            What has ``total``, ``size`` and ``app_codes``, whose items are like what ``generate`` returns.
        """
        ...


class _Misuse(NamedTuple):
    clause: str
    status: int | None  # of the refusal; None where the server must not refuse
    error_code: str | None = None
    offset: int | None = None
    limit: int | None = None
    unknown_app: bool = False
    served_as: tuple[int, int] | None = None  # offset and limit of the page, where a page may come


def _limit(limit: int, served_as: int) -> _Misuse:
    return _Misuse("error/400/code", 400, "APIG.2012", limit=limit, served_as=(0, served_as))


_MISUSES: Final[Mapping[str, _Misuse]] = {
    "limit is 0": _limit(0, _DEFAULT_LIMIT),
    "limit is -1": _limit(-1, _DEFAULT_LIMIT),
    "limit is 501": _limit(501, _LARGEST_LIMIT),
    "offset is -1": _Misuse("list/offset/negative", None, offset=-1, served_as=(0, _DEFAULT_LIMIT)),
    "the app is unknown": _Misuse("error/404/code", 404, "APIG.3004", unknown_app=True),
}

_CALLS: Final[Mapping[str, Sequence[Mapping[str, int]]]] = {
    "generate": ({},),
    "list_page": ({}, {"offset": 0, "limit": 1}),
}


class AppCodeMachine(RuleBasedStateMachine):
    """A Hypothesis state machine that drives a client and a plain list together.

    Subclass it, give ``make_client``, and let pytest collect the ``TestCase``::

        class MyMachine(AppCodeMachine):
            def make_client(self):
                fake = ...                 # anew each time: fake_app_codes(seed=self.seed), for one
                self.app_id = fake.app_id  # an app without AppCodes
                return MyClient(fake)      # generate(app_id), list_page(app_id, offset, limit)

        TestMyClient = MyMachine.TestCase

    ``make_client`` is called at the beginning of each run and sets ``app_id``. The order of the list is the server's
    choice, newest or oldest first, and the machine holds it to the first one that it can tell. A limit out of range may
    be refused or served as 20 or 500; a negative offset is served from 0. ``teardown`` is Hypothesis' own: override it
    to close what ``make_client`` opened.

    Attributes:
        checks_arguments: Set it to True for a client that checks limit and offset itself and refuses them before any
            request. What it raises then needs no status.
        client: What ``make_client`` returned.
        app_id: An app that has no AppCodes at the beginning.
        unknown_app_id: An app that does not exist.
        seed: Drawn by Hypothesis, for the fake of ``make_client``: AppCodes differ from run to run, and are the same
            when a failing run is repeated.
        model: What was generated, oldest first. Hypothesis never prints it.
    """

    checks_arguments: ClassVar[bool] = False
    unknown_app_id: ClassVar[str] = "00000000000000000000000000000404"
    client: AppCodeClient

    def __init_subclass__(cls) -> None:
        """Leave out Hypothesis' phase ``explain``: it takes minutes to point at lines of this module."""
        super().__init_subclass__()
        given = cls.TestCase.settings
        cls.TestCase.settings = settings(given, phases=[phase for phase in given.phases if phase != Phase.explain])

    def __init__(self) -> None:
        """Begin with an empty list; the client comes with ``begin``."""
        super().__init__()
        self.app_id = ""
        self.seed = 0
        self.model: list[Seen] = []
        self._orders = ["newest first", "oldest first"]

    def make_client(self) -> AppCodeClient:
        """Set ``app_id`` and give the client under test; a subclass must.

        Returns:
            A client of an app without AppCodes.

        Raises:
            NotImplementedError: A subclass did not.
        """
        msg = f"{type(self).__name__} needs make_client(): set self.app_id and return a client"
        raise NotImplementedError(msg)

    def describe_error(self, error: Exception) -> tuple[int | None, str | None]:
        """Read what an exception of the client says of the refusal.

        Args:
            error: What the client raised.

        Returns:
            Status and error_code; None for each that it does not tell. By default its attributes of those names.
        """
        return getattr(error, "status", None), getattr(error, "error_code", None)

    @initialize(seed=st.integers(0, _LARGEST_SEED))
    def begin(self, seed: int) -> None:
        """Make a client, of an app without AppCodes."""
        self.seed = seed
        self.client = self.make_client()
        for name, calls in _CALLS.items():
            _require(self.client, name, calls)
        wanted = f"{type(self).__name__}.make_client() must set self.app_id to an app that exists and has no AppCodes"
        if not self.app_id:
            raise TypeError(wanted)
        try:
            answer = self.client.list_page(self.app_id)
        except Exception as error:
            error.add_note(f"Raised by the first list_page({self.app_id!r}). {wanted}.")
            raise
        if read_page(answer).items:
            msg = f"the app {self.app_id!r} has AppCodes at the beginning; {wanted}, each time that it is called"
            raise ValueError(msg)

    @rule(times=st.integers(1, 3))
    def generate(self, times: int) -> None:
        """Generate AppCodes: each is well-formed and differs from every one before."""
        for _ in range(times):
            made = read_record(self.client.generate(self.app_id), "generate")
            if made.app_id != self.app_id:
                fail("generate/app-id/echo", f"app_id is {made.app_id!r}, asked for {self.app_id!r}")
            if any(made.app_code == known.app_code or made.id == known.id for known in self.model):
                fail("generate/random", "an id or an AppCode that was there before")
            self.model.append(made)

    @precondition(lambda self: len(self.model) <= _DEFAULT_LIMIT)
    @rule(length=st.sampled_from(_LENGTHS))
    def generate_up_to(self, length: int) -> None:
        """Generate until there is more than a page, and list it all."""
        self.generate(length - len(self.model))
        self.page(0, _LARGEST_LIMIT)

    @rule()
    def list(self) -> None:
        """List without parameters: the first 20."""
        self._compare(self.client.list_page(self.app_id), 0, _DEFAULT_LIMIT)

    @rule(
        offset=st.one_of(st.sampled_from(_OFFSETS_OF_NOTE), st.integers(0, 60)),
        limit=st.one_of(st.sampled_from(_LIMITS_OF_NOTE), st.integers(1, 60)),
    )
    def page(self, offset: int, limit: int) -> None:
        """List a page anywhere, past the end too."""
        self._compare(self.client.list_page(self.app_id, offset=offset, limit=limit), offset, limit)

    @rule(what=st.sampled_from(tuple(_MISUSES)))
    def misuse(self, what: str) -> None:
        """Ask for what is refused: an error, or where a server may put up with it, the page that it serves then."""
        misuse = _MISUSES[what]
        app_id = self.unknown_app_id if misuse.unknown_app else self.app_id
        self._refused(misuse, lambda: self.client.list_page(app_id, offset=misuse.offset, limit=misuse.limit))
        if misuse.unknown_app:
            self._refused(misuse, lambda: self.client.generate(app_id))

    def _refused(self, misuse: _Misuse, call: Callable[[], Any]) -> None:
        try:
            answer = call()
        except Exception as error:  # noqa: BLE001 - a client raises what it likes
            self._judge(misuse, error)
            return
        if misuse.served_as is None:
            fail(misuse.clause, "the client raised no error")
        else:
            self._compare(answer, *misuse.served_as)

    def _judge(self, misuse: _Misuse, error: Exception) -> None:
        """Hold what the client tells of a refusal to what was answered."""
        status, code = self._told(error)
        if status is None and self.checks_arguments and not misuse.unknown_app:
            return
        if status is None:
            own = "" if misuse.unknown_app else "; set checks_arguments = True if the client itself refuses, unasked"
            fail(
                misuse.clause,
                f"{type(error).__name__} tells no status: override describe_error() to read it from the error{own}",
            )
        if misuse.status is None:
            fail(misuse.clause, f"refused with status {status}")
        if status != misuse.status:
            fail(misuse.clause, f"the client reports status {status}")
        if code not in {None, misuse.error_code}:
            fail(misuse.clause, f"the client reports error_code {code!r}")

    def _told(self, error: Exception) -> tuple[int | None, str | None]:
        try:
            described = self.describe_error(error)
        except Exception as wrong:
            msg = f"describe_error() raised {type(wrong).__name__} when it was given {type(error).__name__}"
            raise TypeError(msg) from wrong
        return read_refusal(described)

    def _compare(self, answer: Any, offset: int, limit: int) -> None:  # noqa: ANN401 - what a client returns
        page = read_page(answer)
        if page.total != len(self.model):
            fail("list/total", f"total is {page.total} after {len(self.model)} were generated")
        expected = {
            "newest first": self.model[::-1][offset : offset + limit],
            "oldest first": self.model[offset : offset + limit],
        }
        size = len(expected["newest first"])
        if page.size != len(page.items):
            fail("list/size", f"size is {page.size}, the page has {len(page.items)} items")
        if len(page.items) != size:
            fail("list/limit/page", f"{len(page.items)} items for offset {offset} and limit {limit}, {size} are there")
        fitting = [order for order in self._orders if page.items == expected[order]]
        if not fitting:
            self._explain(page.items, [expected[order] for order in self._orders])
        self._orders = fitting

    def _explain(self, items: Sequence[Seen], expected: Sequence[Sequence[Seen]]) -> None:
        known = {made.id: made for made in self.model}
        for item in items:
            if item.id not in known:
                fail("list/app-codes/own", f"id {item.id!r} was never generated")
            elif item != known[item.id]:
                wrong = [name for name in Seen._fields if getattr(item, name) != getattr(known[item.id], name)]
                fail("generate/listed", f"{', '.join(wrong)} of id {item.id!r} differs from what was generated")
        fail(
            "list/paging",
            f"ids {[item.id for item in items]}, expected {[[one.id for one in each] for each in expected]}",
        )


def _require(client: object, name: str, calls: Sequence[Mapping[str, int]]) -> None:
    """Refuse a client whose method is missing or cannot be called as the machine calls it."""
    needed = "it needs generate(app_id) and list_page(app_id, offset=None, limit=None)"
    method = getattr(client, name, None)
    if not callable(method):
        msg = f"the client, a {type(client).__name__}, has no method {name}; {needed}"
        raise TypeError(msg)
    try:
        signature = inspect.signature(method)
    except ValueError:  # what is not written in Python may tell none
        return
    for parameters in calls:
        try:
            signature.bind("app_id", **parameters)
        except TypeError as error:
            msg = f"{name}{signature} of the client, a {type(client).__name__}: {error}; {needed}"
            raise TypeError(msg) from None
