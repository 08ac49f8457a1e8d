"""From SMTP to a conversation: understood, answered once, the same for everybody, never a machine."""

import re

import pytest

from amana.desk.models import Conversation, Letter
from amana.gate import actions as gate
from amana.gate import queries as gate_queries
from amana.kernel.ids import CustomerId
from amana.post import parse
from amana.post import queries as post
from tests.desk.conftest import NOOR, STRANGER, Desk
from tests.post.test_parse import mail
from tests.world import EMAILS

State = Conversation.State


def reachable(desk: Desk) -> list[CustomerId]:
    """Return who may be sent offers by e-mail now."""
    session = desk.world.session("marketing")
    planned = gate.plan_reachable(session=session, purpose="marketing", channel="email", ref="campaign:1")
    return [one.customer for one in planned]


def only() -> Conversation:
    """Return the one conversation there is."""
    return Conversation.objects.get()


def sent(letter: bytes) -> tuple[object, ...]:
    """Return what a mail says to its reader, without what names this one mail."""
    headers = [
        (name, value) for name, value in parse.headers(letter) if name not in ("To", "Date", "Message-ID")
    ]
    bare = [(name, re.sub(r"=_[0-9a-f-]{36}|<[^>]*@[^>]*>", "", value)) for name, value in headers]
    return bare, parse.parts(letter)


def test_r4_a_mail_becomes_a_conversation(desk: Desk) -> None:
    desk.write("وين طلبي رقم 48213؟")
    assert desk.take_in() == 1
    found = only()
    assert (found.intent, found.state, found.language, found.why) == (
        "order",
        "open",
        "ar",
        ["names_an_order"],
    )
    assert found.due_at > found.received_at
    assert (post.waiting(), desk.take_in()) == ((), 0)


def test_r4_the_queue_keeps_no_word_and_no_address(desk: Desk) -> None:
    desk.receive("وين طلبي رقم 48213؟", subject="استفسار سري")
    kept = str(list(Conversation.objects.values())) + str(list(Letter.objects.values()))
    assert [word for word in ("طلبي", "استفسار", "noor") if word in kept] == []


def test_r3_a_wish_to_be_erased_is_recognised_and_nothing_is_erased(desk: Desk) -> None:
    noor = desk.world.shopper(NOOR)
    found = desk.receive("أبغى أحذف حسابي وكل بياناتي")
    assert (found.intent, found.state) == ("erase", "open")
    session = desk.world.session("system")
    assert gate_queries.find(session=session, purpose="rights", field="email", value=NOOR) == [noor]


def test_r2_an_unsubscribe_mail_takes_effect_at_once(desk: Desk) -> None:
    noor = desk.world.shopper(NOOR, EMAILS)
    assert reachable(desk) == [noor]
    found = desk.receive("لا تحذفون حسابي بس وقفوا الرسايل")
    assert (found.intent, found.state, found.unsubscribed) == ("unsubscribe", "done", True)
    assert reachable(desk) == []
    assert desk.text_to(NOOR).count("لن تصل إلى هذا العنوان أي رسالة عروض بعد الآن") == 1


def test_r2_a_wish_for_both_stops_the_offers_and_waits_for_the_rest(desk: Desk) -> None:
    desk.world.shopper(NOOR, EMAILS)
    found = desk.receive("احذفوا حسابي ووقفوا الرسايل")
    assert (found.intent, found.state, found.unsubscribed) == ("erase", "open", True)


@pytest.mark.parametrize("text", ["أبغى أحذف حسابي", "وقفوا الرسايل", "كم ساعات العمل؟"])
def test_c5_known_and_unknown_senders_get_the_same_answer(desk: Desk, text: str) -> None:
    desk.world.shopper(NOOR, EMAILS)
    for address in (NOOR, STRANGER):
        desk.write(text, address=address)
    desk.take_in()
    answers = [desk.mails_to(address) for address in (NOOR, STRANGER)]
    assert [len(mails) for mails in answers] == [1, 1]
    assert sent(answers[0][0]) == sent(answers[1][0])


def test_r4_the_answer_is_in_the_senders_language(desk: Desk) -> None:
    desk.receive("Where is my order 48213?")
    assert desk.text_to(NOOR).count("There is no need to send it again.") == 1


@pytest.mark.parametrize(
    "header",
    ["Auto-Submitted: auto-replied", "Precedence: bulk", "Return-Path: <>", "List-Id: <offers.mail.example>"],
)
def test_r4_a_machine_is_never_answered(desk: Desk, header: str) -> None:
    desk.send(mail("أنا في إجازة".encode(), header, "Content-Type: text/plain; charset=utf-8", sender=NOOR))
    desk.take_in()
    assert (only().state, desk.mailhost.taken) == ("done", [])


@pytest.mark.parametrize(
    "sender", ["mailer-daemon@mail.example", "no-reply@mail.example", "x@redtag.example"]
)
def test_r4_nobody_behind_whom_nobody_reads_is_answered(desk: Desk, sender: str) -> None:
    desk.send(mail(b"hello there", "Subject: x", sender=sender))
    desk.take_in()
    assert (only().state, desk.mailhost.taken) == ("open", [])


def test_r4_automatic_answers_are_limited_for_each_address(desk: Desk) -> None:
    for number in range(5):
        desk.write(f"رسالة {number}")
        desk.take_in()
    desk.write("رسالة", address=STRANGER)
    desk.take_in()
    assert (len(desk.mails_to(NOOR)), len(desk.mails_to(STRANGER))) == (3, 1)


def test_r4_a_crash_answers_nobody_twice(desk: Desk) -> None:
    desk.receive("كم ساعات العمل؟")
    Letter.objects.filter(direction="in").update(done_at=None)
    desk.take_in()
    assert (len(desk.mails_to(NOOR)), Conversation.objects.count()) == (1, 1)


def test_r4_unreadable_mail_is_a_conversation_too(desk: Desk) -> None:
    desk.send(b"From: x\r\n\r\n\x00\xff\xfe\r\n")
    assert desk.take_in() == 1
    assert (only().unreadable, only().intent, only().state, desk.mailhost.taken) == (
        True,
        "unknown",
        "open",
        [],
    )


def test_r4_the_reply_to_our_answer_joins_its_conversation(desk: Desk) -> None:
    first = desk.receive("كم ساعات العمل؟")
    ours = dict(parse.headers(desk.mails_to(NOOR)[0]))["Message-ID"]
    headers = (f"In-Reply-To: {ours}", "Subject: Re: x", "Content-Type: text/plain; charset=utf-8")
    desk.send(mail("شكرًا".encode(), *headers, sender=NOOR))
    desk.send(mail("أنا غير نور".encode(), *headers, sender=STRANGER))
    desk.take_in()
    assert Letter.objects.filter(conversation=first, direction="in").count() == 2
    assert Conversation.objects.count() == 2


def test_r2_a_forged_sender_only_narrows_what_is_mailed(desk: Desk) -> None:
    desk.world.shopper(NOOR, EMAILS)
    desk.send(mail("وقفوا الرسايل".encode(), "Content-Type: text/plain; charset=utf-8", sender=NOOR))
    desk.take_in()
    assert Letter.objects.filter(direction="in").get().authenticated is False
    assert only().unsubscribed is True
