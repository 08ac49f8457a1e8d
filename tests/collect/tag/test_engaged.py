"""Engaged time in a real browser: what was before somebody's eyes, whatever becomes of the page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Error, Page

from tests.collect.tag.website import Receiver, until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
Visit = Callable[[str], Page]
HIDE = """state => {
  Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
  document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
}"""


class Window:
    """The window around a page, which can lose the focus to another."""

    def __init__(self, page: Page) -> None:
        self.session = page.context.new_cdp_session(page)
        # Otherwise the driver lets every page believe that it is looked at.
        self.session.send("Emulation.setFocusEmulationEnabled", {"enabled": False})
        self.number = self.session.send("Browser.getWindowForTarget")["windowId"]
        self.page = page

    def leave(self) -> None:
        """Turn to something else."""
        self._to("minimized")
        until(self.page, "!document.hasFocus()")

    def come_back(self) -> None:
        """Turn to the page again."""
        self._to("normal")
        until(self.page, "document.hasFocus()")

    def _to(self, state: str) -> None:
        bounds = {"windowId": self.number, "bounds": {"windowState": state}}
        self.session.send("Browser.setWindowBounds", bounds)


def read(page: Page, seconds: int) -> None:
    """Let time pass on a page."""
    page.clock.run_for(seconds * 1000)


def test_two_minutes_of_reading_are_two_minutes(visit: Visit, receiver: Receiver) -> None:
    page = visit("/")
    read(page, 120)
    assert list(receiver.engaged(at_least=8).values()) == [120_000]
    told = [event["properties"] for event in receiver.events("Time Engaged")]
    assert sorted(one["sequence"] for one in told) == list(range(1, 9))
    assert sorted(one["engaged_ms"] for one in told) == [15_000 * one for one in range(1, 9)]


def test_leaving_tells_what_the_last_heartbeat_did_not(visit: Visit, receiver: Receiver) -> None:
    page = visit("/")
    read(page, 7)
    page.goto("about:blank")
    assert list(receiver.engaged().values()) == [7_000]


def test_another_window_stops_the_time(visit: Visit, receiver: Receiver) -> None:
    page = visit("/")
    window = Window(page)
    read(page, 40)
    window.leave()
    assert max(receiver.engaged(at_least=3).values()) == 40_000
    read(page, 600)
    window.come_back()
    read(page, 20)
    page.goto("about:blank")
    assert list(receiver.engaged(at_least=5).values()) == [60_000]


def test_another_tab_stops_the_time(visit: Visit, receiver: Receiver) -> None:
    page = visit("/")
    read(page, 40)
    page.evaluate(HIDE, "hidden")
    assert max(receiver.engaged(at_least=3).values()) == 40_000
    read(page, 600)
    page.evaluate(HIDE, "visible")
    read(page, 20)
    page.evaluate(HIDE, "hidden")
    assert list(receiver.engaged(at_least=5).values()) == [60_000]
    assert len(receiver.events("page")) == 1


def test_a_crash_loses_less_than_a_heartbeat(visit: Visit, receiver: Receiver) -> None:
    page = visit("/")
    read(page, 100)
    assert list(receiver.engaged(at_least=6).values()) == [90_000]
    with pytest.raises(Error, match="crash"):
        page.goto("chrome://crash", timeout=10_000)
    assert list(receiver.engaged().values()) == [90_000]


def test_back_begins_a_view_of_its_own(visit: Visit, receiver: Receiver) -> None:
    page = visit("/")
    page.evaluate("window.kept = true")
    read(page, 10)
    page.click("#next")
    until(page, "Boolean(window.amana && window.amana.track)")
    read(page, 20)
    page.go_back(wait_until="commit")
    until(page, "document.title == 'Home' && window.kept === true")
    read(page, 30)
    page.go_forward(wait_until="commit")
    until(page, "document.title == 'Dresses'")
    receiver.events("Time Engaged", at_least=5)
    assert sorted(receiver.engaged().values()) == [10_000, 20_000, 30_000]
    paths = [event["context"]["page"]["path"] for event in receiver.events("page", at_least=3)]
    assert sorted(paths)[:3] == ["/", "/", "/dresses"]


def test_pages_within_a_page_have_their_own_time(visit: Visit, receiver: Receiver) -> None:
    page = visit("/")
    read(page, 10)
    page.evaluate("history.pushState({}, '', '/bags'); document.title = 'Bags'")
    read(page, 20)
    page.evaluate("history.back()")
    until(page, "location.pathname == '/'")
    read(page, 5)
    page.goto("about:blank")
    by_path: dict[str, list[int]] = {}
    for event in receiver.events("Time Engaged", at_least=4):
        by_path.setdefault(event["context"]["page"]["path"], []).append(event["properties"]["engaged_ms"])
    assert {path: sorted(told) for path, told in by_path.items()} == {
        "/": [5_000, 10_000], "/bags": [15_000, 20_000],
    }  # fmt: skip
    views = receiver.events("page", at_least=3)
    assert sorted((one["properties"]["path"], one["properties"]["title"]) for one in views) == [
        ("/", "Bags"), ("/", "Home"), ("/bags", "Bags"),
    ]  # fmt: skip


def test_lost_and_repeated_reports_do_no_harm(visit: Visit, receiver: Receiver) -> None:
    page = visit("/")
    receiver.losing = {1, 3, 4}
    read(page, 70)
    page.goto("about:blank")
    told = [one["properties"] for one in receiver.events("Time Engaged", at_least=2)]
    assert sorted(one["sequence"] for one in told) == [2, 5]
    assert list(receiver.engaged().values()) == [70_000]


def test_a_machine_asleep_is_not_read(visit: Visit, receiver: Receiver) -> None:
    page = visit("/")
    read(page, 10)
    page.clock.fast_forward(8 * 3600 * 1000)
    page.goto("about:blank")
    assert max(receiver.engaged().values()) <= 40_000


def test_a_page_nobody_has_seen_is_not_told(visit: Visit, receiver: Receiver) -> None:
    seen = visit("/dresses")
    seen.context.add_init_script(
        "Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' })"
    )
    unseen = visit("/")
    read(unseen, 60)
    assert [one["context"]["page"]["path"] for one in receiver.events("page", at_least=1)] == ["/dresses"]
    unseen.evaluate(HIDE, "visible")
    read(unseen, 30)
    home = [
        one for one in receiver.events("Time Engaged", at_least=8) if one["context"]["page"]["path"] == "/"
    ]
    assert sorted(one["properties"]["engaged_ms"] for one in home) == [15_000, 30_000]
