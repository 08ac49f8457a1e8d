"""A tablet in a shop, and what its visitors do: over a deployment that runs as its product starts it."""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, Page, ViewportSize

from tests.cli.deployment import Deployment, until

TABLET: ViewportSize = {"width": 1280, "height": 800}
PATIENCE_MS = 15_000
# Everything a browser keeps for a page, as text: databases, caches, storages, and what the page itself shows.
EVERYTHING = """async () => {
  const found = [];
  const utf8 = new TextDecoder(), utf16 = new TextDecoder("utf-16le");
  const take = (value) => {
    if (value instanceof CryptoKey) found.push("key:" + value.type + ":" + value.extractable);
    else if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
      found.push(utf8.decode(value));
      found.push(utf16.decode(value));
    } else if (value && typeof value === "object") Object.entries(value).forEach((pair) => pair.forEach(take));
    else found.push(String(value));
  };
  const asked = (request) => new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
  for (const one of await indexedDB.databases()) {
    const database = await asked(indexedDB.open(one.name));
    for (const store of database.objectStoreNames) {
      const held = database.transaction(store).objectStore(store);
      take(await asked(held.getAllKeys()));
      take(await asked(database.transaction(store).objectStore(store).getAll()));
    }
    database.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      found.push(request.url);
      if (!/woff2$/.test(request.url)) found.push(await (await cache.match(request)).text());
    }
  }
  [localStorage, sessionStorage].forEach((storage) => take(Object.assign({}, storage)));
  found.push(document.cookie, location.href, JSON.stringify(history.state));
  return found.join("\\n");
}"""
# Ready is who is about to be active; a page starts from it without a network once it is.
KEPT = """() => navigator.serviceWorker.ready.then(async ({active}) => {
  while (active.state !== "activated") await new Promise((done) => active.addEventListener("statechange", done));
})"""
SHOWN = """() => document.documentElement.outerHTML
  + [...document.querySelectorAll("input, textarea, select")].map((one) => one.value)"""


def told(place: Deployment, *words: str) -> Any:
    """Let something be done with the deployment, and return what was said of it."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.surveys.tablet.story", *words],
        env={**place.environment(), "DJANGO_SETTINGS_MODULE": "amana.web.settings"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    return json.loads(lines[-1]) if lines else None


@dataclass
class Tablet:
    """One tablet and the page it runs."""

    place: Deployment
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def unpacked(cls, place: Deployment, context: BrowserContext) -> "Tablet":
        """Return a tablet that nobody has enrolled yet; what its browser complains of is kept."""
        context.set_default_timeout(PATIENCE_MS)
        page = context.pages[0] if context.pages else context.new_page()
        made = cls(place, context, page)
        page.on("pageerror", lambda error: made.complaints.append(str(error)))
        return made

    @property
    def address(self) -> str:
        """Return where the deployment is."""
        return f"http://127.0.0.1:{self.place.port}"

    def open(self, language: str = "ar", code: str = "") -> None:
        """Open the page, as from the square that staff are shown."""
        self.page.goto(f"{self.address}/{language}/tablet{'#' + code if code else ''}")

    def enrol(self, shop: str = "deira", language: str = "ar") -> "Tablet":
        """Enrol it for a shop, and wait until it may start without a network."""
        self.open(language, told(self.place, "invite", shop))
        self.page.locator(".enrol button").click()
        self.rested()
        self.cached()
        return self

    def rested(self) -> None:
        """Wait until it waits for somebody."""
        self.page.locator(".attract .start").first.wait_for()

    def cached(self) -> None:
        """Wait until the service worker keeps what it needs."""
        self.page.evaluate(KEPT)

    def begin(self, language: str = "ar") -> None:
        """Begin the survey in one language."""
        self.page.locator(f".side[lang={language}] .start").click()
        self.page.locator(".asked").wait_for()

    def forward(self) -> None:
        """Go to the next section, or send."""
        self.page.locator(".asked button[type=submit]").click()

    def answer(self, language: str = "ar", words: str = "", name: str = "", email: str = "") -> None:
        """Answer the example's survey of a visit, and leave it at the thanks."""
        page = self.page
        self.begin(language)
        page.locator("#q-overall label").nth(1).click()
        page.locator("#q-recommend label").nth(3).click()
        self.forward()
        page.locator("#q-found_it label").first.click()
        self.forward()
        page.locator("#q-why textarea").fill(words)
        self.forward()
        if name:
            page.locator("#q-contact [data-field=name] input").fill(name)
        if email:
            page.locator("#q-contact [data-field=email] input").fill(email)
        self.forward()
        page.locator(".done").wait_for()

    def done(self) -> None:
        """Say that one is done; the next may come."""
        self.page.locator(".done > .btn").click()
        self.rested()

    def sync(self) -> str:
        """Let it speak with the server now; return what went wrong."""
        said = "Amana.tablet.sync().then(() => String(Amana.tablet.problem || ''))"
        return str(self.page.evaluate(said))

    def counts(self) -> dict[str, int]:
        """Return how many answers wait on it, and how many were laid aside."""
        found = self.page.evaluate("Amana.store.counts()")
        return {"waiting": found["waiting"], "refused": found["refused"]}

    def held(self) -> str:
        """Return everything its browser keeps for the page, as text."""
        return str(self.page.evaluate(EVERYTHING))

    def shown(self) -> str:
        """Return everything that stands on the page."""
        return str(self.page.evaluate(SHOWN))

    def taken(self, at_least: int) -> list[dict[str, Any]]:
        """Return what the server took in, once there is as much."""
        assert until(lambda: told(self.place, "count")[0] >= at_least, 30)
        return list(told(self.place, "answers")["taken"])
