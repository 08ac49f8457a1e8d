"""A picture that is no receipt is held before anybody opens it; a receipt is not."""

from base64 import b64encode
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from amana.surveys.intake import pictures, taking
from amana.surveys.intake.taking import TakenIn
from amana.surveys.models import Candidate
from amana.surveys.reading import keeping_back
from tests.surveys.intake import drawn
from tests.surveys.intake.place import Place

SEEDS = range(20)


def photo(picture: Image.Image) -> str:
    """Return a picture as a phone sends it."""
    small = picture.copy()
    small.thumbnail((1200, 1200))
    written = BytesIO()
    small.save(written, "JPEG", quality=70)
    return b64encode(written.getvalue()).decode()


def test_every_receipt_drawn_looks_like_one() -> None:
    assert [seed for seed in SEEDS if not pictures.look(drawn.receipt(seed)).receipt] == []


@pytest.mark.parametrize("draw", drawn.OTHERS, ids=lambda draw: draw.__name__)
def test_nothing_else_that_is_drawn_does(draw: Callable[[int], Image.Image]) -> None:
    assert [seed for seed in SEEDS if pictures.look(draw(seed)).receipt] == []


@pytest.mark.parametrize(("size", "colour"), [((1, 1), "white"), ((2, 4000), "black"), ((4000, 3), "red")])
def test_a_picture_of_any_shape_is_measured(size: tuple[int, int], colour: str) -> None:
    assert pictures.look(Image.new("RGB", size, colour)).receipt is False


@pytest.mark.parametrize(
    ("draw", "held"),
    [(drawn.receipt, []), (drawn.person, [("receipt_photo", "picture", "held")])],
    ids=["receipt", "person"],
)
def test_r3_a_picture_that_is_no_receipt_is_held(
    place: Place, draw: Callable[[int], Image.Image], held: list[tuple[str, str, str]]
) -> None:
    answers = {"overall": 2, "receipt": photo(draw(3))}
    assert place.post(place.sealed(answers)).status == 200
    assert taking.take_in() == TakenIn(taken=1)
    keeping_back.hold_found()
    assert list(Candidate.objects.values_list("field", "kind", "state")) == held
