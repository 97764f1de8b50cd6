"""Faithful servers whose bodies and headers look otherwise."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any

from tests.broken_servers.planting import alters, each_item, listed, plant
from tests.broken_servers.service import Service
from tests.broken_servers.values import Record, rfc3339

if TYPE_CHECKING:
    from collections.abc import Callable


from tests.broken_servers.faithful_server import Faithful


def reordered(self: Service, app_id: str) -> list[Record]:
    return sorted(Service.records(self, app_id), key=lambda record: record.id)


def encodes(write: Callable[[Any], str]) -> type[Service]:
    return plant(encode=lambda _, __, body: write(body).encode())


def says(content_type: str) -> type[Service]:
    return plant(content_type=lambda _, __: content_type)


def adds_headers(self: Service, status: int, written: bytes) -> dict[str, str]:
    extra = {
        "ETag": f'W/"{hash(written)}"',
        "Set-Cookie": "session=1; HttpOnly",
        "Server": "api-gateway",
        "X-Request-Id": self.new_hex(),
        "Cache-Control": "no-store",
        "Vary": "Accept-Encoding",
        "Strict-Transport-Security": "max-age=31536000",
    }
    return {**extra, **Service.headers(self, status, written)}


def of_list(write: Callable[[int], str]) -> type[Service]:
    return plant(time_on_list=lambda _, created: write(created))


def both_times(write: Callable[[int], str]) -> type[Service]:
    return plant(time_on_list=lambda _, created: write(created), time_on_generate=lambda _, created: write(created))


def counted(self: Service) -> str:
    """Count all AppCodes; a server begins with an id for the project."""
    with vars(self).setdefault("counting", threading.Lock()):
        number = int(vars(self).get("counted", 0)) + 1
        vars(self)["counted"] = number
    return str(number)


BODIES = (
    Faithful("ordered by id", plant(records=reordered), existing=25),
    Faithful(
        "ordered by AppCode",
        plant(records=lambda self, app: sorted(Service.records(self, app), key=lambda r: r.app_code)),
        existing=45,
    ),
    Faithful(
        "plus and slash are escaped", encodes(lambda body: json.dumps(body).replace("+", "\\u002b").replace("/", "\\/"))
    ),
    Faithful(
        "every special character is escaped",
        encodes(lambda body: json.dumps(body).replace("=", "\\u003d").replace("#", "\\u0023").replace("%", "\\u0025")),
    ),
    Faithful("JSON is indented", encodes(lambda body: json.dumps(body, indent=2))),
    Faithful(
        "JSON is indented with line ends of Windows",
        encodes(lambda body: json.dumps(body, indent="\t").replace("\n", "\r\n") + "\r\n"),
    ),
    Faithful("JSON has no blanks", encodes(lambda body: json.dumps(body, separators=(",", ":")))),
    Faithful("fields are in another order", encodes(lambda body: json.dumps(body, sort_keys=True))),
    Faithful("total is written 45.0", listed(lambda body: {**body, "total": float(body["total"])}), existing=45),
    Faithful("size is written 3.0", listed(lambda body: {**body, "size": float(body["size"])})),
    Faithful("charset in lower case", says("application/json; charset=utf-8")),
    Faithful("charset in upper case and quotes", says('application/json; charset="UTF-8"')),
    Faithful("media type in mixed case", says("Application/JSON")),
    Faithful("media type with another parameter", says("application/json; profile=x; charset=utf8")),
    Faithful("other headers", plant(headers=adds_headers)),
    Faithful(
        "big extra fields",
        listed(lambda body: {**body, "debug": {"trace": ["é" * 50] * 400, "next": None}}),
        existing=25,
    ),
    Faithful(
        "items with many extra fields",
        each_item(lambda i: {**i, "remark": None, "status": 1, "links": [{"href": "/"}], "ttl": 1e9}),
    ),
    Faithful(
        "generate with an extra field that looks like another app",
        alters(201, lambda b: {**b, "app": {"id": "x", "app_id": "y"}}),
    ),
    Faithful(
        "extra fields that change with each query",
        listed(lambda body: {**body, "took": time.monotonic(), "request_id": str(time.time_ns())}),
    ),
    Faithful("times with t and z in lower case", both_times(lambda created: rfc3339(created, 3).lower())),
    Faithful("times with +00:00", both_times(lambda created: rfc3339(created, 6).replace("Z", "+00:00"))),
    Faithful("times with -00:00", both_times(lambda created: rfc3339(created).replace("Z", "-00:00"))),
    Faithful("times of the list with one digit", of_list(lambda created: rfc3339(created, 1))),
    Faithful("times of the list with nine digits", of_list(lambda created: rfc3339(created, 9))),
    Faithful(
        "times of the list without zeros at the end",
        of_list(
            lambda created: (
                rfc3339(created // 10**8 * 10**8, 9).rstrip("0Z") + "Z" if created // 10**8 % 10 else rfc3339(created)
            )
        ),
    ),
    Faithful("times of the list in another zone", of_list(lambda created: rfc3339(created, 0, 480))),
    Faithful(
        "ids with hyphens",
        plant(new_id=lambda self: f"{self.new_hex()[:8]}-{self.new_hex()[:4]}-{self.new_hex()[:12]}"),
    ),
    Faithful("ids that count", plant(new_id=counted)),
    Faithful("AppCodes that begin with plus or slash", plant(first_character=lambda self: self.random.choice("+/"))),
    Faithful(
        "AppCodes of hexadecimal digits",
        plant(new_app_code=lambda self: self.random.choice("abcdef") + (self.new_hex() * 3)[:63]),
    ),
    Faithful(
        "AppCodes of special characters",
        plant(new_app_code=lambda self: "+" + "".join(self.random.choices("+_!@#$%/=", k=99))),
    ),
    Faithful(
        "AppCodes that look percent-encoded",
        plant(new_app_code=lambda self: Service.new_app_code(self)[:60] + "%4a%2B/+%41=%3d=="),
    ),
)
