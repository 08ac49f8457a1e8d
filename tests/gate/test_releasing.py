"""What goes out, and what is only counted: each reason by name, small counts hidden, shops kept apart."""

import datetime as dt

import pytest

from amana.gate import actions, queries
from amana.gate.values import Opening
from amana.kernel import ids
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from tests.conftest import Clock
from tests.gate import raw
from tests.world import EMAILS, World

NOOR = "noor@mail.example"


def mail(world: World, *people: CustomerId, name: str = "") -> Opening:
    """Open the addresses of these people for a promotion, as the machine."""
    task = actions.plan(
        session=world.session("marketing", name=name), kind="message", purpose="marketing", people=people,
        ref="campaign:1",
    )  # fmt: skip
    return actions.open(
        session=world.session("system", name=name),
        purpose="marketing",
        channel="email",
        fields=["email"],
        task=task,
    )


def serve(
    world: World, customer: CustomerId, purpose: str, role: str, *fields: str, kind: str = "request"
) -> int:
    """Open fields of one customer for a purpose, as a member of staff; return the call."""
    task = actions.plan(
        session=world.session(role), kind=kind, purpose=purpose, people=[customer], ref=f"{kind}:1"
    )
    return actions.open(session=world.session(role), purpose=purpose, fields=fields, task=task).call


def reasons(opening: Opening) -> tuple[int, set[str]]:
    """Return how many were released, and the reasons why others were not."""
    return len(opening.people), set(opening.refused)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"birth_date": "2008-06-01"}, "under_age"),
        ({"birth_date": "2008-01-01"}, "under_age"),
        ({"birth_date": ""}, "age_unknown"),
        ({"birth_year": "2020", "birth_date": ""}, "under_age"),
        ({"birth_date": "2007-12-31"}, None),
    ],
)
def test_c3_nobody_is_written_to_before_they_are_surely_of_age(
    world: World, fixed_clock: Clock, given: dict[str, str], reason: str | None
) -> None:
    noor = world.shopper(NOOR, EMAILS, **given)
    assert reasons(mail(world, noor)) == ((0, {reason}) if reason else (1, set()))


def test_a_value_ends_with_its_retention(world: World, fixed_clock: Clock) -> None:
    noor = world.shopper(NOOR, EMAILS)
    fixed_clock.set(dt.datetime(2028, 11, 22, 11, 59, 59, tzinfo=dt.UTC))
    assert reasons(mail(world, noor, name="before")) == (1, set())
    fixed_clock.set(dt.datetime(2028, 11, 22, 12, 0, 1, tzinfo=dt.UTC))
    assert reasons(mail(world, noor, name="after")) == (0, {"expired"})


def test_a_bounced_address_is_not_written_to(world: World) -> None:
    noor = world.shopper(NOOR, EMAILS)
    for _ in range(2):
        actions.suppress(session=world.session("system"), customer=noor, channel="email", reason="bounced")
    assert reasons(mail(world, noor)) == (0, {"suppressed"})
    with pytest.raises(Refusal, match="person_unknown"):
        actions.suppress(
            session=world.session("system"), customer=ids.new(), channel="email", reason="bounced"
        )
    with pytest.raises(Refusal, match="channel_undeclared"):
        actions.suppress(session=world.session("system"), customer=noor, channel="pigeon", reason="bounced")


def test_c4_another_country_or_no_address_opens_nobody(world: World) -> None:
    world.owner.execute("DELETE FROM policy.purpose_basis WHERE jurisdiction = policy.term_id('jurisdiction', 'AE')"
                        " AND purpose = policy.term_id('purpose', 'orders')")  # fmt: skip
    noor = world.shopper(NOOR, EMAILS)
    task = actions.plan(
        session=world.session("service"), kind="request", purpose="orders", people=[noor], ref="order:1"
    )
    opening = actions.open(session=world.session("service"), purpose="orders", fields=["name"], task=task)
    assert reasons(opening) == (0, {"no_basis"})
    phone = actions.plan(
        session=world.session("service"), kind="message", purpose="service", people=[noor], ref="reply:1"
    )
    texted = actions.open(
        session=world.session("service"), purpose="service", channel="sms", fields=["mobile"], task=phone
    )
    assert reasons(texted) == (0, {"no_address"})


def test_plans_are_refused_by_code(world: World) -> None:
    noor, session = world.shopper(NOOR, EMAILS), world.session

    def code(role: str, kind: str, purpose: str, *people: CustomerId) -> str:
        with pytest.raises(Refusal) as refusal:
            actions.plan(session=session(role), kind=kind, purpose=purpose, people=people, ref="campaign:1")
        return refusal.value.code

    assert [
        code("marketing", "rumour", "marketing", noor),
        code("marketing", "session", "marketing", noor),
        code("marketing", "message", "horoscope", noor),
        code("service", "message", "marketing", noor),
        code("administrator", "request", "rights", noor),
        code("marketing", "message", "marketing", ids.new()),
        code("marketing", "message", "marketing"),
    ] == [
        "task_undeclared", "task_undeclared", "purpose_undeclared", "role_refused", "role_refused", "person_unknown",
        "person_unknown",
    ]  # fmt: skip


def test_a_role_limited_to_shops_meets_their_people_alone(world: World) -> None:
    def shopper(number: int, shop: int) -> CustomerId:
        made = actions.admit(
            source="survey", values={"email": f"{number}@mail.example", "opinion": "جميل"}, language="ar",
            jurisdiction="AE", shop=shop,
        )  # fmt: skip
        actions.confirm(world.link(made, "confirm"), language="ar")
        return made.customer

    own, other = shopper(1, 1), shopper(2, 2)
    manager = world.session("shop_manager", shops=[1])

    def plan(*people: CustomerId) -> int:
        return actions.plan(session=manager, kind="request", purpose="orders", people=people, ref="order:1")

    for people in ([other], [own, other]):
        with pytest.raises(Refusal, match="person_unknown"):
            plan(*people)
    opening = actions.open(session=manager, purpose="orders", fields=["email"], task=plan(own))
    assert [person.customer for person in opening.people] == [own]
    found = [
        queries.find(session=manager, purpose="orders", field="email", value=f"{number}@mail.example")
        for number in (1, 2)
    ]
    assert found == [[own], []]


def test_small_counts_are_shown_to_the_data_protection_officer_alone(world: World) -> None:
    for number in range(10):
        world.admit(f"{number}@mail.example")
    for number in range(10, 13):
        world.shopper(f"{number}@mail.example", EMAILS)
    counts = queries.reach(session=world.session("marketing"), purpose="marketing", channel="email")
    assert counts == {"no_consent": 10, "reachable": None}
    for role, seen in (("analyst", None), ("data_protection_officer", 3)):
        world.owner.execute(
            "UPDATE vault.person SET jurisdiction = policy.term_id('jurisdiction', 'SA') WHERE id > 10"
        )
        world.owner.execute(
            "DELETE FROM policy.purpose_basis WHERE jurisdiction = policy.term_id('jurisdiction', 'SA')"
        )
        counts = queries.reach(session=world.session(role), purpose="fraud", channel="email")
        assert counts == {"reachable": 10, "no_basis": seen}
    with pytest.raises(Refusal, match="role_refused"):
        queries.reach(session=world.session("administrator"), purpose="marketing", channel="email")


def test_reachable_people_are_planned_in_chunks(world: World) -> None:
    people = [
        world.shopper(f"{number}@mail.example", *([EMAILS] if number % 2 else [])) for number in range(6)
    ]
    planned = actions.plan_reachable(
        session=world.session("marketing"), purpose="marketing", channel="email", ref="campaign:2", chunk=2
    )
    assert [one.customer for one in planned] == people[1::2]
    assert len({one.task for one in planned}) == 2


def test_c5_only_the_confirmed_owner_is_found_and_the_look_up_is_recorded(world: World) -> None:
    noor = world.shopper(NOOR, EMAILS)
    world.admit(NOOR)
    service = world.session("service")
    assert queries.find(session=service, purpose="service", field="email", value="Noor@Mail.example") == [
        noor
    ]
    assert queries.find(session=service, purpose="service", field="email", value="maha@mail.example") == []
    looked = world.owner.execute(
        "SELECT count(*) FROM ledger.pending WHERE event = 'gate.looked_up'"
    ).fetchone()
    assert looked == (2,)
    for role, purpose, field, code in (
        ("marketing", "service", "email", "role_refused"),
        ("service", "horoscope", "email", "purpose_undeclared"),
        ("service", "confirmation", "name", "field_undeclared"),
    ):
        with pytest.raises(Refusal, match=code):
            queries.find(session=world.session(role), purpose=purpose, field=field, value=NOOR)


def test_c5_many_addresses_are_looked_up_at_once_each_for_itself(world: World) -> None:
    noor, maha = (world.shopper(address, EMAILS) for address in (NOOR, "maha@mail.example"))
    world.admit("claimed@mail.example")
    asked = ["maha@mail.example", "claimed@mail.example", "Noor@Mail.example", "maha@mail.example"]
    machine = world.session("system")
    found = queries.find_each(session=machine, purpose="feedback", field="email", values=asked)
    assert found == [(maha,), (), (noor,), (maha,)]
    assert queries.find_each(session=machine, purpose="feedback", field="email", values=[]) == []
    looked = world.owner.execute(
        "SELECT p.customer FROM uses.looked_up l LEFT JOIN vault.person p ON p.id = l.person ORDER BY l.at, l.person"
    ).fetchall()
    assert looked == [(noor,), (maha,), (None,)]


@pytest.mark.parametrize("room", ["consent", "gate", "policy", "vault", "retailer", "ledger", "uses"])
def test_a_note_speaks_for_no_room_of_the_lock(world: World, room: str) -> None:
    noor = world.shopper(NOOR)
    with pytest.raises(Refusal, match="event_reserved"):
        actions.note(customer=noor, event=f"{room}.noted", payload="{}")


def test_a_note_stands_in_the_persons_own_record(world: World) -> None:
    noor = world.shopper(NOOR)
    entry = actions.note(customer=noor, event="draw.entered", payload='{"draw": 1}')
    kept = world.owner.execute(
        "SELECT p.customer, o.payload FROM ledger.opening o JOIN vault.person p ON p.id = o.person WHERE o.entry = %s",
        [entry],
    ).fetchone()
    assert kept == (noor, '{"draw": 1}')
    with pytest.raises(Refusal, match="person_unknown"):
        actions.note(customer=ids.new(), event="draw.entered", payload="{}")


def test_u6_every_release_is_shown_and_fraud_after_its_delay(world: World, fixed_clock: Clock) -> None:
    noor = world.shopper(NOOR, EMAILS)
    serve(world, noor, "fraud", "analyst", "name", "email")
    task = actions.plan(
        session=world.session("service"), kind="message", purpose="service", people=[noor], ref="reply:1"
    )
    token = actions.open(
        session=world.session("service"), purpose="service", channel="email", fields=["email"], task=task,
        links=["preferences"],
    ).people[0].links["preferences"]  # fmt: skip
    shown = [
        (one.purpose, one.channel, one.role, one.task, one.fields, one.recipient)
        for one in queries.uses(token)
    ]
    assert sorted(shown) == [
        ("confirmation", "email", "system", "message", ("email",), "controller"),
        ("service", "email", "service", "message", ("email",), "controller"),
    ]
    fixed_clock.advance(dt.timedelta(days=30))
    late = [one.purpose for one in queries.uses(token)]
    assert sorted(late) == ["confirmation", "fraud", "service"]


def test_r1_a_held_release_stops_for_whoever_withdrew_before(world: World) -> None:
    noor, maha = world.shopper(NOOR, EMAILS), world.shopper("maha@mail.example", EMAILS)
    links = world.opt_out_link(noor, maha)
    opening = mail(world, noor, maha)
    actions.opt_out(links[noor], language="ar")
    with actions.hold(opening, session=world.session("system")) as allowed:
        assert allowed == {maha}
    with (
        pytest.raises(Refusal, match="ticket_unknown"),
        actions.hold(opening, session=world.session("marketing")),
    ):
        pass


def test_nothing_is_released_under_a_policy_that_has_changed_since(world: World) -> None:
    noor = world.shopper(NOOR, EMAILS)
    opening = mail(world, noor)
    world.owner.execute("UPDATE uses.call SET policy = policy + 1")
    with (
        pytest.raises(Refusal, match="policy_changed"),
        actions.hold(opening, session=world.session("system")),
    ):
        pass
    assert raw.used(world) == (1, 1)
