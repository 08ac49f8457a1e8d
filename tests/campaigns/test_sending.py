"""A campaign reaches those who may be written to, once each, whatever happens on the way."""

import random
import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection

from amana.campaigns import actions, letter, queries, sending, tasks
from amana.campaigns.letter import Words, Written
from amana.campaigns.models import Campaign
from amana.gate import actions as gate
from amana.gate import queries as gate_queries
from amana.kernel import clock
from amana.kernel.refusal import Refusal
from amana.post import chunk, handover, holding, parse
from amana.post.carrier import Carrier
from amana.post.models import Batch, Message
from amana.post.transports.smtp import Smtp
from tests.campaigns.conftest import WRITTEN, agreeing, shopper
from tests.post.mailhost import DIE, Mailhost
from tests.post.test_handover import Crash, Crashing
from tests.world import EMAILS, World

STAFF = 1


def sent(world: World, *, confirmed: int = 1000, written: Written = WRITTEN) -> UUID:
    """Write a campaign and send it."""
    campaign = actions.create(staff=STAFF, written=written)
    actions.send(session=world.session("marketing"), staff=STAFF, campaign=campaign, confirmed=confirmed)
    return campaign


def report_of(campaign: UUID) -> queries.Report:
    return queries.report(queries.get_campaign(campaign))


def state_of(campaign: UUID) -> str:
    return queries.get_campaign(campaign).state


def crowd(world: World) -> None:
    """Make 120 shoppers: 60 agree and confirmed, 25 never agreed, 12 left, 15 did not confirm, 8 are children."""
    agreeing(world, 40, "ar")
    agreeing(world, 20, "en")
    for number in range(25):
        shopper(world, f"silent{number}@mail.example")
    left = [shopper(world, f"left{number}@mail.example", EMAILS) for number in range(12)]
    for link in world.opt_out_link(*left).values():
        gate.opt_out(link, language="ar")
    for number in range(15):
        shopper(world, f"claim{number}@mail.example", EMAILS, confirmed=False)
    for number in range(8):
        shopper(world, f"child{number}@mail.example", EMAILS, birth_date="2015-01-01")


def test_u2_of_120_shoppers_exactly_those_who_may_get_one_mail_each(
    world: World, way: Carrier, mailhost: Mailhost
) -> None:
    crowd(world)
    reach = queries.reach(session=world.session("marketing"))
    assert reach == queries.Reach(60, (("no_consent", 37), ("unconfirmed", 15), ("under_age", None)))
    campaign = sent(world, confirmed=60)
    assert (state_of(campaign), mailhost.taken) == ("planned", [])
    assert sending.hand_over(campaign=campaign, carrier=way) is False
    expected = {f"ar{n}@mail.example": 1 for n in range(40)} | {f"en{n}@mail.example": 1 for n in range(20)}
    assert Counter(mailhost.recipients) == expected
    assert report_of(campaign) == queries.Report(60, 0, 60, 0, 0, 0, 0, 0, 0, 0, 0)
    assert state_of(campaign) == "finished"
    assert gate_queries.audit() == []


def test_u2_each_reads_the_mail_in_their_own_language_and_direction(
    world: World, way: Carrier, mailhost: Mailhost
) -> None:
    agreeing(world, 1, "ar")
    agreeing(world, 1, "en")
    sending.hand_over(campaign=sent(world), carrier=way)
    texts = {to: parse.parts(raw)[0] for to, _, raw in mailhost.taken}
    assert ["خصم ٣٠٪ هذا الأسبوع" in texts["ar0@mail.example"], "30% off" in texts["ar0@mail.example"]] == [
        True,
        False,
    ]
    assert ["خصم ٣٠٪ هذا الأسبوع" in texts["en0@mail.example"], "30% off" in texts["en0@mail.example"]] == [
        False,
        True,
    ]
    raws = {to: parse.parts(raw)[1] or "" for to, _, raw in mailhost.taken}
    assert '<html lang="ar" dir="rtl"' in raws["ar0@mail.example"]
    assert '<html lang="en" dir="ltr"' in raws["en0@mail.example"]


def test_r1_every_mail_carries_its_way_out(world: World, way: Carrier, mailhost: Mailhost) -> None:
    agreeing(world, 3)
    sending.hand_over(campaign=sent(world), carrier=way)
    heads = [raw.partition(b"\r\n\r\n")[0] for _, _, raw in mailhost.taken]
    assert [head.count(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click") for head in heads] == [1, 1, 1]
    assert ["/ar/u/" in parse.parts(raw)[0] for _, _, raw in mailhost.taken] == [True, True, True]


def test_r1_who_opts_out_between_plan_and_hand_over_gets_nothing(
    world: World, way: Carrier, mailhost: Mailhost
) -> None:
    people = agreeing(world, 4)
    campaign = sent(world)
    gate.opt_out(world.opt_out_link(people[2])[people[2]], language="ar")
    sending.hand_over(campaign=campaign, carrier=way)
    assert sorted(mailhost.recipients) == [f"ar{n}@mail.example" for n in (0, 1, 3)]
    found = report_of(campaign)
    assert (found.planned, found.handed_over, found.at_the_door) == (4, 3, 1)


def test_r3_who_is_forgotten_before_their_turn_is_counted_at_the_door(
    world: World, way: Carrier, mailhost: Mailhost
) -> None:
    people = agreeing(world, 2)
    campaign = sent(world)
    holding.forget(people[0])
    sending.hand_over(campaign=campaign, carrier=way)
    assert (report_of(campaign).at_the_door, mailhost.recipients) == (1, ["ar1@mail.example"])


@pytest.mark.parametrize("seed", range(6))
def test_u2_after_any_crash_each_gets_one_or_is_honestly_unconfirmed(
    world: World, way: Carrier, mailhost: Mailhost, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    monkeypatch.setattr(chunk, "SIZE", 4)
    agreeing(world, 11)
    campaign, crashes = sent(world), 0
    for _ in range(3):
        dying = Crashing(way.transport, chance.randint(1, 5), chance.random() < 0.5)
        try:
            sending.hand_over(campaign=campaign, carrier=replace(way, transport=dying))
        except Crash:
            crashes += 1
            assert state_of(campaign) == "sending"
    sending.hand_over(campaign=campaign, carrier=way)
    found = report_of(campaign)
    assert crashes > 0
    assert (found.handed_over + found.unconfirmed, found.unconfirmed, found.waiting) == (11, crashes, 0)
    assert max(Counter(mailhost.recipients).values()) == 1
    assert len(mailhost.recipients) >= found.handed_over
    assert state_of(campaign) == "finished"


def test_u2_a_crash_leaves_no_campaign_that_says_finished(
    world: World, way: Carrier, mailhost: Mailhost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunk, "SIZE", 2)
    agreeing(world, 5)
    campaign = sent(world)
    dying = Crashing(way.transport, 3, after=False)
    with pytest.raises(Crash):
        sending.hand_over(campaign=campaign, carrier=replace(way, transport=dying))
    assert sending.settle(campaign=campaign) is False
    assert (state_of(campaign), len(mailhost.taken)) == ("sending", 2)


def test_a_pause_lets_nothing_more_leave_and_going_on_sends_the_rest_once(
    world: World, way: Carrier, mailhost: Mailhost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunk, "SIZE", 2)
    agreeing(world, 6)
    campaign = sent(world)

    def pause() -> None:
        actions.pause(staff=STAFF, campaign=campaign)
        connection.close()

    def pause_at_first(_: str) -> None:
        if not mailhost.taken:
            marketer = threading.Thread(target=pause)
            marketer.start()
            marketer.join()

    mailhost.before_answer = pause_at_first
    assert sending.hand_over(campaign=campaign, carrier=way) is False
    assert (state_of(campaign), len(mailhost.taken)) == ("paused", 2)
    sending.hand_over(campaign=campaign, carrier=way)
    assert len(mailhost.taken) == 2
    actions.resume(staff=STAFF, campaign=campaign)
    sending.hand_over(campaign=campaign, carrier=way)
    assert Counter(mailhost.recipients) == {f"ar{n}@mail.example": 1 for n in range(6)}
    assert state_of(campaign) == "finished"


def test_a_second_try_waits_while_it_is_paused(world: World, way: Carrier, mailhost: Mailhost) -> None:
    agreeing(world, 2)
    mailhost.at_recipient["ar1@mail.example"] = "450 4.2.0 Greylisted"
    campaign = sent(world)
    sending.hand_over(campaign=campaign, carrier=way)
    assert (state_of(campaign), report_of(campaign).waiting) == ("sending", 1)
    actions.pause(staff=STAFF, campaign=campaign)
    mailhost.at_recipient.clear()
    with clock.fixed(clock.now() + timedelta(hours=1)):
        sending.hand_over(campaign=campaign, carrier=way)
        assert handover.hand_over_due(carrier=way) == 0
        assert mailhost.recipients == ["ar0@mail.example"]
        actions.resume(staff=STAFF, campaign=campaign)
        sending.hand_over(campaign=campaign, carrier=way)
    assert sorted(mailhost.recipients) == ["ar0@mail.example", "ar1@mail.example"]


def test_a_campaign_does_not_stand_in_the_post_rooms_own_round(
    world: World, way: Carrier, mailhost: Mailhost
) -> None:
    agreeing(world, 3)
    sent(world)
    assert (handover.hand_over_due(carrier=way), mailhost.taken) == (0, [])


def test_two_workers_at_once_send_to_each_once(
    world: World, way: Carrier, mailhost: Mailhost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunk, "SIZE", 3)
    agreeing(world, 9)
    campaign = sent(world)

    def work() -> None:
        try:
            sending.hand_over(campaign=campaign, carrier=way)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert Counter(mailhost.recipients) == {f"ar{n}@mail.example": 1 for n in range(9)}
    assert state_of(campaign) == "finished"


def test_a_carrier_out_of_reach_ends_the_round_and_costs_nobody_their_mail(
    world: World, way: Carrier, mailhost: Mailhost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunk, "SIZE", 2)
    agreeing(world, 6)
    campaign = sent(world)
    nowhere = replace(way, transport=Smtp("127.0.0.1", 1, timeout=1))
    assert sending.hand_over(campaign=campaign, carrier=nowhere) is False
    assert (state_of(campaign), report_of(campaign).waiting, Batch.objects.exclude(taken_at=None).count()) == (
        "sending", 6, 1,
    )  # fmt: skip
    with clock.fixed(clock.now() + timedelta(minutes=2)):
        sending.hand_over(campaign=campaign, carrier=way)
    assert (len(mailhost.taken), state_of(campaign)) == (6, "finished")


def test_stopping_refuses_the_rest_for_good(
    world: World, way: Carrier, mailhost: Mailhost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunk, "SIZE", 2)
    agreeing(world, 6)
    campaign = sent(world)
    sending.hand_over(
        campaign=campaign, carrier=way, seconds=0.5, elapsed=iter([0.0, 0.1, 0.9, 1.0]).__next__
    )
    assert len(mailhost.taken) == 2
    assert actions.stop(staff=STAFF, campaign=campaign) == 4
    assert sending.hand_over(campaign=campaign, carrier=way) is False
    found = report_of(campaign)
    assert (len(mailhost.taken), found.handed_over, found.stopped) == (2, 2, 4)
    assert (state_of(campaign), queries.get_campaign(campaign).resolved_at is None) == ("stopped", False)
    for act in (actions.pause, actions.resume, actions.stop):
        with pytest.raises(Refusal, match=r"^campaign_state_changed$"):
            act(staff=STAFF, campaign=campaign)


def test_bounces_and_losses_are_told_apart(world: World, way: Carrier, mailhost: Mailhost) -> None:
    agreeing(world, 5)
    mailhost.at_recipient["ar0@mail.example"] = "550 5.1.1 No such user"
    mailhost.at_recipient["ar1@mail.example"] = "552 5.2.2 Mailbox full"
    mailhost.at_content["ar2@mail.example"] = "550 5.7.1 Looks like spam"
    mailhost.at_content["ar3@mail.example"] = DIE
    campaign = sent(world)
    sending.hand_over(campaign=campaign, carrier=way)
    found = report_of(campaign)
    assert (found.handed_over, found.bounced_address, found.bounced_mailbox) == (1, 1, 1)
    assert (found.failed, found.unconfirmed, found.waiting) == (1, 1, 0)


def test_u2_never_to_more_people_than_were_confirmed(world: World, mailhost: Mailhost) -> None:
    agreeing(world, 3)
    with pytest.raises(Refusal, match=r"^campaign_reach_grew$"):
        sent(world, confirmed=2)
    assert (Message.objects.count(), Campaign.objects.get().state) == (0, "draft")


def test_sending_twice_sends_once(world: World, way: Carrier, mailhost: Mailhost) -> None:
    agreeing(world, 2)
    campaign = sent(world)
    with pytest.raises(Refusal, match=r"^campaign_not_draft$"):
        actions.send(session=world.session("marketing"), staff=STAFF, campaign=campaign, confirmed=9)
    sending.hand_over(campaign=campaign, carrier=way)
    sending.hand_over(campaign=campaign, carrier=way)
    assert len(mailhost.taken) == 2


def test_words_stay_as_they_were_sent(world: World, way: Carrier, mailhost: Mailhost) -> None:
    agreeing(world, 1)
    campaign = sent(world)
    other = replace(WRITTEN, en=Words("Other", "", "Other"))
    with pytest.raises(Refusal, match=r"^campaign_not_draft$"):
        actions.edit(campaign=campaign, written=other)
    with pytest.raises(Refusal, match=r"^campaign_not_draft$"):
        actions.delete(campaign=campaign)
    assert queries.get_campaign(campaign).written == WRITTEN


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (replace(WRITTEN, ar=Words()), "campaign_incomplete"),
        (replace(WRITTEN, en=replace(WRITTEN.en, label="")), "campaign_incomplete"),
        (WRITTEN, "campaign_nobody"),
    ],
    ids=["no-arabic", "a-button-without-words", "nobody"],
)
def test_what_cannot_be_sent_is_refused(
    world: World, mailhost: Mailhost, written: Written, code: str
) -> None:
    if code != "campaign_nobody":
        agreeing(world, 1)
    with pytest.raises(Refusal, match=f"^{code}$"):
        sent(world, written=written)
    assert Message.objects.count() == 0


def test_u2_other_roles_cannot_send(world: World, mailhost: Mailhost) -> None:
    agreeing(world, 1)
    campaign = actions.create(staff=STAFF, written=WRITTEN)
    with pytest.raises(Refusal, match=r"^role_refused$"):
        actions.send(session=world.session("analyst"), staff=STAFF, campaign=campaign, confirmed=9)
    assert state_of(campaign) == "draft"


def test_nothing_is_planned_while_no_mail_server_is_set_up(world: World) -> None:
    agreeing(world, 1)
    with pytest.raises(Refusal, match=r"^mail_unset$"):
        sent(world)


def test_the_job_holds_a_number_only_and_is_woken_again_after_a_crash(
    world: World, way: Carrier, mailhost: Mailhost
) -> None:
    agreeing(world, 2)
    campaign = sent(world)
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'campaigns.hand_over'")
        assert cursor.fetchall() == [(f'{{"campaign": "{campaign}"}}',)]
        # As if a worker had taken the job and died.
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    tasks.look_after()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'campaigns.hand_over' AND status = 'todo'"
        )
        assert cursor.fetchone() == (1,)
    tasks.hand_over(str(campaign))
    assert (len(mailhost.taken), state_of(campaign)) == (2, "finished")


def test_every_step_is_in_the_ledger(world: World, way: Carrier, mailhost: Mailhost) -> None:
    agreeing(world, 1)
    campaign = sent(world)
    actions.pause(staff=STAFF, campaign=campaign)
    actions.resume(staff=STAFF, campaign=campaign)
    sending.hand_over(campaign=campaign, carrier=way)
    events = world.owner.execute(
        "SELECT event FROM ledger.pending WHERE event LIKE 'campaigns.%' ORDER BY at"
    ).fetchall()
    assert [event for (event,) in events] == [
        "campaigns.sent", "campaigns.paused", "campaigns.resumed", "campaigns.finished",
    ]  # fmt: skip


def test_a_campaign_of_nobody_by_that_number(world: World) -> None:
    for act in (actions.pause, actions.stop):
        with pytest.raises(Refusal, match=r"^campaign_unknown$"):
            act(staff=STAFF, campaign=uuid4())


def test_the_preview_is_the_mail(world: World, way: Carrier, mailhost: Mailhost) -> None:
    shopper(world, "noura@mail.example", EMAILS, language="en", name=letter.SAMPLE_NAME.en)
    sending.hand_over(campaign=sent(world), carrier=way)
    both = parse.parts(mailhost.taken[0][2])[0], letter.preview(WRITTEN, "en").text
    assert len({tuple(text.partition("\n--")[0].split()) for text in both}) == 1
