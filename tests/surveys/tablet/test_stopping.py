"""When a tablet asks nobody: a policy too old, no room, no survey, revoked; and how what is asked changes."""

import pytest

from tests.surveys.tablet.conftest import Unpacked
from tests.surveys.tablet.shop import Tablet, told

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("tablet")]

FIFTEEN_DAYS_MS = 15 * 24 * 3600 * 1000
# As if the policy had been confirmed longer ago than it may be.
AGE = """async (ms) => {
  const tablet = Amana.tablet;
  tablet.told.confirmed -= ms;
  await Amana.store.put("told", tablet.told);
}"""

# As a browser says how much room there is, and as it refuses to write.
ROOM = """async (left) => {
  navigator.storage.estimate = async () => ({quota: 1e9, usage: 1e9 - left});
  Amana.tablet.onChange();
}"""
NO_ROOM = """() => {
  IDBObjectStore.prototype.add = () => { throw new DOMException("full", "QuotaExceededError"); };
}"""


def why(tablet: Tablet) -> str:
    """Return why it asks nobody, in both languages at once."""
    tablet.page.locator(".blocked").wait_for()
    assert tablet.page.locator(".blocked .side").count() == 2
    assert tablet.page.locator(".start").count() == 0
    return str(tablet.page.locator(".blocked").get_attribute("data-why"))


def test_a_policy_not_confirmed_for_too_long_ends_the_asking(unpacked: Unpacked) -> None:
    tablet = unpacked().enrol()
    tablet.context.set_offline(True)
    tablet.page.evaluate(AGE, FIFTEEN_DAYS_MS)
    tablet.page.reload()
    assert why(tablet) == "stale"
    tablet.context.set_offline(False)
    tablet.sync()
    tablet.rested()


def test_a_clock_set_back_makes_no_old_policy_young(unpacked: Unpacked) -> None:
    tablet = unpacked().enrol()
    tablet.context.set_offline(True)
    now = tablet.page.evaluate("Date.now()")
    tablet.page.evaluate("later => Amana.tablet.passed(later, false)", now + FIFTEEN_DAYS_MS)
    tablet.page.reload()
    assert why(tablet) == "stale"


def test_a_full_memory_ends_the_asking_before_anything_is_lost(unpacked: Unpacked) -> None:
    tablet = unpacked().enrol()
    tablet.context.set_offline(True)
    tablet.answer("ar", "قبل الامتلاء")
    tablet.done()
    tablet.page.evaluate(ROOM, 15_000_000)
    assert why(tablet) == "full"
    assert tablet.counts()["waiting"] == 1
    tablet.page.evaluate(ROOM, 500_000_000)
    tablet.rested()


def test_an_answer_for_which_there_is_no_room_goes_at_once_or_stays_on_the_screen(unpacked: Unpacked) -> None:
    tablet = unpacked().enrol()
    before = told(tablet.place, "count")[0]
    tablet.context.set_offline(True)
    tablet.page.evaluate(NO_ROOM)
    tablet.begin("en")
    tablet.page.locator("#q-overall label").first.click()
    for _ in range(4):
        tablet.forward()
    tablet.page.locator(".problems:not([hidden])").wait_for()
    assert tablet.page.locator(".problems").inner_text().startswith("Your answers could not be kept")
    tablet.context.set_offline(False)
    tablet.forward()
    tablet.page.locator(".done").wait_for()
    assert tablet.counts()["waiting"] == 0
    assert len(tablet.taken(before + 1)) == before + 1


def test_what_is_asked_changes_after_an_answer_never_within_one(unpacked: Unpacked) -> None:
    tablet = unpacked().enrol()
    tablet.begin()
    tablet.page.evaluate("""async () => {
      const told = Amana.tablet.told;
      const newer = {name: told.name, shop: told.shop, key: told.key, policy: 7, time: Date.now(), stale_after: 1e6};
      await Amana.tablet.hear(newer, told.forms.map((form) => Object.assign({}, form, {version: 9, policy: 7})));
    }""")
    asked = tablet.page.evaluate("[Amana.tablet.told.policy, document.querySelectorAll('.asked').length]")
    assert asked == [7, 1]
    tablet.page.locator("#q-overall label").first.click()
    for _ in range(3):
        tablet.forward()
    assert tablet.page.locator(".asked > .small").inner_text().startswith("تخضع إجاباتك للإصدار 1 ")


def test_a_survey_closed_and_a_tablet_revoked_end_the_asking(unpacked: Unpacked) -> None:
    tablet, second = unpacked().enrol(), unpacked().enrol()
    device = second.page.evaluate("Amana.tablet.device.id")
    second.context.set_offline(True)
    second.answer("ar", "قبل الإلغاء")
    second.done()
    told(tablet.place, "revoke", device)
    second.context.set_offline(False)
    second.sync()
    assert why(second) == "revoked"
    # What it had taken was sent and is kept by the server, sealed, among the refused.
    assert second.counts() == {"waiting": 0, "refused": 0}
    told(tablet.place, "close", "visit")
    tablet.sync()
    assert why(tablet) == "closed"
    assert {"reason": "device_revoked"}.items() <= told(tablet.place, "answers")["refused"][-1].items()


def test_a_wrong_code_is_refused_in_words(unpacked: Unpacked) -> None:
    tablet = unpacked()
    tablet.open("en", "AAAA-AAAA")
    tablet.page.locator(".enrol").wait_for()
    assert tablet.page.url == f"{tablet.address}/en/tablet"
    tablet.page.locator(".enrol button").click()
    said = "The enrolment code is wrong, was used already, or has ended."
    tablet.page.locator("#code-error", has_text=said).wait_for()
    assert tablet.page.locator("#code").input_value() == "AAAA-AAAA"
