"""Count themes and demand for pages and files: nothing of fewer answers than the policy says, all of it rounded."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from amana.surveys.models import CountedSignal, CountedTheme
from amana.surveys.reading import small
from amana.surveys.reading.asked import Asked
from amana.surveys.reading.seasons import season

MONTHS: Final = 24
# What a signal can be of, the most telling first; the last is a choice that the lexicon does not know.
KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "wanted": ("product", "choice"),
    "size": ("size", "choice"),
    "dislike": ("theme", "choice"),
    "like": ("theme", "choice"),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """How many answers said something: rounded, and None where they are too few to be counted out."""

    answers: int | None
    good: int | None = None
    bad: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a count: a code (of a theme, a product, a size, a shop, a season) and how many answers."""

    code: str
    counted: Counted
    version: int = 0
    question: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """Counts month by month; None where there are too few."""

    months: tuple[dt.date, ...]
    values: tuple[int | None, ...]


def themes(asked: Asked, survey: int | None = None) -> tuple[Line, ...]:
    """Return the themes by how many answers were about them, of one survey or all; too small ones are left out."""
    rows = _themes(asked) if survey is None else _themes(asked).filter(survey=survey)
    return _ranked(rows.values(code=F("theme")).annotate(**_COUNTS, **_FELT))


def theme_shops(asked: Asked, theme: str) -> tuple[Line, ...]:
    """Return the shops by how many answers were about a theme."""
    rows = _themes(asked).filter(theme=theme, shop__isnull=False)
    return _ranked(rows.values(code=F("shop")).annotate(**_COUNTS, **_FELT))


def theme_course(asked: Asked, theme: str, sentiment: int | None = None) -> Course:
    """Return how many answers were about a theme month by month, of one sentiment or of all."""
    rows = _themes(asked).filter(theme=theme)
    return _course(asked, rows if sentiment is None else rows.filter(sentiment=sentiment))


def demand(asked: Asked, about: str) -> tuple[Line, ...]:
    """Return what was wanted, missing, disliked or liked, by how many answers; too small ones are left out."""
    known, choice = KEYS[about]
    rows = _signals(asked, about)
    named = rows.exclude(**{known: ""}).values(code=F(known)).annotate(**_COUNTS)
    chosen = (
        rows.filter(**{known: ""})
        .exclude(**{choice: ""})
        .values("survey", "question", code=F(choice))
        .annotate(**_COUNTS, latest=Max("version"))
    )
    return tuple(sorted((*_ranked(named), *_ranked(chosen)), key=lambda line: -(line.counted.answers or 0)))


def demand_shops(asked: Asked, about: str, item: Line) -> tuple[Line, ...]:
    """Return one thing's answers by shop."""
    rows = _of(asked, about, item).filter(shop__isnull=False)
    return _ranked(rows.values(code=F("shop")).annotate(**_COUNTS))


def demand_seasons(asked: Asked, about: str, item: Line) -> tuple[Line, ...]:
    """Return one thing's answers by season: by that of the day they are counted on, so that none parts a block."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    rows: Iterable[Mapping[str, Any]] = _of(asked, about, item).values("day").annotate(**_COUNTS)
    for row in rows:
        found[season(row["day"])].update(answers=row["answers"], key=int(row["key"]))
    return _ranked({"code": code, **sums} for code, sums in found.items())


def demand_course(asked: Asked, about: str, item: Line) -> Course:
    """Return one thing's answers month by month."""
    return _course(asked, _of(asked, about, item))


_COUNTS: Final[Mapping[str, Any]] = {"answers": Count("response", distinct=True), "key": Sum("mixing")}
_FELT: Final[Mapping[str, Any]] = {
    "good": Count("response", distinct=True, filter=Q(sentiment=1)),
    "bad": Count("response", distinct=True, filter=Q(sentiment=-1)),
}


def _themes(asked: Asked) -> "QuerySet[CountedTheme]":
    return CountedTheme.objects.filter(_where(asked))


def _signals(asked: Asked, about: str) -> "QuerySet[CountedSignal]":
    rows = CountedSignal.objects.filter(_where(asked), about=about)
    if not asked.season:
        return rows
    days = rows.values_list("day", flat=True).distinct()
    return rows.filter(day__in=[day for day in days if season(day) == asked.season])


def _of(asked: Asked, about: str, item: Line) -> "QuerySet[CountedSignal]":
    known, choice = KEYS[about]
    rows = _signals(asked, about)
    if item.question:
        return rows.filter(**{known: "", choice: item.code}, question=item.question)
    return rows.filter(**{known: item.code})


def _where(asked: Asked) -> Q:
    where = Q(day__gte=asked.first, day__lte=asked.last)
    if asked.shops is not None:
        where &= Q(shop__in=asked.shops)
    return where & Q(language=asked.language) if asked.language else where


def _ranked(rows: Iterable[Mapping[str, Any]]) -> tuple[Line, ...]:
    found = [(row["answers"], _line(row)) for row in rows if row["answers"] >= small.least()]
    return tuple(line for _count, line in sorted(found, key=lambda one: (-one[0], one[1].code)))


def _line(row: Mapping[str, Any]) -> Line:
    key = int(row["key"])
    counted = Counted(
        small.rounded(row["answers"], key), _part(row.get("good"), key), _part(row.get("bad"), key)
    )
    return Line(str(row["code"]), counted, int(row.get("latest") or 0), str(row.get("question") or ""))


def _part(count: int | None, key: int) -> int | None:
    return small.rounded(count, key) if count is not None and count >= small.least() else None


def _course(asked: Asked, rows: "QuerySet[Any]") -> Course:
    counted = {
        row["month"]: small.rounded(row["answers"], int(row["key"]))
        for row in rows.annotate(month=TruncMonth("day")).values("month").annotate(**_COUNTS)
        if row["answers"] >= small.least()
    }
    months = tuple(_months(asked))[-MONTHS:]
    return Course(months, tuple(counted.get(month) for month in months))


def _months(asked: Asked) -> Iterable[dt.date]:
    month = asked.first.replace(day=1)
    while month <= asked.last:
        yield month
        month = (month + dt.timedelta(days=32)).replace(day=1)
