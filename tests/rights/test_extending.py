"""More time for a request: once, by the officer, before it is due, as far as the policy states; its owner reads why."""

from datetime import timedelta
from uuid import uuid4

import pytest

from amana.kernel import clock
from amana.kernel.refusal import Refusal
from amana.rights import extending, queries
from tests.desk.conftest import NOOR, Desk
from tests.desk.test_pages import browser, page
from tests.rights.test_requests import ask, confirmed
from tests.world import POLICY

OFFICER = "data_protection_officer"
NONE = "request_extension_days:\n        value: 0\n"


@pytest.fixture(autouse=True)
def thirty_days(desk: Desk) -> None:
    """Put a policy in force under which a request may take thirty days longer in the Emirates."""
    text = POLICY.read_text("utf-8")
    assert text.count(NONE) == 1
    desk.world.shopper(NOOR)
    desk.world.publish(text.replace(NONE, NONE.replace("0\n", "30\n")))


def refused(desk: Desk, asked: queries.Asked, *, role: str = OFFICER, reason: str = "complex") -> str:
    """Return the code by which an extension is refused."""
    with pytest.raises(Refusal) as refusal:
        extending.extend(session=desk.staff(role).token, request=asked.id, reason=reason, jurisdiction="AE")
    return refusal.value.code


def test_r5_the_officer_takes_longer_once_and_the_owner_is_told_why(desk: Desk) -> None:
    asked = confirmed(desk)
    until = extending.extend(
        session=desk.staff(OFFICER).token, request=asked.id, reason="many", jurisdiction="AE"
    )
    desk.hand_over()
    assert until - asked.opened_at == timedelta(days=60)
    assert queries.get_request(asked.id).due_at == until
    assert desk.text_to(NOOR).count("ونحتاج إلى وقت أطول لتنفيذه، لكثرة الطلبات الواردة منك.") == 1
    assert refused(desk, asked) == "extension_refused"
    events = desk.world.owner.execute(
        "SELECT count(*) FROM ledger.opening o JOIN ledger.pending w ON w.id = o.entry"
        " WHERE w.event = 'request.extended' AND o.person > 0 AND o.payload::jsonb ->> 'reason' = 'many'"
    ).fetchone()
    assert (events, len(desk.mails_to(NOOR))) == ((1,), 2)


def test_r5_nothing_is_put_off_unconfirmed_too_late_or_without_a_reason(desk: Desk) -> None:
    asked = ask(desk)
    assert refused(desk, asked) == "extension_refused"
    desk.hand_over()
    desk.confirm()
    assert [refused(desk, asked, reason=reason) for reason in ("", "because")] == ["reason_unknown"] * 2
    assert refused(desk, asked, role="service") == "role_refused"
    with clock.fixed(asked.due_at):
        assert refused(desk, asked) == "extension_refused"


def test_r5_where_the_policy_gives_no_days_there_are_none(desk: Desk) -> None:
    asked = confirmed(desk)
    desk.world.publish()
    assert (refused(desk, asked), refused(desk, asked, reason="many")) == ("extension_refused",) * 2


def test_r5_the_officer_finds_it_on_the_conversation_and_the_agent_does_not(desk: Desk) -> None:
    found = desk.receive("احذفوا حسابي")
    agent, officer = browser(desk), browser(desk, OFFICER)
    here = f"/en/console/desk/{found.pk}"
    agent.post(f"{here}/take")
    agent.post(f"{here}/erasure")
    desk.hand_over()
    desk.confirm()
    (asked,) = queries.of_conversation(found.pk)
    shown = [page(client, f"desk/{found.pk}").count("Put the request off") for client in (agent, officer)]
    assert shown == [0, 1]
    assert page(officer, f"desk/{found.pk}", "ar").count("تمديد موعد الطلب") == 1
    extend = f"{here}/erasure/{asked.id}/extend"
    assert agent.post(extend, {"reason": "complex"}).status_code == 403
    assert officer.post(f"{here}/erasure/{uuid4()}/extend", {"reason": "complex"}).status_code == 404
    done = officer.post(extend, {"reason": "complex"}, follow=True).content.decode()
    assert (done.count("Its owner is told why by mail."), done.count("Put the request off")) == (1, 0)
    assert officer.post(extend, {"reason": "complex"}).status_code == 409
