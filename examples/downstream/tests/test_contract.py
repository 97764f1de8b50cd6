"""The client keeps the contract: sends, reads, pages, fails, does no harm, keeps secrets."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar

from appcode_client import AppCodeClient

from appcode_contract.client_contract import AppCodeClientContract

if TYPE_CHECKING:
    from collections.abc import Mapping

    from appcode_contract.client_contract import Endpoint


class Adapter(AppCodeClient):
    """The client, with pages as the suite calls them."""

    def list_page(self, app_id: str, *, offset: int | None = None, limit: int | None = None) -> Any:  # noqa: ANN401 - whatever has these names
        """Give the page with its size."""
        given = {name: value for name, value in (("offset", offset), ("limit", limit)) if value is not None}
        page = super().list_page(app_id, **given)
        return SimpleNamespace(total=page.total, size=len(page.app_codes), app_codes=page.app_codes)


class TestAppCodeClient(AppCodeClientContract):
    """Runs every test of the suite over the client."""

    cannot: ClassVar[Mapping[str, str]] = {
        "test_200_is_a_success_of_a_generate_too": "the client insists on 201, as the page says"
    }

    def make_client(self, endpoint: Endpoint) -> Adapter:
        """Connect to the suite's server, with a timeout that suits it."""
        return Adapter(
            endpoint.base_url,
            project_id=endpoint.project_id,
            instance_id=endpoint.instance_id,
            token=endpoint.token,
            timeout=(0.5, 0.5),
        )
