"""What people narrowed is kept outside the database, and stands again after an older one was restored."""

import copy
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from amana.customers.identity import actions as identity
from amana.gate import actions, calls, narrowing, queries, replaying
from amana.gate.door import door
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from amana.vault.narrowings import Line, NarrowingsBroken
from tests.database import Connection
from tests.gate import operations
from tests.gate.conftest import Keep
from tests.gate.operations import as_owner, erase, new_process
from tests.gate.test_deciding import NOOR, again, decide, mailed, opt_in_link, preferences
from tests.world import EMAILS, POLICY, World

pytestmark = pytest.mark.django_db(transaction=True)
Back = Callable[[], None]


@pytest.fixture
def backup(world: World, tmp_path: Path) -> Callable[[], Back]:
    """Return what takes a backup, and returns what brings it back."""
    for role in ("marketing", "service", "system"):
        world.session(role)

    def take() -> Back:
        operations.dump(tmp_path / "old.dump")
        return lambda: operations.restore(tmp_path / "old.dump")

    return take


def replay() -> replaying.Replayed:
    """Replay as the owner, before anybody is served."""
    with as_owner():
        return replaying.replay()


def kept_lines() -> list[Line]:
    """Return the lines that are kept."""
    return list(door().narrowings.read())


def path() -> Path:
    """Return where they are kept."""
    return Path(settings.AMANA_HOME) / "journal" / "narrowed"


def decisions(world: World, customer: CustomerId) -> list[tuple[Any, ...]]:
    """Return what stands in the record of a customer: kind, source and who decided."""
    return world.owner.execute(
        "SELECT d.kind, t.name, d.actor, d.language FROM consent.decision d JOIN policy.term t ON t.id = d.source"
        " JOIN vault.person p ON p.id = d.person WHERE p.customer = %s ORDER BY d.id",
        [customer],
    ).fetchall()


@pytest.mark.parametrize("kind", ["withdrawn", "objected", "restricted"])
def test_a_restore_loses_nothing_that_narrowed(
    world: World, keep: Keep, backup: Callable[[], Back], kind: Any
) -> None:
    noor, dana = again(world, EMAILS), world.shopper("dana@mail.example", EMAILS)
    bring_back = backup()
    decide(world, noor, kind)
    keep()
    bring_back()
    assert mailed(world, noor, dana)[0] == 2
    assert replay() == replaying.Replayed(0, 0, 1)
    assert mailed(world, noor, dana)[0] == 1
    assert decisions(world, noor)[-1] == (kind, "service", "replayed:restore", "ar")
    assert replay() == replaying.Replayed(0, 0)
    assert queries.audit() == []


def test_restored_twice_it_is_applied_twice_and_not_again(
    world: World, keep: Keep, backup: Callable[[], Back]
) -> None:
    noor = again(world, EMAILS)
    bring_back = backup()
    decide(world, noor, "withdrawn")
    keep()
    for lines in (2, 3):
        bring_back()
        assert replay() == replaying.Replayed(0, 0, 1)
        assert keep() == narrowing.Kept(1, behind=False)
        assert len(kept_lines()) == lines
        assert [kind for kind, _, actor, _ in decisions(world, noor) if actor == "replayed:restore"] == [
            "withdrawn"
        ]


def test_a_consent_given_again_before_the_backup_stands(
    world: World, keep: Keep, backup: Callable[[], Back]
) -> None:
    noor = again(world, EMAILS)
    decide(world, noor, "withdrawn")
    keep()
    actions.opt_in(opt_in_link(world, preferences(world, noor)))
    assert mailed(world, noor)[0] == 1
    bring_back = backup()
    bring_back()
    assert replay() == replaying.Replayed(0, 0)
    # Also where the database has lost its number, and every line is looked at.
    world.owner.execute("DELETE FROM consent.kept")
    assert replay() == replaying.Replayed(0, 0)
    assert mailed(world, noor)[0] == 1


def test_a_consent_given_again_after_the_backup_is_not_brought_back(
    world: World, keep: Keep, backup: Callable[[], Back]
) -> None:
    noor = again(world, EMAILS)
    bring_back = backup()
    decide(world, noor, "withdrawn")
    keep()
    actions.opt_in(opt_in_link(world, preferences(world, noor)))
    assert keep().decisions == 0
    bring_back()
    assert replay() == replaying.Replayed(0, 0, 1)
    assert mailed(world, noor)[0] == 0
    actions.opt_in(opt_in_link(world, preferences(world, noor)))
    assert replay() == replaying.Replayed(0, 0)
    assert mailed(world, noor)[0] == 1


def test_who_was_erased_or_came_later_is_passed_over(
    world: World, keep: Keep, backup: Callable[[], Back]
) -> None:
    noor = again(world, EMAILS)
    bring_back = backup()
    later = world.shopper("dana@mail.example", EMAILS)
    for customer in (noor, later):
        decide(world, customer, "withdrawn")
    keep()
    erase(world, noor)
    bring_back()
    new_process()
    assert replay() == replaying.Replayed(1, 1, 0)
    assert queries.audit() == []
    assert len(kept_lines()) == 2


def test_everybody_who_shares_the_address_is_narrowed_again(
    world: World, keep: Keep, backup: Callable[[], Back]
) -> None:
    noor = again(world, EMAILS)
    bring_back = backup()
    newer = again(world, EMAILS)
    decide(world, newer, "withdrawn")
    assert keep().decisions == 2
    bring_back()
    assert replay() == replaying.Replayed(0, 0, 1)
    assert mailed(world, noor)[0] == 0


def test_who_is_held_to_be_one_with_them_is_not_written_to(
    world: World, keep: Keep, backup: Callable[[], Back]
) -> None:
    noor, other = world.shopper(NOOR, EMAILS), world.shopper("noor@work.example", EMAILS)
    identity.merge(survivor=noor, other=other, session=world.session("service"), reason="One mobile.")
    bring_back = backup()
    decide(world, other, "withdrawn")
    keep()
    bring_back()
    assert replay() == replaying.Replayed(0, 0, 1)
    assert mailed(world, noor, other)[0] == 0


def test_a_crash_before_the_commit_writes_a_line_twice_and_decides_once(
    world: World,
    sequencer_connection: Connection,
    keep: Keep,
    backup: Callable[[], Back],
) -> None:
    noor = again(world, EMAILS)
    bring_back = backup()
    decide(world, noor, "withdrawn")
    with sequencer_connection.transaction(force_rollback=True):
        keep()
    assert narrowing.kept()[0] == 0
    assert keep() == narrowing.Kept(1, behind=True)
    first, second = (line.narrowing for line in kept_lines())
    assert first == second
    assert replay() == replaying.Replayed(0, 0)
    assert narrowing.kept() == (2, False)
    bring_back()
    assert replay() == replaying.Replayed(0, 0, 1)
    assert mailed(world, noor)[0] == 0


def test_while_a_restored_database_is_behind_nothing_is_taken_for_known(
    world: World, keep: Keep, backup: Callable[[], Back], caplog: pytest.LogCaptureFixture,
    sequencer_connection: Connection,
) -> None:  # fmt: skip
    noor, dana = again(world, EMAILS), world.shopper("dana@mail.example", EMAILS)
    bring_back = backup()
    decide(world, noor, "withdrawn")
    keep()
    bring_back()
    keeper = narrowing.Keeper()
    with caplog.at_level(logging.ERROR):
        for kind in ("withdrawn", "objected"):
            decide(world, dana, kind)
            keeper(sequencer_connection)
    assert [record.message.rpartition(": ")[2] for record in caplog.records] == ["run `amana replay`"]
    assert narrowing.kept() == (0, False)
    assert replay() == replaying.Replayed(0, 0, 1)
    assert narrowing.kept() == (3, False)
    assert mailed(world, noor, dana)[0] == 0


def test_a_purpose_the_restored_policy_does_not_know_is_objected_to_before_it_is_back(
    world: World, keep: Keep, backup: Callable[[], Back]
) -> None:
    noor = again(world, EMAILS)
    bring_back = backup()
    policy = yaml.safe_load(POLICY.read_text("utf-8"))
    policy["purposes"]["news"] = copy.deepcopy(policy["purposes"]["marketing"])
    text = yaml.safe_dump(policy, allow_unicode=True)
    world.publish(text)
    actions.prefer(
        preferences(world, noor), purpose="news", channel="email", wanted=False, wording="", language="ar"
    )
    keep()
    bring_back()
    assert replay() == replaying.Replayed(0, 0, 1)
    world.publish(text)
    standing = world.owner.execute(
        "SELECT s.given FROM consent.standing s JOIN policy.purpose u ON u.purpose = s.purpose"
        " AND u.version = policy.current_version() JOIN policy.term t ON t.id = s.purpose WHERE t.name = 'news'"
    ).fetchall()
    assert (standing, queries.audit()) == ([(False,)], [])


@pytest.mark.parametrize("left", [None, 0, 1])
def test_lines_that_are_gone_stop_nobody_and_are_said(world: World, keep: Keep, left: int | None) -> None:
    noor = again(world, EMAILS)
    decide(world, noor, "withdrawn")
    decide(world, noor, "objected")
    keep()
    if left is None:
        path().unlink()
    else:
        path().write_bytes(b"".join(path().read_bytes().splitlines(keepends=True)[:left]))
    assert replay() == replaying.Replayed(0, 0, 0, lost=True)
    decide(world, noor, "restricted")
    assert keep() == narrowing.Kept(1, behind=False)
    assert door().narrowings.check() == (3, True)
    assert replay() == replaying.Replayed(0, 0)


def test_an_altered_file_is_not_replayed_and_stops_no_sequencer(
    world: World, keep: Keep, backup: Callable[[], Back], caplog: pytest.LogCaptureFixture,
    sequencer_connection: Connection,
) -> None:  # fmt: skip
    noor = again(world, EMAILS)
    bring_back = backup()
    decide(world, noor, "withdrawn")
    keep()
    path().write_bytes(path().read_bytes().replace(b"withdrawn", b"withdrawx"))
    bring_back()
    with as_owner(), pytest.raises(NarrowingsBroken, match="narrowings_broken"):
        replaying.replay()
    decide(world, noor, "objected")
    keeper = narrowing.Keeper()
    with caplog.at_level(logging.ERROR):
        for _ in range(2):
            keeper(sequencer_connection)
    assert [record.message.rpartition(": ")[2] for record in caplog.records] == ["narrowings_broken"]
    assert world.owner.execute("SELECT count(*) FROM consent.unkept").fetchone() == (1,)


def test_only_the_owner_narrows_again_and_only_narrowing(world: World) -> None:
    noor = again(world)
    statement = "SELECT gate.narrow_again(ARRAY[%s::uuid], ARRAY[%s], '{marketing}', '{email}', '{ar}')"
    for kind in ("given", "objection_lifted", "restriction_lifted", "address_confirmed"):
        with as_owner(), pytest.raises(Refusal, match="decision_refused"):
            calls.plain(statement, noor, kind)
