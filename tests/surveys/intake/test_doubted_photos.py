"""A photo that does not look like a receipt is held as it is taken in, before anybody can open it."""

import datetime as dt
from typing import Any

import pytest

from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.surveys import photo
from amana.surveys.intake import taking
from amana.surveys.models import Candidate, Response
from amana.surveys.reading import keeping_back
from tests.surveys.intake.place import Place, taken
from tests.surveys.reading import drawn
from tests.world import World

CROSS: dict[str, Any] = {"overall": 1, "recommend": 2, "found_it": "no", "use_words": True}


def taken_with(place: Place, drawing: drawn.Drawing) -> Response:
    """Take in an answer with a photo and return it; no other job has run."""
    place.post(place.sealed({**CROSS, "receipt": drawn.sent(drawing)}))
    assert taking.take_in().taken == 1
    return taken()[0]


def seen_as(world: World, kept: Response, role: str, purpose: str, kind: str) -> bool:
    """Tell whether somebody of a role sees the photo."""
    assert kept.customer is not None
    return bool(
        photo.opened(
            session=world.session(role), kind=kind, purpose=purpose, people=[CustomerId(kept.customer)],
            ref="surveys:test",
        )
    )  # fmt: skip


def test_c4_a_receipt_opens_for_its_answer(place: Place, world: World) -> None:
    kept = taken_with(place, drawn.on_a_dark_table)
    assert (kept.photo, Candidate.objects.count()) == ("receipt", 0)
    assert seen_as(world, kept, "shop_manager", "feedback", "answer")


@pytest.mark.parametrize("drawing", [drawn.a_face, drawn.a_prescription_in_colour, drawn.too_dark])
def test_c4_what_is_no_receipt_is_held_before_anybody_can_open_it(
    place: Place, world: World, drawing: drawn.Drawing
) -> None:
    kept = taken_with(place, drawing)
    assert list(Candidate.objects.values_list("response", "field", "kind", "state", "shop")) == [
        (kept.pk, "receipt_photo", "picture", "held", place.shop)
    ]
    assert not seen_as(world, kept, "shop_manager", "feedback", "answer")
    assert seen_as(world, kept, "data_protection_officer", "rights", "request")


def test_c4_an_officer_releases_it_and_it_opens(place: Place, world: World) -> None:
    kept = taken_with(place, drawn.a_thing_on_white)
    officer, number = world.session("data_protection_officer"), Candidate.objects.get().pk
    keeping_back.release(session=officer, staff=1, candidate=number)
    assert seen_as(world, kept, "shop_manager", "feedback", "answer")


def test_c4_undecided_it_goes_when_the_policy_says(place: Place, world: World) -> None:
    kept = taken_with(place, drawn.a_face)
    due = Candidate.objects.get().due_at
    assert (round((due - clock.now()) / dt.timedelta(days=1)), keeping_back.purge_due()) == (7, 0)
    with clock.fixed(due + dt.timedelta(seconds=1)):
        assert keeping_back.purge_due() == 1
    assert not seen_as(world, kept, "data_protection_officer", "rights", "request")


def test_c4_a_form_without_scripts_is_judged_as_well(place: Place) -> None:
    taking.take_one(place.submission({**CROSS, "receipt": drawn.sent(drawn.a_face)}))
    assert list(Candidate.objects.values_list("kind", "state")) == [("picture", "held")]
