"""Replies: to be taken back for ten seconds, by a channel that was allowed, to a confirmed address, once."""

import datetime as dt

import pytest

from amana.gate import actions as gate
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.retailer.queries import StaffSession
from amana.surveys.loop import actions, replies
from amana.surveys.models import Case, Reply
from tests.surveys.loop.conftest import USE, WRITE, Loop
from tests.surveys.loop.test_cases import refused, steps

NOOR = "noor@mail.example"
TEXT = "Hello {name},\n\nThank you. We opened a second till."


def mine(loop: Loop, *, confirmed: bool = True) -> tuple[Case, StaffSession]:
    """Return a case of somebody who wants to be written to, taken over, and who took it."""
    case, manager = loop.case(WRITE, text="The queue", email=NOOR), loop.staff()
    if confirmed:
        loop.confirm(case)
    actions.take_over(staff=manager, case=case.pk)
    return case, manager


def after(seconds: float) -> dt.datetime:
    """Return the moment so many seconds from now."""
    return clock.now() + dt.timedelta(seconds=seconds)


def test_u3_a_reply_reaches_the_customer_in_their_language_after_ten_seconds(loop: Loop) -> None:
    case, manager = mine(loop)
    replies.reply(staff=manager, case=case.pk, text=TEXT)
    assert (loop.send(), loop.texts_to(NOOR)) == (0, [])
    with clock.fixed(after(11)):
        assert (loop.send(), loop.send()) == (1, 0)
    text = loop.texts_to(NOOR)[0]
    assert (text.count("Noor"), text.count("second till"), text.count("you asked us to contact you")) == (
        1,
        1,
        1,
    )
    case.refresh_from_db()
    assert (case.state, Reply.objects.get().state, steps(case)[-1]) == ("answered", "sent", "replied")
    assert loop.entries("surveys.case_replied") == 1


def test_u3_a_reply_is_taken_back_within_ten_seconds_and_its_text_returns(loop: Loop) -> None:
    case, manager = mine(loop)
    made = replies.reply(staff=manager, case=case.pk, text=TEXT)
    assert refused(lambda: replies.reply(staff=manager, case=case.pk, text=TEXT)) == "case_reply_waits"
    assert replies.undo(staff=manager, case=case.pk, reply=made.pk) == TEXT
    with clock.fixed(after(11)):
        assert loop.send() == 0
    assert refused(lambda: replies.undo(staff=manager, case=case.pk, reply=made.pk)) == "case_reply_gone"
    assert (loop.texts_to(NOOR), Reply.objects.get().text) == ([], "")


def test_c5_a_reply_waits_for_the_address_to_be_confirmed_and_says_so(loop: Loop) -> None:
    case, manager = mine(loop, confirmed=False)
    replies.reply(staff=manager, case=case.pk, text=TEXT)
    with clock.fixed(after(11)):
        assert loop.send() == 0
    waits = Reply.objects.get()
    assert (waits.state, waits.reason, loop.texts_to(NOOR)) == ("waiting", "unconfirmed", [])
    loop.confirm(case)
    with clock.fixed(after(90)):
        assert loop.send() == 1
    assert len(loop.texts_to(NOOR)) == 1


def test_c5_a_reply_waits_two_weeks_at_most(loop: Loop) -> None:
    case, manager = mine(loop, confirmed=False)
    replies.reply(staff=manager, case=case.pk, text=TEXT)
    with clock.fixed(clock.now() + dt.timedelta(days=15)):
        assert (loop.send(), actions.escalate_late()) == (0, 1)
    assert (Reply.objects.get().state, Reply.objects.get().reason) == ("refused", "unconfirmed")


def test_u3_a_withdrawal_before_it_leaves_keeps_it_here(loop: Loop) -> None:
    case, manager = mine(loop)
    replies.reply(staff=manager, case=case.pk, text=TEXT)
    made = loop.admitted[CustomerId(case.customer or case.pk)]
    gate.prefer(
        loop.world.link(made, "preferences"), purpose="feedback", channel="email", wanted=False, wording="",
        language="en",
    )  # fmt: skip
    with clock.fixed(after(11)):
        assert loop.send() == 0
    assert (Reply.objects.get().state, loop.texts_to(NOOR), steps(case)[-1]) == ("refused", [], "not_sent")


@pytest.mark.parametrize(
    ("text", "code"),
    [("  ", "case_words_missing"), ("Since then: [what has changed].", "case_reply_unfinished")],
)
def test_u3_an_unfinished_reply_does_not_leave(loop: Loop, text: str, code: str) -> None:
    case, manager = mine(loop)
    assert refused(lambda: replies.reply(staff=manager, case=case.pk, text=text)) == code


def test_u3_nobody_is_written_to_who_did_not_ask_for_it(loop: Loop) -> None:
    case, manager = loop.case(USE, text="Too loud", email=NOOR), loop.staff()
    actions.take_over(staff=manager, case=case.pk)
    assert refused(lambda: replies.reply(staff=manager, case=case.pk, text=TEXT)) == "case_no_contact"


def test_u3_only_the_owner_replies(loop: Loop) -> None:
    case, _manager = mine(loop)
    other = loop.staff("service", None)
    assert refused(lambda: replies.reply(staff=other, case=case.pk, text=TEXT)) == "case_of_another"


def test_u3_what_a_crash_left_in_doubt_is_never_sent_again(loop: Loop) -> None:
    case, manager = mine(loop)
    made = replies.reply(staff=manager, case=case.pk, text=TEXT)
    Reply.objects.filter(pk=made.pk).update(state="sending")
    with clock.fixed(after(900)):
        assert loop.send() == 0
    assert (Reply.objects.get().state, loop.texts_to(NOOR)) == ("unsure", [])


def test_u3_a_refused_mail_says_so(loop: Loop) -> None:
    case, manager = mine(loop)
    loop.mailhost.at_recipient[NOOR] = "550 5.1.1 no such user"
    replies.reply(staff=manager, case=case.pk, text=TEXT)
    with clock.fixed(after(11)):
        assert loop.send() == 0
    assert (Reply.objects.get().reason, Case.objects.get().state) == ("mail_failed", "open")
