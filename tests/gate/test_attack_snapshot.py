"""Attack 2: look at the past, where consent still stood, by a held snapshot, a shifted clock or good timing."""

import datetime as dt
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from amana.gate import actions, calls
from tests.conftest import Clock
from tests.gate import raw
from tests.world import EMAILS, Connection, World

pytestmark = pytest.mark.attack
LEVELS = ["REPEATABLE READ", "SERIALIZABLE"]
ROUNDS = 200
SHIFTS = ["167", "-167"]


@pytest.mark.parametrize("level", LEVELS)
def test_a_snapshot_held_over_a_withdrawal_opens_nothing(
    world: World, app_connection: Connection, level: str
) -> None:
    noor = world.shopper("noor@mail.example", EMAILS)
    token, task, marketer = world.opt_out_link(noor)[noor], raw.plan(world, noor), world.session("marketing")
    asked = raw.ask(app_connection, world.session("system"), raw.plan(world, noor))
    app_connection.execute(f"BEGIN ISOLATION LEVEL {level}")
    app_connection.execute("SELECT * FROM policy.running_version()")
    actions.opt_out(token, language="ar")
    attempts = [
        lambda: raw.ask(app_connection, world.session("system"), task),
        lambda: raw.take(app_connection, asked.ticket),
        lambda: raw.hold(app_connection, asked.call, world.session("system")),
        raw.run(app_connection, "SELECT gate.reach(%s, 'marketing', 'email', 0, NULL)", marketer),
        raw.run(
            app_connection,
            "SELECT * FROM gate.plan_reachable(%s, 'marketing', 'email', 'campaign:2', 50, 0, NULL)",
            marketer,
        ),
    ]
    for attempt in attempts:
        app_connection.execute("SAVEPOINT s")
        assert raw.refusal(attempt) == "isolation_refused"
        app_connection.execute("ROLLBACK TO SAVEPOINT s")
    app_connection.execute("ROLLBACK")
    assert raw.take(app_connection, asked.ticket) == []


def test_the_level_may_be_the_default_of_the_session(
    world: World, connect: Callable[..., Connection]
) -> None:
    noor = world.shopper("noor@mail.example", EMAILS)
    task = raw.plan(world, noor)
    for level in LEVELS:
        stale = connect("amana_app")
        stale.execute(f"SET default_transaction_isolation = '{level.lower()}'")
        assert raw.refusal(lambda: raw.ask(stale, world.session("system"), task)) == "isolation_refused"  # noqa: B023


def test_every_function_that_takes_the_journal_refuses_a_held_snapshot(
    world: World, app_connection: Connection
) -> None:
    rows = app_connection.execute(
        "SELECT p.oid::regproc::text, p.pronargs FROM pg_proc p WHERE p.pronamespace = 'gate'::regnamespace"
        " AND p.proargnames @> '{journal,head}' AND has_function_privilege('amana_app', p.oid, 'EXECUTE') ORDER BY 1"
    ).fetchall()
    app_connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    refused = {}
    for name, arguments in rows:
        app_connection.execute("SAVEPOINT s")
        given = ", ".join(["NULL"] * (arguments - 2) + ["0", "NULL"])
        refused[name] = raw.refusal(raw.run(app_connection, f"SELECT {name}({given})"))
        app_connection.execute("ROLLBACK TO SAVEPOINT s")
    # Some look their arguments' names up before they enter: refused as well, and nothing was read of anybody.
    early = {"channel_undeclared", "purpose_undeclared", "field_undeclared"}
    assert {name: code for name, code in refused.items() if code not in early | {"isolation_refused"}} == {}
    assert len(refused) > 10


@pytest.mark.parametrize("shift", SHIFTS)
def test_a_shifted_time_zone_shifts_nothing(
    world: World, app_connection: Connection, fixed_clock: Clock, shift: str
) -> None:
    # Noon of the last day of the year: a week further on it is next year, in which this shopper is of age.
    fixed_clock.set(dt.datetime(2026, 12, 31, 12, tzinfo=dt.UTC))
    young = world.shopper("young@mail.example", EMAILS, birth_date="2008-06-01")
    of_age = world.shopper("older@mail.example", EMAILS)
    app_connection.execute(f"SET TIME ZONE {shift}")
    asked = raw.ask(app_connection, world.session("system"), raw.plan(world, young, of_age))
    assert (asked.people, asked.refused) == (1, {"under_age": None})
    late = raw.plan(world, of_age)
    fixed_clock.advance(dt.timedelta(seconds=61))
    assert raw.refusal(lambda: raw.take(app_connection, asked.ticket)) == "ticket_expired"
    fixed_clock.advance(dt.timedelta(days=14))
    renewed = world.session("system", name="renewed")
    assert raw.refusal(lambda: raw.ask(app_connection, renewed, late)) == "task_expired"
    assert raw.refusal(lambda: raw.ask(app_connection, world.session("system"), late)) == "session_unknown"


@dataclass
class Race:
    """One withdrawal against releases that are under way; times are of one clock, in seconds."""

    token: str
    tasks: list[int]
    seed: int
    acknowledged: float = float("inf")
    obtained: list[tuple[str, float]] = field(default_factory=list)
    holding: int = 0
    broken: list[str] = field(default_factory=list)


def wander(connection: Connection, dice: random.Random) -> None:
    """Lose a seeded, small amount of time in round trips."""
    for _ in range(dice.randrange(6)):
        connection.execute("SELECT 1")


def withdraw(connection: Connection, race: Race, dice: random.Random) -> None:
    wander(connection, dice)
    with connection.transaction():
        connection.execute("SELECT gate.opt_out(%s, 'ar', %s, %s)", [race.token, *calls.head()])
        wander(connection, dice)
    race.acknowledged = time.perf_counter()
    if race.holding:
        race.broken.append("acknowledged while a hand-over was under way")


def release(connection: Connection, race: Race, dice: random.Random, system: str, task: int) -> None:
    wander(connection, dice)
    began = time.perf_counter()
    asked = raw.ask(connection, system, task)
    wander(connection, dice)
    began = time.perf_counter()
    if raw.take(connection, asked.ticket):
        race.obtained.append(("take", began))
    wander(connection, dice)
    with connection.transaction():
        began = time.perf_counter()
        if raw.hold(connection, asked.call, system):
            race.obtained.append(("hold", began))
            race.holding += 1
            wander(connection, dice)
            race.holding -= 1


def test_no_release_follows_an_acknowledged_withdrawal(
    world: World, connect: Callable[..., Connection]
) -> None:
    people = [world.shopper(f"{n}@mail.example", EMAILS) for n in range(ROUNDS)]
    links = world.opt_out_link(*people)
    system = world.session("system")
    races = [
        Race(links[person], [raw.plan(world, person) for _ in range(2)], seed)
        for seed, person in enumerate(people)
    ]
    start, failures = threading.Barrier(3), list[Exception]()

    def actor(number: int, connection: Connection) -> None:
        try:
            for race in races:
                dice = random.Random(race.seed * 10 + number)
                start.wait(30)
                if number == 2:
                    withdraw(connection, race, dice)
                else:
                    release(connection, race, dice, system, race.tasks[number])
        except Exception as error:  # noqa: BLE001 (a thread's failure is the test's)
            failures.append(error)
            start.abort()

    threads = [threading.Thread(target=actor, args=(n, connect("amana_app"))) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    late = [what for race in races for what, began in race.obtained if began > race.acknowledged]
    assert (late, [broken for race in races for broken in race.broken]) == ([], [])
    # The races are races: some releases came first, and some did not come at all.
    obtained = sum(len(race.obtained) for race in races)
    assert 0 < obtained < 4 * ROUNDS
