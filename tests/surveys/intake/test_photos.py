"""A photo keeps its pixels and nothing else; what is no photo is refused."""

from base64 import b64decode, b64encode
from contextlib import suppress
from io import BytesIO
from random import Random

import pytest
from PIL import ExifTags, Image

from amana.surveys.intake import photos
from amana.surveys.intake.refusals import AnswerRefused

PLACE = b"N25.2048"


def photo(width: int = 60, height: int = 40, *, turned: bool = False, form: str = "JPEG") -> bytes:
    """Return a photo with a place, a camera and a comment in it, red on its left half."""
    picture = Image.new("RGB", (width, height), "blue")
    picture.paste("red", (0, 0, width // 2, height))
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = PLACE.decode()
    exif[ExifTags.Base.Orientation] = 6 if turned else 1
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (25.0, 12.0, 17.0)
    written = BytesIO()
    if form == "JPEG":
        picture.save(written, form, exif=exif, comment=PLACE, xmp=b"<x>" + PLACE + b"</x>")
    else:
        picture.save(written, form, exif=exif)
    return written.getvalue()


def rewritten(given: bytes) -> bytes:
    """Return what is kept of a photo."""
    return b64decode(photos.rewritten(b64encode(given).decode()).text)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_place_camera_and_comment_go(form: str) -> None:
    given = photo(form=form)
    kept = rewritten(given)
    assert (PLACE in given, PLACE in kept) == (True, False)
    with Image.open(BytesIO(kept)) as picture:
        assert (picture.format, dict(picture.getexif()), picture.size) == ("JPEG", {}, (60, 40))
        assert sorted(picture.info) == ["jfif", "jfif_density", "jfif_unit", "jfif_version"]


def test_a_photo_held_sideways_stands_upright() -> None:
    with Image.open(BytesIO(rewritten(photo(turned=True)))) as picture:
        assert picture.size == (40, 60)
        top, bottom = picture.getpixel((20, 5)), picture.getpixel((20, 55))
        assert isinstance(top, tuple)
        assert isinstance(bottom, tuple)
        assert (top[0] > 200, bottom[2] > 200) == (True, True)


def test_a_large_photo_is_made_smaller() -> None:
    with Image.open(BytesIO(rewritten(photo(5000, 1000)))) as picture:
        assert picture.size == (2000, 400)


def test_more_than_is_taken_is_refused() -> None:
    noise = Image.frombytes("RGB", (600, 600), Random(4).randbytes(600 * 600 * 3))
    written = BytesIO()
    noise.save(written, "PNG")
    with pytest.raises(AnswerRefused, match="photo_too_large"):
        rewritten(written.getvalue())


def test_a_small_file_of_a_vast_picture_is_never_unpacked() -> None:
    written = BytesIO()
    Image.new("1", (30_000, 30_000)).save(written, "PNG")
    with pytest.raises(AnswerRefused, match=r"photo_too_large|photo_unreadable"):
        rewritten(written.getvalue())


@pytest.mark.parametrize("seed", range(40))
def test_a_broken_photo_is_refused_or_drawn_anew(seed: int) -> None:
    random = Random(seed)
    broken = bytearray(photo(form=random.choice(["JPEG", "PNG", "WEBP"])))
    for _ in range(random.randrange(1, 40)):
        broken[random.randrange(len(broken))] = random.randrange(256)
    del broken[random.randrange(len(broken) // 2, len(broken)) :]
    kept = b""
    with suppress(AnswerRefused):
        kept = rewritten(bytes(broken))
    assert PLACE not in kept


@pytest.mark.parametrize(
    "text", ["", "!!!!", "data:image/png;base64,AAAA", "<svg/>", b64encode(b"<svg/>").decode()]
)
def test_what_is_no_photo_is_refused(text: str) -> None:
    with pytest.raises(AnswerRefused, match="photo_unreadable"):
        photos.rewritten(text)
