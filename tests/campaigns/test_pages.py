"""The marketer's pages, through Django's client, in both languages."""

import csv
import io
import re
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from amana.campaigns import actions, queries, sending, shown
from amana.campaigns.letter import Words, Written
from amana.campaigns.models import Campaign
from amana.gate import actions as gate
from amana.post.carrier import Carrier
from tests.campaigns.conftest import WRITTEN, SignedIn, agreeing, shopper
from tests.post.mailhost import Mailhost
from tests.world import World

FORM = {"name": WRITTEN.name, "link": WRITTEN.link, **WRITTEN.columns()}
LANGUAGES = [("ar", "rtl"), ("en", "ltr")]
PAGES = ["", "/edit", "/preview/ar", "/reach", "/send", "/progress", "/report.csv"]
VERBS = ["/send", "/pause", "/resume", "/stop", "/duplicate", "/delete", "/edit"]


@pytest.fixture
def marketer(signed_in: SignedIn) -> Client:
    """Return a marketer's browser."""
    return signed_in("marketing")


def draft(written: Written = WRITTEN) -> UUID:
    return actions.create(staff=1, written=written)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def policy_of(answer: Any) -> dict[str, str]:
    """Return an answer's content security policy by directive."""
    parts = [part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";")]
    return {name: value for name, _, value in parts if name}


@pytest.mark.parametrize(("language", "direction"), LANGUAGES)
def test_an_empty_list_teaches_the_first_step(marketer: Client, language: str, direction: str) -> None:
    page = text(marketer.get(f"/{language}/console/campaigns"))
    assert f'<html lang="{language}" dir="{direction}">' in page
    assert (page.count("<ol>"), page.count(f'href="/{language}/console/campaigns/new"')) == (1, 1)


@pytest.mark.parametrize("role", ["analyst", "service", "shop_manager", "administrator", "auditor"])
def test_u2_other_roles_reach_none_of_these_pages(world: World, signed_in: SignedIn, role: str) -> None:
    client, campaign = signed_in(role), draft()
    base = f"/en/console/campaigns/{campaign}"
    found = [client.get(f"/en/console/campaigns{end}").status_code for end in ("", "/new")]
    found += [client.get(base + end).status_code for end in PAGES]
    found += [client.post(base + end, FORM).status_code for end in VERBS]
    assert set(found) == {403}
    assert queries.get_campaign(campaign).written == WRITTEN


def test_nobody_reaches_them_unsigned(world: World) -> None:
    campaign = draft()
    answers = [Client().get(f"/ar/console/campaigns/{campaign}{end}") for end in PAGES]
    assert {answer.status_code for answer in answers} == {302}
    assert {answer.headers["Location"].partition("?")[0] for answer in answers} == {"/ar/console/sign-in"}


@pytest.mark.parametrize(("language", "direction"), LANGUAGES)
def test_writing_side_by_side_and_saving(marketer: Client, language: str, direction: str) -> None:
    address = f"/{language}/console/campaigns/new"
    page = text(marketer.get(address))
    fields = re.findall(
        r'<(?:input|textarea)[^>]*name="(?:subject|opening|body|label)_(?:ar|en)"[^>]*>', page
    )
    assert [('lang="ar"' in field, 'dir="rtl"' in field) for field in fields] == [(True, True)] * 4 + [
        (False, False)
    ] * 4
    answer = marketer.post(address, FORM)
    made = Campaign.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        f"/{language}/console/campaigns/{made.pk}",
    )
    assert queries.get_campaign(made.pk).written == WRITTEN
    assert text(marketer.get(answer.headers["Location"])).count("<iframe") == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("link", "http://redtag.example/"),
        ("link", "https://elsewhere.example/"),
        ("link", "https://redtag.example@elsewhere.example/"),
        ("link", "https://[redtag.example/"),
        ("link", "javascript:alert(1)"),
        ("body_ar", "مرحبًا {email}"),
        ("subject_en", "x" * 151),
        ("subject_en", "Hello {name"),
    ],
)
@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_mistake_is_named_and_nothing_typed_is_lost(
    marketer: Client, language: str, field: str, value: str
) -> None:
    answer = marketer.post(f"/{language}/console/campaigns/new", {**FORM, field: value})
    page = text(answer)
    assert (answer.status_code, Campaign.objects.count()) == (400, 0)
    assert page.count('aria-invalid="true"') == 1
    assert page.count('href="#id_') == 1
    assert (page.count("المعاطف كلها مخفضة."), page.count("All coats are reduced.")) == (
        int(field != "body_ar"),
        1,
    )


def test_t1_the_link_may_go_to_a_site_the_notice_names(marketer: Client) -> None:
    answer = marketer.post("/en/console/campaigns/new", {**FORM, "link": "https://www.instagram.com/redtag"})
    assert (answer.status_code, Campaign.objects.get().link) == (302, "https://www.instagram.com/redtag")


def test_an_unfinished_draft_is_kept_and_says_what_is_missing(marketer: Client) -> None:
    answer = marketer.post("/en/console/campaigns/new", {"name": "Later", "subject_ar": "عرض"})
    page = text(marketer.get(answer.headers["Location"]))
    assert "<b>Body in Arabic · Subject in English · Body in English</b>" in page
    assert "/send" not in text(marketer.get(answer.headers["Location"] + "/reach"))


def test_advice_counts_while_writing_and_keeps_nothing(marketer: Client) -> None:
    page = text(marketer.post("/en/console/campaigns/advice", {"subject_en": "x" * 41, "subject_ar": "Sale"}))
    assert page.count("Phones show about the first 40 characters") == 1
    assert page.count("This does not look like Arabic.") == 1
    assert Campaign.objects.count() == 0


@pytest.mark.parametrize(("language", "direction"), LANGUAGES)
def test_the_preview_can_do_nothing_but_be_looked_at(marketer: Client, language: str, direction: str) -> None:
    answer = marketer.get(f"/en/console/campaigns/{draft()}/preview/{language}")
    assert f'<html lang="{language}" dir="{direction}"' in text(answer)
    assert policy_of(answer) == {
        "default-src": "'none'", "style-src": "'unsafe-inline'", "form-action": "'none'", "base-uri": "'none'",
        "frame-ancestors": "'self'", "sandbox": "",
    }  # fmt: skip
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_the_preview_runs_nothing_that_was_written(marketer: Client) -> None:
    nasty = Written("x", Words("<b>", "", "<script>alert(1)</script>"), Words("a", "", "b"))
    page = text(marketer.get(f"/en/console/campaigns/{draft(nasty)}/preview/ar"))
    # Once in the letter, once where inboxes read what they show after the subject.
    assert (page.count("<script"), page.count("&lt;script&gt;")) == (0, 2)


def test_a_preview_in_no_language_of_ours_is_not_found(marketer: Client) -> None:
    assert marketer.get(f"/en/console/campaigns/{draft()}/preview/fr").status_code == 404


@pytest.mark.parametrize(("language", "few"), [("ar", "أقل من 10"), ("en", "fewer than 10")])
def test_reach_is_told_by_reason_and_small_numbers_are_not(
    world: World, marketer: Client, language: str, few: str
) -> None:
    agreeing(world, 11)
    shopper(world, "silent@mail.example")
    page = text(marketer.get(f"/{language}/console/campaigns/{draft()}/reach"))
    assert page.count('<bdi class="num">11</bdi>') == 2
    assert page.count(f">{few}</td>") == 1
    assert page.count('class="column"') == 2


def test_every_reason_of_the_gate_has_plain_words() -> None:
    reasons = [
        "other_shop", "restricted", "no_basis", "objected", "no_consent", "merged_refused", "consent_outdated",
        "age_unknown",
        "under_age", "no_address", "expired", "suppressed", "unconfirmed",
    ]  # fmt: skip
    said = [shown.why_not(reason)[0] for reason in reasons]
    assert (len(set(said)), shown.why_not("unheard_of")[0] in said) == (len(reasons), False)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_u2_sending_repeats_the_number_and_needs_a_yes(
    world: World, marketer: Client, mailhost: Mailhost, language: str
) -> None:
    agreeing(world, 12)
    base = f"/{language}/console/campaigns/{draft()}"
    page = text(marketer.get(f"{base}/send"))
    assert (page.count('<bdi class="num">12</bdi>'), page.count('name="confirmed" value="12"')) == (2, 1)
    assert Campaign.objects.get().state == "draft"
    answer = marketer.post(f"{base}/send", {"confirmed": "12"})
    assert (answer.status_code, answer.headers["Location"]) == (302, base)
    assert (Campaign.objects.get().state, Campaign.objects.get().planned) == ("planned", 12)
    assert 'hx-trigger="every 1s"' in text(marketer.get(base))
    assert marketer.post(f"{base}/send", {"confirmed": "12"}).status_code == 302


@pytest.mark.parametrize("confirmed", ["", "11", "-5", "١٢", "9" * 30])
def test_a_number_that_was_not_confirmed_sends_nothing(
    world: World, marketer: Client, mailhost: Mailhost, confirmed: str
) -> None:
    agreeing(world, 12)
    answer = marketer.post(f"/en/console/campaigns/{draft()}/send", {"confirmed": confirmed})
    page = text(answer)
    assert (answer.status_code, page.count('role="alert"'), Campaign.objects.get().state) == (409, 1, "draft")
    assert page.count('name="confirmed" value="12"') == 1


def test_progress_is_a_piece_of_the_page_and_asks_for_a_new_page_at_the_end(
    world: World, marketer: Client, mailhost: Mailhost, way: Carrier
) -> None:
    agreeing(world, 3)
    campaign = draft()
    base = f"/en/console/campaigns/{campaign}"
    marketer.post(f"{base}/send", {"confirmed": "9"})
    piece = text(marketer.get(f"{base}/progress?state=planned"))
    assert (piece.count("<html"), piece.count('value="0" max="3"')) == (0, 1)
    sending.hand_over(campaign=campaign, carrier=way)
    answer = marketer.get(f"{base}/progress?state=planned")
    assert answer.headers["HX-Refresh"] == "true"
    page = text(marketer.get(base))
    assert (page.count("hx-get"), page.count("<progress")) == (0, 0)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_pausing_going_on_and_stopping(
    world: World, marketer: Client, mailhost: Mailhost, language: str
) -> None:
    agreeing(world, 2)
    base = f"/{language}/console/campaigns/{draft()}"
    marketer.post(f"{base}/send", {"confirmed": "9"})
    states = []
    for verb in ("pause", "resume", "stop"):
        assert marketer.get(f"{base}/{verb}").status_code == 405
        answer = marketer.post(f"{base}/{verb}")
        states.append((answer.status_code, Campaign.objects.get().state))
        assert marketer.get(base).status_code == 200
    assert states == [(302, "paused"), (302, "sending"), (302, "stopped")]
    assert marketer.post(f"{base}/pause").status_code == 409


def test_r1_the_report_and_its_file_count_and_name_nobody(
    world: World, marketer: Client, mailhost: Mailhost, way: Carrier
) -> None:
    people = agreeing(world, 4)
    mailhost.at_recipient["ar1@mail.example"] = "550 5.1.1 No such user"
    campaign = draft(Written('=HYPERLINK("x")', WRITTEN.ar, WRITTEN.en, WRITTEN.link))
    base = f"/en/console/campaigns/{campaign}"
    marketer.post(f"{base}/send", {"confirmed": "9"})
    gate.opt_out(world.opt_out_link(people[0])[people[0]], language="ar")
    sending.hand_over(campaign=campaign, carrier=way)
    answer = marketer.get(f"{base}/report.csv")
    rows = {row[0]: row[1] for row in csv.reader(io.StringIO(text(answer).removeprefix("\ufeff")))}
    assert rows["Campaign"] == '\'=HYPERLINK("x")'
    assert {name: rows[name] for name in ("Planned", "Handed over", "Refused at the door", "No such address")} == {
        "Planned": "4", "Handed over": "2", "Refused at the door": "1", "No such address": "1",
    }  # fmt: skip
    shown_to_marketer = text(answer) + text(marketer.get(base))
    assert [word in shown_to_marketer for word in ("mail.example", "نور", str(people[1]))] == [
        False,
        False,
        False,
    ]


def test_a_copy_is_a_new_draft(world: World, marketer: Client) -> None:
    answer = marketer.post(f"/en/console/campaigns/{draft()}/duplicate")
    copy = Campaign.objects.get(name="Copy of Winter")
    assert answer.headers["Location"] == f"/en/console/campaigns/{copy.pk}/edit"
    assert marketer.post(f"/en/console/campaigns/{copy.pk}/delete").status_code == 302
    assert [one.name for one in Campaign.objects.all()] == ["Winter"]


def test_what_was_sent_cannot_be_edited_or_deleted(
    world: World, marketer: Client, mailhost: Mailhost
) -> None:
    agreeing(world, 1)
    base = f"/en/console/campaigns/{draft()}"
    marketer.post(f"{base}/send", {"confirmed": "9"})
    assert [marketer.get(f"{base}/edit").status_code, marketer.post(f"{base}/edit", FORM).status_code] == [
        409,
        409,
    ]
    assert marketer.post(f"{base}/delete").status_code == 409


def test_an_unknown_campaign_is_not_found(marketer: Client) -> None:
    nowhere = "/en/console/campaigns/00000000-0000-4000-8000-000000000000"
    assert {marketer.get(nowhere + end).status_code for end in PAGES} == {404}
