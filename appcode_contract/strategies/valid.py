"""What the contract allows: AppCodes, and queries of the list operation as strings of the wire."""

from __future__ import annotations

import string
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from appcode_contract.strategies.arguments import check_choice, check_integer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypothesis.strategies import DrawFn, SearchStrategy

SHORTEST: Final = 64
"""Characters of the shortest AppCode (G T3)."""
LONGEST: Final = 180
"""Characters of the longest AppCode (G T3)."""
FIRST_CHARACTERS: Final = string.ascii_uppercase + string.ascii_lowercase + "+/"
"""What an AppCode may begin with (G T3), the simplest first."""
_LETTERS_ONLY: Final = FIRST_CHARACTERS + "_!@#$%="
ALPHABETS: Final[Mapping[str, str]] = MappingProxyType(
    {"with_digits": _LETTERS_ONLY + string.digits, "letters_only": _LETTERS_ONLY}
)
"""What may follow: with digits as in the examples (G ex, L ex), or as the prose alone has it (G T3)."""
SMALLEST_LONG: Final = -(2**63)
"""The smallest offset (L T2: a 64-bit integer)."""
LARGEST_LONG: Final = 2**63 - 1
"""The largest offset (L T2: a 64-bit integer)."""
SMALLEST_LIMIT: Final = 1
"""The smallest limit (L T2)."""
LARGEST_LIMIT: Final = 500
"""The largest limit (L T2)."""

# The simplest first, and the negative ones together: failing examples shrink towards the front, not past what passes.
_OFFSETS_OF_NOTE: Final = (0, 1, 20, 500, 2**31 - 1, 2**31, LARGEST_LONG, -1, -(2**31) - 1, SMALLEST_LONG)
_LIMITS_OF_NOTE: Final = (1, 2, 20, 499, 500)


def app_codes(
    alphabet: Literal["with_digits", "letters_only"] = "with_digits",
    *,
    min_size: int = SHORTEST,
    max_size: int = LONGEST,
) -> SearchStrategy[str]:
    """Generate AppCodes that keep the rule (G T3).

    Both ends of the length come up often. Examples shrink to the shortest AppCode, made of ``A`` alone.

    Args:
        alphabet: ``with_digits`` has digits after the first character, ``letters_only`` has none.
        min_size: The least number of characters, at least 64.
        max_size: The greatest number of characters, at most 180.

    Returns:
        A strategy of strings.

    Raises:
        InvalidArgument: An argument outside these; the message names the documented bound.
    """
    check_choice("app_codes", "alphabet", alphabet, ALPHABETS, "generate/app-code/alphabet")
    sizes = range(SHORTEST, LONGEST + 1)
    for name, size in (("min_size", min_size), ("max_size", max_size)):
        bound = f"an AppCode has {SHORTEST} to {LONGEST} characters (generate/app-code/length)"
        check_integer("app_codes", name, size, sizes, bound)
    if min_size > max_size:
        msg = f"app_codes(min_size={min_size}, max_size={max_size}): min_size must not be above max_size"
        raise InvalidArgument(msg)
    later = ALPHABETS[alphabet]
    return st.one_of(
        _begun(FIRST_CHARACTERS, later, min_size, max_size),
        _begun(FIRST_CHARACTERS, later, min_size, min_size),
        _begun(FIRST_CHARACTERS, later, max_size, max_size),
    )


def _begun(first: str, later: str, min_size: int, max_size: int) -> SearchStrategy[str]:
    # Bytes are drawn and shrunk faster than characters; each stands for a character, the lowest for the simplest.
    table = bytes(ord(later[byte % len(later)]) for byte in range(256))
    rest = st.binary(min_size=min_size - 1, max_size=max_size - 1)
    return _joined(st.sampled_from(first), rest, table)


# Hypothesis shows what a composite strategy gives as it is, and not the call that made it.
@st.composite
def _joined(draw: DrawFn, starts: SearchStrategy[str], rest: SearchStrategy[bytes], table: bytes) -> str:
    return draw(starts) + draw(rest).translate(table).decode()


def characters_begun_with(first: str, *, min_size: int, max_size: int) -> SearchStrategy[str]:
    """Generate strings of the AppCode alphabet, digits included, whatever their beginning and length.

    Args:
        first: The choices for the first character, the simplest first.
        min_size: The least number of characters, at least 1.
        max_size: The greatest number of characters.

    Returns:
        A strategy of strings.
    """
    return _begun(first, ALPHABETS["with_digits"], min_size, max_size)


def list_queries() -> SearchStrategy[dict[str, str]]:
    """Generate queries of the list operation that the contract allows (L T2).

    Either parameter may be absent. Both ends of limit come up often, and so do negative offsets, those above 32 bits
    and both ends of 64 bits. Integers are written the one way that nobody disputes: no leading zero, no plus sign.

    Returns:
        A strategy of parameters by name, each value a decoded string of the wire.
    """
    # Each parameter is absent by a choice of its own, so that either can be left out when a failing example shrinks.
    return _present({"offset": st.none() | offset_texts(), "limit": st.none() | limit_texts()})


@st.composite
def _present(draw: DrawFn, parameters: Mapping[str, SearchStrategy[str | None]]) -> dict[str, str]:
    drawn = {name: draw(texts) for name, texts in parameters.items()}
    return {name: text for name, text in drawn.items() if text is not None}


def offset_texts() -> SearchStrategy[str]:
    """Generate valid offsets as the wire carries them (L T2).

    Returns:
        A strategy of decimal strings from -2**63 to 2**63 - 1.
    """
    anywhere = st.integers(SMALLEST_LONG, LARGEST_LONG)
    return st.one_of(st.sampled_from(_OFFSETS_OF_NOTE), st.integers(0, 1000), anywhere).map(str)


def limit_texts() -> SearchStrategy[str]:
    """Generate valid limits as the wire carries them (L T2).

    Returns:
        A strategy of decimal strings from 1 to 500.
    """
    return st.one_of(st.integers(SMALLEST_LIMIT, LARGEST_LIMIT), st.sampled_from(_LIMITS_OF_NOTE)).map(str)
