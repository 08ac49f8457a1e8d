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
        told = panels.score(question.kind, panels.whole(found, question.name), reader)
        was = panels.score(question.kind, panels.whole(before, question.name), reader)
        if told:
            label = panels.text(question.label, reader)
            made.append(Card(label, told=told, before=was.value if was else ""))
    return tuple(made)


def _number(count: int | None, reader: Reader) -> str:
    return (
        "" if count is None else digits.format_number(count, country=reader.country, language=reader.language)
    )


def step_of(asked: Asked) -> str:
    """Return the steps in which a period is drawn."""
    days = (asked.last - asked.first).days + 1
    return "day" if days <= MOST_DAYS else "week" if days <= MOST_WEEKS else "month"


def course(found: Mapping[dt.date, Found], asked: Asked, step: str, reader: Reader) -> Chart:
    """Return how many answered over time; a step with too few has no point."""
    days = steps(asked, step)
    values = tuple(found[each].whole.shown if each in found else None for each in days)
    known = [(value, each) for value, each in zip(values, days, strict=True) if value is not None]
    most = max(known, default=None)
    return Chart(
        title=_("Answers over time"),
        summary=_("Most answers: %(day)s") % {"day": day(most[1], step, reader)}
        if most
        else _("Too few answers in each step of time."),
        unit={"day": _("Answers a day"), "week": _("Answers a week"), "month": _("Answers a month")}[step],
        labels=tuple(day(each, step, reader) for each in days),
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


def steps(asked: Asked, step: str) -> tuple[dt.date, ...]:
    """Return the steps of a period, by their first days."""
    first, made = asked.first, []
    if step == "week":
        first -= dt.timedelta(days=first.weekday())
    elif step == "month":
        first = first.replace(day=1)
    while first <= asked.last:
        made.append(first)
        if step == "month":
            first = (first + dt.timedelta(days=32)).replace(day=1)
        else:
            first += dt.timedelta(days=7 if step == "week" else 1)
    return tuple(made)


def day(of: dt.date, step: str, reader: Reader) -> str:
    """Return a step of time as it is written below a chart."""
    name = _LOCALES[reader.language].months["format"]["abbreviated"][of.month]
    said = f"{name} {of.year % 100:02}" if step == "month" else f"{of.day} {name}"
    return digits.localise(said, country=reader.country, language=reader.language)
