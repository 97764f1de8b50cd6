"""A client over the vendor's SDK, as its users write it: the SDK sends, reads and raises, and nothing mends it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.http.http_config import HttpConfig
from huaweicloudsdkroma.v2 import CreateAppCodeAutoV2Request, ListAppCodesV2Request, RomaClient

from tests.broken_clients.client import LONGEST_PAGE, TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from appcode_contract.client_contract import Endpoint

ACCESS_KEY: Final = "made-up-access-key"
SECRET_KEY: Final = "made-up-secret-key"

DEVIATIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "test_no_repr_of_a_result_shows_a_credential": (
            "its models write all their fields in repr and str, app_code too"
        ),
        "test_a_redirect_is_no_success": (
            "it follows no redirect, and gives a model with every field None for a status of 307"
        ),
        "test_no_other_status_is_a_success": ("it gives a model with every field None for a status of 202 and of 302"),
        "test_half_a_body_is_no_success": (
            "it gives a model with every field None for a body that is empty or no JSON"
        ),
        "test_a_body_of_another_type_is_no_success": (
            "it gives a model with every field None for JSON that is no object, for {} and for HTML"
        ),
        "test_a_generate_without_its_app_code_is_no_success": ("it gives a model whose app_code is None"),
        "test_a_page_without_its_list_is_no_success": (
            "it gives a model whose app_codes is None, or what was answered in their place"
        ),
        "test_a_connection_that_ends_is_an_error": (
            "it takes half a head for a whole one, as the requests library does, and the body for empty"
        ),
    }
)
"""What the SDK (3.1.219) does otherwise, by the name of the test that shows it."""


class SdkClient:
    """The two operations through the SDK, which signs its requests; the token is a header of each of them."""

    page_size: ClassVar[int] = LONGEST_PAGE

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._client = (
            RomaClient.new_builder()
            .with_credentials(BasicCredentials(ACCESS_KEY, SECRET_KEY, endpoint.project_id))
            .with_endpoint(endpoint.base_url)
            .with_http_config(HttpConfig(timeout=TIMEOUT))
            .build()
        )

    def generate(self, app_id: str) -> Any:  # noqa: ANN401 - the SDK is untyped
        request = CreateAppCodeAutoV2Request(instance_id=self._endpoint.instance_id, app_id=app_id)
        return self._invoke(self._client.create_app_code_auto_v2_invoker(request))

    def list_page(self, app_id: str, offset: int | None = None, limit: int | None = None) -> Any:  # noqa: ANN401 - the SDK is untyped
        request = ListAppCodesV2Request(
            instance_id=self._endpoint.instance_id, app_id=app_id, offset=offset, limit=limit
        )
        return self._invoke(self._client.list_app_codes_v2_invoker(request))

    def list_all(self, app_id: str) -> list[Any]:
        seen: dict[str, Any] = {}
        offset, at_first = 0, None
        while True:
            page = self.list_page(app_id, offset, self.page_size)
            at_first = page.total if at_first is None else at_first
            before = len(seen)
            for item in page.app_codes:
                seen.setdefault(item.id, item)
            offset += len(page.app_codes)
            if len(seen) == before or offset >= page.total or len(seen) >= at_first:
                return list(seen.values())

    def close(self) -> None:
        """Close what the SDK leaves open: its session and the threads that sign."""
        self._client.close()
        self._client.get_http_client().executor.shutdown()

    def _invoke(self, invoker: Any) -> Any:  # noqa: ANN401 - the SDK is untyped
        return invoker.add_header("X-Auth-Token", self._endpoint.token).invoke()
