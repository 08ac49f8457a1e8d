"""The outbox under refusals, withdrawals and crashes: nobody twice, nobody skipped, nobody after a no."""

import random
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection

from amana.gate import actions as gate
from amana.gate import queries as gate_queries
from amana.gate.values import Planned
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.kernel.text import Bilingual
from amana.post import actions, chunk, handover, holding, parse, queries
from amana.post.carrier import Carrier
from amana.post.models import Batch, Message
from amana.post.transports import Carriage, Envelope, Transport, Verdict
from amana.post.transports.smtp import Smtp
from tests.post.mailhost import DIE, Mailhost
from tests.world import EMAILS, World

REF = "campaign:1"


def content(*, name: bool = False, link: str = "") -> UUID:
    """Write a small content."""
    hello = "{name} " if name else ""
    return actions.write(
        subject=Bilingual(ar="عروض", en="Offers"),
        body=Bilingual(ar=f"{hello}خصم اليوم", en=f"{hello}Today's offer"),
        link=link,
        label=Bilingual(ar="تأكيد", en="Confirm"),
    )


def shoppers(world: World, count: int) -> list[CustomerId]:
    """Make shoppers who confirmed and agreed."""
    return [world.shopper(f"shopper{n}@mail.example", EMAILS) for n in range(count)]


def plan(world: World, customers: Sequence[CustomerId], ref: str = REF, name: bool = False) -> int:
    """Plan a campaign to these customers."""
    return actions.plan(
        session=world.session("marketing"), ref=ref, kind="campaign", purpose="marketing",
        content=content(name=name), customers=customers,
    )  # fmt: skip


def states() -> Counter[str]:
    """Count messages by state and reason."""
    return Counter(
        f"{state} {reason}".strip() for state, reason in Message.objects.values_list("state", "reason")
    )


def test_u2_everybody_planned_gets_one_mail(world: World, carrier: Carrier, mailhost: Mailhost) -> None:
    people = shoppers(world, 3)
    assert plan(world, people) == 3
    assert handover.hand_over_due(carrier=carrier) == 1
    assert sorted(mailhost.recipients) == [f"shopper{n}@mail.example" for n in range(3)]
    assert queries.progress(ref=REF) == queries.Progress(0, 0, 3, 0, 0, 0, 0)
    assert gate_queries.audit() == []
    assert list(carrier.waybills.iterdir()) == []


def test_planning_twice_sends_once(world: World, carrier: Carrier, mailhost: Mailhost) -> None:
    people = shoppers(world, 2)
    assert (plan(world, people), plan(world, [*people, *people])) == (2, 0)
    handover.hand_over_due(carrier=carrier)
    assert handover.hand_over_due(carrier=carrier) == 0
    assert Counter(mailhost.recipients) == {"shopper0@mail.example": 1, "shopper1@mail.example": 1}


def test_each_chunk_has_a_task_of_its_own(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunk, "SIZE", 2)
    plan(world, shoppers(world, 5))
    assert Counter(Message.objects.values_list("batch__task", flat=True)).total() == 5
    assert Batch.objects.count() == 3


def test_u2_reachable_people_are_enlisted_by_the_gates_own_tasks(
    world: World, carrier: Carrier, mailhost: Mailhost
) -> None:
    shoppers(world, 3)
    world.admit("unconfirmed@mail.example", EMAILS)
    tasks = gate.plan_reachable(
        session=world.session("marketing"), purpose="marketing", channel="email", ref=REF, chunk=2
    )
    assert actions.enlist(tasks=tasks, ref=REF, kind="campaign", purpose="marketing", content=content()) == 3
    assert handover.hand_over_due(carrier=carrier) == 2
    assert len(mailhost.recipients) == 3


def test_c5_a_confirmation_carries_its_link_and_no_name(
    world: World, carrier: Carrier, mailhost: Mailhost
) -> None:
    made = world.admit("noor@mail.example")
    task = Planned(made.confirmation or 0, made.customer)
    actions.enlist(
        tasks=[task], ref="confirm:1", kind="confirmation", purpose="confirmation",
        content=content(link="confirm"), reopens=True,
    )  # fmt: skip
    handover.hand_over_due(carrier=carrier)
    ((to, _, raw),) = mailhost.taken
    text = parse.parts(raw)[0]
    assert (to, text.count("https://amana.redtag.example/ar/c/")) == ("noor@mail.example", 1)
    assert [word in raw for word in (b"List-Unsubscribe", "نور".encode())] == [False, False]


def test_r1_a_withdrawal_stops_what_is_queued(world: World, carrier: Carrier, mailhost: Mailhost) -> None:
    stays, leaves = shoppers(world, 2)
    plan(world, [stays, leaves])
    gate.opt_out(world.opt_out_link(leaves)[leaves], language="ar")
    handover.hand_over_due(carrier=carrier)
    assert mailhost.recipients == ["shopper0@mail.example"]
    assert states() == {"handed_over": 1, "refused not_allowed": 1}


def test_r1_nothing_is_handed_over_after_a_withdrawal_is_confirmed(
    world: World, carrier: Carrier, mailhost: Mailhost
) -> None:
    people = shoppers(world, 4)
    links = world.opt_out_link(*people)
    plan(world, people)
    events: list[str] = []
    leaving = threading.Thread(target=_withdraw, args=(links[people[3]], events))

    def note(to: str) -> None:
        events.append(to)
        if len(events) == 1:
            leaving.start()

    mailhost.before_answer = note
    handover.hand_over_due(carrier=carrier)
    leaving.join()
    assert events.index("confirmed") == 4
    assert Counter(mailhost.recipients) == {f"shopper{n}@mail.example": 1 for n in range(4)}


def _withdraw(link: str, events: list[str]) -> None:
    try:
        gate.opt_out(link, language="ar")
        events.append("confirmed")
    finally:
        connection.close()


def test_a_dead_address_is_suppressed_and_a_senders_fault_is_not(
    world: World, carrier: Carrier, mailhost: Mailhost
) -> None:
    people = shoppers(world, 3)
    mailhost.at_recipient["shopper0@mail.example"] = "550 5.1.1 No such user"
    mailhost.at_content["shopper1@mail.example"] = "550 5.7.1 Looks like spam"
    plan(world, people)
    handover.hand_over_due(carrier=carrier)
    assert states() == {"bounced address": 1, "failed sender": 1, "handed_over": 1}
    mailhost.at_recipient.clear()
    mailhost.at_content.clear()
    mailhost.taken.clear()
    plan(world, people, ref="campaign:2")
    handover.hand_over_due(carrier=carrier)
    assert sorted(mailhost.recipients) == ["shopper1@mail.example", "shopper2@mail.example"]


def test_a_temporary_refusal_is_tried_again_later_under_a_new_task(
    world: World, carrier: Carrier, mailhost: Mailhost
) -> None:
    plan(world, shoppers(world, 2))
    mailhost.at_recipient["shopper1@mail.example"] = "450 4.2.0 Greylisted"
    handover.hand_over_due(carrier=carrier)
    assert states() == {"handed_over": 1, "planned later": 1}
    assert handover.hand_over_due(carrier=carrier) == 0
    mailhost.at_recipient.clear()
    with clock.fixed(clock.now() + timedelta(minutes=6)):
        assert handover.hand_over_due(carrier=carrier) == 1
    assert Counter(mailhost.recipients) == {"shopper0@mail.example": 1, "shopper1@mail.example": 1}
    sizes = [batch.messages.count() for batch in Batch.objects.order_by("task")]
    assert sizes == [1, 1]


def test_it_gives_up_after_so_many_tries(world: World, carrier: Carrier, mailhost: Mailhost) -> None:
    plan(world, shoppers(world, 1))
    mailhost.at_recipient["shopper0@mail.example"] = "450 4.2.0 Greylisted"
    at = clock.now()
    for hour in range(0, 100, 13):
        with clock.fixed(at + timedelta(hours=hour)):
            handover.hand_over_due(carrier=carrier)
    assert states() == {"failed gave_up": 1}
    assert Message.objects.get().attempts == 6


def test_a_carrier_out_of_reach_costs_nobody_a_try(
    world: World, carrier: Carrier, mailhost: Mailhost
) -> None:
    plan(world, shoppers(world, 3))
    nowhere = replace(carrier, transport=Smtp("127.0.0.1", 1, timeout=1))
    handover.hand_over_due(carrier=nowhere)
    assert Counter(Message.objects.values_list("state", "attempts")) == {("planned", 0): 3}
    with clock.fixed(clock.now() + timedelta(minutes=2)):
        handover.hand_over_due(carrier=carrier)
    assert len(mailhost.recipients) == 3


def test_a_loss_after_the_content_is_never_sent_again(
    world: World, carrier: Carrier, mailhost: Mailhost
) -> None:
    plan(world, shoppers(world, 3))
    mailhost.at_content["shopper1@mail.example"] = DIE
    handover.hand_over_due(carrier=carrier)
    with clock.fixed(clock.now() + timedelta(days=1)):
        handover.hand_over_due(carrier=carrier)
    assert states() == {"handed_over": 2, "unconfirmed lost": 1}
    assert max(Counter(mailhost.recipients).values()) == 1


def test_r3_who_is_forgotten_is_refused_and_the_others_are_not(
    world: World, carrier: Carrier, mailhost: Mailhost
) -> None:
    stays, leaves = shoppers(world, 2)
    plan(world, [stays, leaves])
    assert [len(holding.disclose(person)) for person in (stays, leaves)] == [1, 1]
    assert holding.forget(leaves) == 1
    handover.hand_over_due(carrier=carrier)
    assert mailhost.recipients == ["shopper0@mail.example"]
    assert states() == {"handed_over": 1, "refused erased": 1}
    assert holding.disclose(leaves) == {}


def test_an_unknown_person_does_not_keep_the_others_from_a_second_try(world: World) -> None:
    plan(world, shoppers(world, 2))
    batch = Batch.objects.get()
    gone = Message.objects.order_by("id")[0]
    Message.objects.filter(pk=gone.pk).update(customer=UUID(int=1))
    actions.replan(batch=batch, messages=list(Message.objects.order_by("id")), due_at=clock.now())
    assert states() == {"planned": 1, "refused person_unknown": 1}


def test_stopping_a_campaign_keeps_what_has_not_left(
    world: World, carrier: Carrier, mailhost: Mailhost
) -> None:
    plan(world, shoppers(world, 2))
    assert actions.stop(ref=REF) == 2
    handover.hand_over_due(carrier=carrier)
    assert mailhost.taken == []
    assert states() == {"refused stopped": 2}


def test_nothing_that_is_stored_holds_an_address_or_a_name(
    world: World, carrier: Carrier, mailhost: Mailhost
) -> None:
    plan(world, shoppers(world, 1), name=True)
    mailhost.at_recipient["shopper0@mail.example"] = "550 5.1.1 <shopper0@mail.example> no such user نور"
    handover.hand_over_due(carrier=carrier)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(m::text, ' ') FROM post_message m")
        stored = cursor.fetchone()[0]
    assert [word in stored for word in ("shopper0", "mail.example", "نور")] == [False, False, False]


class Crash(BaseException):
    """The process dies here."""


@dataclass
class Crashing:
    """A way to the carrier on which the process dies at the n-th message, before or after it leaves."""

    inner: Transport
    at: int
    after: bool
    seen: int = 0

    @property
    def channel(self) -> str:
        """Return the channel."""
        return self.inner.channel

    @property
    def recipient(self) -> str:
        """Return who receives the data."""
        return self.inner.recipient

    @contextmanager
    def open(self) -> Iterator[Carriage]:
        """Open the way."""
        with self.inner.open() as carriage:
            self._carriage = carriage
            yield self

    def hand(self, envelope: Envelope) -> Verdict:
        """Hand over, or die."""
        self.seen += 1
        if self.seen == self.at and not self.after:
            raise Crash
        verdict = self._carriage.hand(envelope)
        if self.seen == self.at:
            raise Crash
        return verdict


@pytest.mark.parametrize("seed", range(6))
def test_after_any_crash_nobody_gets_two_and_nobody_is_skipped(
    world: World, carrier: Carrier, mailhost: Mailhost, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    monkeypatch.setattr(chunk, "SIZE", 4)
    plan(world, shoppers(world, 9))
    crashes = 0
    for _ in range(4):
        dying = Crashing(carrier.transport, chance.randint(1, 5), chance.random() < 0.5)
        try:
            handover.hand_over_due(carrier=replace(carrier, transport=dying))
        except Crash:
            crashes += 1
    handover.hand_over_due(carrier=carrier)
    progress = queries.progress(ref=REF)
    assert crashes > 0
    assert progress.finished
    assert (progress.handed_over + progress.unconfirmed, progress.unconfirmed) == (9, crashes)
    assert max(Counter(mailhost.recipients).values()) == 1
    got = set(mailhost.recipients)
    assert len(got) >= progress.handed_over
    assert gate_queries.audit() == []


def test_a_lost_waybill_sends_nothing_twice(
    world: World, carrier: Carrier, mailhost: Mailhost, tmp_path: Path
) -> None:
    plan(world, shoppers(world, 3))
    with pytest.raises(Crash):
        handover.hand_over_due(carrier=replace(carrier, transport=Crashing(carrier.transport, 2, True)))
    elsewhere = replace(carrier, waybills=tmp_path / "another machine")
    handover.hand_over_due(carrier=elsewhere)
    assert states() == {"unconfirmed crash": 3}
    assert len(mailhost.recipients) == 2


def test_two_processes_never_hand_over_the_same_batch(
    world: World, carrier: Carrier, mailhost: Mailhost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunk, "SIZE", 2)
    plan(world, shoppers(world, 8))
    others = [threading.Thread(target=_hand_over, args=(carrier,)) for _ in range(3)]
    for other in others:
        other.start()
    for other in others:
        other.join()
    assert states() == {"handed_over": 8}
    assert max(Counter(mailhost.recipients).values()) == 1


def _hand_over(carrier: Carrier) -> None:
    try:
        handover.hand_over_due(carrier=carrier)
    finally:
        connection.close()
