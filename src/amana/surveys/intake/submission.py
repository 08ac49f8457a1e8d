"""One survey answered, as it stands within an envelope: JSON, at most a mebibyte of it."""

from typing import Annotated, Final, Literal, TypeAlias
from uuid import UUID

import msgspec
from msgspec import Meta

from amana.kernel.text import Language
from amana.surveys.intake.refusals import AnswerRefused
from amana.surveys.taken import Answer

LARGEST: Final = 1_048_576
MOST_ANSWERS: Final = 500
Way: TypeAlias = Literal["tablet", "qr", "web", "link"]
Slug: TypeAlias = Annotated[str, Meta(min_length=1, max_length=100)]
Name: TypeAlias = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Number: TypeAlias = Annotated[int, Meta(ge=1, le=2_147_483_647)]
# Milliseconds since 1970; a clock beyond the year 3000 is no clock.
Moment: TypeAlias = Annotated[int, Meta(ge=-62_000_000_000_000, le=32_503_680_000_000)]
Permission: TypeAlias = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}(:[a-z]{1,20})?$")]


class Submission(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One survey answered. `id` was made where it was answered, so that it counts once.

    `policy` is the version whose words were read; `started` and `answered` are ms since 1970 by the clock of whoever
    answered; `permissions` are what was ticked, a purpose or `purpose:channel`. `code` is the short code the person
    keeps, by which they may add later who they are. An `unfinished` one is kept only where they agreed.
    """

    id: UUID
    survey: Slug
    version: Number
    policy: Number
    language: Language
    shop: Slug | None = None
    way: Way
    started: Moment
    answered: Moment
    answers: Annotated[dict[Name, Answer], Meta(max_length=MOST_ANSWERS)]
    permissions: Annotated[tuple[Permission, ...], Meta(max_length=50)] = ()
    code: Annotated[str, Meta(min_length=4, max_length=40)] | None = None
    unfinished: bool = False
    unfinished_agreed: bool = False


_reader: Final = msgspec.json.Decoder(Submission)


def read(plain: bytes) -> Submission:
    """Read what an envelope held. Raises AnswerRefused."""
    if len(plain) > LARGEST:
        raise AnswerRefused.of("answer_too_large")
    try:
        return _reader.decode(plain)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise AnswerRefused.of("answer_unreadable") from None


def write(submission: Submission) -> bytes:
    """Return a submission as it stands within an envelope."""
    return msgspec.json.encode(submission)
