"""Purchases told of by a file: whoever is known and allowed it is asked, once; a file with a fault changes nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from amana.gate.values import Wish
from amana.kernel import clock
from amana.kernel.refusal import Refusal
from amana.policy import actions
from amana.surveys.builder import queries as builder
from amana.surveys.models import Invitation
from amana.surveys.taking import invitations, purchases
from amana.surveys.taking.purchases import Purchase, Told
from tests.database import Connection
from tests.world import POLICY, World

ALLOWED = Wish("feedback", "email", "Contact me about it by e-mail")
HEAD = "order,email,shop\n"


def test_u3_who_bought_is_asked_once_for_each_order(surveys: World) -> None:
    numbers = {draft.slug: draft.id for draft in builder.drafts()}
    invitations.set_rule(staff=1, occasion="purchase", survey=numbers["product"])
    noor = surveys.shopper("noor@mail.example", ALLOWED)
    told = purchases.read(
        f"{HEAD}A-1,Noor@Mail.example,deira\nA-2,nobody@mail.example,\nA-1,noor@mail.example,\n"
    )
    assert purchases.tell(told, session=surveys.session("system")) == Told(invited=1, repeated=1, unknown=1)
    assert purchases.tell(told, session=surveys.session("system")) == Told(invited=0, repeated=2, unknown=1)
    assert list(Invitation.objects.values_list("customer", "occasion", "ref", "state")) == [
        (noor, "purchase", "order:A-1", "waiting")
    ]
    with clock.fixed(clock.now() + timedelta(days=3)):
        assert invitations.send_due() == 1


def test_many_lines_are_looked_up_at_once(surveys: World) -> None:
    for name in ("noor", "maha"):
        surveys.shopper(f"{name}@mail.example", ALLOWED)

    def looked_up() -> int:
        return int(surveys._one("SELECT count(*) FROM uses.looked_up"))

    def asked(count: int) -> tuple[int, int]:
        lines = [
            Purchase(f"{count}-{n}", f"{('noor', 'maha', n)[n % 3]}@mail.example", None) for n in range(count)
        ]
        known, session = sum(n % 3 < 2 for n in range(count)), surveys.session("system")
        before = looked_up()
        with CaptureQueriesContext(connection) as statements:
            assert purchases.tell(lines, session=session) == Told(known, 0, count - known)
        return len(statements), looked_up() - before

    asked(3)
    statements, of_both = asked(30)
    assert (asked(300), of_both) == ((statements, of_both), 2)
    # The last line is nobody's, and is looked up by itself.
    assert asked(purchases.AT_ONCE + 1) == (statements, of_both + 1)


def test_a_file_as_spreadsheets_write_it_is_read(surveys: World) -> None:
    assert purchases.read("\ufeffemail,order\r\nnoor@mail.example, A-1\r\n") == (
        Purchase("A-1", "noor@mail.example", None),
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("number,email\n1,noor@mail.example\n", 1),
        ("order,email,name\n1,noor@mail.example,Noor\n", 1),
        (f"{HEAD}A-1,noor@mail.example,deira\n,noor@mail.example,\n", 3),
        (f"{HEAD}A-1,noor,deira\n", 2),
        (f"{HEAD}A-1,noor@mail.example,nowhere\n", 2),
        (f"{HEAD}A-1,noor@mail.example,deira,more\n", 2),
    ],
)
def test_a_file_with_a_fault_is_refused_by_its_line(surveys: World, text: str, line: int) -> None:
    with pytest.raises(Refusal, match="purchases_malformed") as refused:
        purchases.read(text)
    assert refused.value.message_in("en").startswith(f"Line {line}: ")
    assert refused.value.message_in("ar").startswith(f"السطر {line}: ")


@pytest.mark.parametrize("role", ["marketing", "auditor"])
def test_nobody_else_looks_people_up_so(surveys: World, role: str) -> None:
    with pytest.raises(Refusal, match="role_refused"):
        purchases.tell([Purchase("A-1", "noor@mail.example", None)], session=surveys.session(role))
    assert Invitation.objects.count() == 0


def test_u3_a_policy_without_a_time_asks_nobody_and_says_so(
    surveys: World, publisher_connection: Connection
) -> None:
    text = POLICY.read_text("utf-8").replace("{after_purchase: P2D, ", "{")
    assert "after_purchase" not in text
    actions.publish(text=text, connection=publisher_connection, actor="tests")
    with pytest.raises(Refusal, match="purchases_uninvited"):
        purchases.tell([Purchase("A-1", "noor@mail.example", None)], session=surveys.session("system"))
