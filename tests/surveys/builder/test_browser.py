"""The builder in a real browser: every page fit to use, and a whole survey built with the keyboard alone."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from amana.retailer.guard import SESSION_COOKIE
from amana.surveys.builder import actions, editing, queries
from amana.surveys.definition.document import Definition, Text
from tests.surveys.builder.conftest import SignedIn
from tests.surveys.definition.made import example
from tests.web import browser as window

pytestmark = [
    pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.xdist_group("browser"),
]  # fmt: skip
SHOTS = os.environ.get("AMANA_TEST_SHOTS")
PAGES = [
    "", "/new", "/import", "/{survey}", "/{survey}/part/bought", "/{survey}/part/kind", "/{survey}/part/wrong",
    "/{survey}/part/aspects", "/{survey}/part/fit_use", "/{survey}/part/contact", "/{survey}/texts",
    "/{survey}/preview", "/{survey}/ready", "/{survey}/places", "/{survey}/versions",
    "/{survey}/versions/1", "/{survey}/history",
]  # fmt: skip
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return one browser for all the pages."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with window.open_browser() as opened:
        yield opened
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@contextmanager
def desk(
    browser: Browser,
    server: LiveServer,
    signed_in: SignedIn,
    view: window.View,
    *,
    complains: Sequence[str] = (),
) -> Iterator[Page]:
    """Open the browser of a marketer; nothing else may have been complained of when they leave."""
    context = browser.new_context(
        viewport={"width": view.width, "height": view.height}, color_scheme=view.scheme,
        reduced_motion="reduce",
    )  # fmt: skip
    token = signed_in("marketing").cookies[SESSION_COOKIE].value
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": server.url}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == list(complains)


def fit(page: Page, name: str) -> list[object]:
    """Keep a picture, and return what is wrong with the page."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
    found = (window.violations(page), window.overflow(page), window.small_targets(page))
    return [] if found == ([], 0, []) else [name, *found]


@pytest.mark.parametrize("view", window.SOME_VIEWS, ids=str)
def test_every_page_is_fit_to_use(
    browser: Browser, live_server: LiveServer, signed_in: SignedIn, survey: int, view: window.View
) -> None:
    published = actions.create(staff=1, definition=example("product"), slug="product")
    actions.publish(staff=1, survey=published, at=1)
    actions.place(staff=1, survey=published, shop=None, ways=["qr", "link"])
    actions.edit(
        staff=1,
        survey=published,
        change=lambda found: editing.add_question(found, section="fit", kind="single")[0],
        at=None,
    )
    with desk(browser, live_server, signed_in, view) as page:
        wrong = []
        for path in PAGES:
            page.goto(f"{live_server.url}/{view.language}/console/surveys{path.format(survey=published)}")
            wrong += fit(page, f"builder{path.format(survey='n').replace('/', '-')}-{view}")
    assert not wrong, "\n".join(map(str, wrong))


@dataclass
class Typist:
    """Somebody who uses nothing but the keyboard."""

    page: Page
    steps: int = 0

    def reach(self, what: str) -> None:
        """Press Tab until the focus is on what a selector names."""
        for _ in range(250):
            if self.page.evaluate("what => document.activeElement.matches(what)", what):
                return
            self.page.keyboard.press("Tab")
            self.steps += 1
        raise AssertionError(f"no way to {what} by the keyboard")

    def write(self, what: str, text: str) -> None:
        """Reach a field and write in it, instead of what stands there."""
        self.reach(what)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def press(self, what: str, key: str = "Enter") -> None:
        """Reach a button or a link and press it; another page opens."""
        self.reach(what)
        self.leave(key)

    def leave(self, key: str) -> None:
        """Press a key that opens another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def choose(self, what: str, value: str) -> None:
        """Reach a list and go down to a value with the arrow keys."""
        self.reach(what)
        self.page.keyboard.press("Home")
        for _ in range(100):
            if self.page.evaluate("() => document.activeElement.value") == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} is not in {what}")


@pytest.mark.parametrize("view", [window.VIEWS[1], window.VIEWS[5]], ids=str)
def test_a_survey_is_built_published_and_opened_with_the_keyboard_alone(
    browser: Browser, live_server: LiveServer, signed_in: SignedIn, view: window.View
) -> None:
    with desk(browser, live_server, signed_in, view) as page:
        hands = Typist(page)
        page.goto(f"{live_server.url}/{view.language}/console/surveys")
        hands.press(f'.empty a[href="/{view.language}/console/surveys/new"]')
        hands.write("#title-ar", "رأيك في الخدمة")
        hands.write("#title-en", "What you think of the service")
        hands.press("form.card .btn")
        hands.choose("#kind-section_1", "smiley")
        hands.press('button[value="add:section_1"]')
        write(hands, "label", "كيف كانت خدمتنا؟", "How was our service?")
        hands.leave("Control+s")
        hands.choose("#kind-section_1", "multiple")
        hands.press('button[value="add:section_1"]')
        write(hands, "label", "ما الذي لم يعجبك؟", "What did you not like?")
        write(hands, "choices-0-label", "الانتظار", "The queue")
        hands.press('button[value="choices-add"]')
        write(hands, "choices-1-label", "الأسعار", "Prices")
        write(hands, "choices-2-label", "غير ذلك", "Anything else")
        hands.press('button[value="choices-up-2"]')
        open_up(hands, "details.more > summary")
        open_up(hands, 'details:has(> .row > button[value="pick:relevant"]) > summary, #is-f-relevant')
        hands.choose("#pick-f-relevant", "${how_was_our_service} <= 2")
        hands.press('button[value="pick:relevant"]')
        assert page.input_value("#f-relevant") == "${how_was_our_service} <= 2"
        hands.leave("Alt+Shift+ArrowUp")
        problems = [text for text in page.locator(".todo, .error").all_inner_texts() if text.strip()]
        assert len(problems) == 1
        hands.leave("Control+z")
        hands.press('.tabs a[href$="/texts"]')
        write_texts(hands)
        hands.press(".tabs a[href$='/ready']")
        assert fit(page, f"builder-journey-ready-{view}") == []
        hands.press("aside .btn.block")
        hands.reach("#all-qr")
        page.keyboard.press("Space")
        hands.press("form.stack > .row > .btn")
        made = queries.latest(1)
        assert made is not None
        assert [(each.name, each.label.en) for each in made.definition.questions()] == [
            ("how_was_our_service", "How was our service?"),
            ("what_did_you_not_like", "What did you not like?"),
        ]
        assert [each.name for each in list(made.definition.questions())[1].choices] == [
            "the_queue", "anything_else", "prices",
        ]  # fmt: skip
        assert [each.slug for each in queries.open_for(1, "qr")] == ["what-you-think-of-the-service"]


SAVED = {"ar": "تم الحفظ", "en": "Saved"}
TOLD = {
    "ar": "لم يُحفظ: غيّر زميل هذا الجزء نفسه في هذه الأثناء. لم يُحفظ شيء بعد، وما كتبته ما زال هنا."
    " ترك ما كتبته وفتح ما كتبه الزميل",
    "en": "Not saved: A colleague changed this very part meanwhile. Nothing is saved yet, and what you wrote is"
    " still here. Leave mine, and open theirs",
}


def from_omar(found: Definition) -> Definition:
    """Return a survey after a colleague wrote a question anew."""
    return editing.change_question(
        found, "mood", lambda question: replace(question, label=Text("من عمر", "Omar's"))
    )  # fmt: skip


@pytest.mark.parametrize("view", [window.VIEWS[1], window.VIEWS[5]], ids=str)
def test_what_is_typed_is_saved_by_itself_and_a_colleague_s_work_is_not_overwritten(
    browser: Browser, live_server: LiveServer, signed_in: SignedIn, survey: int, view: window.View
) -> None:
    refused = ["Failed to load resource: the server responded with a status of 409 (Conflict)"]
    with desk(browser, live_server, signed_in, view, complains=refused) as page:
        page.goto(f"{live_server.url}/{view.language}/console/surveys/{survey}/part/mood")
        says = page.get_by_role("status").and_(page.locator("#kept"))
        page.fill("#f-label-en", "How was it today?")
        expect(says).to_have_text(SAVED[view.language], timeout=30_000)
        page.fill("#f-label-en", "How was it, all in all?")
        page.click('.tabs a[href$="/preview"]')
        page.wait_for_url("**/preview")
        page.go_back()
        page.reload()
        assert page.input_value("#f-label-en") == "How was it, all in all?"
        with page.expect_navigation():
            page.click("#f-undo")
        assert page.input_value("#f-label-en") == "How was it?"
        actions.edit(staff=2, survey=survey, change=from_omar, at=None)
        page.fill("#f-label-en", "Mine")
        expect(says).to_have_text(TOLD[view.language], timeout=30_000)
        assert window.violations(page) == []
        says.locator("a").click()
        expect(page.locator("#f-label-en")).to_have_value("Omar's")


@pytest.mark.parametrize("view", window.SOME_VIEWS, ids=str)
def test_both_languages_are_saved_by_themselves_and_a_colleague_s_words_come_in(
    browser: Browser, live_server: LiveServer, signed_in: SignedIn, survey: int, view: window.View
) -> None:
    refused = ["Failed to load resource: the server responded with a status of 409 (Conflict)"]
    with desk(browser, live_server, signed_in, view, complains=refused) as page:
        page.goto(f"{live_server.url}/{view.language}/console/surveys/{survey}/texts")
        says, mood, title = (page.locator(each) for each in ("#kept", *map(field, ("mood/label", "title"))))
        title.fill("")
        expect(says).to_have_text(SAVED[view.language], timeout=30_000)
        expect(page.locator('[data-open="title"]')).to_be_visible()
        expect(page.locator("#left")).to_be_visible()
        actions.edit(staff=2, survey=survey, change=from_omar, at=None)
        title.fill("Your visit")
        expect(mood).to_have_value("Omar's", timeout=30_000)
        expect(page.locator("#none-left")).to_be_visible()
        expect(page.locator('[data-open="title"], #left').locator("visible=true")).to_have_count(0)
        assert fit(page, f"builder-texts-saved-{view}") == []
        # What came in is nobody's but its writer's: by hand, too, only what was written here is saved.
        page.fill(field("found/label"), "Did you find it?")
        with page.expect_navigation():
            page.click("#f-save")
        assert mood.input_value() == "Omar's"
        with page.expect_navigation():
            page.click("#f-undo")
        # What was saved by itself and by hand since the colleague's is one step; theirs stays.
        assert [each.input_value() for each in (page.locator(field("found/label")), title, mood)] == [
            "Found it?", "", "Omar's",
        ]  # fmt: skip
        actions.edit(staff=2, survey=survey, change=renamed_mood, at=None)
        mood.fill("Mine")
        expect(says).to_have_text(TOLD[view.language], timeout=30_000)
        assert fit(page, f"builder-texts-refused-{view}") == []
        says.locator("a").click()
        expect(mood).to_have_value("Omar's second")


def field(key: str) -> str:
    """Return where a text is written in English."""
    return f'[name="{key}.en"]'


def renamed_mood(found: Definition) -> Definition:
    """Return a survey after a colleague wrote the same question once more."""
    return editing.change_question(
        found, "mood", lambda question: replace(question, label=Text("من عمر", "Omar's second"))
    )


def write(hands: Typist, name: str, arabic: str, english: str) -> None:
    """Write a text in both languages."""
    hands.write(f"#f-{name}-ar", arabic)
    hands.write(f"#f-{name}-en", english)


def open_up(hands: Typist, what: str) -> None:
    """Open a part of the page that is folded."""
    hands.reach(what)
    if not hands.page.evaluate("() => document.activeElement.closest('details').open"):
        hands.page.keyboard.press("Enter")


def write_texts(hands: Typist) -> None:
    """Write the welcome and the thanks where both languages stand side by side."""
    for key, arabic, english in (
        ("intro", "سؤالان فقط.", "Two questions only."),
        ("thanks", "شكرًا.", "Thanks."),
    ):
        hands.write(f'[name="{key}.ar"]', arabic)
        hands.write(f'[name="{key}.en"]', english)
    hands.leave("Control+s")
