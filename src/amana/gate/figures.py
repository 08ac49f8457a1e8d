"""The figures that show whether the promises are kept."""

from dataclasses import dataclass
from datetime import timedelta

from amana.gate import calls


@dataclass(frozen=True)
class Figures:
    """Counts over a period: releases and refusals by person; erasures ever, and how long one usually took."""

    released: int
    refused: int
    erasures: int
    erasure_hours: float | None
    entries: int


def figures(since: timedelta) -> Figures:
    """Return the figures of the time since then; `erasure_hours` is the median, None before the first."""
    released, refused, erasures, hours, entries = calls.plain("SELECT * FROM gate.figures(%s)", since)[0]
    return Figures(released, refused, erasures, None if hours is None else float(hours), entries)
