"""A question is thought of at a desk, answered on a tablet without a network, counted, and acted upon."""

import pytest

from tests.journeys.story import Story
from tests.surveys.tablet.shop import TABLET, Tablet, told

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

# Names nobody: words about a third person are held back until an officer has looked.
OPINION = "السلّم الكهربائي متعطّل منذ أسبوعين والصعود مع الأطفال مرهق"
ANSWER = "شكرًا لصراحتك.\n\nأصلحنا السلّم الكهربائي صباح اليوم."
ANSWERED = "أصلحنا السلّم الكهربائي صباح اليوم"
CHANGED = {"ar": "أصلحنا السلّم الكهربائي.", "en": "The escalator runs again."}
QUESTION = {"ar": "كيف وجدت السلالم والمصاعد؟", "en": "How were the stairs and lifts?"}
ASKED = "#q-how_were_the_stairs_and_lifts"
# With as many the answers enter the counts, nine others and hers.
OTHERS = 9


def build(story: Story) -> None:
    """Add a question to the survey about a visit and publish it."""
    marketer, page = story.marketer, story.marketer.page
    marketer.open(f"/{story.language}/console/surveys/1", "builder")
    page.select_option("#kind-visit", "smiley")
    marketer.press(page.locator('button[value="add:visit"]'), "question")
    for code, text in QUESTION.items():
        page.fill(f"#f-label-{code}", text)
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    marketer.open(f"/{story.language}/console/surveys/1/ready", "ready")
    marketer.press(page.locator("aside .btn.block"), "published")


def answer(tablet: Tablet, story: Story, *, writes: bool) -> None:
    """Answer as somebody who was not pleased; one of them writes why, and wants to hear about it."""
    page, said = tablet.page, story.told
    tablet.begin(story.language)
    page.locator("#q-overall label").first.click()
    page.locator(f"{ASKED} label").first.click()
    tablet.forward()
    tablet.forward()
    if writes:
        page.locator("#q-why textarea").fill(OPINION)
    tablet.forward()
    if writes:
        page.locator("#q-contact [data-field=name] input").fill(said.name)
        page.locator("#q-contact [data-field=email] input").fill(said.email)
        for consent in ("answer_me", "use_words"):
            page.locator(f"#q-{consent} input").check(force=True)
    tablet.forward()
    page.locator(".done").wait_for()
    tablet.done()


def answer_in_the_shop(story: Story) -> None:
    """Answer on a tablet without a network, and let it sync: nothing of hers is readable on it meanwhile."""
    tablet = Tablet.unpacked(story.place, story.browser.new_context(viewport=TABLET, locale="ar-AE")).enrol()
    before = told(story.place, "count")[0]
    tablet.context.set_offline(True)
    for number in range(OTHERS + 1):
        answer(tablet, story, writes=number == OTHERS)
    held = tablet.held()
    assert [said for said in (story.told.name, story.told.email, OPINION) if said in held] == []
    assert tablet.counts() == {"waiting": OTHERS + 1, "refused": 0}
    tablet.context.set_offline(False)
    assert tablet.sync() == ""
    assert len(tablet.taken(before + OTHERS + 1)) == before + OTHERS + 1
    assert (tablet.counts(), tablet.complaints) == ({"waiting": 0, "refused": 0}, [])


def see_results(story: Story) -> None:
    """See the new question's answers counted: they came ten together."""
    marketer, language = story.marketer, story.language
    marketer.open(f"/{language}/console/surveys/1/results", "results")
    panel = marketer.page.locator("section, article").filter(
        has=marketer.page.get_by_role("heading", name=QUESTION[language], exact=True)
    )
    assert panel.last.locator(".muted").first.inner_text().split(" · ")[0].endswith(f" {OTHERS + 1}")


def settle_the_case(story: Story) -> None:
    """Open the words of the one who wrote, and answer her."""
    manager = story.staff("manager")
    manager.open(f"/{story.language}/console/my-shop", "my-shop")
    manager.open(f"/{story.language}/console/cases", "cases")
    manager.press(
        manager.page.locator("main a[href*='/console/cases/']").filter(has_text="ديرة").first, "case"
    )
    words = manager.page.locator("form[action*='/words'] button")

    def given() -> bool:
        manager.page.reload()
        return words.count() == 1

    # A case is given to its shop's manager as she is told of it, within a minute.
    story.wait(given)
    assert OPINION not in manager.page.content()
    manager.press(words, "words")
    assert manager.page.get_by_text(OPINION).count() == 1
    manager.page.fill("#reply-text", ANSWER)
    manager.press(manager.page.locator("form[action$='/reply'] button.btn").first, "replied")
    story.open_mail(story.await_mail(ANSWERED), "answer")
    manager.open(f"/{story.language}/console/changes", "changes")
    for code, text in CHANGED.items():
        manager.page.fill(f"#text-{code}", text)
    manager.press(manager.page.locator("button[value=publish]"), "published")
    assert manager.complaints == []


@pytest.mark.parametrize("story", ["ar"], indirect=True)
def test_u3_who_was_dissatisfied_offline_hears_what_was_done(story: Story) -> None:
    build(story)
    answer_in_the_shop(story)
    she, language = story.shopper, story.language
    she.open(story.link(story.await_mail(f"/{language}/c/"), "c", "confirmation-mail"), "confirm")
    she.press(she.page.locator("main form button"), "confirmed")
    see_results(story)
    settle_the_case(story)
    she.open(f"/{language}/changes/deira", "what-changed")
    assert she.page.get_by_text(CHANGED[language]).count() == 1
    assert (she.complaints, story.marketer.complaints) == ([], [])
