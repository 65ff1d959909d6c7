"""A real browser, as `make browser` finds it, without a network."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from lint_rules.diagrams.find import Finder
from lint_rules.diagrams.formats import Wanted, draw
from lint_rules.settings.configuration import Configuration
from tests.diagrams.test_diagrams import FILES
from tests.folder import Folder
from tests.health.repositories import git, with_history, write

PICTURES = Path(__file__).parents[2] / ".browser"
"""Where pictures are left to look at."""


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        # Chromium's sandbox does not work for root.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        path = os.environ.get("CHROMIUM") or shutil.which("chromium")
        started = playwright.chromium.launch(executable_path=path, args=arguments)
        yield started
        started.close()


@pytest.fixture(params=["light", "dark"])
def page(request, browser: Browser, drawn: Path):
    """The map, in each of the reader's colours."""
    with opened(browser, drawn, request.param) as page:
        yield page


@pytest.fixture(params=["light", "dark"])
def health(request, browser: Browser, reported: Path):
    """The page on the health of repositories, in each of the reader's colours."""
    with opened(browser, reported, request.param) as page:
        yield page


@contextmanager
def opened(browser: Browser, file: Path, scheme: str) -> Iterator[Page]:
    """A page; nothing may be asked for besides, and nothing said on the console."""
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1400, "height": 800})
    asked, messages = [], []
    page = context.new_page()
    page.on("request", lambda made: asked.append(made.url))
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.goto(file.as_uri())
    yield page
    context.close()
    assert [url for url in asked if not url.startswith(file.as_uri())] == []
    assert messages == []


@pytest.fixture(scope="session")
def drawn(tmp_path_factory) -> Path:
    """A page of some flows that are linked in every way."""
    folder = tmp_path_factory.mktemp("flows")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    found = Finder([folder], Configuration(), folder).map(with_findings=True)
    page = folder / "map.html"
    page.write_text(draw("html", Wanted(found, None, folder)))
    return page


@pytest.fixture(scope="session")
def reported(tmp_path_factory) -> Path:
    """The page on the health of two repositories, one of which has a history."""
    folder = tmp_path_factory.mktemp("repositories")
    with_history(folder / "shop")
    write(folder / "depot")
    git(folder / "depot", "init", "--quiet")
    done = Folder(folder).lint("report", "shop", "depot", "--output-file", "health.html")
    assert (done.status, done.err) == (0, "")
    return folder / "health.html"


def picture(page: Page, name: str) -> None:
    """Leaves a picture of a page."""
    scheme = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'")
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}-{scheme}.png")
