"""The mail server: stored before it says so, malformed kept, reused numbers kept apart, nothing relayed."""

import logging
import smtplib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from amana.gate import actions as gate
from amana.post import demo, handover, holding, mailbox, queries, receiver
from amana.post.carrier import Carrier
from amana.post.intake import Rooms, settle
from amana.post.models import Incoming, Message
from amana.post.receiver import Listening
from tests.post.mailhost import Mailhost
from tests.post.test_bounces import report
from tests.post.test_handover import plan, shoppers, states
from tests.post.test_parse import mail
from tests.world import World

SERVICE = "service@redtag.example"
PLAIN = mail(
    "أرجو حذف حسابي".encode(), "Message-ID: <1@mail.example>", "Content-Type: text/plain; charset=utf-8"
)


@pytest.fixture
def rooms(world: World, tmp_path: Path, settings: Any) -> Rooms:
    """Return where mail goes in a demo."""
    settings.AMANA_HOME = Path(settings.AMANA_HOME)
    demo.make_shopper_key()
    return Rooms(SERVICE, "AE", demo.lookup(demo.shopper_key()), tmp_path / "mailbox")


@pytest.fixture
def listening(rooms: Rooms) -> Iterator[Listening]:
    """Return the running mail server."""
    with receiver.serving(rooms) as where:
        yield where


def send(where: Listening, raw: bytes, *to: str) -> tuple[int, bytes]:
    """Send raw bytes as another server would, and return the answer to the content."""
    with smtplib.SMTP(where.host, where.port, local_hostname="mail.example", timeout=10) as smtp:
        smtp.ehlo()
        smtp.mail("noor@mail.example")
        for address in to or (SERVICE,):
            code, words = smtp.rcpt(address)
            if code != 250:
                return code, words
        return smtp.data(raw)


def read(world: World) -> list[bytes]:
    """Read every waiting mail through the gate, as customer service does."""
    session = world.session("service")
    found = []
    for arrived in queries.waiting():
        task = gate.plan(
            session=session,
            kind="conversation",
            purpose="service",
            people=[arrived.customer],
            ref="incoming:1",
        )
        found.append(gate.read_mail(session=session, task=task))
    return found


def test_r4_a_mail_is_kept_byte_for_byte(world: World, listening: Listening) -> None:
    assert send(listening, PLAIN) == (250, b"2.0.0 Stored")
    (arrived,) = queries.waiting()
    assert (arrived.readable, arrived.authenticated, arrived.automatic) == (True, False, False)
    assert read(world) == [PLAIN + b"\r\n"]


def test_c5_a_shoppers_signed_mail_is_believed(world: World, listening: Listening) -> None:
    raw = demo.write(
        address="noor@mail.example", to=SERVICE, subject="حذف الحساب", text="أرجو حذف حسابي", language="ar"
    )
    send(listening, raw)
    send(listening, raw.replace(b"From: noor", b"From: huda"))
    assert [arrived.authenticated for arrived in queries.waiting()] == [True, False]


@pytest.mark.parametrize(
    "raw",
    [
        b"no headers at all\r\n",
        b"Subject: \r\n\r\n\r\n",
        b"From: x\r\n\r\n\x00\xff\xfe\r\n",
        b"From: a@b.example\r\nFrom: c@d.example\r\n\r\nhi\r\n",
    ],
)
def test_malformed_mail_is_kept_and_shown_as_unreadable(
    world: World, listening: Listening, raw: bytes
) -> None:
    assert send(listening, raw)[0] == 250
    assert [arrived.readable for arrived in queries.unreadable()] == [False]
    assert read(world) == [raw]


def test_a_reused_message_id_loses_no_mail(world: World, listening: Listening) -> None:
    send(listening, PLAIN)
    send(listening, PLAIN.replace("حذف".encode(), "تعديل".encode()))
    assert Incoming.objects.count() == 2


def test_the_same_mail_delivered_again_is_one_mail(world: World, listening: Listening) -> None:
    assert [send(listening, PLAIN)[0], send(listening, PLAIN)[0]] == [250, 250]
    assert Incoming.objects.count() == 1


def test_r3_a_forgotten_mail_does_not_come_back(world: World, listening: Listening) -> None:
    send(listening, PLAIN)
    (arrived,) = queries.waiting()
    assert holding.forget(arrived.customer) == 1
    send(listening, PLAIN)
    assert queries.waiting() == ()


def test_what_was_dealt_with_waits_no_more(world: World, listening: Listening) -> None:
    send(listening, PLAIN)
    settle(incoming=queries.waiting()[0].id, outcome="answered")
    assert queries.waiting() == ()


def test_when_it_cannot_be_stored_the_sender_keeps_it(listening: Listening, world: World) -> None:
    world.owner.execute("REVOKE INSERT ON post_incoming FROM amana_app")
    try:
        assert send(listening, PLAIN)[0] == 451
    finally:
        world.owner.execute("GRANT INSERT ON post_incoming TO amana_app")
    assert send(listening, PLAIN)[0] == 250
    assert Incoming.objects.count() == 1


@pytest.mark.parametrize("address", ["nobody@redtag.example", "bounce+x@redtag.example"])
def test_nobody_else_lives_on_our_domain(listening: Listening, address: str) -> None:
    assert send(listening, PLAIN, address)[0] == 550


def test_outside_the_demo_nothing_is_relayed(world: World) -> None:
    with receiver.serving(Rooms(SERVICE, "AE", lambda name: None)) as where:
        assert send(where, PLAIN, "noor@mail.example")[0] == 550
        assert send(where, PLAIN, "postmaster@redtag.example")[0] == 250


def test_too_large_a_mail_is_refused_for_good(listening: Listening) -> None:
    assert send(listening, PLAIN + b"\r\n" + (b"x" * 76 + b"\r\n") * 140_000)[0] == 552


def test_lines_longer_than_they_may_be_are_kept_all_the_same(world: World, listening: Listening) -> None:
    raw = PLAIN + b"x" * 100_000 + b"\r\n"
    assert send(listening, raw)[0] == 250
    assert read(world) == [raw]


def test_shoppers_mail_goes_to_their_mailbox(listening: Listening, rooms: Rooms) -> None:
    send(listening, PLAIN, "Noor@mail.example", "huda@mail.example")
    assert rooms.mailboxes is not None
    boxes = mailbox.boxes(rooms.mailboxes)
    assert sorted(box.address for box in boxes) == ["huda@mail.example", "noor@mail.example"]
    assert (rooms.mailboxes.stat().st_mode & 0o777, Incoming.objects.count()) == (0o700, 0)


def test_a_bounce_marks_its_message_and_leaves_nothing_else(
    world: World, listening: Listening, carrier: Carrier, mailhost: Mailhost
) -> None:
    plan(world, shoppers(world, 1))
    handover.hand_over_due(carrier=carrier)
    number = Message.objects.get().pk
    raw = report().encode().replace(b"\n", b"\r\n")
    assert send(listening, raw, f"bounce+{number}@redtag.example")[0] == 250
    assert states() == {"bounced address": 1}
    kept = Incoming.objects.get()
    assert (kept.customer, kept.outcome, kept.recipient_kind) == (None, "bounced", "bounce")


def test_r1_an_unsubscribe_mail_opts_out(world: World, listening: Listening, carrier: Carrier, mailhost: Mailhost) -> None:  # fmt: skip  # noqa: E501
    (noor,) = shoppers(world, 1)
    token = world.opt_out_link(noor)[noor]
    send(listening, mail(b"", subject=token), "unsubscribe@redtag.example")
    plan(world, [noor])
    handover.hand_over_due(carrier=carrier)
    assert (mailhost.taken, Incoming.objects.get().outcome) == ([], "opted_out")


def test_r2_an_unsubscribe_mail_nobody_can_carry_out_goes_to_customer_service(
    world: World, listening: Listening
) -> None:
    raw = mail(b"please stop\r\n", subject="stop")
    send(listening, raw, "unsubscribe@redtag.example")
    assert read(world) == [raw]


def test_no_address_and_no_word_reaches_the_log(
    listening: Listening, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    send(listening, PLAIN, SERVICE, "noor@mail.example")
    send(listening, PLAIN, "nobody@redtag.example")
    assert [word in caplog.text for word in ("noor", "nobody", "service@", "حذف")] == [False] * 4
