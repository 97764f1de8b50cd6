"""What Hypothesis calls as soon as it is imported, so that ``st.from_type`` knows our types.

Hypothesis finds ``register`` through its entry point. Until it is called nothing of Hypothesis is imported here, and
until a strategy is asked for none of ours.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from appcode_contract.behavior import Behavior
from appcode_contract.messages import AppCodeRecord, Exchange, Request, Response

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

# Without the strategies a dataclass would be drawn field by field, with any text for an AppCode.
_STRATEGIES: Final[tuple[tuple[type, str], ...]] = (
    (AppCodeRecord, "app_code_records"),
    (Behavior, "behaviors"),
    (Exchange, "exchanges"),
    (Request, "requests"),
    (Response, "responses"),
)


def register() -> None:
    """Tell Hypothesis how to make our types."""
    from hypothesis.strategies import register_type_strategy  # noqa: PLC0415 - not before Hypothesis calls

    for each, name in _STRATEGIES:
        register_type_strategy(each, _Later(name))


class _Later:
    """A strategy by its name, imported when it is asked for.

    Args:
        name: Its name in ``appcode_contract.strategies``.
    """

    def __init__(self, name: str) -> None:
        """Remember the name."""
        self._name = name

    def __call__(self, asked_for: object) -> SearchStrategy[object]:
        """Give the strategy, as Hypothesis asks for the type."""
        del asked_for
        strategy: SearchStrategy[object] = getattr(import_module("appcode_contract.strategies"), self._name)()
        return strategy
