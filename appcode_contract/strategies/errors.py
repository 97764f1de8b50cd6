"""Bodies of refused requests, as both pages describe them (G T4-T8, L T6-T10)."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from hypothesis import strategies as st

from appcode_contract.strategies.arguments import check_choice, check_text
from appcode_contract.strategies.records import ids
from appcode_contract.strategies.scenarios import ERROR_CODES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypothesis.strategies import DrawFn, SearchStrategy

_NAMED: Final = ("app_id", "offset", "limit")
# As the examples have it, and in the vendor's own language: texts are for people.
_TEXTS: Final[Mapping[int, tuple[str, str]]] = MappingProxyType(
    {
        400: (
            "Invalid parameter value,parameterName:{subject}. Please refer to the support documentation",
            "参数值不合法: {subject}",
        ),
        401: ("Incorrect token or token resolution failed", "令牌有误"),
        403: ("No permissions to request this method", "没有权限"),
        404: ("App {subject} does not exist", "应用 {subject} 不存在"),
        500: ("System error", "系统错误"),
    }
)


def error_bodies(
    status: int | None = None, *, app_id: str | None = None, parameter: str | None = None
) -> SearchStrategy[dict[str, str]]:
    """Generate bodies of refusals (G T4-T8, L T6-T10), with the codes of the examples and in two languages.

    Args:
        status: 400, 401, 403, 404 or 500; any of them when left out.
        app_id: The app that a 404 names; any when left out.
        parameter: The parameter that a 400 names; ``app_id``, ``offset`` or ``limit`` when left out.

    Returns:
        A strategy of dicts with ``error_code`` and ``error_msg``. Shrinks towards 400 and the text of the examples.

    Raises:
        InvalidArgument: The status is no documented one of a refusal, and the message lists them; or another argument
            is no text.
    """
    check_status("error_bodies", status)
    check_text("error_bodies", "app_id", app_id)
    check_text("error_bodies", "parameter", parameter)
    return refusals(status, app_id=app_id, parameter=parameter)


def check_status(strategy: str, status: int | None) -> None:
    """Refuse a status that is no documented one of a refusal.

    Args:
        strategy: Whose argument it is, for the message.
        status: The status, or None for any.

    Raises:
        InvalidArgument: It is another one.
    """
    if status is not None:
        check_choice(strategy, "status", status, ERROR_CODES, "error/body")


def refusals(
    status: int | None = None, *, app_id: str | None = None, parameter: str | None = None
) -> SearchStrategy[dict[str, str]]:
    """Generate what ``error_bodies`` does, of arguments that were checked.

    Args:
        status: See ``error_bodies``.
        app_id: See ``error_bodies``.
        parameter: See ``error_bodies``.

    Returns:
        A strategy of dicts.
    """
    statuses = tuple(ERROR_CODES) if status is None else (status,)
    subjects = {
        400: st.sampled_from(_NAMED) if parameter is None else st.just(parameter),
        404: ids() if app_id is None else st.just(app_id),
    }
    return st.one_of(*(_body(each, subjects.get(each, st.just(""))) for each in statuses))


# Hypothesis shows what a composite strategy gives as it is, and not the call that made it.
@st.composite
def _body(draw: DrawFn, status: int, subjects: SearchStrategy[str]) -> dict[str, str]:
    template = draw(st.sampled_from(_TEXTS[status]))
    return _filled(status, template, draw(subjects))


def simplest_refusal(status: int, subject: str) -> dict[str, str]:
    """Give the body that those of a status shrink to.

    Args:
        status: A documented status of a refusal.
        subject: The parameter that a 400 names, or the app that a 404 does.

    Returns:
        The body.
    """
    return _filled(status, _TEXTS[status][0], subject)


def _filled(status: int, template: str, subject: str) -> dict[str, str]:
    return {"error_code": ERROR_CODES[status], "error_msg": template.format(subject=subject)}
