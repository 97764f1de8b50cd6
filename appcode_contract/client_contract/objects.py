"""What objects tell of themselves: by ``repr``, ``str`` and ``format``, and what they hold."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from appcode_contract.client_contract.calls import MisfitError, words_of
from appcode_contract.client_contract.jitter import is_own

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLAIN: Final = (str, bytes, int, float, Mapping, list, tuple, set, frozenset)
_SHOWS: Final[Mapping[str, Callable[[object], str]]] = {"repr()": repr, "str()": str, "format()": "{}".format}
_BY_DEFAULT: Final = ("__repr__", "__str__", "__format__")
_LEVELS: Final = 3


def told_by(value: object) -> list[str]:
    """Give every text that an object tells of itself.

    Args:
        value: The object.

    Returns:
        The texts.

    Raises:
        MisfitError: It raised an exception in place of one.
    """
    texts = []
    for name, show in _SHOWS.items():
        try:
            texts.append(show(value))
        except Exception as error:  # noqa: BLE001 - somebody else's code
            msg = f"{name} of a {type(value).__name__} raised {words_of(error)}"
            raise MisfitError(msg) from None
    return texts


def inside(client: object, own: tuple[str, ...]) -> list[object]:
    """Give a client, and the objects in it that tell of themselves.

    Args:
        client: The adapter.
        own: Where files begin that are the client's, though they are installed.

    Returns:
        It, and what it holds, down to the third level. Of what a library holds nothing is looked at.
    """
    found, level = [client], [client]
    for depth in range(_LEVELS):
        held = [each for holder in level if depth == 0 or _is_own(holder, own) for each in _attributes(holder)]
        level = [each for each in held if not isinstance(each, _PLAIN) and not callable(each)]
        level = [each for number, each in enumerate(level) if not _is_among(each, [*found, *level[:number]])]
        found += level
    return [client, *(each for each in found[1:] if _tells_of_itself(each))]


def _attributes(holder: object) -> Iterator[Any]:
    yield from getattr(holder, "__dict__", {}).values()
    for kind in type(holder).__mro__:
        slots = vars(kind).get("__slots__", ())
        for name in [slots] if isinstance(slots, str) else slots:
            mangled = f"_{kind.__name__.lstrip('_')}{name}" if name.startswith("__") and name[-2:] != "__" else name
            if name not in {"__dict__", "__weakref__"}:
                yield getattr(holder, mangled, None)


def _is_own(holder: object, own: tuple[str, ...]) -> bool:
    """Say whether an object's class is the client's own, and neither Python's nor an installed package's."""
    file = getattr(sys.modules.get(type(holder).__module__), "__file__", None)
    return file is not None and is_own(file, own)


def _is_among(value: object, others: list[object]) -> bool:
    return any(value is each for each in others)


def _tells_of_itself(value: object) -> bool:
    return any(getattr(type(value), name) is not getattr(object, name) for name in _BY_DEFAULT)
