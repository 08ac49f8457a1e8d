"""Fit the names of another form to those of a survey here."""

import re
from collections.abc import Collection, Container
from typing import Final

from amana.surveys.definition.parsing import CODE, NAME

_OTHER: Final = re.compile(r"[^a-z0-9_]+")
LONGEST: Final = 40


def fits(name: str, *, choice: bool = False) -> bool:
    """Tell whether a name from elsewhere can be one here; a choice's may begin with a digit."""
    return (CODE if choice else NAME).fullmatch(name) is not None


def fitted(name: str, taken: Collection[str], kept: Collection[str] = (), *, choice: bool = False) -> str:
    """Return a name as near as can be to one from elsewhere, and not taken.

    `kept` are names that fit as they are: only what is so called gets them.
    """
    if fits(name, choice=choice) and name not in taken:
        return name
    made = _OTHER.sub("_", name.strip().lower()).strip("_")[:LONGEST] or ("choice" if choice else "question")
    if not fits(made, choice=choice):
        made = f"q_{made}"[:LONGEST]
    return free(made, {*taken, *kept})


def free(name: str, taken: Container[str], *, longest: int = LONGEST) -> str:
    """Return a name, with a number after it where it is taken."""
    if name not in taken:
        return name
    number = 2
    while True:
        tail = f"_{number}"
        made = f"{name[: longest - len(tail)]}{tail}"
        if made not in taken:
            return made
        number += 1
