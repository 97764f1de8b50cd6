"""A small client for the AppCodes of ROMA Connect apps."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote

import requests

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST_PAGE = 500
CONNECT_AND_READ_SECONDS = (3.05, 30.0)


@dataclass(frozen=True, slots=True)
class AppCode:
    """A credential of an app; ``repr`` does not show it.

    Attributes:
        app_code: The credential.
        id: Its identifier.
        app_id: The app it belongs to.
        create_time: When it was made, to the microsecond where the server tells.
    """

    app_code: str = field(repr=False)
    id: str
    app_id: str
    create_time: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list.

    Attributes:
        total: How many AppCodes the app has.
        app_codes: Those on this page.
    """

    total: int
    app_codes: tuple[AppCode, ...]


class AppCodeError(Exception):
    """An answer that is no success.

    Attributes:
        status: The HTTP status.
        error_code: The code for programs, empty when the answer has none.
        error_msg: The text for people, empty when the answer has none.
    """

    def __init__(self, status: int, error_code: str = "", error_msg: str = "") -> None:
        """Keep what the server told."""
        super().__init__(f"{status} {error_code} {error_msg}".strip())
        self.status = status
        self.error_code = error_code
        self.error_msg = error_msg


class AppCodeClient:
    """The two operations for one instance, usable as a context manager.

    Nothing is ever sent twice: each generate makes another AppCode, and none can be deleted. Redirects are not
    followed, since they would carry the token to another host.

    Args:
        base_url: Scheme, host and port.
        project_id: The project of the instance.
        instance_id: The instance.
        token: The value of X-Auth-Token.
        timeout: Seconds to wait for a connection and for an answer.
    """

    def __init__(
        self,
        base_url: str,
        *,
        project_id: str,
        instance_id: str,
        token: str,
        timeout: tuple[float, float] = CONNECT_AND_READ_SECONDS,
    ) -> None:
        """Open a session; nothing is sent yet."""
        self._apps = f"{base_url.rstrip('/')}/v2/{_segment(project_id)}/apic/instances/{_segment(instance_id)}/apps"
        self._timeout = timeout
        self._session = requests.Session()
        self._session.headers.update({"X-Auth-Token": token, "Accept": "application/json"})

    def __enter__(self) -> Self:
        """Give the client itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self.close()

    def __repr__(self) -> str:
        """Show the instance and no token."""
        return f"<AppCodeClient of {self._apps}>"

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def generate(self, app_id: str) -> AppCode:
        """Make an AppCode.

        Args:
            app_id: The app that gets it.

        Returns:
            The new AppCode.

        Raises:
            AppCodeError: The server refused, or its answer cannot be read.
            requests.RequestException: There was no answer. The AppCode may have been made; look before trying again.
        """
        return _record(self._call("PUT", app_id, 201))

    def list_page(self, app_id: str, *, offset: int = 0, limit: int = 20) -> Page:
        """Read one page of an app's AppCodes.

        Args:
            app_id: The app.
            offset: How many to leave out before the page.
            limit: How many at most, 1 to 500.

        Returns:
            The page, empty past the end.

        Raises:
            AppCodeError: The server refused, or its answer cannot be read.
            requests.RequestException: There was no answer.
        """
        answer = self._call("GET", app_id, 200, {"offset": offset, "limit": limit})
        try:
            return Page(answer["total"], tuple(_record(item) for item in answer["app_codes"]))
        except (KeyError, TypeError):
            raise AppCodeError(200, error_msg="the answer is no page of AppCodes") from None

    def list_all(self, app_id: str, *, page_size: int = LARGEST_PAGE) -> Iterator[AppCode]:
        """Read all AppCodes of an app, page after page.

        Args:
            app_id: The app.
            page_size: How many to ask for at once, 1 to 500.

        Yields:
            Each AppCode once, even when others are made meanwhile.
        """
        seen: set[str] = set()
        offset = 0
        while (page := self.list_page(app_id, offset=offset, limit=page_size)).app_codes:
            yield from (record for record in page.app_codes if record.id not in seen)
            seen.update(record.id for record in page.app_codes)
            offset += len(page.app_codes)
            if offset >= page.total:
                return

    def _call(self, method: str, app_id: str, success: int, query: dict[str, int] | None = None) -> Any:  # noqa: ANN401 - any JSON value
        response = self._session.request(
            method,
            f"{self._apps}/{_segment(app_id)}/app-codes",
            params=query,
            timeout=self._timeout,
            allow_redirects=False,
        )
        try:
            answer = response.json()
        except ValueError:
            raise AppCodeError(response.status_code, error_msg="the answer is not JSON") from None
        if response.status_code != success:
            told = answer if isinstance(answer, dict) else {}
            raise AppCodeError(response.status_code, str(told.get("error_code", "")), str(told.get("error_msg", "")))
        return answer


def _segment(identifier: str) -> str:
    if not identifier:
        msg = "an id is empty"
        raise ValueError(msg)
    return quote(identifier, safe="")


def _record(item: Any) -> AppCode:  # noqa: ANN401 - any JSON value
    try:
        # fromisoformat reads any number of fractional digits; strptime's %f stops at six.
        create_time = datetime.fromisoformat(item["create_time"])
        return AppCode(item["app_code"], item["id"], item["app_id"], create_time)
    except (KeyError, TypeError, ValueError):
        raise AppCodeError(200, error_msg="the answer is no AppCode") from None
