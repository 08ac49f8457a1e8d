"""Erase, then bring an old backup back: before the replay nobody is served, after it nobody erased can be read."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from amana.gate import actions, forgetting, narrowing, opening, queries, replaying, standing
from amana.gate.door import door
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from tests.database import Connection
from tests.gate import operations, raw
from tests.gate.operations import as_owner, cut_journal, erase, new_process, readable
from tests.gate.test_opening import opened
from tests.world import EMAILS, World

pytestmark = pytest.mark.attack
ERASED = ("noor@mail.example", "salma@mail.example")


@pytest.fixture
def stayed(world: World, tmp_path: Path) -> CustomerId:
    """Bring back a dump from before two erasures with PostgreSQL's own tools; return who was not erased."""
    gone = [world.shopper(email, EMAILS) for email in ERASED]
    here = world.shopper("dana@mail.example", EMAILS)
    for role in ("marketing", "service", "system"):
        world.session(role)
    operations.dump(tmp_path / "old.dump")
    for customer in gone:
        erase(world, customer)
    operations.restore(tmp_path / "old.dump")
    new_process()
    return here


def answers() -> set[int]:
    """Return how every address answers, asked in every way."""
    client = Client(raise_request_exception=False)
    asked = operations.addresses()
    assert len(asked) > 10
    return {
        ask(address, headers={"accept": accept}).status_code
        for address in asked
        for ask in (client.get, client.post)
        for accept in ("text/html", "application/json")
    }


def calls(world: World, customer: CustomerId) -> dict[str, Callable[[], object]]:
    """Return every way through the gate."""
    machine, service = world.session("system"), world.session("service")
    return {
        "admit": lambda: world.admit("new@mail.example"),
        "plan": lambda: actions.plan(
            session=service, kind="request", purpose="rights", people=[customer], ref="request:2"
        ),
        "plan_reachable": lambda: actions.plan_reachable(
            session=machine, purpose="marketing", channel="email", ref="campaign:2"
        ),
        "open": lambda: actions.open(session=machine, purpose="marketing", fields=["email"], task=1),
        "release": lambda: opening.release(ticket="x", fields=["email"]),
        "confirm": lambda: actions.confirm("x", language="ar"),
        "opt_out": lambda: actions.opt_out("x", language="ar"),
        "opt_in": lambda: actions.opt_in("x"),
        "confirm_request": lambda: actions.confirm_request("x"),
        "note": lambda: actions.note(customer=customer, event="tests.noted", payload="{}"),
        "suppress": lambda: actions.suppress(
            session=machine, customer=customer, channel="email", reason="tests"
        ),
        "decide_for": lambda: actions.decide_for(
            session=service, task=1, purpose="marketing", channel="email", kind="withdrawn", language="ar"
        ),
        "forget": lambda: forgetting.forget(session=service, task=1),
        "reach": lambda: queries.reach(session=machine, purpose="marketing", channel="email"),
        "find": lambda: queries.find(
            session=service, purpose="service", field="email", value="dana@mail.example"
        ),
        "look_at_link": lambda: queries.look_at_link("x"),
        "standing": lambda: queries.standing("x"),
        "uses": lambda: queries.uses("x"),
    }


def refusals(world: World, customer: CustomerId) -> dict[str, str]:
    """Try every way through the gate and return the code of each refusal; `passed` where there was none."""
    found = {}
    for name, call in calls(world, customer).items():
        try:
            call()
            found[name] = "passed"
        except Refusal as refusal:
            found[name] = refusal.code
    return found


def test_r3_before_the_replay_every_address_answers_503(stayed: CustomerId, world: World) -> None:
    assert readable(world) > 0
    assert answers() == {503}


def test_r3_before_the_replay_every_gate_call_is_refused(stayed: CustomerId, world: World) -> None:
    assert set(refusals(world, stayed).values()) == {"journal_mismatch"}


@pytest.mark.parametrize("left", [0, 1])
def test_r3_a_truncated_journal_serves_nobody_and_cannot_be_replayed(
    stayed: CustomerId, world: World, left: int
) -> None:
    cut_journal(left)
    assert answers() == {503}
    assert set(refusals(world, stayed).values()) == {"journal_broken"}
    with as_owner(), pytest.raises(Refusal, match="journal_broken"):
        replaying.replay()


def test_r3_a_journal_cut_under_a_running_process_serves_nobody(stayed: CustomerId, world: World) -> None:
    assert door().head().sequence == 2
    (Path(settings.AMANA_HOME) / "journal" / "journal").write_bytes(b"")
    assert answers() == {503}
    assert set(refusals(world, stayed).values()) == {"journal_broken"}


def test_r3_a_journal_taken_away_serves_nobody(stayed: CustomerId, world: World) -> None:
    (Path(settings.AMANA_HOME) / "journal" / "journal").unlink()
    new_process()
    assert answers() == {503}
    assert set(refusals(world, stayed).values()) == {"journal_missing"}
    door().journal.create()


def test_r3_a_backup_changes_under_a_running_process(
    stayed: CustomerId, world: World, tmp_path: Path
) -> None:
    with as_owner():
        replaying.replay()
    assert standing.find_refusal() is None
    operations.dump(tmp_path / "new.dump")
    erase(world, stayed)
    assert standing.find_refusal() is None
    operations.restore(tmp_path / "new.dump")
    assert answers() == {503}


def test_r3_after_the_replay_nobody_erased_can_be_read(stayed: CustomerId, world: World) -> None:
    with as_owner():
        assert replaying.replay() == replaying.Replayed(2, 2)
    left = world.owner.execute(
        "SELECT count(*) FROM vault.value v JOIN vault.person p ON p.id = v.person WHERE p.customer <> %s",
        [stayed],
    ).fetchone()
    assert left == (0,)
    assert opened(world, stayed) == {str(stayed): "dana@mail.example"}
    assert queries.audit() == []
    with pytest.raises(Refusal, match="address_forgotten"):
        actions.admit(
            source="import", values={"email": ERASED[0]}, language="ar", jurisdiction="AE", shop=None
        )


def test_r3_a_replay_that_died_is_taken_up_again(stayed: CustomerId, world: World) -> None:
    with as_owner():
        first = door().journal.records()[0]
        people = replaying._people_named(door(), [first])
        assert replaying._replay_one(first, people) == 1
        assert replaying.replay() == replaying.Replayed(1, 1)
    assert standing.find_refusal() is None


def test_r1_what_was_planned_before_an_unsubscribing_does_not_leave_after_a_restore(
    world: World, tmp_path: Path, app_connection: Connection, sequencer_connection: Connection
) -> None:
    noor = world.shopper("noor@mail.example", EMAILS)
    unsubscribe = world.opt_out_link(noor)[noor]
    planned, asked_for = (raw.plan(world, noor) for _ in range(2))
    asked = raw.ask(app_connection, world.session("system"), asked_for)
    operations.dump(tmp_path / "old.dump")
    actions.opt_out(unsubscribe, language="ar")
    narrowing.keep(sequencer_connection)
    operations.restore(tmp_path / "old.dump")
    new_process()
    with as_owner():
        assert replaying.replay() == replaying.Replayed(0, 0, 1)
    opening_again = actions.open(
        session=world.session("system"), purpose="marketing", channel="email", fields=["email"], task=planned
    )
    assert (len(opening_again.people), len(raw.take(app_connection, asked.ticket))) == (0, 0)
    assert queries.audit() == []
