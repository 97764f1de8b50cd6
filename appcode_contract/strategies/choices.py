"""Choices where the pages are silent, drawn at random."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from appcode_contract.behavior import Behavior, choices_by_field

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


def behaviors() -> SearchStrategy[Behavior]:
    """Generate complete sets of choices.

    Returns:
        A strategy of behaviors. Shrinks to the default of each field.
    """
    return st.builds(Behavior, **{name: st.sampled_from(choices) for name, choices in choices_by_field().items()})
