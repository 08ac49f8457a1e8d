"""The runner in a real browser: asked, skipped, mended, sealed, thanked; on a phone, in both languages."""

import re
from base64 import b64decode
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page

from amana.surveys.builder import actions as builder
from amana.surveys.builder import queries
from amana.surveys.definition import parsing
from amana.surveys.intake import photos
from amana.surveys.models import Envelope, QuotaCount, Response
from amana.surveys.taking import codes
from tests.surveys.taking.conftest import Visitor
from tests.surveys.taking.everything import EVERYTHING
from tests.web import browser as window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def choose(page: Page, name: str, value: object) -> None:
    """Choose an answer as a thumb does."""
    page.locator(f"[name='q.{name}'][value='{value}']").check(force=True)


def onward(page: Page) -> None:
    page.locator("button[type=submit]").click()


def see(page: Page) -> None:
    """Find nothing wrong with what is shown now."""
    assert (window.violations(page), window.overflow(page), window.small_targets(page)) == ([], 0, [])


def everything(slug: str = "everything") -> None:
    """Publish a survey with every kind of question, and open it."""
    made = builder.create(staff=1, definition=parsing.parse(EVERYTHING), slug=slug)
    builder.publish(staff=1, survey=made, at=queries.get_draft(made).revision)
    builder.place(staff=1, survey=made, shop=None, ways=("web", "link"))


def test_c1_a_survey_is_answered_in_arabic_from_its_first_question_to_its_code(visitor: Visitor) -> None:
    visitor.open("/ar/survey/olaya")
    page = visitor.page
    assert page.locator("input:checked").count() == 0
    see(page)
    choose(page, "overall", 4)
    page.get_by_role("button", name="التالي").click()
    choose(page, "found_it", "partly")
    page.get_by_label("ما الذي لم تجده؟").fill("عباية كتان")
    see(page)
    onward(page)
    onward(page)
    see(page)
    assert visitor.sent == []
    page.get_by_role("button", name="إرسال إجاباتي").click()
    page.get_by_role("heading", name="رمزك").wait_for()
    see(page)
    [response] = Response.objects.all()
    assert (response.answers, response.language, response.way, response.texts) == (
        {"overall": 4, "found_it": "partly"}, "ar", "link", ["wanted"],
    )  # fmt: skip
    shown = codes.read(page.locator(".spelt").inner_text())
    assert shown is not None
    assert bytes(response.code or b"") == codes.digest(shown)
    assert (Envelope.objects.count(), visitor.complaints) == (0, [])
    assert "عباية" not in visitor.sent[0]


def test_n1_neither_cookie_nor_storage_is_used(visitor: Visitor) -> None:
    visitor.open("/ar/survey/olaya")
    choose(visitor.page, "overall", 4)
    onward(visitor.page)
    kept = visitor.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
    assert (kept, visitor.context.cookies()) == ([0, 0, ""], [])


def test_the_language_is_switched_on_every_page_and_nothing_is_lost(visitor: Visitor) -> None:
    visitor.open("/ar/survey/olaya")
    page = visitor.page
    choose(page, "overall", 2)
    onward(page)
    choose(page, "found_it", "no")
    page.locator("[name='q.wanted']").fill("Linen abaya")
    page.get_by_role("link", name="English").click()
    assert page.get_by_role("heading", level=1).inner_text() == "What you came for"
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir, location.pathname]") == [
        "en", "ltr", "/en/survey/olaya",
    ]  # fmt: skip
    assert page.locator("[name='q.wanted']").input_value() == "Linen abaya"
    see(page)
    page.get_by_role("button", name="Back").click()
    assert page.locator("input:checked").get_attribute("value") == "2"
    page.get_by_role("link", name="العربية").click()
    assert page.locator("input:checked").get_attribute("value") == "2"


def test_what_is_missing_is_said_at_the_question_and_focused(visitor: Visitor) -> None:
    visitor.open("/en/survey/olaya")
    page = visitor.page
    onward(page)
    assert page.locator("#q-overall .error").inner_text() == "This question needs an answer before you go on."
    assert page.evaluate("document.activeElement.name") == "q.overall"
    see(page)
    choose(page, "overall", 5)
    assert page.locator(".error:visible, .problems:visible").count() == 0


def test_questions_come_and_go_with_the_answers_before(visitor: Visitor) -> None:
    visitor.open("/en/survey/olaya")
    page = visitor.page
    assert page.locator("#q-liked").count() == 0
    choose(page, "overall", 4)
    assert page.locator("#q-liked").count() == 1
    choose(page, "liked", "staff")
    choose(page, "overall", 1)
    assert page.locator("#q-liked").count() == 0


def test_every_kind_of_question_is_answered_and_arrives(visitor: Visitor) -> None:
    everything()
    visitor.open("/ar/survey/olaya/everything")
    page = visitor.page
    for name, value in (("single", "b"), ("multiple", "a"), ("multiple", "c"), ("rating", 3), ("nps", 10),
                        ("csat", 4), ("smiley", 5)):  # fmt: skip
        choose(page, name, value)
    choose(page, "matrix.till", "good")
    choose(page, "matrix.fitting", "bad")
    page.locator("[name='q.number']").fill("٣٫٥")
    page.locator("[name='q.date']").fill("٣١/١٢/٢٠٢٥")
    see(page)
    assert page.locator("#q-piped").inner_text() == "اخترت: باء"
    onward(page)
    page.locator("[name='q.short']").fill("قصير")
    page.locator("[name='q.long']").fill("نص أطول")
    page.locator("[name='q.contact.mobile']").fill("٠٥٠ ١٢٣ ٤٥٦٧")
    page.locator("[name='q.contact.email']").fill("noura@mail.example")
    page.locator("[name='q.agree']").check(force=True)
    see(page)
    onward(page)
    page.get_by_role("link", name="فتح الإيصال").wait_for()
    [response] = Response.objects.all()
    assert response.answers == {
        "single": "b", "multiple": ["a", "c"], "rating": 3, "nps": 10, "csat": 4, "smiley": 5,
        "matrix": {"till": "good", "fitting": "bad"}, "number": 3.5, "date": "2025-12-31",
    }  # fmt: skip
    assert (sorted(response.texts), visitor.complaints) == (["long", "short"], [])


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("number", "many", "Please write a number, such as 3."),
        ("number", "٩٩", "The number is more than 10."),
        ("date", "31/2/2025", "Please write the date as day, month, year, such as 25/12/2025."),
    ],
)
def test_what_cannot_be_read_is_said_in_the_readers_language(
    visitor: Visitor, name: str, typed: str, said: str
) -> None:
    everything()
    visitor.open("/en/survey/deira/everything")
    visitor.page.locator(f"[name='q.{name}']").fill(typed)
    onward(visitor.page)
    assert visitor.page.locator(f"#q-{name} .error").inner_text() == said
    assert visitor.page.locator(f"[name='q.{name}']").input_value() == typed


def test_the_phone_shows_the_shops_country_and_asks_for_a_whole_number(visitor: Visitor) -> None:
    everything()
    visitor.open("/en/survey/deira/everything")
    page = visitor.page
    choose(page, "single", "a")
    onward(page)
    assert page.locator(".prefix").all_inner_texts() == ["+971"]
    page.locator("[name='q.contact.mobile']").fill("050")
    page.locator("[name='q.agree']").check(force=True)
    onward(page)
    said = page.locator("[data-field] .error:visible").all_inner_texts()
    assert said == [
        "You allowed something by e-mail: please write your address, or take the tick away.",
        "This number does not look complete. Please check it, and add the country code if it is from another country.",
    ]
    see(page)


def test_a_connection_that_breaks_loses_nothing(visitor: Visitor) -> None:
    visitor.open("/en/survey/olaya")
    page = visitor.page
    choose(page, "overall", 4)
    for _ in range(3):
        onward(page)
    visitor.cut = True
    onward(page)
    page.get_by_role("button", name="Try again").wait_for()
    assert (
        page.locator(".problems").inner_text().startswith("There is no connection, and nothing was sent yet.")
    )
    visitor.cut = False
    onward(page)
    page.get_by_role("heading", name="Your code").wait_for()
    assert Response.objects.count() == 1


# A beacon outlives its page and with it every way of a test to see it: it is sent as a plain request instead.
BEACON = """navigator.sendBeacon = (to, body) => {
  body.text().then(text => fetch(to, {method: "POST", headers: {"Content-Type": body.type}, body: text}));
  return true;
}"""


@pytest.mark.parametrize("agreed", [False, True])
def test_half_a_survey_leaves_the_phone_only_where_that_was_agreed_to(visitor: Visitor, agreed: bool) -> None:
    page = visitor.page
    page.add_init_script(BEACON)
    visitor.open("/en/surveys/product")
    choose(page, "kind", "shoes")
    box = page.get_by_label(re.compile("If I stop before the end"))
    assert box.is_checked() is False
    if agreed:
        box.check(force=True)
    page.wait_for_timeout(200)
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    page.wait_for_timeout(400)
    assert [(one.unfinished, one.answers, one.customer) for one in Response.objects.all()] == (
        [(True, {"kind": "shoes"}, None)] if agreed else []
    )
    assert len(visitor.sent) == (1 if agreed else 0)


def test_whoever_comes_after_a_quota_is_reached_is_told_and_sends_nothing(visitor: Visitor) -> None:
    product = next(draft.id for draft in queries.drafts() if draft.slug == "product")
    QuotaCount.objects.create(survey=product, name="children_wear", count=2000)
    visitor.open("/en/surveys/product")
    choose(visitor.page, "kind", "children")
    onward(visitor.page)
    assert (
        visitor.page.locator(".done .lead")
        .inner_text()
        .startswith("We have heard enough about children's wear")
    )
    assert visitor.sent == []


def test_whoever_was_turned_away_leaves_no_half_survey_behind(visitor: Visitor) -> None:
    product = next(draft.id for draft in queries.drafts() if draft.slug == "product")
    QuotaCount.objects.create(survey=product, name="children_wear", count=2000)
    visitor.page.add_init_script(BEACON)
    visitor.open("/en/surveys/product")
    visitor.page.get_by_label(re.compile("If I stop before the end")).check(force=True)
    choose(visitor.page, "kind", "children")
    onward(visitor.page)
    visitor.page.locator(".done .lead").wait_for()
    visitor.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    visitor.page.wait_for_timeout(400)
    assert (visitor.sent, Response.objects.count()) == ([], 0)


def test_what_was_answered_before_the_script_came_stands(visitor: Visitor) -> None:
    held: list[object] = []
    visitor.context.route("**/surveys/take-*.js", lambda route: held.append(route))
    page = visitor.page
    page.goto(f"{visitor.address}/en/survey/olaya", wait_until="commit")
    choose(page, "overall", 4)
    page.locator("[name='q.why']").fill("Slow tills")
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()  # type: ignore[attr-defined]
    page.locator("html[data-taking=ready]").wait_for()
    assert page.locator("input:checked").get_attribute("value") == "4"
    onward(page)
    onward(page)
    assert page.locator("[name='q.why']").input_value() == "Slow tills"


def test_scripts_in_texts_are_texts(visitor: Visitor) -> None:
    everything()
    visitor.open("/en/survey/deira/everything")
    page = visitor.page
    choose(page, "single", "a")
    onward(page)
    page.locator("[name='q.short']").fill("<img src=x onerror=alert(1)>")
    page.get_by_role("link", name="العربية").click()
    assert page.locator("img").count() == 0
    assert page.locator("#q-echo").inner_text() == "<img src=x onerror=alert(1)>"


def test_a_photo_is_drawn_anew_before_it_leaves_the_phone(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    rewritten = photos.rewritten

    def watched(text: str) -> photos.Redrawn:
        seen.append(text)
        return rewritten(text)

    monkeypatch.setattr(photos, "rewritten", watched)
    everything()
    visitor.open("/en/survey/deira/everything")
    page = visitor.page
    choose(page, "single", "a")
    onward(page)
    page.locator("[name='q.photo']").set_input_files(
        {"name": "receipt.jpg", "mimeType": "image/jpeg", "buffer": photographed()}
    )
    page.get_by_text("The photo is added, without where and when it was taken.").wait_for()
    see(page)
    page.get_by_role("button", name="Remove the photo").click()
    assert page.locator("canvas").count() == 0
    page.locator("[name='q.photo']").set_input_files(
        {"name": "receipt.jpg", "mimeType": "image/jpeg", "buffer": photographed()}
    )
    page.locator("canvas").wait_for()
    onward(page)
    page.get_by_role("heading", name="Your receipt").wait_for()
    [sent] = seen
    with Image.open(BytesIO(b64decode(sent))) as picture:
        assert (picture.format, dict(picture.getexif())) == ("JPEG", {})
        assert max(picture.size) <= 1600
    assert len(sent) < 400_000


def photographed() -> bytes:
    """Return a large photo that says where it was taken."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0132] = "Maker", "2026:11:22 10:00:00"
    exif.get_ifd(0x8825)[2] = (25.0, 12.0, 0.0)
    written = BytesIO()
    Image.effect_noise((2400, 1800), 60).convert("RGB").save(written, "JPEG", quality=70, exif=exif)
    return written.getvalue()
