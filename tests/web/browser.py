"""A real browser for tests: headless, offline, one for all the pages of a module."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

PROGRAM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SMALLEST_TARGET = 24
# WCAG 2.2, 2.5.8: a link in a line of text, and what is hidden, may be smaller.
TARGETS = """least => [...document.querySelectorAll("a, button, input, select, textarea, summary, label.choice")]
  .filter(one => one.checkVisibility({checkOpacity: true, checkVisibilityCSS: true}))
  .filter(one => !one.closest(".skip, p, dd, dt"))
  .map(one => [one.outerHTML.slice(0, 90), one.closest("label.choice") || one])
  .map(([text, one]) => [text, one.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.height < least || box.width < least)).map(([text]) => text)"""


@dataclass(frozen=True)
class View:
    """How a page is looked at."""

    language: Literal["ar", "en"]
    scheme: Literal["light", "dark"]
    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.language}-{self.scheme}-{self.width}"


VIEWS = [
    View(language, scheme, width, height)
    for language in ("ar", "en")
    for scheme in ("light", "dark")
    for width, height in ((390, 844), (1280, 900))
]

# Every language, scheme and width once, with each of the others: for pages made of pieces already seen.
SOME_VIEWS = [VIEWS[0], VIEWS[3], VIEWS[5], VIEWS[6]]


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Start the browser and end it."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=PROGRAM, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def open_page(browser: Browser, address: str, view: View) -> Iterator[tuple[Page, list[str]]]:
    """Open an address; the list fills with what the browser complains of."""
    context = browser.new_context(
        viewport={"width": view.width, "height": view.height},
        color_scheme=view.scheme,
        reduced_motion="reduce",
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.extend(_complaint(said, address)))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    yield page, complaints
    context.close()


def _complaint(said: ConsoleMessage, address: str) -> list[str]:
    # A page that is refused or missing is itself what is looked at.
    return [said.text] if said.type == "error" and said.location["url"] != address else []


def violations(page: Page) -> list[str]:
    """Return what axe finds against WCAG 2.2 AA and its own best practices, by rule and place."""
    found = Axe().run(page).response["violations"]
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]
    ]


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def small_targets(page: Page) -> list[str]:
    """Return what is too small to be hit by a thumb."""
    return list(page.evaluate(TARGETS, SMALLEST_TARGET))
