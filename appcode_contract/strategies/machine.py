"""A client and a plain list side by side: whatever the client says must be what the list says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple, Protocol

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from appcode_contract.strategies.reading import Seen, fail, read_page, read_record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_CODES: Final = {400: "APIG.2012", 404: "APIG.3004"}
_DEFAULT_LIMIT: Final = 20
_LARGEST_LIMIT: Final = 500
_LONGEST_BURST: Final = 25
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
    status: int
    offset: int | None = None
    limit: int | None = None
    unknown_app: bool = False
    served_as: tuple[int, int] | None = None


_MISUSES: Final[Mapping[str, _Misuse]] = {
    "limit is 0": _Misuse(400, limit=0, served_as=(0, _DEFAULT_LIMIT)),
    "limit is -1": _Misuse(400, limit=-1, served_as=(0, _DEFAULT_LIMIT)),
    "limit is 501": _Misuse(400, limit=501, served_as=(0, _LARGEST_LIMIT)),
    "offset is -1": _Misuse(400, offset=-1, served_as=(0, _DEFAULT_LIMIT)),
    "the app is unknown": _Misuse(404, unknown_app=True),
}


class AppCodeMachine(RuleBasedStateMachine):
    """A Hypothesis state machine that drives a client and a plain list together.

    Subclass it, give ``make_client``, and let pytest collect the ``TestCase``::

        class MyMachine(AppCodeMachine):
            def make_client(self):
                self.app_id = ...          # an app without AppCodes
                return MyClient(...)       # generate(app_id), list_page(app_id, offset, limit)

        TestMyClient = MyMachine.TestCase

    ``make_client`` is called at the beginning of each run and sets ``app_id``. The order of the list is the server's
    choice, newest or oldest first, and the machine holds it to the first one that it can tell. A limit out of range may
    be refused or served as 20 or 500; a negative offset is served from 0, or refused by the client itself. ``teardown``
    is Hypothesis' own: override it to close what ``make_client`` opened.

    Attributes:
        client: What ``make_client`` returned.
        app_id: An app that has no AppCodes at the beginning.
        unknown_app_id: An app that does not exist.
        model: What was generated, oldest first. Hypothesis never prints it.
    """

    unknown_app_id: ClassVar[str] = "00000000000000000000000000000404"

    def __init__(self) -> None:
        """Make a client, and begin with an empty list."""
        super().__init__()
        self.app_id = ""
        self.model: list[Seen] = []
        self._orders = ["newest first", "oldest first"]
        self.client = self._ready(self.make_client())

    def make_client(self) -> AppCodeClient:
        """Set ``app_id`` and give the client under test; a subclass must.

        Returns:
            A client of an app without AppCodes.

        Raises:
            NotImplementedError: A subclass did not.
        """
        msg = f"{type(self).__name__} needs make_client(): set self.app_id and return a client"
        raise NotImplementedError(msg)

    def describe_error(self, error: Exception) -> tuple[int | None, str | None, str | None]:
        """Read what an exception of the client says of the refusal.

        Args:
            error: What the client raised.

        Returns:
            Status, error_code and error_msg; None for each that it does not tell. Only a client that refuses a limit
            or an offset by itself tells no status. By default its attributes of those names.
        """
        status, code, text = (getattr(error, name, None) for name in ("status", "error_code", "error_msg"))
        return status, code, text

    def _ready(self, client: AppCodeClient) -> AppCodeClient:
        for name in ("generate", "list_page"):
            if not callable(getattr(client, name, None)):
                msg = (
                    f"the client of {type(self).__name__} has no method {name}; "
                    "it needs generate(app_id) and list_page(app_id, offset=None, limit=None)"
                )
                raise TypeError(msg)
        if not self.app_id:
            msg = f"{type(self).__name__}.make_client() must set self.app_id to an app without AppCodes"
            raise TypeError(msg)
        return client

    @rule(times=st.integers(1, _LONGEST_BURST))
    def generate(self, times: int) -> None:
        """Generate AppCodes: each is well-formed and differs from every one before."""
        for _ in range(times):
            made = read_record(self.client.generate(self.app_id), "generate")
            if made.app_id != self.app_id:
                fail("generate/app-id/echo", f"app_id is {made.app_id!r}, asked for {self.app_id!r}")
            if any(made.app_code == known.app_code or made.id == known.id for known in self.model):
                fail("generate/random", "an id or an AppCode that was there before")
            self.model.append(made)

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
            fail(f"error/{misuse.status}/code", "the client raised no error")
        else:
            self._compare(answer, *misuse.served_as)

    def _judge(self, misuse: _Misuse, error: Exception) -> None:
        """Hold what the client tells of a refusal to what was answered; a client may refuse a limit by itself."""
        clause = f"error/{misuse.status}/code"
        status, code, _ = self.describe_error(error)
        if status is None and misuse.unknown_app:
            fail(clause, f"{type(error).__name__} tells no status, which describe_error() must read from it")
        if status not in {None, misuse.status}:
            fail(clause, f"the client reports status {status}")
        if status is not None and code not in {None, _CODES[misuse.status]}:
            fail(clause, f"the client reports error_code {code!r}")

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
