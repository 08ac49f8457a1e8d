"""What a tablet sends arrives exactly once, wherever the network is cut, and ten thousand answers in a minute."""

import random
import time
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route

from tests.cli.deployment import Deployment, until
from tests.surveys.tablet.conftest import Unpacked
from tests.surveys.tablet.shop import Tablet, told

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("tablet")]

CUTS = 200
MANY = 10_000
SYNC_SECONDS = 60
# Fills the tablet as visitors do, through the very function that keeps their answers.
KEEP = """async ([many, atATime]) => {
  const form = Amana.tablet.told.forms[0];
  const ids = [];
  const one = () => {
    const id = Amana.envelope.number();
    ids.push(id);
    return Amana.tablet.keep({
      id: id, survey: form.survey, version: form.version, policy: form.policy, language: "ar", shop: "deira",
      way: "tablet", started: Date.now() - 60000, answered: Date.now(), permissions: [], code: null,
      answers: {overall: 4, recommend: 9, found_it: "yes"}, unfinished: false, unfinished_agreed: false,
    });
  };
  for (let made = 0; made < many; made += atATime) {
    await Promise.all(Array.from({length: Math.min(atATime, many - made)}, one));
  }
  return ids;
}"""


def never(route: Route) -> None:
    """Cut before anything arrives."""
    route.abort("internetdisconnected")


def lost(route: Route) -> None:
    """Let it arrive, and cut before the answer does."""
    route.fetch()
    route.abort("connectionreset")


def halved(route: Route) -> None:
    """Cut in the middle of the answer."""
    answer = route.fetch()
    route.fulfill(
        status=answer.status, content_type="application/json", body=answer.text()[: len(answer.text()) // 2]
    )


def busy(route: Route) -> None:
    """Answer as a server under pressure."""
    route.fulfill(status=429, headers={"Retry-After": "0"}, json={"code": "intake_busy", "message": "later"})


def broken(route: Route) -> None:
    """Answer as a proxy without a server behind it."""
    route.fulfill(status=502, content_type="text/html", body="<h1>Bad gateway</h1>")


def portal(route: Route) -> None:
    """Answer as a Wi-Fi that wants a sign-in first."""
    route.fulfill(status=200, content_type="text/html", body="<h1>Welcome to the mall</h1>")


FAULTS: tuple[Callable[[Route], None], ...] = (never, lost, halved, busy, broken, portal)


def keep(page: Page, many: int, at_a_time: int = 20) -> set[str]:
    """Answer so many times, and return the answers' numbers."""
    return set(page.evaluate(KEEP, [many, at_a_time]))


def enrolled(unpacked: Unpacked) -> Tablet:
    """Return a tablet whose requests can be cut; a service worker would hide them from the test."""
    tablet = unpacked(service_workers="block")
    tablet.open("ar", told(tablet.place, "invite", "deira"))
    tablet.page.locator(".enrol button").click()
    tablet.rested()
    return tablet


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_each_answer_arrives_once_whatever_is_cut(unpacked: Unpacked) -> None:
    tablet = enrolled(unpacked)
    before = {one["key"] for one in told(tablet.place, "answers")["taken"]}
    chance = random.Random(20261122)
    pending: list[Callable[[Route], None]] = []

    def cut(route: Route) -> None:
        if pending and (route.request.url.endswith("/answers") or chance.random() < 0.1):
            pending.pop()(route)
        else:
            route.continue_()

    tablet.page.route("**/v1/surveys/**", cut)
    given: set[str] = set()
    for _ in range(CUTS):
        given |= keep(tablet.page, chance.randint(0, 3))
        pending[:] = [chance.choice(FAULTS)]
        tablet.sync()
    pending.clear()
    assert until(lambda: tablet.sync() == "" and tablet.counts()["waiting"] == 0, 30)
    assert tablet.counts() == {"waiting": 0, "refused": 0}
    assert until(lambda: told(tablet.place, "count")[1] == 0, 120)
    keys = [one["key"] for one in told(tablet.place, "answers")["taken"] if one["key"] not in before]
    assert (len(keys), set(keys)) == (len(given), given)


def test_nothing_is_let_go_that_the_server_did_not_name(unpacked: Unpacked) -> None:
    tablet = enrolled(unpacked)
    given = keep(tablet.page, 3)
    answer = {"kept": [str(uuid4())], "refused": {}}
    tablet.page.route("**/v1/surveys/answers", lambda route: route.fulfill(json=answer))
    assert tablet.sync() != ""
    assert tablet.counts() == {"waiting": 3, "refused": 0}
    answer["refused"] = {"line 2": "envelope_forged"}
    # What is left is sent on, and the second line of that is refused as well.
    tablet.sync()
    assert tablet.counts() == {"waiting": 1, "refused": 2}
    tablet.page.locator(".rest-foot .btn").click()
    assert tablet.page.locator(".refused").inner_text() == "توقيع الجهاز لا يطابق الظرف، فلم يُقبل. (2)"
    tablet.page.unroute("**/v1/surveys/answers")
    tablet.page.get_by_role("button", name="إعادة إرسال المرفوض").click()
    assert until(lambda: tablet.counts() == {"waiting": 0, "refused": 0}, 20)
    keys = {one["key"] for one in tablet.taken(0)}
    assert until(lambda: given <= keys | {one["key"] for one in tablet.taken(0)}, 20)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_ten_thousand_answers_wait_offline_and_are_sent_within_a_minute(
    unpacked: Unpacked, served: Deployment, record_property: Callable[[str, object], None]
) -> None:
    tablet = enrolled(unpacked)
    tablet.context.set_default_timeout(280_000)
    tablet.context.set_offline(True)
    begun = time.monotonic()
    given = keep(tablet.page, MANY, 100)
    stored = time.monotonic()
    assert (len(given), tablet.counts()["waiting"]) == (MANY, MANY)
    tablet.context.set_offline(False)
    sent = time.monotonic()
    assert tablet.sync() == ""
    seconds = time.monotonic() - sent
    record_property("stored_seconds", round(stored - begun, 1))
    record_property("sync_seconds", round(seconds, 1))
    print(f"{MANY} kept in {stored - begun:.1f} s, sent in {seconds:.1f} s")  # noqa: T201
    assert tablet.counts() == {"waiting": 0, "refused": 0}
    assert seconds < SYNC_SECONDS
    assert sum(told(served, "count")) >= MANY
