"""The HTML report: hostile texts stay texts, it asks for nothing, and it holds what a report holds."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from appcode_contract.clauses import BY_ID, CLAUSES
from appcode_contract.deviations import Deviation, DeviationState, JudgedDeviation
from appcode_contract.messages import Exchange, Request, Response, Violation
from appcode_contract.report import Outcome
from appcode_contract.reporting.document import document_of
from appcode_contract.reporting.html_matrix import PLACES
from appcode_contract.reporting.html_report import to_html
from tests.reporting.page import Page
from tests.reporting.reports import conforming, inconclusive, report_with, violating, with_defect

if TYPE_CHECKING:
    from collections.abc import Callable

    from appcode_contract.report import Report

HOSTILE = {
    "script": "</script><script>alert(1)</script>",
    "style": "</style></title></textarea><style>*{display:none}</style>",
    "attribute": '" onmouseover="alert(1)" x=\'',
    "image": "'><img src=http://127.0.0.1/x onerror=alert(1)>",
    "comment": "<!-- ]]> --!> <![CDATA[",
    "template": "{{ 7 * 7 }}{% raw %}{# x #}${7*7}",
    "scheme": "javascript:alert(1)",
    "entity": "&lt;b&gt; &#60;i&#62; &amp;",
    "control": "\x00\x07\x08\x1b[31m\x7f\x85\x9b",
    "bidi": "\u202eabc\u202c\u2066\u2067\u2068\u2069\u200e\u200f\u061c",
    "invisible": "\u200b\ufeff\u2028\u2029\u00ad\ue000\ufffe\U000e0041",
    "surrogate": "\ud800 and \udfff",
    "lines": "a\r\nb\tc\x0bd\x0ce",
}
SHOWN = re.compile(r"[^\x20-\x7e\n…·✓✕?⌘]")
REPORTS = [violating, conforming, inconclusive]


def page_of(report: Report) -> Page:
    return Page(to_html(document_of(report)))


def marks_of(report: Report, clause: str) -> list[str]:
    page = page_of(report)
    return [each.text for each in page.within(page.by_id(clause), "mark")]


@cache
def html_of_run(make: Callable[[], Report]) -> str:
    """Write the page of a real run once for all tests."""
    return to_html(document_of(make()))


@cache
def page_of_run(make: Callable[[], Report]) -> Page:
    """Take the page of a real run apart once for all tests, which only look at it."""
    return Page(html_of_run(make))


@cache
def page_with(text: str) -> Page:
    """Take the page with a text everywhere apart once."""
    return page_of(report_with(text))


def report_about(exchange: Exchange, clause: str) -> Report:
    """Make the report of a run for one clause, with one exchange that violates it."""
    report = violating()
    return replace(
        report,
        clauses=tuple(each for each in report.clauses if each.id == clause),
        exchanges=(exchange,),
        violations=(Violation(clause, "one", "another", exchange),),
    )


@pytest.fixture(params=REPORTS, ids=lambda make: make.__name__)
def page(request: pytest.FixtureRequest) -> Page:
    """The page of each real run."""
    return page_of_run(request.param)


# ---- texts of others


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_adds_no_element_and_no_attribute(text: str) -> None:
    harmless, hostile = page_with("harmless"), page_with(text)

    assert [each.shape for each in harmless.elements] == [each.shape for each in hostile.elements]
    assert [] == hostile.unmatched


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_changes_neither_style_nor_script_nor_a_link(text: str) -> None:
    harmless, hostile = page_with("harmless"), page_with(text)

    for tag in ("style", "script"):
        assert [each.parts for each in harmless.all(tag)] == [each.parts for each in hostile.all(tag)]
    for name in ("href", "class", "id", "http-equiv", "content"):
        assert [each.attributes.get(name) for each in harmless.elements] == [
            each.attributes.get(name) for each in hostile.elements
        ]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nothing_that_a_browser_would_act_on_or_hide_is_left(text: str) -> None:
    assert set() == set(SHOWN.findall(to_html(document_of(report_with(text)))))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", r"a\x1b[31mb"),
        ("a\x00b", r"a\x00b"),
        ("a\u202eb", r"a\u202eb"),
        ("a\u2066b", r"a\u2066b"),
        ("a\ud800b", r"a\ud800b"),
        ("a<b>&amp;", "a<b>&amp;"),
        ("a\u5bc6b", "a\u5bc6b"),
    ],
)
def test_it_is_shown_as_what_it_is(text: str, shown: str) -> None:
    page = page_of(report_with(text))

    told = page.by_id("error/body").text
    assert f"Expected{shown}0" in told.replace(" ", "")
    assert shown in page.by_id("generated").text
    assert shown in page.by_id("behaviors").text
    assert shown in page.all("p", "incomplete")[0].text


def test_a_hostile_body_is_shown_in_the_exchange() -> None:
    page = page_of(report_with("<b>\x1b\u202e"))

    (first, *_) = page.within(page.by_id("error/body"), "pre", "body")
    assert r"<b>\x1b\u202e" == first.text


def test_no_credential_is_told() -> None:
    report = violating()

    html = html_of_run(violating)
    assert report.secrets
    assert [] == [secret for secret in report.secrets if secret in html]
    assert "[redacted: " in html


# ---- one file


def test_nothing_is_asked_for(page: Page) -> None:
    (icon,) = page.all("link")

    assert {"rel": "icon", "href": "data:,"} == icon.attributes
    names = Counter(name for each in page.elements for name in each.attributes)
    assert not names.keys() & {"src", "srcset", "action", "formaction", "data", "poster", "background", "ping", "style"}
    assert [] == [name for name in names if name.startswith("on")]
    links = [each for each in page.all("a") + page.all("use") if not each.attributes["href"].startswith("#")]
    assert [] == links
    (style,) = page.all("style")
    assert not re.search(r"url\(|@import|@font-face", style.text)
    (script,) = page.all("script")
    assert not re.search(r"fetch|XMLHttp|import|WebSocket|sendBeacon|eval|innerHTML|document\.write", script.text)


def test_the_policy_forbids_every_request_and_every_other_script(page: Page) -> None:
    policies = [each for each in page.all("meta") if each.attributes.get("http-equiv")]
    assert ["Content-Security-Policy"] == [each.attributes["http-equiv"] for each in policies]
    policy = dict(part.strip().split(" ", 1) for part in policies[0].attributes["content"].split(";"))

    def named(tag: str) -> str:
        (element,) = page.all(tag)
        digest = hashlib.sha256("".join(element.parts).encode()).digest()
        return f"'sha256-{base64.b64encode(digest).decode()}'"

    assert {
        "default-src": "'none'",
        "img-src": "data:",
        "style-src": named("style"),
        "script-src": named("script"),
        "base-uri": "'none'",
        "form-action": "'none'",
    } == policy


@pytest.mark.parametrize("make", REPORTS)
def test_the_same_report_is_the_same_page(make: Callable[[], Report]) -> None:
    assert html_of_run(make) == to_html(document_of(make()))


def test_three_hundred_exchanges_take_less_than_half_a_megabyte() -> None:
    report = violating()
    long = replace(report, exchanges=(report.exchanges * 2)[:300])
    assert len(to_html(document_of(long)).encode()) < 300_000


def test_three_hundred_long_violations_take_less_than_half_a_megabyte() -> None:
    body = b'{"message": "' + b"<b>&" * 2000 + b'"}'
    headers = [("Content-Type", "application/json"), *((f"X-{number}", "v" * 30) for number in range(20))]
    exchanges = tuple(
        Exchange(Request("GET", f"http://127.0.0.1/v2/p?limit={number}"), Response(400, headers, body))
        for number in range(300)
    )
    violations = tuple(
        Violation("error/body", "another", f"number {number}", exchange) for number, exchange in enumerate(exchanges)
    )
    html = to_html(document_of(replace(violating(), exchanges=exchanges, violations=violations, secrets=frozenset())))

    assert len(html.encode()) < 500_000
    assert all(f"number {number}" in html for number in range(300))


# ---- structure


def test_it_is_well_formed_and_says_its_language(page: Page) -> None:
    assert [] == page.unmatched
    assert ["en"] == [each.attributes["lang"] for each in page.all("html")]
    assert page.all("title")[0].text.endswith("AppCode contract report")


def test_ids_are_unique_and_links_lead_somewhere(page: Page) -> None:
    ids = Counter(each.attributes["id"] for each in page.elements if "id" in each.attributes)

    assert [] == [name for name, count in ids.items() if count > 1]
    links = {each.attributes["href"][1:] for each in page.all("a") + page.all("use")}
    assert set() == links - ids.keys()
    named = {name for each in page.elements for name in each.attributes.get("aria-labelledby", "").split()}
    assert set() == named - ids.keys()


def test_headings_are_in_order(page: Page) -> None:
    levels = [int(each.tag[1]) for each in page.elements if re.fullmatch("h[1-6]", each.tag)]

    assert 1 == levels[0]
    assert 1 == levels.count(1)
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_there_are_landmarks_headers_of_tables_and_labels(page: Page) -> None:
    for tag in ("header", "nav", "main", "footer"):
        assert 1 == len(page.all(tag))
    assert all(each.attributes["scope"] in {"row", "col"} for each in page.all("th"))
    assert all(each.attributes.get("aria-label") or each.attributes.get("aria-labelledby") for each in page.all("form"))
    for control in page.all("input"):
        assert any(parent.tag == "label" and parent.text for parent in control.parents)


def test_without_a_script_everything_is_shown_and_no_control_is(page: Page) -> None:
    assert all("open" in each.attributes for each in page.all("details"))
    scripted = [each for each in page.elements if "hidden" in each.attributes]
    assert all("data-scripted" in each.attributes for each in scripted)
    for control in page.all("button") + page.all("input"):
        assert any("hidden" in each.attributes for each in (control, *control.parents))


# ---- what it holds


@pytest.mark.parametrize(
    ("make", "verdict", "words"),
    [
        (violating, "violates", "The server violates the contract"),
        (conforming, "conforms", "The server conforms"),
        (inconclusive, "inconclusive", "Inconclusive"),
    ],
)
def test_the_verdict_stands_first_in_words_and_colour(make: Callable[[], Report], verdict: str, words: str) -> None:
    page = page_of_run(make)

    (heading,) = page.all("h1")
    assert words in heading.text
    assert verdict in heading.parents[-1].classes
    assert page.elements.index(heading) < page.elements.index(page.by_id("matrix"))
    assert page.all("title")[0].text.startswith(words)


def test_a_run_that_did_not_end_is_marked_incomplete_with_its_problem() -> None:
    report, page = inconclusive(), page_of_run(inconclusive)

    assert report.problem
    assert [f"Incomplete: {report.problem}"] == [each.text for each in page.all("p", "incomplete")]
    assert "(incomplete)" in page.all("title")[0].text


@pytest.mark.parametrize("make", [violating, conforming])
def test_a_run_that_ended_is_not_marked(make: Callable[[], Report]) -> None:
    page = page_of_run(make)

    assert [] == page.all("p", "incomplete")
    assert "incomplete" not in page.all("title")[0].text


@pytest.mark.parametrize("text", ["known.toml, line 2", *HOSTILE.values()], ids=["harmless", *HOSTILE])
def test_what_is_out_of_date_in_the_known_deviations_is_told_as_text_in_the_verdict(text: str) -> None:
    deviations = tuple(JudgedDeviation(Deviation("list/size", "why", None, text), state) for state in DeviationState)
    document = document_of(replace(report_with("harmless"), deviations=deviations))
    page = Page(to_html(document))

    (told,) = page.all("div", "outdated")
    assert "verdict" in told.parents[-1].classes
    items = page.within(told, "li")
    assert ["kept now; remove the entry", "was accepted until None; remove the entry, or give a later date"] == [
        each.text.partition("list/size ")[2].removeprefix("is ") for each in items
    ]
    assert ["div", "p", "strong", "ul", "li", "li"] == [
        each.tag for each in page.elements if each is told or any(parent is told for parent in each.parents)
    ]
    assert [] == page.unmatched
    assert text != "known.toml, line 2" or items[0].text.startswith("known.toml, line 2: list/size")


def test_nothing_is_told_of_known_deviations_that_are_right(page: Page) -> None:
    assert [] == page.all("div", "outdated")


def test_the_matrix_knows_every_place_that_a_clause_cites() -> None:
    pages = {"Generating an AppCode": "G", "Querying AppCodes of an App": "L"}
    cited = {
        (pages[name], place)
        for clause in CLAUSES
        for name, places in re.findall(r"(Generating an AppCode|Querying AppCodes of an App), ([^;]+)", clause.page)
        for place in places.split(", ")
    }

    assert {(letter, place) for letter, places in PLACES.items() for place in places} == cited


@pytest.mark.parametrize("make", REPORTS)
def test_the_matrix_shows_each_clause_in_each_place_with_the_letter_of_its_outcome(make: Callable[[], Report]) -> None:
    report, page = make(), page_of_run(make)
    letters = dict(zip(Outcome, "PFKSN", strict=True))

    cells = page.within(page.by_id("matrix"), "a", "badge")
    for clause in report.clauses:
        mine = [each for each in cells if each.attributes["href"] == f"#{clause.id}"]
        assert len(BY_ID[clause.id].source.split(", ")) == len(mine)
        for cell in mine:
            words = clause.outcome.replace("_", " ")
            assert f"{letters[clause.outcome]} {clause.id}: {words}" == cell.text
            assert clause.outcome in cell.classes
    legend = [each.text for each in page.within(page.all("ul", "counts")[0], "li")]
    counted = Counter(clause.outcome for clause in report.clauses)
    assert sorted(legend) == sorted(f"{letters[each]}{counted[each]} {each.replace('_', ' ')}" for each in Outcome)


def test_the_places_of_the_matrix_are_in_the_order_of_the_pages() -> None:
    report, page = conforming(), page_of_run(conforming)
    cited = {place for each in report.clauses for place in BY_ID[each.id].source.split(", ")}

    rows = [each.text for each in page.within(page.by_id("matrix"), "th") if each.attributes["scope"] == "row"]
    short = {"example": "ex", "Tables 4 to 8": "T4-T8", "Tables 6 to 10": "T6-T10"}
    assert [
        place[:1].upper() + place[1:]
        for letter, places in PLACES.items()
        for place in places
        if f"{letter} {short.get(place, place.replace('Table ', 'T'))}" in cited
    ] == rows


def test_a_clause_that_was_not_asked_for_is_absent() -> None:
    report = conforming()
    asked = tuple(each for each in report.clauses if each.id.startswith("list/limit"))
    page = page_of(replace(report, clauses=asked))

    assert {f"#{each.id}" for each in asked} == {
        each.attributes["href"] for each in page.within(page.by_id("matrix"), "a", "badge")
    }
    assert [each.id for each in asked] == [each.attributes["id"] for each in page.all("details", "clause")]
    assert ["Table 2"] == [
        each.text for each in page.within(page.by_id("matrix"), "th") if each.attributes["scope"] == "row"
    ]


@pytest.mark.parametrize("make", REPORTS)
def test_every_clause_is_told_with_statement_source_and_evidence(make: Callable[[], Report]) -> None:
    report, page = make(), page_of_run(make)

    for clause in report.clauses:
        told = page.by_id(clause.id)
        assert clause.outcome == told.attributes["data-outcome"]
        for words in (BY_ID[clause.id].statement, BY_ID[clause.id].page, clause.evidence):
            assert " ".join(words.split()) in told.text


def test_a_violation_is_told_with_everything_that_the_document_has_of_it() -> None:
    report = violating()
    document = document_of(report)
    page = page_of(report)

    assert document["violations"]
    for violation in document["violations"]:
        told = page.by_id(violation["clause"]).text
        exchange = document["exchanges"][violation["exchange"]]
        request, response = exchange["request"], exchange["response"]
        headers = [": ".join(each) for each in request["headers"] + response["headers"]]
        for words in (
            violation["expected"],
            violation["actual"],
            violation["repeat"],
            f"{request['method']} {request['url']}",
            f"Status {response['status']}",
            response["body"],
            *headers,
        ):
            assert words in told


def test_a_violation_of_a_sequence_says_that_no_request_shows_it() -> None:
    report = replace(violating(), violations=(Violation("list/paging", "one", "another"),))
    clauses = tuple(replace(each, outcome=Outcome.FAILED) for each in report.clauses if each.id == "list/paging")
    page = page_of(replace(report, clauses=clauses))

    assert "No single request shows it" in page.by_id("list/paging").text
    assert [] == page.all("button", "copy")


def test_a_violation_beside_what_was_asked_for_is_told_all_the_same() -> None:
    report = violating()
    page = page_of(replace(report, clauses=report.clauses[:3]))

    assert "Beside what was asked for: list/limit/type" in [each.text for each in page.all("h3")]


def test_what_a_generate_leaves_is_told_beside_its_command() -> None:
    page = page_of(with_defect("generate answers 200"))

    assert "It makes another AppCode, which stays." in page.by_id("generate/status").text


def test_what_was_generated_is_listed_by_id() -> None:
    report = conforming()
    page = page_of(replace(report, generated=(*report.generated, ""), unanswered=2))

    told = page.by_id("generated").text
    assert report.generated
    assert all(each in told for each in report.generated)
    assert "1 request to generate succeeded and named no id." in told
    assert "2 requests to generate had no answer" in told


def test_behaviors_are_told() -> None:
    report, page = conforming(), page_of_run(conforming)

    rows = [each.text for each in page.within(page.by_id("behaviors"), "tr")][1:]
    assert [f"{name}{value}" for name, value in report.behaviors.items()] == [row.replace(" ", "") for row in rows]


@pytest.mark.parametrize("make", REPORTS)
def test_every_request_is_a_point_and_a_row(make: Callable[[], Report]) -> None:
    report, page = make(), page_of_run(make)

    (plot,) = (each for each in page.all("svg") if each.attributes.get("role") == "img")
    points = page.within(plot, "use")
    shapes = {"GET": "#shape-circle", "PUT": "#shape-triangle"}
    assert [shapes[each.request.method] if each.response else "#shape-cross" for each in report.exchanges] == [
        each.attributes["href"] for each in points
    ]
    assert len(report.exchanges) == len(points) == len(page.within(page.by_id("requests"), "tr")) - 1
    places = [float(each.attributes["x"].rstrip("%")) for each in points]
    assert sorted(places) == places
    assert all(0 <= float(each.attributes["y"].rstrip("%")) <= 100 for each in points)


def test_the_plot_names_its_axes_and_says_in_words_what_it_shows() -> None:
    exchanges = tuple(
        Exchange(Request("GET", "http://127.0.0.1/"), Response(200), seconds=seconds) for seconds in (0.2, 2.5, 0.4)
    )
    page = page_of(replace(violating(), exchanges=exchanges, violations=()))

    (plot,) = (each for each in page.all("svg") if each.attributes.get("role") == "img")
    words = [each.text for each in page.within(plot, "text")]
    assert ["request, in order", "seconds"] == words[-2:]
    assert ["0", "0.5", "1", "1.5", "2", "2.5", "1", "2", "3"] == words[:-2]
    assert ["50%"] == [each.attributes["x"] for each in page.within(plot, "use") if each.attributes["y"] == "0%"]
    summary = page.by_id("plot-summary").text
    assert "Half of the requests took 400 ms or less; the longest, request 2 (GET), took 2.50 s." == summary
    assert "plot-summary" in plot.attributes["aria-labelledby"].split()


def test_a_run_without_a_request_has_no_plot() -> None:
    page = page_of(replace(inconclusive(), exchanges=(), violations=()))

    assert [] == page.all("svg")
    assert "no request was sent" in page.all("header")[0].text


def test_without_true_times_no_time_is_shown() -> None:
    document = document_of(violating())
    page = Page(to_html({**document, "started": None}))

    assert [] == page.all("figure")
    assert "Started" in page_of_run(violating).all("header")[0].text
    assert "Started" not in page.all("header")[0].text
    rows = page.within(page.by_id("requests"), "tr")
    assert ["No.", "Method", "Query or URL", "Status", "Bytes"] == [each.text for each in page.within(rows[0], "th")]
    assert len(document["exchanges"]) == len(rows) - 1
    assert {5} == {len(page.within(each, "td") + page.within(each, "th")) for each in rows}


# ---- what is marked


@pytest.mark.parametrize(
    ("name", "clause", "marked"),
    [
        ("limit abc is a 422", "list/limit/type", ["limit=abc", "422"]),
        ("limit abc is a 422", "status/documented", ["422"]),
        ("limit 500 is a 500", "list/limit/maximum", ["limit=500", "500"]),
        ("generate answers 200", "generate/status", ["200"]),
        ("app_code is missing on generate", "generate/app-code", ["app_code"]),
    ],
)
def test_the_offending_part_of_a_real_exchange_is_marked(name: str, clause: str, marked: list[str]) -> None:
    assert marked == list(dict.fromkeys(marks_of(with_defect(name), clause)))


URL = "http://127.0.0.1/v2/p1/apic/instances/i1/apps/a1/app-codes?offset=3&limit=4"
BODY = b'{"error_code": "APIG.1", "error_msg": "a \\"b\\" c", "total": 5}'


@pytest.mark.parametrize(
    ("clause", "marked"),
    [
        ("path/uri", ["/v2/p1/apic/instances/i1/apps/a1/app-codes", "400"]),
        ("path/project-id", ["p1", "400"]),
        ("path/instance-id", ["i1", "400"]),
        ("path/app-id", ["a1", "400"]),
        ("header/x-auth-token", ["x-auth-token: t", "400"]),
        ("error/no-effect/wrong-token", ["x-auth-token: t", "400"]),
        ("list/offset/negative", ["offset=3"]),
        ("list/paging", ["offset=3", "limit=4"]),
        ("list/total", ['"total": 5']),
        ("error/404/code", ['"error_code": "APIG.1"', '"error_msg": "a \\"b\\" c"']),
        ("error/body", [BODY.decode()]),
        ("body/json", ["Content-Type: text/html", BODY.decode()]),
        ("list/read-only", ["400"]),
        ("list/size", ["400"]),
    ],
)
def test_what_a_clause_is_about_is_marked(clause: str, marked: list[str]) -> None:
    exchange = Exchange(
        Request("GET", URL, [("x-auth-token", "t")]), Response(400, [("Content-Type", "text/html")], BODY)
    )
    found = marks_of(report_about(exchange, clause), clause)
    assert marked == [re.sub(r"\[redacted[^\]]*\]", "t", each) for each in found]


@pytest.mark.parametrize(
    ("clause", "query", "body", "marked"),
    [
        ("list/query", "?offset=1&sort=up&limit=2&page=3", b"", ["sort=up", "page=3"]),
        ("list/query", "?off%73et=1&Limit=2", b"", ["Limit=2"]),
        ("generate/no-query", "?offset=1&sort=up", b"", ["offset=1&sort=up"]),
        ("generate/no-body", "?a=b", b"{}", ["2 bytes of body"]),
        ("list/no-body", "", b"x", ["1 byte of body"]),
        ("list/no-body", "", b"", ["200"]),
        ("list/limit", "?limit=2&sort=up", b"{}", ["limit=2"]),
    ],
)
def test_what_a_request_must_not_have_is_marked(clause: str, query: str, body: bytes, marked: list[str]) -> None:
    exchange = Exchange(Request("GET", URL.partition("?")[0] + query, (), body), Response(200))
    page = page_of(replace(report_about(exchange, clause), clauses=()))
    assert marked == [each.text for each in page.within(page.all("div", "exchange")[0], "mark")]


@pytest.mark.parametrize(("body", "told"), [(b"12345", True), (b"", False)])
def test_the_size_of_a_request_s_body_is_told_when_there_is_one(body: bytes, told: bool) -> None:  # noqa: FBT001 - a case
    exchange = Exchange(Request("PUT", URL, (), body), Response(400))
    shown = page_of(report_about(exchange, "error/body")).by_id("error/body").text

    assert told is ("5 bytes of body" in shown)
    assert told is ("of body" in shown)


def test_a_header_that_was_not_sent_is_named() -> None:
    exchange = Exchange(Request("GET", URL), Response(200))
    page = page_of(report_about(exchange, "header/x-auth-token"))

    assert "No X-Auth-Token was sent." in page.by_id("header/x-auth-token").text


def test_a_long_body_is_cut_and_says_so() -> None:
    body = b'{"a": "' + b"word " * 400 + b'"}'
    exchange = Exchange(Request("GET", URL), Response(400, [], body))
    page = page_of(report_about(exchange, "list/read-only"))

    assert f"… and {len(body) - 1000} characters more in the JSON report." in page.by_id("list/read-only").text


@pytest.mark.parametrize(("kind", "told"), [("server", "the test of list/limit/type"), ("client", "list/limit/type")])
def test_what_found_a_violation_is_a_clause_s_test_or_a_client_s(kind: str, told: str) -> None:
    document = {**document_of(violating()), "kind": kind}
    page = Page(to_html(document))

    texts = [each.text for each in page.all("dd")]
    assert told in texts
    assert ("the test of list/limit/type" in texts) == (kind == "server")
