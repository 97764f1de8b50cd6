"""What arguments strategies take, and how they say no: with the documented bound and the clause that sets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis.errors import InvalidArgument

if TYPE_CHECKING:
    from collections.abc import Iterable


def check_choice(strategy: str, name: str, value: object, choices: Iterable[object], clause: str) -> None:
    """Refuse what is none of the choices.

    Args:
        strategy: The strategy's name.
        name: The argument's name.
        value: What was given.
        choices: What may be given.
        clause: The clause, or the field of ``Behavior``, that has these choices.

    Raises:
        InvalidArgument: The value is no choice.
    """
    listed = tuple(choices)
    # A list is never a choice, and True is not the integer 1.
    if not any(type(value) is type(choice) and value == choice for choice in listed):
        msg = f"{strategy}({name}={value!r}): the choices are {', '.join(map(str, listed))} ({clause})"
        raise InvalidArgument(msg)


def check_integer(strategy: str, name: str, value: object, allowed: range, bound: str) -> None:
    """Refuse what is no integer of a range.

    Args:
        strategy: The strategy's name.
        name: The argument's name.
        value: What was given.
        allowed: The integers that may be given.
        bound: The documented bound in words, with its clause.

    Raises:
        InvalidArgument: The value is another one, or no integer; ``True`` is none.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        msg = f"{strategy}({name}={value!r}): it must be an integer; {bound}"
        raise InvalidArgument(msg)
    if value not in allowed:
        msg = f"{strategy}({name}={value!r}): {bound}"
        raise InvalidArgument(msg)


def check_text(strategy: str, name: str, value: object) -> None:
    """Refuse what is no text that a URL and a body can carry.

    Args:
        strategy: The strategy's name.
        name: The argument's name.
        value: What was given; None is left out.

    Raises:
        InvalidArgument: The value is no string, is empty, or holds half of a surrogate pair.
    """
    if value is None:
        return
    if not isinstance(value, str) or not value:
        msg = f"{strategy}({name}={value!r}): it must be a string that is not empty"
        raise InvalidArgument(msg)
    if any("\ud800" <= character <= "\udfff" for character in value):
        msg = f"{strategy}({name}={value!a}): it must be text that UTF-8 can encode, without a lone surrogate"
        raise InvalidArgument(msg)
