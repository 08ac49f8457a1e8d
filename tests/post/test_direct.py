"""Handing over what is already open: once, kept nowhere, never a promotion, never an answer to a machine."""

from datetime import timedelta

import pytest

from amana.gate.values import Opened
from amana.kernel import clock, ids
from amana.post import direct, parse
from amana.post.carrier import Carrier
from amana.post.letters import Words
from amana.post.models import Message
from tests.post.mailhost import DIE, Mailhost
from tests.post.test_handover import content
from tests.post.test_parse import mail
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = Words(subject="شهادة المحو", paragraphs=("حُذفت بياناتك.",))
NOOR = Opened(ids.new().bytes, {"email": "noor@mail.example"}, {})


def certificate(carrier: Carrier, ref: str = "certificate:1", **changes: object) -> Message.State:
    """Hand a certificate over."""
    given = {
        "person": NOOR, "ref": ref, "kind": "certificate", "purpose": "rights", "words": WORDS,
        "language": "ar", "carrier": carrier, "erased": True, **changes,
    }  # fmt: skip
    return direct.hand_over_opened(**given)  # type: ignore[arg-type]


def test_r3_a_certificate_reaches_its_reader_and_names_nobody(carrier: Carrier, mailhost: Mailhost) -> None:
    assert certificate(carrier) == Message.State.HANDED_OVER
    assert (mailhost.recipients, Message.objects.get().customer) == (["noor@mail.example"], None)


def test_the_same_reference_is_handed_over_once(carrier: Carrier, mailhost: Mailhost) -> None:
    assert [certificate(carrier), certificate(carrier)] == [Message.State.HANDED_OVER] * 2
    assert len(mailhost.taken) == 1


def test_r1_a_promotion_never_goes_this_way(carrier: Carrier, mailhost: Mailhost) -> None:
    with pytest.raises(ValueError):
        certificate(carrier, kind="campaign")
    assert (mailhost.taken, Message.objects.count()) == ([], 0)


def test_a_loss_after_the_content_is_told_as_it_is(carrier: Carrier, mailhost: Mailhost) -> None:
    mailhost.at_content["noor@mail.example"] = DIE
    assert certificate(carrier) == Message.State.UNCONFIRMED


def test_what_cannot_be_tried_again_from_here_has_failed(carrier: Carrier, mailhost: Mailhost) -> None:
    mailhost.at_recipient["noor@mail.example"] = "450 4.2.0 Later"
    assert certificate(carrier) == Message.State.FAILED


def test_what_a_dead_process_left_is_unconfirmed(carrier: Carrier) -> None:
    certificate(carrier)
    Message.objects.update(state=Message.State.TAKEN)
    assert direct.give_up_lost() == 0
    with clock.fixed(clock.now() + timedelta(minutes=11)):
        assert direct.give_up_lost() == 1


def test_c5_everybody_who_writes_gets_the_same_answer(
    world: World, carrier: Carrier, mailhost: Mailhost
) -> None:
    world.shopper("noor@mail.example")
    words = content()
    for number, sender in enumerate(("noor@mail.example", "stranger@mail.example")):
        written = parse.parse(mail("أرجو حذف حسابي".encode(), "Message-ID: <1@mail.example>", sender=sender))
        direct.answer(mail=written, ref=f"answer:{number}", kind="reply", content=words, carrier=carrier)
    assert mailhost.recipients == ["noor@mail.example", "stranger@mail.example"]
    assert len({parse.parts(raw) for _, _, raw in mailhost.taken}) == 1
    assert dict(parse.headers(mailhost.taken[0][2]))["In-Reply-To"] == "<1@mail.example>"


def test_no_machine_is_answered(carrier: Carrier, mailhost: Mailhost) -> None:
    written = parse.parse(mail(b"I am away", "Auto-Submitted: auto-replied"))
    answered = direct.answer(mail=written, ref="answer:1", kind="reply", content=ids.new(), carrier=carrier)
    assert (answered, mailhost.taken) == (None, [])
