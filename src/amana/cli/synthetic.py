"""Shoppers who do not exist, for the demo: the same ones every time, by a fixed seed.

Their addresses are under `.example`, which never exists (RFC 2606, section 3). No country keeps mobile numbers
for fiction; theirs are well formed, and lie where subscriber numbers begin with zero, which none does.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from amana.kernel.text import Bilingual, Language
from amana.surveys.places import CITIES

SEED: Final = 20261122
BORN_BEFORE: Final = date(2026, 11, 22)
CONFIRMING: Final = 0.7
ARABIC_READERS: Final = 0.6

_WOMEN: Final = tuple(
    Bilingual(*pair.split("|"))
    for pair in (
        "نورة|Noura",
        "فاطمة|Fatima",
        "مريم|Maryam",
        "ريم|Reem",
        "هند|Hind",
        "عائشة|Aisha",
        "لطيفة|Latifa",
        "شيخة|Sheikha",
        "دانة|Dana",
        "سارة|Sara",
        "منيرة|Munira",
        "جواهر|Jawaher",
        "لمى|Lama",
        "غادة|Ghada",
        "بدرية|Badriya",
        "هيا|Haya",
        "العنود|Alanoud",
        "وضحى|Wadha",
        "أمل|Amal",
        "شهد|Shahad",
    )
)
_MEN: Final = tuple(
    Bilingual(*pair.split("|"))
    for pair in (
        "محمد|Mohammed",
        "عبدالله|Abdullah",
        "خالد|Khalid",
        "سلطان|Sultan",
        "فيصل|Faisal",
        "سعود|Saud",
        "راشد|Rashid",
        "حمد|Hamad",
        "يوسف|Yousef",
        "ماجد|Majid",
        "تركي|Turki",
        "عمر|Omar",
        "ناصر|Nasser",
        "بندر|Bandar",
        "سالم|Salem",
        "عبدالعزيز|Abdulaziz",
        "مبارك|Mubarak",
        "زايد|Zayed",
        "طلال|Talal",
        "أحمد|Ahmed",
    )
)
_FAMILIES: Final = tuple(
    Bilingual(*pair.split("|"))
    for pair in (
        "العتيبي|Al Otaibi",
        "القحطاني|Al Qahtani",
        "الشامسي|Al Shamsi",
        "المنصوري|Al Mansoori",
        "الدوسري|Al Dossari",
        "الكعبي|Al Kaabi",
        "الزهراني|Al Zahrani",
        "المطيري|Al Mutairi",
        "البلوشي|Al Balushi",
        "الحربي|Al Harbi",
        "النعيمي|Al Nuaimi",
        "الغامدي|Al Ghamdi",
        "المزروعي|Al Mazrouei",
        "الشهري|Al Shehri",
        "السويدي|Al Suwaidi",
        "الرشيدي|Al Rashidi",
        "الهاجري|Al Hajri",
        "السبيعي|Al Subaie",
    )
)
_ELSEWHERE: Final = (
    ("Priya", "Nair", "female", "IN"),
    ("Arjun", "Menon", "male", "IN"),
    ("Maria", "Santos", "female", "PH"),
    ("Jose", "Reyes", "male", "PH"),
    ("Hina", "Qureshi", "female", "PK"),
    ("Bilal", "Siddiqui", "male", "PK"),
    ("Emma", "Clarke", "female", "GB"),
    ("Nimal", "Perera", "male", "LK"),
    ("Sadia", "Rahman", "female", "BD"),
    ("Daniel", "Weber", "male", "DE"),
)
_NEIGHBOURS: Final = ("EG", "JO", "SY", "LB", "OM", "KW", "BH", "SD", "YE")
_DOMAINS: Final = ("bareed.example", "mail.example", "post.example", "majlis.example")
_PREFIXES: Final = {
    "AE": ("+971500", "+971520", "+971540", "+971560"),
    "SA": ("+966500", "+966530", "+966550"),
}
_OPINIONS: Final = tuple(
    Bilingual(*pair.split("|"))
    for pair in (
        "الموظفات متعاونات، وقياس الملابس واسع قليلًا.|The staff were helpful; the sizes run a little large.",
        "الطابور عند الصندوق طويل في المساء.|The queue at the till is long in the evening.",
        "أعجبتني تشكيلة العبايات الجديدة.|I liked the new abaya collection.",
        "لم أجد مقاسي في أحذية الأطفال.|I could not find my size in children's shoes.",
        "الأسعار مناسبة والمحل نظيف.|Fair prices and a clean shop.",
        "غرف القياس قليلة في عطلة نهاية الأسبوع.|Too few fitting rooms at the weekend.",
    )
)
# How likely each consent is ticked; whatever else the policy asks, one in four does.
_CHANCES: Final = {
    ("marketing", "email"): 0.62,
    ("marketing", "sms"): 0.22,
    ("marketing", "whatsapp"): 0.34,
    ("marketing", "push"): 0.08,
    ("content", None): 0.35,
    ("product_fit", None): 0.4,
}
_OTHERWISE: Final = 0.25


@dataclass(frozen=True, slots=True)
class Shopper:
    """Somebody made up: what they write in a survey, and whether they confirm their address."""

    number: int
    language: Language
    values: dict[str, str]
    confirms: bool

    def ticks(self, purpose: str, channel: str | None) -> bool:
        """Tell whether they tick this consent; the same every time they are asked."""
        chance = _CHANCES.get((purpose, channel), _OTHERWISE)
        return random.Random(f"{SEED} {self.number} {purpose} {channel}").random() < chance


def shopper(number: int, *, country: str) -> Shopper:
    """Return the shopper of a number, in a shop of `country` (AE or SA)."""
    dice = random.Random(f"{SEED} {number}")
    language: Language = "ar" if dice.random() < ARABIC_READERS else "en"
    first, family, gender, nationality = _somebody(dice, country)
    values = {
        "name": f"{first.in_(language)} {family.in_(language)}",
        "email": f"{_local(first.en, family.en)}.{number}@{dice.choice(_DOMAINS)}",
        "mobile": f"{dice.choice(_PREFIXES[country])}{number % 1_000_000:06}",
        "birth_date": (BORN_BEFORE - timedelta(days=dice.randint(16 * 365, 70 * 365))).isoformat(),
        "gender": gender,
        "nationality": nationality,
        "city": dice.choice(list(CITIES[country])),
    }
    if dice.random() < 0.3:
        values["opinion"] = dice.choice(_OPINIONS).in_(language)
    return Shopper(number, language, _some_of(values, dice), dice.random() < CONFIRMING)


def _somebody(dice: random.Random, country: str) -> tuple[Bilingual, Bilingual, str, str]:
    if dice.random() < 0.2:
        first, family, gender, nationality = dice.choice(_ELSEWHERE)
        return Bilingual(first, first), Bilingual(family, family), gender, nationality
    gender = "female" if dice.random() < 0.64 else "male"
    nationality = country if dice.random() < 0.7 else dice.choice(_NEIGHBOURS)
    return dice.choice(_WOMEN if gender == "female" else _MEN), dice.choice(_FAMILIES), gender, nationality


def _some_of(values: dict[str, str], dice: random.Random) -> dict[str, str]:
    """Leave out what people leave out. The name and the e-mail address stay."""
    left_out: Sequence[str] = [n for n in ("mobile", "birth_date", "city") if dice.random() < 0.12]
    return {name: value for name, value in values.items() if name not in left_out}


def _local(first: str, family: str) -> str:
    return f"{first}.{family}".lower().replace(" ", "")
