"""Attack 8: a stranger at the door, with somebody else's address, a forwarded link, or a scanner that follows them."""

from typing import Any

import pytest

from amana.gate import actions, forgetting, queries
from amana.gate.values import Admitted, Wish
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from tests.gate import raw
from tests.world import EMAILS, World

pytestmark = pytest.mark.attack
NOOR = "noor@mail.example"
SMS = Wish("marketing", "sms", "Send me offers by text message")
KEPT = ("consent.decision", "consent.standing", "consent.address", "consent.restriction", "consent.wish",
        "vault.person", "vault.key", "vault.value", "vault.fact", "vault.blind", "uses.task", "uses.call", "uses.use",
        "uses.looked_up", "uses.blanked",
        "uses.suppression", "uses.erasure", "ledger.pending", "ledger.entry", "ledger.opening")  # fmt: skip


def dump(world: World) -> dict[str, list[Any]]:
    """Return every row of what the gate keeps."""
    return {
        table: world.owner.execute(f"SELECT t::text FROM {table} t ORDER BY 1").fetchall() for table in KEPT
    }


def person(world: World, customer: CustomerId) -> int:
    """Return the number by which the vault knows a customer."""
    row = world.owner.execute("SELECT id FROM vault.person WHERE customer = %s", [customer]).fetchone()
    assert row is not None
    return int(row[0])


def standing(world: World, customer: CustomerId) -> list[Any]:
    """Return what stands for a customer: consents, addresses, restriction."""
    number = person(world, customer)
    found: list[Any] = []
    for table in ("standing", "address", "restriction", "decision"):
        found += world.owner.execute(f"SELECT t::text FROM consent.{table} t WHERE person = %s", [number])
    return found


def mailed(world: World, *people: CustomerId) -> list[str]:
    """Return the addresses a promotion would go to."""
    opening = actions.open(
        session=world.session("system"), purpose="marketing", channel="email", fields=["email"],
        task=raw.plan(world, *people),
    )  # fmt: skip
    return [opened.values["email"] for opened in opening.people]


def links(
    world: World, customer: CustomerId, purpose: str, kind: str, channel: str, *scopes: str
) -> dict[str, str]:
    """Return the links that a message of this purpose to this customer carries."""
    task = actions.plan(
        session=world.session("service"), kind=kind, purpose=purpose, people=[customer], ref=f"{kind}:1"
    )
    field = {"email": "email", "sms": "mobile"}[channel]
    opening = actions.open(
        session=world.session("system"),
        purpose=purpose,
        channel=channel,
        fields=[field],
        task=task,
        links=scopes,
    )
    return dict(opening.people[0].links)


def stranger(world: World, *wishes: Wish, mobile: str = "+971501112222") -> Admitted:
    """Admit somebody who typed Noor's address beside a phone of their own."""
    return world.admit(NOOR, *wishes, name="غريب", mobile=mobile)


def test_somebody_elses_address_brings_nothing_and_changes_nothing(world: World) -> None:
    noor = world.shopper(NOOR)
    before = standing(world, noor)
    other = stranger(world, EMAILS)
    assert mailed(world, noor, other.customer) == []
    assert standing(world, noor) == before


def test_somebody_elses_address_stops_nothing_either(world: World) -> None:
    noor = world.shopper(NOOR, EMAILS)
    before = standing(world, noor)
    stranger(world)
    assert (mailed(world, noor), standing(world, noor)) == ([NOOR], before)


def test_known_and_unknown_addresses_are_answered_alike(world: World) -> None:
    world.shopper(NOOR, EMAILS)
    known, unknown = stranger(world, EMAILS), world.admit("nobody@mail.example", EMAILS)
    shapes = [(type(made.customer), type(made.entry), type(made.confirmation)) for made in (known, unknown)]
    assert shapes[0] == shapes[1]
    opened = [
        actions.open(
            session=world.session("system"), purpose="confirmation", channel="email", fields=["email", "language"],
            task=made.confirmation or 0, links=["confirm"],
        )
        for made in (known, unknown)
    ]  # fmt: skip
    seen = [
        (
            sorted(one.people[0].values),
            sorted(one.people[0].links),
            len(one.people[0].links["confirm"]),
            one.refused,
        )
        for one in opened
    ]
    assert seen[0] == seen[1]


def test_an_address_is_asked_three_times_a_day_and_no_more(world: World) -> None:
    asked = [stranger(world, EMAILS).confirmation is not None for _ in range(5)]
    assert asked == [True, True, True, False, False]


def test_a_forwarded_unsubscribe_link_only_opts_out(world: World) -> None:
    noor = world.shopper(NOOR, EMAILS)
    token = world.opt_out_link(noor)[noor]
    for act in (
        lambda: actions.opt_in(token),
        lambda: actions.confirm(token, language="ar"),
        lambda: actions.confirm_request(token),
        lambda: actions.prefer(
            token, purpose="marketing", channel="sms", wanted=True, wording="x", language="ar"
        ),
        lambda: queries.standing(token),
        lambda: queries.uses(token),
    ):
        with pytest.raises(Refusal, match="link_wrong_scope"):
            act()
    actions.opt_out(token, language="ar")
    actions.opt_out(token, language="ar")
    assert mailed(world, noor) == []


def test_a_forwarded_preference_link_opts_in_nobody(world: World) -> None:
    noor = world.shopper(NOOR)
    token = links(world, noor, "service", "message", "email", "preferences")["preferences"]
    task = actions.prefer(
        token, purpose="marketing", channel="email", wanted=True, wording=EMAILS.wording, language="ar"
    )
    assert (mailed(world, noor), task is not None) == ([], True)
    fresh = actions.open(
        session=world.session("system"), purpose="confirmation", channel="email", fields=["email"], task=task or 0,
        links=["opt_in"],
    ).people[0]  # fmt: skip
    # Only what arrives at the address itself grants it, and once.
    assert fresh.values == {"email": NOOR}
    actions.opt_in(fresh.links["opt_in"])
    assert mailed(world, noor) == [NOOR]
    with pytest.raises(Refusal, match="link_stale"):
        actions.opt_in(fresh.links["opt_in"])


def test_a_confirmation_link_grants_no_wish(world: World) -> None:
    admitted = world.admit(NOOR)
    with pytest.raises(Refusal, match="link_stale"):
        actions.opt_in(world.link(admitted, "opt_in"))


def test_a_phone_of_ones_own_reaches_nobody_by_their_address(world: World) -> None:
    noor = world.shopper(NOOR, EMAILS)
    before = standing(world, noor)
    other = stranger(world).customer
    token = links(world, other, "service", "message", "sms", "preferences")["preferences"]
    for purpose, channel in (("marketing", "email"), ("content", None)):
        actions.prefer(token, purpose=purpose, channel=channel, wanted=False, wording="", language="ar")
    assert (standing(world, noor), mailed(world, noor)) == (before, [NOOR])


def test_an_erasure_confirmed_by_a_phone_erases_nobody_by_their_address(world: World) -> None:
    noor = world.shopper(NOOR, EMAILS)
    other = stranger(world).customer
    task = actions.plan(
        session=world.session("service"), kind="request", purpose="rights", people=[other], ref="request:1"
    )
    token = actions.open(
        session=world.session("system"), purpose="rights", channel="sms", fields=["mobile"], task=task, links=["erase"]
    ).people[0].links["erase"]  # fmt: skip
    actions.confirm_request(token)
    done = forgetting.forget(session=world.session("service"), task=task)
    assert (done.customers, mailed(world, noor)) == ((other,), [NOOR])


def test_a_spoofed_request_erases_nobody(world: World) -> None:
    noor = world.shopper(NOOR, EMAILS)
    before = standing(world, noor)
    claim = actions.seal_mail(raw=b"delete me\r\n", sender=NOOR, language="ar", jurisdiction="AE")
    task = actions.plan(
        session=world.session("service"), kind="request", purpose="rights", people=[claim], ref="request:1"
    )
    with pytest.raises(Refusal, match="request_unconfirmed"):
        forgetting.forget(session=world.session("service"), task=task)
    for role in ("marketing", "analyst", "administrator", "auditor"):
        with pytest.raises(Refusal, match="role_refused"):
            forgetting.forget(session=world.session(role), task=task)
    conversation = actions.plan(
        session=world.session("service"),
        kind="conversation",
        purpose="service",
        people=[claim],
        ref="conversation:1",
    )
    for other in (conversation, 10**6):
        with pytest.raises(Refusal, match="task_unknown"):
            forgetting.forget(session=world.session("service"), task=other)
    assert (standing(world, noor), raw.count(world, "uses.erasure")) == (before, 0)


def test_another_requests_link_confirms_no_request(world: World) -> None:
    noor, maha = world.shopper(NOOR), world.shopper("maha@mail.example")
    links(world, maha, "rights", "request", "email", "erase")
    task = actions.plan(
        session=world.session("service"), kind="request", purpose="rights", people=[noor], ref="request:2"
    )
    token = links(world, maha, "rights", "request", "email", "erase")["erase"]
    assert actions.confirm_request(token) == "request:1"
    with pytest.raises(Refusal, match="request_unconfirmed"):
        forgetting.forget(session=world.session("service"), task=task)


def test_looking_at_any_link_changes_nothing(world: World) -> None:
    noor = world.shopper(NOOR, EMAILS)
    admitted = world.admit("maha@mail.example")
    found = [
        world.link(admitted, "confirm"),
        world.opt_out_link(noor)[noor],
        links(world, noor, "rights", "request", "email", "erase")["erase"],
        *links(world, noor, "service", "message", "email", "preferences", "receipt", "opt_out").values(),
    ]
    preferences = links(world, noor, "service", "message", "email", "preferences")["preferences"]
    before = dump(world)
    scopes = [queries.look_at_link(token).scope for token in found]
    queries.standing(preferences)
    queries.uses(preferences)
    with pytest.raises(Refusal, match="link_invalid"):
        queries.look_at_link("A" * 66)
    assert dump(world) == before
    assert scopes == ["confirm", "opt_out", "erase", "opt_out", "preferences", "receipt"]


def test_a_link_to_nobody_is_the_same_as_a_made_up_one(world: World) -> None:
    noor = world.shopper(NOOR, EMAILS)
    token = world.opt_out_link(noor)[noor]
    task = actions.plan(
        session=world.session("service"), kind="request", purpose="rights", people=[noor], ref="request:1"
    )
    erase = actions.open(
        session=world.session("system"), purpose="rights", channel="email", fields=["email"], task=task, links=["erase"]
    ).people[0].links["erase"]  # fmt: skip
    actions.confirm_request(erase)
    forgetting.forget(session=world.session("service"), task=task)
    codes = set()
    for made in (token, erase, "A" * 66, "é", ""):
        with pytest.raises(Refusal) as refusal:
            queries.look_at_link(made)
        codes.add((refusal.value.code, refusal.value.status))
    assert codes == {("link_invalid", 404)}
