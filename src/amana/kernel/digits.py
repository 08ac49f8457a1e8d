"""Read digits in any script; write them as the reader's country does."""

import unicodedata
from decimal import Decimal
from typing import Literal, TypeAlias

from babel import Locale
from babel.numbers import format_decimal

from amana.kernel.text import Language

Digits: TypeAlias = Literal["arab", "latn"]

# CLDR has latn for the Emirates and for the Maghreb, and arab for Saudi Arabia and the rest of the Gulf; the
# kernel names the Gulf countries itself, so that an update of CLDR does not change what customers read.
_ARABIC_INDIC = frozenset({"SA", "KW", "BH", "OM", "QA"})
_TO_ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_LOCALES: dict[Language, Locale] = {"ar": Locale("ar"), "en": Locale("en")}


def to_western(text: str) -> str:
    """Replace every decimal digit of any script (Arabic-Indic, Persian, …) by 0–9; leave the rest."""
    if text.isascii():
        return text
    return "".join(_western(character) for character in text)


def to_arabic_indic(text: str) -> str:
    """Replace 0–9 by ٠–٩; leave the rest."""
    return text.translate(_TO_ARABIC_INDIC)


def digits_for(country: str, language: Language = "ar") -> Digits:
    """Return the digits people read in `country` (ISO 3166-1 alpha-2).

    Arabic-Indic in Saudi Arabia, Western in the Emirates; Western everywhere in English.
    """
    return "arab" if language == "ar" and country.upper() in _ARABIC_INDIC else "latn"


def localise(text: str, *, country: str, language: Language) -> str:
    """Write the digits of a finished text as the reader's country does.

    Not for phones, prices, codes and order numbers, which stay Western.
    """
    return to_arabic_indic(text) if digits_for(country, language) == "arab" else text


def format_number(number: int | Decimal, *, country: str, language: Language) -> str:
    """Write a number with its grouping and decimal separators (٬ and ٫ beside Arabic-Indic digits), by CLDR.

    Never rounds; zeros at the end of a Decimal go.
    """
    written = format_decimal(
        number,
        locale=_LOCALES[language],
        decimal_quantization=False,
        numbering_system=digits_for(country, language),
    )
    return localise(written, country=country, language=language)


def _western(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)
