"""The server under test, and what a run may do to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT_MAX_GENERATE: Final = 5
DEFAULT_TIMEOUT: Final = 10.0
DEFAULT_DEADLINE: Final = 120.0
_LONGEST_TIMEOUT: Final = 3600
_LONGEST_DEADLINE: Final = 86_400
_HIGHEST_RATE: Final = 1000
_IDS: Final = ("project_id", "instance_id", "app_id")


class TargetError(ValueError):
    """A target that cannot be: the message says which part, and what would be right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A server under test.

    Attributes:
        url: Where it is: scheme, host, port, and what precedes ``/v2`` if anything.
        project_id: The project of the app.
        instance_id: The instance of the app.
        app_id: An app that exists.
        token: A token that may generate and list. A credential.
        forbidden_token: A token that is valid but may do neither; None leaves 403 out. A credential.
        max_generate: How many requests to generate may be sent, at least 0. What they make stays on the server.
        read_only: Send no request to generate at all.
        seed: Repeats the made-up ids, tokens and queries of a run.
        timeout: Seconds to wait for an answer, more than 0, at most 3600.
        deadline: Seconds for the whole run, more than 0, at most 86400.
        rate: Requests a second that are sent at most, more than 0, at most 1000; None for as many as go.
        ca_bundle: A file or folder of certificates to trust; None for those of the system or the environment.
        insecure: Verify no certificate.

    Raises:
        TargetError: A part is malformed.
    """

    url: str
    project_id: str
    instance_id: str
    app_id: str
    token: str = field(repr=False)
    forbidden_token: str | None = field(default=None, repr=False)
    max_generate: int = DEFAULT_MAX_GENERATE
    read_only: bool = False
    seed: int = 0
    timeout: float = DEFAULT_TIMEOUT
    deadline: float = DEFAULT_DEADLINE
    rate: float | None = None
    ca_bundle: Path | None = None
    insecure: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        _check_url(self.url)
        for name in _IDS:
            if not getattr(self, name).strip() or not getattr(self, name).isprintable():
                msg = f"{name} is empty or has characters that cannot be printed; it is part of every path"
                raise TargetError(msg)
        for name in ("token", "forbidden_token"):
            _check_token(name, getattr(self, name))
        if self.max_generate < 0:
            msg = f"max_generate is {self.max_generate}; it must be at least 0"
            raise TargetError(msg)
        if self.forbidden_token == self.token:
            msg = "forbidden_token is the token itself; it must be another one, which may do neither"
            raise TargetError(msg)
        _check_number("timeout", self.timeout, _LONGEST_TIMEOUT, "of seconds ")
        _check_number("deadline", self.deadline, _LONGEST_DEADLINE, "of seconds ")
        if self.rate is not None:
            _check_number("rate", self.rate, _HIGHEST_RATE, "")

    @property
    def base_path(self) -> str:
        """What precedes ``/v2``, without a slash at the end."""
        return urlsplit(self.url).path.rstrip("/")

    def app_url(self, app_id: str | None = None) -> str:
        """Give the URL of both operations.

        Args:
            app_id: An app; the target's own when left out.

        Returns:
            The absolute URL, percent-encoded.
        """
        return self.url_of(self.project_id, self.instance_id, app_id or self.app_id)

    def url_of(self, project_id: str, instance_id: str, app_id: str) -> str:
        """Give the URL of both operations for any ids, also for empty ones.

        Args:
            project_id: The project.
            instance_id: The instance.
            app_id: The app.

        Returns:
            The absolute URL, percent-encoded.
        """
        project, instance, app = (quote(part, safe="") for part in (project_id, instance_id, app_id))
        return f"{self.url.rstrip('/')}/v2/{project}/apic/instances/{instance}/apps/{app}/app-codes"

    @property
    def generates(self) -> int:
        """How many requests to generate the run may send."""
        return 0 if self.read_only else self.max_generate


def _check_url(url: str) -> None:
    example = "it must be scheme, host and port, and what precedes /v2 if anything, as in https://roma.example or http://127.0.0.1:8080"
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        (parts.hostname or "").encode("idna")
    except ValueError:
        usable = False
    if not usable or any(character.isspace() for character in url):
        msg = f"the URL is malformed; {example}"
        raise TargetError(msg)
    if parts.username is not None or parts.query or parts.fragment:
        msg = f"the URL has a user, a query or a fragment; {example}"
        raise TargetError(msg)
    if "/v2/" in parts.path + "/":
        msg = f"the URL already holds the path of the API; {example}, and the ids go into their options"
        raise TargetError(msg)


def _check_number(name: str, value: float, highest: int, unit: str) -> None:
    if not 0 < value <= highest:
        msg = f"{name} is {value:g}; it must be a number {unit}above 0, at most {highest}"
        raise TargetError(msg)


def _check_token(name: str, token: str | None) -> None:
    if token is None:
        return
    if not token or not token.isascii() or not token.isprintable() or token != token.strip():
        msg = f"{name} must be at least one printable ASCII character, without blanks at its ends"
        raise TargetError(msg)
