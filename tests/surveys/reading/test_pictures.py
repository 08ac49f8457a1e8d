"""Photos that look like receipts pass, others do not: on pictures that are drawn, by seeds nothing was set on."""

from random import Random

import pytest
from PIL import Image

from amana.surveys.reading import pictures
from tests.surveys.reading import drawing, drawn

MANY = 10


@pytest.mark.parametrize("kind", list(drawn.RECEIPTS))
def test_c4_a_receipt_is_taken_for_one(kind: str) -> None:
    assert drawn.taken(drawn.RECEIPTS[kind], MANY) >= MANY - 1


@pytest.mark.parametrize("kind", list(drawn.OTHERS))
def test_c4_anything_else_is_not(kind: str) -> None:
    assert drawn.taken(drawn.OTHERS[kind], MANY) <= 2


@pytest.mark.parametrize("skin", drawing.SKINS, ids=str)
def test_c4_whoever_fills_a_picture_is_seen_whatever_their_skin(skin: drawing.Colour) -> None:
    picture = drawing.laid(
        drawing.receipt(Random(3)), Image.new("RGB", (768, 1024), "white"), Random(3), share=0.6
    )
    assert pictures.measured(picture).skin == 0
    picture.paste(skin, (0, 0, 260, 340))
    found = pictures.measured(picture)
    assert (round(found.skin, 1), found.receipt) == (0.1, False)


@pytest.mark.parametrize("side", [300, 480, 2000])
def test_a_receipt_is_one_at_any_size(side: int) -> None:
    picture = drawn.close_up(Random(7))
    scale = side / max(picture.size)
    resized = picture.resize((int(picture.width * scale), int(picture.height * scale)))
    assert (pictures.measured(resized).receipt, max(resized.size)) == (True, side)


@pytest.mark.parametrize("size", [(1, 1), (3, 2000), (2000, 3), (64, 64)])
@pytest.mark.parametrize("colour", ["black", "white", "red"])
def test_a_picture_of_nothing_is_measured_and_is_no_receipt(size: tuple[int, int], colour: str) -> None:
    assert not pictures.measured(Image.new("RGB", size, colour)).receipt
