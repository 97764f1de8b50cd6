"""The HTML report in a browser: it asks for nothing, is found one's way in, can be read by everybody, and prints."""

from __future__ import annotations

import os
import re
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import RUNS
from tests.reporting.reports import violating

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import Opened, Scheme

    Open = Callable[..., Opened]

WIDTHS = (360, 1280)
SCHEMES = ("light", "dark")
AXE = {"resultTypes": ["violations", "incomplete"]}
FAILED = [each.id for each in violating().clauses if each.outcome == "failed"]
EVERY = {each.id for each in violating().clauses}
CLAUSE = "list/limit/maximum"


def open_clauses(opened: Opened) -> list[str]:
    found: list[str] = opened.page.eval_on_selector_all(".clause[open]", "all => all.map((each) => each.id)")
    return found


# ---- opened


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_rule_of_accessibility_is_broken(open_report: Open, name: str, scheme: Scheme, width: int) -> None:
    opened = open_report(name, width=width, scheme=scheme)
    opened.page.get_by_role("button", name="Open all").click()
    opened.page.locator(".requests > summary").click()

    response: dict[str, Any] = Axe().run(opened.page, options=AXE).response

    assert [] == [(each["id"], [node["html"] for node in each["nodes"]]) for each in response["violations"]]
    undecided = [each["id"] for each in response["incomplete"] if each["id"] != "color-contrast"]
    assert [] == undecided


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("width", [320, 360, 600, 800, 1280, 2560])
def test_the_page_scrolls_in_one_direction_only(open_report: Open, name: str, width: int) -> None:
    page = open_report(name, width=width).page
    page.get_by_role("button", name="Open all").click()
    page.locator(".requests > summary").click()

    assert width == page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_it_can_be_pictured(open_report: Open, tmp_path: Path, scheme: Scheme, width: int) -> None:
    folder = Path(os.environ.get("APPCODE_SCREENSHOTS") or tmp_path)
    page = open_report(width=width, scheme=scheme).page

    picture = page.screenshot(path=folder / f"report-{width}-{scheme}.png")

    assert (width, 900) == struct.unpack(">II", picture[16:24])
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    brightness = sum(map(int, re.findall(r"\d+", background))) / 3
    assert brightness > 200 if scheme == "light" else brightness < 50


def test_only_what_failed_is_open_at_first(open_report: Open) -> None:
    opened = open_report()

    assert FAILED == open_clauses(opened)
    assert EVERY == set(opened.shown())


def test_without_a_script_everything_is_open_and_no_control_is_there(open_report: Open) -> None:
    page = open_report(java_script_enabled=False).page

    assert len(EVERY) == page.locator(".clause[open] > div").count()
    assert all(each.is_visible() for each in page.locator(".clause .statement").all())
    assert page.locator("#requests tbody tr").first.is_visible()
    assert not page.locator("#filter").is_visible()
    assert not page.locator("button").first.is_visible()


def test_a_script_that_is_not_its_own_does_not_run(open_report: Open) -> None:
    opened = open_report()
    opened.page.evaluate("document.body.insertAdjacentHTML('afterbegin', '<b onclick=\"window.ran = 1\">press</b>')")
    opened.page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))"
    )

    opened.page.get_by_text("press", exact=True).click()

    assert opened.page.evaluate("window.ran") is None
    assert any("Content Security Policy" in each for each in opened.complaints)
    opened.complaints.clear()


# ---- filtered


def test_the_filter_by_outcome_shows_the_rest_and_counts_it(open_report: Open) -> None:
    opened = open_report()
    status = opened.page.get_by_role("status").first
    assert f"{len(EVERY)} of {len(EVERY)} clauses shown" == status.inner_text()

    opened.page.get_by_role("checkbox", name="passed").uncheck()
    opened.page.get_by_role("checkbox", name="not exercised").uncheck()

    assert FAILED == opened.shown()
    assert f"{len(FAILED)} of {len(EVERY)} clauses shown" == status.inner_text()
    assert "polite" == status.get_attribute("aria-live")
    assert not opened.page.get_by_role("heading", name="Held", exact=True).is_visible()


def test_the_filter_by_text_wants_every_word(open_report: Open) -> None:
    opened = open_report()

    opened.page.get_by_role("searchbox", name="Text in a clause").fill("LIMIT largest")
    assert [CLAUSE] == opened.shown()

    opened.page.get_by_role("searchbox").fill("no such words")
    assert [] == opened.shown()

    opened.page.get_by_role("searchbox").fill("")
    assert EVERY == set(opened.shown())


# ---- followed


def test_a_deep_link_opens_and_highlights_its_clause(open_report: Open) -> None:
    opened = open_report()
    opened.go(f"#{CLAUSE}")

    assert [*FAILED, CLAUSE] == open_clauses(opened)
    target = opened.page.locator(f"[id='{CLAUSE}']")
    assert "linked" in str(target.get_attribute("class"))
    assert target.locator(".statement").is_visible()
    assert CLAUSE == opened.page.evaluate("document.activeElement.closest('.clause').id")
    assert target.evaluate("(each) => { const top = each.getBoundingClientRect().top; return top >= 0 && top < 450; }")
    assert "0px" != target.evaluate("(each) => getComputedStyle(each).outlineWidth")


def test_a_cell_leads_to_a_clause_that_the_filter_hides(open_report: Open) -> None:
    opened = open_report()
    opened.page.get_by_role("checkbox", name="passed").uncheck()
    assert CLAUSE not in opened.shown()

    opened.page.locator(f".cells a[href='#{CLAUSE}']").click()

    assert CLAUSE in opened.shown()
    assert CLAUSE in open_clauses(opened)
    assert "list/limit/minimum" not in opened.shown()


def test_the_same_cell_leads_there_again(open_report: Open) -> None:
    opened = open_report()
    cell = opened.page.locator(f".cells a[href='#{CLAUSE}']")
    cell.click()
    opened.page.get_by_role("button", name="Close all").click()

    cell.click()

    assert [CLAUSE] == open_clauses(opened)


def test_a_cell_says_what_it_is_when_it_has_the_focus(open_report: Open) -> None:
    page = open_report().page
    cell = page.locator(f".cells a[href='#{CLAUSE}']")
    page.keyboard.press("Tab")
    cell.focus()

    assert f"P {CLAUSE}: passed" == " ".join(cell.inner_text().split())
    tip = cell.evaluate("(each) => [getComputedStyle(each, '::after').display, each.dataset.tip]")
    assert "none" != tip[0]
    assert f"{CLAUSE}: passed" == tip[1]


def test_a_link_to_a_request_opens_the_table(open_report: Open) -> None:
    opened = open_report()
    link = opened.page.locator(".violation dd a").first
    row = opened.page.locator(f"[id='{str(link.get_attribute('href'))[1:]}']")
    assert not row.is_visible()

    link.click()

    assert row.is_visible()
    assert "linked" in str(row.get_attribute("class"))


@pytest.mark.parametrize("fragment", ["#no/such/clause", "#%E0%A4%A", "#"])
def test_a_link_to_nowhere_does_nothing(open_report: Open, fragment: str) -> None:
    opened = open_report()
    opened.go(fragment)

    assert FAILED == open_clauses(opened)
    assert 0 == opened.page.locator(".linked").count()


# ---- copied


def test_the_curl_command_is_copied_by_keyboard_and_it_is_said(open_report: Open) -> None:
    page = open_report(permissions=["clipboard-read", "clipboard-write"]).page
    button = page.locator(".copy").first
    button.focus()

    page.keyboard.press("Enter")

    page.get_by_text("Copied").first.wait_for()
    assert "Copied" == button.inner_text()
    assert "Copied" == page.locator("#said").inner_text()
    command = page.locator(".curl code").first.inner_text()
    assert command.startswith("curl -i -X GET")
    assert command == page.evaluate("navigator.clipboard.readText()")


def test_it_is_copied_without_the_clipboard_interface_too(open_report: Open) -> None:
    page = open_report(permissions=["clipboard-read", "clipboard-write"]).page
    page.evaluate("navigator.clipboard.writeText('before')")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed')); }")

    page.locator(".copy").first.click()

    page.get_by_text("Copied").first.wait_for()
    assert page.locator(".curl code").first.inner_text() == page.evaluate("navigator.clipboard.readText()")


def test_the_tab_key_reaches_every_control_in_order(open_report: Open) -> None:
    page = open_report().page
    reached: list[str] = []
    for _ in range(150):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.className"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert "none" != outline or page.evaluate("document.activeElement === document.body")

    assert "skip" == reached[0]
    order = [next(place for place, each in enumerate(reached) if sought in each) for sought in ("badge", "copy")]
    assert sorted(order) == order
    assert {"filter-text", "open-all", "close-all"} <= set(reached)


# ---- printed


def test_in_print_everything_is_open_and_no_control_is_there(open_report: Open) -> None:
    page = open_report(scheme="dark").page
    page.get_by_role("checkbox", name="passed").uncheck()
    page.emulate_media(media="print")

    assert all(each.is_visible() for each in page.locator(".clause .statement").all())
    assert page.locator("#requests tbody tr").first.is_visible()
    for control in page.locator("button, .filter, nav, .skip").all():
        assert not control.is_visible()
    assert ["avoid"] == list(
        set(page.eval_on_selector_all(".violation", "all => all.map((each) => getComputedStyle(each).breakInside)"))
    )
    assert "rgb(27, 36, 48)" == page.evaluate("getComputedStyle(document.body).color")


def test_a_printed_report_holds_what_was_folded_and_is_folded_again(open_report: Open) -> None:
    opened = open_report()
    page = opened.page
    before = open_clauses(opened)

    short = len(re.findall(rb"/Type\s*/Page\b", page.pdf(page_ranges="1")))
    whole = len(re.findall(rb"/Type\s*/Page\b", page.pdf()))

    assert 1 == short
    assert whole > 10
    assert before == open_clauses(opened)
