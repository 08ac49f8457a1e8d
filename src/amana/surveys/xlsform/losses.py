"""Say by name what could not be carried over."""

from dataclasses import dataclass
from typing import Final

from amana.kernel.text import Bilingual, Language, isolated

LONGEST: Final = 120


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that could not be carried over, or not as it was. `place` is its cell, row or question."""

    place: str
    what: Bilingual


class Losses:
    """Gathers what is lost, in the order it is met."""

    def __init__(self) -> None:
        self.met: list[Loss] = []

    def add(self, place: str, what: Bilingual, *parts: str | Bilingual, why: Bilingual | None = None) -> None:
        """Note a loss; `parts` are named in its text, shortened so that none fills a page."""
        said = Bilingual(
            ar=what.ar.format(*(_shown(part, "ar") for part in parts)),
            en=what.en.format(*(_shown(part, "en") for part in parts)),
        )
        self.met.append(
            Loss(place, Bilingual(ar=f"{said.ar} {why.ar}", en=f"{said.en} {why.en}") if why else said)
        )

    def all(self) -> tuple[Loss, ...]:
        """Return what was met, each once."""
        return tuple(dict.fromkeys(self.met))


def _shown(part: str | Bilingual, language: Language) -> str:
    """Return a part in one language; what is written in another direction stays apart from what surrounds it."""
    if isinstance(part, Bilingual):
        return part.in_(language)
    return isolated(part if len(part) <= LONGEST else f"{part[: LONGEST - 1]}…")
