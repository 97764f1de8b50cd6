"""What the tests judge: clauses, and traps that real clients fall into; with a line of advice for each."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeVar

from appcode_contract.clauses import BY_ID

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Test = TypeVar("Test", bound=Callable[..., Any])

_JUDGES: Final = "__appcode_topic__"

TRAPS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "trap/put-is-not-idempotent": (
            "Every PUT makes another AppCode, which nothing documented can delete.",
            "Send a generate once. urllib3's Retry repeats a PUT unless told not to; aiohttp, on a lost connection.",
        ),
        "trap/token-in-url": (
            "URLs are written to logs by every proxy on the way.",
            "Send the token in the header X-Auth-Token and nowhere else.",
        ),
        "trap/redirect-with-token": (
            "HTTP clients do not take X-Auth-Token off when a redirect leads to another host.",
            "Do not follow redirects (requests: allow_redirects=False), or drop the header when the host changes.",
        ),
        "trap/refused-answer": (
            "An answer as the pages show it is taken for an error.",
            "What was raised, and where, says what the client or the adapter did not expect.",
        ),
        "trap/spoilt-app-code": (
            "AppCodes hold + _ ! @ # $ % / = and mean nothing but themselves.",
            "Give app_code as JSON has it: no unquoting, form decoding, base64, templates, case folding or cutting.",
        ),
        "trap/nine-digits": (
            "A generated create_time has nine fractional digits, a listed one none.",
            "Use datetime.fromisoformat (Python 3.11 or newer) or give the text; strptime's %f ends at six digits.",
        ),
        "trap/time-zone": (
            "A time may be written with Z or with an offset such as +08:00.",
            "Give an aware datetime, or the text with its zone; never drop the zone or replace it.",
        ),
        "trap/json-is-more": (
            "JSON may be escaped, spaced and ordered in any way.",
            "Use a JSON parser, and no regular expression.",
        ),
        "trap/compressed": (
            "Servers compress the answer for a client that says it accepts that.",
            "Send Accept-Encoding only for what the client decodes.",
        ),
        "trap/chunked": (
            "An answer may come in pieces and without Content-Length.",
            "Read to the end of the answer, not to Content-Length.",
        ),
        "trap/200-for-201": (
            "Gateways may answer a generate with 200 in place of 201.",
            "Take 200 and 201 for a success; a client that insists on 201 lists this test in cannot.",
        ),
        "trap/missing-pages": (
            "A page holds 20 AppCodes unless asked for more, and never more than 500.",
            "Ask for the next offset until it reaches total or a page is empty.",
        ),
        "trap/endless-paging": (
            "The list may grow or shrink while its pages are read.",
            "End when a page is empty, when offset reaches the page's total, or after as many as there were at first.",
        ),
        "trap/short-list": (
            "A later page may fail when earlier ones did not.",
            "Raise the error of any page; what was read so far looks like the whole list.",
        ),
        "trap/swallowed-error": (
            "A refusal taken for an empty list hides that nothing was read.",
            "Raise for every status but 200 and 201.",
        ),
        "trap/broken-body": (
            "Proxies answer in HTML, connections end early, bodies are empty.",
            "Raise when the body is not the JSON object that the pages show, whatever the status.",
        ),
        "trap/lost-connection": (
            "A connection may end before, in or after the headers of the answer.",
            "Raise when an answer does not arrive whole.",
        ),
        "trap/no-timeout": (
            "A server may never answer, and most HTTP libraries wait for ever by default.",
            "Set a timeout on every request; in these tests one well below deadline, such as 0.5 seconds.",
        ),
        "trap/endless-retry": (
            "A server that refuses now may refuse always.",
            "Repeat a query a few times at most, wait no longer than a caller would, and then raise.",
        ),
        "trap/broken-connection": (
            "One failed call must not spoil the next ones.",
            "Read or close every answer, errors too, so that its connection returns to the pool or is dropped.",
        ),
        "trap/stale-list": (
            "A generate changes the list.",
            "Ask the server each time; keep no list.",
        ),
        "trap/mixed-up-calls": (
            "Calls that run at the same time must not get each other's answers.",
            "Keep what belongs to a call in local variables; say thread_safe = False if the client is for one thread.",
        ),
        "trap/secret-in-log": (
            "Tokens and AppCodes are credentials; logs are read by many.",
            "Log method, path and status; never headers or bodies, at no level.",
        ),
        "trap/secret-in-exception": (
            "The text of an exception ends up in logs and tickets.",
            "Raise `from None` where a cause repeats the body or the headers, and leave both out of the message.",
        ),
        "trap/secret-in-repr": (
            "Debuggers, test runners and f-strings show repr and str.",
            "Hide the field: field(repr=False) in a dataclass, SecretStr in pydantic.",
        ),
        "trap/secret-in-warning": (
            "Warnings are printed and kept like logs.",
            "Leave credentials out of the text of warnings.",
        ),
        "trap/secret-on-terminal": (
            "What is printed is kept by CI for years.",
            "Print nothing, and leave http.client's debuglevel at 0.",
        ),
    }
)
"""What is easily done wrong, and what to do about it, by id."""

_ADVICE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "path/uri": "The path is /v2/{project_id}/apic/instances/{instance_id}/apps/{app_id}/app-codes; "
        "generate is PUT, list is GET.",
        "path/project-id": "Put endpoint.project_id into the path.",
        "path/instance-id": "Put endpoint.instance_id into the path.",
        "path/app-id": "Put the app_id that the method is given into the path, unchanged.",
        "header/x-auth-token": "Send X-Auth-Token with the endpoint's token on every request, later pages too, "
        "and the token nowhere else.",
        "generate/no-body": "Send PUT without json= or data=, not even {}.",
        "generate/no-query": "Send PUT without query parameters.",
        "generate/status": "201 is the success of a generate.",
        "generate/app-code/length": "Accept 64 to 180 characters, and cut nothing.",
        "generate/id": "Give id as the answer has it: a text, whatever it looks like.",
        "generate/app-id/echo": "Give app_id as the answer has it.",
        "generate/create-time/format": "Read each create_time from its own record.",
        "generate/random": "Give what each answer holds; keep nothing from the answer before.",
        "generate/listed": "Read both answers with the same code.",
        "list/no-body": "Send GET without a body.",
        "list/query": "Send offset and limit, and leave out what is None.",
        "list/status": "200 is the success of a list.",
        "list/offset/default": "Leave offset out when it is None; 0 is a value like any other.",
        "list/offset/negative": "Refuse an offset below 0 before anything is sent, or send it: it is taken as 0.",
        "list/offset/long": "Send offset as the whole number that was given, up to 9223372036854775807.",
        "list/limit/default": "Leave limit out when it is None.",
        "list/limit/type": "Send limit as the whole number that was given, in digits.",
        "list/limit/page": "Pass offset and limit on as they are given.",
        "list/limit/maximum": "Ask for at most 500 at once, and read the answer to its end, however long it is.",
        "list/limit/minimum": "Ask for at least 1.",
        "list/size": "Give size as the answer has it, or the number of items.",
        "list/total": "Give total as the answer has it; it is a 64-bit number, not the length of the page.",
        "list/app-codes": "Give an empty list when there is nothing, and do not raise.",
        "list/app-codes/item": "Read the fields by their names, and let others be.",
        "list/create-time/format": "Read each create_time from its own record.",
        "list/read-only": "Read with GET alone.",
        "list/paging": "offset counts AppCodes, not pages, and begins at 0.",
        "error/body": "Give status, error_code and error_msg on the exception, or override describe_error().",
        "error/401/code": "Raise with status 401 and error_code APIG.1002.",
        "error/404/code": "Raise with status 404 and error_code APIG.3004; an unknown app is no empty list.",
        "body/json": "Read JSON as UTF-8, with or without charset in Content-Type.",
    }
)
_FALLBACK: Final = "Compare what was sent with the two documentation pages."


def judges(topic: str) -> Callable[[Test], Test]:
    """Mark a test with the clause or the trap that it judges.

    Args:
        topic: Its id.

    Returns:
        The decorator.
    """

    def mark(test: Test) -> Test:
        setattr(test, _JUDGES, topic)
        return test

    return mark


def topic_of(test: object) -> str:
    """Give the clause or trap of a test; empty when it has none, as a test that a subclass adds."""
    return str(getattr(test, _JUDGES, ""))


def is_topic(topic: str) -> bool:
    """Say whether this is a clause or a trap."""
    return topic in TRAPS or topic in BY_ID


def trap_of(topic: str) -> Mapping[str, str]:
    """Give what a trap is and what keeps a client out of it, by its id; nothing for a clause."""
    return {topic: " ".join(TRAPS[topic])} if topic in TRAPS else {}


def title_of(topic: str) -> str:
    """Say what a clause or trap is and where it comes from, in one line."""
    if topic in TRAPS:
        return f"{topic} (trap: {TRAPS[topic][0].rstrip('.')})"
    clause = BY_ID.get(topic)
    return topic if clause is None else f"{clause.id} ({clause.level}: {clause.page})"


def advice_of(topic: str) -> str:
    """Give the line of advice of a clause or trap."""
    return TRAPS[topic][1] if topic in TRAPS else _ADVICE.get(topic, _FALLBACK)
