"""Rotating index keys: everybody is found as before, by the new key alone; the old one goes when nothing needs it."""

import shutil
from collections.abc import Iterator
from datetime import timedelta

import pytest

from amana.gate import actions, forgetting, keeping, queries, reindexing, rotation
from amana.gate.door import door
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from tests.gate.operations import as_owner, erase, new_process
from tests.gate.test_opening import opened
from tests.world import EMAILS, World

ADDRESS = "noor@mail.example"
SALMA = "salma@mail.example"
MOBILE = "+971501234567"


@pytest.fixture(autouse=True)
def no_backups() -> Iterator[None]:
    """Leave no backup behind that would keep a key of the next test."""
    yield
    shutil.rmtree(rotation.home() / "backups", ignore_errors=True)


def found(world: World, address: str = ADDRESS) -> list[CustomerId]:
    """Look an address up, as customer service does."""
    return queries.find(session=world.session("service"), purpose="service", field="email", value=address)


def by_key(world: World, table: str) -> list[tuple[int, int]]:
    """Count the rows of a table of indexes by the number of their key."""
    statement = f"SELECT key_id, count(*) FROM vault.{table} GROUP BY key_id ORDER BY key_id"
    return world.owner.execute(statement).fetchall()


def reindexed() -> reindexing.Reindexed:
    """Rotate the index key, as the owner."""
    with as_owner():
        return reindexing.reindex()


def test_everybody_is_found_by_the_new_key_alone(world: World) -> None:
    noor, salma = world.shopper(ADDRESS, EMAILS, mobile=MOBILE), world.shopper(SALMA, EMAILS)
    before, told = door().indexes.current, list[tuple[int, int]]()
    with as_owner():
        done = reindexing.reindex(lambda at, of: told.append((at, of)))
    assert (done.key, done.people, done.left, done.kept) == (before + 1, 2, 0, ())
    assert before in done.destroyed
    assert told == [(2, 2)]
    assert by_key(world, "blind") == [(done.key, 3)]
    assert by_key(world, "token") == [(done.key, 4)]
    assert door().indexes.numbers == (done.key,)
    assert (found(world), found(world, SALMA.upper()), found(world, "x@mail.example")) == (
        [noor],
        [salma],
        [],
    )
    assert queries.audit() == []


def test_words_are_indexed_as_they_would_be_at_the_door(world: World) -> None:
    world.shopper(ADDRESS, EMAILS)
    reindexed()
    old = world.owner.execute("SELECT field, token FROM vault.token ORDER BY token").fetchall()
    world.shopper(SALMA, EMAILS)
    again = world.owner.execute("SELECT DISTINCT field, token FROM vault.token ORDER BY token").fetchall()
    assert len(old) == 2
    assert again == old


def test_r3_whoever_was_forgotten_under_an_older_index_key_comes_back_by_no_import(world: World) -> None:
    erase(world, world.shopper(ADDRESS, EMAILS))
    reindexed()
    with pytest.raises(Refusal, match="address_forgotten"):
        actions.admit(source="import", values={"email": ADDRESS}, language="ar", jurisdiction="AE", shop=None)
    world.shopper(ADDRESS, EMAILS)
    actions.admit(source="import", values={"email": ADDRESS}, language="ar", jurisdiction="AE", shop=None)
    assert [record.kind for record in door().journal.records()] == ["forget", "fresh_start"]


def test_r1_a_withdrawal_reaches_the_same_address_under_two_index_keys(world: World) -> None:
    older = world.shopper(ADDRESS, EMAILS)
    new = door().indexes.make_next()
    world.owner.execute("SELECT gate.begin_index(%s)", [new])
    newer = world.shopper(ADDRESS, EMAILS)
    assert by_key(world, "blind") == [(new - 1, 1), (new, 1)]
    actions.opt_out(world.opt_out_link(newer)[newer], language="ar")
    assert (opened(world, older), opened(world, newer)) == ({}, {})
    reindexed()
    assert queries.audit() == []


def test_r3_an_erasure_reaches_the_same_address_under_two_index_keys(world: World) -> None:
    older = world.shopper(ADDRESS, EMAILS)
    new = door().indexes.make_next()
    world.owner.execute("SELECT gate.begin_index(%s)", [new])
    newer = world.admit(ADDRESS, EMAILS).customer
    done = erase(world, older)
    assert set(done.customers) == {older, newer}
    reindexed()


def test_an_old_index_key_stays_as_long_as_a_backup_needs_it(world: World) -> None:
    reindexed()  # what earlier tests of this deployment left is destroyed here, and not below
    world.shopper(ADDRESS, EMAILS)
    old = door().indexes.current
    with as_owner():
        with keeping.entered(name="kept", days=3) as (entry, path):
            path.write_bytes(b"")
        done = reindexing.reindex()
    assert entry.index_keys == (old,)
    assert (done.destroyed, done.kept, done.kept_until) == ((), (old,), entry.expires_at)
    with clock.fixed(entry.expires_at + timedelta(seconds=1)), as_owner():
        assert keeping.expire() == ["kept"]
    assert door().indexes.numbers == (done.key,)


def test_a_value_that_does_not_open_keeps_its_old_key_and_nobody_else_s(world: World) -> None:
    noor, salma = world.shopper(ADDRESS, EMAILS), world.shopper(SALMA, EMAILS)
    old = door().indexes.current
    world.owner.execute(
        "UPDATE vault.value SET ciphertext = set_byte(ciphertext, 20, get_byte(ciphertext, 20) # 1)"
        " WHERE field = policy.term_id('field', 'email')"
        " AND person = (SELECT id FROM vault.person WHERE customer = %s)", [noor],
    )  # fmt: skip
    done = reindexed()
    assert (done.people, done.left, done.kept, done.kept_until) == (1, 1, (old,), None)
    assert (found(world), found(world, SALMA)) == ([noor], [salma])
    assert by_key(world, "blind") == [(old, 1), (done.key, 1)]


def test_a_process_takes_up_the_index_key_another_one_made(world: World) -> None:
    seen = door()
    noor = world.shopper(ADDRESS, EMAILS)
    with as_owner():
        new_process()
        reindexing.reindex()
    assert door().indexes is not seen.indexes
    ring = seen.indexes
    assert found(world) == [noor]
    object.__setattr__(door(), "indexes", ring)  # as the process that runs since before the rotation
    assert found(world) == [noor]


def test_a_search_by_a_retired_key_alone_is_refused_and_not_answered_with_nobody(world: World) -> None:
    world.shopper(ADDRESS, EMAILS)
    world.owner.execute("SELECT gate.begin_index(%s)", [door().indexes.current + 1])
    with pytest.raises(Refusal, match="key_retired"):
        found(world)
    with pytest.raises(Refusal, match="key_retired"):
        actions.ask_to_sign_in(session=world.session("system"), address=ADDRESS)
    with pytest.raises(Refusal, match="key_retired"):
        world.admit("other@mail.example")
    assert by_key(world, "blind") == [(door().indexes.current, 1)]


def test_whoever_is_erased_meanwhile_gets_no_index(world: World) -> None:
    noor = world.shopper(ADDRESS, EMAILS)
    service = world.session("service")
    task = actions.plan(session=service, kind="request", purpose="rights", people=[noor], ref="request:1")
    opening = actions.open(
        session=world.session("system"), purpose="rights", channel="email", fields=["email"], task=task,
        links=["erase"],
    )  # fmt: skip
    actions.confirm_request(opening.people[0].links["erase"])
    new = door().indexes.make_next()
    world.owner.execute("SELECT gate.begin_index(%s)", [new])
    with as_owner():
        values = next(reindexing._batches(new))
    forgetting.forget(session=service, task=task)
    with as_owner():
        written = reindexing._write(door(), new, *reindexing._opened(door(), values))
    assert written == 0
    assert (by_key(world, "blind"), by_key(world, "token")) == ([], [])


def test_a_rotation_that_died_is_finished_by_the_next(world: World) -> None:
    noor, salma = world.shopper(ADDRESS, EMAILS), world.shopper(SALMA, EMAILS)

    def die(*_: int) -> None:
        raise KeyboardInterrupt

    with as_owner(), pytest.raises(KeyboardInterrupt):
        reindexing.reindex(die)
    assert (found(world), found(world, SALMA)) == ([noor], [salma])
    done = reindexed()
    assert done.left == 0
    assert (found(world), found(world, SALMA)) == ([noor], [salma])
    assert door().indexes.numbers == (done.key,)
