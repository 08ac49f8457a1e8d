"""Offers leave in the hours the notice allows, and not too often to anybody."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from amana.campaigns import actions, hours, letter, queries, sending, shown
from amana.kernel import clock
from amana.kernel.refusal import Refusal
from amana.policy import parsing
from amana.policy.document import Policy
from amana.post import actions as post
from amana.post import handover
from amana.post.carrier import Carrier
from amana.post.models import Batch
from tests.campaigns.conftest import WRITTEN, SignedIn, agreeing
from tests.campaigns.test_sending import STAFF, report_of, sent, state_of
from tests.post.mailhost import Mailhost
from tests.world import POLICY, World

PLAIN = Path(POLICY).read_text("utf-8")
DUBAI = 'value: {from: "18:00", until: "09:00", zone: Asia/Dubai, channels: [sms, whatsapp]}'
EVENING = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)  # 20:00 in Dubai
MORNING = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)  # 10:00 in Dubai


def with_limits(quiet: str = "", often: str = "") -> str:
    """Return the example's policy with other quiet hours in the Emirates, and a limit of frequency."""
    made = PLAIN.replace(DUBAI, f"value: {quiet}") if quiet else PLAIN
    assert made != PLAIN or not quiet
    if often:
        rest = "source: Test\n        dated: 2026-11-22\n        counsel_must_confirm: true"
        made = made.replace(
            "      quiet_hours:\n",
            f"      offers_most:\n        value: {often}\n        {rest}\n      quiet_hours:\n",
            1,
        )
    return made


def quiet_from(begins: str, ends: str, zone: str = "Asia/Dubai") -> str:
    """Return quiet hours that hold for e-mail."""
    return f'{{from: "{begins}", until: "{ends}", zone: {zone}, channels: [email]}}'


def policy(text: str) -> Policy:
    """Read a policy that is only looked at."""
    return parsing.parse(text)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-11-22T13:59:59+00:00", None),
        ("2026-11-22T14:00:00+00:00", "2026-11-23T05:00:00+00:00"),
        ("2026-11-22T23:30:00+00:00", "2026-11-23T05:00:00+00:00"),
        ("2026-11-23T04:59:59+00:00", "2026-11-23T05:00:00+00:00"),
        ("2026-11-23T05:00:00+00:00", None),
    ],
)
def test_quiet_hours_are_on_the_clock_of_their_place(at: str, until: str | None) -> None:
    found = hours.quiet(
        policy(with_limits(quiet_from("18:00", "09:00"))), channel="email", at=datetime.fromisoformat(at)
    )
    assert (found and found.until) == (datetime.fromisoformat(until) if until else None)


def test_the_strictest_place_holds_and_other_channels_are_free() -> None:
    made = policy(with_limits(quiet_from("18:00", "09:00")))
    assert hours.quiet(made, channel="push", at=EVENING) is None
    whatsapp = hours.quiet(policy(PLAIN), channel="whatsapp", at=EVENING)
    assert whatsapp is not None
    # Dubai opens first, then Riyadh, and last the place of the European law.
    assert whatsapp.until == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_hours_that_never_open_are_told() -> None:
    day = policy(PLAIN.replace(DUBAI, f"value: {quiet_from('09:00', '09:00')}"))
    found = hours.quiet(day, channel="email", at=EVENING)
    assert found is not None
    assert found.until is None


@pytest.mark.django_db(transaction=True)
def test_u2_a_campaign_waits_for_the_hour_and_says_so(
    world: World, way: Carrier, mailhost: Mailhost, signed_in: SignedIn
) -> None:
    world.publish(with_limits(quiet_from("18:00", "09:00")))
    agreeing(world, 2)
    with clock.fixed(EVENING):
        campaign = sent(world)
        assert sending.hand_over(campaign=campaign, carrier=way) is False
        assert (mailhost.taken, state_of(campaign)) == ([], "sending")
        browser = signed_in("marketing")
        pages = [
            browser.get(f"/{code}/console/campaigns/{campaign}").content.decode() for code in ("ar", "en")
        ]
        assert [page.count("09:00") for page in pages] == [1, 1]
        assert handover.hand_over_due(carrier=way) == 0
    with clock.fixed(MORNING):
        assert shown.waits(queries.get_campaign(campaign)) == ""
        sending.hand_over(campaign=campaign, carrier=way)
    assert (len(mailhost.taken), state_of(campaign)) == (2, "finished")


@pytest.mark.django_db(transaction=True)
def test_u2_nobody_gets_more_offers_than_the_notice_says(
    world: World, way: Carrier, mailhost: Mailhost
) -> None:
    world.publish(with_limits(often="{most: 1, days: 7}"))
    agreeing(world, 2, "ar")
    first = sent(world)
    sending.hand_over(campaign=first, carrier=way)
    with pytest.raises(Refusal, match=r"^campaign_everybody_tired$"):
        sent(world)
    agreeing(world, 1, "en")
    second = sent(world)
    sending.hand_over(campaign=second, carrier=way)
    found = queries.get_campaign(second)
    assert (found.planned, found.spared, report_of(second).handed_over) == (1, 2, 1)
    assert mailhost.recipients[2:] == ["en0@mail.example"]
    uses = world.owner.execute(
        "SELECT count(*) FROM uses.use u JOIN uses.call c ON c.id = u.call JOIN policy.term t ON t.id = c.purpose"
        " WHERE t.name = 'marketing'"
    ).fetchone()
    assert uses == (3,)
    with clock.fixed(clock.now() + timedelta(days=8)):
        third = sent(world)
    assert (queries.get_campaign(third).planned, queries.get_campaign(third).spared) == (3, 0)


@pytest.mark.django_db(transaction=True)
def test_what_is_held_back_leaves_by_nobodys_round(world: World, way: Carrier, mailhost: Mailhost) -> None:
    agreeing(world, 1)
    campaign = sent(world)
    Batch.objects.update(held=False)
    assert (post.hold_back(ref=f"campaign:{campaign}"), post.hold_back(ref=f"campaign:{campaign}")) == (1, 0)
    assert handover.hand_over_due(carrier=way) == 0
    assert mailhost.taken == []


@pytest.mark.django_db(transaction=True)
def test_a_second_try_of_what_was_stopped_never_leaves(
    world: World, way: Carrier, mailhost: Mailhost
) -> None:
    agreeing(world, 2)
    mailhost.at_recipient["ar1@mail.example"] = "450 4.2.0 Greylisted"
    campaign = sent(world)
    sending.hand_over(campaign=campaign, carrier=way)
    mailhost.at_recipient.clear()
    actions.stop(staff=STAFF, campaign=campaign)
    with clock.fixed(clock.now() + timedelta(hours=1)):
        assert handover.hand_over_due(carrier=way) == 0
        sending.hand_over(campaign=campaign, carrier=way)
    assert mailhost.recipients == ["ar0@mail.example"]
    assert report_of(campaign).stopped == 1


@pytest.mark.django_db(transaction=True)
def test_inboxes_show_the_opening_line_after_the_subject(
    world: World, way: Carrier, mailhost: Mailhost
) -> None:
    html = letter.preview(WRITTEN, "en").html or ""
    shown_first = html[html.index("<body") :].partition("<p ")[0]
    assert shown_first.count(WRITTEN.en.opening) == 1
