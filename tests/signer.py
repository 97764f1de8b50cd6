"""Requests signed by the vendor SDK's own signer."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer

from appcode_contract import Request


def signed(
    key: tuple[str, str], url: str, method: str = "GET", *, age: float = 0, body: bytes = b"", **headers: str
) -> Request:
    """Sign a request with an access key and its secret, as if it were so many seconds ago."""
    parts = urlsplit(url)
    when = datetime.fromtimestamp(time.time() - age, UTC).strftime("%Y%m%dT%H%M%SZ")
    request = SdkRequest(
        method=method,
        schema=parts.scheme,
        host=parts.netloc,
        resource_path=parts.path,
        query_params=parse_qsl(parts.query, keep_blank_values=True),
        header_params={"X-Sdk-Date": when, **{name.replace("_", "-"): value for name, value in headers.items()}},
        body=body,
    )
    made = Signer(BasicCredentials(*key, "p")).sign(request)
    return Request(method, url, tuple(made.header_params.items()), body)
