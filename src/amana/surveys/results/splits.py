"""One score side by side: by shop, language, way, over time, by period, or by the answers to another question."""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from amana.kernel import clock
from amana.kernel.plots import Chart, Series
from amana.surveys.builder.queries import PublishedVersion
from amana.surveys.builder.shown import WAYS
from amana.surveys.definition.document import Question
from amana.surveys.reading.asked import Asked
from amana.surveys.reading.shown import Reader
from amana.surveys.results import figures, panels, shown
from amana.surveys.results.figures import Found
from amana.surveys.results.shown import Group

# Names of questions begin with a letter, so that these are none.
LANGUAGE: Final = "-language"
WAY: Final = "-way"
TIME: Final = "-time"
PERIOD: Final = "-period"
YEAR: Final = 365


@dataclass(frozen=True, slots=True)
class Split:
    """A score in several groups, and their course where the groups are steps of time."""

    groups: tuple[Group, ...]
    chart: Chart | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be split, for whom: the score of a period. `shops` are those the reader may see, by number."""

    survey: int
    versions: Sequence[PublishedVersion]
    asked: Asked
    measure: Question
    reader: Reader
    shops: Mapping[str, str]


def split(wanted: Wanted, by: str) -> Split:
    """Split a score; by shop where nothing else is known by this name."""
    segment = next((one for one in shown.segments(wanted.versions) if one.name == by), None)
    if segment is not None:
        return _by_segment(wanted, segment)
    survey, asked, name = wanted.survey, wanted.asked, wanted.measure.name
    if by == LANGUAGE:
        names = {"ar": _("Arabic"), "en": _("English")}
        return _ranked(wanted, figures.by_language(survey, asked, name), names)
    if by == WAY:
        ways = figures.by_way(survey, asked, name, zone=clock.zone(wanted.reader.country))
        return _ranked(wanted, ways, {way: str(label) for way, label in WAYS.items()})
    if by == TIME:
        return _over_time(wanted)
    if by == PERIOD:
        return _periods(wanted)
    if asked.shops is None:
        asked = dataclasses.replace(asked, shops=frozenset(int(shop) for shop in wanted.shops))
    return _ranked(wanted, figures.by_shop(survey, asked, name), wanted.shops)


def choices(versions: Sequence[PublishedVersion], reader: Reader, by: str) -> list[tuple[str, str, bool]]:
    """Return by what a score can be split: its name in the address, in words, and whether it is so now."""
    made = [
        ("", _("Shop")),
        (LANGUAGE, _("Language")),
        (WAY, _("Way of answering")),
        (TIME, _("Time")),
        (PERIOD, _("Period: now, before, a year earlier")),
    ]
    made += [(one.name, panels.text(one.label, reader)) for one in shown.segments(versions)]
    return [(code, name, code == by) for code, name in made]


def earlier(asked: Asked, *, a_year: bool = False) -> Asked:
    """Return the period of the same length right before, or the same period a year earlier."""
    length = dt.timedelta(days=YEAR) if a_year else asked.last - asked.first + dt.timedelta(days=1)
    return dataclasses.replace(asked, first=asked.first - length, last=asked.last - length)


def _ranked(wanted: Wanted, found: Mapping[str, Found], names: Mapping[str, str]) -> Split:
    return Split(shown.groups(found, names, wanted.measure.kind, wanted.reader))


def _by_segment(wanted: Wanted, segment: Question) -> Split:
    zone = clock.zone(wanted.reader.country)
    found = figures.by_segment(wanted.survey, wanted.asked, wanted.measure.name, segment.name, zone=zone)
    return _ranked(
        wanted, found, {one.name: panels.text(one.label, wanted.reader) for one in segment.choices}
    )


def _over_time(wanted: Wanted) -> Split:
    step = shown.step_of(wanted.asked)
    found = figures.by_day(wanted.survey, wanted.asked, wanted.measure.name, step)
    days = shown.steps(wanted.asked, step)
    groups = tuple(
        _group(wanted, shown.day(day, step, wanted.reader), found.get(day, Found())) for day in days
    )
    return Split(tuple(one for one in groups if one.answers is not None), _course(wanted, groups))


def _course(wanted: Wanted, groups: Sequence[Group]) -> Chart | None:
    told = [one.told for one in groups if one.told is not None]
    if len(told) < 2:
        return None
    label = panels.text(wanted.measure.label, wanted.reader)
    return Chart(
        title=label,
        summary=_("From %(first)s at the beginning to %(last)s at the end")
        % {"first": f"\u2066{told[0].value}\u2069", "last": f"\u2066{told[-1].value}\u2069"},
        unit=told[0].name,
        labels=tuple(one.name for one in groups),
        series=(Series(told[0].name, tuple(one.told.figure if one.told else None for one in groups)),),
    )


def _periods(wanted: Wanted) -> Split:
    asked = wanted.asked
    rows = (
        (_("This period"), asked),
        (_("The period before"), earlier(asked)),
        (_("A year earlier"), earlier(asked, a_year=True)),
    )
    made = [
        _group(wanted, name, panels.whole(figures.by_answer(wanted.survey, period), wanted.measure.name))
        for name, period in rows
    ]
    return Split(tuple(made))


def _group(wanted: Wanted, name: str, found: Found) -> Group:
    return Group(name, found.whole.shown, panels.score(wanted.measure.kind, found, wanted.reader))
