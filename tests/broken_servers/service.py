"""A correct server of both operations, written from the pages alone: a second reading beside the fake.

It knows nothing of the package but its messages. Every step is a method of its own, so that a defect is a subclass
of a few lines.
"""

from __future__ import annotations

import json
import random
import re
import string
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote

from appcode_contract.messages import Request, Response
from tests.broken_servers.values import Choices, Record, RefusedError, rfc3339

SPECIAL = "+_!@#$%/="
LONGEST_OFFSET = 2**63 - 1
PATH = re.compile(r"/v2/([^/]+)/apic/instances/([^/]+)/apps/([^/]*)/app-codes")
ERRORS = {
    400: ("APIG.2012", "Parameter {} is not valid", "参数{}无效"),
    401: ("APIG.1002", "The token is missing or wrong", "令牌错误"),
    403: ("APIG.1005", "The token may not do this", "没有权限"),
    404: ("APIG.3004", "There is no app {}", "应用{}不存在"),
    500: ("APIG.9999", "The server failed", "系统错误"),
}


class Service:
    """Answers both operations for two apps of one instance.

    Args:
        seed: Repeats its ids, tokens and AppCodes.
        existing: How many AppCodes the app begins with.
        choices: What it chooses where the pages are silent; the class's own when left out.
    """

    defaults: ClassVar[Choices] = Choices()
    base_path = ""
    generated_status = 201
    listed_status = 200
    default_limit = 20
    largest_limit = 500
    neighbours = 7

    def __init__(self, *, seed: int = 0, existing: int = 0, choices: Choices | None = None) -> None:
        self.choices = choices or self.defaults
        self.random = random.Random(seed)  # noqa: S311 - repeatable on purpose; no credential of anybody
        self.project_id, self.instance_id, self.app_id = self.new_id(), self.new_id(), self.new_hex()
        # The neighbour's id begins alike, as ids of one day do.
        self.other_app_id = self.app_id[:16] + self.new_hex()[16:]
        self.token, self.forbidden_token = "Token-" + self.new_hex(), "Forbidden-" + self.new_hex()
        self.lock = threading.RLock()
        self.count: Counter[str] = Counter()
        self.memory: dict[str, Any] = {}
        self.apps: dict[str, list[Record]] = {self.app_id: [], self.other_app_id: []}
        self.fill(self.other_app_id, self.neighbours)
        self.fill(self.app_id, existing)

    # ---- state

    def fill(self, app_id: str, count: int) -> None:
        """Make AppCodes of the past."""
        moment = datetime(2024, 1, 8, 6, 0, tzinfo=UTC)
        for _ in range(count):
            moment += timedelta(seconds=self.random.randrange(1, 40_000))
            created = int(moment.timestamp()) * 10**9 + self.random.randrange(10**9)
            self.apps[app_id].append(Record(self.new_id(), self.new_app_code(), app_id, created))

    def new_hex(self) -> str:
        return f"{self.random.getrandbits(128):032x}"

    def new_id(self) -> str:
        return self.new_hex()

    def new_app_code(self) -> str:
        lengths = {"random": self.random.randint(64, 180), "shortest": 64, "longest": 180}
        digits = string.digits if self.choices.app_code_alphabet == "with_digits" else ""
        rest = self.random.choices(string.ascii_letters + digits + SPECIAL, k=lengths[self.choices.app_code_length] - 1)
        return self.first_character() + "".join(rest)

    def first_character(self) -> str:
        return self.random.choice(string.ascii_letters + "+/")

    def now(self) -> int:
        return time.time_ns()

    def keep(self, record: Record) -> None:
        with self.lock:
            self.apps[record.app_id].append(record)

    def records(self, app_id: str) -> list[Record]:
        """Give the app's AppCodes in the order listed."""
        with self.lock:
            found = list(self.apps[app_id])
        return found[::-1] if self.choices.list_order == "newest_first" else found

    # ---- a request

    def handle(self, request: Request) -> Response:
        with self.lock:
            self.count["all"] += 1
            self.count[request.method] += 1
        try:
            return self.answer(request)
        except RefusedError as refused:
            return self.respond(refused.status, self.error_body(refused))
        except Exception:  # noqa: BLE001 - a server answers 500, whatever went wrong
            return self.respond(500, self.error_body(self.refused(500)))

    def answer(self, request: Request) -> Response:
        self.slow_down()
        app_id = self.app_of(request)
        self.authenticate(request)
        self.authorize(request)
        if request.method == "PUT":
            return self.generate(app_id, request)
        if request.method == "GET":
            return self.listing(app_id, self.query_of(request))
        raise RefusedError(405, "APIG.0106", "There is no such method")

    def slow_down(self) -> None:
        if self.choices.rate_limit and self.count["all"] % self.choices.rate_limit == 0:
            raise RefusedError(429, "APIG.0308", "Too many requests")

    def app_of(self, request: Request) -> str:
        matched = PATH.fullmatch(request.path.removeprefix(self.base_path))
        if not request.path.startswith(self.base_path) or matched is None:
            raise RefusedError(404, "APIG.0101", "There is no such path")
        project_id, instance_id, app_id = (unquote(part) for part in matched.groups())
        if (project_id, instance_id) != (self.project_id, self.instance_id):
            raise RefusedError(404, "APIG.3002", "There is no such instance")
        return app_id

    def token_of(self, request: Request) -> str | None:
        return request.header("X-Auth-Token")

    def authenticate(self, request: Request) -> None:
        signed = (request.header("Authorization") or "").startswith("SDK-HMAC-SHA256 ")
        if signed and self.choices.signed_requests:
            return
        if not self.is_known(self.token_of(request)):
            raise self.refused(401)

    def is_known(self, token: str | None) -> bool:
        return token in {self.token, self.forbidden_token}

    def authorize(self, request: Request) -> None:
        if not self.may(self.token_of(request), request.method):
            raise self.refused(403)

    def may(self, token: str | None, method: str) -> bool:  # noqa: ARG002 - for those that look at the method
        return token != self.forbidden_token

    def require_app(self, app_id: str) -> None:
        if app_id not in self.apps:
            raise self.refused(404, app_id)

    # ---- generate

    def generate(self, app_id: str, request: Request) -> Response:  # noqa: ARG002 - for those that look at a body
        self.require_app(app_id)
        if self.choices.quota is not None and len(self.apps[app_id]) >= self.choices.quota:
            raise RefusedError(400, "APIG.3081", "The quota is used up")
        record = self.new_record(app_id)
        self.keep(record)
        return self.respond(self.generated_status, self.generated(record))

    def new_record(self, app_id: str) -> Record:
        return Record(self.new_id(), self.new_app_code(), app_id, self.now())

    def generated(self, record: Record) -> Any:  # noqa: ANN401 - a defect may answer anything
        return {**self.shown(record), "create_time": self.time_on_generate(record.created)}

    def time_on_generate(self, created: int) -> Any:  # noqa: ANN401 - a defect may answer anything
        digits = {"as_documented": 9, "seconds": 0, "milliseconds": 3}[self.choices.create_time_precision]
        return rfc3339(created, digits, self.choices.create_time_zone)

    # ---- list

    def listing(self, app_id: str, query: dict[str, list[str]]) -> Response:
        offset, limit = self.offset_of(query), self.limit_of(query)
        self.require_app(app_id)
        records = self.records(app_id)
        page = self.cut(records, offset, limit)
        return self.respond(self.listed_status, self.page(page, self.total(records, page, offset, limit)))

    def query_of(self, request: Request) -> dict[str, list[str]]:
        return parse_qs(request.query, keep_blank_values=True)

    def single(self, query: dict[str, list[str]], name: str) -> str | None:
        values = query.get(name, [])
        if len(values) > 1:
            raise self.refused(400, name)
        return values[0] if values else None

    def integer(self, name: str, text: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,4000}", text):
            raise self.refused(400, name)
        return int(text)

    def offset_of(self, query: dict[str, list[str]]) -> int:
        text = self.single(query, "offset")
        return self.start(self.integer("offset", text) if text is not None else 0)

    def start(self, offset: int) -> int:
        if not -LONGEST_OFFSET - 1 <= offset <= LONGEST_OFFSET:
            raise self.refused(400, "offset")
        return max(offset, 0)

    def limit_of(self, query: dict[str, list[str]]) -> int:
        text = self.single(query, "limit")
        return self.default_limit if text is None else self.in_range(self.integer("limit", text))

    def in_range(self, limit: int) -> int:
        if 1 <= limit <= self.largest_limit:
            return limit
        if self.choices.out_of_range_limit == "reject":
            raise self.refused(400, "limit")
        return self.default_limit if limit < 1 else self.largest_limit

    def cut(self, records: list[Record], offset: int, limit: int) -> list[Record]:
        return records[offset : offset + limit]

    def total(self, records: list[Record], page: list[Record], offset: int, limit: int) -> Any:  # noqa: ANN401, ARG002 - for defects
        return len(records)

    def page(self, page: list[Record], total: Any) -> Any:  # noqa: ANN401 - a defect may answer anything
        body = {"total": total, "size": len(page), "app_codes": [self.item(record) for record in page]}
        return body | ({"next_marker": None} if self.choices.extra_fields else {})

    def item(self, record: Record) -> Any:  # noqa: ANN401 - a defect may answer anything
        return {**self.shown(record), "create_time": self.time_on_list(record.created)}

    def time_on_list(self, created: int) -> Any:  # noqa: ANN401 - a defect may answer anything
        digits = {"as_documented": 0, "seconds": 0, "milliseconds": 3}[self.choices.create_time_precision]
        return rfc3339(created, digits, self.choices.create_time_zone)

    def shown(self, record: Record) -> dict[str, Any]:
        shown: dict[str, Any] = {"app_code": record.app_code, "app_id": record.app_id, "id": record.id}
        return shown | ({"status": 1, "tags": ["a", {"b": None}]} if self.choices.extra_fields else {})

    # ---- answers

    def refused(self, status: int, what: str = "") -> RefusedError:
        code, text, translated = ERRORS[status]
        return RefusedError(status, code, (translated if self.choices.translated else text).format(what))

    def error_body(self, refused: RefusedError) -> Any:  # noqa: ANN401 - a defect may answer anything
        body = {"error_code": refused.code, "error_msg": refused.text}
        return body | ({"request_id": self.new_hex()} if self.choices.extra_fields else {})

    def respond(self, status: int, body: Any) -> Response:  # noqa: ANN401 - a defect may answer anything
        written = self.encode(status, body)
        return Response(status, tuple(self.headers(status, written).items()), written)

    def encode(self, status: int, body: Any) -> bytes:  # noqa: ANN401, ARG002 - for those that look at the status
        return json.dumps(body, ensure_ascii=not self.choices.translated).encode()

    def content_type(self, status: int) -> str:  # noqa: ARG002 - for those that look at the status
        return "application/json;charset=UTF-8" if self.choices.charset else "application/json"

    def headers(self, status: int, written: bytes) -> dict[str, str]:
        headers = {"Content-Type": self.content_type(status), "Content-Length": str(len(written))}
        return headers | {429: {"Retry-After": "0"}, 405: {"Allow": "GET, PUT"}}.get(status, {})
