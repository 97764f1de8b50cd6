"""What broken servers answer is judged alike with jsonschema-rs and without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from appcode_contract.messages import Exchange, Request
from tests.broken_servers.defects import DEFECTS
from tests.checks.exchanges import APP_ID, URL
from tests.test_json_schema import jsonschema_alone, judged

if TYPE_CHECKING:
    from tests.broken_servers.service import Service

REQUESTS = [
    ("PUT", ""),
    ("GET", ""),
    ("GET", "?offset=1&limit=2"),
    ("GET", "?limit=500"),
    ("GET", "?limit=0"),
    ("GET", "?limit=501"),
    ("GET", "?offset=-1"),
    ("GET", "?limit=1.5"),
    ("GET", "?offset=9223372036854775807"),
]


def answers_of(service: Service) -> list[Exchange]:
    """Send some requests of each kind, good and bad, and give what is answered."""
    url = service.base_path + URL.replace(APP_ID, service.app_id)
    tokens = (service.token, service.forbidden_token, "wrong")
    requests = [Request(method, url + query, {"X-Auth-Token": tokens[0]}) for method, query in REQUESTS]
    requests += [Request("GET", url, {"X-Auth-Token": token}) for token in tokens[1:]]
    requests += [Request("GET", URL, {"X-Auth-Token": tokens[0]}), Request("PUT", url)]
    return [Exchange(request, service.handle(request)) for request in requests]


def test_each_broken_server_is_judged_alike_with_and_without_jsonschema_rs() -> None:
    exchanges = {name: answers_of(defect.make(seed=1, existing=defect.existing)) for name, defect in DEFECTS.items()}

    together = {name: [*map(judged, each)] for name, each in exchanges.items()}
    with jsonschema_alone():
        alone = {name: [*map(judged, each)] for name, each in exchanges.items()}

    assert [] == [name for name in exchanges if together[name] != alone[name]]
