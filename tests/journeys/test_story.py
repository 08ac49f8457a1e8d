"""One promise kept from end to end, as people live through it: in Arabic and in English, on a phone and at a desk."""

import email
import email.policy
import json
import re
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import dkim
import pytest
from joserfc import jws
from joserfc.jwk import KeySet

from amana.cli import synthetic
from amana.policy import parsing
from amana.post.dkimkeys import Signer
from tests.cli.deployment import EXAMPLE
from tests.journeys import leak
from tests.journeys.browsing import Person
from tests.journeys.conftest import SHOPPERS
from tests.journeys.story import Story, mailbox_text

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

SUBJECTS = {"ar": "عروض الشتاء وصلت", "en": "Winter offers are here"}
SECOND = {"ar": "عروض نهاية الأسبوع", "en": "Offers for the weekend"}


def _mail(path: Path) -> EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


def _compose(marketer: Person, language: str, subjects: dict[str, str]) -> None:
    """Write a campaign, see whom it reaches, and send it."""
    page = marketer.page
    marketer.open(f"/{language}/console/campaigns", "campaigns")
    marketer.open(f"/{language}/console/campaigns/new", "compose")
    page.fill("[name=name]", subjects["en"])
    for code, body in (("ar", "مرحبًا {name}،\n\nتخفيضات على المعاطف هذا الأسبوع."),
                       ("en", "Hello {name},\n\nCoats cost less this week.")):  # fmt: skip
        page.fill(f"[name=subject_{code}]", subjects[code])
        page.fill(f"[name=body_{code}]", body)
    marketer.press(page.locator("#compose button[type=submit]"), "draft")
    marketer.press(page.locator('a[href$="/reach"]').first, "reach")
    assert page.locator(".chart tbody tr").count() >= 2
    marketer.press(page.locator('a[href$="/send"]').first, "send")
    marketer.press(page.locator("main form:has([name=confirmed]) button"), "progress")
    page.locator("#standing:not([hx-get])").wait_for(timeout=90_000)
    marketer.look("report")


class Steps:
    """The steps follow one another; each begins where the one before ended."""

    def step_01_a_shopper_answers_the_survey_of_a_shop(self, story: Story) -> None:
        she, told, language = story.shopper, story.told, story.language
        people = story.count("vault.person")
        assert people >= SHOPPERS
        she.open(f"/{language}/", "front")
        she.press(she.page.locator(f'a[href="/{language}/survey/deira"]'), "survey")
        page = she.page
        page.locator("html[data-taking=ready]").wait_for()
        assert page.locator("input:checked").count() == 0
        page.locator("[name='q.overall'][value='4']").check(force=True)
        she.go_on("came-for")
        she.go_on("words")
        page.fill("[name='q.why']", told.opinion)
        she.go_on("about-you")
        text = parsing.canonical((EXAMPLE / "policy.yaml").read_bytes(), file="policy.yaml")
        marketing = parsing.parse_published(text).purposes["marketing"].consent
        assert marketing is not None
        said = page.locator("#q-offers").inner_text()
        assert said.startswith(marketing.in_(language).partition("{channel}")[0].strip())
        assert page.locator("input[type=checkbox]:checked").count() == 0
        for name, given in (("name", told.name), ("email", told.email), ("mobile", told.mobile),
                            ("birth_date", told.born)):  # fmt: skip
            page.fill(f"[name='q.contact.{name}']", given)
        page.locator("[name='q.offers']").check(force=True)
        page.locator("form.asked button[type=submit]").click()
        page.locator(f'a[href*="/{language}/r/"]').wait_for(timeout=60_000)
        she.look("thanks")
        story.thanked = page.locator(f'a[href*="/{language}/r/"]').get_attribute("href") or ""
        assert story.count("vault.person") == people + 1

    def step_02_her_address_is_a_claim_until_she_confirms_it(self, story: Story) -> None:
        mail = story.await_mail(f"/{story.language}/c/")
        story.shopper.open(f"/{story.language}/mailbox/", "mailboxes")
        story.shopper.open(f"/{story.language}/mailbox/{story.box.name}/", "inbox")
        link = story.link(mail, "c", "confirmation-mail")
        assert _mail(mail)["List-Unsubscribe"] is None
        story.look_twice(link, "confirm")
        confirmed = story.count("consent.address")
        story.shopper.press(story.shopper.page.locator("main form button"), "confirmed")
        assert story.count("consent.address") == confirmed + 1

    def step_03_her_receipt_is_signed_and_stands_in_the_ledger(self, story: Story) -> None:
        she = story.shopper
        she.open(story.thanked, "receipt")
        url = she.page.url
        keys = KeySet.import_key_set(she.context.request.get(f"{story.address}/.well-known/jwks.json").json())

        def proven() -> bool:
            found = jws.deserialize_compact(
                she.context.request.get(f"{url}/receipt.jws").body(), keys, algorithms=["ES256"]
            )
            story.receipt = found.payload.decode()
            return '"hashes"' in story.receipt

        story.wait(proven)
        assert leak.find(story.told.plaintexts(), [("receipt", story.receipt.encode())]) == []
        assert "marketing" in story.receipt

    def step_04_a_marketer_writes_sees_whom_it_reaches_and_sends(self, story: Story) -> None:
        _compose(story.marketer, story.language, SUBJECTS)

    def step_05_the_mail_is_in_her_language_signed_and_names_the_way_out(self, story: Story) -> None:
        path = story.await_mail(SUBJECTS[story.language])
        mail = _mail(path)
        assert mail["Subject"] == SUBJECTS[story.language]
        assert re.fullmatch(r"<https?://[^>]+/u/[\w-]+>, *<mailto:[^>]+>", str(mail["List-Unsubscribe"]))
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        signed = re.sub(r"\s", "", str(mail["DKIM-Signature"])).lower()
        assert {"list-unsubscribe", "list-unsubscribe-post"} <= set(
            signed.split(";h=")[1].split(";")[0].split(":")
        )
        record = Signer.at(story.place.home / "secrets" / "dkim", domain="redtag.example").record().encode()
        assert dkim.verify(path.read_bytes(), dnsfunc=lambda name, timeout=5: record)
        story.campaign_mail = str(mail["Message-ID"])
        she = story.open_mail(path, "offer")
        root = she.page.frame_locator("iframe.letter").locator("html")
        assert (root.get_attribute("lang"), root.get_attribute("dir")) == (
            story.language,
            {"ar": "rtl", "en": "ltr"}[story.language],
        )

    def step_06_she_opts_out_by_the_link_and_it_takes_effect_at_once(self, story: Story) -> None:
        story.look_twice(
            story.link(story.await_mail(SUBJECTS[story.language]), "u", "offer-again"), "unsubscribe"
        )
        decisions = story.count("consent.decision WHERE kind = 'withdrawn'")
        story.shopper.press(story.shopper.page.locator("main form button"), "unsubscribed")
        assert story.count("consent.decision WHERE kind = 'withdrawn'") == decisions + 1

    def step_07_the_next_campaign_does_not_reach_her(self, story: Story) -> None:
        before = sum(1 for _ in (story.place.home / "mailbox").glob("*/*/*"))
        _compose(story.marketer, story.language, SECOND)
        assert sum(1 for _ in (story.place.home / "mailbox").glob("*/*/*")) > before
        assert [path for path in story.mails() if SECOND[story.language] in mailbox_text(path)] == []

    def step_08_it_can_be_said_why_she_got_the_mail(self, story: Story) -> None:
        said = story.place.command("why", story.campaign_mail)
        assert said.returncode == 0, said.stderr
        assert "clause U2" in said.stdout
        assert "NOT proven" not in said.stdout
        assert leak.find(story.told.plaintexts(), [("why", said.stdout.encode())]) == []

    def step_09_her_mail_to_customer_service_is_understood(self, story: Story) -> None:
        she, told = story.shopper, story.told
        she.open(f"/{story.language}/mailbox/{story.box.name}/write/", "write")
        she.page.fill("[name=subject]", told.subject)
        she.page.fill("[name=text]", told.request)
        she.press(she.page.locator("main form button[type=submit]"), "written")
        story.wait(lambda: story.count("desk_conversation") == 1)
        agent = story.agent
        agent.open(f"/{story.language}/console/desk", "desk")
        agent.press(agent.page.locator("table.list tbody tr a").first, "conversation")
        assert "R3" in agent.page.locator("main").inner_text()
        assert told.request not in agent.page.content()
        agent.press(agent.page.locator('form[action$="/take"] button'), "taken")
        assert told.request in agent.page.locator("main").inner_text()
        story.conversation = agent.page.url

    def step_10_she_is_asked_at_the_address_on_file_and_confirms(self, story: Story) -> None:
        agent = story.agent
        agent.press(agent.page.locator('form[action$="/erasure"] button'), "request-opened")
        assert agent.page.locator('a[href*="/erasure/"]').count() == 0
        link = story.link(story.await_mail(f"/{story.language}/e/"), "e", "challenge-mail")
        story.look_twice(link, "erase")
        story.shopper.press(story.shopper.page.locator("main form button"), "erase-confirmed")
        assert story.count("vault.person WHERE erased_at IS NOT NULL") == 0

    def step_11_the_agent_confirms_and_she_is_erased(self, story: Story) -> None:
        agent = story.agent
        agent.open(story.conversation, "request-confirmed")
        agent.press(agent.page.locator('a[href*="/erasure/"]'), "review")
        agent.press(agent.page.locator('form[action$="/carry-out"] button'), "erased")
        assert story.count("vault.person WHERE erased_at IS NOT NULL") >= 1
        assert story.told.request not in agent.page.content()
        found = agent.page.locator('a[href*="/certificate/"]').first.get_attribute("href")
        assert found is not None
        story.certificate = found

    def step_12_her_certificate_names_nobody_and_can_be_checked(self, story: Story) -> None:
        she = story.shopper
        assert (
            story.certificate
            in story.open_mail(story.await_mail("/certificate/"), "certificate-mail").page.content()
        )
        she.open(story.certificate, "certificate")
        number = story.certificate.rstrip("/").rsplit("/", 1)[1]

        def proven() -> bool:
            given: dict[str, Any] = she.context.request.get(
                f"{story.address}/{story.language}/certificate/{number}/certificate.json"
            ).json()
            story.heard = [json.dumps(given, ensure_ascii=False)]
            return given["inclusion"] is not None

        story.wait(proven)
        keys = KeySet.import_key_set(she.context.request.get(f"{story.address}/.well-known/jwks.json").json())
        signed = json.loads(story.heard[0])["certificate"]
        jws.deserialize_compact(signed, keys, algorithms=["ES256"])
        seen = she.page.content()
        assert leak.find(story.told.plaintexts(), [("certificate", (seen + story.heard[0]).encode())]) == []

    def step_13_the_whole_record_holds_and_the_mail_is_nobodys_now(self, story: Story) -> None:
        verified = story.place.command("verify")
        assert (verified.returncode, verified.stderr) == (0, "")
        said = story.place.command("why", story.campaign_mail)
        assert said.returncode == 0, said.stderr
        assert "erased" in said.stdout

    def step_14_attack_9_nothing_she_or_anybody_told_is_found_in_what_is_left(self, story: Story) -> None:
        hers = story.told.plaintexts()
        everybodys: dict[str, str] = {}
        for number in range(SHOPPERS):
            values = synthetic.shopper(number, country="AE" if number % 15 < 7 else "SA").values
            given = [name for name in ("name", "email", "mobile") if name in values]
            everybodys |= {f"{name} of {number}": values[name] for name in given}
        database = leak.dumped(story.place.home)
        left = [("database", database), *leak.files(story.place.home), *leak.files(story.scratch)]
        assert len(database) > 100_000
        assert {"logs/web.log", "logs/worker.log", "logs/mail.log", "logs/postgres.log"} <= dict(left).keys()
        assert leak.find(hers | everybodys, left) == []
        # What the server itself keeps, down to its log of changes: much, so for her alone.
        assert leak.find(hers, leak.files(story.place.data)) == []


@pytest.mark.attack
@pytest.mark.parametrize("story", ["ar", "en"], indirect=True)
def test_the_story_from_survey_to_certificate_and_attack_9(story: Story) -> None:
    steps = Steps()
    for name in sorted(each for each in dir(Steps) if each.startswith("step_")):
        try:
            getattr(steps, name)(story)
        except BaseException as error:
            error.add_note(f"in {name}")
            raise
