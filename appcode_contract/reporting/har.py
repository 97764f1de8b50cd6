"""Every exchange of a report as a HAR 1.2 archive, which the network panels of browsers open."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, quote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

_UNKNOWN: Final = -1
_SAFE: Final = "%/:?&=#@!$'()*+,;[]~"
_NOTHING: Final[dict[str, Any]] = {"status": 0, "headers": [], "body": None, "body_bytes": _UNKNOWN}


def to_har(document: Mapping[str, Any]) -> str:
    """Write every exchange as HAR.

    Args:
        document: The report's document.

    Returns:
        JSON. Bodies of successes are left out; of a request that found no complete answer the status is 0. A report
        that is not complete says so in the archive's comment.
    """
    broken: dict[int, list[str]] = {}
    for violation in document["violations"]:
        if violation["exchange"] is not None:
            broken.setdefault(violation["exchange"], []).append(f"{violation['clause']}: {violation['actual']}")
    entries = [
        _entry(exchange, "; ".join(broken.get(place, []))) for place, exchange in enumerate(document["exchanges"])
    ]
    creator = {"name": "appcode-contract", "version": str(document["version"])}
    log: dict[str, Any] = {"version": "1.2", "creator": creator, "entries": entries}
    if not document["complete"]:
        log["comment"] = f"incomplete: {document['problem']}"
    return json.dumps({"log": log}, indent=1) + "\n"


def _entry(exchange: dict[str, Any], comment: str) -> dict[str, Any]:
    milliseconds = round(exchange["seconds"] * 1000, 3)
    return {
        "startedDateTime": exchange["started"],
        "time": milliseconds,
        "request": _request(exchange["request"]),
        "response": _response(exchange["response"] or _NOTHING, exchange["problem"]),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": comment,
    }


def _request(request: dict[str, Any]) -> dict[str, Any]:
    url = quote(request["url"], safe=_SAFE)
    query = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    return {
        "method": request["method"],
        "url": url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _named(request["headers"]),
        "queryString": _named(query),
        "headersSize": _UNKNOWN,
        "bodySize": request["body_bytes"],
    }


def _response(response: dict[str, Any], problem: str) -> dict[str, Any]:
    headers = {name.lower(): value for name, value in response["headers"]}
    content: dict[str, Any] = {
        "size": max(response["body_bytes"], 0),
        "mimeType": headers.get("content-type", "x-unknown"),
    }
    if response["body"] is not None:
        content["text"] = response["body"]
    phrases = {status.value: status.phrase for status in HTTPStatus}
    return {
        "status": response["status"],
        "statusText": problem or phrases.get(response["status"], ""),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _named(response["headers"]),
        "content": content,
        "redirectURL": headers.get("location", ""),
        "headersSize": _UNKNOWN,
        "bodySize": response["body_bytes"],
    }


def _named(pairs: list[Any]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]
