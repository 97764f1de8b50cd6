"""A client sends what is documented."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from appcode_contract.client_contract.leaks import Secrets
from appcode_contract.client_contract.topics import judges

if TYPE_CHECKING:
    from appcode_contract.client_contract.bench import Bench
    from appcode_contract.messages import Exchange

_DEFAULTS: Final = {"offset": "0", "limit": "20"}
_OTHER_APP: Final = "Another-App_of-42-whose-id-is-longer-than-the-32-digits-of-most"
_LARGEST: Final = 500
_TOKEN: Final = "X-Auth-Token"  # noqa: S105 - the header
_OTHER_TOKEN: Final = "another-token-that-may-do-everything-0123456789"  # noqa: S105 - made up
_ARGUMENTS: Final = ((0, 1), (1, 19), (20, 21), (499, 499), (500, 500), (None, 7), (7, None), (3, 3))
_LARGE_OFFSETS: Final = (2**31 - 1, 2**31, 2**63 - 1)
_WRONG_LIMITS: Final = (0, -1, 501)


def _call_everything(bench: Bench) -> None:
    """Use every method; a list of 501 makes list_all read a second page."""
    bench.generate()
    bench.page()
    bench.page(offset=1, limit=2)
    if bench.contract.has_list_all:
        bench.fake.seed(_LARGEST)
        bench.everything()
    bench.sent, bench.called = bench.front.exchanges, ""


class Sends:
    """What a client sends. Every call of every other test is judged by the same clauses."""

    @judges("path/uri")
    def test_generate_is_a_put_on_the_documented_path(self, bench: Bench) -> None:
        """Generate sends one PUT to the app's path."""
        bench.generate()
        sent = [(each.request.method, each.request.path) for each in bench.sent]
        read = [each for each in sent if each == ("GET", _path(bench))]  # to see what was made, for instance
        bench.equal([("PUT", _path(bench))], sent if len(read) == len(sent) else _without(sent, read), "one PUT")

    @judges("path/uri")
    def test_list_is_a_get_on_the_documented_path(self, bench: Bench) -> None:
        """A page is read with GET of the app's path."""
        bench.page()
        sent = [(each.request.method, each.request.path) for each in bench.sent]
        bench.equal([("GET", _path(bench))], sorted(set(sent)), "nothing but this")

    @judges("path/app-id")
    def test_the_app_in_the_path_is_the_one_that_was_asked_for(self, bench: Bench) -> None:
        """Each method asks for the app it is given, which need not be the endpoint's."""
        other = bench.fake.add_app(_OTHER_APP)
        bench.generate()  # what comes first must not stand for what comes later
        kept = bench.generate(other)
        bench.same(bench.newest(other), kept)
        bench.equal([kept.id], [each.id for each in bench.page(app_id=other).records], "the ids of that app")
        if bench.contract.has_list_all:
            bench.equal([kept.id], [each.id for each in bench.everything(other)], "the ids of that app")
            long = bench.fake.add_app()
            bench.fake.seed(_LARGEST + 1, long)
            bench.attempt("list_all", long)
            bench.equal({_path(bench, long)}, {each.request.path for each in bench.sent}, "the path of every page")
        bench.equal(1, len(bench.fake.app_codes()), "AppCodes of the endpoint's app")

    @judges("header/x-auth-token")
    def test_every_request_carries_the_token(self, bench: Bench) -> None:
        """X-Auth-Token holds the token, unchanged, on later pages too, and no other header a credential."""
        _call_everything(bench)
        token = Secrets({bench.endpoint.token})
        app_codes = Secrets(each.app_code for each in bench.fake.app_codes())
        for each in bench.front.exchanges:
            if each.request.header(_TOKEN) != bench.endpoint.token:
                bench.fail("the header X-Auth-Token with the endpoint's token", "another value, or none", sent=[each])
            others = [(name, value) for name, value in each.request.headers if name.lower() != _TOKEN.lower()]
            shown = [name for name, value in others if token.shown_in(value)]
            if shown:
                bench.fail("the token in X-Auth-Token alone", f"{', '.join(shown)} tells it, too", sent=[each])
            shown = [name for name, value in others if app_codes.shown_in(value)]
            if shown:
                bench.fail("no AppCode in a request", f"{', '.join(shown)} tells one", sent=[each])

    @judges("header/x-auth-token")
    def test_each_client_sends_its_own_token(self, bench: Bench) -> None:
        """Of two clients with different tokens neither takes the other's, in whichever order they are made and used."""
        first, other = bench.client(), bench.endpoint_with(_OTHER_TOKEN)
        bench.secrets.learn({_OTHER_TOKEN})
        bench.fake.add_token(_OTHER_TOKEN)
        bench.page()
        bench.use(other)
        for client, token in ((first, bench.endpoint.token), (bench.client(), other.token)) * 2:
            bench.expect_success("list_page", bench.attempt("list_page", client=client, judged=False))
            if {each.request.header(_TOKEN) for each in bench.sent} != {token}:
                bench.fail("the token of the endpoint that this client was made for", "another client's, or none")

    @judges("trap/token-in-url")
    def test_the_token_is_in_no_url(self, bench: Bench) -> None:
        """Neither path nor query hold the token."""
        _call_everything(bench)  # each URL of each call, of all tests

    @judges("generate/no-body")
    def test_generate_has_no_body(self, bench: Bench) -> None:
        """A PUT has no body."""
        bench.generate()
        bench.equal([], [len(each.request.body) for each in _of(bench, "PUT") if each.request.body], "bytes of body")

    @judges("generate/no-query")
    def test_generate_has_no_query(self, bench: Bench) -> None:
        """A PUT has no query parameters, nor those of a list before it."""
        for _ in range(2):
            bench.generate()
            bench.equal(
                [], [len(each.request.query) for each in _of(bench, "PUT") if each.request.query], "characters of query"
            )
            bench.attempt("list_page", offset=1, limit=2, judged=False)

    @judges("list/no-body")
    def test_list_has_no_body(self, bench: Bench) -> None:
        """A GET has no body."""
        bench.page(offset=0, limit=1)
        bench.equal([], [len(each.request.body) for each in _of(bench, "GET") if each.request.body], "bytes of body")

    @judges("list/query")
    def test_the_query_holds_nothing_but_offset_and_limit(self, bench: Bench) -> None:
        """No request has another parameter, or one of them twice."""
        _call_everything(bench)
        for each in bench.front.exchanges:
            names = [name for name, _ in parse_qsl(each.request.query, keep_blank_values=True)]
            if not set(names) <= {"offset", "limit"} or len(set(names)) < len(names):
                bench.fail("offset and limit, each once at most", "other parameters", sent=[each])

    @judges("list/limit/default")
    def test_offset_and_limit_are_left_out_when_none_is_given(self, bench: Bench) -> None:
        """Without arguments nothing is sent, or the documented defaults."""
        bench.page()
        if not _query(bench).items() <= _DEFAULTS.items():
            bench.fail("no offset and no limit, or their defaults 0 and 20", "other values")

    @judges("list/limit/type")
    def test_offset_and_limit_are_sent_as_they_are_given(self, bench: Bench) -> None:
        """Both arrive as the whole numbers that they are."""
        for offset, limit in _ARGUMENTS:
            bench.page(offset, limit)
            wanted = {"offset": offset or 0, "limit": limit or 20}
            # What is not sent has its default.
            sent = _DEFAULTS | _query(bench)
            if {name: str(value) for name, value in wanted.items()} != sent:
                bench.fail(f"offset {offset} and limit {limit}, where None is not given", _shown(sent))

    @judges("list/offset/long")
    def test_an_offset_of_64_bits_is_sent_unchanged(self, bench: Bench) -> None:
        """An offset may be as large as 64 bits allow, and past the end the page is empty."""
        bench.fake.seed(1)
        for offset in _LARGE_OFFSETS:
            page = bench.page(offset, 1)
            bench.equal(str(offset), _query(bench).get("offset"), "offset")
            bench.equal((1, 0, 0), (page.total, page.size, len(page.records)), "total, size and items")

    @judges("list/limit/maximum")
    def test_a_limit_out_of_range_is_not_sent_or_ends_in_an_error(self, bench: Bench) -> None:
        """A client refuses such a limit, sends one in range, or raises the server's 400."""
        for limit in _WRONG_LIMITS:
            outcome = bench.attempt("list_page", limit=limit, judged=False)
            sent = [dict(parse_qsl(each.request.query)).get("limit") for each in bench.sent]
            if outcome.error is None and str(limit) in sent:
                bench.fail("an error, as the server refused", "list_page() returned as if all were well")

    @judges("list/offset/negative")
    def test_an_offset_below_0_is_not_sent_or_reads_from_the_beginning(self, bench: Bench) -> None:
        """A client refuses such an offset by itself, or gives the page that the server answers: the first one."""
        bench.fake.seed(3)
        for offset in (-1, -5):
            outcome = bench.attempt("list_page", offset=offset, judged=False)
            if outcome.error is None or bench.sent:
                page = bench.expect_success("list_page", outcome)
                bench.same_list(bench.fake.app_codes(), page.records)


def _of(bench: Bench, method: str) -> list[Exchange]:
    return [each for each in bench.sent if each.request.method == method]


def _without(sent: list[tuple[str, str]], left_out: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [each for each in sent if each not in left_out]


def _query(bench: Bench) -> dict[str, str]:
    return dict(parse_qsl(bench.sent[-1].request.query, keep_blank_values=True)) if bench.sent else {}


def _path(bench: Bench, app_id: str | None = None) -> str:
    return bench.fake.url(app_id).removeprefix(bench.fake.base_url)


def _shown(query: dict[str, str]) -> str:
    return "&".join(f"{name}={value[:24]}" for name, value in query.items())
