"""Spans of days in the retailer's own time zone, each with the span it is compared with."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal
from zoneinfo import ZoneInfo

from amana.collect import calendar

Preset = Literal["today", "yesterday", "7_days", "28_days", "12_months", "custom"]
Step = Literal["hour", "day", "month"]

PRESETS: Final[tuple[Preset, ...]] = ("today", "yesterday", "7_days", "28_days", "12_months", "custom")
DEFAULT: Final[Preset] = "28_days"
HOURLY_UP_TO: Final = 2
DAILY_UP_TO: Final = 92
LONGEST: Final = 800
EPOCH: Final = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days from `first` to `last` in `zone`; `now` cuts off what has not happened yet."""

    preset: Preset
    first: dt.date
    last: dt.date
    zone: ZoneInfo
    now: dt.datetime

    @property
    def days(self) -> int:
        """Return how many days there are."""
        return (self.last - self.first).days + 1

    @property
    def begin(self) -> dt.datetime:
        """Return the moment it begins."""
        return calendar.midnight(self.first, self.zone)

    @property
    def until(self) -> dt.datetime:
        """Return the moment it ends, or now if that is earlier; that moment is outside."""
        return min(
            calendar.midnight(self.last + dt.timedelta(days=1), self.zone), self.now.astimezone(dt.UTC)
        )

    @property
    def running(self) -> bool:
        """Tell whether its last day is not over."""
        return self.until < calendar.midnight(self.last + dt.timedelta(days=1), self.zone)

    @property
    def step(self) -> Step:
        """Return how finely its course is drawn."""
        if self.days <= HOURLY_UP_TO:
            return "hour"
        return "day" if self.days <= DAILY_UP_TO else "month"

    def previous(self) -> "Period":
        """Return the period before, up to the same time of its last day: a year back for twelve months."""
        if self.preset == "12_months":
            first, last = _year_back(self.first), _year_back(self.last)
        else:
            back = dt.timedelta(days=self.days)
            first, last = self.first - back, self.last - back
        gone = (self.last - last).days
        local = self.now.astimezone(self.zone)
        cut = (local.replace(tzinfo=None) - dt.timedelta(days=gone)).replace(tzinfo=self.zone)
        return replace(self, first=first, last=last, now=cut)

    def buckets(self) -> tuple[int, ...]:
        """Return the numbers of its hours, days or months in local time, those to come among them.

        Hours and days count from 1970 as the zone's clocks show them, months are year times twelve and month.
        """
        if self.step == "hour":
            begin = (self.first - EPOCH).days * 24
            return tuple(range(begin, begin + self.days * 24))
        if self.step == "day":
            begin = (self.first - EPOCH).days
            return tuple(range(begin, begin + self.days))
        return tuple(range(month_of(self.first), month_of(self.last) + 1))

    def bucket(self, at: dt.datetime) -> int:
        """Return the number of the hour, day or month in which a moment lies."""
        here = at.astimezone(self.zone)
        if self.step == "month":
            return month_of(here.date())
        day = (here.date() - EPOCH).days
        return day if self.step == "day" else day * 24 + here.hour


def period(given: Mapping[str, str], *, zone: ZoneInfo, now: dt.datetime) -> Period:
    """Read the period of a page's address (`period`, `from`, `to`); whatever cannot be read gives the default."""
    today = now.astimezone(zone).date()
    preset = next((one for one in PRESETS if one == given.get("period")), DEFAULT)
    if preset == "custom":
        first, last = _day(given.get("from", "")), _day(given.get("to", ""))
        if first is None or last is None:
            preset = DEFAULT
        else:
            first, last = sorted((min(first, today), min(last, today)))
            first = max(first, last - dt.timedelta(days=LONGEST - 1))
            return Period("custom", first, last, zone, now)
    first, last = _preset(preset, today)
    return Period(preset, first, last, zone, now)


def month_of(day: dt.date) -> int:
    """Return the number of a day's month."""
    return day.year * 12 + day.month - 1


def offsets(first: dt.datetime, last: dt.datetime, zone: ZoneInfo) -> tuple[tuple[int, int], ...]:
    """Return from which moment on which offset from UTC holds, both in milliseconds, the first one first."""
    begin = first.replace(minute=0, second=0, microsecond=0)
    found = [(_milliseconds(begin), _offset(begin, zone))]
    while begin < last:
        end = begin + dt.timedelta(days=1)
        if _offset(end, zone) != found[-1][1]:
            # An hour is fine enough to find when the clocks change.
            hours = (begin + dt.timedelta(hours=number) for number in range(25))
            change = next(hour for hour in hours if _offset(hour, zone) != found[-1][1])
            found.append((_milliseconds(change), _offset(change, zone)))
        begin = end
    return tuple(found)


def _preset(preset: Preset, today: dt.date) -> tuple[dt.date, dt.date]:
    if preset == "12_months":
        begin = month_of(today) - 11
        return dt.date(begin // 12, begin % 12 + 1, 1), today
    yesterday = today - dt.timedelta(days=1)
    known: Mapping[str, tuple[dt.date, dt.date]] = {
        "today": (today, today),
        "yesterday": (yesterday, yesterday),
        "7_days": (today - dt.timedelta(days=6), today),
    }
    return known.get(preset, (today - dt.timedelta(days=27), today))


def _day(text: str) -> dt.date | None:
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2200 else None


def _year_back(day: dt.date) -> dt.date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def _milliseconds(at: dt.datetime) -> int:
    return (at - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(milliseconds=1)


def _offset(at: dt.datetime, zone: ZoneInfo) -> int:
    shift = at.astimezone(zone).utcoffset()
    return 0 if shift is None else shift // dt.timedelta(milliseconds=1)
