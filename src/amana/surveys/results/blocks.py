"""Part answers into blocks of enough people, so that whatever two figures differ by is a whole block.

This is the partitioning of statistical databases: whatever may be asked for is a union of atomic populations, none of
which is small, and changes come in groups (F. Y. Chin, G. Özsoyoğlu, "Statistical Database Design", ACM Transactions
on Database Systems 6, 1981; N. R. Adam, J. C. Wortmann, "Security-Control Methods for Statistical Databases", ACM
Computing Surveys 21, 1989).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import Final
from uuid import UUID

from amana.surveys.taken import Answer, Taken

NOWHERE: Final = 0
EVERYWHERE: Final = -1
ANY: Final = ""


@dataclass(frozen=True, slots=True)
class Stratum:
    """What a page may be asked for but time: a block lies in one of them. Those pooled have no shop, or no language."""

    survey: int
    version: int
    shop: int
    language: str


@dataclass(frozen=True, slots=True)
class One:
    """One response that is to be counted. `held` where it waited before, `home` the stratum of its own."""

    id: UUID
    day: dt.date
    answers: Mapping[str, Answer]
    mixing: int
    home: Stratum
    held: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Responses counted together, all in one stratum and on the day of the last of them."""

    stratum: Stratum
    day: dt.date
    members: tuple[One, ...]


def stratum(one: Taken) -> Stratum:
    """Return where a response is counted as long as enough answer there."""
    return Stratum(one.survey, one.version, one.shop or NOWHERE, one.language)


def parted(stratum: Stratum, ones: Iterable[One], least: int) -> tuple[list[Block], list[One]]:
    """Part responses into blocks of at least so many, day by day, and those that wait for more."""
    made: list[Block] = []
    waiting: list[One] = []
    for day, group in groupby(sorted(ones, key=attrgetter("day")), key=attrgetter("day")):
        waiting += group
        if len(waiting) >= least:
            made.append(Block(stratum, day, tuple(waiting)))
            waiting = []
    return made, waiting


def pooled(ones: Iterable[One], least: int, late: dt.date) -> list[Block]:
    """Return the blocks of those that wait for too long: of a shop in both languages, or else of several shops.

    Whoever answered after `late` goes along only where somebody else has waited for longer.
    """
    made: list[Block] = []
    rest = list(ones)
    for wider in (_one_shop, _any_shop):
        left: list[One] = []
        groups: defaultdict[Stratum, list[One]] = defaultdict(list)
        for one in rest:
            groups[wider(one.home)].append(one)
        for stratum, group in groups.items():
            full, waiting = parted(stratum, group, least) if _waited(group, late) else ([], group)
            made += full
            left += waiting
        rest = left
    return made


def _waited(ones: Iterable[One], late: dt.date) -> bool:
    return any(one.day <= late for one in ones)


def _one_shop(home: Stratum) -> Stratum:
    return replace(home, language=ANY)


def _any_shop(home: Stratum) -> Stratum:
    return replace(home, shop=NOWHERE, language=ANY)


def placed(days: Sequence[tuple[dt.date, int]], least: int) -> list[tuple[dt.date, dt.date | None]]:
    """Return, for days in order and how many answered on each, on which day they are counted; None where they wait."""
    made: list[tuple[dt.date, dt.date | None]] = []
    waiting: list[dt.date] = []
    size = 0
    for day, count in days:
        waiting.append(day)
        size += count
        if size >= least:
            made += [(each, day) for each in waiting]
            waiting, size = [], 0
    return made + [(each, None) for each in waiting]
