"""A headless Chromium, and the HTML report of each kind of run as a file."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Any, Final, Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from appcode_contract.reporting.document import document_of
from appcode_contract.reporting.html_report import to_html
from tests.reporting.reports import conforming, inconclusive, violating

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

RUNS: Final = {"violates": violating, "conforms": conforming, "inconclusive": inconclusive}
NAMES: Final = ("chromium", "google-chrome")
QUIET: Final = ("--disable-background-networking", "--disable-component-update", "--no-first-run", "--disable-gpu")
Scheme = Literal["light", "dark"]


class Opened:
    """A report in a tab, and what the tab did beside showing it.

    Args:
        page: The tab.
        path: The report.
    """

    def __init__(self, page: Page, path: Path) -> None:
        self.page, self.url = page, path.as_uri()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.go()

    def go(self, fragment: str = "") -> None:
        """Open it anew, perhaps at a clause."""
        self.page.goto("about:blank")
        self.page.goto(self.url + fragment)

    def shown(self) -> list[str]:
        """Give the ids of the clauses that can be seen."""
        found: list[str] = self.page.eval_on_selector_all(
            ".clause", "all => all.filter((each) => each.offsetParent !== null).map((each) => each.id)"
        )
        return found


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The reports, by their verdict."""
    folder = tmp_path_factory.mktemp("reports")
    for name, make in RUNS.items():
        (folder / f"{name}.html").write_text(to_html(document_of(make())), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in RUNS}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Whichever Chromium there is; APPCODE_BROWSER names another one."""
    path = os.environ.get("APPCODE_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def open_report(browser: Browser, files: dict[str, Path]) -> Iterator[Callable[..., Opened]]:
    """Opens a report; afterwards no tab has asked for anything or complained."""
    opened: list[Opened] = []

    def open_one(name: str = "violates", *, width: int = 1280, scheme: Scheme = "light", **options: Any) -> Opened:  # noqa: ANN401 - what a browser's context takes
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **options)
        opened.append(Opened(context.new_page(), files[name]))
        return opened[-1]

    yield open_one
    for each in opened:
        each.page.context.close()
        assert [] == each.complaints
        assert {each.url} == {url.partition("#")[0] for url in each.requests if url != "about:blank"}
