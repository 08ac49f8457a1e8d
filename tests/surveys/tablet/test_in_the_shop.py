"""A tablet over a day: enrolled, answered on without a network, cleared for the next, and its answers sent once."""

import base64

import pytest

from tests.surveys.tablet.conftest import Unpacked
from tests.surveys.tablet.shop import Tablet, told

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("tablet")]

WORDS = "الموظفة سلمى كانت لطيفة جدا"
NAME = "نورة العتيبي"
EMAIL = "noura.otaibi@mail.example"
SECRETS = (
    WORDS,
    NAME,
    EMAIL,
    *(base64.b64encode(text.encode()).decode()[:-4] for text in (WORDS, NAME, EMAIL)),
)


def hidden(text: str) -> list[str]:
    """Return which of the secrets a text holds."""
    return [secret for secret in SECRETS if secret in text]


def test_c1_answers_given_offline_in_arabic_arrive_exactly_once(unpacked: Unpacked) -> None:
    tablet = unpacked().enrol()
    before = told(tablet.place, "count")[0]
    tablet.context.set_offline(True)
    tablet.answer("ar", WORDS)
    tablet.done()
    tablet.answer("en", "Everything was fine")
    tablet.done()
    assert tablet.counts() == {"waiting": 2, "refused": 0}
    assert tablet.sync() != ""
    assert tablet.counts() == {"waiting": 2, "refused": 0}
    tablet.context.set_offline(False)
    assert [tablet.sync(), tablet.sync()] == ["", ""]
    assert tablet.counts() == {"waiting": 0, "refused": 0}
    taken = tablet.taken(before + 2)[before:]
    assert [(one["language"], one["way"], one["texts"]) for one in taken] == [
        ("ar", "tablet", ["why"]), ("en", "tablet", ["why"]),
    ]  # fmt: skip
    assert taken[0]["answers"] == {"overall": 2, "recommend": 3, "found_it": "yes"}
    [told_of] = [one for one in told(tablet.place, "tablets") if one["id"] == taken[0]["device"]]
    assert (told_of["unsent"], told_of["policy"], told_of["synced"]) == (0, 1, True)


def test_c4_what_is_kept_on_the_tablet_holds_no_word_of_an_answer(unpacked: Unpacked) -> None:
    tablet = unpacked().enrol()
    tablet.context.set_offline(True)
    tablet.answer("ar", WORDS, name=NAME, email=EMAIL)
    held = tablet.held()
    assert tablet.counts()["waiting"] == 1
    # The reader sees what is there: the shop's name, the form's words, a key that cannot be read.
    assert ["ديرة" in held, "كيف كانت زيارتك" in held, "key:private:false" in held] == [True, True, True]
    assert hidden(held) == []
    tablet.page.evaluate("text => Amana.store.put('planted', {word: text})", WORDS)
    assert hidden(tablet.held()) == [WORDS]


def test_it_starts_without_a_network_from_cold(unpacked: Unpacked) -> None:
    tablet = unpacked().enrol()
    tablet.context.set_offline(True)
    tablet.page.close()
    again = Tablet.unpacked(tablet.place, tablet.context)
    again.open("en")
    again.rested()
    again.answer("en", "Cold start")
    assert again.counts()["waiting"] == 1
    fonts = again.page.evaluate(
        "document.fonts.ready.then((all) => [...all].some((one) => one.status === 'loaded'))"
    )
    assert fonts is True
    again.page.goto(f"{again.address}/ar/tablet")
    again.rested()


def test_the_policy_is_read_on_the_tablet_also_offline(unpacked: Unpacked) -> None:
    tablet = unpacked().enrol()
    tablet.context.set_offline(True)
    tablet.begin("en")
    tablet.page.locator("#q-overall label").first.click()
    for _ in range(3):
        tablet.forward()
    tablet.page.locator(".asked a").click()
    tablet.page.locator(".sheet .policy h1").wait_for()
    assert tablet.page.locator(".sheet .policy a[href]").count() == 0
    tablet.page.locator(".sheet .bar-top .btn").click()
    tablet.page.locator("#q-age").wait_for()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_after_thirty_seconds_nobody_sees_what_was_there(unpacked: Unpacked, language: str) -> None:
    tablet = unpacked()
    tablet.page.clock.install()
    tablet.enrol(language=language)
    page = tablet.page
    tablet.begin(language)
    page.locator("#q-overall label").first.click()
    page.clock.run_for(19_000)
    assert page.locator("#leaving").is_visible() is False
    page.clock.run_for(3_000)
    assert page.locator("#leaving .seconds").inner_text()[-1] in "89"
    page.locator("#leaving .btn").click()
    assert page.locator("#leaving").is_visible() is False
    assert page.locator("#q-overall input:checked").count() == 1
    page.clock.run_for(31_000)
    tablet.rested()
    assert tablet.counts()["waiting"] == 0
    tablet.begin(language)
    assert page.locator("input:checked").count() == 0


def test_back_goes_back_in_the_survey_and_never_to_somebody_else(unpacked: Unpacked) -> None:
    tablet = unpacked().enrol()
    page = tablet.page
    tablet.begin()
    page.locator("#q-overall label").first.click()
    tablet.forward()
    page.locator("#q-found_it").wait_for()
    page.go_back()
    page.locator("#q-overall").wait_for()
    assert page.locator("#q-overall input:checked").count() == 1
    page.locator(".bar-top .btn").nth(1).click()
    tablet.rested()
    tablet.answer("ar", WORDS)
    tablet.done()
    # Before the tablet's page there is only what was open before it; after it, nothing of anybody.
    page.go_back()
    for step in (page.go_forward, page.go_forward, page.reload, page.go_back):
        step()
        tablet.rested()
        assert hidden(tablet.shown()) == []


def test_fields_ask_for_no_help_and_have_no_names_to_be_known_by(unpacked: Unpacked) -> None:
    tablet = unpacked().enrol()
    page = tablet.page
    tablet.begin()
    page.locator("#q-overall label").first.click()
    for _ in range(3):
        tablet.forward()
    page.locator("#q-contact").wait_for()
    read = """() => [...document.querySelectorAll("input:not([type=radio]):not([type=checkbox]), textarea, select")]
      .map((one) => [one.autocomplete, one.getAttribute("spellcheck"), /^f[0-9a-f-]{36}$/.test(one.name)])"""
    fields = page.evaluate(read)
    assert fields == [["off", "false", True]] * page.locator("#q-contact .field").count()
    assert len(fields) > 1
    assert page.evaluate("location.href") == f"{tablet.address}/ar/tablet"


def test_both_languages_at_any_time_without_losing_an_answer(unpacked: Unpacked) -> None:
    tablet = unpacked().enrol("olaya")
    page = tablet.page
    tablet.begin("ar")
    # Arabic-Indic digits in Saudi Arabia.
    assert page.locator(".progress .small").inner_text() == "الخطوة ١ من ٤"
    page.locator("#q-overall label").nth(4).click()
    page.locator(".bar-top .switch[lang=en]").click()
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["en", "ltr"]
    assert page.locator("#q-overall input:checked").get_attribute("value") == "5"
    for _ in range(3):
        tablet.forward()
    assert page.locator(".prefix").inner_text() == "+966"
