"""Goods and sizes as people name them in Arabic and English, and the codes they are counted under."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from amana.kernel.text import Bilingual
from amana.surveys.reading import words

FILE: Final = Path(__file__).parent / "products.txt"
# A garment's size, from small to large, and how people say it. Letters alone count only as words of their own.
_LETTERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "xxs": r"xxs|2xs",
        "xs": r"xs|x small|extra small|اكس سمول|اكسترا سمول",
        "s": r"small|سمول",
        "m": r"medium|ميديوم|ميديم",
        "l": r"large|لارج",
        "xl": r"xl|x large|extra large|اكس لارج|اكسترا لارج|اكس ال",
        "xxl": r"xxl|2xl|double xl|دبل اكس لارج|دبل اكس|تو اكس|2 اكس",
        "3xl": r"xxxl|3xl|3 xl|ثلاثه اكس|ثري اكس|3 اكس",
        "4xl": r"xxxxl|4xl|4 xl|اربعه اكس|4 اكس",
        "5xl": r"5xl|5 xl|6xl|خمسه اكس|5 اكس",
    }
)
_SAID: Final = re.compile(
    r"(?<!\w)(?:"
    + "|".join(f"(?P<z{code}>{said})" for code, said in reversed(tuple(_LETTERS.items())))
    + r")(?!\w)"
)
_OF: Final = r"(?:size|sizes|sz|eu|مقاس|مقاسات|المقاس|قياس|نمره|رقم)"
_SIZED: Final = re.compile(rf"(?<!\w){_OF}(?!\w)")
_NUMBER: Final = re.compile(rf"(?<!\w){_OF}\s*(?P<number>\d\d(?:\.5)?)(?![\w.])")
_LETTER: Final = re.compile(rf"(?<!\w)(?:{_OF}\s*([sml])(?!\w)|([sml])\s*size)(?!\w)")
_ALONE: Final = re.compile(r"(?<!\w)([sml])(?!\w)")
_YEARS: Final = re.compile(
    r"(?<!\w)(?P<age>age|ages|aged|عمر|لعمر)?\s*(?P<first>\d\d?)\s*(?:(?:-|to|–|الي|ل)\s*(?P<last>\d\d?)\s*)?"
    r"(?P<unit>years?|yrs?|سنوات|سنين|سنه|months?|شهور|اشهر|شهر)(?!\w)"
)
# Sizes that are ordinary words, too.
_WORDS: Final = frozenset("sml")
_AGES: Final = {"years": (1, 16), "months": (0, 24)}
_MOST_WORDS: Final = 3
_NUMBERS: Final = (16, 60)


@dataclass(frozen=True, slots=True)
class Product:
    """One kind of goods: its code and what it is called."""

    code: str
    name: Bilingual


@dataclass(frozen=True, slots=True)
class Named:
    """What a text names: codes of products and of sizes, each once, in their order."""

    products: tuple[str, ...]
    sizes: tuple[str, ...]


@lru_cache(maxsize=1)
def products() -> Mapping[str, Product]:
    """Return every product by its code."""
    return MappingProxyType({code: Product(code, Bilingual(ar=ar, en=en)) for code, en, ar, _ in _lines()})


def named(text: str, *, sizes: bool = False) -> Named:
    """Return the products and sizes that a text names; "small" is one only beside that word, or where `sizes` is."""
    plain = words.plain(text)
    asked = sizes or bool(_SIZED.search(plain))
    return Named(tuple(dict.fromkeys(_products(text))), tuple(dict.fromkeys(_sizes(plain, asked))))


def size_name(code: str) -> Bilingual:
    """Return what a size is called: letters and numbers as they are, ages in words."""
    if code.startswith(("y", "m")) and code[1:]:
        number = code[1:]
        unit = Bilingual(ar="سنوات", en="years") if code[0] == "y" else Bilingual(ar="أشهر", en="months")
        return Bilingual(ar=f"{number} {unit.ar}", en=f"{number} {unit.en}")
    return Bilingual(ar=code.removeprefix("n").upper(), en=code.removeprefix("n").upper())


def _lines() -> Iterator[tuple[str, str, str, list[str]]]:
    for line in FILE.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            code, english, arabic, *said = (part.strip() for part in line.split("|"))
            yield code, english, arabic, [one.strip() for part in said for one in part.split(",")]


@lru_cache(maxsize=1)
def _by_stems() -> Mapping[tuple[str, ...], str]:
    known: dict[tuple[str, ...], str] = {}
    for code, _english, _arabic, said in _lines():
        for name in said:
            known.setdefault(tuple(words.stems(name)), code)
    return known


def _products(text: str) -> Iterator[str]:
    known, found = _by_stems(), words.stems(text)
    place = 0
    while place < len(found):
        for many in range(_MOST_WORDS, 0, -1):
            code = known.get(tuple(found[place : place + many]))
            if code is not None:
                yield code
                place += many
                break
        else:
            place += 1


def _sizes(plain: str, asked: bool) -> Iterator[str]:
    for said in _SAID.finditer(plain):
        code = (said.lastgroup or "z")[1:]
        if asked or code not in _WORDS:
            yield code
    for letter in (_ALONE if asked else _LETTER).finditer(plain):
        yield next(one for one in letter.groups() if one)
    for number in _NUMBER.finditer(plain):
        if _NUMBERS[0] <= float(number["number"]) <= _NUMBERS[1]:
            yield f"n{number['number']}"
    yield from _ages(plain, asked)


def _ages(plain: str, asked: bool) -> Iterator[str]:
    for age in _YEARS.finditer(plain):
        if not (asked or age["last"] or age["age"]):
            continue
        unit = "months" if age["unit"].startswith(("mo", "ش", "اش")) else "years"
        first = int(age["first"])
        if _AGES[unit][0] <= first <= _AGES[unit][1]:
            yield f"{unit[0]}{age['first']}" + (f"-{age['last']}" if age["last"] else "")
