"""The registry of holdings: what personal data each room keeps, and how it shows and forgets it.

A room declares one `Holding` in its `holding.py` and registers it when its app is ready. A column that refers to a
person and is covered by no holding fails a test of the house.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from amana.kernel.ids import CustomerId
from amana.kernel.text import Bilingual


@dataclass(frozen=True)
class Holding:
    """What one room keeps of a person.

    `columns` are the columns that refer to a person, as `schema.table.column`. `disclose` returns what the room keeps
    in plain words by name; `forget` removes it within the caller's transaction and returns how many rows went.
    `keeps` says what the law makes the room keep, where it does.
    """

    room: str
    title: Bilingual
    columns: frozenset[str]
    disclose: Callable[[CustomerId], Mapping[str, object]]
    forget: Callable[[CustomerId], int]
    keeps: Bilingual | None = None


_declared: dict[str, Holding] = {}


def register(holding: Holding) -> None:
    """Declare what a room keeps. Raises ValueError when the room declared something else before."""
    if _declared.setdefault(holding.room, holding) != holding:
        raise ValueError(f"room {holding.room!r} has declared its holding already")


def declared() -> tuple[Holding, ...]:
    """Return every room's holding, by room."""
    return tuple(_declared[room] for room in sorted(_declared))
