"""Read dates of birth as people write them."""

import re
import unicodedata
from datetime import date

from babel import Locale

from amana.kernel.digits import to_western
from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual

OLDEST = 120
"""Years after which a date of birth is taken for a slip of the pen."""

# Month names of the Gulf and Egypt, of the Levant and Iraq, and of the Maghreb.
_LOCALES = ("en", "ar", "ar_LB", "ar_DZ")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})", re.ASCII)
_DAY_FIRST = re.compile(r"([0-9]{1,2}) ?([-/. ]) ?([0-9]{1,2}) ?\2 ?([0-9]{4})", re.ASCII)
_NAMED = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[ \-/]?([^0-9,،]+?)[,،]?[ \-/]?([0-9]{4})", re.ASCII)
_NAMED_FIRST = re.compile(r"([^0-9,،]+?) ?([0-9]{1,2})(?:st|nd|rd|th)?[,،]? ([0-9]{4})", re.ASCII)
_SEPARATORS = str.maketrans("٫٬‐‑‒–−／．؍", "..-----/./")
_HIJRI_YEARS = range(1280, 1500)

register(
    "birth_date_unreadable",
    Bilingual(
        ar="تعذّرت قراءة تاريخ الميلاد. يُرجى كتابته باليوم ثم الشهر ثم السنة كاملة، مثل 25/12/1990.",
        en="We could not read the date of birth. Please write day, month and full year, such as 25/12/1990.",
    ),
)
register(
    "birth_date_impossible",
    Bilingual(
        ar="لا يوجد يوم بهذا التاريخ. يُرجى التأكد من اليوم والشهر (اليوم أولًا ثم الشهر).",
        en="There is no such day. Please check the day and the month (the day comes first).",
    ),
)
register(
    "birth_date_future",
    Bilingual(
        ar="تاريخ الميلاد في المستقبل. يُرجى التأكد من السنة.",
        en="The date of birth lies in the future. Please check the year.",
    ),
)
register(
    "birth_date_too_old",
    Bilingual(
        ar="تاريخ الميلاد قبل أكثر من 120 سنة. يُرجى التأكد من السنة.",
        en="The date of birth is more than 120 years ago. Please check the year.",
    ),
)
register(
    "birth_date_hijri",
    Bilingual(
        ar="يبدو أن التاريخ هجري. يُرجى كتابة تاريخ الميلاد الميلادي، مثل 25/12/1990.",
        en="This looks like a Hijri date. Please write the Gregorian date of birth, such as 25/12/1990.",
    ),
)


class BirthDateRefused(Refusal):
    """Say what is wrong with a date of birth."""


def parse(text: str, *, today: date) -> date:
    """Read a Gregorian date of birth in any digits.

    As `1990-12-25`, `25/12/1990`, `25 ديسمبر 1990`, `25 كانون الأول 1990`, `Dec 25, 1990`. Between numbers
    the day comes before the month; years have four digits. Raises BirthDateRefused (`birth_date_unreadable`,
    `birth_date_impossible`, `birth_date_future`, `birth_date_too_old`, `birth_date_hijri`).
    """
    year, month, day = _find_parts(_plain(text)) or (0, 0, 0)
    if not year:
        raise BirthDateRefused.of("birth_date_unreadable")
    if year in _HIJRI_YEARS:
        raise BirthDateRefused.of("birth_date_hijri")
    try:
        born = date(year, month, day)
    except ValueError:
        raise BirthDateRefused.of("birth_date_impossible") from None
    return checked(born, today=today)


def checked(born: date, *, today: date) -> date:
    """Return `born` when a person alive `today` may have been born then.

    Raises BirthDateRefused (`birth_date_future`, `birth_date_too_old`).
    """
    if born > today:
        raise BirthDateRefused.of("birth_date_future")
    if age_on(today, born=born) > OLDEST:
        raise BirthDateRefused.of("birth_date_too_old")
    return born


def birth_year(born: date) -> int:
    """Return the year of birth: the coarse fact kept apart from the sealed date."""
    return born.year


def age_on(day: date, *, born: date) -> int:
    """Return the age on `day` in completed years.

    Who was born on 29 February ages on 1 March in common years. Raises ValueError for a day before the birth.
    """
    if day < born:
        raise ValueError("no age before birth")
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _plain(text: str) -> str:
    visible = "".join(c for c in to_western(text) if unicodedata.category(c) != "Cf")
    return " ".join(visible.translate(_SEPARATORS).split())


def _find_parts(plain: str) -> tuple[int, int, int] | None:
    if match := _YEAR_FIRST.fullmatch(plain):
        year, _, month, day = match.groups()
        return int(year), int(month), int(day)
    if match := _DAY_FIRST.fullmatch(plain):
        day, _, month, year = match.groups()
        return int(year), int(month), int(day)
    if match := _NAMED.fullmatch(plain):
        day, name, year = match.groups()
    elif match := _NAMED_FIRST.fullmatch(plain):
        name, day, year = match.groups()
    else:
        return None
    month_number = _MONTHS.get(_folded(name))
    return (int(year), month_number, int(day)) if month_number else None


def _folded(name: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    return " ".join(bare.casefold().strip(" .-/").split())


def _months() -> dict[str, int]:
    names: dict[str, int] = {"sept": 9}
    for locale in _LOCALES:
        for width in ("wide", "abbreviated"):
            for number, name in Locale.parse(locale).months["format"][width].items():
                names[_folded(name)] = number
    return names


_MONTHS = _months()
