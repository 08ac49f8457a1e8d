"""Delivery reports: the address, the mailbox or ourselves; only a dead address stops anything."""

from datetime import timedelta
from email import message_from_string
from uuid import UUID

import pytest

from amana.kernel import clock
from amana.post import actions, bounces, handover
from amana.post.bounces import Bounce
from amana.post.carrier import Carrier
from amana.post.models import Message
from amana.post.transports import Outcome
from tests.post.mailhost import Mailhost
from tests.post.test_handover import plan, shoppers, states
from tests.world import World

NUMBER = UUID("7d6f5a38-6b0e-4f57-9d57-0c6a0a9a2a11")


def report(
    *, action: str = "failed", status: str = "5.1.1", diagnostic: str = "smtp; 550 5.1.1 No such user"
) -> str:
    """Return a delivery report as servers write them (RFC 3464, appendix E)."""
    return f"""From: MAILER-DAEMON@mail.example
To: bounce+{NUMBER}@redtag.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: text/plain

I'm sorry to have to inform you.

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example
Arrival-Date: Sun, 22 Nov 2026 12:00:00 +0000

Final-Recipient: rfc822; noor@mail.example
Action: {action}
Status: {status}
Diagnostic-Code: {diagnostic}

--x--
"""


@pytest.mark.parametrize(
    ("status", "diagnostic", "expected"),
    [
        ("5.1.1", "smtp; 550 5.1.1 No such user", Bounce(Outcome.ADDRESS_FAULT, "550 5.1.1")),
        ("5.1.1", "", Bounce(Outcome.ADDRESS_FAULT, "550 5.1.1")),
        ("5.2.2", "smtp; 552 5.2.2 Mailbox full", Bounce(Outcome.MAILBOX_FAULT, "552 5.2.2")),
        ("4.4.1", "smtp; connection timed out", Bounce(Outcome.MAILBOX_FAULT, "450 4.4.1")),
        ("5.7.1", "smtp; 550 5.7.1 blocked by Spamhaus", Bounce(Outcome.SENDER_FAULT, "550 5.7.1")),
        ("5.0.0", "smtp; 554 spam message rejected", Bounce(Outcome.SENDER_FAULT, "554 5.0.0")),
        ("", "smtp; 550 user unknown", Bounce(Outcome.ADDRESS_FAULT, "550")),
    ],
)
def test_a_report_is_judged_by_whose_fault_it_is(status: str, diagnostic: str, expected: Bounce) -> None:
    mail = message_from_string(report(status=status, diagnostic=diagnostic))
    assert bounces.find_bounce(mail) == expected


def test_a_delay_decides_nothing() -> None:
    assert bounces.find_bounce(message_from_string(report(action="delayed", status="4.4.1"))) is None


def test_an_answer_from_the_holidays_is_no_report() -> None:
    assert (
        bounces.find_bounce(message_from_string("From: a@b.example\nSubject: Out of office\n\nBack soon"))
        is None
    )


def test_the_return_path_names_the_message() -> None:
    assert bounces.find_message(f"bounce+{NUMBER}@redtag.example") == NUMBER
    assert [
        bounces.find_message(text) for text in ("bounce+x@redtag.example", "service@redtag.example", "")
    ] == [
        None,
        None,
        None,
    ]


def delivered(world: World, carrier: Carrier) -> Message:
    """Hand one message over."""
    plan(world, shoppers(world, 1))
    handover.hand_over_due(carrier=carrier)
    return Message.objects.get()


def test_a_dead_address_is_written_to_no_more(world: World, carrier: Carrier, mailhost: Mailhost) -> None:
    message = delivered(world, carrier)
    assert actions.bounce(message=message.pk, verdict=Bounce(Outcome.ADDRESS_FAULT, "550 5.1.1"))
    plan(world, [message.customer], ref="campaign:2")  # type: ignore[list-item]
    handover.hand_over_due(carrier=carrier)
    assert states() == {"bounced address": 1, "refused not_allowed": 1}


@pytest.mark.parametrize("outcome", [Outcome.SENDER_FAULT, Outcome.MAILBOX_FAULT])
def test_no_other_fault_costs_a_customer_their_messages(
    world: World, carrier: Carrier, mailhost: Mailhost, outcome: Outcome
) -> None:
    message = delivered(world, carrier)
    assert actions.bounce(message=message.pk, verdict=Bounce(outcome, "550"))
    plan(world, [message.customer], ref="campaign:2")  # type: ignore[list-item]
    handover.hand_over_due(carrier=carrier)
    assert len(mailhost.recipients) == 2


def test_a_report_counts_once_and_only_for_a_message_that_left(world: World, carrier: Carrier) -> None:
    message = delivered(world, carrier)
    dead = Bounce(Outcome.ADDRESS_FAULT, "550 5.1.1")
    assert [actions.bounce(message=number, verdict=dead) for number in (NUMBER, message.pk, message.pk)] == [
        False,
        True,
        False,
    ]


def test_a_late_report_says_nothing(world: World, carrier: Carrier) -> None:
    message = delivered(world, carrier)
    with clock.fixed(clock.now() + timedelta(days=15)):
        assert not actions.bounce(message=message.pk, verdict=Bounce(Outcome.ADDRESS_FAULT, "550"))
