"""A client fails right: an error, in time, with what the server said."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

import pytest

from appcode_contract.client_contract.changes import (
    answered,
    emptied,
    replaced,
    rewritten,
    with_body,
    with_content_type,
)
from appcode_contract.client_contract.topics import judges
from appcode_contract.messages import Response

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from appcode_contract.client_contract.bench import Bench
    from appcode_contract.client_contract.changes import Change
    from appcode_contract.fake.faults import FaultName, OperationName
    from appcode_contract.messages import Request

_WRONG_TOKEN: Final = "a-token-that-nobody-knows-0123456789"  # noqa: S105 - made up
_STATUSES: Final = (400, 401, 403, 404, 500)
_RETRIES: Final = 20
_EITHER: Final = pytest.mark.parametrize("operation", ["generate", "list_page"])
_EACH: Final = pytest.mark.parametrize("operation", ["generate", "list_page", "list_all"])
_METHODS: Final[Mapping[OperationName, Sequence[str]]] = {"generate": ["generate"], "list": ["list_page", "list_all"]}
_JSON: Final = "application/json"
_CONTENT_TYPES: Final = (_JSON, f"{_JSON};charset=UTF-8")
_OTHER_STATUSES: Final = (202, 302, 405, 409, 413, 451, 501)
_HALVES: Final[tuple[FaultName, ...]] = ("empty_body", "truncated_json")
_BODIES: Final = {
    "an array": (_JSON, b"[]"),
    "null": (_JSON, b"null"),
    "a string": (_JSON, b'"done"'),
    "a number": (_JSON, b"42"),
    "an object without anything": (_JSON, b"{}"),
    "HTML": ("text/html", b"<html><body>Please log in</body></html>"),
    "HTML that is said to be JSON": (_JSON, b"<html><body>Please log in</body></html>"),
}
# In the place of a page's AppCodes. A client need not look at the type of every field that it passes on.
_NO_LISTS: Final[tuple[object, ...]] = (None, 42, "none", {"first": {}}, [None], [42], ["text"], [{}])


def _expect_told(bench: Bench, error: BaseException) -> None:
    """Compare what an error tells with the last answer."""
    response = bench.sent[-1].response if bench.sent else None
    if response is None:
        bench.fail("a request, and the error that was answered", bench.text_of(error))
    body = response.json()
    status, code, text = bench.told(error)
    bench.equal((response.status, body["error_code"]), (status, code), "status and error_code of the exception")
    if body["error_msg"] not in (text or ""):
        expected = f"the error_msg as it was answered, {body['error_msg']!r}"
        bench.fail(expected, f"{bench.hide(text or 'none')}, from {bench.text_of(error)}")


class Fails:
    """How a client fails where the server says why, or at least answers."""

    @judges("error/body")
    @_EACH
    def test_a_documented_error_arrives_with_status_code_and_text(self, bench: Bench, operation: str) -> None:
        """400, 401, 403, 404 and 500 raise, and the exception tells what was answered."""
        bench.needs(operation)
        for status in _STATUSES:
            bench.fake.clear_faults()
            bench.fake.fail(status=status, times=None)
            error = bench.refused(operation, f"the error of a {status}", bound=_RETRIES)
            _expect_told(bench, error)

    @judges("body/json")
    @_EITHER
    def test_an_error_text_in_another_language_arrives_whole(self, bench: Bench, operation: str) -> None:
        """Error texts are UTF-8, whether Content-Type says so or not."""
        bench.fake.behavior = replace(bench.fake.behavior, error_texts="translated")
        bench.fake.fail(status=403, times=None)
        for content_type in _CONTENT_TYPES:
            bench.front.change = with_content_type(content_type)
            _expect_told(bench, bench.refused(operation, f"the error of a 403 in {content_type}"))
        bench.front.change = _with_key
        _expect_told(
            bench,
            bench.refused(
                operation, "the error of a 403, with a character beyond 16 bits and others that HTML escapes"
            ),
        )

    @judges("error/401/code")
    @_EITHER
    def test_a_wrong_token_is_an_error(self, bench: Bench, operation: str) -> None:
        """A token that the server does not know is answered with 401."""
        bench.secrets.learn({_WRONG_TOKEN})
        # A client may ask when it is made.
        error = bench.use(bench.endpoint_with(_WRONG_TOKEN))
        _expect_told(bench, error or bench.refused(operation, "the error of a 401"))

    @judges("error/404/code")
    @_EACH
    def test_an_unknown_app_is_an_error(self, bench: Bench, operation: str) -> None:
        """An app that does not exist is answered with 404, which is not an empty list."""
        bench.needs(operation)
        error = bench.refused(operation, "the error of a 404", app_id="no-such-app")
        _expect_told(bench, error)

    @judges("trap/swallowed-error")
    @pytest.mark.parametrize("status", [404, 429, 500, 502, 503, 504])
    def test_a_refusal_is_no_success(self, bench: Bench, status: int) -> None:
        """Whatever is answered but 200 and 201 raises, a gateway's page in HTML too."""
        bench.fake.seed(3)
        for refused in ("generate", "list"):  # the other one works: nothing of its may stand for what is refused
            operations = [each for each in _METHODS[refused] if each != "list_all" or bench.contract.has_list_all]
            bench.fake.clear_faults()
            for operation in operations:  # nor what came before
                bench.attempt(operation)
            bench.fake.fail(refused, status=status, times=None)
            for operation in operations:
                bench.refused(operation, f"an error, as {status} was answered", bound=_RETRIES)

    @judges("trap/swallowed-error")
    @_EACH
    def test_no_other_status_is_a_success(self, bench: Bench, operation: str) -> None:
        """Statuses that the pages do not name raise, and refusals whose body is no object, or one of a success."""
        bench.needs(operation)
        bench.fake.seed(3)
        for status in _OTHER_STATUSES:
            bench.front.change = answered(status)
            bench.refused(operation, f"an error, as {status} was answered", bound=_RETRIES)
        for status in (400, 503):
            bench.front.change = partial(_with_status, status)
            bench.refused(operation, f"an error, as {status} was answered, whatever its body", bound=_RETRIES)
        for what, (content_type, body) in _BODIES.items():
            bench.front.change = partial(_refused_with, content_type, body)
            bench.refused(operation, f"an error, as 500 was answered, and {what} as its body", bound=_RETRIES)

    @judges("trap/endless-retry")
    @_EITHER
    @pytest.mark.parametrize("status", [429, 503])
    def test_a_long_retry_after_is_not_slept_through(self, bench: Bench, operation: str, status: int) -> None:
        """A server that asks for an hour gets no request sooner, and the call ends in time all the same."""
        bench.fake.fail(status=status, retry_after=3600, times=None)
        bench.refused(operation, f"an error, as {status} was answered", bound=_RETRIES)

    @judges("trap/endless-retry")
    @_EITHER
    def test_a_refusal_is_not_asked_again_without_end(self, bench: Bench, operation: str) -> None:
        """A server that refuses always, with Retry-After of 0 for a 429, gets a few requests at most."""
        for status in (429, 500, 502, 503, 504):
            bench.fake.clear_faults()
            bench.fake.fail(status=status, times=None)
            bench.attempt(operation, bound=_RETRIES)

    @judges("trap/broken-body")
    @_EACH
    def test_half_a_body_is_no_success(self, bench: Bench, operation: str) -> None:
        """An answer without a body, whether it says 204 or not, and one whose JSON ends in the middle."""
        bench.needs(operation)
        bench.fake.seed(3)
        for fault in _HALVES:
            bench.fake.clear_faults()
            bench.fake.fail(fault=fault, times=None)
            bench.refused(operation, "an error, as the body is not whole", bound=_RETRIES)
        bench.fake.clear_faults()
        bench.front.change = emptied
        bench.refused(operation, "an error, as nothing but 204 was answered", bound=_RETRIES)

    @judges("trap/broken-body")
    @_EACH
    def test_a_body_of_another_type_is_no_success(self, bench: Bench, operation: str) -> None:
        """A success whose body is not the documented object: other JSON, HTML, text."""
        bench.needs(operation)
        bench.fake.seed(3)
        for what, (content_type, body) in _BODIES.items():
            bench.front.change = replaced(body, content_type)
            bench.refused(operation, f"an error, as the body is {what}", bound=_RETRIES)

    @judges("trap/broken-body")
    def test_a_generate_without_its_app_code_is_no_success(self, bench: Bench) -> None:
        """A success that tells everything but the AppCode."""
        bench.front.change = _without("app_code")
        bench.refused("generate", "an error, as app_code is missing", bound=_RETRIES)

    @judges("trap/broken-body")
    @pytest.mark.parametrize("operation", ["list_page", "list_all"])
    def test_a_page_without_its_list_is_no_success(self, bench: Bench, operation: str) -> None:
        """A page whose app_codes are missing, or are something else than a list of AppCodes, is not an empty one."""
        bench.needs(operation)
        bench.fake.seed(3)
        bench.front.change = _without("app_codes")
        bench.refused(operation, "an error, as app_codes is missing", bound=_RETRIES)
        for wrong in _NO_LISTS:
            bench.front.change = rewritten(partial(_put, wrong))
            bench.refused(operation, f"an error, as app_codes is {json.dumps(wrong)}", bound=_RETRIES)


def _with_status(status: int, _: Request, response: Response) -> Response:
    return Response(status, response.headers, response.body)


def _refused_with(content_type: str, body: bytes, _: Request, __: Response) -> Response:
    return Response(500, [("Content-Type", content_type)], body)


def _with_key(_: Request, response: Response) -> Response:
    """Put a character that UTF-16 writes as two into the text of an error, and some that HTML escapes."""
    body = response.json()
    changed = body | {"error_msg": f"{body['error_msg']} \N{KEY} <b>&amp;'\"</b>"}
    return with_body(response, json.dumps(changed, ensure_ascii=False).encode())


def _without(name: str) -> Change:
    return rewritten(lambda body: {key: value for key, value in body.items() if key != name})


def _put(wrong: object, body: dict[str, object]) -> dict[str, object]:
    return body | {"app_codes": wrong}
