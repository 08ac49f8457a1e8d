"""How well themes and candidates are found: measured on sentences that nothing was learnt from, kept with the code."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).parent / "measured.json"


@dataclass(frozen=True, slots=True)
class Quality:
    """How well one thing is found in one language: how much of what was found is right, and of what is there is found.

    `there` counts the examples.
    """

    precision: float
    recall: float
    f1: float
    there: int


@dataclass(frozen=True, slots=True)
class Measured:
    """All that was measured: by language, then by theme or kind; `all` counts them together."""

    themes: dict[str, dict[str, Quality]]
    sentiment: dict[str, float]
    sensitive: dict[str, dict[str, Quality]]
    sentences: dict[str, int]


@lru_cache(maxsize=1)
def measured() -> Measured:
    """Return what was measured last."""
    kept = json.loads(FILE.read_text("utf-8"))
    return Measured(
        themes=_qualities(kept["themes"]),
        sentiment=kept["sentiment"],
        sensitive=_qualities(kept["sensitive"]),
        sentences=kept["sentences"],
    )


def _qualities(kept: dict[str, dict[str, list[float]]]) -> dict[str, dict[str, Quality]]:
    return {
        language: {name: Quality(p, r, f, int(there)) for name, (p, r, f, there) in by.items()}
        for language, by in kept.items()
    }
