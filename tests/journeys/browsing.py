"""How the people of a story look at pages: a phone, a desktop, and an eye on every page they open."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page

from tests.web import browser as eyes

Language = Literal["ar", "en"]
DIRECTIONS = {"ar": "rtl", "en": "ltr"}
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
PATIENCE_MS = 15_000


@dataclass
class Person:
    """Somebody with a browser of their own."""

    name: str
    language: Language
    address: str
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    seen: int = 0

    @classmethod
    def with_phone(cls, name: str, language: Language, address: str, browser: Browser) -> "Person":
        """Give somebody a phone."""
        return cls._with(name, language, address, browser, "phone")

    @classmethod
    def at_desk(cls, name: str, language: Language, address: str, browser: Browser) -> "Person":
        """Give somebody a desktop computer."""
        return cls._with(name, language, address, browser, "desktop")

    @classmethod
    def _with(cls, name: str, language: Language, address: str, browser: Browser, screen: str) -> "Person":
        context = browser.new_context(
            viewport=PHONE if screen == "phone" else DESKTOP,  # type: ignore[arg-type]
            is_mobile=screen == "phone",
            has_touch=screen == "phone",
            locale={"ar": "ar-AE", "en": "en-GB"}[language],
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        made = cls(f"{name}-{screen}", language, address, context, page)
        page.on("console", lambda said: made.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: made.complaints.append(str(error)))
        return made

    def open(self, path: str, called: str) -> None:
        """Open a path of the deployment, or a whole address, and look at it."""
        self.page.goto(path if path.startswith("http") else f"{self.address}{path}")
        self.look(called)

    def press(self, one: Locator, called: str) -> None:
        """Press a button or a link that leads to another page, and look at it."""
        with self.page.expect_navigation():
            one.click()
        self.look(called)

    def go_on(self, called: str) -> None:
        """Go on to the next part of a survey, and look at it."""
        before = self.page.locator("h1").inner_text()
        self.page.locator("form.asked button[type=submit]").click()
        self.page.wait_for_function("was => document.querySelector('h1').innerText !== was", arg=before)
        self.look(called)

    def look(self, called: str) -> None:
        """Look at the page that is open: its language, its direction, what axe and the browser say; keep a picture."""
        self.page.wait_for_load_state()
        try:
            self._see(called)
        except Error as error:
            # A page that renews itself while it is looked at is looked at again.
            if "Execution context was destroyed" not in str(error):
                raise
            self.page.wait_for_load_state()
            self._see(called)
        assert self.complaints == [], (called, self.complaints)

    def _see(self, called: str) -> None:
        root = self.page.locator("html")
        assert root.get_attribute("lang") == self.language, called
        assert root.get_attribute("dir") == DIRECTIONS[self.language], called
        self._picture(called)
        assert eyes.violations(self.page) == [], called
        assert eyes.overflow(self.page) == 0, called

    def _picture(self, called: str) -> None:
        folder = os.environ.get("AMANA_SCREENSHOTS")
        if not folder:
            return
        self.seen += 1
        for scheme in ("dark", "light"):
            self.page.emulate_media(color_scheme=scheme)
            name = f"{self.language}-{self.name}-{self.seen:02}-{called}-{scheme}.png"
            self.page.screenshot(path=Path(folder) / name, full_page=True)
