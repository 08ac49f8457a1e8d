"""Words as they are compared here: without case, vowel signs and the endings by which one word has many forms."""

import re
from typing import Final

from amana.kernel import arabic

_WORD: Final = re.compile(r"[a-z0-9]+|[\u0621-\u064a]+")
_ARABIC: Final = re.compile(r"[\u0621-\u064a]")
# A letter written three times and more to say it loudly: "soooo", "جدااااا".
_DRAWN_OUT: Final = re.compile(r"([^\W\d])\1{2,}")
# Longest first. Three letters must remain.
_BEFORE: Final = ("وبال", "فبال", "وال", "بال", "كال", "فال", "لل", "ال")
_AFTER: Final = ("هم", "كم", "ها", "نا", "ات", "ين", "ون", "يه", "ه")
_LEAST: Final = 3


def plain(text: str) -> str:
    """Return a text in the form that is compared: one spelling, no shouting."""
    return _DRAWN_OUT.sub(r"\1", arabic.normalise(text))


def split(text: str) -> list[str]:
    """Return the words of a text in their order, each in the form that is compared."""
    return _WORD.findall(plain(text))


def stem(word: str) -> str:
    """Return a word without article and plural, so that `shirts` is `shirt` and `والقمصان` is `قمصان`."""
    return _arabic(word) if _ARABIC.match(word) else _english(word)


def stems(text: str) -> list[str]:
    """Return the stems of a text's words in their order."""
    return [stem(word) for word in split(text)]


def _arabic(word: str) -> str:
    for before in _BEFORE:
        if word.startswith(before) and len(word) - len(before) >= _LEAST:
            word = word[len(before) :]
            break
    for after in _AFTER:
        if word.endswith(after) and len(word) - len(after) >= _LEAST:
            return word[: -len(after)]
    return word


def _english(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith("ss") and len(word) > _LEAST:
        return word[:-1]
    return word
