"""Somebody is dissatisfied in the shop, on a tablet without a network, and hears what was done about it."""

import pytest

from tests.journeys.story import Story
from tests.surveys.tablet.shop import TABLET, Tablet, told

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

ANSWER = "شكرًا لصراحتك.\n\nأصلحنا السلّم الكهربائي صباح اليوم."
CHANGED = {"ar": "أصلحنا السلّم الكهربائي.", "en": "The escalator runs again."}


def dissatisfied(tablet: Tablet, story: Story) -> None:
    """Answer as somebody who was not pleased, and who wants to hear about it."""
    page, said = tablet.page, story.told
    tablet.begin(story.language)
    page.locator("#q-overall label").first.click()
    tablet.forward()
    tablet.forward()
    page.locator("#q-why textarea").fill(said.opinion)
    tablet.forward()
    page.locator("#q-contact [data-field=name] input").fill(said.name)
    page.locator("#q-contact [data-field=email] input").fill(said.email)
    for consent in ("answer_me", "use_words"):
        page.locator(f"#q-{consent} input").check(force=True)
    tablet.forward()
    page.locator(".done").wait_for()
    tablet.done()


@pytest.mark.parametrize("story", ["ar"], indirect=True)
def test_u3_who_was_dissatisfied_offline_hears_what_was_done(story: Story) -> None:
    tablet = Tablet.unpacked(story.place, story.browser.new_context(viewport=TABLET, locale="ar-AE")).enrol()
    before = told(story.place, "count")[0]
    tablet.context.set_offline(True)
    dissatisfied(tablet, story)
    held = tablet.held()
    assert [said for said in story.told.plaintexts().values() if said in held] == []
    assert tablet.counts() == {"waiting": 1, "refused": 0}
    tablet.context.set_offline(False)
    assert tablet.sync() == ""
    assert len(tablet.taken(before + 1)) == before + 1

    she, language = story.shopper, story.language
    she.open(story.link(story.await_mail(f"/{language}/c/"), "c", "confirmation-mail"), "confirm")
    she.press(she.page.locator("main form button"), "confirmed")

    manager = story.staff("manager")
    manager.open(f"/{language}/console/my-shop", "my-shop")
    manager.open(f"/{language}/console/cases", "cases")
    manager.press(manager.page.locator("main a[href*='/console/cases/']").first, "case")
    take = manager.page.locator("form[action$='/take'] button")
    if take.count():
        manager.press(take, "taken")
    assert story.told.opinion not in manager.page.content()
    manager.press(manager.page.locator("form[action*='/words'] button"), "words")
    assert manager.page.get_by_text(story.told.opinion).count() == 1
    manager.page.fill("#reply-text", ANSWER)
    manager.press(manager.page.locator("form[action$='/reply'] button.btn").first, "replied")
    mail = story.await_mail("أصلحنا السلّم الكهربائي صباح اليوم")
    story.open_mail(mail, "answer")

    manager.open(f"/{language}/console/changes", "changes")
    for code, text in CHANGED.items():
        manager.page.fill(f"#text-{code}", text)
    manager.press(manager.page.locator("button[value=publish]"), "published")
    she.open(f"/{language}/changes/deira", "what-changed")
    assert she.page.get_by_text(CHANGED[language]).count() == 1

    marketer = story.marketer
    marketer.open(f"/{language}/console/surveys/1/results", "results")
    assert marketer.page.locator(".card.figure").count() == 3
