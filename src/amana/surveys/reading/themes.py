"""What words in a shop's survey are about: the themes and their names, and the sentences they are learnt from.

The sentences in `corpus/` were written for this purpose; no customer ever wrote them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from amana.kernel.text import Bilingual, Language

Sentiment = Literal[-1, 0, 1]

CORPUS: Final = Path(__file__).parent / "corpus"
OTHER: Final = "other"
# In the order they stand in lists of equal size. The last is what no theme was found in with enough confidence.
THEMES: Final[dict[str, Bilingual]] = {
    "staff": Bilingual(ar="الموظفون والتعامل", en="Staff and service"),
    "waiting": Bilingual(ar="الانتظار والمحاسبة", en="Waiting and checkout"),
    "prices": Bilingual(ar="الأسعار", en="Prices"),
    "offers": Bilingual(ar="العروض والتخفيضات", en="Offers and sales"),
    "quality": Bilingual(ar="الجودة والخامات", en="Quality and materials"),
    "sizes": Bilingual(ar="المقاسات", en="Sizes and fit"),
    "choice": Bilingual(ar="التشكيلة والتوفر", en="Choice and stock"),
    "layout": Bilingual(ar="الترتيب واللوحات", en="Order and signs"),
    "cleanliness": Bilingual(ar="النظافة", en="Cleanliness"),
    "fitting_rooms": Bilingual(ar="غرف القياس", en="Fitting rooms"),
    "atmosphere": Bilingual(ar="الأجواء والموسيقى والتكييف", en="Music, air and atmosphere"),
    "parking": Bilingual(ar="الموقع والمواقف والدوام", en="Location, parking and hours"),
    "children": Bilingual(ar="الأطفال والعائلات", en="Children and families"),
    "returns": Bilingual(ar="الاستبدال والاسترجاع", en="Exchange and refund"),
    "payment": Bilingual(ar="الدفع والفاتورة", en="Payment and receipt"),
    "online": Bilingual(ar="الموقع الإلكتروني والتطبيق", en="Website and app"),
    "delivery": Bilingual(ar="التوصيل", en="Delivery"),
    "loyalty": Bilingual(ar="النقاط وبرنامج الولاء", en="Points and loyalty"),
    OTHER: Bilingual(ar="غير ذلك", en="Something else"),
}
LEARNT: Final = tuple(theme for theme in THEMES if theme != OTHER)
_SIGNS: Final[dict[str, Sentiment]] = {"+": 1, "=": 0, "-": -1}
# Headings whose sentences name their themes themselves.
_APART: Final = frozenset({"mixed", "single", OTHER})


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with what it is about, and how whoever wrote it felt."""

    text: str
    themes: frozenset[str]
    sentiment: Sentiment


@lru_cache(maxsize=4)
def corpus(language: Language) -> tuple[Sentence, ...]:
    """Return the sentences of one language that themes are learnt from."""
    return tuple(sentences((CORPUS / f"{language}.txt").read_text("utf-8")))


def sentences(text: str) -> Iterator[Sentence]:
    """Read sentences: `# theme` heads those about it, each begins with + = or -, more themes follow a bar.

    Raises ValueError for a line that is none of these, or a theme that there is not.
    """
    heading = ""
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("#"):
            heading = line[1:].strip()
            continue
        if line[0] not in _SIGNS:
            raise ValueError(f"a sentence begins with + = or -: {line!r}")
        written, _, more = line[1:].partition("|")
        themes = frozenset(more.split()) | (frozenset() if heading in _APART else {heading})
        if not themes <= frozenset(LEARNT):
            raise ValueError(f"an unknown theme: {line!r}")
        yield Sentence(written.strip(), themes, _SIGNS[line[0]])
