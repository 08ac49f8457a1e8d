"""One answered survey as the room's parts hand it to each other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from amana.kernel.ids import CustomerId
from amana.kernel.text import Language

Answer: TypeAlias = str | int | float | bool | list[str] | dict[str, str]


@dataclass(frozen=True, slots=True)
class Taken:
    """One response just taken in. `answers` holds what was chosen or counted, `texts` the questions answered in words.

    `consents` are the purposes and channels allowed with it; `version` is the row of the published version.
    """

    id: UUID
    survey: int
    version: int
    shop: int | None
    way: str
    language: Language
    answered_at: datetime
    answers: Mapping[str, Answer]
    texts: tuple[str, ...]
    customer: CustomerId | None
    consents: frozenset[tuple[str, str | None]]
    mixing: int
