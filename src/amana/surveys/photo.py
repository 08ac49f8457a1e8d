"""Open photos through the gate: one person's at a time, and nowhere else in this room."""

from collections.abc import Callable, Sequence
from typing import Final, cast

from csp.decorators import csp_update
from django.http import HttpResponse

from amana.gate import actions as gate
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual

PHOTO: Final = "receipt_photo"
View = Callable[..., HttpResponse]

# A page that was opened by a button holds the photo itself: no address of it exists that could be fetched again.
showing = cast(Callable[[View], View], csp_update({"img-src": ["data:"]}))

register(
    "photo_alone",
    Bilingual(
        ar="تُفتح صورة شخص واحد في كل مرة.",
        en="Photos open for one person at a time.",
    ),
    409,
)


class PhotoRefused(Refusal):
    """Say why photos are not opened."""


def opened(
    *,
    session: str,
    kind: str,
    purpose: str,
    people: Sequence[CustomerId],
    ref: str,
    channel: str | None = None,
) -> str:
    """Return somebody's photo, a JPEG in base64; empty where the gate leaves it out. Each is a use they see.

    A task is made for each opening, so that none can hold a second person. Raises PhotoRefused, GateRefused.
    """
    if len(people) != 1:
        raise PhotoRefused.of("photo_alone")
    task = gate.plan(session=session, kind=kind, purpose=purpose, people=people, ref=ref)
    opening = gate.open(session=session, purpose=purpose, fields=[PHOTO], task=task, channel=channel)
    return next((one.values[PHOTO] for one in opening.people if PHOTO in one.values), "")
