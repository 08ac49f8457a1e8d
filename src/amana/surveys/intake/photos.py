"""Photos of receipts, written anew: the picture as it stands, and nothing else the file said.

Place, camera, time and thumbnail (EXIF, XMP, IPTC) go, since what is kept is drawn from the pixels alone. While these
are in memory it is judged, too, whether they look like a receipt.
"""

import binascii
from base64 import b64decode, b64encode
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps

from amana.surveys.intake.refusals import AnswerRefused
from amana.surveys.reading import pictures

LARGEST_BYTES: Final = 409_600
MOST_PIXELS: Final = 24_000_000
# A till receipt stays readable at this length, and a face in the background does not gain by more.
LONGEST_SIDE: Final = 2000
QUALITY: Final = 82
FORMATS: Final = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True, slots=True)
class Redrawn:
    """A photo as it is kept: a JPEG in base64, and whether it looks like a receipt."""

    text: str
    receipt: bool


def rewritten(encoded: str) -> Redrawn:
    """Return a photo in base64 drawn anew, upright and without its metadata. Raises AnswerRefused."""
    try:
        given = b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise AnswerRefused.of("photo_unreadable") from None
    if len(given) > LARGEST_BYTES:
        raise AnswerRefused.of("photo_too_large")
    plain = _plain(given)
    written = BytesIO()
    plain.save(written, "JPEG", quality=QUALITY, optimize=True)
    return Redrawn(b64encode(written.getvalue()).decode("ascii"), pictures.measured(plain).receipt)


def _plain(given: bytes) -> Image.Image:
    try:
        with Image.open(BytesIO(given), formats=FORMATS) as opened:
            # The header says how large the picture is: nothing larger is ever unpacked.
            if opened.width * opened.height > MOST_PIXELS:
                raise AnswerRefused.of("photo_too_large")
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise AnswerRefused.of("photo_unreadable") from None
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return Image.frombytes("RGB", upright.size, upright.tobytes())
