"""The clients of a test: made by the test class, checked, and closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from appcode_contract.client_contract.calls import Call, MisfitError, place_of, words_of
from appcode_contract.client_contract.shapes import NEEDED, check_adapter

if TYPE_CHECKING:
    from collections.abc import Callable

    from appcode_contract.client_contract.calls import Outcome
    from appcode_contract.client_contract.contract import AppCodeClientContract
    from appcode_contract.client_contract.endpoint import Endpoint


class Clients:
    """What ``make_client`` made, the newest in front.

    Args:
        contract: The test class.
        run: Makes a call with a deadline.
    """

    def __init__(self, contract: AppCodeClientContract, run: Callable[[Call], Outcome]) -> None:
        """Begin without a client."""
        self._contract = contract
        self._run = run
        self._made: list[Outcome] = []

    def make(self, endpoint: Endpoint, *, aside: bool = False) -> Outcome:
        """Make a client, and use it from now on.

        Args:
            endpoint: What it is given.
            aside: Whether to go on with the one that is used now.

        Returns:
            How that ended.
        """
        # Looked up within the call: a property may raise, too.
        outcome = self._run(Call("make_client", lambda: self._contract.make_client(endpoint), free=True))
        self._made.insert(len(self._made) if aside else 0, outcome)
        return outcome

    def newest(self) -> Any:  # noqa: ANN401 - an adapter of any type
        """Give the client that is used.

        Returns:
            An adapter whose methods can be called.

        Raises:
            MisfitError: It was not made, or is not what is needed.
        """
        made = self._made[0]
        name = f"{type(self._contract).__name__}.make_client()"
        if made.late:
            msg = f"{name} did not return within {self._contract.deadline:g} seconds; {NEEDED}"
            raise MisfitError(msg)
        if isinstance(made.error, MisfitError):
            raise made.error
        if made.error is not None:
            msg = f"{name} raised {words_of(made.error)}{place_of(made.error)}; {NEEDED}"
            raise MisfitError(msg)
        check_adapter(made.value, has_list_all=self._contract.has_list_all)
        return made.value

    def close(self) -> None:
        """Close them all.

        Raises:
            MisfitError: One could not be closed, or not in time.
        """
        made, self._made = self._made, []
        for client in [each.value for each in made if each.value is not None]:
            closed = self._run(Call("close_client", self._contract.close_client, (client,), free=True))
            if closed.late:
                msg = f"close_client() did not return within {self._contract.deadline:g} seconds"
                raise MisfitError(msg)
            if closed.error is not None:
                msg = f"close_client() raised {words_of(closed.error)}{place_of(closed.error)}"
                raise MisfitError(msg)
