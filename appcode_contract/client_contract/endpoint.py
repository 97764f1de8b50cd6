"""Where a client under test finds its server."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What a client needs to reach an app.

    Attributes:
        base_url: Scheme, host and port, without a slash at the end.
        project_id: The project.
        instance_id: The instance.
        app_id: An app that exists and has no AppCodes at the beginning of a test.
        token: The value of X-Auth-Token. A credential; neither ``repr`` nor a comparison shows it.
    """

    base_url: str
    project_id: str
    instance_id: str
    app_id: str
    token: str = field(repr=False, compare=False)
