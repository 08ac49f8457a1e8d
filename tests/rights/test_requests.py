"""A request to erase: asked of the owner alone, bound to itself, 24 hours, limited, and carried out by staff."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from joserfc import jws
from joserfc.jwk import KeySet

from amana.consent import signing
from amana.gate import actions as gate
from amana.gate import queries as gate_queries
from amana.gate.holdings import declared
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from amana.post import parse
from amana.post.models import Message
from amana.rights import actions, certificates, holding, queries
from amana.rights.models import Certificate, Request
from amana.rights.queries import Asked
from amana.vault.backups import Backup, Catalogue
from amana.vault.journal import Head
from tests.conftest import Clock
from tests.desk.conftest import NOOR, STRANGER, Desk
from tests.world import EMAILS

State = Request.State


def ask(desk: Desk, address: str = NOOR, conversation: UUID | None = None) -> Asked:
    """Open a request as customer service does."""
    return actions.open_request(
        session=desk.staff().token, address=address, conversation=conversation or uuid4(), language="ar",
        jurisdiction="AE",
    )  # fmt: skip


def confirmed(desk: Desk) -> Asked:
    """Open a request and confirm it as the owner."""
    asked = ask(desk)
    desk.hand_over()
    desk.confirm()
    return queries.get_request(asked.id)


def owners(desk: Desk, address: str = NOOR) -> list[CustomerId]:
    """Return who confirmed this address."""
    return gate_queries.find(
        session=desk.world.session("system"), purpose="rights", field="email", value=address
    )


def test_r3_the_owner_of_the_address_is_asked(desk: Desk) -> None:
    noor = desk.world.shopper(NOOR)
    asked = ask(desk)
    desk.hand_over()
    assert (asked.state, asked.customer, asked.confirmed_at) == ("challenged", noor, None)
    assert asked.due_at - asked.opened_at == timedelta(days=30)
    assert [len(desk.mails_to(address)) for address in (NOOR, STRANGER)] == [1, 0]
    assert desk.text_to(NOOR).count("لا ننفّذ طلبًا كهذا قبل أن يؤكده صاحب هذا العنوان") == 1
    desk.confirm()
    assert queries.get_request(asked.id).state == "confirmed"


def test_c5_an_address_that_nobody_confirmed_is_written_to_by_nobody(desk: Desk) -> None:
    desk.world.admit(STRANGER, EMAILS)
    asked = ask(desk, STRANGER)
    desk.hand_over()
    assert (asked.state, asked.task, desk.mailhost.taken) == ("received", None, [])


def test_r3_nothing_is_erased_before_the_owner_confirmed(desk: Desk) -> None:
    noor = desk.world.shopper(NOOR)
    asked = ask(desk)
    desk.hand_over()
    sent = len(desk.mailhost.taken)
    with pytest.raises(Refusal) as refusal:
        actions.carry_out(session=desk.staff().token, request=asked.id)
    assert (refusal.value.code, owners(desk)) == ("request_unconfirmed", [noor])
    assert len(desk.mailhost.taken) == sent


def test_r3_a_confirmed_request_erases_and_is_certified(desk: Desk) -> None:
    desk.world.shopper(NOOR, EMAILS)
    asked = confirmed(desk)
    number = actions.carry_out(session=desk.staff().token, request=asked.id)
    after = queries.get_request(asked.id)
    assert (after.state, after.customer, after.certificate) == ("carried_out", None, number)
    assert owners(desk) == []
    issued = queries.get_certificate(number.lower())
    assert (issued.content["record_before"], issued.content["journal"] >= 1) == ("sound", True)
    assert {one["room"] for one in issued.content["gone"]} == {
        "vault", "facts", "consent", "uses", *(holding.room for holding in declared()),
    }  # fmt: skip


def test_r3_the_certificate_is_mailed_before_the_address_is_gone(desk: Desk) -> None:
    desk.world.shopper(NOOR)
    number = actions.carry_out(session=desk.staff().token, request=confirmed(desk).id)
    letter = desk.mails_to(NOOR)[-1]
    assert parse.parts(letter)[0].count(f"https://amana.redtag.example/ar/certificate/{number}") == 1
    assert Message.objects.filter(ref=f"certificate:{number}", customer=None).count() == 1


def test_r3_a_mail_server_that_is_down_stops_no_erasure(desk: Desk) -> None:
    desk.world.shopper(NOOR)
    asked = confirmed(desk)
    desk.mailhost.at_recipient[NOOR] = "451 4.3.0 Later"
    number = actions.carry_out(session=desk.staff().token, request=asked.id)
    assert (owners(desk), queries.get_certificate(number).number) == ([], number)


def test_r3_the_certificate_names_nobody_and_is_signed(desk: Desk) -> None:
    noor = desk.world.shopper(NOOR)
    number = actions.carry_out(session=desk.staff().token, request=confirmed(desk).id)
    kept = Certificate.objects.get()
    assert [word for word in (NOOR, "نور", "العتيبي", str(noor)) if word in kept.content + kept.signed] == []
    keys = KeySet.import_key_set(signing.public_keys(signing.key_path()))  # type: ignore[arg-type]
    found = jws.deserialize_compact(kept.signed, keys, algorithms=["ES256"])
    assert (json.loads(found.payload)["number"], found.headers()["typ"]) == (number, "erasure-certificate")


def test_r3_without_a_signing_key_nobody_is_erased(desk: Desk) -> None:
    noor = desk.world.shopper(NOOR)
    asked = confirmed(desk)
    key = signing.key_path()
    content = key.read_bytes()
    key.unlink()
    try:
        with pytest.raises(Refusal) as refusal:
            actions.carry_out(session=desk.staff().token, request=asked.id)
    finally:
        key.write_bytes(content)
    assert (refusal.value.code, owners(desk)) == ("receipt_unsigned", [noor])


def test_r3_a_crash_after_the_erasure_still_gets_its_certificate(desk: Desk) -> None:
    desk.world.shopper(NOOR)
    asked = confirmed(desk)
    number = actions.carry_out(session=desk.staff().token, request=asked.id)
    Certificate.objects.all().delete()
    assert (certificates.issue_missing(), certificates.issue_missing()) == (1, 0)
    again = queries.get_request(asked.id).certificate
    assert (again != number, queries.get_certificate(again).content["record_before"]) == (True, "sound")


def test_r3_the_certificate_says_when_the_last_backup_with_the_key_goes(desk: Desk, settings: Any) -> None:
    desk.world.shopper(NOOR)
    asked = confirmed(desk)
    now = clock.now().replace(microsecond=0)
    catalogue = Catalogue(Path(settings.AMANA_HOME) / "backups")
    for name, taken, kept in (("old", -2, 10), ("older", -3, 4), ("later", 1, 90)):
        times = {"taken_at": now + timedelta(days=taken), "expires_at": now + timedelta(days=kept)}
        catalogue.add(Backup(name=name, **times, epochs=(1,), index_keys=(1,), journal=Head(0, b"\x00" * 32)))
    try:
        number = actions.carry_out(session=desk.staff().token, request=asked.id)
    finally:
        for name in ("old", "older", "later"):
            catalogue.remove(name)
    said = queries.get_certificate(number).content["last_backup_expires_at"]
    assert datetime.fromisoformat(said) == now + timedelta(days=10)


def test_r3_a_request_is_carried_out_once(desk: Desk) -> None:
    desk.world.shopper(NOOR)
    asked = confirmed(desk)
    actions.carry_out(session=desk.staff().token, request=asked.id)
    with pytest.raises(Refusal) as refusal:
        actions.carry_out(session=desk.staff().token, request=asked.id)
    assert refusal.value.code == "request_closed"


def test_r3_a_link_confirms_its_own_request_alone(desk: Desk) -> None:
    desk.world.shopper(NOOR)
    first, second = ask(desk), ask(desk)
    desk.hand_over()
    gate.confirm_request(parse.parts(desk.mails_to(NOOR)[0])[0].rpartition("/e/")[2].split()[0])
    states = [queries.get_request(one.id).state for one in (first, second)]
    assert sorted(states) == ["challenged", "confirmed"]


def test_r3_a_fourth_challenge_within_a_day_is_refused(desk: Desk) -> None:
    desk.world.shopper(NOOR)
    for _ in range(3):
        ask(desk)
    with pytest.raises(Refusal) as refusal:
        ask(desk)
    assert (refusal.value.code, Request.objects.count()) == ("challenge_limit", 3)
    with clock.fixed(clock.now() + timedelta(hours=25)):
        assert ask(desk).state == "challenged"


def test_r3_one_conversation_has_one_open_request(desk: Desk) -> None:
    desk.world.shopper(NOOR)
    conversation = uuid4()
    asked = ask(desk, conversation=conversation)
    with pytest.raises(Refusal) as refusal:
        ask(desk, conversation=conversation)
    assert refusal.value.code == "request_open_already"
    actions.refuse(session=desk.staff().token, request=asked.id, reason="withdrawn")
    assert ask(desk, conversation=conversation).state == "challenged"


def test_r3_a_refused_request_sends_no_challenge_any_more(desk: Desk) -> None:
    desk.world.shopper(NOOR)
    asked = ask(desk)
    actions.refuse(session=desk.staff().token, request=asked.id, reason="not_a_request")
    desk.hand_over()
    assert (queries.get_request(asked.id).state, desk.mailhost.taken) == ("refused", [])
    assert dict(queries.refusals()) == {"not_a_request": 1}
    with pytest.raises(Refusal) as refusal:
        actions.carry_out(session=desk.staff().token, request=asked.id)
    assert refusal.value.code == "request_closed"


@pytest.mark.parametrize("reason", ["", "because"])
def test_r3_a_refusal_needs_one_of_the_reasons(desk: Desk, reason: str) -> None:
    desk.world.shopper(NOOR)
    asked = ask(desk)
    with pytest.raises(Refusal) as refusal:
        actions.refuse(session=desk.staff().token, request=asked.id, reason=reason)
    assert refusal.value.code == "reason_unknown"


def test_r3_what_is_not_confirmed_in_time_lapses(desk: Desk, fixed_clock: Clock) -> None:
    with clock.fixed(fixed_clock.at):
        desk.world.shopper(NOOR)
        asked = ask(desk)
        desk.hand_over()
    token = desk.erase_link()
    fixed_clock.advance(timedelta(hours=26))
    with clock.fixed(fixed_clock.at):
        assert actions.expire() == 1
        assert queries.get_request(asked.id).state == "expired"
        with pytest.raises(Refusal) as refusal:
            gate.confirm_request(token)
    assert refusal.value.code == "link_expired"


def test_r3_marketing_may_neither_open_nor_carry_out(desk: Desk) -> None:
    noor = desk.world.shopper(NOOR)
    asked = confirmed(desk)
    token = desk.staff("marketing").token
    with pytest.raises(Refusal) as opening:
        actions.open_request(
            session=token, address=NOOR, conversation=uuid4(), language="ar", jurisdiction="AE"
        )
    with pytest.raises(Refusal) as carrying:
        actions.carry_out(session=token, request=asked.id)
    assert (opening.value.code, carrying.value.code, owners(desk)) == ("role_refused", "role_refused", [noor])


def test_r5_a_customer_sees_their_requests(desk: Desk) -> None:
    noor = desk.world.shopper(NOOR)
    asked = ask(desk)
    found = holding.disclose(noor)
    assert list(found) == [str(asked.id)]
