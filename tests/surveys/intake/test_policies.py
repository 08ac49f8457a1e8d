"""Answers taken under an older notice are judged by both versions; what was ticked offline says so."""

from collections.abc import Callable
from typing import Any

import yaml

from amana.surveys.intake import taking
from amana.surveys.intake.taking import TakenIn
from tests.surveys.intake.place import CLOSED, Place, refused, taken
from tests.surveys.intake.test_taking_in import sealed_of
from tests.world import POLICY, World

KNOWN = {
    **CLOSED, "why": "شكرًا", "use_words": True, "offers": True, "answer_me": True,
    "contact": {"name": "نور", "email": "noor@mail.example", "mobile": "0501234567"},
}  # fmt: skip


def publish(world: World, change: Callable[[Any], None]) -> int:
    """Publish the example's policy with a change."""
    text = yaml.safe_load(POLICY.read_text("utf-8"))
    change(text)
    return world.publish(yaml.safe_dump(text, allow_unicode=True, sort_keys=False))


def without_mobile(text: Any) -> None:
    """No longer ask surveys for a mobile number."""
    del text["categories"]["mobile"]["sources"]["survey"]


def without_offers(text: Any) -> None:
    """No longer send offers by e-mail."""
    text["purposes"]["marketing"]["channels"].remove("email")


def noted(world: World) -> Any:
    """Return what the ledger's last note of answers says."""
    row = world.owner.execute(
        "SELECT payload::jsonb FROM ledger.opening o JOIN ledger.pending e ON e.id = o.entry"
        " WHERE e.event = 'surveys.answered'"
    ).fetchone()
    assert row is not None
    return row[0]


def test_what_the_running_policy_no_longer_lists_is_left_out_and_counted(place: Place, world: World) -> None:
    tablet = place.tablet()
    line = place.signed(tablet, KNOWN)
    publish(world, without_mobile)
    place.post(line)
    assert taking.take_in() == TakenIn(taken=1)
    [kept] = taken()
    assert (kept.policy, kept.judged_policy) == (1, 2)
    assert sealed_of(world, kept, "name", "mobile") == {"name": "نور"}
    assert noted(world)["left_out"] == {"category:mobile": 1}


def test_a_permission_the_running_policy_no_longer_asks_is_left_out(place: Place, world: World) -> None:
    line = place.signed(place.tablet(), KNOWN)
    publish(world, without_offers)
    place.post(line)
    assert taking.take_in() == TakenIn(taken=1)
    assert noted(world)["left_out"] == {"consent:marketing:email": 1}


def test_what_the_version_shown_never_listed_is_refused(place: Place, world: World) -> None:
    publish(world, without_mobile)
    publish(world, lambda text: None)
    place.post(place.signed(place.tablet(), KNOWN, policy=2))
    assert taking.take_in() == TakenIn(refused={"answer_not_asked": 1})


def test_answers_taken_too_long_after_the_policy_changed_are_refused_and_kept(
    place: Place, world: World
) -> None:
    tablet = place.tablet()
    publish(world, without_offers)
    world.owner.execute("UPDATE policy.version SET published_at = published_at - interval '60 days'")
    place.post(place.signed(tablet, KNOWN, policy=1), place.signed(tablet, CLOSED, policy=2))
    assert taking.take_in() == TakenIn(taken=1, refused={"answer_policy_stale": 1})
    assert set(refused().values()) == {"answer_policy_stale"}


def test_what_is_ticked_on_a_tablet_is_marked_as_ticked_without_a_connection(
    place: Place, world: World
) -> None:
    place.post(place.sealed(KNOWN), place.signed(place.tablet(), KNOWN))
    assert taking.take_in() == TakenIn(taken=2)
    actors = world.owner.execute(
        "SELECT actor, count(*) FROM consent.decision GROUP BY 1 ORDER BY 1"
    ).fetchall()
    assert actors == [("customer:form", 3), ("customer:offline", 3)]
