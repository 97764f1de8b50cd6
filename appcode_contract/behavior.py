"""Where the documentation is silent: one field per choice that a server may make.

The first choice of each is the default of the fake. Conformance accepts every choice.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal, get_args, get_type_hints


@dataclass(frozen=True, slots=True, kw_only=True)
class Behavior:
    """One reading of the pages, complete.

    Attributes:
        out_of_range_limit: A limit of 0, -1 or 501 is refused (400, APIG.2012), or taken as 20 below 1 and as 500
            above 500.
        list_order: Which AppCode comes first.
        app_code_alphabet: Whether AppCodes hold digits after the first character. The prose of the pages has no
            digits, their examples have.
        app_code_length: 64 to 180 characters at random, always 64, or always 180.
        create_time_precision: Nine fractional digits on generate and none on list, or the same on both.
        create_time_zone: Written with ``Z``, or with ``+08:00``.
        extra_fields: Whether every object holds a field that the tables do not name.
        error_texts: error_msg as in the examples, or in another language.
        content_type: ``application/json``, or the same with ``;charset=UTF-8``.

    Raises:
        ValueError: A value that is none of the choices; the message lists them.
    """

    out_of_range_limit: Literal["reject", "clamp"] = "reject"
    list_order: Literal["newest_first", "oldest_first"] = "newest_first"
    app_code_alphabet: Literal["with_digits", "letters_only"] = "with_digits"
    app_code_length: Literal["random", "shortest", "longest"] = "random"
    create_time_precision: Literal["as_documented", "seconds", "milliseconds"] = "as_documented"
    create_time_zone: Literal["utc", "offset"] = "utc"
    extra_fields: Literal["absent", "present"] = "absent"
    error_texts: Literal["documented", "translated"] = "documented"
    content_type: Literal["plain", "charset"] = "plain"

    def __post_init__(self) -> None:
        """Refuse what is no choice."""
        for name, choices in choices_by_field().items():
            value = getattr(self, name)
            if value not in choices:
                msg = f"Behavior {name}={value!r} is unknown; the choices are {', '.join(choices)}"
                raise ValueError(msg)


def choices_by_field() -> dict[str, tuple[str, ...]]:
    """List the choices of each field of ``Behavior``.

    Returns:
        The choices by field name, the default first.
    """
    hints = get_type_hints(Behavior)
    return {field.name: get_args(hints[field.name]) for field in fields(Behavior)}
