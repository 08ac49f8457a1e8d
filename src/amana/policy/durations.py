"""Lengths of time as a policy states them: whole years, months and days."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import total_ordering
from typing import Self, TypeVar

from amana.kernel.text import Bilingual

_ISO = re.compile(r"P(?=\d)(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,3})W)?(?:(\d{1,5})D)?")
_DAYS_IN_MONTH = 30  # as PostgreSQL counts when it compares intervals

Moment = TypeVar("Moment", date, datetime)


@total_ordering
@dataclass(frozen=True, slots=True)
class Duration:
    """Whole months and days. Written and compared as PostgreSQL writes and compares an interval."""

    months: int
    days: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a duration such as `P2Y6M` or `P30D` (ISO 8601-1, 5.5.2). Raises ValueError, also for zero."""
        found = _ISO.fullmatch(text)
        if not found:
            raise ValueError(f"not a duration: {text!r}")
        years, months, weeks, days = (int(part or 0) for part in found.groups())
        made = cls(years * 12 + months, weeks * 7 + days)
        if made == cls(0, 0):
            raise ValueError("a duration longer than nothing is needed")
        return made

    def __str__(self) -> str:
        years, months = divmod(self.months, 12)
        parts = ((years, "Y"), (months, "M"), (self.days, "D"))
        return "P" + "".join(f"{count}{unit}" for count, unit in parts if count)

    def __lt__(self, other: "Duration") -> bool:
        return self._length() < other._length()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Duration) and self._length() == other._length()

    def __hash__(self) -> int:
        return hash(self._length())

    def _length(self) -> int:
        return self.months * _DAYS_IN_MONTH + self.days

    def after(self, start: Moment) -> Moment:
        """Return the day or moment this long after `start`; the 31st becomes a shorter month's last day."""
        month = start.month - 1 + self.months
        year, month = start.year + month // 12, month % 12 + 1
        last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
        return start.replace(year=year, month=month, day=min(start.day, last)) + timedelta(days=self.days)

    def words(self) -> Bilingual:
        """Write it for people: `سنتان`, `2 years`."""
        years, months = divmod(self.months, 12)
        counts = ((years, _YEAR), (months, _MONTH), (self.days, _DAY))
        parts = [unit.count(count) for count, unit in counts if count]
        return Bilingual(ar=" و".join(part.ar for part in parts), en=" and ".join(part.en for part in parts))


@dataclass(frozen=True, slots=True)
class _Unit:
    one: str
    two: str
    few: str  # 3 to 10
    many: str  # 11 to 99
    other: str
    english: str

    def count(self, number: int) -> Bilingual:
        english = f"{number} {self.english}" if number == 1 else f"{number} {self.english}s"
        return Bilingual(ar=self._arabic(number), en=english)

    def _arabic(self, number: int) -> str:
        if number <= 2:
            return (self.one, self.two)[number - 1]
        rest = number % 100
        word = self.few if 3 <= rest <= 10 else self.many if rest >= 11 else self.other
        return f"{number} {word}"


_YEAR = _Unit("سنة", "سنتان", "سنوات", "سنة", "سنة", "year")
_MONTH = _Unit("شهر", "شهران", "أشهر", "شهرًا", "شهر", "month")
_DAY = _Unit("يوم", "يومان", "أيام", "يومًا", "يوم", "day")
