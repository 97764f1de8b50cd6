"""The documented error answers as the fake gives them (G ex, L ex)."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class ErrorKind:
    """An error answer.

    Attributes:
        status: The status code.
        code: The value of error_code.
        documented: The template of error_msg as the examples have it.
        translated: The template in another language, with the same subject.
    """

    status: int
    code: str
    documented: str
    translated: str

    def text(self, language: Literal["documented", "translated"], subject: str) -> str:
        """Fill the template.

        Args:
            language: Which template.
            subject: The parameter's name or the app's id.

        Returns:
            The value of error_msg.
        """
        template = self.documented if language == "documented" else self.translated
        return template.format(subject=subject)


INVALID_PARAMETER: Final = ErrorKind(
    400,
    "APIG.2012",
    "Invalid parameter value,parameterName:{subject}. Please refer to the support documentation",
    "参数值不合法: {subject}",
)
BAD_TOKEN: Final = ErrorKind(401, "APIG.1002", "Incorrect token or token resolution failed", "令牌有误")
FORBIDDEN: Final = ErrorKind(403, "APIG.1005", "No permissions to request this method", "没有权限")
UNKNOWN_APP: Final = ErrorKind(404, "APIG.3004", "App {subject} does not exist", "应用 {subject} 不存在")
SYSTEM_ERROR: Final = ErrorKind(500, "APIG.9999", "System error", "系统错误")
# The pages do not say what another path or another method gets; this is the fake's own choice.
UNKNOWN_PATH: Final = ErrorKind(404, "APIG.0101", "The API does not exist", "接口不存在")
WRONG_METHOD: Final = ErrorKind(405, "APIG.0101", "The API has no method {subject}", "接口没有方法 {subject}")
TOO_LARGE: Final = ErrorKind(413, "APIG.0201", "The body has more than 1 MiB", "请求体超过 1 MiB")
# Nor what a server says to an app that has its quota of AppCodes, or to too many requests.
QUOTA_REACHED: Final = ErrorKind(400, "APIG.3310", "The app has its quota of AppCodes", "应用的 AppCode 数量已达上限")
TOO_MANY_REQUESTS: Final = ErrorKind(429, "APIG.0308", "Too many requests", "请求过多")

BY_STATUS: Final[Mapping[int, ErrorKind]] = MappingProxyType(
    {kind.status: kind for kind in (INVALID_PARAMETER, BAD_TOKEN, FORBIDDEN, UNKNOWN_APP, SYSTEM_ERROR)}
)
"""The documented errors by status code."""
