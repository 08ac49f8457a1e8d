"""What stands around the questions: figures at the top, their course, and one score by shop or by segment."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from babel import Locale
from django.utils.translation import gettext as _

from amana.kernel import digits
from amana.kernel.plots import Chart, Series
from amana.surveys.builder.queries import PublishedVersion
from amana.surveys.definition.document import Question
from amana.surveys.reading.asked import Asked
from amana.surveys.reading.shown import Reader
from amana.surveys.results import panels
from amana.surveys.results.figures import Answers, Cell, Found
from amana.surveys.results.panels import SCALES, Told

_LOCALES: Final = {"ar": Locale("ar"), "en": Locale("en")}
# A chart has room for so many points before they say nothing.
MOST_DAYS: Final = 62
MOST_WEEKS: Final = 400


@dataclass(frozen=True, slots=True)
class Card:
    """A large figure: a count or a score, and what it was in the period before."""

    label: str
    count: int | None = None
    told: Told | None = None
    before: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """One shop or segment: how many answered, and the score of what they answered."""

    name: str
    answers: int | None
    told: Told | None


def total(found: Answers) -> Cell:
    """Return how many responses there are in all versions."""
    whole = Cell()
    for (question, _version), one in found.items():
        if not question:
            whole.add(one.whole.answers, one.whole.mixing)
    return whole


def leading(versions: Sequence[PublishedVersion]) -> tuple[Question, ...]:
    """Return the questions on a scale that the newest version asks, the recommendation first."""
    asked = [each for each in versions[0].definition.questions() if each.kind in SCALES] if versions else []
    return tuple(sorted(asked, key=lambda each: each.kind != "nps"))


def segments(versions: Sequence[PublishedVersion]) -> tuple[Question, ...]:
    """Return the questions by whose answers results can be split: one choice out of several."""
    return (
        tuple(each for each in versions[0].definition.questions() if each.kind == "single")
        if versions
        else ()
    )


def cards(
    versions: Sequence[PublishedVersion], found: Answers, before: Answers, reader: Reader
) -> tuple[Card, ...]:
    """Return the figures at the top: how many answered, and the first scores, with those of the period before."""
    earlier = total(before).shown
    made = [Card(_("Answers"), total(found).shown, before=_number(earlier, reader))]
    for question in leading(versions)[:3]:
        told = panels.score(question.kind, _all(found, question.name), reader)
        was = panels.score(question.kind, _all(before, question.name), reader)
        if told:
            label = panels.text(question.label, reader)
            made.append(Card(label, told=told, before=was.value if was else ""))
    return tuple(made)


def _number(count: int | None, reader: Reader) -> str:
    return (
        "" if count is None else digits.format_number(count, country=reader.country, language=reader.language)
    )


def _all(found: Answers, name: str) -> Found:
    joined = Found()
    for (question, _version), one in found.items():
        if question == name:
            joined.whole.add(one.whole.answers, one.whole.mixing)
            for answer, cell in one.cells.items():
                joined.add(answer, cell.answers, cell.mixing)
    return joined


def step_of(asked: Asked) -> str:
    """Return the steps in which a period is drawn."""
    days = (asked.last - asked.first).days + 1
    return "day" if days <= MOST_DAYS else "week" if days <= MOST_WEEKS else "month"


def course(found: Mapping[dt.date, Found], asked: Asked, step: str, reader: Reader) -> Chart:
    """Return how many answered over time; a step with too few has no point."""
    steps = _steps(asked, step)
    values = tuple(found[day].whole.shown if day in found else None for day in steps)
    known = [(value, day) for value, day in zip(values, steps, strict=True) if value is not None]
    most = max(known, default=None)
    return Chart(
        title=_("Answers over time"),
        summary=_("Most answers: %(day)s") % {"day": _day(most[1], step, reader)}
        if most
        else _("Too few answers in each step of time."),
        unit={"day": _("Answers a day"), "week": _("Answers a week"), "month": _("Answers a month")}[step],
        labels=tuple(_day(day, step, reader) for day in steps),
        series=(Series(_("Answers"), values),),
    )


def groups(
    found: Mapping[str, Found], names: Mapping[str, str], kind: str, reader: Reader
) -> tuple[Group, ...]:
    """Return shops or segments with their scores, those with most answers first; too few have none."""
    made = [
        Group(names.get(code, code), one.whole.shown, panels.score(kind, one, reader))
        for code, one in found.items()
        if code in names
    ]
    return tuple(sorted(made, key=lambda group: (-(group.answers or 0), group.name)))


def _steps(asked: Asked, step: str) -> tuple[dt.date, ...]:
    day, made = asked.first, []
    if step == "week":
        day -= dt.timedelta(days=day.weekday())
    elif step == "month":
        day = day.replace(day=1)
    while day <= asked.last:
        made.append(day)
        if step == "month":
            day = (day + dt.timedelta(days=32)).replace(day=1)
        else:
            day += dt.timedelta(days=7 if step == "week" else 1)
    return tuple(made)


def _day(day: dt.date, step: str, reader: Reader) -> str:
    name = _LOCALES[reader.language].months["format"]["abbreviated"][day.month]
    said = f"{name} {day.year % 100:02}" if step == "month" else f"{day.day} {name}"
    return digits.localise(said, country=reader.country, language=reader.language)
