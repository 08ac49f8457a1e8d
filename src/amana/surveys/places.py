"""Answers people choose from: cities of the shop's country, nationalities and the like. All are kept as codes."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Any, Final

from babel import Locale

from amana.kernel import arabic
from amana.kernel.text import LANGUAGES, Bilingual, Language

# A city is kept as a coarse fact, unsealed: it is chosen, never typed, so that nobody writes an address
# there.
CITIES: Final[Mapping[str, Mapping[str, Bilingual]]] = MappingProxyType(
    {
        "AE": {
            "dubai": Bilingual("دبي", "Dubai"),
            "abu_dhabi": Bilingual("أبوظبي", "Abu Dhabi"),
            "sharjah": Bilingual("الشارقة", "Sharjah"),
            "al_ain": Bilingual("العين", "Al Ain"),
            "ajman": Bilingual("عجمان", "Ajman"),
            "ras_al_khaimah": Bilingual("رأس الخيمة", "Ras Al Khaimah"),
            "fujairah": Bilingual("الفجيرة", "Fujairah"),
            "umm_al_quwain": Bilingual("أم القيوين", "Umm Al Quwain"),
        },
        "SA": {
            "riyadh": Bilingual("الرياض", "Riyadh"),
            "jeddah": Bilingual("جدة", "Jeddah"),
            "makkah": Bilingual("مكة المكرمة", "Makkah"),
            "madinah": Bilingual("المدينة المنورة", "Madinah"),
            "dammam": Bilingual("الدمام", "Dammam"),
            "khobar": Bilingual("الخبر", "Al Khobar"),
            "al_ahsa": Bilingual("الأحساء", "Al Ahsa"),
            "al_kharj": Bilingual("الخرج", "Al Kharj"),
            "taif": Bilingual("الطائف", "Taif"),
            "buraydah": Bilingual("بريدة", "Buraydah"),
            "tabuk": Bilingual("تبوك", "Tabuk"),
            "abha": Bilingual("أبها", "Abha"),
            "khamis_mushait": Bilingual("خميس مشيط", "Khamis Mushait"),
            "hail": Bilingual("حائل", "Hail"),
            "jazan": Bilingual("جازان", "Jazan"),
            "najran": Bilingual("نجران", "Najran"),
            "jubail": Bilingual("الجبيل", "Jubail"),
            "yanbu": Bilingual("ينبع", "Yanbu"),
        },
        "KW": {
            "kuwait_city": Bilingual("مدينة الكويت", "Kuwait City"),
            "hawalli": Bilingual("حولي", "Hawalli"),
            "salmiya": Bilingual("السالمية", "Salmiya"),
            "farwaniya": Bilingual("الفروانية", "Farwaniya"),
            "jahra": Bilingual("الجهراء", "Jahra"),
            "ahmadi": Bilingual("الأحمدي", "Ahmadi"),
        },
        "BH": {
            "manama": Bilingual("المنامة", "Manama"),
            "muharraq": Bilingual("المحرق", "Muharraq"),
            "riffa": Bilingual("الرفاع", "Riffa"),
        },
        "OM": {
            "muscat": Bilingual("مسقط", "Muscat"),
            "salalah": Bilingual("صلالة", "Salalah"),
            "sohar": Bilingual("صحار", "Sohar"),
            "nizwa": Bilingual("نزوى", "Nizwa"),
        },
        "QA": {
            "doha": Bilingual("الدوحة", "Doha"),
            "al_rayyan": Bilingual("الريان", "Al Rayyan"),
            "al_wakrah": Bilingual("الوكرة", "Al Wakrah"),
        },
    }
)
GENDERS: Final[Mapping[str, Bilingual]] = MappingProxyType(
    {"female": Bilingual("أنثى", "Female"), "male": Bilingual("ذكر", "Male")}
)
OTHER: Final = ("other", Bilingual("مدينة أخرى", "Another city"))
GULF: Final = ("AE", "SA", "KW", "BH", "OM", "QA")
# What each country calls a mobile number.
MOBILE: Final[Mapping[str, Bilingual]] = MappingProxyType(
    {
        "AE": Bilingual("رقم الهاتف المتحرك", "Mobile number"),
        "KW": Bilingual("رقم النقال", "Mobile number"),
        "OM": Bilingual("رقم النقال", "Mobile number"),
    }
)
MOBILE_ELSEWHERE: Final = Bilingual("رقم الجوال", "Mobile number")

Choices = list[tuple[str, str]]
Listed = Mapping[str, Sequence[Mapping[str, Any]]]


@lru_cache(maxsize=64)
def listed(country: str) -> Listed:
    """Return by category of the policy what is chosen of it in a country, as forms carry it; it is read only.

    Where the languages list them in different orders, `order` is the place of each in either.
    """
    return {
        "gender": _in_both(genders),
        "nationality": _in_both(partial(nationalities, first=country)),
        "city": _in_both(partial(cities, country)),
        "language": _in_both(languages),
    }


def genders(language: Language) -> Choices:
    """Return the genders to choose from."""
    return [(code, name.in_(language)) for code, name in GENDERS.items()]


def languages(language: Language) -> Choices:
    """Return the languages we speak."""
    return [(code, Locale(language).languages[code]) for code in LANGUAGES]


def cities(country: str, language: Language) -> Choices:
    """Return the cities of a country to choose from, with another one at the end."""
    found = [(code, name.in_(language)) for code, name in CITIES.get(country, {}).items()]
    return [*found, (OTHER[0], OTHER[1].in_(language))]


def nationalities(language: Language, *, first: str) -> Choices:
    """Return the countries of the world: `first` at the top, then the Gulf, then the others by name."""
    names = Locale(language).territories
    top = dict.fromkeys((first, *GULF))
    known = [str(code) for code in names]
    codes = [code for code in known if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES]
    others = sorted((code for code in codes if code not in top), key=lambda code: _sorted_by(names[code]))
    return [(code, names[code]) for code in (*top, *others)]


def mobile_label(country: str, language: Language) -> str:
    """Return what a mobile number is called in a country."""
    return MOBILE.get(country, MOBILE_ELSEWHERE).in_(language)


def _in_both(choices: Callable[[Language], Choices]) -> list[dict[str, Any]]:
    said = {language: dict(choices(language)) for language in LANGUAGES}
    orders = {language: list(said[language]) for language in LANGUAGES}
    alike = orders["ar"] == orders["en"]
    return [
        {"name": code, "label": {language: said[language][code] for language in LANGUAGES}}
        | ({} if alike else {"order": {language: orders[language].index(code) for language in LANGUAGES}})
        for code in orders["ar"]
    ]


def _sorted_by(name: str) -> str:
    return arabic.normalise(name)


# Territories of CLDR that nobody is a national of: unions, outlying islands, placeholders.
_NO_COUNTRIES: Final = {
    *("EU", "EZ", "UN", "ZZ", "XA", "XB", "QO", "AC", "CP", "CQ", "DG", "EA", "IC"),
    *("TA", "AQ", "BV", "HM", "GS", "IO", "TF", "UM", "CC", "CX", "NF", "SJ"),
}
