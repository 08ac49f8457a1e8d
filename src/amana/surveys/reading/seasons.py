"""The seasons shops buy for: those of the Hijri year first, then sales and school, then the weather."""

from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from hijridate import Gregorian

from amana.kernel.text import Bilingual

# In the order they come in a list. Days follow Umm al-Qura, which announcements by sighting may differ from by a day.
SEASONS: Final[dict[str, Bilingual]] = {
    "ramadan": Bilingual(ar="رمضان", en="Ramadan"),
    "eid_fitr": Bilingual(ar="عيد الفطر", en="Eid al-Fitr"),
    "hajj": Bilingual(ar="موسم الحج", en="Hajj season"),
    "eid_adha": Bilingual(ar="عيد الأضحى", en="Eid al-Adha"),
    "school": Bilingual(ar="العودة إلى المدارس", en="Back to school"),
    "november": Bilingual(ar="تخفيضات نوفمبر", en="November sales"),
    "winter": Bilingual(ar="الشتاء", en="Winter"),
    "spring": Bilingual(ar="الربيع", en="Spring"),
    "summer": Bilingual(ar="الصيف", en="Summer"),
    "autumn": Bilingual(ar="الخريف", en="Autumn"),
}
_FIRST, _LAST = date(1924, 8, 1), date(2077, 11, 16)
_RAMADAN, _SHAWWAL, _HAJJ = 9, 10, 12
# Month and day, both ends within.
_SCHOOL: Final = ((8, 10), (9, 10))
_NOVEMBER: Final = ((11, 15), (11, 30))
_WEATHER: Final = (
    "winter", "winter", "spring", "spring", "spring", "summer", "summer", "summer", "autumn", "autumn", "autumn",
    "winter",
)  # fmt: skip


@lru_cache(maxsize=4096)
def season(day: date) -> str:
    """Return the code of a day's season: Hijri ones win over school and sales, those over the weather."""
    return _hijri(day) or _civil(day) or _WEATHER[day.month - 1]


def _hijri(day: date) -> str | None:
    if not _FIRST <= day <= _LAST - timedelta(days=1):
        return None
    hijri = Gregorian.fromdate(day).to_hijri()
    if hijri.month == _RAMADAN:
        return "ramadan"
    if hijri.month == _SHAWWAL and hijri.day <= 4:
        return "eid_fitr"
    if hijri.month == _HAJJ and hijri.day <= 13:
        return "eid_adha" if hijri.day >= 9 else "hajj"
    return None


def _civil(day: date) -> str | None:
    place = (day.month, day.day)
    if _SCHOOL[0] <= place <= _SCHOOL[1]:
        return "school"
    return "november" if _NOVEMBER[0] <= place <= _NOVEMBER[1] else None
