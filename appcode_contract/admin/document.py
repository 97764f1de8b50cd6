"""The OpenAPI document of the admin API, made of its routes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from appcode_contract.admin.routes import ROUTES
from appcode_contract.revisions import REVISIONS

if TYPE_CHECKING:
    from appcode_contract.admin.routes import Route

_ERROR = {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}


def document(prefix: str, *, protected: bool) -> dict[str, Any]:
    """Describe the admin API.

    Args:
        prefix: What precedes every path.
        protected: Whether a bearer token is demanded.

    Returns:
        An OpenAPI 3.1 document.
    """
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(prefix + route.path, {})[route.method.lower()] = _operation(route)
    described: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "Admin API of the AppCode mock server", "version": REVISIONS["G"]},
        "paths": paths,
    }
    if protected:
        described["components"] = {"securitySchemes": {"admin": {"type": "http", "scheme": "bearer"}}}
        described["security"] = [{"admin": []}]
    return described


def _operation(route: Route) -> dict[str, Any]:
    name = route.path.strip("/").replace("-", "_")
    operation: dict[str, Any] = {
        "operationId": f"{route.method.lower()}_{name}",
        "summary": route.summary,
        "responses": {
            str(route.status): {"description": "Done."} | _content(route.answer),
            "default": {"description": "Refused; says what would be right."} | _content(_ERROR),
        },
    }
    if route.body is not None:
        operation["requestBody"] = {"required": True, **_content(route.body)}
    if route.query:
        operation["parameters"] = [
            {"name": parameter, "in": "query", "required": False, "schema": schema}
            for parameter, schema in route.query.items()
        ]
    return operation


def _content(schema: Any) -> dict[str, Any]:  # noqa: ANN401 - a JSON Schema or None
    return {} if schema is None else {"content": {"application/json": {"schema": schema}}}
