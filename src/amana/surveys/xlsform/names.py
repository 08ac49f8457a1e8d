"""Fit the names of another form to those of a survey here."""

import re
from collections.abc import Container
from typing import Final

from amana.surveys.definition.parsing import CODE, NAME

_OTHER: Final = re.compile(r"[^a-z0-9_]+")
LONGEST: Final = 40


def fitted(name: str, taken: Container[str], *, choice: bool = False) -> str:
    """Return a name as near as can be to one from elsewhere, and not taken; a choice's may begin with a digit."""
    made = _OTHER.sub("_", name.strip().lower()).strip("_")[:LONGEST] or ("choice" if choice else "question")
    if (CODE if choice else NAME).fullmatch(name) and name not in taken:
        return name
    if not (CODE if choice else NAME).fullmatch(made):
        made = f"q_{made}"[:LONGEST]
    return free(made, taken)


def free(name: str, taken: Container[str]) -> str:
    """Return a name, with a number after it where it is taken."""
    if name not in taken:
        return name
    number = 2
    while True:
        tail = f"_{number}"
        made = f"{name[: LONGEST - len(tail)]}{tail}"
        if made not in taken:
            return made
        number += 1
