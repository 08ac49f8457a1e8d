"""What an answer is as a number, a text, a truth: the conversions of XPath 1.0 (section 4), for answers of a survey."""

import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final, TypeAlias

from amana.surveys.taken import Answer

Value: TypeAlias = Answer
_NUMBER: Final = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
# The digits a phone types in the Gulf; other scripts' are letters here, as they are in the browser's evaluator.
_WESTERN: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
# What XPath calls white space; another blank is a character.
_SPACE: Final = " \t\r\n"
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Beyond this text no number was meant.
_LONGEST: Final = 40


def as_number(value: Value) -> float:
    """Return a value as a number, whatever digits it was typed in; NaN where it is none."""
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, int | float):
        return _float(value)
    if isinstance(value, str):
        plain = value.strip(_SPACE).translate(_WESTERN)
        if len(plain) <= _LONGEST and _NUMBER.fullmatch(plain):
            return float(plain)
    return math.nan


def _float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def as_text(value: Value) -> str:
    """Return a value as text; several choices with blanks between them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return " ".join(value)
    if isinstance(value, Mapping):
        return ""
    return written(_float(value))


def written(number: float) -> str:
    """Return a number as XPath writes it: no exponent, no needless decimal point."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == 0:
        return "0"
    plain = format(Decimal(repr(number)), "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def as_truth(value: Value) -> bool:
    """Return whether a value counts as true."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        number = _float(value)
        return number != 0 and not math.isnan(number)
    return len(value) > 0


def is_date(value: Value) -> bool:
    """Tell whether a value is a date as ISO 8601 writes one."""
    return isinstance(value, str) and _DATE.fullmatch(value) is not None
